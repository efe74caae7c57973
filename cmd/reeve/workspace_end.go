package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/workspace"
)

func contentsRecord(in workspace.Contents) record {
	r := record{
		{"members", in.Members}, {"custom_roles", in.CustomRoles}, {"grants", in.Grants}, {"engines", in.Engines},
		{"sources", in.Sources}, {"running_instances", nil},
	}
	if in.Running != nil {
		r[len(r)-1].Value = *in.Running
	}
	return r
}

// consequences says what goes with a workspace, or stays behind, in lines.
func (c *cli) consequences(in workspace.Contents) []string {
	lines := []string{
		c.p.With("cli.workspace.goes.members", message.Args{"Count": in.Members}),
		c.p.With("cli.workspace.goes.roles", message.Args{"Count": in.CustomRoles}),
		c.p.With("cli.workspace.goes.grants", message.Args{"Count": in.Grants}),
	}
	if in.Running != nil {
		lines = append(lines, c.p.With("cli.workspace.goes.running", message.Args{"Count": *in.Running}))
	}
	if len(in.Engines) > 0 {
		lines = append(lines, c.p.With("cli.workspace.goes.engines", message.Args{"Names": strings.Join(in.Engines, ", ")}))
	}
	if len(in.Sources) > 0 {
		lines = append(lines, c.p.With("cli.workspace.goes.sources", message.Args{"Names": strings.Join(in.Sources, ", ")}))
	}
	return lines
}

func (c *cli) contents(ctx context.Context, s *system, ref control.Ref) (answer, error) {
	in, err := s.workspaces.Contents(ctx, ref)
	return answer{value: contentsRecord(in), lines: c.consequences(in)}, err
}

// sure shows what goes with a workspace and asks for a word, where there is a terminal to ask on and nobody said --yes.
// The second value is false for another answer than the word.
func (c *cli) sure(ctx context.Context, s *system, ref control.Ref, question, word string) (asked, agreed bool, err error) {
	if c.flags.yes || !c.env.Terminal(c.in) {
		return false, true, nil
	}
	in, err := s.workspaces.Contents(ctx, ref)
	if err != nil {
		return false, false, err
	}
	given, err := c.ask(message.Text{ID: question, Args: message.Args{"Name": ref.Workspace, "Word": word, "Days": workspace.BinDays,
		"Consequences": strings.Join(c.consequences(in), " ")}})
	return true, strings.EqualFold(strings.TrimSpace(given), word), err
}

// yesWord is what agrees to a question that asks for no name.
const yesWord = "yes"

func (c *cli) workspaceDisable() *cobra.Command {
	var preview bool
	cmd := c.act(action.WorkspaceDisable, "NAME", workspaceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.ref(s, args[0])
		if err != nil {
			return answer{}, err
		}
		if preview {
			return c.contents(ctx, s, ref)
		}
		if _, agreed, err := c.sure(ctx, s, ref, "cli.workspace.disable.ask", yesWord); err != nil || !agreed {
			return answer{}, notAgreed(err)
		}
		w, err := s.workspaces.Disable(ctx, ref, 0)
		return changed("cli.workspace.disabled", w), err
	})
	cmd.Flags().BoolVar(&preview, "preview", false, c.p.Text("cli.workspace.preview"))
	return cmd
}

// notAgreed is what became of a question that was answered otherwise.
func notAgreed(err error) error {
	if err != nil {
		return err
	}
	return &fault.Refused{Reason: message.Text{ID: "cli.workspace.not_agreed"}}
}

func (c *cli) workspaceDelete() *cobra.Command {
	var confirm string
	var preview bool
	cmd := c.act(action.WorkspaceDelete, "NAME", workspaceSample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.ref(s, args[0])
		if err != nil {
			return answer{}, err
		}
		if preview {
			return c.contents(ctx, s, ref)
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
	cmd.Flags().BoolVar(&preview, "preview", false, c.p.Text("cli.workspace.preview"))
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
		"Members": contents.Members, "Roles": contents.CustomRoles, "Grants": contents.Grants,
		"Consequences": strings.Join(c.consequences(contents)[3:], " ")}})
}
