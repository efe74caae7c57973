package policy

import (
	"context"
	"strings"

	"reeve/core/access"
	"reeve/core/message"
	core "reeve/core/policy"
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// simulate asks what the policy says to an operation, by itself or for somebody who would hold it.
func (a acts) simulate(p core.Policy) []screen.Event {
	env := a.env
	var options []widget.Option
	for _, known := range access.ConsoleActions() {
		options = append(options, widget.Option{ID: known.Action, Label: known.Action})
	}
	form := widget.NewForm(
		widget.SelectField("action", env.Text("column.action"), options, options[0].ID),
		widget.TextField("resource", env.Text("column.resource"), "").WithHelp(env.Text("policy.resource.help")),
		widget.TextField("user", env.Text("column.account"), "").WithHelp(env.Text("policy.user.help")),
		widget.SelectField("scope", env.Text("column.scope"), []widget.Option{
			{ID: access.ScopePage, Label: access.ScopePage}, {ID: access.ScopeOpenAPI, Label: access.ScopeOpenAPI},
		}, access.ScopePage),
	)
	var box *screen.FormBox
	box = screen.NewQuestionBox(env, env.With("policy.simulate.title", message.Args{"Name": p.Name}), form, func(f *widget.Form) []screen.Event {
		in := core.Simulation{Policy: p.Name, User: strings.TrimSpace(f.Value("user")), Action: f.Value("action"),
			Resource: strings.TrimSpace(f.Value("resource")), Scope: f.Value("scope")}
		return []screen.Event{screen.Run("simulate", "", func(ctx context.Context) (core.Simulated, error) { return env.Policies.Simulate(ctx, in) },
			func(out core.Simulated, err error) []screen.Event {
				if err != nil {
					return box.Failed(err)
				}
				return []screen.Event{screen.Hide{Overlay: box}, screen.Show{Overlay: a.verdictBox(p, out)}}
			})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

func (a acts) verdictBox(p core.Policy, out core.Simulated) screen.Overlay {
	env := a.env
	return &screen.Pages{Title: p.Name, Width: 88, Lines: func(th *theme.Theme, w int) []string {
		role := theme.DangerStrong
		if out.Verdict == core.Allowed {
			role = theme.GoodStrong
		}
		lines := []string{paint.NewLine(th, w).Text(theme.Title, out.Asked.Action).Right(role, env.Text("verdict."+string(out.Verdict))).String(),
			paint.NewLine(th, w).Text(theme.Muted, out.Asked.Resource).String(), paint.Empty(w)}
		because := env.Text("policy.simulate.nothing")
		switch {
		case out.Power == access.PowerAccount:
			because = env.Text("why.account")
		case out.Power != access.PowerNone:
			because = env.Text("why.full_access")
		case out.Statement > 0:
			name := out.Policy
			if name == "" {
				name = p.Name
			}
			because = env.With("policy.simulate.statement", message.Args{"Policy": name, "N": out.Statement})
		}
		return append(lines, paint.NewLine(th, w).Text(theme.Text, because).String())
	}}
}
