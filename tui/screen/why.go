package screen

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/core/question"
	"reeve/tui/paint"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// Why asks the access question at a place: what is known of it is filled in, the rest is asked for.
func (e *Env) Why(ref control.Ref, q Question) []Event {
	var modules []widget.Option
	for _, m := range access.WorkspaceModules() {
		modules = append(modules, widget.Option{ID: m.Code(), Label: e.module(m)})
	}
	if q.User == "" {
		q.User = e.Actor.Name
	}
	if q.Module == "" {
		q.Module = access.DataStudio.Code()
	}
	if q.Level == "" {
		q.Level = access.Write.String()
	}
	form := widget.NewForm(
		widget.TextField("user", e.Text("column.account"), q.User),
		widget.SelectField("module", e.Text("column.module"), modules, q.Module),
		widget.SelectField("level", e.Text("why.level"), []widget.Option{
			{ID: "read", Label: e.Text("level.read")}, {ID: "write", Label: e.Text("level.write")},
		}, q.Level),
	)
	var box *FormBox
	box = NewFormBox(e, e.With("why.ask", message.Args{"Workspace": ref.Workspace}), form, func(f *widget.Form) []Event {
		m, err := access.ParseModule(access.PlaneWorkspace, f.Value("module"))
		if err != nil {
			return box.Failed(err)
		}
		l, err := access.ParseLevel(f.Value("level"))
		if err != nil {
			return box.Failed(err)
		}
		subject := question.Subject{Ref: ref, User: strings.TrimSpace(f.Value("user")), Module: m, Level: l}
		return []Event{Run("why", "", func(ctx context.Context) (question.Answer, error) { return e.Questions.Why(ctx, subject) },
			func(a question.Answer, err error) []Event {
				if err != nil {
					return box.Failed(err)
				}
				return []Event{Hide{Overlay: box}, Show{Overlay: &whyBox{env: e, subject: subject, answer: a}}}
			})}
	})
	return []Event{Show{Overlay: box}}
}

// whyBox shows an answer with its reasons; tab turns it around to who else may.
type whyBox struct {
	wordless
	env     *Env
	subject question.Subject
	answer  question.Answer
	who     *question.Holders
	turned  bool
	top     int
	last    int
}

func (b *whyBox) Key(k tea.KeyPressMsg, _ time.Time) ([]Event, bool) {
	switch k.String() {
	case "esc", "q", "enter":
		return nil, true
	case "y":
		return []Event{Copy{Text: b.plain()}}, false
	case "up", "k":
		b.top = max(0, b.top-1)
	case "down", "j":
		b.top = min(b.last, b.top+1)
	case "tab":
		b.turned, b.top = !b.turned, 0
		if b.turned && b.who == nil {
			return []Event{Run("who", "", func(ctx context.Context) (question.Holders, error) {
				return b.env.Questions.Who(ctx, b.subject.Ref, b.subject.Module, b.subject.Level)
			}, func(h question.Holders, err error) []Event {
				if err != nil {
					b.turned = false
					return b.env.Fail(err)
				}
				b.who = &h
				return nil
			})}, false
		}
	}
	return nil, false
}

func (b *whyBox) Box(th *theme.Theme, w, h int) string {
	w = min(w, 104)
	inner := w - 4
	var lines []string
	if b.turned {
		lines = b.whoLines(th, inner)
	} else {
		lines = b.whyLines(th, inner)
	}
	room := max(1, h-4)
	b.last = max(0, len(lines)-room)
	b.top = min(b.top, b.last)
	lines = lines[b.top:min(len(lines), b.top+room)]
	turn := b.env.Text("why.turn")
	if b.turned {
		turn = b.env.Text("why.turn_back")
	}
	lines = append(lines, paint.Empty(inner), widget.Footer(th, []widget.FooterKey{
		{Key: "tab", Title: turn}, {Key: "y", Title: b.env.Text("action.list.copy.short")}, {Key: "esc", Title: b.env.Text("effect.back")},
	}, 0, "", theme.Muted, inner))
	return paint.Overlaid(th, b.env.Text("why.title"), b.env.With("effect.revision", message.Args{"Revision": b.answer.Revision}), lines, w)
}

func (b *whyBox) question() string {
	return b.env.With("why.question", message.Args{"User": b.answer.User.Name, "Level": strings.ToLower(b.env.level(b.subject.Level)),
		"Module": b.env.module(b.subject.Module), "Workspace": b.answer.Target.WorkspaceName})
}

