package group_test

import (
	"database/sql"
	"testing"

	"reeve/core/group"
)

// BenchmarkAdmission is what one transaction takes in a group of 500 CU in which a thousand run and a thousand wait: one run ends
// and lets in the next, and one comes and waits.
func BenchmarkAdmission(b *testing.B) {
	y := newYard(b)
	y.pool("rg", 500)
	var tickets []group.Ticket
	enter := func() {
		_, ticket := y.enter("rg", group.DataIntegration, 0.5)
		tickets = append(tickets, ticket)
	}
	next := func() {
		y.end(tickets[0])
		tickets = tickets[1:]
	}
	for range 2000 {
		enter()
	}
	for name, do := range map[string]struct{ timed, after func() }{"next": {next, enter}, "enter": {enter, next}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				do.timed()
				b.StopTimer()
				do.after()
				b.StartTimer()
			}
		})
	}
}

// BenchmarkEnter is one run that finds room at once, and ends.
func BenchmarkEnter(b *testing.B) {
	y := newYard(b)
	y.pool("rg", 500)
	for b.Loop() {
		_, ticket := y.enter("rg", group.DataIntegration, 0.5)
		y.end(ticket)
	}
}

// BenchmarkThousandAdmissions is a thousand runs that wait and are let in as eight large ones end.
func BenchmarkThousandAdmissions(b *testing.B) {
	y := newYard(b)
	g := y.pool("rg", 500)
	db := y.beside(b)
	for b.Loop() {
		b.StopTimer()
		var large []group.Ticket
		for _, cu := range []float64{64, 64, 64, 64, 64, 64, 64, 52} {
			_, ticket := y.enter("rg", group.DataService, cu)
			large = append(large, ticket)
		}
		if st, _ := y.enter("rg", group.DataAnalysis, 0.5); st.Run.State != group.RunWaiting {
			b.Fatal("there was room")
		}
		// The others are like it: a thousand that come one by one are not what is measured.
		const columns = "group_id, workspace_id, module, half, slot, name, state, at, by_id, by_name, machine, token, lease_until"
		if _, err := db.ExecContext(b.Context(), `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
			INSERT INTO resource_group_run (`+columns+`) SELECT `+columns+` FROM n, resource_group_run WHERE state = 'waiting'`); err != nil { // #nosec G202 -- names of ours
			b.Fatal(err)
		}
		b.StartTimer()
		for _, ticket := range large {
			y.end(ticket)
		}
		b.StopTimer()
		if r, err := db.ExecContext(b.Context(), "UPDATE resource_group_run SET state = 'ended' WHERE group_id = ? AND state = 'running'", g.ID); err != nil {
			b.Fatal(err)
		} else if n, err := r.RowsAffected(); err != nil || n != 1000 {
			b.Fatalf("%d were let in (%v), want 1000", n, err)
		}
		b.StartTimer()
	}
	each := b.Elapsed().Seconds() / float64(b.N) / 1000
	b.ReportMetric(1/each, "admissions/s")
	b.ReportMetric(1000*each, "ms/admission")
}

// beside is a connection of another program, for rows of which one by one there are too many.
func (y *yard) beside(b *testing.B) *sql.DB {
	b.Helper()
	db, err := sql.Open("sqlite", y.DB.Path())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	return db
}

// BenchmarkHistory is the history of a group with work in six modules of two workspaces in each minute of the last 31 days.
func BenchmarkHistory(b *testing.B) {
	y := newYard(b)
	g := y.pool("rg", 500)
	db := y.beside(b)
	for table, unit := range map[string]int64{"minute": 1, "hour": 60} {
		now := y.Now().Unix() / 60 / unit
		query := `WITH RECURSIVE at(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM at WHERE n < ?)
			INSERT INTO resource_group_` + table + ` SELECT ?, n, m.value, w.value, 600, 0, 0, 0 FROM at, json_each(?) m, json_each('[1, 2]') w` // #nosec G202 -- names of ours
		if _, err := db.ExecContext(b.Context(), query, now-31*24*60/unit, now, g.ID,
			`["scheduling", "data-integration", "data-service", "data-analysis", "personal-dev", "model-service"]`); err != nil {
			b.Fatal(err)
		}
	}
	for _, w := range group.Windows() {
		b.Run(string(w), func(b *testing.B) {
			for b.Loop() {
				if _, err := y.runs.History(y.As("lin"), y.ref("rg"), w); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
