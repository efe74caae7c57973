package group

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/core/text"
)

// Load is what of a group is in use, and what waits for it.
type Load struct {
	Use     Use
	Running []Run
	Waiting []Run
	// Reasons counts why work waits, the most frequent first.
	Reasons []Count
}

// Load reads it.
func (s *Service) Load(ctx context.Context, ref Ref) (Load, error) {
	return control.Ask(ctx, s.gate, control.Query[Load]{
		Action: action.GroupRuns,
		Target: s.on(ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Load, error) {
			g, err := s.find(ctx, Ref{Region: t.Region, Name: t.Name})
			if err != nil {
				return Load{}, err
			}
			if refused := g.seen(); refused != nil {
				return Load{}, refused
			}
			return s.load(ctx, g)
		},
	})
}

// Used is how many CU of each of the groups of a region are in use, by id.
func (s *Service) Used(ctx context.Context, region string) (map[ID]Half, error) {
	return control.Ask(ctx, s.gate, control.Query[map[ID]Half]{
		Action: action.GroupList,
		Target: s.in(region),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (map[ID]Half, error) {
			groups, err := s.visible(ctx, t.Region)
			if err != nil {
				return nil, err
			}
			used := map[ID]Half{}
			for _, g := range groups {
				l, err := s.load(ctx, g)
				if err != nil {
					return nil, err
				}
				used[g.ID] = l.Use.Total()
			}
			return used, nil
		},
	})
}

func (s *Service) load(ctx context.Context, g Group) (Load, error) {
	work, err := s.store.Work(ctx, g.ID)
	if err != nil {
		return Load{}, err
	}
	return weigh(g, work, s.terms.LargestTask), nil
}

// weigh tells what runs from what waits, and why it does.
func weigh(g Group, work []Run, largest TaskLimits) Load {
	l := Load{Use: Use{Modules: map[Module]Half{}}}
	for _, r := range work {
		if r.State == RunRunning {
			l.Running = append(l.Running, r)
			l.Use.take(r.Demand)
		} else {
			l.Waiting = append(l.Waiting, r)
		}
	}
	a := g.admitting(l.Use, lineUp(l.Waiting), largest)
	starts, _ := a.all() // a line that is a list does not fail
	about := map[int64]bool{}
	for _, r := range starts {
		about[r.ID] = true
	}
	var reasons []Reason
	for i, r := range l.Waiting {
		if !about[r.ID] {
			l.Waiting[i].Reason = a.reason(r)
			reasons = append(reasons, l.Waiting[i].Reason)
		}
	}
	l.Reasons = Ranked(reasons)
	return l
}

// WhatIf is what other limits would do to what runs and waits now.
type WhatIf struct {
	// Over is how many CU of running work each module has beyond its new maximum, and Beyond the runs that are it, the newest
	// first: they go on, and nothing new of the module starts.
	Over   map[Module]Half
	Beyond map[Module][]Run
	// Full is how many CU of running work the group has beyond its new size, Last the runs that are it.
	Full Half
	Last []Run
	// Slots is how many scheduling tasks run beyond the new concurrency.
	Slots int
	// Starts are those that wait and could start.
	Starts []Run
	// Never are those that wait and could never run any more.
	Never []Run
	// Starved are the modules whose guarantee others could use up.
	Starved []Module
}

// Try tells what a group of other limits would do to the load.
func (l Load) Try(g Group, largest TaskLimits) WhatIf {
	w := WhatIf{Over: map[Module]Half{}, Beyond: map[Module][]Run{}, Starved: g.Starved(), Slots: max(0, l.Use.Slots-g.Slots)}
	for m, used := range l.Use.Modules {
		if over := used - Half(2*g.Shares.Of(m).cap(g.Size)); over > 0 {
			w.Over[m], w.Beyond[m] = over, beyond(l.Running, over, func(r Run) bool { return r.Module == m })
		}
	}
	if over := l.Use.Total() - Half(2*g.Size); over > 0 {
		w.Full, w.Last = over, beyond(l.Running, over, func(Run) bool { return true })
	}
	w.Starts, _ = g.admitting(l.Use, lineUp(l.Waiting), largest).all() // a line that is a list does not fail
	for _, r := range l.Waiting {
		if why, ok := g.Admit(l.Use, r.Demand, largest); !ok && why == WaitNever && r.Reason != WaitNever {
			w.Never = append(w.Never, r)
		}
	}
	return w
}

// beyond are the newest of the runs that make up so many CU.
func beyond(running []Run, over Half, of func(Run) bool) (out []Run) {
	for _, r := range slices.Backward(running) {
		if over > 0 && r.CU > 0 && of(r) {
			out, over = append(out, r), over-r.CU
		}
	}
	return out
}

// named bounds the runs that a sentence names.
const named = 3

