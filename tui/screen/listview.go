package screen

import (
	"strconv"
	"strings"

	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/widget"
)

// Click puts the cursor on the row at a line of the last view.
func (l *List[T]) Click(_, y int) []Event {
	if row, ok := l.table.RowAt(y); ok {
		l.table.Goto(row)
		return append(l.ensure(), Changed{})
	}
	return nil
}

// Wheel scrolls.
func (l *List[T]) Wheel(lines int) []Event {
	l.table.Scroll(lines)
	return l.ensure()
}

// View draws the list in w×h cells: rows, then one line that says how many, the filter, the sort and the marks; while the
// filter is typed it stands in the first line.
func (l *List[T]) View(w, h int) string {
	rows := h - 1
	var lines []string
	if l.prompt != nil {
		lines = append(lines, l.prompt.Render(l.env.Theme, w))
		rows--
	}
	switch {
	case l.pages.total < 0:
		lines = append(lines, widget.Skeleton(l.env.Theme, l.table.Columns(), w, rows))
	case l.pages.failed != nil && len(l.pages.items) == 0:
		lines = append(lines, l.env.ErrorBox(l.pages.failed, w, rows))
	case l.pages.total == 0 && l.filter != "":
		none := widget.Empty{Title: l.env.With("list.nothing_passes", message.Args{"Filter": l.filter}),
			Keys: []widget.FooterKey{{Key: "esc", Title: l.env.Text("list.clear_filter")}}}
		lines = append(lines, none.Render(l.env.Theme, w, rows))
	case l.pages.total == 0 && l.spec.Empty != nil:
		lines = append(lines, l.spec.Empty().Render(l.env.Theme, w, rows))
	default:
		lines = append(lines, l.table.Render(l.env.Theme, w, rows))
	}
	return paint.Join(append(lines, l.status().Render(l.env.Theme, w))...)
}

func (l *List[T]) status() widget.ListStatus {
	var s widget.ListStatus
	switch {
	case l.pages.total < 0:
		s.Count = l.env.Text("list.loading")
	case l.pages.total > 0:
		s.Count = strconv.Itoa(l.table.Cursor()+1) + " / " + widget.Grouped(l.pages.total)
	default:
		s.Count = "0"
	}
	if l.filter != "" && l.prompt == nil {
		s.Parts = append(s.Parts, l.env.With("list.filter", message.Args{"Filter": l.filter}))
	}
	if l.sort.Field != "" {
		arrow := l.env.Theme.Glyphs.Up
		if l.sort.Desc {
			arrow = l.env.Theme.Glyphs.Down
		}
		s.Parts = append(s.Parts, l.env.With("list.sort", message.Args{"Column": l.title(l.sort.Field), "Arrow": arrow}))
	}
	if l.pages.failed != nil && len(l.pages.items) > 0 {
		s.Parts = append(s.Parts, l.env.Text("list.stale"))
	}
	if n := len(l.marks); n > 0 {
		s.Marked = l.env.With("list.marked", message.Args{"Count": n})
	}
	return s
}

func (l *List[T]) title(id string) string {
	for _, c := range l.spec.Columns {
		if c.ID == id {
			return strings.ToLower(c.Title)
		}
	}
	return id
}
