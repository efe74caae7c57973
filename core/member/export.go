package member

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/text"
)

// Export lists all members as rows that can be imported again, in the order of their names.
func (s *Service) Export(ctx context.Context, ref control.Ref, filter list.Filter) ([]Row, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Row]{
		Action: action.MemberExport,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Row, error) {
			q := list.Query{Filter: filter, Limit: list.MaxLimit}
			if err := q.Check(fields()...); err != nil {
				return nil, err
			}
			var rows []Row
			for {
				page, err := s.store.List(ctx, t.Workspace, q)
				if err != nil {
					return nil, err
				}
				for _, m := range page.Items {
					rows = append(rows, RowOf(m))
				}
				if len(page.Items) < q.Limit {
					return rows, nil
				}
				q.From = &page.Keys[len(page.Keys)-1]
			}
		},
	})
}

// RowOf is a member as a row. An end that all roles have is the row's; otherwise each role says its own.
func RowOf(m Member) Row {
	row := Row{User: m.Name}
	same := true
	for _, h := range m.Roles {
		w := Wish{Name: h.Name, Code: h.Code, Until: stamp(h.Until)}
		row.Roles = append(row.Roles, w)
		same = same && w.Until == row.Roles[0].Until
	}
	for i := range row.Roles {
		row.Roles[i].Own = !same && row.Roles[i].Until != ""
	}
	if same && len(row.Roles) > 0 {
		row.Until = row.Roles[0].Until
	}
	return row
}

func stamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Cell are the roles of a row as one cell.
func (r Row) Cell() string {
	parts := make([]string, len(r.Roles))
	for i, w := range r.Roles {
		parts[i] = w.cell()
	}
	return strings.Join(parts, "; ")
}

func (w Wish) cell() string {
	if w.Own && w.Until != "" {
		return w.Name + " (until " + w.Until + ")"
	}
	return w.Name
}

// Cell is a role as an import reads it from a cell: with its own end, where it has one.
func (h Held) Cell() string {
	return Wish{Name: h.Name, Until: stamp(h.Until), Own: true}.cell()
}

// Written is a row to be written down, with why it was handed back; Why is empty for rows of an export.
type Written struct {
	Row
	Why string
}

// WriteRows writes rows down so that they can be imported again. Rows that could not be read are written as they stood, where
// the format has a place for it.
func WriteRows(rows []Written, format Format) ([]byte, error) {
	switch format {
	case JSON:
		return writeJSON(rows)
	case Lines:
		return writeLines(rows), nil
	case CSV, Guess:
		return writeCSV(rows)
	}
	return nil, fault.OneField("format", "fault.import.format", map[string]any{"Format": string(format)})
}

// HandedBack tells of what WriteRows wrote of rows that were handed back, in any format, or of none.
func HandedBack(data []byte) bool {
	first, rest, _ := bytes.Cut(bytes.TrimSpace(data), []byte{'\n'})
	switch {
	case len(first) == 0 || first[0] == '#' || len(rest) == 0 && string(first) == "[]":
		return true
	case first[0] == '[':
		return bytes.Contains(rest, []byte(`"reason":`))
	case first[0] == '{':
		return bytes.Contains(first, []byte(`"reason":`))
	}
	head := strings.Split(string(bytes.TrimSpace(first)), ",")
	return head[0] == columnUser && (len(rest) == 0 || head[len(head)-1] == columnWhy)
}

// broken tells of a row that is no JSON.
func (r Written) broken() bool {
	return r.User == "" && len(r.Roles) == 0 && r.Source != "" && !json.Valid([]byte(r.Source))
}

