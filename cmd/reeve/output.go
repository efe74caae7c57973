package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/charmbracelet/x/ansi"

	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// The forms of an answer.
const (
	formTable = "table"
	formJSON  = "json"
	formYAML  = "yaml"
	formCSV   = "csv"
)

// answer is what a command hands back. The same records serve every form.
type answer struct {
	// value is a record, or a []record for a list.
	value any
	// rows, if set, makes what CSV writes: the rows of a record in which they are not alone, or such as say something otherwise there.
	rows func() []record
	// keys are those of a row, for a list that has none to show them.
	keys []string
	// columns are the keys that a table of the list shows; all of them if empty.
	columns []string
	// note is a sentence that stands instead of a table of what was changed.
	note message.Text
	// lines, if set, are printed instead of a table: an answer that is no list of like things.
	lines []string
	// marks says that lines which begin with + ~ or - are coloured where colours are shown.
	marks bool
	// silent says that everything has been printed already.
	silent bool
	// code is the exit code, exitDone unless the answer itself is a no.
	code int
}

// print writes an answer to stdout in the form asked for.
func (c *cli) print(a answer) error {
	if a.silent {
		return nil
	}
	var err error
	switch c.flags.output {
	case formJSON:
		err = writeJSON(c.out, a.value)
	case formYAML:
		err = writeYAML(c.out, a.value)
	case formCSV:
		err = c.writeCSV(a)
	default:
		err = c.writeText(a)
	}
	if err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// stands is an answer that could not be written after a change: whoever reads only that it failed would make it again.
func stands(err error) error {
	if err == nil {
		return nil
	}
	return &fault.Unavailable{What: message.Text{ID: "cli.unanswered"}, Evidence: err.Error(), Way: message.Text{ID: "cli.unanswered.next"}, Err: err}
}

// writeJSON writes two-space indented JSON. Characters that a terminal acts on or that cannot be seen are escaped.
func writeJSON(w io.Writer, value any) error {
	data, err := jsonBytes(value, "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

func jsonBytes(value any, indent string) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(value); err != nil {
		return nil, err
	}
	return escapeUnsafe(bytes.TrimRight(buf.Bytes(), "\n"), jsonEscape), nil
}

// escapeUnsafe escapes what json leaves as it is though a terminal would act on it: C1 controls, format characters and
// the like. All of these can stand in strings only. escape is how the form at hand writes a character.
func escapeUnsafe(data []byte, escape func(rune) string) []byte {
	var out bytes.Buffer
	for _, r := range string(data) {
		if r == '\n' || !text.Unsafe(r) {
			out.WriteRune(r)
		} else {
			out.WriteString(escape(r))
		}
	}
	return out.Bytes()
}

// jsonEscape writes a character as JSON does: those beyond the first plane are two halves.
func jsonEscape(r rune) string {
	if r > 0xffff {
		high, low := utf16.EncodeRune(r)
		return jsonEscape(high) + jsonEscape(low)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// writeCSV writes one line of keys and one for each record.
func (c *cli) writeCSV(a answer) error {
	rows := rowsOf(a.value)
	if a.rows != nil {
		rows = a.rows()
	}
	w := csv.NewWriter(c.out)
	var keys []string
	if len(rows) > 0 {
		keys = rows[0].keys()
	} else {
		keys = a.keys
	}
	err := w.Write(keys)
	if err != nil {
		return err
	}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, f := range row {
			if cells[i], err = csvCell(f.Value); err != nil {
				return err
			}
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// csvCell is a value as one cell: as in a table, but records that have no name to stand for them as JSON, so that a program
// can take them apart.
func csvCell(value any) (string, error) {
	first := record{}
	switch v := value.(type) {
	case record:
		first = v
	case []record:
		if len(v) > 0 {
			first = v[0]
		}
	}
	_, apart := value.(mapping)
	if _, named := first.get("name").(string); !apart && (named || len(first) == 0) {
		return cell(value), nil
	}
	data, err := jsonBytes(value, "")
	return string(data), err
}

// writeText writes an answer for people.
func (c *cli) writeText(a answer) error {
	var lines []string
	one, isOne := a.value.(record)
	switch {
	case a.lines != nil:
		lines = c.shown(a)
	case !a.note.IsZero():
		lines = []string{c.say(a.note)}
	case isOne:
		lines = c.card(one)
	default:
		lines = c.table(rowsOf(a.value), a.columns)
	}
	_, err := io.WriteString(c.out, strings.Join(lines, "\n")+"\n")
	return err
}

// shown are the lines of an answer as they reach a terminal.
func (c *cli) shown(a answer) []string {
	lines := make([]string, len(a.lines))
	for i, line := range a.lines {
		lines[i] = text.Clean(line)
	}
	if a.marks {
		return c.marked(lines)
	}
	return lines
}

// card writes one record with a line for each value.
func (c *cli) card(r record) []string {
	width := 0
	for _, f := range r {
		width = max(width, ansi.StringWidth(c.heading(f.Key)))
	}
	lines := make([]string, 0, len(r))
	for _, f := range r {
		lines = append(lines, strings.TrimRight(pad(c.heading(f.Key), width)+"  "+cell(f.Value), " "))
	}
	return lines
}

// table writes records under their headings. An empty list says so.
func (c *cli) table(rows []record, columns []string) []string {
	if len(rows) == 0 {
		return []string{c.p.Text("cli.nothing")}
	}
	if len(columns) == 0 {
		columns = rows[0].keys()
	}
	grid := make([][]string, 0, len(rows)+1)
	head := make([]string, len(columns))
	for i, key := range columns {
		head[i] = c.heading(key)
	}
	grid = append(grid, head)
	for _, r := range rows {
		line := make([]string, len(columns))
		for i, key := range columns {
			line[i] = cell(r.get(key))
		}
		grid = append(grid, line)
	}
	return align(grid)
}

// align pads the columns of a grid to their widest cells.
func align(grid [][]string) []string {
	var widths []int
	for _, line := range grid {
		for i, s := range line {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], ansi.StringWidth(s))
		}
	}
	lines := make([]string, len(grid))
	for n, line := range grid {
		var b strings.Builder
		for i, s := range line {
			b.WriteString(pad(s, widths[i]) + "  ")
		}
		lines[n] = strings.TrimRight(b.String(), " ")
	}
	return lines
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-ansi.StringWidth(s)))
}

// heading is the title of a key; a key without one stands for itself, in the letters of titles.
func (c *cli) heading(key string) string {
	if id := "cli.column." + key; c.p.Has(id) {
		return c.p.Text(id)
	}
	return strings.ToUpper(strings.ReplaceAll(text.Clean(key), "_", " "))
}
