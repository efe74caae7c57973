package screen

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"reeve/assets"
	"reeve/core/list"
	"reeve/core/message"
)

// counted lists the numbers from 0 to total-1 as a store does: pages by key, in the list's order.
func counted(total int) func(context.Context, list.Query) (list.Page[int], error) {
	return func(_ context.Context, q list.Query) (list.Page[int], error) {
		first, last := 0, min(q.Size(), total)
		switch {
		case q.From == nil && q.Backward:
			first, last = max(0, total-q.Size()), total
		case q.From != nil && q.Backward:
			first, last = max(0, int(q.From.ID)-q.Size()), int(q.From.ID)
		case q.From != nil:
			first = int(q.From.ID) + 1
			if q.Inclusive {
				first--
			}
			last = min(first+q.Size(), total)
		}
		page := list.Page[int]{Total: total, Start: first}
		for i := first; i < last; i++ {
			page.Items, page.Keys = append(page.Items, i), append(page.Keys, list.Key{ID: int64(i)})
		}
		return page, nil
	}
}

// fill loads what the rows first to last need and tells how many loads that took.
func fill(t *testing.T, p *pager[int], first, last, total int) (loads int) {
	t.Helper()
	for ; ; loads++ {
		q, grow, missing := p.need(first, last, list.Query{})
		if !missing {
			return loads
		}
		if loads > 3 {
			t.Fatalf("rows %d to %d of %d are never loaded: the run is %d to %d", first, last, total, p.base, p.base+len(p.items))
		}
		page, err := counted(total)(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		p.take(page, grow)
	}
}

func TestThePagerKnowsWhereItsRowsStand(t *testing.T) {
	for _, total := range []int{0, 1, 99, 100, 101, 250, 5000} {
		random := rand.New(rand.NewPCG(uint64(total), 1)) //nolint:gosec // the same steps in every run
		p := newPager[int]()
		first, height := 0, 40
		for range 500 {
			switch random.IntN(6) {
			case 0:
				first = 0
			case 1:
				first = total - height
			case 2, 3:
				first += random.IntN(height)
			default:
				first -= random.IntN(height)
			}
			first = max(0, min(first, total-height))
			fill(t, &p, first-height/2, first+height+height/2, total)
			for i := first; i < min(first+height, total); i++ {
				if got, ok := p.at(i); !ok || got != i {
					t.Fatalf("of %d rows row %d is %d, %v", total, i, got, ok)
				}
			}
			if p.total != total {
				t.Fatalf("of %d rows the pager counts %d", total, p.total)
			}
			if len(p.items) > window+pageSize {
				t.Fatalf("the pager keeps %d rows", len(p.items))
			}
		}
	}
}

func TestLoadingAnewKeepsTheRowsInSight(t *testing.T) {
	const total = 5000
	p := newPager[int]()
	fill(t, &p, total-100, total, total)
	base := p.base
	page, err := counted(total)(context.Background(), p.again(list.Query{}))
	if err != nil {
		t.Fatal(err)
	}
	p.take(page, anew)
	if p.base != base || p.items[0] != base {
		t.Errorf("the run begins at %d with %d, it began at %d", p.base, p.items[0], base)
	}
}

func TestAllWalksAListToItsEnd(t *testing.T) {
	for total, limit := range map[int]int{0: 10, 1: 10, 999: 5000, 1000: 5000, 1001: 5000, 2500: 5000, 3000: 1500} {
		items, err := All(context.Background(), counted(total), list.Query{}, limit)
		if err != nil || len(items) != min(total, limit) {
			t.Errorf("of %d rows, at most %d, there are %d, %v", total, limit, len(items), err)
		}
		for i, item := range items {
			if item != i {
				t.Fatalf("row %d of %d is %d", i, total, item)
			}
		}
	}
	fails := errors.New("fails")
	if _, err := All(context.Background(), func(context.Context, list.Query) (list.Page[int], error) { return list.Page[int]{}, fails }, list.Query{}, 1); !errors.Is(err, fails) {
		t.Errorf("a failure is told as %v", err)
	}
}

func TestAgesAreSaidAsPeopleSayThem(t *testing.T) {
	all, err := message.Load(assets.Messages())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	for before, want := range map[time.Duration]string{
		0: "just now", 59 * time.Second: "just now", time.Minute: "1 min ago", 59 * time.Minute: "59 min ago", 60 * time.Minute: "1 h ago",
		47 * time.Hour: "47 h ago", 48 * time.Hour: "2 d ago", 99 * 24 * time.Hour: "99 d ago", -time.Hour: "just now",
	} {
		if got := Ago(all.Printer("en"), now, now.Add(-before)); got != want {
			t.Errorf("%v before is %q, want %q", before, got, want)
		}
	}
	if got := Ago(all.Printer("en"), now, now.AddDate(0, 0, -120)); got != "2026-02-01" {
		t.Errorf("long before is %q", got)
	}
}

func TestTypedListsAreSplitWhereverPeopleSplitThem(t *testing.T) {
	for typed, want := range map[string]int{"": 0, " , ;": 0, "a": 1, "a b": 2, "a,b": 2, "a, b;c\nd\te": 5, "张伟，佐藤健": 2, "a、b": 2} {
		if got := Words(typed); len(got) != want {
			t.Errorf("%q is %q", typed, got)
		}
	}
}
