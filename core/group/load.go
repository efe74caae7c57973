package group

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
)

// Work is one task that runs or waits in a group.
type Work struct {
	ID int64 `json:"id"`
	Demand
	WorkspaceName string    `json:"workspace_name"`
	Running       bool      `json:"running"`
	At            time.Time `json:"at"` // when it came
	By            string    `json:"by"`
	// Reason is why it waits now; empty for what runs, and for what is about to.
	Reason Reason `json:"reason,omitempty"`
}

// Load is what of a group is in use, and what waits for it.
type Load struct {
	Use     Use
	Running []Work
	Waiting []Work
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

// weigh tells what runs from what waits, and why it does: each piece of waiting work is held against the group as it is now.
func weigh(g Group, work []Work, largest int) Load {
	l := Load{Use: Use{Modules: map[Module]Half{}}}
	for _, w := range work {
		if w.Running {
			l.Running, l.Use = append(l.Running, w), l.Use.Add(w.Demand)
		}
	}
	var reasons []Reason
	for _, w := range work {
		if w.Running {
			continue
		}
		if why, ok := g.Admit(l.Use, w.Demand, largest); !ok {
			w.Reason = why
			reasons = append(reasons, why)
		}
		l.Waiting = append(l.Waiting, w)
	}
	l.Reasons = Ranked(reasons)
	return l
}

// WhatIf is what other limits would do to what runs and waits now.
type WhatIf struct {
	// Over is how many CU of running work each module has beyond its new maximum: it goes on, and nothing new of it starts.
	Over map[Module]Half
	// Starts is how many that wait could start.
	Starts int
	// Never is how many could never run any more.
	Never int
	// Starved are the modules whose guarantee others could use up.
	Starved []Module
}

// Try tells what a group of other limits would do to the load.
func (l Load) Try(g Group, largest int) WhatIf {
	w := WhatIf{Over: map[Module]Half{}, Starved: g.Starved()}
	for m, used := range l.Use.Modules {
		if most := Half(2 * g.Shares.Of(m).cap(g.Size)); used > most {
			w.Over[m] = used - most
		}
	}
	use := l.Use
	for _, one := range l.Waiting {
		why, ok := g.Admit(use, one.Demand, largest)
		switch {
		case ok:
			w.Starts++
			use = use.Add(one.Demand)
		case why == WaitNever:
			w.Never++
		}
	}
	return w
}

// hits notes what an operation meets of what runs now: all of it, or that of some workspaces.
func (s *Service) hits(ctx context.Context, e *Effect, of []access.WorkspaceID) error {
	l, err := s.load(ctx, e.Before)
	if err != nil {
		return err
	}
	running, waiting := count(l.Running, of), count(l.Waiting, of)
	if running+waiting > 0 {
		e.note(true, "group.note.hits", message.Args{"Running": running, "Waiting": waiting})
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

func count(work []Work, of []access.WorkspaceID) int {
	n := 0
	for _, w := range work {
		if of == nil || slices.Contains(of, w.Workspace) {
			n++
		}
	}
	return n
}

// tries notes what other limits would do to what runs and waits now.
func (s *Service) tries(ctx context.Context, e *Effect, with Group) error {
	l, err := s.load(ctx, e.Before)
	if err != nil {
		return err
	}
	w := l.Try(with, s.terms.LargestTask)
	if over := l.Use.Total() - Half(2*with.Size); over > 0 {
		e.note(true, "group.note.full", message.Args{"CU": strconv.FormatFloat(over.CU(), 'f', 1, 64)})
	}
	for _, m := range Modules() {
		if over := w.Over[m]; over > 0 {
			e.note(true, "group.note.over", message.Args{"Module": message.Text{ID: "group.module." + string(m)}, "CU": strconv.FormatFloat(over.CU(), 'f', 1, 64)})
		}
	}
	if w.Never > 0 {
		e.note(true, "group.note.never", message.Args{"Count": w.Never})
	}
	if w.Starts > 0 {
		e.note(false, "group.note.start", message.Args{"Count": w.Starts})
	}
	return nil
}

// among says whether a workspace is associated.
func (g Group) among(id access.WorkspaceID) bool {
	return slices.ContainsFunc(g.Workspaces, func(w Workspace) bool { return w.ID == id })
}
