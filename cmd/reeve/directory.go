package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/directory"
	"reeve/core/message"
)

func (c *cli) directoryCommands() *cobra.Command {
	return c.group("directory", c.p.Text("cli.group.directory"), c.directorySync(), c.directoryTest(),
		c.group("source", c.p.Text("cli.group.directory.source"), c.directorySourceAdd(), c.directorySourceList(), c.directorySourceShow(), c.directorySourceUpdate(),
			c.directorySourceRemove()))
}

func directorySourceRecord(s directory.Source) record {
	return record{
		{"id", s.ID}, {"name", s.Name}, {"preset", string(s.Preset)}, {"url", s.URL}, {"start_tls", s.StartTLS}, {"plaintext", s.Plaintext},
		{"ca_file", s.CAFile}, {"bind_dn", s.BindDN}, {"password_from", s.PasswordFrom}, {"base", s.Base}, {"user_filter", s.UserFilter},
		{"read_groups", s.Settings.Groups}, {"group_base", s.GroupBase}, {"group_filter", s.GroupFilter}, {"attributes", mapping{
			{"id", s.Attributes.ID}, {"name", s.Attributes.Name}, {"display_name", s.Attributes.DisplayName}, {"email", s.Attributes.Email},
			{"phone", s.Attributes.Phone}, {"group_name", s.Attributes.GroupName}}},
		{"share", s.Share}, {"vanished_may_act", s.VanishedMayAct}, {"users", s.Users}, {"user_groups", s.UserGroup}, {"vanished", s.Vanished},
		{"synced_at", s.SyncedAt}, {"created_at", s.CreatedAt}, {"created_by", s.CreatedBy}, {"version", s.Version},
	}
}

func directorySourceSample() record { return directorySourceRecord(directory.Source{}) }

func (c *cli) directorySourceAdd() *cobra.Command {
	in := directory.NewSource{}
	given := &ldapFlags{}
	cmd := c.act(action.DirectoryAdd, "NAME", directorySourceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		in.Name = args[0]
		in.Settings, in.VanishedMayAct = given.settings, given.vanishedMayAct
		in.Preset = directory.Preset(given.preset)
		in.Named = given.attributes
		made, err := s.directories.Add(ctx, in)
		return answer{value: directorySourceRecord(made), note: message.Text{ID: "cli.directory.added", Args: message.Args{"Name": made.Name}}}, err
	})
	given.on(c, cmd)
	c.need(cmd, "url", "URL")
	c.need(cmd, "base", "DN")
	return cmd
}

// ldapFlags are the settings of a source as flags.
type ldapFlags struct {
	settings       directory.Settings
	preset         string
	attributes     []string
	vanishedMayAct bool
}

func (f *ldapFlags) on(c *cli, cmd *cobra.Command) {
	text := func(to *string, name, value string) {
		cmd.Flags().StringVar(to, name, value, c.p.Text("cli.directory."+strings.ReplaceAll(name, "-", "_")))
	}
	in := &f.settings
	text(&f.preset, "preset", string(directory.OpenLDAP))
	text(&in.URL, "url", "")
	text(&in.CAFile, "ca-file", "")
	text(&in.BindDN, "bind-dn", "")
	text(&in.PasswordFrom, "password-from", "")
	text(&in.Base, "base", "")
	text(&in.UserFilter, "user-filter", "")
	text(&in.GroupBase, "group-base", "")
	text(&in.GroupFilter, "group-filter", "")
	cmd.Flags().BoolVar(&in.StartTLS, "starttls", false, c.p.Text("cli.directory.starttls"))
	cmd.Flags().BoolVar(&in.Plaintext, "plaintext", false, c.p.Text("cli.directory.plaintext"))
	cmd.Flags().BoolVar(&in.Groups, "groups", false, c.p.Text("cli.directory.groups"))
	cmd.Flags().StringArrayVar(&f.attributes, "attribute", nil, c.p.Text("cli.directory.attribute"))
	cmd.Flags().IntVar(&in.Share, "share", directory.DefaultShare, c.p.Text("cli.directory.share"))
	cmd.Flags().BoolVar(&f.vanishedMayAct, "vanished-may-act", false, c.p.Text("cli.directory.vanished_may_act"))
}

