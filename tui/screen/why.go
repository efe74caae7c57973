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

// Why asks about a module of a workspace: what is known of the question is filled in, the rest is asked for, and what is
// known as a whole is answered.
func (e *Env) Why(ref control.Ref, q Question) []Event {
	if q.Whole {
		subject, err := moduleOf(ref, q.Module, q.Level)
		if err != nil {
			return e.Fail(err)
		}
		subject.User = q.User
		return e.answer(subject, e.Fail)
	}
	return e.about(q, func(ctx context.Context) ([]string, error) { return e.Roles.Holders(ctx, ref, q.Role, 1) },
		func(user string) []Event { return e.askModule(ref, q, user) })
}

// about is whom a question is about to begin with: who is under the cursor, else one who holds the role that is, and only
// without either oneself. A role that nobody holds leaves the name to be typed.
func (e *Env) about(q Question, holders func(context.Context) ([]string, error), ask func(user string) []Event) []Event {
	switch {
	case q.User != "":
		return ask(q.User)
	case q.Role == "":
		return ask(e.Actor.Name)
	}
	return []Event{Run("holder", "", holders, func(names []string, err error) []Event {
		switch {
		case err != nil:
			return e.Fail(err)
		case len(names) == 0:
			return ask("")
		}
		return ask(names[0])
	})}
}

func moduleOf(ref control.Ref, module, level string) (question.Subject, error) {
	m, err := access.ParseModule(access.PlaneWorkspace, module)
	if err != nil {
		return question.Subject{}, err
	}
	l, err := access.ParseLevel(level)
	return question.Subject{Plane: question.Workspace, Ref: ref, Module: m, Level: l}, err
}

func (e *Env) askModule(ref control.Ref, q Question, user string) []Event {
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
		e.askUser(user),
		widget.SelectField("module", e.Text("column.module"), modules, q.Module),
		widget.SelectField("level", e.Text("why.level"), []widget.Option{
			{ID: "read", Label: e.Text("level.read")}, {ID: "write", Label: e.Text("level.write")},
		}, q.Level),
	)
	return e.ask(e.With("why.ask", message.Args{"Workspace": ref.Workspace}), form, func(f *widget.Form) (question.Subject, error) {
		return moduleOf(ref, f.Value("module"), f.Value("level"))
	})
}

// WhyTenant asks about a global module of a region.
func (e *Env) WhyTenant(region string, q Question) []Event {
	return e.about(q, func(ctx context.Context) ([]string, error) { return e.TenantRoles.Holders(ctx, region, q.Role, 1) },
		func(user string) []Event { return e.askCapability(region, user) })
}

func (e *Env) askCapability(region, user string) []Event {
	var options []widget.Option
	for _, c := range access.AllCapabilities() {
		options = append(options, widget.Option{ID: c.Code(), Label: e.Text("capability." + c.Code())})
	}
	form := widget.NewForm(e.askUser(user), widget.SelectField("capability", e.Text("column.grants"), options, options[0].ID))
	return e.ask(e.With("why.ask_tenant", message.Args{"Region": region}), form, func(f *widget.Form) (question.Subject, error) {
		c, err := access.ParseCapability(f.Value("capability"))
		return question.Subject{Plane: question.Tenant, Ref: control.Ref{Region: region}, Capability: c}, err
	})
}

// WhyConsole asks about an operation of the console.
func (e *Env) WhyConsole(q Question) []Event {
	if q.User == "" {
		q.User = e.Actor.Name
	}
	var options []widget.Option
	for _, known := range access.ConsoleActions() {
		options = append(options, widget.Option{ID: known.Action, Label: known.Action})
	}
	form := widget.NewForm(e.askUser(q.User), widget.SelectField("action", e.Text("column.action"), options, options[0].ID),
		widget.TextField("resource", e.Text("column.resource"), "").WithHelp(e.Text("policy.resource.help")))
	return e.ask(e.Text("why.ask_console"), form, func(f *widget.Form) (question.Subject, error) {
		resource := strings.TrimSpace(f.Value("resource"))
		if resource == "" {
			resource = access.AnyName
		}
		return question.Subject{Plane: question.Console, Action: f.Value("action"), Resource: resource}, nil
	})
}

func (e *Env) askUser(user string) *widget.Field {
	return widget.TextField("user", e.Text("column.account"), user).WithValidate(func(s string) string {
		if strings.TrimSpace(s) == "" {
			return e.Text("fault.text.empty")
		}
		return ""
	})
}

// answer asks and shows the answer; before are events for when there is one, failed hears why there is none.
func (e *Env) answer(subject question.Subject, failed func(error) []Event, before ...Event) []Event {
	return []Event{Run("why", "", func(ctx context.Context) (question.Answer, error) { return e.Questions.Why(ctx, subject) },
		func(a question.Answer, err error) []Event {
			if err != nil {
				return failed(err)
			}
			return append(before, Show{Overlay: &whyBox{env: e, subject: subject, answer: a}})
		})}
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
		return e.answer(asked, box.Failed, Hide{Overlay: box})
	})
	return []Event{Show{Overlay: box}}
}
