package figure

import (
	"context"
	"errors"
	"io"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// batchLines is how many lines one transaction takes at most: enough that the disk is not what is waited for, few enough that
// others who write wait only a moment.
const batchLines = 4000

// Input is what is to be taken in.
type Input struct {
	// Source names it for people: the name of the file, - for a pipe.
	Source string
	From   io.Reader
	// Progress, if not nil, hears how far it is after every transaction.
	Progress func(Ingestion)
}

// item is a line as it was read.
type item struct {
	line    int64
	reasons []Reason // what is wrong with it; none for a good one
	text    string   // the beginning of a malformed line
	other   bool     // an event that tells of no run
	pause   bool     // no line: there may be a wait for the next one
	event   Event
	row     Row
}

// IngestEvents takes in run events of OpenLineage, one JSON object a line. Lines are read while earlier ones are written, in
// transactions of some thousands, and memory does not grow with the input. The same events may come again, in any order and from
// several processes at once: they count once. When the context ends, what was written stays; sending the whole input again then takes
// in the rest.
//
// Whoever is in the tenant may send; what is of a workspace that they do not administer is refused and counted. The audit has an entry
// for the beginning and one for the end of an ingestion, and none for its single events.
func (s *Service) IngestEvents(ctx context.Context, in Input) (Ingestion, error) {
	now := s.gate.Now()
	read := func(from io.Reader, yield func(item) bool) error {
		l := newLines(from)
		for {
			line, long, err := l.next()
			if err != nil {
				return ignoreEnd(err)
			}
			it := item{line: l.number}
			var isRun bool
			bad := BadLong
			if !long {
				it.event, isRun, bad = ParseEvent(line, now)
			}
			if bad != "" {
				it.reasons, it.text = []Reason{bad}, excerpt(line)
			}
			it.other = !isRun
			if !yield(it) {
				return nil
			}
		}
	}
	return s.ingest(ctx, action.FigureIngestEvents, KindEvents, in, read, s.takeEvents)
}

// IngestDays takes in plain figures for days: CSV, a JSON array, or a JSON object a line. Figures that are there for the same day are
// replaced. A row with anything wrong is not taken, and is counted with all that is wrong with it; the others are.
func (s *Service) IngestDays(ctx context.Context, in Input) (Ingestion, error) {
	read := func(from io.Reader, yield func(item) bool) error { return rowReader{yield}.read(from) }
	return s.ingest(ctx, action.FigureIngestDays, KindDays, in, read, s.takeRows)
}

// taking takes good lines in and counts them; it returns the workspaces they were of.
type taking func(ctx context.Context, b *batch) error

// batch is what one transaction takes.
type batch struct {
	items   []item
	count   *tally
	touched map[access.WorkspaceID]bool
	may     map[access.WorkspaceID]bool
}

func (s *Service) ingest(ctx context.Context, id action.ID, kind Kind, in Input, read func(io.Reader, func(item) bool) error, take taking) (Ingestion, error) {
	made, err := s.begin(ctx, id, Ingestion{Kind: kind, Source: cut(in.Source, sourceRunes)})
	if err != nil {
		return made, err
	}
	ctx = control.WithoutRequest(ctx) // a repeat of the request goes on with the ingestion that it began
	reading, stop := context.WithCancel(ctx)
	defer stop()
	items, broken := make(chan item, batchLines), make(chan error, 1)
	go func() {
		// A reader that waits for a pipe cannot be woken; it goes with the process. Nobody waits for it.
		defer close(items)
		hand := func(it item) bool {
			select {
			case items <- it:
				return true
			case <-reading.Done():
				return false
			}
		}
		broken <- read(pausing{in.From, func() { hand(item{pause: true}) }}, hand)
	}()
	var count tally
	for {
		some, more := collect(ctx, items)
		if len(some) > 0 {
			next := count.clone()
			if err = s.takeBatch(ctx, id, &made, &batch{items: some, count: &next}, take); err != nil {
				break
			}
			if count = next; in.Progress != nil {
				in.Progress(made)
			}
		}
		if !more {
			break
		}
	}
	if err == nil {
		if err = ctx.Err(); err == nil {
			err = <-broken
		}
	}
	return s.end(context.WithoutCancel(ctx), id, made, err)
}

// collect waits for a line and takes it with those that come without a wait, so that lines of a slow pipe do not wait for one another;
// more is false when there will be none.
func collect(ctx context.Context, items <-chan item) (some []item, more bool) {
	for len(some) < batchLines {
		select {
		case it, ok := <-items:
			switch {
			case !ok:
				return some, false
			case !it.pause:
				some = append(some, it)
			case len(some) > 0 && len(items) == 0:
				return some, true
			}
		case <-ctx.Done():
			return nil, false
		}
	}
	return some, true
}

// target is what an ingestion is done to: what it is of is known line by line only.
func target(in Ingestion) control.Target { return control.Target{Kind: "ingestion", Name: in.Source} }

func (s *Service) begin(ctx context.Context, id action.ID, in Ingestion) (Ingestion, error) {
	return control.Do(ctx, s.gate, control.Change[Ingestion]{
		Action: id,
		Target: func(context.Context) (control.Target, error) { return target(in), nil },
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Ingestion], error) {
			in.By, in.ByName, in.BeganAt, in.Stage = by.Principal, by.Name, s.gate.Now(), StageRunning
			var err error
			in.ID, err = s.store.Begin(ctx, in, keptIngestions)
			return control.Applied[Ingestion]{Value: in, After: record(in)}, err
		},
	})
}