// names are the first of some runs as a sentence has them: number, what it runs, and for which workspace.
func names(runs []Run) string {
	words := make([]string, 0, named+1)
	for _, r := range runs[:min(len(runs), named)] {
		words = append(words, "#"+strconv.FormatInt(r.ID, 10)+" "+text.Quoted(r.Name)+" ("+r.WorkspaceName+")")
	}
	if len(runs) > named {
		words = append(words, "…")
	}
	return strings.Join(words, ", ")
}

// hits notes what an operation meets of what runs now: all of it, or that of some workspaces.
func (s *Service) hits(ctx context.Context, e *Effect, of []access.WorkspaceID) error {
	l, err := s.load(ctx, e.Before)
	if err != nil {
		return err
	}
	running, waiting := those(l.Running, of), those(l.Waiting, of)
	if len(running)+len(waiting) > 0 {
		e.note(true, "group.note.hits", message.Args{"Running": len(running), "Waiting": len(waiting), "Runs": names(append(running, waiting...))})
	}
	return nil
}

// defaults notes the workspaces that have the group as their default; of nil is all of them.
func (e *Effect) defaults(of []access.WorkspaceID) {
	var names []string
	for _, w := range e.Before.Workspaces {
		if w.Default && (of == nil || slices.Contains(of, w.ID)) {
			names = append(names, w.Name)
		}
	}
	if len(names) > 0 {
		e.note(true, "group.note.default", message.Args{"Workspaces": strings.Join(names, ", ")})
	}
}

func those(work []Run, of []access.WorkspaceID) (out []Run) {
	for _, r := range work {
		if of == nil || slices.Contains(of, r.Workspace) {
			out = append(out, r)
		}
	}
	return out
}

// tries notes what other limits would do to what runs and waits now.
func (s *Service) tries(ctx context.Context, e *Effect, with Group) error {
	l, err := s.load(ctx, e.Before)
	if err != nil {
		return err
	}
	for _, n := range l.Change(e.Before, with, s.terms.LargestTask).Notes(with) {
		e.note(n.Grave, n.Text.ID, n.Text.Args)
	}
	return nil
}

// Change tells what a change of limits brings: what is so already, and stays as it is, does not come from it.
func (l Load) Change(before, after Group, largest TaskLimits) WhatIf {
	was, w := l.Try(before, largest), l.Try(after, largest)
	for m, over := range w.Over {
		if was.Over[m] == over {
			delete(w.Over, m)
			delete(w.Beyond, m)
		}
	}
	if w.Full == was.Full {
		w.Full, w.Last = 0, nil
	}
	if w.Slots == was.Slots {
		w.Slots = 0
	}
	w.Starts = slices.DeleteFunc(w.Starts, func(r Run) bool { return slices.ContainsFunc(was.Starts, func(o Run) bool { return o.ID == r.ID }) })
	w.Starved = slices.DeleteFunc(w.Starved, func(m Module) bool {
		return slices.Contains(was.Starved, m) && before.Shares.Of(m).Min == after.Shares.Of(m).Min
	})
	return w
}

// Notes are what is to be known of it, in sentences that name runs. with is the group that has the other limits.
func (w WhatIf) Notes(with Group) (notes []Note) {
	note := func(grave bool, id string, args message.Args) {
		notes = append(notes, Note{grave, message.Text{ID: id, Args: args}})
	}
	if w.Full > 0 {
		note(true, "group.note.full", message.Args{"CU": w.Full.text(), "Runs": names(w.Last)})
	}
	for _, m := range Modules() {
		if over := w.Over[m]; over > 0 {
			note(true, "group.note.over", message.Args{"Module": message.Text{ID: "group.module." + string(m)}, "CU": over.text(), "Runs": names(w.Beyond[m])})
		}
	}
	if w.Slots > 0 {
		note(true, "group.note.slots", message.Args{"Count": w.Slots})
	}
	if n := len(w.Never); n > 0 {
		note(true, "group.note.never", message.Args{"Count": n, "Runs": names(w.Never)})
	}
	if n := len(w.Starts); n > 0 {
		note(false, "group.note.start", message.Args{"Count": n, "Runs": names(w.Starts)})
	}
	for _, m := range w.Starved {
		note(false, "group.note.starved", message.Args{"Module": message.Text{ID: "group.module." + string(m)}, "Min": with.Shares.Of(m).Min})
	}
	return notes
}

// text is the amount in CU, with its half.
func (h Half) text() string { return strconv.FormatFloat(h.CU(), 'f', 1, 64) }

// among says whether a workspace is associated.
func (g Group) among(id access.WorkspaceID) bool {
	return slices.ContainsFunc(g.Workspaces, func(w Workspace) bool { return w.ID == id })
}
