package figure

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

var parsedAt = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const goodRun = `"run": {"runId": "0176A8C2-fe01-7439-87e6-56a1a1b4029f"}`

func TestParseEvent(t *testing.T) {
	const job, when = `"job": {"namespace": "sales", "name": "load"}`, `"eventTime": "2026-03-01T23:59:59.5+08:00"`
	event := func(parts ...string) string { return "{" + strings.Join(parts, ", ") + "}" }
	nominal := func(value string) string {
		return `"run": {"runId": "0176a8c2-fe01-7439-87e6-56a1a1b4029f", "facets": {"nominalTime": {"nominalStartTime": ` + value + `}, "parent": {"run": 3}}}`
	}
	for line, want := range map[string]struct {
		kind string
		bad  Reason
	}{
		event(`"eventType": "START"`, when, goodRun, job):                                                {"START", ""},
		event(when, goodRun, job):                                                                        {"OTHER", ""},
		event(`"eventType": null`, when, goodRun, job):                                                   {"OTHER", ""},
		event(`"eventType": "FAIL"`, when, nominal(`"2026-03-01T00:00:00Z"`), job):                       {"FAIL", ""},
		event(`"eventType": "ABORT"`, `"eventTime": "2026-03-01T10:00:00"`, goodRun, job):                {"ABORT", ""},
		"\t" + event(`"eventType": "RUNNING"`, when, goodRun, job) + "\r":                                {"RUNNING", ""},
		event(`"eventType": "COMPLETE"`, when, goodRun, job, `"inputs": [{"name": 1}]`, `"producer": 7`): {"COMPLETE", ""},
		event(when, job, `"producer": "x"`):                                                              {"", ""},
		event(when, `"dataset": {"namespace": "n", "name": "t"}`):                                        {"", ""},
		event(when, `"run": null`, job):                                                                  {"", ""},
		event(job):                                                                                       {"", BadKind},
		event(when):                                                                                      {"", BadKind},
		event(when, goodRun):                                                                             {"", BadKind},
		"{}":                                                                                             {"", BadKind},
		"":                                                                                               {"", BadJSON},
		"null":                                                                                           {"", BadJSON},
		"[" + event(when, goodRun, job) + "]":                                                            {"", BadJSON},
		event(when, goodRun, job) + event(when, goodRun, job):                                            {"", BadJSON},
		event(when, goodRun, job)[:40]:                                                                   {"", BadJSON},
		event(when, `"run": {"runId": 7}`, job):                                                          {"", BadJSON},
		event(when, `"run": "x"`, job):                                                                   {"", BadJSON},
		event(`"eventType": "start"`, when, goodRun, job):                                                {"", BadType},
		event(`"eventType": ""`, when, goodRun, job):                                                     {"", BadType},
		event(`"eventType": "START"`, goodRun, job):                                                      {"", BadTime},
		event(`"eventTime": "yesterday"`, goodRun, job):                                                  {"", BadTime},
		event(`"eventTime": "1999-12-31T23:59:59Z"`, goodRun, job):                                       {"", BadTime},
		event(`"eventTime": "2026-02-30T00:00:00Z"`, goodRun, job):                                       {"", BadTime},
		event(`"eventTime": "2026-03-05T00:00:00Z"`, goodRun, job):                                       {"", BadFuture},
		event(when, nominal(`"2027-01-01T00:00:00Z"`), job):                                              {"", BadFuture},
		event(when, nominal(`"soon"`), job):                                                              {"", BadNominal},
		event(when, nominal(`null`), job):                                                                {"", BadNominal},
		event(when, `"run": {}`, job):                                                                    {"", BadRun},
		event(when, `"run": {"runId": "0176a8c2fe01743987e656a1a1b4029f"}`, job):                         {"", BadRun},
		event(when, `"run": {"runId": "0176a8c2-fe01-7439-87e6-56a1a1b4029g"}`, job):                     {"", BadRun},
		event(when, goodRun, `"job": {"name": "load"}`):                                                  {"", BadNamespace},
		event(when, goodRun, `"job": {"namespace": "  ", "name": "load"}`):                               {"", BadNamespace},
		event(when, goodRun, `"job": {"namespace": "`+strings.Repeat("n", MaxNamespace+1)+`", "name": "l"}`): {"", BadNamespace},
		event(when, goodRun, `"job": {"namespace": "sales"}`):                                                {"", BadJob},
	} {
		e, isRun, bad := ParseEvent([]byte(line), parsedAt)
		if bad != want.bad || isRun != (want.kind != "") || isRun && e.Type != want.kind {
			t.Errorf("%.120s is %q, run %v, bad %q; want %q, %q", line, e.Type, isRun, bad, want.kind, want.bad)
		}
		if isRun && fmt.Sprintf("%x", e.Run.ID) != "0176a8c2fe01743987e656a1a1b4029f" {
			t.Errorf("%.120s has the run %x", line, e.Run.ID)
		}
	}
	e, _, _ := ParseEvent([]byte(event(when, nominal(`"2026-02-28T16:00:00.1234567Z"`), job)), parsedAt)
	if e.At.Format(time.RFC3339Nano) != "2026-03-01T15:59:59.5Z" || e.Nominal.Format(time.RFC3339Nano) != "2026-02-28T16:00:00.123456Z" {
		t.Errorf("the times are %v and %v", e.At, e.Nominal)
	}
}