func writeCSV(rows []Written) ([]byte, error) {
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	why := false
	for _, r := range rows {
		why = why || r.Why != ""
	}
	head := []string{columnUser, columnRoles, columnUntil}
	if why {
		head = append(head, columnWhy)
	}
	records := [][]string{head}
	for _, r := range rows {
		record := []string{r.User, r.Cell(), r.Until}
		if r.User == "" && len(r.Roles) == 0 {
			record[0] = r.Source
		}
		if why {
			record = append(record, r.Why)
		}
		for i := range record {
			record[i] = guarded(text.Clean(record[i]))
		}
		records = append(records, record)
	}
	if err := w.WriteAll(records); err != nil {
		return nil, fmt.Errorf("writing CSV: %w", err)
	}
	return buf.Bytes(), nil
}

// guarded keeps a spreadsheet from taking a cell for a formula; reading takes the mark away.
func guarded(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// writeLines writes `zoe.park: develop; o&m until 2026-12-31T00:00:00Z`, or the line as it stood, behind a line that says why.
func writeLines(rows []Written) []byte {
	var b strings.Builder
	for _, r := range rows {
		if r.Why != "" {
			b.WriteString("# " + text.Clean(r.Why) + "\n")
		}
		line := r.Source
		if line == "" || strings.Contains(line, "\n") {
			line = r.inOneLine()
		}
		b.WriteString(clean(line) + "\n")
	}
	return []byte(b.String())
}

// clean is a line that is harmless; tabs stay, for they stand between cells.
func clean(line string) string {
	cells := strings.Split(line, "\t")
	for i := range cells {
		cells[i] = text.Clean(cells[i])
	}
	return strings.Join(cells, "\t")
}

// inOneLine is a row as a line. A role is named by its code where its name would be read as something else: names may have
// spaces in them, and then words that say when the role ends.
func (r Row) inOneLine() string {
	roles := slices.Clone(r.Roles)
	for i, w := range roles {
		alone := Row{User: r.User, Roles: []Wish{w}, Until: r.Until}
		read := readLine(alone.line(), 0)
		w.Code = ""
		if roles[i].Code != "" && (read.Until != r.Until || !slices.Equal(read.Roles, []Wish{w})) {
			roles[i].Name = roles[i].Code
		}
	}
	r.Roles = roles
	return r.line()
}

func (r Row) line() string {
	line := strings.TrimSuffix(r.User+": "+r.Cell(), ": ")
	if r.Until != "" {
		line += " until " + r.Until
	}
	return line
}

func writeJSON(rows []Written) ([]byte, error) {
	type role struct {
		Name  string  `json:"name"`
		Until *string `json:"until,omitempty"`
	}
	type object struct {
		User  string  `json:"user"`
		Roles []role  `json:"roles"`
		Until *string `json:"until"`
		Why   string  `json:"reason,omitempty"`
	}
	objects := make([]object, len(rows))
	for i, r := range rows {
		o := object{User: r.User, Roles: []role{}, Why: r.Why}
		if r.User == "" && len(r.Roles) == 0 {
			o.User = r.Source
		}
		if r.Until != "" {
			o.Until = &r.Until
		}
		for _, w := range r.Roles {
			given := role{Name: w.Name}
			if w.Own {
				given.Until = &w.Until
			}
			o.Roles = append(o.Roles, given)
		}
		objects[i] = o
	}
	if !slices.ContainsFunc(rows, Written.broken) {
		data, err := json.MarshalIndent(objects, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("writing JSON: %w", err)
		}
		return append(text.EscapeJSON(data), '\n'), nil
	}
	// What is no JSON cannot stand in a list: each row has a line then, and it stands as it was behind a line that says why.
	var b bytes.Buffer
	for i, o := range objects {
		if rows[i].broken() {
			b.WriteString("# " + text.Clean(rows[i].Why) + "\n" + clean(rows[i].Source) + "\n")
			continue
		}
		data, err := json.Marshal(o)
		if err != nil {
			return nil, fmt.Errorf("writing JSON: %w", err)
		}
		b.Write(append(text.EscapeJSON(data), '\n'))
	}
	return b.Bytes(), nil
}
