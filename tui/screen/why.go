package screen

import (
	"context"
	"strings"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/core/question"
	"reeve/tui/widget"
)

// Why asks about a module of a workspace: what is known of the question is filled in, the rest is asked for.
func (e *Env) Why(ref control.Ref, q Question) []Event {
	var modules []widget.Option
	for _, m := range access.WorkspaceModules() {
		modules = append(modules, widget.Option{ID: m.Code(), Label: e.module(m)})
	}
	if q.Module == "" {
		q.Module = access.DataStudio.Code()
	}
	if q.Level == "" {
		q.Level = access.Write.String()
	}
	form := widget.NewForm(
		e.askUser(q),
		widget.SelectField("module", e.Text("column.module"), modules, q.Module),
		widget.SelectField("level", e.Text("why.level"), []widget.Option{
			{ID: "read", Label: e.Text("level.read")}, {ID: "write", Label: e.Text("level.write")},
		}, q.Level),
	)
	return e.ask(e.With("why.ask", message.Args{"Workspace": ref.Workspace}), form, func(f *widget.Form) (question.Subject, error) {
		m, err := access.ParseModule(access.PlaneWorkspace, f.Value("module"))
		if err != nil {
			return question.Subject{}, err
		}
		l, err := access.ParseLevel(f.Value("level"))
		return question.Subject{Plane: question.Workspace, Ref: ref, Module: m, Level: l}, err
	})
}

// WhyTenant asks about a global module of a region.
func (e *Env) WhyTenant(region string, q Question) []Event {
	var options []widget.Option
	for _, c := range access.AllCapabilities() {
		options = append(options, widget.Option{ID: c.Code(), Label: e.Text("capability." + c.Code())})
	}
	form := widget.NewForm(e.askUser(q), widget.SelectField("capability", e.Text("column.grants"), options, options[0].ID))
	return e.ask(e.With("why.ask_tenant", message.Args{"Region": region}), form, func(f *widget.Form) (question.Subject, error) {
		c, err := access.ParseCapability(f.Value("capability"))
		return question.Subject{Plane: question.Tenant, Ref: control.Ref{Region: region}, Capability: c}, err
	})
}

// WhyConsole asks about an operation of the console.
func (e *Env) WhyConsole(q Question) []Event {
	var options []widget.Option
	for _, known := range access.ConsoleActions() {
		options = append(options, widget.Option{ID: known.Action, Label: known.Action})
	}
	form := widget.NewForm(e.askUser(q), widget.SelectField("action", e.Text("column.action"), options, options[0].ID),
		widget.TextField("resource", e.Text("column.resource"), "").WithHelp(e.Text("policy.resource.help")))
	return e.ask(e.Text("why.ask_console"), form, func(f *widget.Form) (question.Subject, error) {
		resource := strings.TrimSpace(f.Value("resource"))
		if resource == "" {
			resource = access.AnyName
		}
		return question.Subject{Plane: question.Console, Action: f.Value("action"), Resource: resource}, nil
	})
}

func (e *Env) askUser(q Question) *widget.Field {
	if q.User == "" {
		q.User = e.Actor.Name
	}
	return widget.TextField("user", e.Text("column.account"), q.User)
}

// ask shows the form and, once it is filled in, the answer.
func (e *Env) ask(title string, form *widget.Form, subject func(*widget.Form) (question.Subject, error)) []Event {
	var box *FormBox
	box = NewQuestionBox(e, title, form, func(f *widget.Form) []Event {
		asked, err := subject(f)
		if err != nil {
			return box.Failed(err)
		}
		asked.User = strings.TrimSpace(f.Value("user"))
		return []Event{Run("why", "", func(ctx context.Context) (question.Answer, error) { return e.Questions.Why(ctx, asked) },
			func(a question.Answer, err error) []Event {
				if err != nil {
					return box.Failed(err)
				}
				return []Event{Hide{Overlay: box}, Show{Overlay: &whyBox{env: e, subject: asked, answer: a}}}
			})}
	})
	return []Event{Show{Overlay: box}}
}
