package member

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/list"
	core "reeve/core/member"
	"reeve/core/message"
	"reeve/core/role"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// Joining is the two lists by which members are added: on the left the accounts of the directory that are no members, on the right
// those to be added. An account that was taken stays in its place on the left, with a mark, so that nothing moves under the cursor.
type Joining struct {
	*screen.List[core.Candidate]
	env *screen.Env
	ref control.Ref
	// taken are the accounts to be added as the right list shows them, made anew when their number differs from what is marked.
	taken []core.Candidate
	right *widget.Table
	// there says that the keys go to the right list.
	there bool
	split int // where the right list begins in the last view
}

// NewJoining makes the screen.
func NewJoining(env *screen.Env, at route.Route) *Joining {
	s := &Joining{env: env, ref: control.Ref{Region: at.Region, Workspace: at.Workspace}}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Candidate]{
		Name: "candidates-" + at.Workspace,
		Columns: []widget.Column{
			{ID: "name", Title: title("account"), Min: 12, Ideal: 20, Flex: 2},
			{ID: "display_name", Title: title("display_name"), Min: 10, Ideal: 16, Flex: 1, Priority: 2},
			{ID: "type", Title: title("type"), Min: 8, Ideal: 10, Priority: 1},
			{ID: "status", Title: title("status"), Min: 8, Ideal: 9, Priority: 3},
			{ID: "email", Title: title("email"), Min: 18, Ideal: 24, Priority: 4},
			{ID: "source", Title: title("from"), Min: 6, Ideal: 10, Priority: 5},
		},
		Sortable: []string{"name", "display_name", "type", "status", "email"},
		Fields:   []string{"name", "display_name", "type", "status", "email", "source"},
		Cells:    s.fill,
		ID:       func(c core.Candidate) int64 { return int64(c.ID) },
		Label:    func(c core.Candidate) string { return c.Name },
		Load: func(ctx context.Context, q list.Query) (list.Page[core.Candidate], error) {
			return env.Members.Candidates(ctx, s.ref, q)
		},
		Empty: func() widget.Empty {
			return widget.Empty{Title: env.Text("joining.empty"), Purpose: env.Text("joining.empty.purpose"),
				Keys: []widget.FooterKey{{Key: "L", Title: env.Text("action.directory.sync.short")}}}
		},
		Record: func(c core.Candidate) any { return c },
	}, at.Query)
	s.right = widget.NewTable([]widget.Column{
		{ID: "name", Title: title("account"), Min: 10, Ideal: 18, Flex: 2},
		{ID: "type", Title: title("type"), Min: 8, Ideal: 9, Priority: 1},
	}, s.chosen())
	s.focus(false)
	return s
}

func (s *Joining) fill(env *screen.Env, c core.Candidate, cells []widget.Cell) {
	cells[0] = widget.Cell{Text: c.Name}
	cells[1] = widget.Cell{Text: c.DisplayName, Role: theme.Muted}
	cells[2] = widget.Cell{Text: env.Text("kind." + c.Kind), Role: theme.Muted}
	cells[3] = statusCell(env, c.Status)
	cells[4] = widget.Cell{Text: c.Email, Role: theme.Muted}
	cells[5] = widget.Cell{Text: c.Source, Role: theme.Muted}
}

// statusCell is the status of an account of the directory.
func statusCell(env *screen.Env, status string) widget.Cell {
	role := theme.Faint
	switch status {
	case "disabled":
		role = theme.Warning
	case "vanished":
		role = theme.Danger
	}
	return widget.Cell{Text: env.Text("user.status." + status), Role: role}
}

// chosenRows are the rows of the right list.
type chosenRows struct{ s *Joining }

func (s *Joining) chosen() chosenRows { return chosenRows{s} }

// Len implements widget.Rows.
func (r chosenRows) Len() int { return len(r.s.taken) }

