package screen

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// named bounds the names that one line of a preview says.
const named = 6

// Effects puts what an act would do to access into words, on every plane: losses first.
func (e *Env) Effects(o control.Outcome) []widget.Effect {
	var out []widget.Effect
	wide := several(o.Effect)
	for _, c := range o.Effect.AdminLosses {
		out = append(out, e.right(widget.EffectLoses, o.Before, c.Principals, e.Text("effect.administers"), ""))
	}
	for _, c := range o.Effect.Losses {
		out = append(out, e.change(widget.EffectLoses, "effect.loses", o, c, wide))
	}
	out = append(out, e.others(widget.EffectLoses, o.Before, o.Effect.TenantLosses, o.Effect.ConsoleLosses)...)
	for _, k := range o.Effect.Keeps {
		through := e.Text("effect.keeps_otherwise")
		if r, ok := o.After.Role(k.Through); ok {
			through = e.With("effect.keeps_through", message.Args{"Role": control.RoleName(r), "Level": e.level(k.Level), "Module": e.module(k.Module)})
		}
		out = append(out, e.right(widget.EffectKeeps, o.After, k.Principals, through, ""))
	}
	for _, c := range o.Effect.Gains {
		out = append(out, e.change(widget.EffectGains, "effect.gains", o, c, wide))
	}
	out = append(out, e.others(widget.EffectGains, o.After, o.Effect.TenantGains, o.Effect.ConsoleGains)...)
	for _, c := range o.Effect.AdminGains {
		out = append(out, e.right(widget.EffectGains, o.After, c.Principals, e.Text("effect.administers"), ""))
	}
	if len(out) == 0 {
		out = append(out, widget.Effect{Kind: widget.EffectKeeps, Word: e.Text("effect.nothing"), What: e.Text("effect.nobody")})
	}
	return out
}

// others are the losses or gains outside of workspaces: in the global modules of a region, and in the console. What the same
// people lose or gain at the same place is one line.
func (e *Env) others(kind widget.EffectKind, s *access.Snapshot, tenant []access.TenantChange, console []access.ConsoleChange) []widget.Effect {
	var lines []elsewhere
	for _, c := range tenant {
		where := c.Region
		if where == "" {
			where = e.Text("effect.other_regions")
		}
		lines = joined(lines, elsewhere{who: c.Principals, where: where, what: []string{e.Text("capability." + c.Capability.Code())}})
	}
	for _, c := range console {
		lines = joined(lines, elsewhere{who: c.Principals, where: c.Scope, what: []string{c.Action}})
	}
	var out []widget.Effect
	for _, l := range lines {
		out = append(out, e.right(kind, s, l.who, strings.Join(l.what, " · "), l.where))
	}
	return out
}

// elsewhere is what some people lose or gain at one place that is no workspace.
type elsewhere struct {
	who   []access.PrincipalID
	where string
	what  []string
}

func joined(lines []elsewhere, l elsewhere) []elsewhere {
	for i := range lines {
		if lines[i].where == l.where && slices.Equal(lines[i].who, l.who) {
			lines[i].what = append(lines[i].what, l.what...)
			return lines
		}
	}
	return append(lines, l)
}

// right is one effect that has no level before or after it.
func (e *Env) right(kind widget.EffectKind, s *access.Snapshot, who []access.PrincipalID, what, where string) widget.Effect {
	words := map[widget.EffectKind]string{widget.EffectLoses: "effect.loses", widget.EffectKeeps: "effect.keeps", widget.EffectGains: "effect.gains"}
	return widget.Effect{Kind: kind, Word: e.Text(words[kind]), Count: e.people(len(who)), What: what, Where: where, Names: e.affected(s, who)}
}

// change is one loss or gain: what is lost or gained, and what is had instead or was had before.
// With wide set it says in which workspace.
func (e *Env) change(kind widget.EffectKind, word string, o control.Outcome, c access.Change, wide bool) widget.Effect {
	level, snap, where := c.From, o.Before, e.With("effect.then", message.Args{"Level": e.level(c.To)})
	if kind == widget.EffectGains {
		level, snap, where = c.To, o.After, e.With("effect.was", message.Args{"Level": e.level(c.From)})
	}
	if wide {
		w, _ := snap.Workspace(c.Workspace)
		where = w.Region + "/" + w.Name + " · " + where
	}
	return widget.Effect{
		Kind: kind, Word: e.Text(word), Count: e.people(len(c.Principals)),
		What:  e.With("effect.on", message.Args{"Level": e.level(level), "Module": e.module(c.Module)}),
		Where: where, Names: e.affected(snap, c.Principals),
	}
}

