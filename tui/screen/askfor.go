package screen

import (
	"context"
	"slices"
	"strings"

	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/request"
	"reeve/tui/widget"
)

// AskFor lets the viewer ask for one of the grants that would take a refusal away, the first of them chosen; with none it asks first
// what is wanted. ref is where the viewer is.
func (e *Env) AskFor(grants []fault.Grant, ref control.Ref) []Event {
	if len(grants) == 0 {
		return e.askWhat(ref)
	}
	g := grants[0]
	return e.askRole(request.Wanted{Kind: g.Kind, Region: g.Region, Workspace: g.Workspace, Role: g.Role})
}

// askWhat asks what is wanted, and where.
func (e *Env) askWhat(ref control.Ref) []Event {
	item := func(id string, args message.Args) widget.Item {
		return widget.Item{ID: id, Cells: []string{e.With("ask.for."+id, args)}}
	}
	var items []widget.Item
	if ref.Workspace != "" {
		items = append(items, item("here", message.Args{"Workspace": ref.Workspace}))
	}
	items = append(items, item("workspace", nil))
	if ref.Region != "" {
		items = append(items, item("tenant", message.Args{"Region": ref.Region}))
	}
	items = append(items, item("policy", nil))
	p := widget.NewPicker(e.Text("ask.what"), items, items[0].ID)
	p.NoMatch = e.Text("list.no_match")
	return []Event{Show{Pick(p, func(p *widget.Picker) []Event {
		switch p.Chosen() {
		case "here":
			return e.askRole(request.Wanted{Kind: request.WorkspaceRole, Region: ref.Region, Workspace: ref.Workspace})
		case "workspace":
			return e.askWorkspace(ref.Region)
		case "tenant":
			return e.askRole(request.Wanted{Kind: request.TenantRole, Region: ref.Region})
		case "policy":
			return e.askRole(request.Wanted{Kind: request.Policy})
		}
		return nil
	})}}
}

// askWorkspace asks for the name of a workspace: one may ask for those that one does not see.
func (e *Env) askWorkspace(region string) []Event {
	form := widget.NewForm(widget.TextField("workspace", e.Text("column.workspace"), "").WithHelp(e.With("ask.workspace.help", message.Args{"Region": region})).WithLimit(200))
	var box *FormBox
	box = NewQuestionBox(e, e.Text("ask.workspace"), form, func(f *widget.Form) []Event {
		in := request.Wanted{Kind: request.WorkspaceRole, Region: region, Workspace: strings.TrimSpace(f.Value("workspace"))}
		if id, name, ok := strings.Cut(in.Workspace, "/"); ok {
			in.Region, in.Workspace = id, name
		}
		return e.withOffers(in, func(err error) []Event {
			var missing *fault.NotFound
			if f, ok := Fault(err); ok {
				missing, _ = f.(*fault.NotFound)
			}
			if missing != nil {
				err = &fault.Invalid{Fields: []fault.Field{{Name: "workspace", Unknown: true, Text: missing.Text()}}}
			}
			return box.Failed(err)
		}, func(offers []request.Role) []Event { return append([]Event{Hide{box}}, e.askForm(in, offers)...) })
	})
	return []Event{Show{box}}
}

func (e *Env) askRole(in request.Wanted) []Event {
	return e.withOffers(in, e.Fail, func(offers []request.Role) []Event { return e.askForm(in, offers) })
}

func (e *Env) withOffers(in request.Wanted, failed func(error) []Event, then func([]request.Role) []Event) []Event {
	return []Event{Run("offers", "", func(ctx context.Context) ([]request.Role, error) { return e.Requests.Offers(ctx, in) },
		func(offers []request.Role, err error) []Event {
			if err != nil {
				return failed(err)
			}
			return then(offers)
		})}
}

// RoleField lets one choose among roles that can be asked for.
func (e *Env) RoleField(kind request.Kind, offers []request.Role, chosen string) *widget.Field {
	options := make([]widget.Option, len(offers))
	for i, r := range offers {
		options[i] = widget.Option{ID: r.Code, Label: e.Say.Say(r.Words(kind))}
		if !r.Builtin && kind != request.Policy {
			options[i].Label += "*"
		}
	}
	if !slices.ContainsFunc(offers, func(r request.Role) bool { return r.Code == chosen }) && len(offers) > 0 {
		chosen = offers[0].Code
	}
	label := "column.role"
	if kind == request.Policy {
		label = "column.policy"
	}
	return widget.SelectField("role", e.Text(label), options, chosen)
}

// EndField asks until when, as requests take it.
func (e *Env) EndField(help string) *widget.Field {
	return widget.TextField("until", e.Text("column.until"), "").WithHelp(help).WithLimit(30).WithValidate(func(s string) string {
		if _, ok := request.ParseEnd(s, e.Now().Local()); !ok {
			return e.With("until.form", message.Args{"Text": s})
		}
		return ""
	})
}

// SaidField asks for words that whoever reads the request is to see; what is wrong with them is told while they are typed.
func (e *Env) SaidField(label string, wrong func(string) (message.Text, bool)) *widget.Field {
	return widget.TextField("because", label, "").WithLimit(500).WithValidate(func(s string) string {
		if t, bad := wrong(s); bad {
			return e.Say.Say(t)
		}
		return ""
	})
}

// askForm asks for the rest and makes the request.
func (e *Env) askForm(in request.Wanted, offers []request.Role) []Event {
	form := widget.NewForm(e.RoleField(in.Kind, offers, in.Role), e.SaidField(e.Text("ask.because"), request.WhyFault), e.EndField(e.Text("ask.until.help")))
	title := e.With("ask.title."+string(in.Kind), message.Args{"Workspace": in.Workspace, "Region": in.Region})
	var box *FormBox
	box = NewFormBox(e, title, form, func(f *widget.Form) []Event {
		in.Role, in.Why = f.Value("role"), f.Value("because")
		in.End, _ = request.ParseEnd(f.Value("until"), e.Now().Local())
		return []Event{Run("ask", e.Text("job.saving"), func(ctx context.Context) (request.Made, error) { return e.Requests.Create(ctx, in) },
			func(made request.Made, err error) []Event {
				if err != nil {
					return box.Failed(err)
				}
				id := "request.made"
				if len(made.Ask) == 0 {
					id = "request.made.nobody"
				}
				return []Event{Hide{box}, Did{Text: message.Text{ID: id, Args: message.Args{
					"ID": int64(made.ID), "What": made.Words(), "Names": strings.Join(made.Ask, ", ")}}}}
			})}
	})
	return []Event{Show{box.Called(e.Text("action.request.create.short"))}}
}
