package widget

import (
	tea "charm.land/bubbletea/v2"

	"reeve/tui/paint"
	"reeve/tui/theme"
)

// Cell is one value of a row.
type Cell struct {
	Text string
	Role theme.Role
}

// Rows is where a table takes its rows from. Row may reuse the cells it
// returns; the table is done with them before it asks for the next row. ok is
// false for a row that is not loaded yet, which is drawn as a skeleton.
type Rows interface {
	Len() int
	Row(i int) (cells []Cell, marked bool, ok bool)
}

// Column describes one column of a table. Widths are in cells.
type Column struct {
	ID    string
	Title string
	// Min is the least width the column is still of use with, Ideal the one
	// it takes when there is room. Flex is its share of what is left over.
	Min, Ideal, Flex int
	Align            paint.Align
	// Priority says when a column gives way in a narrow window: those with
	// the highest number first, those with 0 never.
	Priority int
	// NoMatch keeps the filter's terms from being shown in this column.
	NoMatch bool
}

// Table shows the rows in sight of a list of any length. What a key or a
// frame costs depends on the window, not on the number of rows. Indexes are
// absolute and begin at 0.
type Table struct {
	columns []Column
	rows    Rows
	cursor  int
	top     int
	body    int // lines for rows in the last frame
	sortID  string
	desc    bool
	terms   []string
	blurred bool

	layout      []placed
	layoutWidth int
	line        *paint.Line
	frame       []byte
}

// NewTable returns a table of the columns over the rows.
func NewTable(columns []Column, rows Rows) *Table {
	return &Table{columns: columns, rows: rows, body: 1, layoutWidth: -1}
}

// SetRows changes where the rows come from; the cursor stays where it is as
// far as there are rows.
func (t *Table) SetRows(rows Rows) {
	t.rows = rows
	t.clamp()
}

// SetColumns changes the columns shown.
func (t *Table) SetColumns(columns []Column) {
	t.columns = columns
	t.layoutWidth = -1
}

// Columns returns the columns in their order.
func (t *Table) Columns() []Column { return t.columns }

// SetSort shows in the header which column the rows are sorted by. An empty
// id shows none.
func (t *Table) SetSort(columnID string, descending bool) { t.sortID, t.desc = columnID, descending }

// SetMatch sets the terms to be shown as matches, without regard to case.
func (t *Table) SetMatch(terms []string) { t.terms = terms }

// SetFocused tells whether the table has the keys; one that has not shows its
// cursor without the fill.
func (t *Table) SetFocused(focused bool) { t.blurred = !focused }

// SetHeight tells how many lines the table will have, header included, before
// the first frame is drawn, so that Visible is right.
func (t *Table) SetHeight(h int) {
	t.body = max(h-1, 1)
	t.clamp()
}

// Cursor returns the row under the cursor, -1 when there are no rows.
func (t *Table) Cursor() int {
	if t.len() == 0 {
		return -1
	}
	t.clamp()
	return t.cursor
}

// Top returns the first row in sight.
func (t *Table) Top() int { return t.top }

// Restore puts cursor and scroll back to where they were.
func (t *Table) Restore(cursor, top int) {
	t.cursor, t.top = cursor, top
	t.clamp()
}

// Visible returns the rows in sight, first and one past the last.
func (t *Table) Visible() (first, last int) {
	t.clamp()
	return t.top, min(t.top+t.body, t.len())
}

// Up, Down, PageUp, PageDown, Home and End move the cursor; they tell whether
// it moved.
func (t *Table) Up() bool       { return t.Goto(t.cursor - 1) }
func (t *Table) Down() bool     { return t.Goto(t.cursor + 1) }
func (t *Table) PageUp() bool   { return t.Goto(t.cursor - t.body) }
func (t *Table) PageDown() bool { return t.Goto(t.cursor + t.body) }
func (t *Table) Home() bool     { return t.Goto(0) }
func (t *Table) End() bool      { return t.Goto(t.len() - 1) }

// Goto puts the cursor on row i, or the nearest there is.
func (t *Table) Goto(i int) bool {
	before := t.cursor
	t.cursor = i
	t.clamp()
	return t.cursor != before
}

// HandleKey moves the cursor by the usual keys and tells whether the key was
// one of them.
func (t *Table) HandleKey(k tea.KeyPressMsg) bool {
	switch k.String() {
	case "up", "k":
		t.Up()
	case "down", "j":
		t.Down()
	case "pgup", "ctrl+b":
		t.PageUp()
	case "pgdown", "ctrl+f":
		t.PageDown()
	case "ctrl+u":
		t.Goto(t.cursor - max(t.body/2, 1))
	case "ctrl+d":
		t.Goto(t.cursor + max(t.body/2, 1))
	case "home", "g":
		t.Home()
	case "end", "G":
		t.End()
	default:
		return false
	}
	return true
}

// Scroll moves the window by n rows, as a mouse wheel does; the cursor stays
// in sight.
func (t *Table) Scroll(n int) {
	t.top = max(min(t.top+n, t.len()-t.body), 0)
	t.cursor = max(min(t.cursor, t.top+t.body-1), t.top)
	t.clamp()
}

// RowAt returns the row drawn at line y of the last frame; line 0 is the
// header.
func (t *Table) RowAt(y int) (row int, ok bool) {
	row = t.top + y - 1
	return row, y >= 1 && y <= t.body && row < t.len()
}

func (t *Table) len() int {
	if t.rows == nil {
		return 0
	}
	return t.rows.Len()
}

// clamp keeps the cursor on a row and in sight.
func (t *Table) clamp() {
	n := t.len()
	t.cursor = max(min(t.cursor, n-1), 0)
	t.top = scrollWindow(t.top, t.cursor, n, t.body)
}
