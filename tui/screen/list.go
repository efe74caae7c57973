package screen

import (
	"cmp"
	"context"
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"reeve/core/list"
	"reeve/tui/widget"
)

// Spec says what a list is a list of.
type Spec[T any] struct {
	// Name is the list's name in exported files: members-sales_dw.
	Name string
	// Columns are all the columns there are; the ids of those that can be sorted by are in Sortable. Hidden ones are shown
	// only when chosen.
	Columns  []widget.Column
	Sortable []string
	Hidden   []string
	// Fields are the names that `field:value` takes in the filter.
	Fields []string
	// Cells fills one cell for each of Columns. It reads nothing of the screen that changes, for an export calls it while the screen
	// goes on, with an environment of its own.
	Cells func(env *Env, item T, cells []widget.Cell)
	// ID is the row's identity: marks and the cursor follow it.
	ID func(item T) int64
	// Label is what the row is called in sentences and copied as.
	Label func(item T) string
	Load  func(ctx context.Context, q list.Query) (list.Page[T], error)
	// Empty is shown when there are no rows at all.
	Empty func() widget.Empty
	// Exported, if set, fills the cells of exported CSV in place of Cells.
	Exported func(env *Env, item T, cells []widget.Cell)
	// Record is the row in exported JSON and YAML.
	Record func(item T) any
	// Sort is the order to begin with.
	Sort list.Sort
}

// List is the body of every screen that is a list: rows of any number, a filter, a sort, marks, columns, copy and export.
type List[T any] struct {
	env    *Env
	spec   Spec[T]
	pages  pager[T]
	table  *widget.Table
	sort   list.Sort
	filter string
	prompt *widget.FilterLine // while the filter is being typed
	behind bool               // the rows are still those of the filter before
	wrong  error              // why the filter being typed finds nothing out; nil for one that does
	marks  map[int64]T
	anchor int
	shown  []string // ids of the columns shown
	cells  []widget.Cell
	picked []int // columns shown, as indexes into spec.Columns
	drawn  drawn
}

// NewList makes a list; filter is what it opens with.
func NewList[T any](env *Env, spec Spec[T], filter string) *List[T] {
	l := &List[T]{env: env, spec: spec, pages: newPager[T](), sort: spec.Sort, filter: filter, marks: map[int64]T{}, anchor: -1}
	for _, c := range spec.Columns {
		if !slices.Contains(spec.Hidden, c.ID) {
			l.shown = append(l.shown, c.ID)
		}
	}
	l.table = widget.NewTable(nil, l)
	l.arrange()
	return l
}

// renew forgets all rows.
func (l *List[T]) renew() {
	l.pages = newPager[T]()
	l.drawn.cells = nil
}

// arrange shows the chosen columns.
func (l *List[T]) arrange() {
	var columns []widget.Column
	l.picked = l.picked[:0]
	for i, c := range l.spec.Columns {
		if slices.Contains(l.shown, c.ID) {
			columns = append(columns, c)
			l.picked = append(l.picked, i)
		}
	}
	l.table.SetColumns(columns)
	l.table.SetSort(l.sort.Field, l.sort.Desc)
	l.table.SetMatch(matchTerms(l.filter))
	l.cells = make([]widget.Cell, len(l.spec.Columns))
	l.drawn.cells = nil
}

// matchTerms are the words of a filter that are to be seen in the rows.
func matchTerms(filter string) []string {
	var terms []string
	for _, t := range list.ParseFilter(filter) {
		if !t.Not {
			terms = append(terms, t.Value)
		}
	}
	return terms
}

// Start loads the first rows, or those in sight anew.
func (l *List[T]) Start() []Event { return l.Refresh() }

// Refresh loads the rows around those in sight anew; the cursor stays on its row.
func (l *List[T]) Refresh() []Event {
	if l.pages.total < 0 || l.behind {
		l.renew()
		l.behind = false
		l.table.SetRows(l)
		l.table.Restore(0, 0)
		return l.ensure()
	}
	query := l.pages.again(l.query())
	return []Event{Run("page", "", func(ctx context.Context) (list.Page[T], error) { return l.spec.Load(ctx, query) },
		func(page list.Page[T], err error) []Event {
			if err != nil {
				l.pages.failed = err
				return nil
			}
			l.behind = false
			current, had := l.Selected()
			if len(page.Items) == 0 && page.Total > 0 {
				l.renew() // the rows in sight are gone; begin at the start
				return l.ensure()
			}
			l.pages.take(page, anew)
			l.table.SetRows(l)
			if had {
				l.Select(l.spec.ID(current))
			}
			return l.ensure()
		})}
}

func (l *List[T]) query() list.Query {
	return list.Query{Filter: list.ParseFilter(l.filter), Sort: l.sort}
}

// ensure loads what the table is about to show and what comes next.
func (l *List[T]) ensure() []Event {
	if l.behind {
		return nil // the answer to the new filter is on its way, and its rows do not go on from these
	}
	first, last := l.table.Visible()
	margin := (last - first) / 2
	q, grow, missing := l.pages.need(first-margin, last+margin, l.query())
	if !missing {
		return nil
	}
	return []Event{Run("page", "", func(ctx context.Context) (list.Page[T], error) { return l.spec.Load(ctx, q) },
		func(page list.Page[T], err error) []Event {
			if err != nil {
				l.pages.failed = err
				l.pages.total = max(l.pages.total, 0)
				return []Event{Changed{}}
			}
			l.pages.take(page, grow)
			l.table.SetRows(l)
			return append(l.ensure(), Changed{})
		})}
}