// Row implements widget.Rows.
func (r chosenRows) Row(i int) (cells []widget.Cell, marked, ok bool) {
	if i < 0 || i >= len(r.s.taken) {
		return nil, false, false
	}
	c := r.s.taken[i]
	return []widget.Cell{{Text: c.Name}, {Text: r.s.env.Text("kind." + c.Kind), Role: theme.Muted}}, false, true
}

// settle makes the right list what is marked on the left.
func (s *Joining) settle() {
	s.taken = s.Marked()
	s.right.SetRows(s.chosen())
}

func (s *Joining) focus(there bool) {
	s.there = there
	s.Focus(!there)
	s.right.SetFocused(there)
}

// Title implements screen.Screen.
func (s *Joining) Title() string { return s.env.Text("joining.title") }

// Scopes implements screen.Screen.
func (s *Joining) Scopes() []action.Scope {
	return []action.Scope{action.ScopeJoining, action.ScopeLists}
}

// Unsaved implements screen.Unsaved.
func (s *Joining) Unsaved() bool { return s.Marks() > 0 }

// Escape implements screen.Escaping: the filter is left first. Who was taken is not forgotten by it; leaving the screen asks.
func (s *Joining) Escape() bool {
	if s.there {
		s.focus(false)
		return true
	}
	return s.Unfilter()
}

// Verdict implements screen.Screen.
func (s *Joining) Verdict(id action.ID) control.Verdict {
	switch id {
	case action.MemberAdd:
		if s.Marks() == 0 {
			return control.Impossible("joining.nobody", nil)
		}
		return control.Possible()
	case action.MemberTake:
		if s.there {
			return control.Possible()
		}
		return s.List.Verdict(action.Mark)
	}
	return s.List.Verdict(id)
}

// Act implements screen.Screen.
func (s *Joining) Act(id action.ID) []screen.Event {
	switch id {
	case action.MemberTake:
		return s.take()
	case action.MemberAdd:
		return s.roles()
	case action.DirectorySync:
		return s.env.SyncDirectory()
	}
	events, _ := s.List.Act(id)
	s.settle()
	return events
}

// take puts the account under the cursor on the right, or back.
func (s *Joining) take() []screen.Event {
	if !s.there {
		events, _ := s.List.Act(action.Mark)
		s.settle()
		return events
	}
	if at := s.right.Cursor(); at >= 0 {
		s.Toggle(s.taken[at])
		s.settle()
	}
	if s.Marks() == 0 {
		s.focus(false)
	}
	return []screen.Event{screen.Changed{}}
}

// Key implements screen.Screen: the arrows to the sides go from one list to the other.
func (s *Joining) Key(k tea.KeyPressMsg) ([]screen.Event, bool) {
	if !s.Typing() {
		switch k.String() {
		case "right", "l":
			s.settle()
			s.focus(len(s.taken) > 0)
			return nil, true
		case "left", "h":
			s.focus(false)
			return nil, true
		}
	}
	if s.there {
		return nil, s.right.HandleKey(k)
	}
	return s.List.Key(k)
}

// Click implements screen.Pointed.
func (s *Joining) Click(x, y int) []screen.Event {
	if s.split > 0 && x >= s.split {
		if row, ok := s.right.RowAt(y - 1); ok {
			s.focus(true)
			s.right.Goto(row)
		}
		return nil
	}
	s.focus(false)
	return s.List.Click(x, y-1)
}

// Cursor implements screen.Typing; a line with the names of the lists stands above them.
func (s *Joining) Cursor() (x, y int, ok bool) {
	x, y, ok = s.List.Cursor()
	return x, y + 1, ok
}

