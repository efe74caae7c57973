package member

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// header reads a line as the names of columns: what each column is for. It is one only if it names the user.
func header(line string) (columns []string, ok bool) {
	r := csv.NewReader(strings.NewReader(line))
	r.Comma = delimiter(line)
	names, err := r.Read()
	if err != nil {
		return nil, false
	}
	for _, name := range names {
		column, known := columnOf(name)
		if !known {
			column = name
		}
		columns = append(columns, column)
		ok = ok || column == columnUser
	}
	return columns, ok
}

// delimiter is what stands between the cells of a line: a tab, as in what is copied from a spreadsheet, a comma, or a semicolon,
// as spreadsheets write where the comma stands in numbers.
func delimiter(line string) rune {
	switch {
	case strings.ContainsRune(line, '\t'):
		return '\t'
	case !strings.ContainsRune(line, ',') && strings.ContainsRune(line, ';'):
		return ';'
	}
	return ','
}

func readCSV(data []byte) ([]Row, error) {
	first, _, _ := bytes.Cut(bytes.TrimLeft(data, " \r\n"), []byte("\n"))
	columns, headed := header(string(first))
	if err := checkColumns(columns, headed); err != nil {
		return nil, err
	}
	if !headed {
		columns = []string{columnUser, columnRoles, columnUntil, columnNone}
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord = delimiter(string(first)), -1
	r.TrimLeadingSpace = r.Comma != '\t' // where a tab is space and stands between cells, it must not be trimmed
	var rows []Row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if headed {
			headed = false // the names of the columns
			continue
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			rows = append(rows, Row{Line: wrong.StartLine, Bad: []fault.Field{{Name: "row",
				Text: message.Text{ID: "fault.import.csv", Args: message.Args{"Evidence": wrong.Err.Error()}}}}})
			continue
		}
		if err != nil {
			return nil, fault.OneField("rows", "fault.import.csv", message.Args{"Evidence": err.Error()})
		}
		if row, said := rowOf(cells, columns); said {
			row.Line, _ = r.FieldPos(0)
			rows = append(rows, row)
		}
	}
}

// checkColumns refuses columns that nobody knows and names what comes near.
func checkColumns(columns []string, headed bool) error {
	if !headed {
		return nil
	}
	var bad []fault.Field
	known := []string{columnUser, columnRoles, columnUntil}
	seen := map[string]bool{}
	for _, column := range columns {
		if column == columnNone || column == columnList {
			continue
		}
		if _, ok := columnOf(column); !ok && text.Fold(column) != "" {
			bad = append(bad, fault.Field{Name: "rows", Text: message.Text{ID: "fault.import.column",
				Args: message.Args{"Name": column, "Known": strings.Join(known, ", ")}}})
		}
		if seen[column] {
			bad = append(bad, fault.Field{Name: "rows", Text: message.Text{ID: "fault.import.column.twice", Args: message.Args{"Name": column}}})
		}
		seen[column] = true
	}
	if len(bad) > 0 {
		return &fault.Invalid{Fields: bad}
	}
	return nil
}

// rowOf takes a row out of its cells; said is false for an empty one.
func rowOf(cells, columns []string) (row Row, said bool) {
	row.Source = strings.Join(cells, ",")
	for i, cell := range cells {
		cell = strings.TrimSpace(plainCell(cell))
		if i >= len(columns) {
			if cell != "" {
				row.Bad = append(row.Bad, fault.Field{Name: "row", Text: message.Text{ID: "fault.import.cells",
					Args: message.Args{"Count": len(cells), "Columns": len(columns)}}})
			}
			break
		}
		said = said || cell != ""
		switch columns[i] {
		case columnUser:
			row.User = cell
		case columnRoles:
			row.Roles = wishes(cell)
		case columnUntil:
			row.Until = cell
		}
	}
	if slices.Contains(columns, columnList) {
		row.leaveFirstEnd()
	}
	return row, said
}

// leaveFirstEnd passes over the end of a row of a list of members, which is the first that one of its roles has and would be
// taken for the end of those that have none. Where it is no such end somebody has changed it, and which is meant is not known.
func (row *Row) leaveFirstEnd() {
	own := false
	for _, w := range row.Roles {
		own = own || w.Own
		if w.Own && w.Until == row.Until {
			row.Until = ""
			return
		}
	}
	if own && row.Until != "" {
		row.Bad = append(row.Bad, fault.Field{Name: columnUntil, Text: message.Text{ID: "fault.import.until.list", Args: message.Args{"Text": row.Until}}})
	}
}

// plainCell takes away the mark that keeps a spreadsheet from taking a cell for a formula.
func plainCell(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune("=+-@", rune(cell[1])) {
		return cell[1:]
	}
	return cell
}
