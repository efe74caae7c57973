package widget

import (
	"reeve/tui/paint"
	"reeve/tui/theme"
)

// Cells before the first column: the bar of the cursor, the mark, a space.
const gutter = 3

// Cells between two columns.
const columnGap = 2

// placed is a column with the width it got; 0 means it is not shown.
type placed struct {
	column int
	width  int
}

// Render draws the header and the rows in sight.
func (t *Table) Render(th *theme.Theme, w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	t.SetHeight(h)
	if t.layoutWidth != w {
		t.layout = placeColumns(t.layout[:0], t.columns, w-gutter)
		t.layoutWidth = w
	}
	if t.line == nil || t.line.Theme() != th {
		t.line = paint.NewLine(th, w)
	}
	t.frame = t.frame[:0]
	t.frame = t.header(w).Append(t.frame)
	n := t.len()
	for y := range h - 1 {
		t.frame = append(t.frame, '\n')
		t.line.Reset(w)
		if row := t.top + y; row < n {
			t.row(th, row)
		}
		t.frame = t.line.Append(t.frame)
	}
	return string(t.frame)
}

func (t *Table) header(w int) *paint.Line {
	l := t.line.Reset(w)
	g := &l.Theme().Glyphs
	l.Gap(gutter)
	for i, p := range t.layout {
		c := &t.columns[p.column]
		if i > 0 {
			l.Gap(columnGap)
		}
		if c.ID == "" || c.ID != t.sortID {
			l.Cell(theme.Header, c.Title, p.width, c.Align)
			continue
		}
		arrow := g.Up
		if t.desc {
			arrow = g.Down
		}
		title := min(paint.Width(c.Title), max(p.width-2, 0))
		free := max(p.width-title-2, 0)
		if c.Align == paint.Right {
			l.Gap(free)
			free = 0
		}
		l.Clip(theme.HeaderSort, c.Title, title).Gap(1).Clip(theme.Accent, arrow, 1).Gap(free)
	}
	return l
}

func (t *Table) row(th *theme.Theme, i int) {
	l := t.line
	g := &th.Glyphs
	cells, marked, ok := t.rows.Row(i)
	switch {
	case i != t.cursor:
		l.Gap(1)
	case t.blurred:
		l.Text(theme.Faint, g.Bar)
	default:
		l.On(theme.Selected).Text(theme.Bar, g.Bar)
	}
	if marked {
		l.Text(theme.Mark, g.Check)
	} else {
		l.Gap(1)
	}
	l.Gap(1)
	for x, p := range t.layout {
		if x > 0 {
			l.Gap(columnGap)
		}
		if !ok {
			skeletonCell(l, i, x, p.width)
			continue
		}
		if p.column >= len(cells) {
			l.Gap(p.width)
			continue
		}
		c := &t.columns[p.column]
		terms := t.terms
		if c.NoMatch {
			terms = nil
		}
		role := cells[p.column].Role
		if x == 0 && role == theme.Text && i == t.cursor && !t.blurred {
			role = theme.Title
		}
		l.CellMatch(role, cells[p.column].Text, p.width, c.Align, terms)
	}
}

// placeColumns shares w cells among the columns. First those that must give
// way do, then every column has its least, then grows to its ideal, and what
// is left goes to the flexible ones.
func placeColumns(into []placed, columns []Column, w int) []placed {
	for i, c := range columns {
		into = append(into, placed{column: i, width: max(c.Min, 1)})
	}
	for needed(into) > w {
		drop := -1
		for i, p := range into {
			if pr := columns[p.column].Priority; pr > 0 && (drop < 0 || pr >= columns[into[drop].column].Priority) {
				drop = i
			}
		}
		if drop < 0 {
			break
		}
		into = append(into[:drop], into[drop+1:]...)
	}
	left := w - needed(into)
	for i := range into {
		grow := min(max(columns[into[i].column].Ideal-into[i].width, 0), max(left, 0))
		into[i].width += grow
		left -= grow
	}
	return share(into, columns, left)
}

// share gives the flexible columns what is left, by their weights.
func share(into []placed, columns []Column, left int) []placed {
	weight := 0
	for _, p := range into {
		weight += columns[p.column].Flex
	}
	for i := range into {
		flex := columns[into[i].column].Flex
		if left <= 0 || flex == 0 {
			continue
		}
		part := left * flex / weight
		into[i].width += part
		left -= part
		weight -= flex
	}
	return into
}

// needed returns the cells the columns take with the gaps between them.
func needed(ps []placed) int {
	total := columnGap * max(len(ps)-1, 0)
	for _, p := range ps {
		total += p.width
	}
	return total
}

// skeletonCell stands for a value that is still loading. Its length depends
// on the place only, so that nothing flickers.
func skeletonCell(l *paint.Line, row, column, w int) {
	n := min(w, 3+(row*7+column*5)%max(w, 1))
	n = max(min(n, w-1), min(w, 1))
	l.Repeat(theme.Skeleton, l.Theme().Glyphs.Rest, n).Gap(w - n)
}

// Skeleton draws loading rows of the columns under their heads, without a
// cursor, for a list whose first page has not come yet.
func Skeleton(th *theme.Theme, columns []Column, w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	t := NewTable(columns, nil)
	t.layout = placeColumns(nil, columns, w-gutter)
	t.line = paint.NewLine(th, w)
	lines := []string{t.header(w).String()}
	for i := range h - 1 {
		l := t.line.Reset(w).Gap(gutter)
		for x, p := range t.layout {
			if x > 0 {
				l.Gap(columnGap)
			}
			skeletonCell(l, i, x, p.width)
		}
		lines = append(lines, l.String())
	}
	return paint.Join(lines...)
}
