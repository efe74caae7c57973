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
	return a.ask(p.Name, core.Simulation{Policy: p.Name}, func(core.Simulation) {})
}

// simulating is the key of the editor that asks what the document says as it stands there, before it is saved. The question is
// kept, to be asked again after the next change.
func (a acts) simulating(name string) screen.TextKey {
	var last core.Simulation
	return screen.TextKey{Key: "ctrl+r", Title: a.env.Text("action.policy.simulate.short"), Do: func(text *screen.TextBox, document string) []screen.Event {
		last.Document = document
		first := last
		if first.Action == "" {
			first.Action, first.Scope = access.ConsoleActions()[0].Action, access.ScopePage
		}
		// What is wrong with the document is said before anything is asked.
		return []screen.Event{screen.Run("simulate", "", func(ctx context.Context) (core.Simulated, error) { return a.env.Policies.Simulate(ctx, first) },
			func(_ core.Simulated, err error) []screen.Event {
				if a.env.Fields(err)["document"] != "" {
					return text.Failed(err)
				}
				return a.ask(name, last, func(in core.Simulation) { last = in })
			})}
	}}
}

// ask asks about an operation; asked hears the question.
func (a acts) ask(name string, in core.Simulation, asked func(core.Simulation)) []screen.Event {
	env := a.env
	var options []widget.Option
	for _, known := range access.ConsoleActions() {
		options = append(options, widget.Option{ID: known.Action, Label: known.Action})
	}
	operation, scope := options[0].ID, access.ScopePage
	if in.Action != "" {
		operation, scope = in.Action, in.Scope
	}
	form := widget.NewForm(
		widget.SelectField("action", env.Text("column.action"), options, operation),
		widget.TextField("resource", env.Text("column.resource"), in.Resource).WithHelp(env.Text("policy.resource.help")),
		widget.TextField("user", env.Text("column.account"), in.User).WithHelp(env.Text("policy.user.help")),
		widget.SelectField("scope", env.Text("column.scope"), []widget.Option{
			{ID: access.ScopePage, Label: access.ScopePage}, {ID: access.ScopeOpenAPI, Label: access.ScopeOpenAPI},
		}, scope),
	)
	var box *screen.FormBox
	box = screen.NewQuestionBox(env, env.With("policy.simulate.title", message.Args{"Name": name}), form, func(f *widget.Form) []screen.Event {
		in.User, in.Action, in.Scope = strings.TrimSpace(f.Value("user")), f.Value("action"), f.Value("scope")
		in.Resource = strings.TrimSpace(f.Value("resource"))
		asked(in)
		return []screen.Event{screen.Run("simulate", "", func(ctx context.Context) (core.Simulated, error) { return env.Policies.Simulate(ctx, in) },
			func(out core.Simulated, err error) []screen.Event {
				if err != nil {
					return box.Failed(err)
				}
				return []screen.Event{screen.Hide{Overlay: box}, screen.Show{Overlay: a.verdictBox(name, out)}}
			})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

func (a acts) verdictBox(policy string, out core.Simulated) screen.Overlay {
	env := a.env
	return &screen.Pages{Title: policy, Width: 88, Lines: func(th *theme.Theme, w int) []string {
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
				name = policy
			}
			because = env.With("policy.simulate.statement", message.Args{"Policy": name, "N": out.Statement})
		}
		return append(lines, paint.NewLine(th, w).Text(theme.Text, because).String(), paint.Empty(w),
			paint.NewLine(th, w).Text(theme.Key, "esc").Gap(1).Text(theme.KeyTitle, env.Text("action.console.back.short")).String())
	}}
}
