package main

import (
	"cmp"
	"strings"

	"github.com/spf13/cobra"

	"reeve/assets"
	"reeve/core/fault"
	"reeve/core/question"
	"reeve/core/text"
)

// accessPoints shows what is published of the built-in roles. It is the same in every tenant and needs none.
func (c *cli) accessPoints() *cobra.Command {
	var heading string
	cmd := &cobra.Command{
		Use: "points", Short: c.p.Text("cli.access.points.about"), DisableFlagsInUseLine: true,
		Args:        func(cmd *cobra.Command, args []string) error { return c.checkArgs(cmd, "", args) },
		Annotations: map[string]string{annotationJSON: describe([]record{pointRecord(nil, question.Point{})})},
		RunE: func(*cobra.Command, []string) error {
			table, err := question.LoadPoints(assets.Points())
			if err != nil {
				return err
			}
			points, err := under(table.Points, heading)
			if err != nil {
				return err
			}
			table.Points = points
			return c.print(answer{
				value: records(points, func(p question.Point) record { return pointRecord(table.Roles, p) }),
				keys:  pointRecord(nil, question.Point{}).keys(), lines: c.pointLines(table),
			})
		},
	}
	cmd.Flags().StringVar(&heading, "module", "", c.p.Text("cli.access.points.module"))
	return served(cmd)
}

func pointRecord(roles []string, p question.Point) record {
	var ticks record
	for i, role := range roles {
		ticks = append(ticks, field{role, p.Ticks[i].String()})
	}
	return record{
		{"module", p.Module}, {"module_zh", p.ModuleZH}, {"point", p.Name}, {"point_zh", p.NameZH}, {"basis", string(p.Basis)}, {"roles", ticks},
	}
}

// under are the points below the headings that contain a word.
func under(points []question.Point, heading string) ([]question.Point, error) {
	word := text.Fold(heading)
	var found []question.Point
	var known []string
	for _, p := range points {
		if len(known) == 0 || known[len(known)-1] != p.Module {
			known = append(known, p.Module)
		}
		if strings.Contains(text.Fold(p.Module), word) || strings.Contains(p.ModuleZH, heading) {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		return nil, &fault.NotFound{What: "module", Name: heading, Nearest: text.Nearest(heading, known, nearHeadings)}
	}
	return found, nil
}

// nearHeadings bounds the names that a refusal offers.
const nearHeadings = 3

// pointLines are the points with a column for each role. What is not published is marked and grants nothing.
func (c *cli) pointLines(table question.Points) []string {
	head := []string{c.heading("module"), c.heading("point")}
	for _, role := range table.Roles {
		head = append(head, c.p.Text("role.short."+role))
	}
	grid := [][]string{head}
	unknown := false
	for _, p := range table.Points {
		line := []string{p.Module, p.Name}
		if c.p.Language() != "en" { // where no name is published, the English one stands
			line = []string{cmp.Or(p.ModuleZH, p.Module), cmp.Or(p.NameZH, p.Name)}
		}
		for _, tick := range p.Ticks {
			mark := "-"
			switch tick {
			case question.Yes:
				mark = c.p.Text("cli.yes")
			case question.Unknown:
				mark, unknown = "?", true
			case question.No:
			}
			line = append(line, mark)
		}
		grid = append(grid, line)
	}
	lines := align(grid)
	if unknown {
		lines = append(lines, "", c.p.Text("cli.access.points.unknown"))
	}
	return lines
}
