package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/role"
)

func (c *cli) roleCommands() *cobra.Command {
	return c.group("role", c.p.Text("cli.group.role"), c.roleList(), c.roleShow(), c.roleCreate(), c.roleSet(), c.roleClone(), c.roleCompare(),
		c.roleCopy(), c.roleTemplates(), c.roleDelete())
}

func roleRecord(r role.Role) record {
	kind := "custom"
	if r.Kind == access.Builtin {
		kind = "built-in"
	}
	var modules record
	for _, m := range access.WorkspaceModules() {
		modules = append(modules, field{m.Code(), r.Levels.Get(m).String()})
	}
	return record{
		{"id", r.ID}, {"code", r.Code}, {"name", r.Name}, {"type", kind}, {"members", r.Holders}, {"modules", modules},
		{"created_at", optional(r.CreatedAt)}, {"created_by", r.CreatedBy}, {"modified_at", optional(r.ModifiedAt)},
		{"modified_by", r.ModifiedBy}, {"version", r.Version},
	}
}

func optional(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

func roleSample() record { return roleRecord(role.Role{}) }

func (c *cli) roleList() *cobra.Command {
	return c.inWorkspace(action.RoleList, "", []record{roleSample()}, func(ctx context.Context, s *system, ref control.Ref, _ []string) (answer, error) {
		roles, err := s.roles.List(ctx, ref)
		return answer{value: records(roles, roleRecord), columns: []string{"code", "name", "type", "members", "modified_at", "modified_by"}}, err
	})
}

func (c *cli) roleShow() *cobra.Command {
	return c.inWorkspace(action.RoleShow, "ROLE", roleSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		r, err := s.roles.Get(ctx, ref, args[0])
		if err != nil {
			return answer{}, err
		}
		return answer{value: roleRecord(r), lines: c.roleLines(r)}, nil
	})
}

// roleLines shows a role with its matrix.
func (c *cli) roleLines(r role.Role) []string {
	all := roleRecord(r)
	var head record
	for _, f := range all {
		if f.Key != "modules" && f.Key != "id" && cell(f.Value) != "" {
			head = append(head, f)
		}
	}
	lines := append(c.card(head), "")
	grid := [][]string{{c.heading("module"), c.heading("level"), ""}}
	for _, m := range access.WorkspaceModules() {
		grid = append(grid, []string{m.Code(), c.level(r.Levels.Get(m)), c.p.Text("module." + m.Code())})
	}
	return append(lines, align(grid)...)
}

// level is a level in words.
func (c *cli) level(l access.Level) string { return c.p.Text("access.level." + l.String()) }

// parseLevels reads MODULE=LEVEL, telling everything that is wrong.
func parseLevels(words []string) (map[access.Module]access.Level, error) {
	levels := map[access.Module]access.Level{}
	var bad []fault.Field
	say := func(id string, args message.Args) {
		bad = append(bad, fault.Field{Name: "set", Text: message.Text{ID: id, Args: args}})
	}
	if len(words) == 0 {
		say("fault.text.empty", nil)
	}
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			say("cli.role.set.form", message.Args{"Word": word})
			continue
		}
		module, err := access.ParseModule(access.PlaneWorkspace, name)
		if err != nil {
			say("cli.role.set.module", message.Args{"Module": name, "Nearest": nearest(err)})
		}
		level, levelErr := access.ParseLevel(value)
		if levelErr != nil {
			say("cli.level.unknown", message.Args{"Level": value, "Levels": "none, read, write"})
		}
		if err != nil || levelErr != nil {
			continue
		}
		if before, twice := levels[module]; twice && before != level {
			say("cli.role.set.twice", message.Args{"Module": module.Code()})
		}
		levels[module] = level
	}
	if len(bad) > 0 {
		return nil, &fault.Invalid{Fields: bad}
	}
	return levels, nil
}

// nearest are the names that come nearest to one that is not known.
func nearest(err error) string {
	var unknown *access.UnknownError
	if errors.As(err, &unknown) {
		return strings.Join(unknown.Nearest, ", ")
	}
	return ""
}

func (c *cli) roleCreate() *cobra.Command {
	var begin beginning
	var cmd *cobra.Command
	cmd = c.inWorkspace(action.RoleCreate, "NAME", roleSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		rest := cmd.Flags().Changed("rest")
		switch {
		case len(begin.sets) == 0 && begin.template == "" && !rest:
			return answer{}, c.usage(cmd, message.Text{ID: "cli.role.begin"})
		case begin.template != "" && rest:
			return answer{}, c.usage(cmd, message.Text{ID: "cli.role.begin.one"})
		}
		levels, err := begin.levels(s.roleTemplates)
		if err != nil {
			return answer{}, joined(named(role.NameFault(args[0])), err)
		}
		r, err := s.roles.Create(ctx, ref, args[0], levels)
		return roleChanged("cli.role.created", ref, r), err
	})
	cmd.Flags().StringVar(&begin.template, "template", "", c.p.Text("cli.role.template"))
	cmd.Flags().StringArrayVar(&begin.sets, "set", nil, c.p.Text("cli.role.set"))
	cmd.Flags().StringVar(&begin.rest, "rest", "none", c.p.Text("cli.role.rest"))
	return cmd
}

