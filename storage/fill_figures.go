package storage

import (
	"context"
	"math/rand/v2"
	"time"

	"reeve/core/access"
	"reeve/core/figure"
)

// sampleFigures is how many workspaces of a sample have key figures at most, however large it is, and sampleDays for how many days.
const (
	sampleFigures = 50
	sampleDays    = 15
)

// addFigures gives the first workspaces of the region key figures of the last days, as if they had been sent in one go. It has a random
// stream of its own, so that it moves nothing else of the sample.
func (w *filler) addFigures(ctx context.Context) error {
	random := rand.New(rand.NewPCG(w.Seed, 0xf19)) // #nosec G404 -- a sample is to be repeatable, not secret
	zone := w.Zone
	if zone == nil {
		zone = time.UTC
	}
	figures := NewFigures(w.tables.db)
	ids, err := all(ctx, w.tables.db, "reading the workspaces", value[access.WorkspaceID],
		"SELECT id FROM workspace WHERE region = ? AND deleted_at = 0 AND status = 'normal' ORDER BY id LIMIT ?", w.Region, sampleFigures)
	if err != nil || len(ids) == 0 {
		return err
	}
	sent := w.At.Add(-40 * time.Minute)
	in := figure.Ingestion{Kind: figure.KindEvents, Source: "scheduler.jsonl", By: w.Owner, BeganAt: sent, Stage: figure.StageRunning}
	if in.ByName, _, err = one(ctx, w.tables.db, "reading the owner", value[string], "SELECT name FROM principal WHERE id = ?", w.Owner); err != nil {
		return err
	}
	if in.ID, err = figures.Begin(ctx, in, len(ids)); err != nil {
		return err
	}
	for i, ws := range ids {
		if i%7 == 6 { // some have sent nothing
			ids[i] = 0
			continue
		}
		n, err := w.addFiguresOf(ctx, random, figures, ws, sent, zone)
		if err != nil {
			return err
		}
		in.Taken += n
	}
	touched := make([]access.WorkspaceID, 0, len(ids))
	for _, ws := range ids {
		if ws != 0 {
			touched = append(touched, ws)
		}
	}
	in.EndedAt, in.Stage = sent.Add(time.Minute), figure.StageDone
	in.Malformed, in.Lines = 2, in.Taken+2
	in.Problems = []figure.Problem{
		{Kind: figure.ProblemMalformed, Line: 4213, Reasons: []figure.Reason{figure.BadRun}, Count: 1,
			Text: `{"eventType": "START", "eventTime": "2026-03-01T10:00:00Z", "run": {"runId": "job-17"}, "job": {"namespace": "sales_dw", "name": "daily"}}`},
		{Kind: figure.ProblemMalformed, Line: in.Lines, Reasons: []figure.Reason{figure.BadJSON}, Count: 1, Text: `{"eventType": "COMPLETE", "eventTi`},
		{Kind: figure.ProblemReason, Line: 4213, Reasons: []figure.Reason{figure.BadRun}, Count: 1},
		{Kind: figure.ProblemReason, Line: in.Lines, Reasons: []figure.Reason{figure.BadJSON}, Count: 1},
	}
	return figures.SaveIngestion(ctx, in, touched)
}

// addFiguresOf gives one workspace its figures: most runs are at night, and fewer at weekends. It tells how many events that would be.
func (w *filler) addFiguresOf(ctx context.Context, random *rand.Rand, figures Figures, ws access.WorkspaceID, sent time.Time, zone *time.Location) (events int64, err error) {
	size := 2 + random.IntN(40)
	issues, models, metrics := int64(random.IntN(30)), int64(5+random.IntN(60)), int64(20+random.IntN(200))
	today := figure.DateOf(sent, zone)
	_, offset := sent.In(zone).Zone()
	now := figure.Hour((sent.Unix() + int64(offset)) / 3600) // #nosec G115 -- a time of our days
	var hours []figure.HourRuns
	var values []figure.Value
	for back := figure.Date(sampleDays); back >= 0; back-- {
		day := today - back
		weekend := (int(day)+4)%7 == 0 || (int(day)+4)%7 == 6 // the first day was a Thursday
		for hour := range figure.Hour(24) {
			at := day.First() + hour
			if at > now {
				break
			}
			n := random.IntN(size/4 + 1)
			if hour < 6 {
				n += size
			}
			if weekend {
				n /= 3
			}
			if n == 0 {
				continue
			}
			runs := figure.Runs{Succeeded: int64(n)}
			if random.IntN(6) == 0 {
				runs.Failed = 1 + int64(random.IntN(n/8+1))
				runs.Succeeded = max(0, runs.Succeeded-runs.Failed)
				runs.Aborted = int64(random.IntN(2))
			}
			if at+1 >= now || back < 2 && random.IntN(9) == 0 {
				runs.Running = 1
			}
			hours = append(hours, figure.HourRuns{Hour: at, Runs: runs})
			events += 2 * runs.Total()
		}
		issues, models, metrics = max(0, issues+int64(random.IntN(7)-3)), models+int64(random.IntN(2)), metrics+int64(random.IntN(5)-1)
		if back > 0 {
			values = append(values, figure.Value{Date: day, Metric: figure.Issues, Value: issues}, figure.Value{Date: day, Metric: figure.Models, Value: models},
				figure.Value{Date: day, Metric: figure.Metrics, Value: metrics})
		}
	}
	if err := figures.AddRuns(ctx, ws, hours); err != nil {
		return 0, err
	}
	_, err = figures.SaveValues(ctx, ws, values, sent)
	return events, err
}