// changed are the settings of a source with those flags that were given.
func (f *ldapFlags) changed(cmd *cobra.Command, src directory.Source) (in directory.EditSource, given bool) {
	in = directory.EditSource{Settings: src.Settings, VanishedMayAct: src.VanishedMayAct}
	preset := string(in.Preset)
	for name, take := range map[string]func(){
		"preset": func() { preset = f.preset }, "url": func() { in.URL = f.settings.URL }, "ca-file": func() { in.CAFile = f.settings.CAFile },
		"bind-dn": func() { in.BindDN = f.settings.BindDN }, "password-from": func() { in.PasswordFrom = f.settings.PasswordFrom },
		"base": func() { in.Base = f.settings.Base }, "user-filter": func() { in.UserFilter = f.settings.UserFilter },
		"group-base": func() { in.GroupBase = f.settings.GroupBase }, "group-filter": func() { in.GroupFilter = f.settings.GroupFilter },
		"starttls": func() { in.StartTLS = f.settings.StartTLS }, "plaintext": func() { in.Plaintext = f.settings.Plaintext },
		"groups": func() { in.Groups = f.settings.Groups }, "share": func() { in.Share = f.settings.Share },
		"vanished-may-act": func() { in.VanishedMayAct = f.vanishedMayAct }, "attribute": func() { in.Named = f.attributes },
	} {
		if cmd.Flags().Changed(name) {
			given = true
			take()
		}
	}
	in.Preset = directory.Preset(preset)
	return in, given
}

func (c *cli) directorySourceUpdate() *cobra.Command {
	given := &ldapFlags{}
	var version int64
	var cmd *cobra.Command
	cmd = c.act(action.DirectoryUpdate, "NAME", directorySourceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		src, err := s.directories.Get(ctx, args[0])
		if err != nil {
			return answer{}, err
		}
		in, some := given.changed(cmd, src)
		if !some {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.directory.no_change"})
		}
		in.Version = version
		after, err := s.directories.Update(ctx, src.Name, in)
		return answer{value: directorySourceRecord(after), note: message.Text{ID: "cli.directory.updated", Args: message.Args{"Name": after.Name}}}, err
	})
	given.on(c, cmd)
	cmd.Flags().Int64Var(&version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}

func (c *cli) directorySourceList() *cobra.Command {
	return c.act(action.DirectoryList, "", []record{directorySourceSample()}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		found, err := s.directories.List(ctx)
		return answer{value: records(found, directorySourceRecord), columns: []string{"name", "preset", "url", "users", "user_groups", "vanished", "synced_at"}}, err
	})
}

func (c *cli) directorySourceShow() *cobra.Command {
	return c.act(action.DirectoryShow, "NAME", directorySourceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		found, err := s.directories.Get(ctx, args[0])
		return answer{value: directorySourceRecord(found)}, err
	})
}

func (c *cli) directorySourceRemove() *cobra.Command {
	return c.act(action.DirectoryRemove, "NAME", directorySourceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		gone, err := s.directories.Remove(ctx, args[0])
		return answer{value: directorySourceRecord(gone), note: message.Text{ID: "cli.directory.removed", Args: message.Args{"Name": gone.Name, "Count": gone.Users + gone.UserGroup}}}, err
	})
}

func (c *cli) directoryTest() *cobra.Command {
	sample := record{{"stage", ""}, {"ok", false}, {"detail", ""}, {"took_ms", 0}}
	return c.act(action.DirectoryTest, "NAME", []record{sample}, func(ctx context.Context, s *system, args []string) (answer, error) {
		stages, err := s.directories.Test(ctx, args[0])
		a := answer{value: records(stages, func(st directory.Stage) record {
			detail := st.Detail
			if st.Fault.ID != "" {
				detail = c.say(st.Fault)
			}
			return record{{"stage", st.Name}, {"ok", st.OK}, {"detail", detail}, {"took_ms", st.Took.Milliseconds()}}
		})}
		if len(stages) > 0 && !stages[len(stages)-1].OK {
			a.code = exitFailed
		}
		return a, err
	})
}

func (c *cli) directorySync() *cobra.Command {
	var in directory.Sync
	var allow string
	var dry bool
	var cmd *cobra.Command
	cmd = c.act(action.DirectorySync, "[NAME]", c.syncRecord(directory.Report{Changes: make([]directory.ChangeLine, 1), Memberships: make([]directory.GroupLine, 1),
		Faults: make([]directory.EntryFault, 1)}), func(ctx context.Context, s *system, args []string) (answer, error) {
		var err error
		if in.Source, err = c.onlySource(ctx, s, cmd, args); err != nil {
			return answer{}, err
		}
		if in.Allow, err = directory.ParseAllowed(allow); err != nil {
			return answer{}, err
		}
		do := s.directories.Sync
		if dry {
			do = s.directories.DryRun
		}
		r, err := do(ctx, in)
		if err != nil {
			return answer{}, err
		}
		return answer{value: c.syncRecord(r), lines: c.syncLines(r, dry)}, nil
	})
	cmd.Flags().BoolVar(&dry, "dry-run", false, c.p.Text("cli.sync.dry_run"))
	cmd.Flags().BoolVar(&in.Full, "full", false, c.p.Text("cli.sync.full"))
	cmd.Flags().StringVar(&allow, "allow-removals", "", c.p.Text("cli.sync.allow_removals"))
	c.ownLossFlag(cmd, &in.OwnLoss)
	return cmd
}

