package member

import (
	"context"
	"slices"
	"strconv"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/engine"
	core "reeve/core/member"
	"reeve/core/message"
	"reeve/core/role"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/widget"
)

// add opens the two lists by which members are added.
func (s *List) add() []screen.Event {
	at := s.at
	at.Kind, at.Query = route.Joining, ""
	return []screen.Event{screen.Open{Route: at}}
}

// pickRoles offers the roles that can be given.
func (s *List) pickRoles(roles []role.Role, held map[access.RoleID]bool, title string, done func(codes []string) []screen.Event) []screen.Event {
	env := s.env
	var items []widget.Item
	for _, r := range roles {
		item := widget.Item{ID: r.Code, Cells: []string{env.Say.Say(control.RoleName(r.Role)), env.With("role.holders", message.Args{"Count": r.Holders})}, Checked: held[r.ID]}
		if !r.Assignable {
			item.Disabled = env.Text("role.not_assignable.short")
		}
		items = append(items, item)
	}
	p := widget.NewPicker(title, items, "")
	p.Several, p.Hint, p.NoMatch = true, env.Text("member.roles.hint"), env.Text("list.no_match")
	return []screen.Event{screen.Show{Overlay: screen.Pick(p, func(p *widget.Picker) []screen.Event { return done(p.Checked()) })}}
}

// setRoles changes the roles of the chosen members; what all of them hold is checked to begin with.
func (s *List) setRoles(members []core.Member) []screen.Event {
	env := s.env
	return []screen.Event{screen.Run("roles", "", func(ctx context.Context) ([]role.Role, error) { return env.Roles.List(ctx, s.ref) },
		func(roles []role.Role, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			held := map[access.RoleID]bool{}
			for _, r := range roles {
				held[r.ID] = !slices.ContainsFunc(members, func(m core.Member) bool { return !slices.Contains(m.RoleIDs(), r.ID) })
			}
			title := env.With("member.set_roles.title", message.Args{"Name": members[0].Name})
			if len(members) > 1 {
				title = env.With("member.set_roles.many", message.Args{"Count": len(members)})
			}
			return s.pickRoles(roles, held, title, func(codes []string) []screen.Event { return s.confirmRoles(members, codes) })
		})}
}

// confirmRoles makes the members hold exactly these roles; those they hold already keep their ends.
func (s *List) confirmRoles(members []core.Member, codes []string) []screen.Event {
	return s.confirmHolds(members, core.Batch{Roles: codes, KeepEnds: true}, s.env.Fail, nil)
}

// endsOf are the ends of the roles that a member holds.
func endsOf(m core.Member) map[string]time.Time {
	ends := map[string]time.Time{}
	for _, r := range m.Roles {
		ends[r.Code] = time.Time{}
		if r.Until != nil {
			ends[r.Code] = *r.Until
		}
	}
	return ends
}

// inCommon are the roles that all of the members hold.
func inCommon(members []core.Member) []core.Held {
	var common []core.Held
	for _, r := range members[0].Roles {
		if !slices.ContainsFunc(members, func(m core.Member) bool { return !slices.Contains(m.RoleIDs(), r.ID) }) {
			common = append(common, r)
		}
	}
	return common
}

