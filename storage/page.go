package storage

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/core/text"
)

// where is a conjunction of conditions with their arguments. Conditions are constants of this package; whatever a person
// typed is an argument.
type where struct {
	conditions []string
	args       []any
}

func (w *where) add(condition string, args ...any) {
	w.conditions = append(w.conditions, condition)
	w.args = append(w.args, args...)
}

func (w where) clone() where {
	return where{conditions: slices.Clone(w.conditions), args: slices.Clone(w.args)}
}

// with is w and one more condition; w stays what it is.
func (w where) with(condition string, args ...any) where {
	more := w.clone()
	more.add(condition, args...)
	return more
}

func (w where) sql() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}

// matcher is the condition that a filter term becomes. The word is folded and never empty. plain asks for a condition
// that does not go through a search index, which negated terms need: what an index finds is all it can say. No matcher
// may come to NULL, for the opposite of NULL would be NULL too.
type matcher func(word string, plain bool) (condition string, args []any)

// listing describes the lists of one area. Every string in it is SQL.
type listing[T any] struct {
	doing   string
	columns string
	from    string
	// joins are further tables that belong to from, by the alias that conditions name them by; each joins at most one row. Counting
	// leaves out those that no condition names, which SQLite does not do by itself.
	joins []join
	// total, if set, counts the rows that base lets through where nothing is filtered, faster than walking them.
	total func(ctx context.Context) (int, error)
	// id breaks ties between rows and is unique.
	id string
	// sorts are the expressions that can be sorted by, by field, none of them ever NULL.
	sorts map[string]string
	// natural is the order when none is asked for.
	natural list.Sort
	// matchers turn the terms on a field into conditions; the one of "" is for terms without a field.
	matchers map[string]matcher
	scan     func(scanner) (T, error)
}

// join is a table beside the one that is listed.
type join struct{ alias, sql string }

// source is from with the joins that some conditions need; with nil, which is for the columns, all of them.
func (l listing[T]) source(passing *where) string {
	from := l.from
	for _, j := range l.joins {
		if passing == nil || slices.ContainsFunc(passing.conditions, func(c string) bool { return strings.Contains(c, j.alias+".") }) {
			from += " LEFT JOIN " + j.sql
		}
	}
	return from
}

// keyed is an item with its place in the list.
type keyed[T any] struct {
	item T
	key  list.Key
}

// order is a sort with the direction in which a page walks.
type order struct {
	expression, id string
	desc           bool
}

// page reads one page of the rows that base lets through.
func (l listing[T]) page(ctx context.Context, db *DB, base where, q list.Query) (list.Page[T], error) {
	none := list.Page[T]{}
	if err := q.Check(list.Texts(l.fields()...)...); err != nil {
		return none, err
	}
	o, err := l.order(q.Sort)
	if err != nil {
		return none, err
	}
	passing := l.filtered(base, q.Filter)
	var page list.Page[T]
	err = db.Read(ctx, func(ctx context.Context) error {
		found, err := l.rows(ctx, db, base, passing, o, q)
		if err != nil {
			return err
		}
		page = list.Page[T]{Total: -1, Start: -1}
		for _, row := range found {
			page.Items, page.Keys = append(page.Items, row.item), append(page.Keys, row.key)
		}
		if q.Count {
			page.Total, page.Start, err = l.count(ctx, db, base, passing, o, q, page.Keys)
		}
		return err
	})
	if err != nil {
		return none, err
	}
	return page, nil
}

// fields are all names that a filter or a sort may use; each area also has its own, shorter or equal, list.
func (l listing[T]) fields() []string {
	names := slices.Sorted(maps.Keys(l.sorts))
	for name := range l.matchers {
		if _, known := l.sorts[name]; !known && name != "" {
			names = append(names, name)
		}
	}
	return names
}

func (l listing[T]) order(s list.Sort) (order, error) {
	if s.Field == "" {
		s = list.Sort{Field: l.natural.Field, Desc: l.natural.Desc || s.Desc}
	}
	expression, ok := l.sorts[s.Field]
	if !ok {
		return order{}, fault.OneField("sort", "fault.list.sort", message.Args{"Field": s.Field, "Fields": strings.Join(slices.Sorted(maps.Keys(l.sorts)), ", ")})
	}
	return order{expression: expression, id: l.id, desc: s.Desc}, nil
}

func (l listing[T]) filtered(base where, f list.Filter) where {
	passing := base.clone()
	for _, term := range f {
		word := text.Fold(term.Value)
		match, ok := l.matchers[term.Field]
		if word == "" || !ok {
			continue // fields were checked; a word of spaces narrows nothing
		}
		condition, args := match(word, term.Not)
		if term.Not {
			condition = butThose + "(" + condition + ")"
		}
		passing.add(condition, args...)
	}
	return passing
}

func (l listing[T]) rows(ctx context.Context, db *DB, base, passing where, o order, q list.Query) ([]keyed[T], error) {
	query, args := l.pageQuery(base, passing, o, q)
	found, err := all(ctx, db, l.doing, func(row scanner) (k keyed[T], err error) {
		k.item, err = l.scan(behindKey{row: row, key: &k.key})
		return k, err
	}, query, args...)
	if q.Backward {
		slices.Reverse(found)
	}
	return found, err
}

