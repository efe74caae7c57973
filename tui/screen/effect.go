package screen

import (
	"context"
	"slices"
	"strings"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/tui/widget"
)

// named bounds the names that one line of a preview says.
const named = 6

// Effects puts what an act would do to access into words, on every plane: losses first. What would take too many lines is told in
// few unless all is to be told; short says that it was.
func (e *Env) Effects(o control.Outcome, all bool) (out []widget.Effect, short bool) {
	for _, p := range e.parts(o) {
		if all || p.lines <= p.most {
			out = append(out, p.whole()...)
			continue
		}
		short = true
		for _, sum := range o.Effect.Sums(p.part) {
			out = append(out, e.sum(p.part, p.kind, o, sum))
		}
	}
	if len(out) == 0 {
		out = append(out, widget.Effect{Kind: widget.EffectKeeps, Word: e.Text("effect.nothing"), What: e.Text("effect.nobody")})
	}
	return out, short
}

// effectPart is a part of an effect with how many lines it has, and beyond how many it is told in few.
type effectPart struct {
	part        access.Part
	kind        widget.EffectKind
	lines, most int
	whole       func() []widget.Effect
}

func (e *Env) parts(o control.Outcome) []effectPart {
	const loses, gains = widget.EffectLoses, widget.EffectGains
	x, wide := o.Effect, several(o.Effect)
	return []effectPart{
		{access.PartUnadministered, loses, len(x.Unadministered), mostAdministered, func() []widget.Effect { return e.unadministered(o.After, x.Unadministered) }},
		{access.PartAdminLosses, loses, len(x.AdminLosses), mostAdministered, func() []widget.Effect { return e.administered(loses, o.Before, x.AdminLosses, wide) }},
		{access.PartLosses, loses, len(x.Losses), mostSteps, func() []widget.Effect { return e.changes(loses, "effect.loses", o, x.Losses, wide) }},
		{access.PartTenantLosses, loses, len(x.TenantLosses), mostOthers, func() []widget.Effect { return e.others(loses, o.Before, x.TenantLosses, nil) }},
		{access.PartConsoleLosses, loses, len(x.ConsoleLosses), mostOthers, func() []widget.Effect { return e.others(loses, o.Before, nil, x.ConsoleLosses) }},
		{access.PartKeeps, widget.EffectKeeps, len(x.Keeps), mostSteps, func() []widget.Effect { return e.keeps(o) }},
		{access.PartGains, gains, len(x.Gains), mostSteps, func() []widget.Effect { return e.changes(gains, "effect.gains", o, x.Gains, wide) }},
		{access.PartTenantGains, gains, len(x.TenantGains), mostOthers, func() []widget.Effect { return e.others(gains, o.After, x.TenantGains, nil) }},
		{access.PartConsoleGains, gains, len(x.ConsoleGains), mostOthers, func() []widget.Effect { return e.others(gains, o.After, nil, x.ConsoleGains) }},
		{access.PartAdminGains, gains, len(x.AdminGains), mostAdministered, func() []widget.Effect { return e.administered(gains, o.After, x.AdminGains, wide) }},
	}
}

// The lines beyond which a part of an effect is told in few: of steps in workspaces as many as one workspace can have, of those that
// say less fewer.
const (
	mostSteps        = 24
	mostOthers       = 12
	mostAdministered = 4
)

// at is where an effect is, empty unless it has to be said.
func (e *Env) at(s *access.Snapshot, ws access.WorkspaceID, wide bool) string {
	if !wide {
		return ""
	}
	w, _ := s.Workspace(ws)
	return w.Region + "/" + w.Name
}

