package member

import (
	"context"
	"slices"
	"strconv"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/list"
	core "reeve/core/member"
	"reeve/core/message"
	"reeve/core/role"
	"reeve/tui/screen"
	"reeve/tui/widget"
)

// candidateLimit bounds the accounts that the add dialog offers at once; the filter finds the rest by name.
const candidateLimit = 500

type choices struct {
	people []access.Principal
	roles  []role.Role
}

// add is two steps: whom, then which roles.
func (s *List) add() []screen.Event {
	env := s.env
	return []screen.Event{screen.Run("candidates", "", func(ctx context.Context) (c choices, err error) {
		page, err := env.Members.Candidates(ctx, s.ref, list.Query{Limit: candidateLimit})
		if err != nil {
			return c, err
		}
		c.people = page.Items
		c.roles, err = env.Roles.List(ctx, s.ref)
		return c, err
	}, func(c choices, err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		if len(c.people) == 0 {
			return []screen.Event{screen.Say{Level: widget.ToastInfo, Text: message.Text{ID: "member.add.nobody"}}}
		}
		items := make([]widget.Item, len(c.people))
		for i, p := range c.people {
			items[i] = widget.Item{ID: p.Name, Cells: []string{p.Name}}
		}
		pick := widget.NewPicker(env.With("member.add.title", message.Args{"Workspace": s.ref.Workspace}), items, "")
		pick.Several, pick.Hint, pick.NoMatch = true, env.Text("member.add.hint"), env.Text("list.no_match")
		return []screen.Event{screen.Show{Overlay: screen.Pick(pick, func(p *widget.Picker) []screen.Event {
			users := p.Checked()
			if len(users) == 0 && p.Chosen() != "" {
				users = []string{p.Chosen()}
			}
			if len(users) == 0 {
				return nil
			}
			return s.pickRoles(c.roles, nil, env.With("member.add.roles", message.Args{"Count": len(users)}), func(roles []string) []screen.Event {
				return s.confirmAdd(core.Batch{Users: users, Roles: roles})
			})
		})}}
	})}
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

func (s *List) confirmAdd(in core.Batch) []screen.Event {
	env := s.env
	return s.preview(env.With("member.add.effect", message.Args{"Count": len(in.Users)}), env.Text("action.member.add.short"),
		func(ctx context.Context) (control.Outcome, error) { return env.Members.PreviewAdd(ctx, s.ref, in) },
		func() []screen.Event {
			return s.run("add", func(ctx context.Context) ([]core.Member, error) { return env.Members.Add(ctx, s.ref, in) },
				func(added []core.Member) []screen.Event {
					return []screen.Event{screen.Did{Text: message.Text{ID: "member.added", Args: message.Args{"Count": len(added)}},
						Undo: func() []screen.Event {
							return s.run("undo", func(ctx context.Context) ([]core.Member, error) {
								return env.Members.Remove(ctx, s.ref, core.Removal{Users: in.Users, OwnLoss: true})
							}, s.undone)
						}}}
				})
		})
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

func (s *List) confirmRoles(members []core.Member, codes []string) []screen.Event {
	env := s.env
	ends, same := endsOf(members, codes)
	if !same {
		return []screen.Event{screen.Say{Level: widget.ToastWarning, Text: message.Text{ID: "member.ends_differ"}}}
	}
	return s.confirmHolds(members, codes, ends, env.Fail, nil)
}

// endsOf are the ends that roles to be kept have; same is false if the members hold one of them until different times, so that
// one change for all would move somebody's end unasked.
func endsOf(members []core.Member, codes []string) (ends map[string]time.Time, same bool) {
	ends = map[string]time.Time{}
	for i, m := range members {
		for _, code := range codes {
			end := time.Time{}
			for _, r := range m.Roles {
				if r.Code == code && r.Until != nil {
					end = *r.Until
				}
			}
			if before, known := ends[code]; i > 0 && known && !before.Equal(end) {
				return nil, false
			}
			ends[code] = end
		}
	}
	return ends, true
}

// until asks until when a member is to hold which of the roles they have.
func (s *List) until(m core.Member) []screen.Event {
	env := s.env
	var options []widget.Option
	var codes []string
	for _, r := range m.Roles {
		options = append(options, widget.Option{ID: r.Code, Label: s.roleName(r)})
		codes = append(codes, r.Code)
	}
	var chosen []string
	if len(codes) == 1 {
		chosen = codes
	}
	form := widget.NewForm(widget.MultiField("role", env.Text("column.roles"), options, chosen).WithValidate(env.SomeRole), env.UntilField())
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.With("member.until.title", message.Args{"Name": m.Name}), form, func(f *widget.Form) []screen.Event {
		ends, _ := endsOf([]core.Member{m}, codes)
		until, _ := env.ParseUntil(f.Value("until"))
		for _, code := range f.Values("role") {
			ends[code] = until
		}
		return s.confirmHolds([]core.Member{m}, codes, ends, box.Failed, []screen.Event{screen.Hide{Overlay: box}})
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

// confirmHolds shows what it does that members hold these roles until these times, and does it on a yes; see screen.Env.Confirm.
func (s *List) confirmHolds(members []core.Member, codes []string, ends map[string]time.Time, failed func(error) []screen.Event, before []screen.Event) []screen.Event {
	env := s.env
	in := core.Batch{Users: names(members), Roles: codes, Ends: ends, Versions: map[string]int64{}}
	for _, m := range members {
		in.Versions[m.Name] = m.Version
	}
	return env.Confirm(failed, before, env.Text("form.save"),
		func(ctx context.Context) (control.Outcome, error) { return env.Members.PreviewSetRoles(ctx, s.ref, in) },
		func() []screen.Event {
			in.OwnLoss = true // the preview has said so
			return s.run("roles", func(ctx context.Context) ([]core.Member, error) { return env.Members.SetRoles(ctx, s.ref, in) },
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
	ends, _ := endsOf([]core.Member{m}, codes)
	in := core.Batch{Users: []string{m.Name}, Roles: codes, Ends: ends, Versions: map[string]int64{m.Name: version}, OwnLoss: true}
	return s.run("undo", func(ctx context.Context) ([]core.Member, error) { return s.env.Members.SetRoles(ctx, s.ref, in) }, s.undone)
}

func (s *List) remove(members []core.Member) []screen.Event {
	env := s.env
	users := names(members)
	title := env.With("member.remove.title", message.Args{"Count": len(users), "Names": short(users)})
	return s.preview(title, env.Text("action.member.remove.short"),
		func(ctx context.Context) (control.Outcome, error) {
			return env.Members.PreviewRemove(ctx, s.ref, core.Removal{Users: users})
		},
		func() []screen.Event {
			return s.run("remove", func(ctx context.Context) ([]core.Member, error) {
				return env.Members.Remove(ctx, s.ref, core.Removal{Users: users, OwnLoss: true})
			},
				func(gone []core.Member) []screen.Event {
					return []screen.Event{screen.Did{Text: message.Text{ID: "member.removed", Args: message.Args{"Count": len(gone)}}}}
				})
		})
}

// preview asks the gate what an act would do, shows it, and carries it out when it is confirmed.
func (s *List) preview(title, verb string, ask func(context.Context) (control.Outcome, error), yes func() []screen.Event) []screen.Event {
	return []screen.Event{screen.Run("preview", "", ask, func(o control.Outcome, err error) []screen.Event {
		if err != nil {
			return s.env.Fail(err)
		}
		return []screen.Event{screen.Show{Overlay: s.env.Preview(o, title, verb, yes)}}
	})}
}

func (s *List) run(key string, do func(context.Context) ([]core.Member, error), done func([]core.Member) []screen.Event) []screen.Event {
	return []screen.Event{screen.Run(key, s.env.Text("job.saving"), do, func(m []core.Member, err error) []screen.Event {
		if err != nil {
			return s.env.Fail(err)
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
