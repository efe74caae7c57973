package screen

import (
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// drawn are rows as they were filled last. Filling one puts times and names into words, which is too much to do for every row of
// every frame.
type drawn struct {
	cells map[int][]widget.Cell
	at    stamp
}

// stamp is what a filled row depends on beside its item.
type stamp struct {
	turn   int
	theme  *theme.Theme
	exact  bool
	minute int64
}

// Len implements widget.Rows.
func (l *List[T]) Len() int { return max(l.pages.total, 0) }

// Row implements widget.Rows.
func (l *List[T]) Row(i int) (cells []widget.Cell, marked, ok bool) {
	item, ok := l.pages.at(i)
	if !ok {
		return nil, false, false
	}
	_, marked = l.marks[l.spec.ID(item)]
	return l.fill(i, item), marked, true
}

// fill gives the cells of row i.
func (l *List[T]) fill(i int, item T) []widget.Cell {
	now := stamp{turn: l.pages.turn, theme: l.env.Theme, exact: l.env.Exact, minute: l.env.Now().Unix() / 60}
	if l.drawn.cells == nil || l.drawn.at != now || len(l.drawn.cells) > window {
		l.drawn = drawn{cells: map[int][]widget.Cell{}, at: now}
	}
	cells, known := l.drawn.cells[i]
	if known {
		return cells
	}
	l.spec.Cells(l.env, item, l.cells)
	for _, column := range l.picked {
		cells = append(cells, l.cells[column])
	}
	l.drawn.cells[i] = cells
	return cells
}
