package policy

import (
	"context"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	core "reeve/core/policy"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/widget"
)

// acts are what the list and the screen of one policy do alike.
type acts struct{ env *screen.Env }

// one begins an act on one policy; nil if it is none of them.
func (a acts) one(id action.ID, p core.Policy) []screen.Event {
	switch id {
	case action.PolicyUpdate:
		return a.update(p)
	case action.PolicyDelete:
		return a.remove(p)
	case action.PolicyAttach:
		return a.attach(p)
	case action.PolicyDetach:
		return a.detach(p)
	case action.PolicySimulate:
		return a.simulate(p)
	}
	return nil
}

// draft is what a new policy begins with.
const draft = `{
  "Version": "1",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "dataworks:ModifyWorkspace",
      "Resource": "acs:dataworks:*:*:workspace/*"
    }
  ]
}
`

func (a acts) create() []screen.Event {
	env := a.env
	form := widget.NewForm(widget.TextField("name", env.Text("column.policy"), "").WithHelp(env.Text("policy.name.help")).WithLimit(128).
		WithValidate(func(v string) string {
			if what, bad := core.NameFault(v); bad {
				return env.Say.Say(what)
			}
			return ""
		}))
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.Text("policy.create.title"), form, func(f *widget.Form) []screen.Event {
		name := f.Value("name")
		return []screen.Event{screen.Hide{Overlay: box}, screen.Show{Overlay: screen.NewTextBox(env, name, draft, env.Text("form.save"),
			func(text *screen.TextBox, document string) []screen.Event {
				return []screen.Event{screen.Run("create", env.Text("job.saving"), func(ctx context.Context) (core.Policy, error) {
					return env.Policies.Create(ctx, name, document)
				}, func(p core.Policy, err error) []screen.Event {
					if err != nil {
						return text.Failed(err)
					}
					return []screen.Event{screen.Hide{Overlay: text}, a.did("policy.created", p), screen.Open{Route: route.Route{Kind: route.Policy, Item: p.Name}}}
				})}
			}).With(a.simulating(name))}}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

// update opens the document, shows the effect of what it becomes, and saves it on a yes.
func (a acts) update(p core.Policy) []screen.Event {
	env := a.env
	return []screen.Event{screen.Show{Overlay: screen.NewTextBox(env, p.Name, string(access.FormatDocument(p.Document)), env.Text("form.save"),
		func(text *screen.TextBox, document string) []screen.Event {
			in := core.Edit{Document: document, Version: p.Version}
			return a.env.Confirm(text.Failed, []screen.Event{screen.Hide{Overlay: text}}, env.Text("form.save"),
				func(ctx context.Context) (control.Outcome, error) { return env.Policies.PreviewUpdate(ctx, p.Name, in) },
				func() []screen.Event {
					in.OwnLoss = true // the preview has said so
					return a.save("policy.saved", func(ctx context.Context) (core.Policy, error) { return env.Policies.Update(ctx, p.Name, in) })
				})
		}).With(a.simulating(p.Name))}}
}

func (a acts) remove(p core.Policy) []screen.Event {
	in := core.Removal{TakeAway: true, Version: p.Version}
	return a.env.Confirm(a.env.Fail, nil, a.env.Text("action.policy.delete.short"),
		func(ctx context.Context) (control.Outcome, error) {
			return a.env.Policies.PreviewDelete(ctx, p.Name, in)
		},
		func() []screen.Event {
			in.OwnLoss = true
			return a.save("policy.deleted", func(ctx context.Context) (core.Policy, error) { return a.env.Policies.Delete(ctx, p.Name, in) })
		})
}

func (a acts) attach(p core.Policy) []screen.Event {
	env := a.env
	form := widget.NewForm(widget.TextField("user", env.Text("user.names"), "").WithHelp(env.Text("user.names.help")).WithLimit(2000), env.UntilField())
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.With("policy.attach.title", message.Args{"Name": p.Name}), form, func(f *widget.Form) []screen.Event {
		until, _ := env.ParseUntil(f.Value("until"))
		in := core.Batch{Users: screen.Words(f.Value("user")), Until: until}
		return a.env.Confirm(box.Failed, []screen.Event{screen.Hide{Overlay: box}}, env.Text("action.policy.attach.short"),
			func(ctx context.Context) (control.Outcome, error) { return env.Policies.PreviewAttach(ctx, p.Name, in) },
			func() []screen.Event {
				in.OwnLoss = true
				return a.hand("policy.attached", p, func(ctx context.Context) ([]core.Attachment, error) { return env.Policies.Attach(ctx, p.Name, in) })
			})
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

func (a acts) detach(p core.Policy) []screen.Event {
	env := a.env
	return []screen.Event{screen.Run("attachments", "", func(ctx context.Context) ([]core.Attachment, error) { return env.Policies.Attachments(ctx, p.Name) },
		func(all []core.Attachment, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			items := make([]widget.Item, len(all))
			for i, at := range all {
				items[i] = widget.Item{ID: at.User, Cells: []string{at.User, env.Text("kind." + at.Kind), env.Until(at.Until)}, Checked: len(all) == 1}
			}
			pick := widget.NewPicker(env.With("policy.detach.title", message.Args{"Name": p.Name}), items, "")
			pick.Several, pick.Hint, pick.NoMatch = true, env.Text("member.roles.hint"), env.Text("list.no_match")
			return []screen.Event{screen.Show{Overlay: screen.Pick(pick, func(pick *widget.Picker) []screen.Event {
				in := core.Batch{Users: pick.Checked()}
				return a.env.Confirm(env.Fail, nil, env.Text("action.policy.detach.short"),
					func(ctx context.Context) (control.Outcome, error) { return env.Policies.PreviewDetach(ctx, p.Name, in) },
					func() []screen.Event {
						in.OwnLoss = true
						return a.hand("policy.detached", p, func(ctx context.Context) ([]core.Attachment, error) { return env.Policies.Detach(ctx, p.Name, in) })
					})
			})}}
		})}
}

func (a acts) save(said string, do func(context.Context) (core.Policy, error)) []screen.Event {
	return []screen.Event{screen.Run("save", a.env.Text("job.saving"), do, func(p core.Policy, err error) []screen.Event {
		if err != nil {
			return a.env.Fail(err)
		}
		return []screen.Event{a.did(said, p)}
	})}
}

func (a acts) hand(said string, p core.Policy, do func(context.Context) ([]core.Attachment, error)) []screen.Event {
	return []screen.Event{screen.Run("save", a.env.Text("job.saving"), do, func(_ []core.Attachment, err error) []screen.Event {
		if err != nil {
			return a.env.Fail(err)
		}
		return []screen.Event{a.did(said, p)}
	})}
}

func (a acts) did(said string, p core.Policy) screen.Event {
	return screen.Did{Text: message.Text{ID: said, Args: message.Args{"Name": p.Name}}}
}
