package widget

import (
	tea "charm.land/bubbletea/v2"
)

// Level is what a role may do in a module.
type Level uint8

// The levels, each including the one before it.
const (
	LevelNone Level = iota
	LevelRead
	LevelWrite
	levelCount
)

// MatrixRow is one module of a role.
type MatrixRow struct {
	Label string
	// Level is what is chosen, Original what is stored.
	Level, Original Level
	// Note says what the choice means, for example who is affected.
	Note string
}

// Matrix is the editor of a role: one row per module, one column per level.
type Matrix struct {
	// Titles are the heads of the label column, the three levels and the
	// note column.
	Titles [5]string
	// ReadOnly shows the levels without letting them change.
	ReadOnly bool

	rows    []MatrixRow
	row     int
	column  Level
	top     int
	body    int
	blurred bool
	undo    [][]levelChange
}

// levelChange remembers a level for undo.
type levelChange struct {
	row  int
	from Level
}

// NewMatrix returns a matrix of the rows, with English heads.
func NewMatrix(rows []MatrixRow) *Matrix {
	m := &Matrix{Titles: [5]string{"Module", "None", "Read", "Write", ""}, body: 1}
	m.SetRows(rows)
	return m
}

// SetRows replaces the rows and forgets what could be undone; the cursor
// stays as far as there are rows. Levels out of range become None.
func (m *Matrix) SetRows(rows []MatrixRow) {
	m.rows = append([]MatrixRow(nil), rows...)
	for i := range m.rows {
		m.rows[i].Level = valid(m.rows[i].Level)
		m.rows[i].Original = valid(m.rows[i].Original)
	}
	m.undo = nil
	m.moveTo(m.row)
	if len(m.rows) > 0 {
		m.column = m.rows[m.row].Level
	}
}

func valid(l Level) Level {
	if l >= levelCount {
		return LevelNone
	}
	return l
}

// Rows returns a copy of the rows as they are now.
func (m *Matrix) Rows() []MatrixRow { return append([]MatrixRow(nil), m.rows...) }

// SetNote replaces the note of a row; a row out of range is left alone.
func (m *Matrix) SetNote(row int, note string) {
	if row >= 0 && row < len(m.rows) {
		m.rows[row].Note = note
	}
}

// SetFocused tells whether the matrix has the keys.
func (m *Matrix) SetFocused(focused bool) { m.blurred = !focused }

// Cursor returns the row and the level under the cursor; row is -1 when there
// are no rows.
func (m *Matrix) Cursor() (row int, column Level) {
	if len(m.rows) == 0 {
		return -1, LevelNone
	}
	return m.row, m.column
}

// Goto puts the cursor on a row, or the nearest there is.
func (m *Matrix) Goto(row int) { m.moveTo(row) }

// SetLevel chooses a level in one row and tells whether that changed it.
func (m *Matrix) SetLevel(row int, level Level) bool {
	return m.change([]int{row}, level)
}

// SetAll chooses a level in all rows as one step and tells whether any
// changed.
func (m *Matrix) SetAll(level Level) bool {
	all := make([]int, len(m.rows))
	for i := range all {
		all[i] = i
	}
	return m.change(all, level)
}

// Cycle chooses the next level in the row under the cursor.
func (m *Matrix) Cycle() bool {
	if len(m.rows) == 0 {
		return false
	}
	return m.SetLevel(m.row, (m.rows[m.row].Level+1)%levelCount)
}

// Undo takes back the last step and tells whether there was one.
func (m *Matrix) Undo() bool {
	if len(m.undo) == 0 || m.ReadOnly {
		return false
	}
	last := m.undo[len(m.undo)-1]
	m.undo = m.undo[:len(m.undo)-1]
	for _, c := range last {
		m.rows[c.row].Level = c.from
	}
	m.moveTo(last[0].row)
	m.column = m.rows[m.row].Level
	return true
}

// Changed returns how many rows have another level than the stored one.
func (m *Matrix) Changed() int {
	n := 0
	for _, r := range m.rows {
		if r.Level != r.Original {
			n++
		}
	}
	return n
}

// HandleKey moves the cursor and paints levels: n, r and w choose a level in
// the row, N, R and W in all rows, space the level under the cursor, tab
// the next level, u takes the last step back. It tells whether the key was
// one of its own.
func (m *Matrix) HandleKey(k tea.KeyPressMsg) bool {
	key := k.String()
	return m.moveKey(key) || !m.ReadOnly && m.paintKey(key)
}

func (m *Matrix) moveKey(key string) bool {
	switch key {
	case "up", "k":
		m.moveTo(m.row - 1)
	case "down", "j":
		m.moveTo(m.row + 1)
	case "pgup":
		m.moveTo(m.row - m.body)
	case "pgdown":
		m.moveTo(m.row + m.body)
	case "home", "g":
		m.moveTo(0)
	case "end", "G":
		m.moveTo(len(m.rows) - 1)
	case "left", "h":
		if m.column > LevelNone {
			m.column--
		}
	case "right", "l":
		if m.column < LevelWrite {
			m.column++
		}
	default:
		return false
	}
	return true
}

func (m *Matrix) paintKey(key string) bool {
	switch key {
	case "n":
		m.SetLevel(m.row, LevelNone)
	case "r":
		m.SetLevel(m.row, LevelRead)
	case "w":
		m.SetLevel(m.row, LevelWrite)
	case "N":
		m.SetAll(LevelNone)
	case "R":
		m.SetAll(LevelRead)
	case "W":
		m.SetAll(LevelWrite)
	case "space":
		m.SetLevel(m.row, m.column)
	case "tab":
		m.Cycle()
	case "u":
		m.Undo()
	default:
		return false
	}
	return true
}

// change chooses a level in rows as one step that can be undone.
func (m *Matrix) change(rows []int, level Level) bool {
	if m.ReadOnly || level >= levelCount {
		return false
	}
	var step []levelChange
	for _, i := range rows {
		if i < 0 || i >= len(m.rows) || m.rows[i].Level == level {
			continue
		}
		step = append(step, levelChange{row: i, from: m.rows[i].Level})
		m.rows[i].Level = level
	}
	if len(step) == 0 {
		return false
	}
	m.undo = append(m.undo, step)
	if m.row < len(m.rows) {
		m.column = m.rows[m.row].Level
	}
	return true
}

func (m *Matrix) moveTo(row int) {
	m.row = max(min(row, len(m.rows)-1), 0)
}