// beginning is what a new role begins with: a template or one level for all modules, and what is set besides.
type beginning struct {
	template, rest string
	sets           []string
}

func (b beginning) levels(templates role.Templates) (levels access.Levels, err error) {
	var edits map[access.Module]access.Level
	if len(b.sets) > 0 {
		edits, err = parseLevels(splitValues(b.sets))
	}
	if b.template != "" {
		t, missing := templates.Find(b.template)
		if missing != nil {
			err = joined(err, fault.OneField("template", "cli.role.template.unknown", message.Args{"Name": b.template, "Codes": templates.Codes()}))
		}
		levels = t.Levels
	} else {
		base, wrong := access.ParseLevel(b.rest)
		if wrong != nil {
			err = joined(err, fault.OneField("rest", "cli.level.unknown", message.Args{"Level": b.rest, "Levels": "none, read, write"}))
		}
		levels = access.AllWorkspace(base)
	}
	for m, l := range edits {
		levels = levels.With(m, l)
	}
	return levels, err
}

func roleChanged(note string, ref control.Ref, r role.Role) answer {
	return answer{value: roleRecord(r), note: message.Text{ID: note, Args: message.Args{
		"Name": r.Name, "Code": r.Code, "Workspace": ref.Workspace, "Count": r.Holders}}}
}

func (c *cli) roleSet() *cobra.Command {
	var sets []string
	var preview, ownLoss bool
	var version int64
	cmd := c.inWorkspace(action.RoleSet, "NAME", roleSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		levels, err := parseLevels(splitValues(sets))
		if err != nil {
			return answer{}, err
		}
		edit := role.Edit{Levels: levels, Version: version, OwnLoss: ownLoss}
		if preview {
			o, err := s.roles.PreviewSet(ctx, ref, args[0], edit)
			return c.effect(o, ref, err)
		}
		r, err := s.roles.Set(ctx, ref, args[0], edit)
		return roleChanged("cli.role.changed", ref, r), err
	})
	cmd.Flags().StringArrayVar(&sets, "set", nil, c.p.Text("cli.role.set"))
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	c.ownLossFlag(cmd, &ownLoss)
	cmd.Flags().Int64Var(&version, "version", 0, c.p.Text("cli.flag.version"))
	c.need(cmd, "set", "MODULE=LEVEL…")
	return cmd
}

func (c *cli) roleClone() *cobra.Command {
	return c.inWorkspace(action.RoleClone, "ROLE NAME", roleSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		r, err := s.roles.Clone(ctx, ref, args[0], args[1])
		return roleChanged("cli.role.created", ref, r), err
	})
}

func comparisonRecord(cmp role.Comparison) record {
	var modules []record
	for _, m := range access.WorkspaceModules() {
		l, r := cmp.Left.Levels.Get(m), cmp.Right.Levels.Get(m)
		modules = append(modules, record{{"module", m.Code()}, {"left", l.String()}, {"right", r.String()}, {"same", l == r}})
	}
	return record{{"left", cmp.Left.Code}, {"right", cmp.Right.Code}, {"differences", len(cmp.Differences)}, {"modules", modules}}
}

func (c *cli) roleCompare() *cobra.Command {
	return c.inWorkspace(action.RoleCompare, "ROLE ROLE", comparisonRecord(role.Comparison{}), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		cmp, err := s.roles.Compare(ctx, ref, args[0], args[1])
		if err != nil {
			return answer{}, err
		}
		differs := map[access.Module]bool{}
		for _, d := range cmp.Differences {
			differs[d.Module] = true
		}
		grid := [][]string{{c.heading("module"), c.say(control.RoleName(cmp.Left.Role)), c.say(control.RoleName(cmp.Right.Role)), ""}}
		for _, m := range access.WorkspaceModules() {
			mark := ""
			if differs[m] {
				mark = c.p.Text("cli.role.differs")
			}
			grid = append(grid, []string{m.Code(), c.level(cmp.Left.Levels.Get(m)), c.level(cmp.Right.Levels.Get(m)), mark})
		}
		return answer{value: comparisonRecord(cmp), lines: align(grid)}, nil
	})
}

func (c *cli) roleDelete() *cobra.Command {
	var in role.Removal
	var preview bool
	cmd := c.inWorkspace(action.RoleDelete, "NAME", roleSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		if preview {
			o, err := s.roles.PreviewDelete(ctx, ref, args[0], role.Removal{TakeAway: true, Version: in.Version})
			return c.effect(o, ref, err)
		}
		r, err := s.roles.Delete(ctx, ref, args[0], in)
		return roleChanged("cli.role.deleted", ref, r), err
	})
	cmd.Flags().BoolVar(&in.TakeAway, "take-away", false, c.p.Text("cli.role.take_away"))
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	c.ownLossFlag(cmd, &in.OwnLoss)
	cmd.Flags().Int64Var(&in.Version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}
