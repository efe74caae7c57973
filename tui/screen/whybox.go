package screen

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/question"
	"reeve/tui/paint"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// whyBox shows an answer with its reasons; tab turns it around to who else may.
type whyBox struct {
	Wordless
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
	case "a", "ctrl+a":
		if grants := b.grants(); len(grants) > 0 {
			return b.env.AskFor(grants, b.subject.Ref), true
		}
	case "up", "k":
		b.top = max(0, b.top-1)
	case "down", "j":
		b.top = min(b.last, b.top+1)
	case "tab":
		if b.subject.Plane == question.Console {
			break // who may do something in the console is not kept the other way round
		}
		b.turned, b.top = !b.turned, 0
		if b.turned && b.who == nil {
			return []Event{Run("who", "", b.askWho, func(h question.Holders, err error) []Event {
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

func (b *whyBox) askWho(ctx context.Context) (question.Holders, error) {
	q := b.subject
	if q.Plane == question.Tenant {
		return b.env.Questions.WhoTenant(ctx, q.Ref.Region, question.Wanted{Capability: q.Capability})
	}
	return b.env.Questions.Who(ctx, q.Ref, q.Module, q.Level)
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
	keys := []widget.FooterKey{{Key: "tab", Title: turn}, {Key: "y", Title: b.env.Text("action.list.copy.short")}, {Key: "esc", Title: b.env.Text("effect.back")}}
	if b.subject.Plane == question.Console {
		keys = keys[1:]
	}
	if len(b.grants()) > 0 {
		keys = append([]widget.FooterKey{{Key: "a", Title: b.env.Text("refused.ask_for")}}, keys...)
	}
	lines = append(lines, paint.Empty(inner), widget.Footer(th, keys, 0, "", theme.Muted, inner))
	return paint.Overlaid(th, b.env.Text("why.title"), b.env.With("effect.revision", message.Args{"Revision": b.answer.Revision}), lines, w)
}

// grants are what the viewer could ask for to be answered yes; nobody asks for others.
func (b *whyBox) grants() []fault.Grant {
	if b.answer.User.ID != b.env.Actor.Principal {
		return nil
	}
	return b.answer.Grants()
}

// what is what the question is about, in words: a level on a module, a capability, an operation.
func (b *whyBox) what() string {
	q := b.subject
	switch q.Plane {
	case question.Tenant:
		return b.env.Text("capability." + q.Capability.Code())
	case question.Console:
		return q.Action
	case question.Workspace:
	}
	return strings.ToLower(b.env.level(q.Level)) + " " + b.env.module(q.Module)
}

func (b *whyBox) where() string {
	switch b.subject.Plane {
	case question.Tenant:
		return b.subject.Ref.Region
	case question.Console:
		return b.subject.Resource
	case question.Workspace:
	}
	return b.answer.Target.WorkspaceName
}

func (b *whyBox) question() string {
	return b.env.With("why.question", message.Args{"User": b.answer.User.Name, "What": b.what(), "Where": b.where()})
}

func (b *whyBox) whyLines(th *theme.Theme, w int) []string {
	verdict, role := b.env.Text("why.deny"), theme.DangerStrong
	if b.answer.Allowed {
		verdict, role = b.env.Text("why.allow"), theme.GoodStrong
	}
	var lines []string
	for i, line := range paint.Wrap(b.question(), w-paint.Width(verdict)-2) { // the verdict is seen however long the question is
		l := paint.NewLine(th, w).Text(theme.Title, line)
		if i == 0 {
			l.Right(role, verdict)
		}
		lines = append(lines, l.String())
	}
	lines = append(lines, paint.Empty(w))
	for _, c := range b.answer.Because {
		sign, role := th.Glyphs.Speck, theme.Muted
		switch {
		case c.Effect == access.Removes || refuses(c.Kind):
			sign, role = th.Glyphs.Cross, theme.Danger
		case c.Effect == access.Decides && b.answer.Allowed:
			sign, role = th.Glyphs.Check, theme.Good
		case c.Effect == access.Decides:
			sign, role = th.Glyphs.Cross, theme.Danger
		}
		what, about := b.env.Contribution(b.answer.Snapshot, b.what(), c)
		line := paint.NewLine(th, w).Gap(1).Text(role, sign).Gap(1)
		if about == "" {
			lines = append(lines, line.Text(theme.Text, what).String())
			continue
		}
		line.Clip(theme.Text, what, 30)
		for _, part := range paint.Wrap(about, w-35) {
			lines = append(lines, line.To(34).Text(theme.Muted, part).String())
			line = paint.NewLine(th, w)
		}
	}
	if len(b.answer.Ways) > 0 {
		lines = append(lines, paint.Empty(w))
		for _, way := range b.answer.Ways {
			lines = append(lines, paint.NewLine(th, w).Gap(1).Text(theme.Accent, th.Glyphs.Arrow).Gap(1).
				Text(theme.Text, b.env.way(b.answer.Snapshot, way)).Gap(2).Text(theme.Muted, b.env.With("why.way.adds", message.Args{"Count": way.Adds})).String())
		}
	}
	for i, right := range b.answer.Engines {
		if i == 0 {
			lines = append(lines, paint.Empty(w), paint.NewLine(th, w).Gap(1).Text(theme.Header, b.env.Text("effective.engines")).String())
		}
		lines = append(lines, b.env.EngineLine(th, w, b.answer.Snapshot, b.answer.Target.Workspace, right))
	}
	if ask := b.env.names(b.answer.Snapshot, b.answer.Ask); ask != "" {
		lines = append(lines, paint.NewLine(th, w).Gap(1).Text(theme.Accent, th.Glyphs.Arrow).Gap(1).
			Text(theme.Muted, b.env.With("fault.denied.ask", message.Args{"Who": ask})).String())
	}
	return lines
}

func (b *whyBox) whoLines(th *theme.Theme, w int) []string {
	head := b.env.With("why.who", message.Args{"What": b.what(), "Where": b.where()})
	lines := []string{paint.NewLine(th, w).Text(theme.Title, head).String(), paint.Empty(w)}
	if b.who == nil {
		return append(lines, paint.NewLine(th, w).Text(theme.Skeleton, b.env.Text("list.loading")).String())
	}
	for _, h := range b.who.Holders {
		p, _ := b.who.Snapshot.Principal(h.Principal)
		var ways []string
		for _, c := range h.Because {
			what, _ := b.env.Contribution(b.who.Snapshot, b.what(), c)
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
		what, about := b.env.Contribution(b.answer.Snapshot, b.what(), c)
		out.WriteString("- " + what + ": " + about + "\n")
	}
	return out.String()
}
