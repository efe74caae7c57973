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
		c.workspaceList(), c.workspaceShow(), c.workspaceCreate(), c.workspaceUpdate(),
		c.workspaceStatus(action.WorkspaceDisable, (*workspace.Service).Disable),
		c.workspaceStatus(action.WorkspaceEnable, (*workspace.Service).Enable),
		c.workspaceDelete(), c.workspaceBin(), c.workspaceRestore(), c.workspaceFigures())
}

func workspaceRecord(w workspace.Workspace) record {
	return record{
		{"id", w.ID}, {"region", w.Region}, {"name", w.Name}, {"display_name", w.DisplayName}, {"description", w.Description},
		{"mode", string(w.Mode)}, {"template", string(w.Template)}, {"status", string(w.Status)}, {"owner", w.Owner}, {"admins", w.Admins},
		{"members", w.Members}, {"created_at", w.CreatedAt}, {"created_by", w.CreatedBy}, {"deleted_at", w.DeletedAt},
		{"purge_at", w.PurgeAt}, {"version", w.Version},
	}
}

func workspaceSample() record { return workspaceRecord(workspace.Workspace{}) }

// ref is the workspace that a person names, with --region where the name has none.
func (c *cli) ref(s *system, name string) (control.Ref, error) { return s.place(c.flags.region, name) }

// region is --region, held against the vendor's list.
func (c *cli) region(s *system) (string, error) {
	if c.flags.region == "" {
		return "", nil
	}
	known, err := s.regions.Find(c.flags.region)
	return known.ID, err
}

func (c *cli) workspaceList() *cobra.Command {
	return c.workspaces(action.WorkspaceList, (*workspace.Service).List, []string{"region", "name", "display_name", "mode", "status", "admins", "members", "created_at"})
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
	c.listFlags(cmd, &l)
	return cmd
}

func (c *cli) workspaceShow() *cobra.Command {
	return c.act(action.WorkspaceShow, "NAME", workspaceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.ref(s, args[0])
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
	var admins []string
	cmd := c.act(action.WorkspaceCreate, "NAME", workspaceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.ref(s, args[0])
		if err != nil {
			return answer{}, err
		}
		in.Region, in.Name, in.Mode, in.Template, in.Admins = ref.Region, ref.Workspace, workspace.Mode(mode), workspace.Template(template), splitValues(admins)
		w, err := s.workspaces.Create(ctx, in)
		return changed("cli.workspace.created", w), err
	})
	cmd.Flags().StringVar(&in.DisplayName, "display-name", "", c.p.Text("cli.workspace.display_name"))
	cmd.Flags().StringVar(&in.Description, "description", "", c.p.Text("cli.workspace.description"))
	cmd.Flags().StringVar(&mode, "mode", string(workspace.Standard), c.p.Text("cli.workspace.mode"))
	cmd.Flags().StringVar(&template, "template", string(workspace.AllFeatures), c.p.Text("cli.workspace.template"))
	cmd.Flags().StringArrayVar(&admins, "admin", nil, c.p.Text("cli.workspace.admin"))
	return cmd
}

// changed is the answer to a change of one workspace.
func changed(note string, w workspace.Workspace) answer {
	return answer{value: workspaceRecord(w), note: message.Text{ID: note, Args: message.Args{"Name": w.Name, "Region": w.Region}}}
}

func (c *cli) workspaceUpdate() *cobra.Command {
	var display, description string
	var cmd *cobra.Command
	cmd = c.act(action.WorkspaceUpdate, "NAME", workspaceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.ref(s, args[0])
		if err != nil {
			return answer{}, err
		}
		var in workspace.Update
		if cmd.Flags().Changed("display-name") {
			in.DisplayName = &display
		}
		if cmd.Flags().Changed("description") {
			in.Description = &description
		}
		if in.DisplayName == nil && in.Description == nil {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.workspace.update.nothing"})
		}
		w, err := s.workspaces.Update(ctx, ref, in)
		return changed("cli.workspace.updated", w), err
	})
	cmd.Flags().StringVar(&display, "display-name", "", c.p.Text("cli.workspace.display_name"))
	cmd.Flags().StringVar(&description, "description", "", c.p.Text("cli.workspace.description"))
	return cmd
}

func (c *cli) workspaceStatus(id action.ID, set func(*workspace.Service, context.Context, control.Ref, int64) (workspace.Workspace, error)) *cobra.Command {
	return c.act(id, "NAME", workspaceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.ref(s, args[0])
		if err != nil {
			return answer{}, err
		}
		w, err := set(s.workspaces, ctx, ref, 0)
		note := "cli.workspace.disabled"
		if id == action.WorkspaceEnable {
			note = "cli.workspace.enabled"
		}
		return changed(note, w), err
	})
}

func (c *cli) workspaceDelete() *cobra.Command {
	var confirm string
	cmd := c.act(action.WorkspaceDelete, "NAME", workspaceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.ref(s, args[0])
		if err != nil {
			return answer{}, err
		}
		given, version := confirm, int64(0)
		switch {
		case c.flags.yes:
			given = ref.Workspace
		case given == "" && c.env.Terminal(c.in):
			w, err := s.workspaces.Get(ctx, ref)
			if err != nil {
				return answer{}, err
			}
			if given, err = c.confirmDelete(ctx, s, ref, w); err != nil {
				return answer{}, err
			}
			version = w.Version
		}
		w, err := s.workspaces.Delete(ctx, ref, version, given)
		a := changed("cli.workspace.deleted", w)
		if err == nil {
			a.note.Args["Until"] = cell(w.PurgeAt)
		}
		return a, err
	})
	cmd.Flags().StringVar(&confirm, "confirm", "", c.p.Text("cli.workspace.confirm"))
	return cmd
}

// confirmDelete says what goes with a workspace and asks for its name, unless nothing goes with it.
func (c *cli) confirmDelete(ctx context.Context, s *system, ref control.Ref, w workspace.Workspace) (string, error) {
	contents, err := s.workspaces.Contents(ctx, ref)
	if err != nil || contents.Empty() {
		return "", err
	}
	return c.ask(message.Text{ID: "cli.workspace.delete.ask", Args: message.Args{
		"Name": w.Name, "Region": w.Region, "Days": workspace.BinDays,
		"Members": contents.Members, "Roles": contents.CustomRoles, "Grants": contents.Grants}})
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