// until asks until when members are to hold which of the roles that all of them have; their other roles stay as they are.
func (s *List) until(members []core.Member) []screen.Event {
	env := s.env
	var options []widget.Option
	var codes []string
	for _, r := range inCommon(members) {
		label := roleName(s.env, r)
		if len(members) > 1 { // their ends may differ
			r.Until = nil
			label = roleName(s.env, r)
		}
		options = append(options, widget.Option{ID: r.Code, Label: label})
		codes = append(codes, r.Code)
	}
	if len(codes) == 0 {
		return []screen.Event{screen.Say{Level: widget.ToastWarning, Text: message.Text{ID: "member.until.none", Args: message.Args{"Count": len(members)}}}}
	}
	var chosen []string
	if len(codes) == 1 {
		chosen = codes
	}
	title := env.With("member.until.title", message.Args{"Name": members[0].Name})
	if len(members) > 1 {
		title = env.With("member.until.many", message.Args{"Count": len(members)})
	}
	form := widget.NewForm(widget.MultiField("role", env.Text("column.roles"), options, chosen).WithValidate(env.SomeRole), env.UntilField())
	var box *screen.FormBox
	box = screen.NewFormBox(env, title, form, func(f *widget.Form) []screen.Event {
		until, _ := env.ParseUntil(f.Value("until"))
		in := core.Batch{Roles: f.Values("role"), Until: until, Besides: true}
		return s.confirmHolds(members, in, box.Failed, []screen.Event{screen.Hide{Overlay: box}})
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

// confirmHolds shows what it does that members hold the roles of a batch, and does it on a yes; see screen.Env.Confirm.
func (s *List) confirmHolds(members []core.Member, in core.Batch, failed func(error) []screen.Event, before []screen.Event) []screen.Event {
	env := s.env
	in.Users, in.Versions = names(members), map[string]int64{}
	for _, m := range members {
		in.Versions[m.Name] = m.Version
	}
	moved := s.conflictOr(failed, before, members, in)
	return env.Confirm(moved, before, env.Text("form.save"),
		func(ctx context.Context) (control.Outcome, error) { return env.Members.PreviewSetRoles(ctx, s.ref, in) },
		func() []screen.Event {
			in.OwnLoss = true // the preview has said so
			return s.runOr(moved, "roles", func(ctx context.Context) ([]core.Member, error) { return env.Members.SetRoles(ctx, s.ref, in) },
				func(after []core.Member) []screen.Event {
					did := screen.Did{Text: message.Text{ID: "member.roles_set", Args: message.Args{"Count": len(after)}}}
					if len(members) == 1 {
						did.Undo = func() []screen.Event { return s.giveBack(members[0], after[0].Version) }
					}
					return []screen.Event{did}
				})
		})
}

// giveBack sets one member's roles to what they were.
func (s *List) giveBack(m core.Member, version int64) []screen.Event {
	var codes []string
	for _, r := range m.Roles {
		codes = append(codes, r.Code)
	}
	in := core.Batch{Users: []string{m.Name}, Roles: codes, Ends: endsOf(m), Versions: map[string]int64{m.Name: version}, OwnLoss: true}
	return s.run("undo", func(ctx context.Context) ([]core.Member, error) { return s.env.Members.SetRoles(ctx, s.ref, in) }, s.undone)
}

// removal is what taking members out does: to access, and to what goes with them.
type removal struct {
	outcome  control.Outcome
	accounts []engine.HeldAccount
}

// remove shows what members lose, the accounts they work with in the engines among it, and takes them out on a yes.
func (s *List) remove(members []core.Member) []screen.Event {
	env := s.env
	users := names(members)
	title := env.With("member.remove.title", message.Args{"Count": len(users), "Names": short(users)})
	return []screen.Event{screen.Run("preview", "", func(ctx context.Context) (r removal, err error) {
		if r.outcome, err = env.Members.PreviewRemove(ctx, s.ref, core.Removal{Users: users}); err != nil {
			return r, err
		}
		engines, err := env.Engines.List(ctx, s.ref)
		r.accounts = engine.AccountsOf(engines, users)
		return r, err
	}, func(r removal, err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		var besides []widget.Effect
		for _, a := range r.accounts {
			besides = append(besides, widget.Effect{Kind: widget.EffectLoses, Word: env.Text("effect.loses"), Count: a.User,
				What: env.With("member.remove.account", message.Args{"Account": a.Account, "Engine": a.Engine})})
		}
		return []screen.Event{screen.Show{Overlay: env.PreviewWith(besides, r.outcome, title, env.Text("action.member.remove.short"), func() []screen.Event {
			return s.run("remove", func(ctx context.Context) ([]core.Member, error) {
				return env.Members.Remove(ctx, s.ref, core.Removal{Users: users, OwnLoss: true})
			}, func(gone []core.Member) []screen.Event {
				return []screen.Event{screen.Did{Text: message.Text{ID: "member.removed", Args: message.Args{"Count": len(gone)}}}}
			})
		})}}
	})}
}

func (s *List) run(key string, do func(context.Context) ([]core.Member, error), done func([]core.Member) []screen.Event) []screen.Event {
	return s.runOr(s.env.Fail, key, do, done)
}

// runOr is run where failed hears of errors.
func (s *List) runOr(failed func(error) []screen.Event, key string, do func(context.Context) ([]core.Member, error), done func([]core.Member) []screen.Event) []screen.Event {
	return []screen.Event{screen.Run(key, s.env.Text("job.saving"), do, func(m []core.Member, err error) []screen.Event {
		if err != nil {
			return failed(err)
		}
		s.Unmark()
		return done(m)
	})}
}

func (s *List) undone([]core.Member) []screen.Event {
	return []screen.Event{screen.Did{Text: message.Text{ID: "undo.done"}}}
}

func names(members []core.Member) []string {
	out := make([]string, len(members))
	for i, m := range members {
		out[i] = m.Name
	}
	return out
}

func short(users []string) string {
	if len(users) == 1 {
		return users[0]
	}
	return users[0] + " +" + strconv.Itoa(len(users)-1)
}
