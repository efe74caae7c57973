package figure

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"reeve/core/fault"
	"reeve/core/message"
)

// Row is the plain figures of a workspace for a day, as they are sent.
type Row struct {
	// Region may be empty where the name of the workspace is unique.
	Region, Workspace string
	Date              Date
	Values            []Value
}

// The reasons of rows of plain figures that are malformed.
const (
	BadRow       Reason = "row"       // not one JSON object, or not a line of CSV with as many cells as the first
	BadField     Reason = "field"     // a field that is neither a metric nor one of the others
	BadWorkspace Reason = "workspace" // no workspace
	BadDate      Reason = "date"      // no date of the form 2026-03-01 since 2000
	BadDay       Reason = "day"       // a date that has not come
	BadMetric    Reason = "metric"    // a metric that there is not
	BadValue     Reason = "value"     // no number from 0 to MaxValue
	BadNothing   Reason = "nothing"   // no figure at all
)

// MaxValue is the largest figure. It is ours.
const MaxValue = 1_000_000_000_000

// maxArray bounds an input that is one JSON array, in bytes; lines have no such bound.
const maxArray = 64 << 20

// The fields of a row that are no metrics.
const (
	fieldRegion    = "region"
	fieldWorkspace = "workspace"
	fieldDate      = "date"
	fieldMetric    = "metric"
	fieldValue     = "value"
)

func isMetric(name string) bool { return slices.Contains(AllMetrics(), Metric(name)) }

// rowOf reads the fields of a row and says everything that is wrong with it. value is a figure as text; an empty one is not told.
func rowOf(fields map[string]string) (r Row, bad []Reason) {
	r.Region, r.Workspace = strings.TrimSpace(fields[fieldRegion]), strings.TrimSpace(fields[fieldWorkspace])
	if r.Workspace == "" {
		bad = append(bad, BadWorkspace)
	}
	var err error
	if r.Date, err = ParseDate(strings.TrimSpace(fields[fieldDate])); err != nil || r.Date < DateOf(firstTime, time.UTC) {
		bad = append(bad, BadDate)
	}
	add := func(metric Metric, text string) {
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil || n < 0 || n > MaxValue {
			if !slices.Contains(bad, BadValue) {
				bad = append(bad, BadValue)
			}
			return
		}
		r.Values = append(r.Values, Value{Date: r.Date, Metric: metric, Value: n})
	}
	for _, m := range AllMetrics() {
		if text := fields[string(m)]; text != "" {
			add(m, text)
		}
	}
	metric, named := fields[fieldMetric]
	value, valued := fields[fieldValue]
	metric = strings.ToLower(strings.TrimSpace(metric))
	switch {
	case named && !isMetric(metric), valued && !named:
		bad = append(bad, BadMetric)
	case named:
		add(Metric(metric), value)
	}
	if len(r.Values) == 0 && len(bad) == 0 {
		bad = append(bad, BadNothing)
	}
	return r, bad
}

// rowReader reads rows in any of the three forms. It hands over one by one; yield says whether to go on.
type rowReader struct {
	yield func(item) bool
}

func (p rowReader) read(from io.Reader) error {
	in := bufio.NewReader(from)
	if start, _ := in.Peek(len(byteOrderMark)); bytes.Equal(start, byteOrderMark) {
		_, _ = in.Discard(len(byteOrderMark))
	}
	first := byte(0)
	for {
		next, err := in.Peek(1)
		if err != nil {
			return ignoreEnd(err)
		}
		if first = next[0]; strings.IndexByte(" \t\r\n", first) < 0 {
			break
		}
		_, _ = in.Discard(1)
	}
	switch first {
	case '[':
		return p.array(in)
	case '{':
		return p.objects(in)
	}
	return p.table(in)
}

func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// objects reads a JSON object a line.
func (p rowReader) objects(in io.Reader) error {
	from := newLines(in)
	for {
		line, long, err := from.next()
		if err != nil {
			return ignoreEnd(err)
		}
		it := item{line: from.number, reasons: []Reason{BadLong}}
		if !long {
			it.row, it.reasons = parseObject(line)
		}
		if !p.send(it, line) {
			return nil
		}
	}
}

func (p rowReader) send(it item, line []byte) bool {
	if len(it.reasons) > 0 {
		it.text = excerpt(line)
	}
	return p.yield(it)
}