// onlySource is the source that is named, or the only one.
func (c *cli) onlySource(ctx context.Context, s *system, cmd *cobra.Command, args []string) (string, error) {
	if len(args) > 0 {
		return args[0], nil
	}
	found, err := s.directories.List(ctx)
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", c.usage(cmd, message.Text{ID: "cli.sync.which", Args: message.Args{"Count": len(found)}})
	}
	return found[0].Name, nil
}

func (c *cli) syncRecord(r directory.Report) record {
	n := r.Counts
	return record{
		{"source", r.Source}, {"full", r.Full}, {"braked", r.Braked}, {"counts", record{
			{"comes", n.Comes}, {"changes", n.Changes}, {"goes", n.Goes}, {"same", n.Same}, {"groups_come", n.GroupsCome}, {"groups_go", n.GroupsGo},
			{"memberships_come", n.MembersAdd}, {"memberships_go", n.MembersGone}, {"members_unknown", n.Unknown}, {"faults", n.Faults}}},
		{"comes", r.Comes}, {"changes", records(r.Changes, func(ch directory.ChangeLine) record {
			return record{{"name", ch.Name}, {"fields", records(append([]directory.FieldChange{}, ch.Fields...), func(f directory.FieldChange) record {
				return record{{"field", f.Field}, {"from", f.From}, {"to", f.To}}
			})}}
		})},
		{"goes", r.Goes}, {"groups_come", r.GroupsCome}, {"groups_go", r.GroupsGo},
		{"memberships", records(r.Memberships, func(m directory.GroupLine) record {
			return record{{"group", m.Group}, {"come", m.Add}, {"go", m.Gone}}
		})},
		{"faults", records(r.Faults, func(f directory.EntryFault) record {
			what := ""
			if f.What.ID != "" {
				what = c.say(f.What)
			}
			return record{{"entry", f.Entry}, {"what", what}}
		})},
	}
}

// reportNames bounds the names of a list that are printed for people; other programs get more.
const reportNames = 50

// syncLines tell who comes, what changes field by field, and who goes.
func (c *cli) syncLines(r directory.Report, dry bool) []string {
	id := "cli.sync.done"
	if dry {
		id = "cli.sync.would"
	}
	n := r.Counts
	lines := []string{c.p.With(id, message.Args{"Source": r.Source, "Comes": n.Comes, "Changes": n.Changes, "Goes": n.Goes, "Same": n.Same})}
	if n.GroupsCome+n.GroupsGo+n.MembersAdd+n.MembersGone > 0 {
		lines = append(lines, c.p.With("cli.sync.groups", message.Args{"Come": n.GroupsCome, "Go": n.GroupsGo, "Add": n.MembersAdd, "Remove": n.MembersGone}))
	}
	part := func(id string, count, shown int, row func(i int) []string) {
		if shown == 0 {
			return
		}
		lines = append(lines, "", c.p.With(id, message.Args{"Count": count}))
		for i := range min(shown, reportNames) {
			for _, line := range row(i) {
				lines = append(lines, "  "+line)
			}
		}
		if more := count - min(shown, reportNames); more > 0 {
			lines = append(lines, "  "+c.p.With("cli.sync.more", message.Args{"Count": more}))
		}
	}
	names := func(id string, count int, names []string) {
		part(id, count, len(names), func(i int) []string { return names[i : i+1] })
	}
	var memberships, faults []string
	for _, m := range r.Memberships {
		memberships = append(memberships, fmt.Sprintf("%s  +%d −%d", m.Group, m.Add, m.Gone))
	}
	for _, f := range r.Faults {
		faults = append(faults, f.Entry+": "+c.say(f.What))
	}
	names("cli.sync.goes", n.Goes, r.Goes)
	names("cli.sync.groups_go", n.GroupsGo, r.GroupsGo)
	names("cli.sync.comes", n.Comes, r.Comes)
	names("cli.sync.groups_come", n.GroupsCome, r.GroupsCome)
	part("cli.sync.changes", n.Changes, len(r.Changes), func(i int) []string { return c.changeLines(r.Changes[i]) })
	names("cli.sync.memberships", len(r.Memberships), memberships)
	names("cli.sync.faults", n.Faults, faults)
	if r.Braked {
		lines = append(lines, "", c.p.With("cli.sync.braked", message.Args{"Count": max(n.Goes, n.GroupsGo, n.MembersGone)}))
	}
	return lines
}

// changeLines tell what changes of one principal, a field to a line.
func (c *cli) changeLines(ch directory.ChangeLine) []string {
	var lines []string
	name := ch.Name
	for _, f := range ch.Fields {
		lines = append(lines, fmt.Sprintf("%s  %s: %s → %s", name, c.heading(f.Field), quoted(f.From), quoted(f.To)))
		name = strings.Repeat(" ", ansi.StringWidth(ch.Name))
	}
	return lines
}

// quoted is a value as it stands in a line of changes: one can see that it is empty.
func quoted(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
