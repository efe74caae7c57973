package main

import (
	"cmp"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"reeve/core/message"
	"reeve/core/plan"
)

func stepRecord(s plan.Step) record {
	return record{
		{"verb", string(s.Verb)}, {"kind", string(s.Kind)}, {"region", s.Region}, {"workspace", s.Workspace}, {"name", s.Name}, {"user", s.User},
		{"fields", records(s.Differences, func(d plan.Difference) record {
			return record{{"field", d.Field}, {"before", d.Before}, {"after", d.After}, {"taken", d.Taken}, {"given", d.Given}, {"irreversible", d.Irreversible}}
		})}, {"version", s.Seen.Version},
	}
}

func planRecord(f foreseen) record {
	n := f.plan.Count()
	var effect any
	if f.effect != nil {
		effect = effectRecord(*f.effect, f.at)
	}
	return record{{"add", n.Add}, {"change", n.Change}, {"remove", n.Remove}, {"changes", records(f.plan.Steps, stepRecord)}, {"effect", effect}}
}

func planSample() record {
	r := planRecord(foreseen{plan: plan.Plan{Steps: []plan.Step{{Differences: make([]plan.Difference, 1)}}}})
	r[len(r)-1].Value = "as with --preview"
	return r
}

// planned is the answer to a plan. What is removed comes first, for it is what one has to know.
func (c *cli) planned(f foreseen) answer {
	a := answer{value: planRecord(f), marks: true}
	if len(f.plan.Steps) == 0 {
		a.lines = []string{c.p.Text("cli.plan.same")}
		return a
	}
	for _, verb := range []plan.Verb{plan.Remove, plan.Change, plan.Add} {
		for _, s := range f.plan.Steps {
			if s.Verb == verb {
				a.lines = append(a.lines, c.stepLines(s)...)
			}
		}
	}
	n := f.plan.Count()
	a.lines = append(a.lines, "", c.p.With("cli.plan.count", message.Args{"Add": n.Add, "Change": n.Change, "Remove": n.Remove}))
	if n.Taken > 0 {
		a.lines = append(a.lines, c.p.With("cli.plan.taken", message.Args{"Count": n.Taken}))
	}
	a.lines = append(a.lines, "")
	if f.effect == nil {
		a.lines = append(a.lines, c.p.Text("cli.plan.unseen"))
		return a
	}
	a.lines = append(a.lines, c.effectLines(*f.effect, f.at)...)
	return a
}

// signs are what lines about a verb begin with.
func sign(v plan.Verb) string {
	return map[plan.Verb]string{plan.Add: "+", plan.Change: "~", plan.Remove: "-"}[v]
}

// stepLines are a step with its fields before and after.
func (c *cli) stepLines(s plan.Step) []string {
	lines := []string{sign(s.Verb) + " " + c.p.Text("cli.plan.verb."+string(s.Verb)) + " " + c.say(s.Text())}
	for _, d := range s.Differences {
		switch {
		case strings.Contains(d.Before+d.After, "\n"):
			taken, given := changedLines(d.Before, d.After)
			lines = append(lines, listed(d.Field, taken, given)...)
		case len(d.Taken)+len(d.Given) > 0:
			lines = append(lines, listed(d.Field, d.Taken, d.Given)...)
		case s.Verb == plan.Change:
			line := c.p.With("cli.plan.field", message.Args{"Field": d.Field, "Before": cmp.Or(d.Before, "-"), "After": cmp.Or(d.After, "-")})
			if d.Irreversible {
				line += " (" + c.p.Text("setting.one_way") + ")"
			}
			lines = append(lines, line)
		case s.Verb == plan.Remove:
			lines = append(lines, "    - "+d.Field+": "+d.Before)
		default:
			lines = append(lines, "    + "+d.Field+": "+d.After)
		}
	}
	return lines
}

// listed are the parts of a list that go and that come.
func listed(field string, taken, given []string) []string {
	lines := []string{"    " + field + ":"}
	for _, t := range taken {
		lines = append(lines, "      - "+t)
	}
	for _, g := range given {
		lines = append(lines, "      + "+g)
	}
	return lines
}

// changedLines are the lines of a text that go and come; all of both where they only change places.
func changedLines(before, after string) (taken, given []string) {
	was, is := strings.Split(strings.TrimSpace(before), "\n"), strings.Split(strings.TrimSpace(after), "\n")
	if before == "" {
		return nil, is
	}
	if after == "" {
		return was, nil
	}
	taken = slices.DeleteFunc(slices.Clone(was), func(l string) bool { return slices.Contains(is, l) })
	given = slices.DeleteFunc(slices.Clone(is), func(l string) bool { return slices.Contains(was, l) })
	if len(taken)+len(given) == 0 {
		return was, is
	}
	return taken, given
}

// marked colours lines by the sign they begin with, on a terminal that shows colours: what comes, changes and goes is told apart
// by the sign everywhere, and at a glance there.
func (c *cli) marked(lines []string) []string {
	if !c.env.Terminal(c.out) || c.env.Get("NO_COLOR") != "" || c.look.theme == "mono" {
		return lines
	}
	colours := map[string]ansi.BasicColor{"+ ": ansi.Green, "~ ": ansi.Yellow, "- ": ansi.Red}
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = line
		text := strings.TrimLeft(line, " ")
		if colour, ok := colours[text[:min(len(text), 2)]]; ok {
			out[i] = line[:len(line)-len(text)] + ansi.NewStyle().ForegroundColor(colour).Styled(text)
		}
	}
	return out
}