// pageQuery reads a page. Where there are joins or a filter the rows of the page are found first, by what the conditions and the order need alone,
// which often is an index, and only those are read in whole.
func (l listing[T]) pageQuery(base, passing where, o order, q list.Query) (query string, args []any) {
	if q.From != nil {
		passing = passing.with(o.beyond(q.Backward, q.Inclusive), q.From.Value, q.From.ID)
	}
	if len(l.joins) == 0 && len(q.Filter) == 0 {
		query = "SELECT " + o.expression + ", " + o.id + ", " + l.columns + " FROM " + l.source(nil) + passing.sql() + o.by(q.Backward) + " LIMIT ?"
		return query, append(passing.args, q.Size())
	}
	needed := passing.with(o.expression)
	inner := "SELECT " + o.expression + " AS page_key, " + o.id + " AS page_id FROM " + l.source(&needed) + passing.sql() + o.by(q.Backward) + " LIMIT ?"
	found := order{expression: "page_key", id: "page_id", desc: o.desc}
	whole := base.with(o.id + " = page_id")
	query = "SELECT page_key, page_id, " + l.columns + " FROM (" + inner + ") CROSS JOIN " + l.source(nil) + whole.sql() + found.by(q.Backward)
	return query, append(append(passing.args, q.Size()), whole.args...)
}

// count tells how many rows there are, and how many of them stand before the page.
func (l listing[T]) count(ctx context.Context, db *DB, base, passing where, o order, q list.Query, keys []list.Key) (total, start int, err error) {
	total, err = l.all(ctx, db, base, passing)
	switch {
	case err != nil:
		return 0, 0, err
	case q.From == nil && !q.Backward: // the first page
	case q.From == nil:
		start = total - len(keys)
	case len(keys) > 0:
		start, err = l.number(ctx, db, passing.with(o.beyond(true, false), keys[0].Value, keys[0].ID))
	case q.From != nil && !q.Backward:
		start = total
	}
	return total, start, err
}

// all counts the rows that pass. Where all pass but those of one condition, these are counted instead, which mostly are few.
func (l listing[T]) all(ctx context.Context, db *DB, base, passing where) (int, error) {
	filters := passing.conditions[len(base.conditions):]
	switch {
	case len(filters) == 0 && l.total != nil:
		return l.total(ctx)
	case len(filters) != 1 || !strings.HasPrefix(filters[0], butThose):
		return l.number(ctx, db, passing)
	}
	every, err := l.all(ctx, db, base, base)
	if err != nil {
		return 0, err
	}
	others, err := l.number(ctx, db, base.with(strings.TrimPrefix(filters[0], butThose), passing.args[len(base.args):]...))
	return every - others, err
}

// butThose begins a condition that all rows pass but those of the one behind it.
const butThose = "NOT "

func (l listing[T]) number(ctx context.Context, db *DB, passing where) (int, error) {
	n, _, err := one(ctx, db, l.doing, value[int], "SELECT count(*) FROM "+l.source(&passing)+passing.sql(), passing.args...)
	return n, err
}

// beyond is the condition for rows behind a key, or before it.
func (o order) beyond(backward, inclusive bool) string {
	sign := " > "
	if o.desc != backward {
		sign = " < "
	}
	if inclusive {
		sign = sign[:2] + "= "
	}
	return "(" + o.expression + ", " + o.id + ")" + sign + "(?, ?)"
}

func (o order) by(backward bool) string {
	direction := ""
	if o.desc != backward {
		direction = " DESC"
	}
	if o.expression == o.id {
		return " ORDER BY " + o.id + direction
	}
	return " ORDER BY " + o.expression + direction + ", " + o.id + direction
}

// behindKey scans a row whose first two columns are its key.
type behindKey struct {
	row scanner
	key *list.Key
}

func (b behindKey) Scan(dest ...any) error {
	return b.row.Scan(append([]any{&b.key.Value, &b.key.ID}, dest...)...)
}

// behind scans a row whose first columns go elsewhere.
type behind struct {
	row   scanner
	first []any
}

func (b behind) Scan(dest ...any) error { return b.row.Scan(append(b.first, dest...)...) }

// contains matches words anywhere in one of the columns, which hold folded text.
func contains(columns ...string) matcher {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = c + ` LIKE ? ESCAPE '\'`
	}
	condition := "(" + strings.Join(parts, " OR ") + ")"
	return func(word string, _ bool) (string, []any) {
		pattern := containing(word)
		args := make([]any, len(columns))
		for i := range args {
			args[i] = pattern
		}
		return condition, args
	}
}

// within is contains for columns that hold folded text and nothing else, which takes less than a pattern.
func within(columns ...string) matcher {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = "instr(" + c + ", ?) > 0"
	}
	condition := "(" + strings.Join(parts, " OR ") + ")"
	return func(word string, _ bool) (string, []any) {
		args := make([]any, len(columns))
		for i := range args {
			args[i] = word
		}
		return condition, args
	}
}

// containing is the LIKE pattern for a word anywhere, with \ before what LIKE would understand.
func containing(word string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word) + "%"
}

// shortest is the length in characters from which the trigram index finds a word.
const shortest = 3

// searches matches words through a trigram index: in one of its columns, given as the filter on columns of the index,
// for the row that id names. Words too short for it are looked for in the folded columns themselves.
func searches(id, index, filter string, columns ...string) matcher {
	short := within(columns...)
	condition := id + " IN (SELECT rowid FROM " + index + " WHERE " + index + " MATCH ?)"
	return func(word string, plain bool) (string, []any) {
		if plain || utf8.RuneCountInString(word) < shortest {
			return short(word, plain)
		}
		return condition, []any{filter + ` : "` + strings.ReplaceAll(word, `"`, `""`) + `"`}
	}
}
