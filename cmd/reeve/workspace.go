package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/core/workspace"
)

func (c *cli) workspaceCommands() *cobra.Command {
	return c.group("workspace", c.p.Text("cli.group.workspace"),
		c.workspaceList(), c.workspaceShow(), c.workspaceCreate(), c.workspaceUpdate(), c.workspaceSettings(), c.workspaceGoTo(),
		c.workspaceDisable(),
		c.workspaceStatus(action.WorkspaceEnable, (*workspace.Service).Enable, "cli.workspace.enabled"),
		c.workspaceDelete(), c.workspaceBin(), c.workspaceRestore(),
		c.workspaceStatus(action.WorkspaceSuspend, (*workspace.Service).Suspend, "cli.workspace.suspended"),
		c.workspaceStatus(action.WorkspaceResume, (*workspace.Service).Resume, "cli.workspace.resumed"),
		c.workspaceUpgrade(), c.workspaceFigures(), c.workspaceBootstrap())
}

func workspaceRecord(w workspace.Workspace) record {
	return record{
		{"id", w.ID}, {"region", w.Region}, {"name", w.Name}, {"display_name", w.DisplayName}, {"description", w.Description},
		{"mode", string(w.Mode)}, {"template", string(w.Template)}, {"status", string(w.Status)}, {"api_status", workspace.StateOf(w.Status).API},
		{"default", w.Default}, {"owner", w.Owner}, {"admins", w.Admins}, {"aliyun_resource_group_id", w.AliyunGroup},
		{"default_resource_group", w.DefaultGroup}, {"new_data_studio", w.NewDataStudio}, {"dev_role_disabled", w.DevRoleDisabled},
		{"pai_scheduling", w.PaiScheduling}, {"tags", records(w.Tags, func(t workspace.Tag) record { return record{{"key", t.Key}, {"value", t.Value}} })},
		{"members", w.Members}, {"created_at", w.CreatedAt}, {"created_by", w.CreatedBy}, {"deleted_at", w.DeletedAt},
		{"purge_at", w.PurgeAt}, {"version", w.Version},
	}
}

func workspaceSample() record {
	return workspaceRecord(workspace.Workspace{Tags: make([]workspace.Tag, 1)})
}

// ref is the workspace that a person names, with --region where the name has none.
func (c *cli) ref(s *system, name string) (control.Ref, error) { return s.place(c.flags.region, name) }

// entered is ref for what is done inside a workspace: who comes into a default workspace for the first time is made a visitor.
func (c *cli) entered(ctx context.Context, s *system, name string) (control.Ref, error) {
	ref, err := c.ref(s, name)
	if err != nil {
		return ref, err
	}
	// What cannot be entered is refused by the act itself, in words of its own.
	_, _ = s.workspaces.Enter(ctx, ref)
	return ref, nil
}

// region is --region, held against the vendor's list.
func (c *cli) region(s *system) (string, error) {
	if c.flags.region == "" {
		return "", nil
	}
	known, err := s.regions.Find(c.flags.region)
	return known.ID, err
}

func (c *cli) workspaceList() *cobra.Command {
	return c.workspaces(action.WorkspaceList, (*workspace.Service).List, []string{"region", "name", "display_name", "template", "mode", "status", "admins", "aliyun_resource_group_id", "owner", "created_at"})
}

func (c *cli) workspaceBin() *cobra.Command {
	return c.workspaces(action.WorkspaceBin, (*workspace.Service).Bin, []string{"region", "name", "display_name", "deleted_at", "purge_at"})
}

func (c *cli) workspaces(id action.ID, page func(*workspace.Service, context.Context, string, list.Query) (list.Page[workspace.Workspace], error), columns []string) *cobra.Command {
	var l listing
	cmd := c.act(id, "", []record{workspaceSample()}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		region, err := c.region(s)
		if err != nil {
			return answer{}, err
		}
		all, err := walk(l, func(q list.Query) (list.Page[workspace.Workspace], error) { return page(s.workspaces, ctx, region, q) })
		return answer{value: records(all, workspaceRecord), columns: columns}, err
	})
	c.listFlags(cmd, &l, "name", "display_name")
	return cmd
}

func (c *cli) workspaceShow() *cobra.Command {
	return c.act(action.WorkspaceShow, "NAME", workspaceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.entered(ctx, s, args[0])
		if err != nil {
			return answer{}, err
		}
		w, err := s.workspaces.Get(ctx, ref)
		return answer{value: workspaceRecord(w)}, err
	})
}