// roles asks for the roles of all who were taken, and until when; then it shows what that does, and does it on a yes.
func (s *Joining) roles() []screen.Event {
	env := s.env
	return []screen.Event{screen.Run("roles", "", func(ctx context.Context) ([]role.Role, error) { return env.Roles.List(ctx, s.ref) },
		func(roles []role.Role, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			var options []widget.Option
			for _, r := range roles {
				if r.Assignable {
					options = append(options, widget.Option{ID: r.Code, Label: env.Say.Say(control.RoleName(r.Role))})
				}
			}
			form := widget.NewForm(widget.MultiField("role", env.Text("column.roles"), options, nil).WithValidate(env.SomeRole), env.UntilField())
			var box *screen.FormBox
			title := env.With("member.add.roles", message.Args{"Count": s.Marks()})
			box = screen.NewQuestionBox(env, title, form, func(f *widget.Form) []screen.Event {
				until, _ := env.ParseUntil(f.Value("until"))
				in := core.Batch{Roles: f.Values("role"), Until: until}
				for _, c := range s.Marked() {
					in.Users = append(in.Users, c.Name)
				}
				return s.confirm(box, in)
			})
			return []screen.Event{screen.Show{Overlay: box}}
		})}
}

func (s *Joining) confirm(box *screen.FormBox, in core.Batch) []screen.Event {
	env := s.env
	return env.Confirm(box.Failed, []screen.Event{screen.Hide{Overlay: box}}, env.Text("action.member.add.short"),
		func(ctx context.Context) (control.Outcome, error) { return env.Members.PreviewAdd(ctx, s.ref, in) },
		func() []screen.Event {
			return []screen.Event{screen.Run("add", env.Text("job.saving"), func(ctx context.Context) ([]core.Member, error) {
				return env.Members.Add(ctx, s.ref, in)
			}, func(added []core.Member, err error) []screen.Event {
				if err != nil {
					return env.Fail(err)
				}
				s.Unmark()
				s.settle()
				return []screen.Event{screen.Leave{}, screen.Did{Text: message.Text{ID: "member.added", Args: message.Args{"Count": len(added)}}, Undo: s.undo(in.Users)}}
			})}
		})
}

// undo takes those who were added out again.
func (s *Joining) undo(users []string) func() []screen.Event {
	env, ref := s.env, s.ref
	return func() []screen.Event {
		return []screen.Event{screen.Run("undo", env.Text("job.saving"), func(ctx context.Context) ([]core.Member, error) {
			return env.Members.Remove(ctx, ref, core.Removal{Users: users, OwnLoss: true})
		}, func(_ []core.Member, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			return []screen.Event{screen.Did{Text: message.Text{ID: "undo.done"}}}
		})}
	}
}

// rightShare is the part of the width that the right list gets, in percent, and rightMost its widest.
const (
	rightShare = 36
	rightMost  = 48
)

// View implements screen.Screen.
func (s *Joining) View(w, h int) string {
	if len(s.taken) != s.Marks() { // all that pass a filter were marked, and have come
		s.settle()
	}
	env, th := s.env, s.env.Theme
	right := min(w*rightShare/100, rightMost)
	left := w - right - 1
	s.split = left + 1
	head := func(text, other string, here bool, w int) string {
		role := theme.Muted
		if here {
			role = theme.Title
		}
		return paint.NewLine(th, w).Gap(1).Text(role, text).Right(theme.Faint, other).String()
	}
	over, back := "", ""
	switch {
	case s.there:
		back = env.Text("joining.back")
	case len(s.taken) > 0:
		over = env.Text("joining.over")
	}
	body := s.right.Render(th, right, h-1)
	if len(s.taken) == 0 {
		body = widget.Empty{Title: env.Text("joining.none"), Purpose: env.Text("joining.none.purpose")}.Render(th, right, h-1)
	}
	line := strings.TrimSuffix(strings.Repeat(paint.NewLine(th, 1).Text(theme.Line, th.Glyphs.BoxV).String()+"\n", h), "\n")
	return paint.Beside([]string{
		paint.Join(head(env.Text("joining.left"), back, !s.there, left), s.List.View(left, h-1)),
		line,
		paint.Join(head(env.With("joining.right", message.Args{"Count": len(s.taken)}), over, s.there, right), body),
	}, []int{left, 1, right})
}

var (
	_ screen.Screen   = (*Joining)(nil)
	_ screen.Typing   = (*Joining)(nil)
	_ screen.Unsaved  = (*Joining)(nil)
	_ screen.Escaping = (*Joining)(nil)
	_ screen.Pointed  = (*Joining)(nil)
)