// sum is one line that stands for several changes.
func (e *Env) sum(part access.Part, kind widget.EffectKind, o control.Outcome, s access.Sum) widget.Effect {
	snap := o.After
	if kind == widget.EffectLoses {
		snap = o.Before
	}
	place := func(ws access.WorkspaceID) string { return e.at(snap, ws, true) }
	what, where := "", ""
	switch part {
	case access.PartLosses, access.PartGains, access.PartKeeps:
		what = e.With("effect.on", message.Args{"Level": e.level(s.Level), "Module": some(e, s.Modules, e.module)})
		where = some(e, s.Workspaces, place)
	case access.PartAdminLosses, access.PartAdminGains:
		what, where = e.With("effect.administers.several", message.Args{"Count": len(s.Workspaces)}), some(e, s.Workspaces, place)
	case access.PartUnadministered:
		return e.bare(some(e, s.Workspaces, place), s.Count)
	case access.PartTenantLosses, access.PartTenantGains:
		what = some(e, s.Capabilities, func(c access.Capability) string { return e.Text("capability." + c.Code()) })
		where = some(e, s.Regions, e.regionOr)
	case access.PartConsoleLosses, access.PartConsoleGains:
		what, where = some(e, s.Actions, itself), some(e, s.Scopes, itself)
		if !slices.Equal(s.Resources, []string{""}) {
			where += " · " + some(e, s.Resources, e.resourceOr)
		}
	}
	return e.right(kind, snap, s.Principals, what, where)
}

func itself(s string) string { return s }

// some are the first names of a list, and how many more there are.
func some[T any](e *Env, list []T, name func(T) string) string {
	var names []string
	for _, one := range list[:min(len(list), summedNames)] {
		names = append(names, name(one))
	}
	said := strings.Join(names, ", ")
	if more := len(list) - len(names); more > 0 {
		return e.With("effect.and_more", message.Args{"Names": said, "Count": more})
	}
	return said
}

// summedNames bounds the names of places and things that a line which stands for several says.
const summedNames = 3

func (e *Env) regionOr(region string) string {
	if region == "" {
		return e.Text("effect.other_regions")
	}
	return region
}

func (e *Env) resourceOr(resource string) string {
	if resource == "" {
		return e.Text("effect.every_resource")
	}
	return resource
}

// keeps are those whom a loss passes by.
func (e *Env) keeps(o control.Outcome) (out []widget.Effect) {
	for _, k := range o.Effect.Keeps {
		through := e.Text("effect.keeps_otherwise")
		if r, ok := o.After.Role(k.Through); ok {
			through = e.With("effect.keeps_through", message.Args{"Role": control.RoleName(r), "Level": e.level(k.Level), "Module": e.module(k.Module)})
		}
		out = append(out, e.right(widget.EffectKeeps, o.After, k.Principals, through, ""))
	}
	return out
}

// others are the losses or gains outside of workspaces: in the global modules of a region, and in the console. What the same
// people lose or gain at the same place is one line.
func (e *Env) others(kind widget.EffectKind, s *access.Snapshot, tenant []access.TenantChange, console []access.ConsoleChange) []widget.Effect {
	var lines []elsewhere
	for _, c := range tenant {
		lines = joined(lines, elsewhere{who: c.Principals, where: e.regionOr(c.Region), what: []string{e.Text("capability." + c.Capability.Code())}})
	}
	for _, c := range console {
		where := c.Scope
		if c.Resource != "" {
			where += " · " + c.Resource
		}
		lines = joined(lines, elsewhere{who: c.Principals, where: where, what: []string{c.Action}})
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

func (e *Env) administered(kind widget.EffectKind, s *access.Snapshot, changes []access.AdminChange, wide bool) (out []widget.Effect) {
	for _, c := range changes {
		out = append(out, e.right(kind, s, c.Principals, e.Text("effect.administers"), e.at(s, c.Workspace, wide)))
	}
	return out
}

// unadministered warns of workspaces that no member administers any more.
func (e *Env) unadministered(s *access.Snapshot, workspaces []access.WorkspaceID) (out []widget.Effect) {
	for _, ws := range workspaces {
		out = append(out, e.bare(e.at(s, ws, true), 1))
	}
	return out
}

func (e *Env) bare(where string, count int) widget.Effect {
	return widget.Effect{Kind: widget.EffectLoses, Word: e.Text("effect.warns"), What: e.With("effect.unadministered", message.Args{"Count": count}), Where: where}
}

func (e *Env) changes(kind widget.EffectKind, word string, o control.Outcome, changes []access.Change, wide bool) (out []widget.Effect) {
	for _, c := range changes {
		out = append(out, e.change(kind, word, o, c, wide))
	}
	return out
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
