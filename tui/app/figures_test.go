package app_test

import (
	"fmt"
	"strings"
	"time"

	"reeve/core/figure"
)

const figures = sales + "/figures"

// send takes figures in as zoe.park would: runs of the last three days, plain figures of a week, and a few lines that cannot be taken.
func send(w *world) {
	w.t.Helper()
	var lines []string
	id := 0
	event := func(kind string, at time.Time, namespace string) {
		lines = append(lines, fmt.Sprintf(`{"eventType": %q, "eventTime": %q, "run": {"runId": "00000000-0000-4000-8000-%012x"}, "job": {"namespace": "%s", "name": "load"}}`,
			kind, at.Format(time.RFC3339), id, namespace))
	}
	for day := range 3 {
		start := today().AddDate(0, 0, -day).Truncate(24 * time.Hour).Add(-8 * time.Hour) // midnight in the region
		for hour := range 24 {
			for n := range 1 + (hour*7+day*3)%11 + 6*(30-hour)/(hour+2) {
				at := start.Add(time.Duration(hour)*time.Hour + time.Duration(n)*time.Second)
				if at.After(today()) {
					continue
				}
				id++
				event("START", at, "sales_dw")
				switch {
				case id%13 == 0:
					event("FAIL", at.Add(time.Minute), "sales_dw")
				case id%57 != 0:
					event("COMPLETE", at.Add(time.Minute), "sales_dw")
				}
			}
		}
	}
	event("START", today(), "risk_dw")
	event("START", today(), `crontab\u001b[2J数据`)
	lines = append(lines, "nonsense \u202e\x1b[31m", `{"eventTime": "never", "run": {}, "job": {}}`)
	rows := []string{"workspace,date,governance_issues,models,metrics,instance_succeeded"}
	for day := range 7 {
		rows = append(rows, fmt.Sprintf("sales_dw,%s,%d,%d,%d,%d", today().AddDate(0, 0, -1-day).Format(time.DateOnly), 12+day*day%5, 40-day, 1200-3*day, 77))
	}
	ctx := w.ctx(w.t, "zoe.park")
	if _, err := w.services.Figures.IngestDays(ctx, figure.Input{Source: "week.csv", From: strings.NewReader(strings.Join(rows, "\n"))}); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.services.Figures.IngestEvents(ctx, figure.Input{Source: "scheduler.jsonl", From: strings.NewReader(strings.Join(lines, "\n"))}); err != nil {
		w.t.Fatal(err)
	}
}

// sendDays takes in plain figures alone, of one day.
func sendDays(w *world) {
	w.t.Helper()
	row := "workspace,date,instance_succeeded,instance_failed,models\nsales_dw," + today().AddDate(0, 0, -1).Format(time.DateOnly) + ",1234567,0,3\n"
	if _, err := w.services.Figures.IngestDays(w.ctx(w.t, "root"), figure.Input{Source: "-", From: strings.NewReader(row)}); err != nil {
		w.t.Fatal(err)
	}
}

func figureScenes() []scene {
	return []scene{
		{name: "figures", who: "m.ito", link: figures, before: send},
		{name: "figures-end", who: "m.ito", link: figures, before: send, keys: "end"},
		{name: "figures-one", who: "root", link: figures, before: sendDays},
		{name: "figures-empty", who: "m.ito", link: figures},
		{name: "figures-refused", who: "o.outsider", link: figures},
		{name: "figures-sent", who: "zoe.park", link: figures, before: send, keys: "i"},
		{name: "figures-nothing-sent", who: "m.ito", link: figures, before: send, keys: "i"},
		{name: "details-figures", who: "root", link: sales, before: send},
	}
}