// Selected is the row under the cursor. Between typing a filter and its answer there is none: what is in sight then is not what
// was asked for, and an act would be done to the wrong row.
func (l *List[T]) Selected() (item T, ok bool) {
	if l.behind && l.prompt == nil {
		return item, false
	}
	return l.pages.at(l.table.Cursor())
}

// Select puts the cursor on the row with an id, if it is loaded.
func (l *List[T]) Select(id int64) bool {
	for i, item := range l.pages.items {
		if l.spec.ID(item) == id {
			return l.table.Goto(l.pages.base + i)
		}
	}
	return false
}

// Chosen are the marked rows, in the order of their ids, or else the row under the cursor.
func (l *List[T]) Chosen() []T {
	if len(l.marks) == 0 {
		if item, ok := l.Selected(); ok {
			return []T{item}
		}
		return nil
	}
	ids := make([]int64, 0, len(l.marks))
	for id := range l.marks {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	items := make([]T, len(ids))
	for i, id := range ids {
		items[i] = l.marks[id]
	}
	return items
}

// Refusal implements Refusing.
func (l *List[T]) Refusal() error { return l.pages.failed }

// Marked are the marked rows, in the order of their labels.
func (l *List[T]) Marked() []T {
	items := slices.Collect(maps.Values(l.marks))
	slices.SortFunc(items, func(a, b T) int { return cmp.Compare(l.spec.Label(a), l.spec.Label(b)) })
	return items
}

// Marks counts the marked rows.
func (l *List[T]) Marks() int { return len(l.marks) }

// Toggle marks a row, or takes its mark.
func (l *List[T]) Toggle(item T) {
	id := l.spec.ID(item)
	if _, marked := l.marks[id]; marked {
		delete(l.marks, id)
		return
	}
	l.marks[id] = item
}

// Focus tells whether the list has the keys, where it is not the only one of its screen.
func (l *List[T]) Focus(has bool) { l.table.SetFocused(has) }

// Unmark forgets all marks.
func (l *List[T]) Unmark() { clear(l.marks) }

// Redraw puts the rows into words anew, where they say something that is not of the rows themselves.
func (l *List[T]) Redraw() { l.drawn.cells = nil }

// Typing tells whether the filter is being typed.
func (l *List[T]) Typing() bool { return l.prompt != nil }

// Cursor is where the filter's cursor stands.
func (l *List[T]) Cursor() (x, y int, ok bool) {
	if l.prompt == nil {
		return 0, 0, false
	}
	return l.prompt.Cursor()
}

// Paste inserts text into the filter.
func (l *List[T]) Paste(s string) []Event {
	if l.prompt == nil {
		return nil
	}
	l.prompt.Paste(s)
	return l.narrow(l.prompt.Value())
}

// Escape leaves what the list itself can leave: marks, then the filter.
func (l *List[T]) Escape() bool {
	switch {
	case len(l.marks) > 0:
		l.Unmark()
	default:
		return l.Unfilter()
	}
	return true
}

// Unfilter clears the filter, and tells whether there was one.
func (l *List[T]) Unfilter() bool {
	if l.filter == "" {
		return false
	}
	l.filter, l.behind, l.wrong = "", false, nil
	l.renew()
	l.arrange()
	l.table.SetRows(l)
	return true
}

// Key moves the cursor or edits the filter.
func (l *List[T]) Key(k tea.KeyPressMsg) (events []Event, handled bool) {
	if l.prompt != nil {
		switch l.prompt.HandleKey(k) {
		case widget.FilterChanged:
			return l.narrow(l.prompt.Value()), true
		case widget.FilterAccepted:
			if l.wrong != nil {
				return l.env.Fail(l.wrong), true // the rows in sight are not what the filter asks for
			}
			l.prompt = nil
			return nil, true
		case widget.FilterCleared:
			l.prompt = nil
			return l.narrow(""), true
		case widget.FilterHandled:
			return nil, true
		case widget.FilterIgnored:
		}
	}
	if !l.table.HandleKey(k) {
		return nil, false
	}
	return append(l.ensure(), Changed{}), true
}

// narrow changes the filter and begins at the first row that passes it.
func (l *List[T]) narrow(filter string) []Event {
	if filter == l.filter {
		return nil
	}
	l.filter, l.behind = filter, true
	q := l.query()
	q.Limit, q.Count = pageSize, true
	l.table.SetMatch(matchTerms(filter))
	return []Event{Run("page", "", func(ctx context.Context) (list.Page[T], error) { return l.spec.Load(ctx, q) },
		func(page list.Page[T], err error) []Event {
			l.behind = false
			if l.wrong = err; err != nil {
				// An unfinished `field:` is no failure while it is being typed: the rows stay as they were.
				if l.prompt != nil {
					return nil
				}
				return l.env.Fail(err)
			}
			l.pages.take(page, anew)
			l.table.SetRows(l)
			l.table.Restore(0, 0)
			return []Event{Changed{}}
		})}
}
