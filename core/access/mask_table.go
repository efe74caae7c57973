package access

import (
	"iter"
	"math/bits"
	"slices"
)

// maskTable finds what a member may do. It is a hash table with linear probing rather than a map because it lies in pages that
// a copy shares with its original until it writes to them. So an update shares nothing it changes with its snapshot, and is
// fast however many members there are.
type maskTable struct {
	pages []maskPage // of pageSize entries each; or one of less, a power of two
	last  uint64     // the index of the last entry; 0 for no entries
	used  int
	owned []bool // by page: whether it may be written to; nil for none
}

// maskPage is a piece of the table.
type maskPage []maskEntry

// maskEntry is empty where key is 0, which is no member's.
type maskEntry struct {
	key  uint64
	mask mask
}

// The entries of a page. Few enough that an edit of a role with a hundred holders copies little, and enough that the list of
// pages of a million members is short.
const (
	pageBits = 9
	pageSize = 1 << pageBits
)

// newMaskTable makes room for n members.
func newMaskTable(n int) maskTable {
	size := 8
	for size*3 < n*4 { // at most three quarters are ever taken
		size *= 2
	}
	return emptyMaskTable(size)
}

// emptyMaskTable has size entries, a power of two. Its pages are one piece of memory to begin with.
func emptyMaskTable(size int) maskTable {
	t := maskTable{last: uint64(size) - 1} // #nosec G115 -- size is at least 8
	for all := make(maskPage, size); len(all) > 0; {
		n := min(len(all), pageSize)
		t.pages, all = append(t.pages, all[:n:n]), all[n:]
	}
	t.owned = make([]bool, len(t.pages))
	for i := range t.owned {
		t.owned[i] = true
	}
	return t
}

// home is where the search for a key begins.
func home(key uint64) uint64 {
	const odd = 0x9e37_79b9_7f4a_7c15
	high, low := bits.Mul64(key, odd)
	return high ^ low
}

// at is an entry to be read; i counts on around the end of the table.
func (t *maskTable) at(i uint64) *maskEntry {
	i &= t.last
	return &t.pages[i>>pageBits][i&(pageSize-1)]
}

// own is an entry to be written to.
func (t *maskTable) own(i uint64) *maskEntry {
	i &= t.last
	page := i >> pageBits
	if t.owned == nil {
		t.owned = make([]bool, len(t.pages))
	}
	if !t.owned[page] {
		t.pages[page], t.owned[page] = slices.Clone(t.pages[page]), true
	}
	return &t.pages[page][i&(pageSize-1)]
}

func (t *maskTable) get(key uint64) (mask, bool) {
	if t.last == 0 {
		return 0, false
	}
	for i := home(key); ; i++ {
		switch e := t.at(i); e.key {
		case 0:
			return 0, false
		case key:
			return e.mask, true
		}
	}
}

func (t *maskTable) set(key uint64, m mask) {
	if size := t.last + 1; t.last == 0 || uint64(t.used)*4 >= size*3 { // #nosec G115 -- used is never negative
		t.grow()
	}
	for i := home(key); ; i++ {
		switch e := t.at(i); e.key {
		case 0:
			t.used++
			*t.own(i) = maskEntry{key, m}
			return
		case key:
			if e.mask != m {
				t.own(i).mask = m
			}
			return
		}
	}
}

func (t *maskTable) grow() {
	larger := emptyMaskTable(max(8, 2*(int(t.last)+1))) // #nosec G115 -- far fewer than 2^62 entries
	for key, m := range t.all() {
		larger.set(key, m)
	}
	*t = larger
}

// all goes over the members in no order.
func (t *maskTable) all() iter.Seq2[uint64, mask] {
	return func(yield func(uint64, mask) bool) {
		for _, page := range t.pages {
			for _, e := range page {
				if e.key != 0 && !yield(e.key, e.mask) {
					return
				}
			}
		}
	}
}

// remove takes a member out and moves up those behind it that would no longer
// be found across the gap.
func (t *maskTable) remove(key uint64) {
	if _, found := t.get(key); !found {
		return
	}
	gap := home(key) & t.last
	for t.at(gap).key != key {
		gap = (gap + 1) & t.last
	}
	for next := (gap + 1) & t.last; t.at(next).key != 0; next = (next + 1) & t.last {
		wanted := home(t.at(next).key) & t.last
		if (next-wanted)&t.last >= (next-gap)&t.last {
			*t.own(gap) = *t.at(next)
			gap = next
		}
	}
	*t.own(gap) = maskEntry{}
	t.used--
}

// clone is a table that may be written to while the original is read. The original must not be written to any more.
func (t *maskTable) clone() maskTable {
	return maskTable{pages: slices.Clone(t.pages), last: t.last, used: t.used}
}