// FuzzParseEvent holds that no line is taken for an event that cannot be counted, and that none is both good and bad.
func FuzzParseEvent(f *testing.F) {
	f.Add([]byte(`{"eventType": "START", "eventTime": "2026-03-01T10:00:00Z", ` + goodRun + `, "job": {"namespace": "sales", "name": "load"}}`))
	f.Add([]byte(`{"eventTime": "2026-03-01T10:00:00Z", "dataset": {}}`))
	f.Add([]byte("{\"eventType\": \"\xff\", \"run\": {\"facets\": {\"nominalTime\": {}}}}"))
	f.Add([]byte(`[[[[[[{{{{"run"`))
	f.Fuzz(func(t *testing.T, line []byte) {
		e, isRun, bad := ParseEvent(line, parsedAt)
		if !isRun {
			return
		}
		if bad != "" || e.Run.Namespace == "" || len(e.Run.Namespace) > MaxNamespace || e.At.Before(firstTime) || e.At.After(parsedAt.Add(ahead)) {
			t.Errorf("%q is taken as %+v, bad %q", line, e, bad)
		}
		r := runOf(e)
		if got := r.merge(r); !got.same(r) {
			t.Errorf("twice the same event makes %+v of %+v", got, r)
		}
		if back := dateAgain(t, DateOf(r.Start, time.UTC)); back != DateOf(r.Start, time.UTC) {
			t.Errorf("the day %v is read as %v", DateOf(r.Start, time.UTC), back)
		}
	})
}

// dateAgain reads a day as it is written.
func dateAgain(t *testing.T, d Date) Date {
	t.Helper()
	got, err := ParseDate(d.String())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func readRows(t *testing.T, input string) (rows []string, err error) {
	t.Helper()
	err = rowReader{func(it item) bool {
		if len(it.reasons) > 0 {
			rows = append(rows, fmt.Sprintf("%d:%v", it.line, it.reasons))
			return true
		}
		line := fmt.Sprintf("%d:%s/%s %s", it.line, it.row.Region, it.row.Workspace, it.row.Date)
		for _, v := range it.row.Values {
			line += fmt.Sprintf(" %s=%d", v.Metric, v.Value)
		}
		rows = append(rows, line)
		return true
	}}.read(strings.NewReader(input))
	return rows, err
}

func TestReadRows(t *testing.T) {
	for input, want := range map[string][]string{
		"":                        nil,
		"\n \r\n":                 nil,
		"workspace,date,models\n": nil,
		"\ufeffWorkspace, Date ,models,metrics\nsales,2026-03-01,3,4\r\n\nsales,2026-03-02,,0": {
			"2:/sales 2026-03-01 models=3 metrics=4", "4:/sales 2026-03-02 metrics=0"},
		"region,workspace,date,metric,value\ncn-hangzhou,sales,2026-03-01,Governance_Issues,7\n,sales,2026-03-01,nonsense,1\n,sales,2026-03-01,models,-1": {
			"2:cn-hangzhou/sales 2026-03-01 governance_issues=7", "3:[metric]", "4:[value]"},
		"workspace,date,models\nsales,2026-03-01\n,yesterday,x\nsales,2026-03-01,1.5\n\"a,2026-03-01,1\nsales,2026-03-01,\n": {
			"2:[row]", "3:[workspace date value]", "4:[value]", "5:[row]", "6:[nothing]"},
		`{"workspace": "sales", "date": "2026-03-01", "models": 3, "metrics": null}` + "\n" + `{"workspace": "sales", "date": "2026-03-01", "metric": "metrics", "value": 4}`: {
			"1:/sales 2026-03-01 models=3", "2:/sales 2026-03-01 metrics=4"},
		`{"workspace": "sales", "date": "2026-03-01", "models": "3"}` + "\n{\n" + `{"workspace": 7, "date": [], "colour": 1, "models": 1e3}` + "\n" + `{"date": "1970-01-01", "value": 3}`: {
			"1:[value]", "2:[row]", "3:[date value field]", "4:[workspace date metric]"},
		` [{"workspace": "a", "date": "2026-03-01", "models": 1}, 7, {"workspace": "b", "date": "2026-03-01", "models": 2}] `: {
			"1:/a 2026-03-01 models=1", "2:[row]", "3:/b 2026-03-01 models=2"},
		`[{"workspace": "a", "date": "2026-03-01", "models": 1}, {"workspace"`: {"1:/a 2026-03-01 models=1", "2:[row]"},
		`[{"workspace": "a", "date": "2026-03-01", "models": 1}] trailing`:     {"1:/a 2026-03-01 models=1", "2:[row]"},
		"[]": nil,
	} {
		got, err := readRows(t, input)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q is read as %q (%v), want %q", input, got, err, want)
		}
	}
	for input, want := range map[string]int{
		"sales 2026": 4, "workspace,date": 1, "workspace,date,metric": 1, "workspace,workspace,models": 2, "\"": 1,
		"workspace,date,colour,value": 2,
	} {
		_, bad := parseHeader([]byte(input), false)
		if len(bad) != want {
			t.Errorf("%q has %d faults, want %d: %v", input, len(bad), want, bad)
		}
		if _, err := readRows(t, input+"\nx"); err == nil {
			t.Errorf("%q is taken for a header", input)
		}
	}
}

