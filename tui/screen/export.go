package screen

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"

	"reeve/core/text"
	"reeve/tui/widget"
)

// exportCSV writes the columns shown. Cells are cleaned: a spreadsheet or a terminal may open the file.
func exportCSV[T any](columns []widget.Column, picked []int, all int, items []T, fill func(T, []widget.Cell)) ([]byte, error) {
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	record := make([]string, len(picked))
	for i, c := range columns {
		record[i] = c.Title
	}
	if err := w.Write(record); err != nil {
		return nil, fmt.Errorf("writing CSV: %w", err)
	}
	cells := make([]widget.Cell, all)
	for _, item := range items {
		fill(item, cells)
		for i, at := range picked {
			record[i] = inert(text.Clean(cells[at].Text))
		}
		if err := w.Write(record); err != nil {
			return nil, fmt.Errorf("writing CSV: %w", err)
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, fmt.Errorf("writing CSV: %w", err)
	}
	return buf.Bytes(), nil
}

// inert keeps a spreadsheet from taking a name for a formula.
func inert(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@') {
		return "'" + s
	}
	return s
}

// exportRecords writes whole records. In JSON what a terminal would act on is escaped; YAML, whose library writes it as it is,
// has the marks that the screen shows.
func exportRecords(format string, records []any) ([]byte, error) {
	data, err := json.MarshalIndent(records, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing JSON: %w", err)
	}
	if format == "json" {
		return append(text.EscapeJSON(data), '\n'), nil
	}
	if data, err = yaml.JSONToYAML(marked(data)); err != nil {
		return nil, fmt.Errorf("writing YAML: %w", err)
	}
	return data, nil
}

// escapes finds every escape of JSON, so that an escaped backslash is not taken for the beginning of one.
var escapes = regexp.MustCompile(`\\(u[0-9a-f]{4}|.)`)

// marked writes unsafe characters, escaped or not, as marks; line breaks and tabs in strings stay.
func marked(data []byte) []byte {
	data = escapes.ReplaceAllFunc(data, func(escape []byte) []byte {
		var s string
		if err := json.Unmarshal([]byte(`"`+string(escape)+`"`), &s); err != nil || s == "\n" || s == "\t" {
			return escape
		}
		if r, unsafe := text.FirstUnsafe(s); unsafe {
			return []byte(text.Mark(r))
		}
		return escape
	})
	lines := strings.Split(string(data), "\n")
	for i := range lines {
		lines[i] = text.Clean(lines[i])
	}
	return []byte(strings.Join(lines, "\n"))
}
