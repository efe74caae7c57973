package screen

import (
	"context"
	"slices"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/tui/widget"
)

// markLimit and exportLimit bound what one key loads.
const (
	markLimit   = 10_000
	exportLimit = 1_000_000
)

// Verdict says whether an act of lists is possible now.
func (l *List[T]) Verdict(id action.ID) control.Verdict {
	switch id {
	case action.Open, action.Mark, action.MarkRange, action.MarkAll, action.CopyCell:
		if _, ok := l.Selected(); !ok {
			return control.Impossible("list.no_row", nil)
		}
	}
	return control.Possible()
}

// Act begins an act that all lists have; ok is false if it is none of them.
func (l *List[T]) Act(id action.ID) (events []Event, ok bool) {
	switch id {
	case action.FilterList:
		l.prompt = widget.NewFilterLine(l.filter)
		l.prompt.Hint = l.env.With("list.filter_hint", message.Args{"Fields": fieldHint(l.spec.Fields)})
	case action.Mark:
		l.toggle()
		l.table.Down()
		events = l.ensure()
	case action.MarkRange:
		l.markRange()
	case action.MarkAll:
		events = l.markAll()
	case action.SortList:
		events = []Event{Show{l.sortPicker()}}
	case action.ChooseColumns:
		events = []Event{Show{l.columnPicker()}}
	case action.CopyCell:
		events = l.copyPicker()
	case action.Export:
		events = []Event{Show{l.exportPicker()}}
	default:
		return nil, false
	}
	return append(events, Changed{}), true
}

func fieldHint(fields []string) string {
	if len(fields) == 0 {
		return ""
	}
	return fields[0]
}

func (l *List[T]) toggle() {
	item, ok := l.Selected()
	if !ok {
		return
	}
	if l.Toggle(item); l.marked(item) {
		l.anchor = l.table.Cursor()
	}
}

func (l *List[T]) marked(item T) bool {
	_, marked := l.marks[l.spec.ID(item)]
	return marked
}

// markRange marks from the row marked last to the cursor, as far as the rows are loaded.
func (l *List[T]) markRange() {
	from, to := l.anchor, l.table.Cursor()
	if from < 0 {
		from = to
	}
	for i := min(from, to); i <= max(from, to); i++ {
		if item, ok := l.pages.at(i); ok {
			l.marks[l.spec.ID(item)] = item
		}
	}
	l.anchor = to
}

// markAll marks everything that passes the filter, or unmarks it if it is all marked already.
func (l *List[T]) markAll() []Event {
	if len(l.marks) > 0 && len(l.marks) >= min(l.pages.total, markLimit) {
		l.Unmark()
		return nil
	}
	query := l.query()
	return []Event{Run("mark", "", func(ctx context.Context) ([]T, error) { return All(ctx, l.spec.Load, query, markLimit) },
		func(items []T, err error) []Event {
			if err != nil {
				return l.env.Fail(err)
			}
			for _, item := range items {
				l.marks[l.spec.ID(item)] = item
			}
			if len(items) == markLimit {
				return []Event{Say{Level: widget.ToastWarning, Text: message.Text{ID: "list.mark_limit", Args: message.Args{"Count": markLimit}}}}
			}
			return []Event{Changed{}}
		})}
}

func (l *List[T]) sortPicker() Overlay {
	var items []widget.Item
	for _, id := range l.spec.Sortable {
		order := ""
		if id == l.sort.Field {
			order = l.env.Text("list.sort_turns")
		}
		items = append(items, widget.Item{ID: id, Cells: []string{l.title(id), order}})
	}
	return Pick(widget.NewPicker(l.env.Text("list.sort_title"), items, l.sort.Field), func(p *widget.Picker) []Event {
		id := p.Chosen()
		if id == l.sort.Field {
			l.sort.Desc = !l.sort.Desc
		} else {
			l.sort = list.Sort{Field: id}
		}
		l.renew()
		l.behind = false
		l.arrange()
		l.table.SetRows(l)
		l.table.Restore(0, 0)
		return append(l.ensure(), Changed{})
	})
}

func (l *List[T]) columnPicker() Overlay {
	var items []widget.Item
	for _, c := range l.spec.Columns {
		items = append(items, widget.Item{ID: c.ID, Cells: []string{c.Title}, Checked: slices.Contains(l.shown, c.ID)})
	}
	p := widget.NewPicker(l.env.Text("list.columns_title"), items, "")
	p.Several, p.Hint = true, l.env.Text("list.columns_hint")
	return Pick(p, func(p *widget.Picker) []Event {
		if checked := p.Checked(); len(checked) > 0 {
			l.shown = checked
			l.arrange()
		}
		return nil
	})
}

func (l *List[T]) copyPicker() []Event {
	item, ok := l.Selected()
	if !ok {
		return nil
	}
	cells := make([]widget.Cell, len(l.spec.Columns))
	l.spec.Cells(l.env, item, cells)
	row := ""
	items := []widget.Item{{ID: "row", Cells: []string{l.env.Text("list.copy_row")}}}
	for i, c := range l.spec.Columns {
		if i > 0 {
			row += "\t"
		}
		row += cells[i].Text
		if cells[i].Text != "" {
			items = append(items, widget.Item{ID: c.ID, Cells: []string{c.Title, cells[i].Text}})
		}
	}
	current := "row"
	if len(items) > 1 {
		current = items[1].ID
	}
	return []Event{Show{Pick(widget.NewPicker(l.env.Text("list.copy_title"), items, current), func(p *widget.Picker) []Event {
		for i, c := range l.spec.Columns {
			if c.ID == p.Chosen() {
				return []Event{Copy{Text: cells[i].Text}}
			}
		}
		return []Event{Copy{Text: row}}
	})}}
}

func (l *List[T]) exportPicker() Overlay {
	items := []widget.Item{{ID: "csv", Cells: []string{"CSV"}}, {ID: "json", Cells: []string{"JSON"}}, {ID: "yaml", Cells: []string{"YAML"}}}
	return Pick(widget.NewPicker(l.env.Text("list.export_title"), items, "csv"), func(p *widget.Picker) []Event {
		return l.export(p.Chosen())
	})
}

// export writes what the table shows: the rows that pass the filter, in its order; CSV has its columns, JSON and YAML the
// whole records.
func (l *List[T]) export(format string) []Event {
	query := l.query()
	columns, picked, env := l.table.Columns(), slices.Clone(l.picked), l.env.apart()
	return []Event{Run("export", l.env.Text("list.exporting"), func(ctx context.Context) ([]byte, error) {
		items, err := All(ctx, l.spec.Load, query, exportLimit)
		if err != nil {
			return nil, err
		}
		if format == "csv" {
			fill := l.spec.Cells
			if l.spec.Exported != nil {
				fill = l.spec.Exported
			}
			return exportCSV(columns, picked, len(l.spec.Columns), items, func(item T, cells []widget.Cell) { fill(env, item, cells) })
		}
		records := make([]any, len(items))
		for i, item := range items {
			records[i] = l.spec.Record(item)
		}
		return exportRecords(format, records)
	}, func(data []byte, err error) []Event {
		if err != nil {
			return l.env.Fail(err)
		}
		return []Event{Save{Name: l.spec.Name + "." + format, Data: data}}
	})}
}
