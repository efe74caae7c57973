package storage

import (
	"context"
	"math"
	"math/rand/v2"
	"time"

	"reeve/core/access"
	"reeve/core/group"
)

// sampleWork is what keeps a module of a group of the sample busy: how many CU at the busiest hour of the night.
type sampleWork struct {
	module group.Module
	cu     float64
}

// sampleRuns is the work of the sample. No process stands behind any of it: what runs is held until somebody releases it, and says so.
func (w *filler) sampleRuns(ctx context.Context) error {
	s := NewGroupRuns(w.tables.db)
	r := rand.New(rand.NewPCG(w.Seed, 0x72756e73)) // #nosec G404 -- sample data; a stream of its own, so that other rows stay as they are
	for _, one := range []struct {
		name    string
		work    []sampleWork
		running []group.Demand
		waiting []group.Demand
	}{
		{"rg_etl", []sampleWork{{group.Scheduling, 34}, {group.DataIntegration, 20}, {group.DataService, 5}},
			[]group.Demand{{Module: group.Scheduling, CU: 16, Slot: true}, {Module: group.Scheduling, CU: 24, Slot: true}, {Module: group.Scheduling, CU: 8, Slot: true},
				{Module: group.DataIntegration, CU: 32}, {Module: group.DataIntegration, CU: 16}, {Module: group.DataService, CU: 6}},
			[]group.Demand{{Module: group.DataIntegration, CU: 8}, {Module: group.DataIntegration, CU: 2}, {Module: group.DataIntegration, CU: 4}, {Module: group.Scheduling, CU: 32, Slot: true}}},
		{"rg_finance", []sampleWork{{group.Scheduling, 11}},
			[]group.Demand{{Module: group.Scheduling, CU: 8, Slot: true}, {Module: group.Scheduling, CU: 5, Slot: true}}, nil},
		{"rg_ml", []sampleWork{{group.PersonalDev, 40}}, nil, nil},
	} {
		g, there, err := s.Find(ctx, w.Region, one.name)
		if err != nil || !there || len(g.Workspaces) == 0 {
			if err != nil {
				return err
			}
			continue
		}
		if there, err := w.worked(ctx, s, g); err != nil || there {
			if err != nil {
				return err
			}
			continue
		}
		if err := w.addHistory(ctx, s, r, g, one.work); err != nil {
			return err
		}
		if err := w.addRuns(ctx, s, r, g, one.running, one.waiting); err != nil {
			return err
		}
	}
	return nil
}

// worked says whether a group has runs already.
func (w *filler) worked(ctx context.Context, s GroupRuns, g group.Group) (bool, error) {
	runs, err := s.Runs(ctx, g.ID, group.RunQuery{Most: 1})
	return len(runs) > 0, err
}

// addHistory adds what the group's work held: by the hour for a month, and by the minute since yesterday.
func (w *filler) addHistory(ctx context.Context, s GroupRuns, r *rand.Rand, g group.Group, work []sampleWork) error {
	const doing, fine = "adding the history of the sample", 26 * 60
	now := w.At.Unix() / 60
	first := (now - 31*24*60) / 60 * 60
	for _, one := range work {
		ws := g.Workspaces[r.IntN(len(g.Workspaces))].ID
		for hour := first / 60; hour <= now/60; hour++ {
			// Most work is done at night, and little at the weekend.
			day := time.Unix(hour*3600, 0).UTC()
			level := 0.35 + 0.6*math.Pow(math.Cos(math.Pi*float64(day.Hour()-2)/24), 2)
			if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
				level *= 0.5
			}
			var sum int64
			for minute := hour * 60; minute < min((hour+1)*60, now); minute++ {
				half := int64(2 * one.cu * level * (0.8 + 0.2*r.Float64()))
				sum += half * 60
				if minute < now-fine {
					continue
				}
				if err := w.addMeasure(ctx, s, "resource_group_minute", "minute", minute, g, one.module, ws, half*60); err != nil {
					return err
				}
			}
			if sum == 0 {
				continue
			}
			if err := w.addMeasure(ctx, s, "resource_group_hour", "hour", hour, g, one.module, ws, sum); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *filler) addMeasure(ctx context.Context, s GroupRuns, table, unit string, at int64, g group.Group, m group.Module, ws access.WorkspaceID, halfSeconds int64) error {
	slots := int64(0)
	if m == group.Scheduling {
		slots = halfSeconds / 8
	}
	_, err := s.db.exec(ctx, "adding the history of the sample", "INSERT INTO "+table+" (group_id, "+unit+ // #nosec G202 -- both are ours
		", module, workspace_id, half_seconds, slot_seconds, cpu_ms, mib_seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		g.ID, at, string(m), ws, halfSeconds, slots, halfSeconds*330, halfSeconds*900)
	return err
}

// addRuns adds what runs, waits, and ended lately.
func (w *filler) addRuns(ctx context.Context, s GroupRuns, r *rand.Rand, g group.Group, running, waiting []group.Demand) error {
	programs := []string{"load_orders", "daily_sales", "sync_crm", "dbt", "risk_scores", "export_ledger", "spark-submit", "backfill"}
	add := func(d group.Demand, state group.RunState, came time.Duration) error {
		ws := g.Workspaces[r.IntN(len(g.Workspaces))]
		d.Workspace = ws.ID
		at := w.At.Add(-came)
		run := group.Run{Group: g.ID, Demand: d, Name: programs[r.IntN(len(programs))], State: state, At: at, By: "scheduler", ByID: w.Owner}
		if state != group.RunWaiting {
			run.Since, run.Metered = &at, w.At
		}
		if state == group.RunEnded {
			ended := at.Add(time.Duration(2+r.IntN(40)) * time.Minute)
			run.EndedAt, run.Outcome, run.Limits, run.Machine = &ended, group.RunDone, group.LimitsV1, "worker-1"
			run.HalfSeconds, run.CPU, run.Memory = int64(ended.Sub(at).Seconds())*int64(d.CU), ended.Sub(at)/2, 300+r.IntN(3000)
			if r.IntN(6) == 0 {
				run.Outcome, run.Code = group.RunFailed, 1
			}
		}
		_, err := s.InsertRun(ctx, run)
		return err
	}
	for i := range 12 {
		d := group.Demand{Module: group.Scheduling, CU: group.Half(1 + r.IntN(8)), Slot: true}
		if err := add(d, group.RunEnded, time.Duration(20-i)*time.Hour); err != nil {
			return err
		}
	}
	for i, d := range running {
		if err := add(d, group.RunRunning, time.Duration(95-11*i)*time.Minute); err != nil {
			return err
		}
	}
	for i, d := range waiting {
		if err := add(d, group.RunWaiting, time.Duration(20-4*i)*time.Minute); err != nil {
			return err
		}
	}
	return nil
}
