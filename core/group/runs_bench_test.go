package group_test

import (
	"database/sql"
	"testing"

	"reeve/core/group"
)

// BenchmarkAdmission is one run that ends while a thousand wait, and lets the next one in.
func BenchmarkAdmission(b *testing.B) {
	y := newYard(b)
	y.pool("rg", 500)
	var tickets []group.Ticket
	for range 2000 {
		_, ticket := y.enter("rg", group.DataIntegration, 0.5)
		tickets = append(tickets, ticket)
	}
	for i := 0; b.Loop(); i++ {
		y.end(tickets[i])
		_, ticket := y.enter("rg", group.DataIntegration, 0.5)
		tickets = append(tickets, ticket)
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
	y.pool("rg", 500)
	for b.Loop() {
		b.StopTimer()
		var large, small []group.Ticket
		for _, cu := range []float64{64, 64, 64, 64, 64, 64, 64, 52} {
			_, ticket := y.enter("rg", group.DataIntegration, cu)
			large = append(large, ticket)
		}
		for range 1000 {
			st, ticket := y.enter("rg", group.DataAnalysis, 0.5)
			if st.Run.State != group.RunWaiting {
				b.Fatal("there was room")
			}
			small = append(small, ticket)
		}
		b.StartTimer()
		for _, ticket := range large {
			y.end(ticket)
		}
		b.StopTimer()
		for _, ticket := range small {
			if st := y.beat(ticket); st.Run.State != group.RunRunning {
				b.Fatalf("one is %s", st.Run.State)
			}
			y.end(ticket)
		}
		b.StartTimer()
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "admissions/s")
}

// BenchmarkHistory is the history of a group with work in six modules of two workspaces in each minute of the last 31 days.
func BenchmarkHistory(b *testing.B) {
	y := newYard(b)
	g := y.pool("rg", 500)
	// Straight into the file: half a million rows one by one would take minutes.
	db, err := sql.Open("sqlite", y.DB.Path())
	if err != nil {
		b.Fatal(err)
	}
	for table, unit := range map[string]int64{"minute": 1, "hour": 60} {
		now := y.Now().Unix() / 60 / unit
		query := `WITH RECURSIVE at(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM at WHERE n < ?)
			INSERT INTO resource_group_` + table + ` SELECT ?, n, m.value, w.value, 600, 0, 0, 0 FROM at, json_each(?) m, json_each('[1, 2]') w` // #nosec G202 -- names of ours
		if _, err := db.ExecContext(b.Context(), query, now-31*24*60/unit, now, g.ID,
			`["scheduling", "data-integration", "data-service", "data-analysis", "personal-dev", "model-service"]`); err != nil {
			b.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
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