// FuzzRows holds that every row that is read can be kept.
func FuzzRows(f *testing.F) {
	f.Add([]byte("workspace,date,models\nsales,2026-03-01,3\n"))
	f.Add([]byte(`[{"workspace": "a", "date": "2026-03-01", "models": 1}]`))
	f.Add([]byte(`{"workspace": "a", "date": "2026-03-01", "metric": "models", "value": 1}`))
	f.Fuzz(func(t *testing.T, input []byte) {
		_ = rowReader{func(it item) bool {
			good := len(it.reasons) == 0
			if good && (it.row.Workspace == "" || len(it.row.Values) == 0) {
				t.Errorf("%q has the row %+v", input, it.row)
			}
			for _, v := range it.row.Values {
				if v.Value < 0 || v.Value > MaxValue || !isMetric(string(v.Metric)) {
					t.Errorf("%q has the figure %+v", input, v)
				}
			}
			return true
		}}.read(bytes.NewReader(input))
	})
}

func TestLongLinesAreCutAndCounted(t *testing.T) {
	long := strings.Repeat("x", MaxLine)
	l := newLines(strings.NewReader("a\n" + long + "\r\n" + long + "y\n\n  b  \n" + long + "zz"))
	for _, want := range []struct {
		number int64
		size   int
		long   bool
	}{{1, 1, false}, {2, MaxLine, false}, {3, MaxLine, true}, {5, 1, false}, {6, MaxLine, true}} {
		line, cut, err := l.next()
		if err != nil || l.number != want.number || len(line) != want.size || cut != want.long {
			t.Errorf("line %d of %d bytes, cut %v (%v), want %+v", l.number, len(line), cut, err, want)
		}
	}
	if line, _, err := l.next(); err == nil {
		t.Errorf("after the end comes %q", line)
	}
}

func TestHoursAreThoseOfTheZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   string
		zone *time.Location
		date string
		hour int
	}{
		{"2026-03-01T16:00:00Z", time.FixedZone("", 8*3600), "2026-03-02", 0},
		{"2026-03-01T15:59:59.999999Z", time.FixedZone("", 8*3600), "2026-03-01", 23},
		{"2026-03-01T18:29:59Z", time.FixedZone("", 5*3600+1800), "2026-03-01", 23},
		{"2026-03-29T00:59:59Z", berlin, "2026-03-29", 1}, {"2026-03-29T01:00:00Z", berlin, "2026-03-29", 3},
		{"2026-10-25T00:30:00Z", berlin, "2026-10-25", 2}, {"2026-10-25T01:30:00Z", berlin, "2026-10-25", 2},
		{"1969-12-31T23:30:00Z", time.UTC, "1969-12-31", 23}, {"1969-12-30T23:59:59Z", time.FixedZone("", -3600), "1969-12-30", 22},
	} {
		at, err := time.Parse(time.RFC3339Nano, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if h := hourOf(at, c.zone); h.Date().String() != c.date || h.OfDay() != c.hour || DateOf(at, c.zone) != h.Date() {
			t.Errorf("%s is %s %d, want %s %d", c.at, h.Date(), h.OfDay(), c.date, c.hour)
		}
	}
}
