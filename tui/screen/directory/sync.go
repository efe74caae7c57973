package directory

import (
	"context"
	"strings"

	core "reeve/core/directory"
	"reeve/core/message"
	"reeve/tui/screen"
	"reeve/tui/widget"
)

// chooseSource asks which directory source is synced, where there are several.
func (s *List) chooseSource() []screen.Event {
	env := s.env
	return []screen.Event{screen.Run("sources", "", env.Directories.List, func(found []core.Source, err error) []screen.Event {
		switch {
		case err != nil:
			return env.Fail(err)
		case len(found) == 0:
			return []screen.Event{screen.Say{Level: widget.ToastInfo, Text: message.Text{ID: "sync.no_source"}}}
		case len(found) == 1:
			return s.dryRun(found[0].Name)
		}
		var items []widget.Item
		for _, f := range found {
			when := env.Text("time.never")
			if f.SyncedAt != nil {
				when = env.Ago(*f.SyncedAt)
			}
			items = append(items, widget.Item{ID: f.Name, Cells: []string{f.Name, f.URL, when}})
		}
		return []screen.Event{screen.Show{Overlay: screen.Pick(widget.NewPicker(env.Text("sync.which"), items, ""), func(p *widget.Picker) []screen.Event {
			if p.Chosen() == "" {
				return nil
			}
			return s.dryRun(p.Chosen())
		})}}
	})}
}

// dryRun says who comes, changes and goes before anything does.
func (s *List) dryRun(source string) []screen.Event {
	env := s.env
	return []screen.Event{screen.Run("sync", env.Text("sync.reading"), func(ctx context.Context) (core.Report, error) {
		return env.Directories.DryRun(ctx, core.Sync{Source: source})
	}, func(r core.Report, err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		n := r.Counts
		in := core.Sync{Source: source, OwnLoss: true}
		if r.Braked { // what was seen is allowed, and not one more
			in.Allow = core.Allowed{Set: true, Count: max(n.Goes, n.GroupsGo, n.MembersGone), Share: -1}
		}
		yes := func() []screen.Event {
			if r.Braked {
				return []screen.Event{screen.Show{Overlay: s.brake(r, in)}}
			}
			return s.sync(in)
		}
		note := env.With("sync.same", message.Args{"Count": n.Same})
		return []screen.Event{screen.Show{Overlay: env.Foretold(env.With("sync.title", message.Args{"Source": source}), note, env.Text("action.directory.sync.short"), s.effects(r), yes)}}
	})}
}

// brake asks for the name of the source where more goes than it allows.
func (s *List) brake(r core.Report, in core.Sync) screen.Overlay {
	env, n := s.env, r.Counts
	args := message.Args{"Users": n.Goes, "Groups": n.GroupsGo, "Members": n.MembersGone, "Name": r.Source}
	d := widget.NewDialog(env.With("sync.brake.title", args), []widget.BodyLine{{Text: env.With("sync.brake.body", args)}},
		widget.Choice{ID: "no", Label: env.Text("dialog.cancel"), Key: "n"},
		widget.Choice{ID: "yes", Label: env.Text("action.directory.sync.short"), Key: "y", Danger: true}).
		RequireName(env.With("dialog.type_name", args), r.Source)
	return screen.Ask(d, func(choice string) []screen.Event {
		if choice != "yes" {
			return nil
		}
		return s.sync(in)
	})
}

func (s *List) sync(in core.Sync) []screen.Event {
	env := s.env
	return []screen.Event{screen.Run("sync", env.Text("sync.reading"), func(ctx context.Context) (core.Report, error) { return env.Directories.Sync(ctx, in) },
		func(r core.Report, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			n := r.Counts
			return []screen.Event{screen.Did{Text: message.Text{ID: "sync.done", Args: message.Args{"Source": r.Source, "Comes": n.Comes, "Changes": n.Changes, "Goes": n.Goes}}}}
		})}
}

// changeLines bounds the changes of a preview that are told field by field, and the faults that are told.
const changeLines = 20

// effects puts a report into the lines of a preview: what goes first.
func (s *List) effects(r core.Report) []widget.Effect {
	env, n := s.env, r.Counts
	var out []widget.Effect
	add := func(kind widget.EffectKind, word string, count int, what, names string) {
		if count > 0 {
			out = append(out, widget.Effect{Kind: kind, Word: env.Text("sync.word." + word), Count: env.With(what, message.Args{"Count": count}), Names: names})
		}
	}
	add(widget.EffectLoses, "goes", n.Goes, "sync.users", some(r.Goes))
	add(widget.EffectLoses, "goes", n.GroupsGo, "sync.groups", some(r.GroupsGo))
	add(widget.EffectLoses, "goes", n.MembersGone, "sync.memberships", memberships(r, func(m core.GroupLine) int { return m.Gone }))
	add(widget.EffectGains, "comes", n.Comes, "sync.users", some(r.Comes))
	add(widget.EffectGains, "comes", n.GroupsCome, "sync.groups", some(r.GroupsCome))
	add(widget.EffectGains, "comes", n.MembersAdd, "sync.memberships", memberships(r, func(m core.GroupLine) int { return m.Add }))
	add(widget.EffectKeeps, "changes", n.Changes, "sync.users", "")
	for _, ch := range r.Changes[:min(len(r.Changes), changeLines)] {
		var fields []string
		for _, f := range ch.Fields {
			fields = append(fields, env.Text("column."+f.Field)+": "+dash(f.From)+" → "+dash(f.To))
		}
		out = append(out, widget.Effect{Kind: widget.EffectKeeps, Word: env.Text("sync.word.changes"), Count: ch.Name, What: strings.Join(fields, ", ")})
	}
	for _, f := range r.Faults[:min(len(r.Faults), changeLines)] {
		out = append(out, widget.Effect{Kind: widget.EffectUnseen, Word: env.Text("sync.word.passed_over"), Count: f.Entry, What: env.Say.Say(f.What)})
	}
	if len(out) == 0 {
		out = append(out, widget.Effect{Kind: widget.EffectKeeps, Word: env.Text("effect.nothing"), What: env.Text("sync.nothing")})
	}
	return out
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// memberships names the groups whose members come or go.
func memberships(r core.Report, count func(core.GroupLine) int) string {
	var list []string
	for _, m := range r.Memberships {
		if count(m) > 0 {
			list = append(list, m.Group)
		}
	}
	return some(list)
}