// takeBatch takes lines in one transaction. Its entry of the audit is that of the beginning.
func (s *Service) takeBatch(ctx context.Context, id action.ID, made *Ingestion, b *batch, take taking) error {
	b.touched, b.may = map[access.WorkspaceID]bool{}, map[access.WorkspaceID]bool{}
	next := *made
	_, err := control.Do(ctx, s.gate, control.Change[struct{}]{
		Action: id,
		Target: func(context.Context) (control.Target, error) { return target(next), nil },
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[struct{}], error) {
			applied := control.Applied[struct{}]{Continues: true}
			if err := take(ctx, b); err != nil {
				return applied, err
			}
			next.Counts = b.count.Counts
			next.Problems = b.count.problems()
			touched := make([]access.WorkspaceID, 0, len(b.touched))
			for ws := range b.touched {
				touched = append(touched, ws)
			}
			return applied, s.store.SaveIngestion(ctx, next, touched)
		},
	})
	if err == nil {
		*made = next
	}
	return err
}

// end records how the ingestion ended; cause is why it did not come to the end of its input.
func (s *Service) end(ctx context.Context, id action.ID, in Ingestion, cause error) (Ingestion, error) {
	in.EndedAt, in.Stage = s.gate.Now(), StageDone
	if cause != nil {
		in.Stage = StageStopped
	}
	_, err := control.Do(ctx, s.gate, control.Change[struct{}]{
		Action: id,
		Target: func(context.Context) (control.Target, error) { return target(in), nil },
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[struct{}], error) {
			return control.Applied[struct{}]{After: record(in)}, s.store.SaveIngestion(ctx, in, nil)
		},
	})
	var known fault.Fault
	switch {
	case cause == nil:
		return in, err
	case errors.As(cause, &known) && known.Kind() != fault.KindUnavailable:
		return in, cause
	}
	return in, &fault.Unavailable{What: message.Text{ID: "fault.figure.stopped", Args: message.Args{"Count": in.Lines}},
		Evidence: cause.Error(), Way: message.Text{ID: "fault.figure.stopped.next"}, Err: cause}
}

// record is an ingestion as the audit keeps it.
func record(in Ingestion) any {
	var counts *Counts
	if in.Stage != StageRunning {
		counts = &in.Counts
	}
	return struct {
		ID     int64   `json:"id"`
		Kind   Kind    `json:"kind"`
		Source string  `json:"source"`
		Stage  Stage   `json:"stage"`
		Counts *Counts `json:"counts,omitempty"`
	}{in.ID, in.Kind, in.Source, in.Stage, counts}
}

// allowed tells whether whoever sends may send for a workspace, decided anew in every transaction.
func (s *Service) allowed(ctx context.Context, b *batch, t control.Target) (bool, error) {
	if may, known := b.may[t.Workspace]; known {
		return may, nil
	}
	err := s.gate.Also(ctx, action.FigureIngest, t)
	var denied *fault.Denied
	if err != nil && !errors.As(err, &denied) {
		return false, err
	}
	b.may[t.Workspace] = err == nil
	return err == nil, nil
}

// find counts a line of no workspace, or of one that whoever sends may not send for; ok is true for all others.
func (s *Service) find(ctx context.Context, b *batch, p Place, name string, line int64) (ok bool, err error) {
	if !p.Known() {
		b.count.Unknown++
		b.count.name(ProblemUnknown, name, line)
		return false, nil
	}
	may, err := s.allowed(ctx, b, p.Target)
	if err == nil && !may {
		b.count.Refused++
		b.count.name(ProblemRefused, p.Target.Region+"/"+p.Target.WorkspaceName, line)
	}
	return may, err
}

// cutoff is the time before which runs are known no more; it moves on with the clock, and never back.
func (s *Service) cutoff(ctx context.Context, room int) (time.Time, error) {
	rule, err := s.store.Rule(ctx)
	if err != nil {
		return rule.Cutoff, err
	}
	if now := s.gate.Now().AddDate(0, 0, -rule.KeepDays); now.After(rule.Cutoff) {
		rule.Cutoff = now
		if err := s.store.SaveRule(ctx, rule); err != nil {
			return now, err
		}
	}
	return rule.Cutoff, s.store.ForgetRuns(ctx, rule.Cutoff, room)
}
