package figure

import (
	"cmp"
	"context"
	"slices"

	"reeve/core/access"
	"reeve/core/control"
)

// takeEvents takes a batch of events in.
func (s *Service) takeEvents(ctx context.Context, b *batch) error {
	cutoff, err := s.cutoff(ctx, 2*len(b.items))
	if err != nil {
		return err
	}
	places := map[string]Place{}
	targets := map[access.WorkspaceID]control.Target{}
	events := map[access.WorkspaceID][]Event{}
	for _, it := range b.items {
		b.count.Lines++
		switch {
		case len(it.reasons) > 0:
			b.count.malformed(it.line, it.text, it.reasons...)
			continue
		case it.other:
			b.count.Other++
			continue
		}
		namespace := it.event.Run.Namespace
		p, known := places[namespace]
		if !known {
			if p, err = s.store.Namespace(ctx, namespace); err != nil {
				return err
			}
			places[namespace] = p
		}
		ok, err := s.find(ctx, b, p, namespace, it.line)
		if err != nil {
			return err
		}
		switch {
		case !ok:
		case it.event.At.Before(cutoff):
			b.count.Late++
		default:
			ws := p.Target.Workspace
			targets[ws], events[ws] = p.Target, append(events[ws], it.event)
		}
	}
	for ws, some := range events {
		b.touched[ws] = true
		if err := s.addEvents(ctx, targets[ws], some, b.count); err != nil {
			return err
		}
	}
	return nil
}

// addEvents adds events of one workspace to what is known of their runs, and moves the runs between the counts.
func (s *Service) addEvents(ctx context.Context, t control.Target, events []Event, count *tally) error {
	seen := make(map[RunID]bool, len(events))
	ids := make([]RunID, 0, len(events))
	for _, e := range events {
		if !seen[e.Run] {
			seen[e.Run] = true
			ids = append(ids, e.Run)
		}
	}
	before, err := s.store.Runs(ctx, t.Workspace, ids)
	if err != nil {
		return err
	}
	after := make(map[RunID]Run, len(ids))
	for _, e := range events {
		was, known := after[e.Run]
		if !known {
			was, known = before[e.Run]
		}
		now := runOf(e)
		if known {
			now = was.merge(now)
		}
		if known && now.same(was) {
			count.Repeated++
			continue
		}
		count.Taken++
		after[e.Run] = now
	}
	zone := s.zones.Zone(t.Region)
	moved := map[Hour]Runs{}
	for id, now := range after {
		if was, known := before[id]; known {
			moved[was.Counted] = moved[was.Counted].plus(was.State, -1)
		}
		now.Counted = hourOf(now.Start, zone)
		moved[now.Counted] = moved[now.Counted].plus(now.State, 1)
		after[id] = now
	}
	if err := s.store.SaveRuns(ctx, t.Workspace, after); err != nil {
		return err
	}
	hours := make([]HourRuns, 0, len(moved))
	for hour, runs := range moved {
		if runs != (Runs{}) {
			hours = append(hours, HourRuns{hour, runs})
		}
	}
	slices.SortFunc(hours, func(a, b HourRuns) int { return cmp.Compare(a.Hour, b.Hour) })
	return s.store.AddRuns(ctx, t.Workspace, hours)
}

// takeRows takes a batch of plain figures in.
func (s *Service) takeRows(ctx context.Context, b *batch) error {
	now := s.gate.Now()
	type ref struct{ region, name string }
	places := map[ref]Place{}
	for _, it := range b.items {
		b.count.Lines++
		if len(it.reasons) > 0 {
			b.count.malformed(it.line, it.text, it.reasons...)
			continue
		}
		r := ref{it.row.Region, it.row.Workspace}
		p, known := places[r]
		if !known {
			var err error
			if p, err = s.store.WorkspaceNamed(ctx, r.region, r.name); err != nil {
				return err
			}
			places[r] = p
		}
		name := r.name
		if r.region != "" {
			name = r.region + "/" + name
		}
		ok, err := s.find(ctx, b, p, name, it.line)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if it.row.Date > DateOf(now, s.zones.Zone(p.Target.Region)) {
			b.count.malformed(it.line, cut(name+" "+it.row.Date.String(), excerptRunes), BadDay)
			continue
		}
		changed, err := s.store.SaveValues(ctx, p.Target.Workspace, it.row.Values, now)
		if err != nil {
			return err
		}
		if changed > 0 {
			b.count.Taken++
		} else {
			b.count.Repeated++
		}
		b.touched[p.Target.Workspace] = true
	}
	return nil
}
