package main

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/core/source"
)

func (c *cli) sourceCommands() *cobra.Command {
	return c.group("source", c.p.Text("cli.group.source"), c.sourceList(), c.sourceShow(), c.sourceAdd(), c.sourceUpdate(), c.sourceTest(), c.sourceDelete())
}

func sourceRecord(s source.Source) record {
	return record{{"id", s.ID}, {"name", s.Name}, {"type", s.Type}, {"connections", records(s.Connections, connectionRecord)}, {"version", s.Version}}
}

func connectionRecord(c source.Connection) record {
	properties := record{}
	for _, name := range slices.Sorted(maps.Keys(c.Properties)) {
		properties = append(properties, field{name, c.Properties[name]})
	}
	var tested any
	if c.Tested != nil {
		tested = testRecord(*c.Tested)
	}
	return record{
		{"environment", string(c.Environment)}, {"mode", c.Mode}, {"properties", properties}, {"description", c.Description},
		{"created_at", c.CreatedAt}, {"created_by", c.CreatedBy}, {"modified_at", c.ModifiedAt}, {"modified_by", c.ModifiedBy}, {"tested", tested},
	}
}

func testRecord(t source.Test) record {
	return record{{"at", t.At}, {"by", t.By}, {"connected", t.Connected}, {"stages", records(t.Stages, func(s source.Stage) record {
		return record{{"stage", s.Name}, {"target", s.Target}, {"ok", s.OK}, {"evidence", s.Evidence}, {"milliseconds", s.Milliseconds}}
	})}}
}

func sourceSample() record {
	return sourceRecord(source.Source{Connections: []source.Connection{{Tested: &source.Test{Stages: make([]source.Stage, 1)}}}})
}

func (c *cli) sourceList() *cobra.Command {
	return c.inWorkspace(action.SourceList, "", []record{sourceSample()}, func(ctx context.Context, s *system, ref control.Ref, _ []string) (answer, error) {
		sources, err := s.sources.List(ctx, ref)
		rows := records(sources, func(one source.Source) record {
			return record{{"name", one.Name}, {"type", one.Type}, {"dev", c.reached(one, source.Dev)}, {"prod", c.reached(one, source.Prod)}}
		})
		return answer{value: records(sources, sourceRecord), lines: c.table(rows, nil)}, err
	})
}

// reached says in a word what the last test of an environment came to.
func (c *cli) reached(s source.Source, env source.Environment) string {
	switch connection, there := s.In(env); {
	case !there:
		return ""
	case connection.Tested == nil:
		return c.p.Text("source.untested")
	case connection.Tested.Connected:
		return c.p.Text("source.connected")
	}
	return c.p.Text("source.not_connected")
}

func (c *cli) sourceShow() *cobra.Command {
	return c.inWorkspace(action.SourceShow, "NAME", sourceSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		one, err := s.sources.Get(ctx, ref, args[0])
		return answer{value: sourceRecord(one), lines: c.sourceLines(one)}, err
	})
}

// sourceLines shows a source, then each connection with its last test.
func (c *cli) sourceLines(s source.Source) []string {
	lines := c.card(record{{"name", s.Name}, {"type", s.Type}, {"version", s.Version}})
	for _, connection := range s.Connections {
		card := record{{"environment", string(connection.Environment)}}
		for _, name := range slices.Sorted(maps.Keys(connection.Properties)) {
			card = append(card, field{name, connection.Properties[name]})
		}
		card = append(card, field{"description", connection.Description}, field{"modified_at", connection.ModifiedAt}, field{"modified_by", connection.ModifiedBy},
			field{"tested", c.reached(s, connection.Environment)})
		lines = append(append(lines, ""), c.card(card)...)
		if connection.Tested != nil {
			lines = append(lines, c.stageLines(*connection.Tested)...)
		}
	}
	return lines
}

func (c *cli) stageLines(t source.Test) []string {
	return c.table(records(t.Stages, func(s source.Stage) record {
		said := c.p.Text("source.stage.failed")
		if s.OK {
			said = c.p.Text("source.stage.done")
		}
		return record{{"stage", c.p.Text("source.stage." + s.Name)}, {"target", s.Target}, {"outcome", said}, {"milliseconds", s.Milliseconds}, {"evidence", s.Evidence}}
	}), nil)
}

// sourceFlags are the properties of each environment, as NAME=VALUE.
type sourceFlags struct{ dev, prod []string }

