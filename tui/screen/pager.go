package screen

import (
	"context"

	"reeve/core/list"
)

// pageSize is how many rows one load asks for, and window how many are kept: a few screens in either direction, however long
// the list.
const (
	pageSize = 100
	window   = 600
)

// pager keeps a run of a long list: the rows around those in sight. It knows where in the list the run stands, because it
// only ever grows at its ends or begins anew at an end of the list or at a counted row.
type pager[T any] struct {
	items []T
	keys  []list.Key
	base  int // index of items[0] in the list
	total int // -1 until the first answer
	turn  int // counts the times that rows were replaced
	// failed is the last load's error; what was loaded before stays.
	failed error
}

func newPager[T any]() pager[T] { return pager[T]{total: -1} }

// at returns row i of the list if it is loaded.
func (p *pager[T]) at(i int) (item T, ok bool) {
	if i < p.base || i >= p.base+len(p.items) {
		return item, false
	}
	return p.items[i-p.base], true
}

// need is the query that would load what is missing around the rows first to last (one past the end); ok is false if they
// are all there.
func (p *pager[T]) need(first, last int, q list.Query) (out list.Query, grow direction, ok bool) {
	if p.total < 0 {
		q.Limit, q.Count = pageSize, true
		return q, anew, true
	}
	last = min(last, p.total)
	first = max(first, 0)
	end := p.base + len(p.items)
	q.Limit = pageSize
	switch {
	case first >= last || first >= p.base && last <= end:
		return q, 0, false
	case len(p.items) > 0 && first >= p.base && first <= end:
		q.From = &p.keys[len(p.keys)-1]
		return q, after, true
	case len(p.items) > 0 && last <= end && last >= p.base:
		q.From, q.Backward = &p.keys[0], true
		return q, before, true
	case first < p.base && first < p.total/2:
		q.Count = true
		return q, anew, true
	default:
		q.Backward, q.Count = true, true
		return q, anew, true
	}
}

// direction says where a loaded page belongs.
type direction uint8

const (
	anew direction = iota
	after
	before
)

// take puts a loaded page where it belongs.
func (p *pager[T]) take(page list.Page[T], grow direction) {
	p.failed = nil
	switch grow {
	case anew:
		p.turn++
		p.items, p.keys, p.base, p.total = page.Items, page.Keys, max(page.Start, 0), max(page.Total, len(page.Items))
	case after:
		p.items, p.keys = append(p.items, page.Items...), append(p.keys, page.Keys...)
		if len(page.Items) < pageSize {
			p.total = p.base + len(p.items)
		}
		if drop := len(p.items) - window; drop > 0 {
			p.items, p.keys, p.base = p.items[drop:], p.keys[drop:], p.base+drop
		}
	case before:
		p.turn++ // the indexes may have moved
		p.base -= len(page.Items)
		if p.base < 0 || len(page.Items) < pageSize {
			p.base = 0 // rows came or went meanwhile; the next refresh counts anew
		}
		p.items, p.keys = append(page.Items, p.items...), append(page.Keys, p.keys...)
		if len(p.items) > window {
			p.items, p.keys = p.items[:window], p.keys[:window]
		}
		p.total = max(p.total, p.base+len(p.items))
	}
}

// again is the query that loads the present run anew, counted.
func (p *pager[T]) again(q list.Query) list.Query {
	q.Count, q.Limit = true, max(pageSize, min(len(p.items), list.MaxLimit))
	if p.base > 0 && len(p.keys) > 0 {
		q.From, q.Inclusive = &p.keys[0], true
	}
	return q
}

// All walks a list page by page, up to limit rows.
func All[T any](ctx context.Context, load func(context.Context, list.Query) (list.Page[T], error), q list.Query, limit int) ([]T, error) {
	var out []T
	q.Limit = list.MaxLimit
	for len(out) < limit {
		page, err := load(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Items...)
		if len(page.Items) < list.MaxLimit {
			break
		}
		q.From = &page.Keys[len(page.Keys)-1]
	}
	return out[:min(len(out), limit)], nil
}
