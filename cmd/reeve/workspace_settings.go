package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/message"
	"reeve/core/workspace"
)

func (c *cli) workspaceSettings() *cobra.Command {
	return c.group("settings", c.p.Text("cli.group.settings"), c.settingsGet(), c.settingsSet())
}

// settingsRecord has every setting under its key, and whether clusters are managed in the workspace.
func settingsRecord(w workspace.Workspace) record {
	r := record{{"workspace", w.Name}, {"region", w.Region}, {"mode", string(w.Mode)}, {"status", string(w.Status)}}
	for _, s := range workspace.AllSettings() {
		r = append(r, field{s.Key, s.Value(w)})
	}
	return append(r, field{"cluster_management", !w.NewDataStudio}, field{"version", w.Version})
}

func settingsSample() record {
	return settingsRecord(workspace.Workspace{Settings: workspace.Settings{SandboxAllowlist: []string{}}})
}

// settingsLines shows settings by section, each with what it does.
func (c *cli) settingsLines(w workspace.Workspace, only []string) []string {
	var lines []string
	var section workspace.Section
	var grid [][]string
	flush := func() {
		for _, line := range align(grid) {
			lines = append(lines, "  "+line)
		}
		grid = nil
	}
	for _, s := range workspace.AllSettings() {
		if len(only) > 0 && !contains(only, s.Key) {
			continue
		}
		if s.Section != section {
			flush()
			if len(lines) > 0 {
				lines = append(lines, "")
			}
			section = s.Section
			lines = append(lines, c.p.Text("setting.section."+string(section)))
		}
		about := c.p.Text("setting." + s.Key + ".about")
		if s.OneWay {
			about += " (" + c.p.Text("setting.one_way") + ")"
		}
		grid = append(grid, []string{s.Key, cell(s.Text(w)), about})
	}
	flush()
	return lines
}

func contains(list []string, word string) bool {
	for _, w := range list {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

func (c *cli) settingsGet() *cobra.Command {
	return c.act(action.WorkspaceSettings, "NAME", settingsSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.entered(ctx, s, args[0])
		if err != nil {
			return answer{}, err
		}
		w, err := s.workspaces.Settings(ctx, ref)
		return answer{value: settingsRecord(w), lines: c.settingsLines(w, nil)}, err
	})
}

func (c *cli) settingsSet() *cobra.Command {
	var acknowledge, preview bool
	var version int64
	var cmd *cobra.Command
	cmd = c.act(action.WorkspaceSet, "NAME KEY=VALUE…", settingsSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.ref(s, args[0])
		if err != nil {
			return answer{}, err
		}
		in := workspace.SettingsUpdate{Irreversible: acknowledge || c.flags.yes || preview, Version: version}
		for _, word := range args[1:] {
			key, value, ok := strings.Cut(word, "=")
			if !ok || key == "" {
				return answer{}, c.usage(cmd, message.Text{ID: "cli.workspace.settings.form", Args: message.Args{"Word": word}})
			}
			in.Values = append(in.Values, workspace.SettingValue{Key: key, Value: value})
		}
		if preview {
			o, err := s.workspaces.PreviewSet(ctx, ref, in)
			return c.effect(o, ref, err)
		}
		w, err := s.workspaces.Set(ctx, ref, in)
		return answer{value: settingsRecord(w), note: message.Text{ID: "cli.workspace.settings.set", Args: message.Args{"Name": w.Name, "Region": w.Region}}}, err
	})
	cmd.Flags().BoolVar(&acknowledge, "acknowledge", false, c.p.Text("cli.workspace.settings.acknowledge"))
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	cmd.Flags().Int64Var(&version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}