func (b *whyBox) whyLines(th *theme.Theme, w int) []string {
	verdict, role := b.env.Text("why.deny"), theme.DangerStrong
	if b.answer.Allowed {
		verdict, role = b.env.Text("why.allow"), theme.GoodStrong
	}
	lines := []string{paint.NewLine(th, w).Text(theme.Title, b.question()).Right(role, verdict).String(), paint.Empty(w)}
	for _, c := range b.answer.Because {
		sign, role := th.Glyphs.Speck, theme.Muted
		switch {
		case c.Effect == access.Removes || c.Kind == access.NotMember || c.Kind == access.WorkspaceClosed || c.Kind == access.WrongPlane:
			sign, role = th.Glyphs.Cross, theme.Danger
		case c.Effect == access.Decides && b.answer.Allowed:
			sign, role = th.Glyphs.Check, theme.Good
		case c.Effect == access.Decides:
			sign, role = th.Glyphs.Cross, theme.Danger
		}
		what, about := b.env.Contribution(b.answer.Snapshot, b.subject.Module, c)
		lines = append(lines, paint.NewLine(th, w).Gap(1).Text(role, sign).Gap(1).Clip(theme.Text, what, 30).To(34).Text(theme.Muted, about).String())
	}
	if len(b.answer.Ways) > 0 {
		lines = append(lines, paint.Empty(w))
		for _, way := range b.answer.Ways {
			r, _ := b.answer.Snapshot.Role(way.Role)
			lines = append(lines, paint.NewLine(th, w).Gap(1).Text(theme.Accent, th.Glyphs.Arrow).Gap(1).
				Text(theme.Text, b.env.With("why.way."+string(way.Through), message.Args{"Role": control.RoleName(r)})).Gap(2).
				Text(theme.Muted, b.env.With("why.way.adds", message.Args{"Count": way.Adds})).String())
		}
	}
	if ask := b.env.names(b.answer.Snapshot, b.answer.Ask); ask != "" {
		lines = append(lines, paint.NewLine(th, w).Gap(1).Text(theme.Accent, th.Glyphs.Arrow).Gap(1).
			Text(theme.Muted, b.env.With("fault.denied.ask", message.Args{"Who": ask})).String())
	}
	return lines
}

func (b *whyBox) whoLines(th *theme.Theme, w int) []string {
	head := b.env.With("why.who", message.Args{"Level": strings.ToLower(b.env.level(b.subject.Level)), "Module": b.env.module(b.subject.Module), "Workspace": b.answer.Target.WorkspaceName})
	lines := []string{paint.NewLine(th, w).Text(theme.Title, head).String(), paint.Empty(w)}
	if b.who == nil {
		return append(lines, paint.NewLine(th, w).Text(theme.Skeleton, b.env.Text("list.loading")).String())
	}
	for _, h := range b.who.Holders {
		p, _ := b.who.Snapshot.Principal(h.Principal)
		var ways []string
		for _, c := range h.Because {
			what, _ := b.env.Contribution(b.who.Snapshot, b.subject.Module, c)
			ways = append(ways, what)
		}
		lines = append(lines, paint.NewLine(th, w).Gap(1).Clip(theme.Text, p.Name, 28).To(31).
			Clip(theme.Muted, b.env.level(h.Level), 12).To(44).Text(theme.Muted, strings.Join(ways, ", ")).String())
	}
	return lines
}

// plain is the answer as a text to send to somebody.
func (b *whyBox) plain() string {
	var out strings.Builder
	verdict := b.env.Text("why.deny")
	if b.answer.Allowed {
		verdict = b.env.Text("why.allow")
	}
	out.WriteString(b.question() + " " + verdict + "\n")
	for _, c := range b.answer.Because {
		what, about := b.env.Contribution(b.answer.Snapshot, b.subject.Module, c)
		out.WriteString("- " + what + ": " + about + "\n")
	}
	return out.String()
}

// Contribution puts one reason into words: what it is, and what it does to the answer.
func (e *Env) Contribution(s *access.Snapshot, m access.Module, c access.Contribution) (what, about string) {
	args := message.Args{"Level": e.level(c.Level), "Module": e.module(m)}
	switch c.Kind {
	case access.Account:
		return e.Text("power.account"), e.Text("why.account")
	case access.FullAccess:
		return e.Text("power.full_access"), e.Text("why.full_access")
	case access.MemberDefault:
		return e.Text("why.default"), e.With("why.effect."+c.Effect.String(), args)
	case access.NotMember:
		return e.Text("why.not_member"), ""
	case access.WorkspaceClosed:
		return e.Text("why.closed"), ""
	case access.WrongPlane:
		return e.Text("why.wrong_plane"), ""
	case access.BuiltinRole, access.CustomRole:
	}
	r, _ := s.Role(c.Role)
	kind := "role.builtin"
	if c.Kind == access.CustomRole {
		kind = "role.custom"
	}
	what = e.Say.Say(control.RoleName(r)) + " (" + e.Text(kind) + ")"
	about = e.With("why.effect."+c.Effect.String(), args)
	if c.At > 0 {
		by := ""
		if p, ok := s.Principal(c.By); ok {
			by = p.Name
		}
		about += "  " + e.With("why.since", message.Args{"When": time.Unix(c.At, 0).Format(time.DateOnly), "By": by})
	}
	return what, about
}