func (c *cli) workspaceCreate() *cobra.Command {
	var in workspace.Create
	var mode, template string
	var admins, tags []string
	var studio, ai bool
	cmd := c.act(action.WorkspaceCreate, "NAME", workspaceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.ref(s, args[0])
		if err != nil {
			return answer{}, err
		}
		in.Region, in.Name, in.Mode, in.Template, in.Admins = ref.Region, ref.Workspace, workspace.Mode(mode), workspace.Template(template), splitValues(admins)
		in.NewDataStudio, in.AIWorkspace, in.Tags = &studio, &ai, parseTags(tags)
		w, err := s.workspaces.Create(ctx, in)
		return changed("cli.workspace.created", w), err
	})
	cmd.Flags().StringVar(&in.DisplayName, "display-name", "", c.p.Text("cli.workspace.display_name"))
	cmd.Flags().StringVar(&in.Description, "description", "", c.p.Text("cli.workspace.description"))
	cmd.Flags().StringVar(&mode, "mode", string(workspace.Standard), c.p.Text("cli.workspace.mode"))
	cmd.Flags().StringVar(&template, "template", string(workspace.AllFeatures), c.p.Text("cli.workspace.template"))
	cmd.Flags().StringArrayVar(&admins, "admin", nil, c.p.Text("cli.workspace.admin"))
	cmd.Flags().BoolVar(&studio, "new-data-studio", true, c.p.Text("cli.workspace.new_data_studio"))
	cmd.Flags().BoolVar(&ai, "ai-workspace", true, c.p.Text("cli.workspace.ai_workspace"))
	cmd.Flags().BoolVar(&in.DevRoleDisabled, "dev-role-disabled", false, c.p.Text("cli.workspace.dev_role_disabled"))
	cmd.Flags().StringVar(&in.DefaultGroup, "default-resource-group", "", c.p.Text("cli.workspace.default_resource_group"))
	cmd.Flags().StringVar(&in.AliyunGroup, "aliyun-resource-group-id", workspace.DefaultAliyunGroup, c.p.Text("cli.workspace.aliyun_resource_group_id"))
	cmd.Flags().StringArrayVar(&tags, "tag", nil, c.p.Text("cli.workspace.tag"))
	return cmd
}

// parseTags reads key=value words.
func parseTags(words []string) []workspace.Tag {
	var tags []workspace.Tag
	for _, w := range splitValues(words) {
		tags = append(tags, workspace.ParseTag(w))
	}
	return tags
}

// changed is the answer to a change of one workspace.
func changed(note string, w workspace.Workspace) answer {
	return answer{value: workspaceRecord(w), note: message.Text{ID: note, Args: message.Args{"Name": w.Name, "Region": w.Region}}}
}

func (c *cli) workspaceUpdate() *cobra.Command {
	var display, description string
	var tags, untag []string
	var cmd *cobra.Command
	cmd = c.act(action.WorkspaceUpdate, "NAME", workspaceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.ref(s, args[0])
		if err != nil {
			return answer{}, err
		}
		in := workspace.Update{Tag: parseTags(tags), Untag: splitValues(untag)}
		if cmd.Flags().Changed("display-name") {
			in.DisplayName = &display
		}
		if cmd.Flags().Changed("description") {
			in.Description = &description
		}
		if in.DisplayName == nil && in.Description == nil && len(in.Tag)+len(in.Untag) == 0 {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.workspace.update.nothing"})
		}
		w, err := s.workspaces.Update(ctx, ref, in)
		return changed("cli.workspace.updated", w), err
	})
	cmd.Flags().StringVar(&display, "display-name", "", c.p.Text("cli.workspace.display_name"))
	cmd.Flags().StringVar(&description, "description", "", c.p.Text("cli.workspace.description"))
	cmd.Flags().StringArrayVar(&tags, "tag", nil, c.p.Text("cli.workspace.tag"))
	cmd.Flags().StringArrayVar(&untag, "untag", nil, c.p.Text("cli.workspace.untag"))
	return cmd
}

func (c *cli) workspaceStatus(id action.ID, set func(*workspace.Service, context.Context, control.Ref, int64) (workspace.Workspace, error), note string) *cobra.Command {
	return c.act(id, "NAME", workspaceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.ref(s, args[0])
		if err != nil {
			return answer{}, err
		}
		w, err := set(s.workspaces, ctx, ref, 0)
		return changed(note, w), err
	})
}

func (c *cli) workspaceRestore() *cobra.Command {
	return c.act(action.WorkspaceRestore, "NAME", workspaceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.ref(s, args[0])
		if err != nil {
			return answer{}, err
		}
		w, err := s.workspaces.Restore(ctx, ref)
		return changed("cli.workspace.restored", w), err
	})
}