func (c *cli) sourceFlags(cmd *cobra.Command) *sourceFlags {
	f := &sourceFlags{}
	cmd.Flags().StringArrayVar(&f.prod, "prod", nil, c.p.Text("cli.source.prod"))
	cmd.Flags().StringArrayVar(&f.dev, "dev", nil, c.p.Text("cli.source.dev"))
	return f
}

func (f *sourceFlags) connections(c *cli, cmd *cobra.Command) (map[source.Environment]source.Properties, error) {
	all := map[source.Environment]source.Properties{}
	for _, given := range []struct {
		env    source.Environment
		values []string
	}{{source.Dev, f.dev}, {source.Prod, f.prod}} {
		if len(given.values) == 0 {
			continue
		}
		p := source.Properties{}
		for _, word := range given.values {
			name, value, ok := strings.Cut(word, "=")
			if !ok {
				return nil, c.usage(cmd, message.Text{ID: "cli.source.property", Args: message.Args{"Word": word}})
			}
			if before, more := p[name]; more { // an address that is named again is one more
				value = before + "," + value
			}
			p[name] = value
		}
		all[given.env] = p
	}
	return all, nil
}

func sourceChanged(note string, ref control.Ref, s source.Source) answer {
	return answer{value: sourceRecord(s), note: message.Text{ID: note, Args: message.Args{"Name": s.Name, "Workspace": ref.Workspace}}}
}

func (c *cli) sourceAdd() *cobra.Command {
	var form source.Create
	var flags *sourceFlags
	var cmd *cobra.Command
	cmd = c.inWorkspace(action.SourceAdd, "NAME", sourceSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		form.Name = args[0]
		var err error
		if form.Connections, err = flags.connections(c, cmd); err != nil {
			return answer{}, err
		}
		one, err := s.sources.Create(ctx, ref, form)
		return sourceChanged("cli.source.added", ref, one), err
	})
	cmd.Flags().StringVar(&form.Type, "type", "", c.p.Text("cli.source.type"))
	flags = c.sourceFlags(cmd)
	cmd.Flags().StringVar(&form.Description, "description", "", c.p.Text("cli.source.description"))
	c.need(cmd, "type", "TYPE")
	return cmd
}

func (c *cli) sourceUpdate() *cobra.Command {
	var in source.Update
	var description string
	var flags *sourceFlags
	var cmd *cobra.Command
	cmd = c.inWorkspace(action.SourceUpdate, "NAME", sourceSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		var err error
		if in.Connections, err = flags.connections(c, cmd); err != nil {
			return answer{}, err
		}
		if cmd.Flags().Changed("description") {
			in.Description = &description
		}
		if in.Description == nil && len(in.Connections) == 0 {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.source.update.nothing"})
		}
		one, err := s.sources.Update(ctx, ref, args[0], in)
		return sourceChanged("cli.source.updated", ref, one), err
	})
	flags = c.sourceFlags(cmd)
	cmd.Flags().StringVar(&description, "description", "", c.p.Text("cli.source.description"))
	cmd.Flags().Int64Var(&in.Version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}

func (c *cli) sourceTest() *cobra.Command {
	var env string
	cmd := c.inWorkspace(action.SourceTest, "NAME", sourceSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		one, err := s.sources.Test(ctx, ref, args[0], source.Environment(env))
		if err != nil {
			return answer{}, err
		}
		a := answer{value: sourceRecord(one)}
		for _, connection := range one.Connections {
			if env != "" && env != string(connection.Environment) {
				continue
			}
			if a.lines != nil {
				a.lines = append(a.lines, "")
			}
			a.lines = append(a.lines, string(connection.Environment)+": "+c.reached(one, connection.Environment))
			if connection.Tested != nil {
				a.lines = append(a.lines, c.stageLines(*connection.Tested)...)
			}
			if connection.Tested == nil || !connection.Tested.Connected {
				a.code = exitFailed
			}
		}
		return a, nil
	})
	cmd.Flags().StringVar(&env, "env", "", c.p.Text("cli.source.env"))
	return cmd
}

func (c *cli) sourceDelete() *cobra.Command {
	var env string
	var version int64
	cmd := c.inWorkspace(action.SourceDelete, "NAME", sourceSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		one, err := s.sources.Delete(ctx, ref, args[0], source.Environment(env), version)
		note := "cli.source.deleted"
		if _, still := one.In(source.Environment(env)); env != "" && !still {
			note = "cli.source.dropped"
		}
		a := sourceChanged(note, ref, one)
		a.note.Args["Environment"] = env
		return a, err
	})
	cmd.Flags().StringVar(&env, "env", "", c.p.Text("cli.source.env"))
	cmd.Flags().Int64Var(&version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}