// array reads one JSON array of objects. What comes after an element that is not JSON cannot be read.
func (p rowReader) array(in io.Reader) error {
	limited := &io.LimitedReader{R: in, N: maxArray}
	dec := json.NewDecoder(limited)
	_, _ = dec.Token() // the bracket that is known to be there
	for n := int64(1); ; n++ {
		var raw json.RawMessage
		if more := dec.More(); more {
			if err := dec.Decode(&raw); err == nil {
				it := item{line: n}
				it.row, it.reasons = parseObject(raw)
				if !p.send(it, raw) {
					return nil
				}
				continue
			}
		} else if t, err := dec.Token(); err == nil && t == json.Delim(']') {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				return nil
			}
		}
		reason := BadRow
		if limited.N <= 0 {
			reason = BadLong
		}
		p.yield(item{line: n, reasons: []Reason{reason}})
		return nil
	}
}

// noFigure stands for a value of JSON that can be neither a figure nor a name nor a date.
const noFigure = "\x00"

// parseObject reads a row that is a JSON object.
func parseObject(data []byte) (Row, []Reason) {
	var raw map[string]any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&raw); err != nil || raw == nil {
		return Row{}, []Reason{BadRow}
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Row{}, []Reason{BadRow}
	}
	fields := map[string]string{}
	var unknown bool
	for key, v := range raw {
		key = strings.ToLower(key)
		if !isMetric(key) && !slices.Contains([]string{fieldRegion, fieldWorkspace, fieldDate, fieldMetric, fieldValue}, key) {
			unknown = true
			continue
		}
		switch v := v.(type) {
		case nil:
		case json.Number:
			fields[key] = v.String()
		case string:
			if fields[key] = v; isMetric(key) || key == fieldValue {
				fields[key] = noFigure // a figure is a number, not a text
			}
		default:
			fields[key] = noFigure
		}
	}
	r, bad := rowOf(fields)
	if unknown {
		bad = append(bad, BadField)
	}
	return r, bad
}

// table reads CSV whose first line names the columns. A cell cannot hold the end of a line.
func (p rowReader) table(in io.Reader) error {
	from := newLines(in)
	head, long, err := from.next()
	if err != nil {
		return ignoreEnd(err)
	}
	columns, bad := parseHeader(head, long)
	if len(bad) > 0 {
		return &fault.Invalid{Fields: bad}
	}
	for {
		line, long, err := from.next()
		if err != nil {
			return ignoreEnd(err)
		}
		it := item{line: from.number, reasons: []Reason{BadLong}}
		if !long {
			it.row, it.reasons = parseCells(columns, line)
		}
		if !p.send(it, line) {
			return nil
		}
	}
}

func cells(line []byte) ([]string, error) {
	r := csv.NewReader(bytes.NewReader(line))
	r.TrimLeadingSpace = true
	return r.Read()
}

func parseCells(columns []string, line []byte) (Row, []Reason) {
	values, err := cells(line)
	if err != nil || len(values) != len(columns) {
		return Row{}, []Reason{BadRow}
	}
	fields := make(map[string]string, len(columns))
	for i, name := range columns {
		fields[name] = values[i]
	}
	return rowOf(fields)
}

// parseHeader reads the names of the columns, in any case.
func parseHeader(line []byte, long bool) (columns []string, bad []fault.Field) {
	refuse := func(id string, args message.Args) {
		bad = append(bad, fault.Field{Name: "header", Text: message.Text{ID: id, Args: args}})
	}
	columns, err := cells(line)
	if long || err != nil {
		refuse("fault.figure.header", nil)
		return nil, bad
	}
	seen := map[string]bool{}
	metrics := false
	for i, name := range columns {
		name = strings.ToLower(strings.TrimSpace(name))
		columns[i] = name
		switch {
		case seen[name]:
			refuse("fault.figure.header.twice", message.Args{"Column": cut(name, excerptRunes)})
		case isMetric(name):
			metrics = true
		case !slices.Contains([]string{fieldRegion, fieldWorkspace, fieldDate, fieldMetric, fieldValue}, name):
			refuse("fault.figure.header.unknown", message.Args{"Column": cut(name, excerptRunes), "Metrics": metricNames()})
		}
		seen[name] = true
	}
	for _, name := range []string{fieldWorkspace, fieldDate} {
		if !seen[name] {
			refuse("fault.figure.header.missing", message.Args{"Column": name})
		}
	}
	if seen[fieldMetric] != seen[fieldValue] || !metrics && !seen[fieldMetric] {
		refuse("fault.figure.header.metric", message.Args{"Metrics": metricNames()})
	}
	return columns, bad
}

func metricNames() string {
	var names []string
	for _, m := range AllMetrics() {
		names = append(names, string(m))
	}
	return strings.Join(names, ", ")
}