// several tells of an effect in more than one workspace, whose lines have to say which.
func several(effect access.Effect) bool {
	all := slices.Concat(effect.Losses, effect.Gains)
	return slices.ContainsFunc(all, func(c access.Change) bool { return c.Workspace != all[0].Workspace })
}

func (e *Env) people(n int) string { return e.With("effect.people", message.Args{"Count": n}) }

func (e *Env) level(l access.Level) string   { return e.Text("level." + l.String()) }
func (e *Env) module(m access.Module) string { return e.Text("module." + m.Code()) }

// affected names whom an effect meets. Whoever is about to do it comes first, marked: rights of one's own must not go unseen
// among those of others.
func (e *Env) affected(s *access.Snapshot, who []access.PrincipalID) string {
	own := slices.Index(who, e.Actor.Principal)
	if own < 0 {
		return e.names(s, who)
	}
	p, _ := s.Principal(e.Actor.Principal)
	line := e.With("effect.you", message.Args{"Name": p.Name})
	if others := e.names(s, slices.Delete(slices.Clone(who), own, own+1)); others != "" {
		line += ", " + others
	}
	return line
}

func (e *Env) names(s *access.Snapshot, ids []access.PrincipalID) string {
	var names []string
	for _, id := range ids[:min(named, len(ids))] {
		if p, ok := s.Principal(id); ok {
			names = append(names, p.Name)
		}
	}
	line := strings.Join(names, ", ")
	if more := len(ids) - len(names); more > 0 {
		line = e.With("effect.and_more", message.Args{"Names": line, "Count": more})
	}
	return line
}

// Confirm asks the gate what an act would do, shows it, and carries it out on a yes. before are events for when the question
// could be answered; failed hears why it could not.
func (e *Env) Confirm(failed func(error) []Event, before []Event, verb string,
	ask func(context.Context) (control.Outcome, error), yes func() []Event,
) []Event {
	return []Event{Run("preview", "", ask, func(o control.Outcome, err error) []Event {
		if err != nil {
			return failed(err)
		}
		return append(before, Show{Overlay: e.Preview(o, e.Text("effect.title"), verb, yes)})
	})}
}

// effectBox shows a preview over the screen and waits for a yes.
type effectBox struct {
	Wordless
	preview widget.Preview
	top     int
	total   int
	height  int
	more    func(lines int) string
	yes     func() []Event
}

// Preview shows what an act would do; yes carries it out. With yes nil there is only a way back.
func (e *Env) Preview(o control.Outcome, title, verb string, yes func() []Event) Overlay {
	return e.PreviewWith(nil, o, title, verb, yes)
}

// PreviewWith is Preview with what else an act would do, which comparing access does not tell; it is said first.
func (e *Env) PreviewWith(besides []widget.Effect, o control.Outcome, title, verb string, yes func() []Event) Overlay {
	note := e.With("effect.revision", message.Args{"Revision": strconv.FormatUint(o.Before.Revision(), 10)})
	return e.Foretold(title, note, verb, append(besides, e.Effects(o)...), yes)
}

// Foretold shows what something would do that is not told by comparing access; yes carries it out. With yes nil there is only
// a way back.
func (e *Env) Foretold(title, note, verb string, effects []widget.Effect, yes func() []Event) Overlay {
	p := widget.Preview{Title: title, Effects: effects, Revision: note}
	if yes != nil {
		p.Keys = append(p.Keys, widget.FooterKey{Key: "enter", Title: verb})
	}
	p.Keys = append(p.Keys, widget.FooterKey{Key: "esc", Title: e.Text("effect.back")})
	more := func(lines int) string { return e.With("effect.more", message.Args{"Count": lines}) }
	return &effectBox{preview: p, more: more, yes: yes}
}

func (b *effectBox) Key(k tea.KeyPressMsg, _ time.Time) ([]Event, bool) {
	switch k.String() {
	case "esc", "q":
		return nil, true
	case "enter":
		if b.yes != nil {
			return b.yes(), true
		}
	case "up", "k":
		b.scroll(-1)
	case "down", "j":
		b.scroll(1)
	case "pgup":
		b.scroll(-b.height)
	case "pgdown", "space":
		b.scroll(b.height)
	}
	return nil, false
}

func (b *effectBox) scroll(n int) {
	b.top = max(0, min(b.top+n, b.total-b.height))
}

func (b *effectBox) Box(th *theme.Theme, w, h int) string {
	var box string
	b.height = max(1, h-4)
	preview := b.preview
	box, b.total = preview.Render(th, min(w, 96), h, b.top)
	if below := b.total - b.top - b.height; below > 0 {
		// What is lost must not be missed because it stands below the edge.
		preview.Revision = th.Glyphs.Down + " " + b.more(below)
		box, b.total = preview.Render(th, min(w, 96), h, b.top)
	}
	return box
}
