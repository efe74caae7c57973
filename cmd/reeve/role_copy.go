package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/core/role"
)

func templateRecord(t role.Template) record {
	var modules record
	for _, m := range access.WorkspaceModules() {
		modules = append(modules, field{m.Code(), t.Levels.Get(m).String()})
	}
	return record{{"code", t.Code}, {"modules", modules}}
}

// roleTemplates shows what custom roles can begin with. It is the same in every tenant and needs none.
func (c *cli) roleTemplates() *cobra.Command {
	const words = "[TEMPLATE]"
	return served(&cobra.Command{
		Use: "templates " + words, Short: c.p.Text("cli.role.templates"), DisableFlagsInUseLine: true,
		Args:        func(cmd *cobra.Command, args []string) error { return c.checkArgs(cmd, words, args) },
		Annotations: map[string]string{annotationJSON: describe([]record{templateRecord(role.Template{})})},
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := c.catalogues()
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return c.print(answer{value: records(s.roleTemplates, templateRecord), lines: c.templateLines(s.roleTemplates)})
			}
			t, err := s.roleTemplates.Find(args[0])
			if err != nil {
				return err
			}
			lines := []string{c.say(t.Name()) + ": " + c.say(t.About()), ""}
			grid := [][]string{{c.heading("module"), c.heading("level"), ""}}
			for _, m := range access.WorkspaceModules() {
				grid = append(grid, []string{m.Code(), c.level(t.Levels.Get(m)), c.p.Text("module." + m.Code())})
			}
			return c.print(answer{value: []record{templateRecord(t)}, lines: append(lines, align(grid)...)})
		},
	})
}

// templateLines are the templates for people, with what each is for.
func (c *cli) templateLines(all role.Templates) []string {
	grid := [][]string{{c.heading("code"), ""}}
	for _, t := range all {
		grid = append(grid, []string{t.Code, c.say(t.About())})
	}
	return align(grid)
}

func copiedRecord(f role.Foreseen) record {
	ref := f.Ref()
	var effect any
	if f.Effect.Before != nil {
		effect = effectRecord(f.Effect, in(ref))
	}
	return record{
		{"region", f.Region}, {"workspace", f.Workspace}, {"role", f.Name}, {"result", string(f.Result)}, {"version", f.Version}, {"members", f.Holders},
		{"differences", records(f.Differences, func(d role.Difference) record {
			return record{{"module", d.Module.Code()}, {"from", d.Left.String()}, {"to", d.Right.String()}}
		})},
		{"engine_mappings", records(f.Mappings, func(m role.MappingCopy) record {
			return record{{"engine", m.Engine}, {"engine_role", m.EngineRole}, {"result", string(m.Result)}}
		})},
		{"effect", effect},
	}
}

func copiedSample() record {
	return copiedRecord(role.Foreseen{Copied: role.Copied{Differences: make([]role.Difference, 1), Mappings: make([]role.MappingCopy, 1)}})
}

func (c *cli) roleCopy() *cobra.Command {
	var to []string
	var in role.Copying
	var preview bool
	cmd := c.inWorkspace(action.RoleCopy, "NAME", []record{copiedSample()}, func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		in.To = nil
		for _, name := range splitValues(to) {
			// --region says where the role is; where it goes is said with the name, or is the same region.
			target, err := s.place("", name)
			if err != nil {
				return answer{}, err
			}
			in.To = append(in.To, target)
		}
		if preview {
			foreseen, err := s.roleCopies.Preview(ctx, ref, args[0], in)
			return c.copied(foreseen, "role.copy.would."), err
		}
		done, err := s.roleCopies.Copy(ctx, ref, args[0], in)
		all := make([]role.Foreseen, len(done))
		for i, one := range done {
			all[i].Copied = one
		}
		return c.copied(all, "role.copy.did."), err
	})
	cmd.Flags().StringArrayVar(&to, "to", nil, c.p.Text("cli.role.copy.to"))
	cmd.Flags().BoolVar(&in.Replace, "replace", false, c.p.Text("cli.role.copy.replace"))
	c.previewFlag(cmd, &preview, "cli.role.copy.preview")
	c.ownLossFlag(cmd, &in.OwnLoss)
	c.need(cmd, "to", "WORKSPACE")
	return cmd
}

// copied says what copying a role does, workspace by workspace. family is the beginning of the messages for the results.
func (c *cli) copied(all []role.Foreseen, family string) answer {
	var lines []string
	left := 0
	for _, f := range all {
		if f.Result == role.Differs {
			left++
		}
		lines = append(lines, c.p.With(family+string(f.Result), message.Args{"Where": f.Region + "/" + f.Workspace, "Count": f.Holders}))
		for _, d := range f.Differences {
			lines = append(lines, "  "+c.p.With("role.copy.difference", message.Args{
				"Module": d.Module.Code(), "From": c.level(d.Left), "To": c.level(d.Right)}))
		}
		for _, m := range f.Mappings {
			lines = append(lines, "  "+c.p.With("role.copy.map."+string(m.Result), message.Args{"Engine": m.Engine, "EngineRole": m.EngineRole}))
		}
		if f.Effect.Before != nil {
			for _, line := range c.effectLines(f.Effect, in(f.Ref())) {
				lines = append(lines, "  "+line)
			}
		}
	}
	if left > 0 {
		lines = append(lines, "", c.p.With("cli.role.copy.left", message.Args{"Count": left}))
	}
	return answer{value: records(all, copiedRecord), lines: lines}
}
