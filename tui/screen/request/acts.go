package request

import (
	"context"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	core "reeve/core/request"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// acts are what the list and the screen of one request do alike.
type acts struct{ env *screen.Env }

// of tells of acts on one request.
func of(id action.ID) bool {
	return id == action.RequestGrant || id == action.RequestRefuse || id == action.RequestWithdraw || id == action.RequestAudit
}

// verdict says whether an act on a request is possible, as far as it shows without asking.
func (a acts) verdict(id action.ID, r core.Request) control.Verdict {
	own := r.Requester == a.env.Actor.Principal
	switch {
	case id == action.RequestAudit:
		return control.Possible()
	case r.State != core.Pending:
		return control.Impossible("fault.request."+string(r.State), message.Args{"ID": int64(r.ID), "By": r.DecidedBy})
	case id == action.RequestWithdraw && !own:
		return control.Impossible("denied.request.withdraw", message.Args{"User": r.User})
	case id != action.RequestWithdraw && own:
		return control.Impossible("denied.request.own", nil)
	}
	return control.Possible()
}

// one begins an act on one request.
func (a acts) one(id action.ID, r core.Request) []screen.Event {
	switch id {
	case action.RequestGrant:
		return a.grant(r)
	case action.RequestRefuse:
		return a.refuse(r)
	case action.RequestWithdraw:
		return a.withdraw(r)
	case action.RequestAudit:
		return []screen.Event{screen.Open{Route: route.Route{Kind: route.Audit, Query: `"` + core.Name(r.ID, r.User) + `"`}}}
	}
	return nil
}

// ending is an end in words, empty where it is open.
func ending(env *screen.Env, e core.End) string {
	if e.Open() {
		return ""
	}
	return env.Say.Say(e.Words(func(t time.Time) string { return env.Until(&t) }))
}

func stateRole(s core.State) theme.Role {
	switch s {
	case core.Pending:
		return theme.Warning
	case core.Granted:
		return theme.Good
	case core.Refused:
		return theme.Danger
	case core.Withdrawn, core.Expired:
	}
	return theme.Faint
}

// grant asks which role and until when, shows the effect, and grants it on a yes.
func (a acts) grant(r core.Request) []screen.Event {
	env := a.env
	return []screen.Event{screen.Run("offers", "", func(ctx context.Context) ([]core.Role, error) {
		return env.Requests.Offers(ctx, core.Wanted{Kind: r.Kind, Region: r.Region, Workspace: r.Workspace})
	}, func(offers []core.Role, err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		return a.grantForm(r, offers)
	})}
}

func (a acts) grantForm(r core.Request, offers []core.Role) []screen.Event {
	env := a.env
	asked := env.Text("request.until.open")
	if end := ending(env, r.End()); end != "" {
		asked = env.With("request.until.asked", message.Args{"Until": end})
	}
	form := widget.NewForm(env.RoleField(r.Kind, offers, r.Role.Code), env.EndField(asked), env.SaidField(env.Text("request.note"), core.NoteFault))
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.With("request.grant.title", message.Args{"User": r.User, "What": r.Words()}), form, func(f *widget.Form) []screen.Event {
		in := core.Decision{Role: f.Value("role"), Note: f.Value("because"), Version: r.Version}
		in.End, _ = core.ParseEnd(f.Value("until"), env.Now().Local())
		return env.Confirm(box.Failed, []screen.Event{screen.Hide{Overlay: box}}, env.Text("action.request.grant.short"),
			func(ctx context.Context) (control.Outcome, error) { return env.Requests.PreviewGrant(ctx, r.ID, in) },
			func() []screen.Event {
				return a.change("request.granted", func(ctx context.Context) (core.Request, error) { return env.Requests.Grant(ctx, r.ID, in) }, env.Fail)
			})
	})
	return []screen.Event{screen.Show{Overlay: box.Called(env.Text("action.role.preview.short"))}}
}

func (a acts) refuse(r core.Request) []screen.Event {
	env := a.env
	form := widget.NewForm(env.SaidField(env.Text("request.why_not"), core.WhyFault))
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.With("request.refuse.title", message.Args{"User": r.User, "What": r.Words()}), form, func(f *widget.Form) []screen.Event {
		return a.change("request.refused", func(ctx context.Context) (core.Request, error) {
			return env.Requests.Refuse(ctx, r.ID, core.Decision{Note: f.Value("because"), Version: r.Version})
		}, box.Failed, screen.Hide{Overlay: box})
	})
	return []screen.Event{screen.Show{Overlay: box.Called(env.Text("action.request.refuse.short"))}}
}

func (a acts) withdraw(r core.Request) []screen.Event {
	env := a.env
	d := widget.NewDialog(env.With("request.withdraw.title", message.Args{"What": r.Words()}),
		[]widget.BodyLine{{Text: env.Text("request.withdraw.effect"), Role: theme.Muted}},
		widget.Choice{ID: "no", Label: env.Text("dialog.cancel"), Key: "n"}, widget.Choice{ID: "yes", Label: env.Text("action.request.withdraw.short"), Key: "y"})
	return []screen.Event{screen.Show{Overlay: screen.Ask(d, func(choice string) []screen.Event {
		if choice != "yes" {
			return nil
		}
		return a.change("request.withdrawn", func(ctx context.Context) (core.Request, error) {
			return env.Requests.Withdraw(ctx, r.ID, r.Version)
		}, env.Fail)
	})}}
}

func (a acts) change(said string, do func(context.Context) (core.Request, error), failed func(error) []screen.Event, before ...screen.Event) []screen.Event {
	return []screen.Event{screen.Run("save", a.env.Text("job.saving"), do, func(r core.Request, err error) []screen.Event {
		if err != nil {
			return failed(err)
		}
		return append(before, screen.Did{Text: message.Text{ID: said, Args: message.Args{"User": r.User, "ID": int64(r.ID)}}})
	})}
}
