package screen

import (
	"context"
	"strings"

	"reeve/core/directory"
	"reeve/core/message"
	"reeve/tui/widget"
)

// SyncDirectory reads a directory source anew, asking which where there are several: what comes, changes and goes is shown first, and done
// on a yes.
func (e *Env) SyncDirectory() []Event {
	return []Event{Run("sources", "", e.Directories.List, func(found []directory.Source, err error) []Event {
		switch {
		case err != nil:
			return e.Fail(err)
		case len(found) == 0:
			return []Event{Say{Level: widget.ToastInfo, Text: message.Text{ID: "sync.no_source"}}}
		case len(found) == 1:
			return e.syncDryRun(found[0].Name)
		}
		var items []widget.Item
		for _, f := range found {
			when := e.Text("time.never")
			if f.SyncedAt != nil {
				when = e.Ago(*f.SyncedAt)
			}
			items = append(items, widget.Item{ID: f.Name, Cells: []string{f.Name, f.URL, when}})
		}
		return []Event{Show{Overlay: Pick(widget.NewPicker(e.Text("sync.which"), items, ""), func(p *widget.Picker) []Event {
			if p.Chosen() == "" {
				return nil
			}
			return e.syncDryRun(p.Chosen())
		})}}
	})}
}

// SyncSource is SyncDirectory for one source.
func (e *Env) SyncSource(source string) []Event { return e.syncDryRun(source) }

// syncDryRun says who comes, changes and goes before anything does.
func (e *Env) syncDryRun(source string) []Event {
	return []Event{Run("sync", e.Text("sync.reading"), func(ctx context.Context) (directory.Report, error) {
		return e.Directories.DryRun(ctx, directory.Sync{Source: source})
	}, func(r directory.Report, err error) []Event {
		if err != nil {
			return e.Fail(err)
		}
		n := r.Counts
		in := directory.Sync{Source: source, OwnLoss: true}
		if r.Braked { // what was seen is allowed, and not one more
			in.Allow = directory.Allowed{Set: true, Count: max(n.Goes, n.GroupsGo, n.MembersGone), Share: -1}
		}
		yes := func() []Event {
			if r.Braked {
				return []Event{Show{Overlay: e.syncBrake(r, in)}}
			}
			return e.sync(in)
		}
		note := e.With("sync.same", message.Args{"Count": n.Same})
		return []Event{Show{Overlay: e.Foretold(e.With("sync.title", message.Args{"Source": source}), note, e.Text("action.directory.sync.short"), e.syncEffects(r), yes)}}
	})}
}

// syncBrake asks for the name of the source where more goes than it allows.
func (e *Env) syncBrake(r directory.Report, in directory.Sync) Overlay {
	n := r.Counts
	args := message.Args{"Users": n.Goes, "Groups": n.GroupsGo, "Members": n.MembersGone, "Name": r.Source}
	d := widget.NewDialog(e.With("sync.brake.title", args), []widget.BodyLine{{Text: e.With("sync.brake.body", args)}},
		widget.Choice{ID: "no", Label: e.Text("dialog.cancel"), Key: "n"},
		widget.Choice{ID: "yes", Label: e.Text("action.directory.sync.short"), Key: "y", Danger: true}).
		RequireName(e.With("dialog.type_name", args), r.Source)
	return Ask(d, func(choice string) []Event {
		if choice != "yes" {
			return nil
		}
		return e.sync(in)
	})
}

func (e *Env) sync(in directory.Sync) []Event {
	return []Event{Run("sync", e.Text("sync.reading"), func(ctx context.Context) (directory.Report, error) { return e.Directories.Sync(ctx, in) },
		func(r directory.Report, err error) []Event {
			if err != nil {
				return e.Fail(err)
			}
			n := r.Counts
			return []Event{Did{Text: message.Text{ID: "sync.done", Args: message.Args{"Source": r.Source, "Comes": n.Comes, "Changes": n.Changes, "Goes": n.Goes}}}}
		})}
}

// changeLines bounds the changes of a preview that are told field by field, and the faults that are told.
const changeLines = 20

// syncEffects puts a report into the lines of a preview: what goes first.
func (e *Env) syncEffects(r directory.Report) []widget.Effect {
	n := r.Counts
	var out []widget.Effect
	add := func(kind widget.EffectKind, word string, count int, what, names string) {
		if count > 0 {
			out = append(out, widget.Effect{Kind: kind, Word: e.Text("sync.word." + word), Count: e.With(what, message.Args{"Count": count}), Names: names})
		}
	}
	add(widget.EffectLoses, "goes", n.Goes, "sync.users", Some(r.Goes))
	add(widget.EffectLoses, "goes", n.GroupsGo, "sync.groups", Some(r.GroupsGo))
	add(widget.EffectLoses, "goes", n.MembersGone, "sync.memberships", memberships(r, func(m directory.GroupLine) int { return m.Gone }))
	add(widget.EffectGains, "comes", n.Comes, "sync.users", Some(r.Comes))
	add(widget.EffectGains, "comes", n.GroupsCome, "sync.groups", Some(r.GroupsCome))
	add(widget.EffectGains, "comes", n.MembersAdd, "sync.memberships", memberships(r, func(m directory.GroupLine) int { return m.Add }))
	add(widget.EffectKeeps, "changes", n.Changes, "sync.users", "")
	for _, ch := range r.Changes[:min(len(r.Changes), changeLines)] {
		var fields []string
		for _, f := range ch.Fields {
			fields = append(fields, e.Text("column."+f.Field)+": "+dash(f.From)+" → "+dash(f.To))
		}
		out = append(out, widget.Effect{Kind: widget.EffectKeeps, Word: e.Text("sync.word.changes"), Count: ch.Name, What: strings.Join(fields, ", ")})
	}
	for _, f := range r.Faults[:min(len(r.Faults), changeLines)] {
		out = append(out, widget.Effect{Kind: widget.EffectUnseen, Word: e.Text("sync.word.passed_over"), Count: f.Entry, What: e.Say.Say(f.What)})
	}
	if len(out) == 0 {
		out = append(out, widget.Effect{Kind: widget.EffectKeeps, Word: e.Text("effect.nothing"), What: e.Text("sync.nothing")})
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
func memberships(r directory.Report, count func(directory.GroupLine) int) string {
	var list []string
	for _, m := range r.Memberships {
		if count(m) > 0 {
			list = append(list, m.Group)
		}
	}
	return Some(list)
}
