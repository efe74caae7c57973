package access

import (
	"math/bits"
	"slices"
)

// maskTable finds what a member may do. It is a hash table with linear
// probing rather than a map because it can be copied as one piece of memory,
// which is what lets an update share nothing with its snapshot and yet be fast.
type maskTable struct {
	entries []maskEntry // a power of two of them, or none
	used    int
}

// maskEntry is empty where key is 0, which is no member's.
type maskEntry struct {
	key  uint64
	mask mask
}

// newMaskTable makes room for n members.
func newMaskTable(n int) maskTable {
	size := 8
	for size*3 < n*4 { // at most three quarters are ever taken
		size *= 2
	}
	return maskTable{entries: make([]maskEntry, size)}
}

// home is where the search for a key begins.
func home(key uint64) uint64 {
	const odd = 0x9e37_79b9_7f4a_7c15
	high, low := bits.Mul64(key, odd)
	return high ^ low
}

func (t *maskTable) get(key uint64) (mask, bool) {
	last := uint64(len(t.entries)) - 1
	for i := home(key); len(t.entries) > 0; i++ {
		switch e := &t.entries[i&last]; e.key {
		case 0:
			return 0, false
		case key:
			return e.mask, true
		}
	}
	return 0, false
}

func (t *maskTable) set(key uint64, m mask) {
	if t.used*4 >= len(t.entries)*3 {
		t.grow()
	}
	last := uint64(len(t.entries)) - 1
	for i := home(key); ; i++ {
		e := &t.entries[i&last]
		if e.key == 0 {
			t.used++
			*e = maskEntry{key, m}
			return
		}
		if e.key == key {
			e.mask = m
			return
		}
	}
}

func (t *maskTable) grow() {
	larger := maskTable{entries: make([]maskEntry, max(8, 2*len(t.entries)))}
	for _, e := range t.entries {
		if e.key != 0 {
			larger.set(e.key, e.mask)
		}
	}
	*t = larger
}

// remove takes a member out and moves up those behind it that would no longer
// be found across the gap.
func (t *maskTable) remove(key uint64) {
	if _, found := t.get(key); !found {
		return
	}
	last := uint64(len(t.entries)) - 1
	gap := home(key) & last
	for t.entries[gap].key != key {
		gap = (gap + 1) & last
	}
	for next := (gap + 1) & last; t.entries[next].key != 0; next = (next + 1) & last {
		wanted := home(t.entries[next].key) & last
		if (next-wanted)&last >= (next-gap)&last {
			t.entries[gap] = t.entries[next]
			gap = next
		}
	}
	t.entries[gap] = maskEntry{}
	t.used--
}

func (t *maskTable) clone() maskTable {
	return maskTable{entries: slices.Clone(t.entries), used: t.used}
}
