package screen

import (
	"cmp"
	"context"
	"hash/fnv"
	"slices"
	"strings"

	"reeve/core/list"
	"reeve/core/text"
)

// Short lists a short list, one that is read whole, through the same shape as the long ones. field says what a row has in a
// field for the filter and the sort; "" asks for all of it.
func Short[T any](load func(context.Context) ([]T, error), field func(item T, name string) string) func(context.Context, list.Query) (list.Page[T], error) {
	return func(ctx context.Context, q list.Query) (list.Page[T], error) {
		items, err := load(ctx)
		if err != nil {
			return list.Page[T]{}, err
		}
		items = slices.DeleteFunc(items, func(item T) bool {
			return slices.ContainsFunc(q.Filter, func(t list.Term) bool {
				return strings.Contains(text.Fold(field(item, t.Field)), text.Fold(t.Value)) == t.Not
			})
		})
		if q.Sort.Field != "" {
			slices.SortStableFunc(items, func(a, b T) int {
				c := cmp.Compare(text.Fold(field(a, q.Sort.Field)), text.Fold(field(b, q.Sort.Field)))
				if q.Sort.Desc {
					return -c
				}
				return c
			})
		}
		keys := make([]list.Key, len(items))
		for i := range keys {
			keys[i] = list.Key{ID: int64(i)}
		}
		page := list.Page[T]{Items: items, Keys: keys, Total: len(items)}
		switch {
		case q.From == nil:
		case q.Inclusive:
			page.Start = min(int(q.From.ID), len(items))
		default:
			page.Start = min(int(q.From.ID)+1, len(items))
		}
		page.Items, page.Keys = items[page.Start:], keys[page.Start:]
		return page, nil
	}
}

// NamedID makes the identity of a row whose thing has a name and no number.
func NamedID(name string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // it never fails
	return int64(h.Sum64())      //nolint:gosec // any number serves, below 0 too
}
