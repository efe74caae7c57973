package widget

// Marks are the rows of a list a person has marked, by their keys, so that
// they stay marked when the list is sorted, filtered or loaded anew. The zero
// value holds none.
type Marks[K comparable] struct {
	keys   map[K]struct{}
	order  []K
	anchor int
	ranged bool
}

// Has tells whether a row is marked.
func (m *Marks[K]) Has(key K) bool {
	_, ok := m.keys[key]
	return ok
}

// Len returns how many rows are marked.
func (m *Marks[K]) Len() int { return len(m.keys) }

// Keys returns the marked rows in the order they were marked.
func (m *Marks[K]) Keys() []K {
	out := make([]K, 0, len(m.keys))
	for _, k := range m.order {
		if m.Has(k) {
			out = append(out, k)
		}
	}
	return out
}

// Toggle marks a row or takes its mark.
func (m *Marks[K]) Toggle(key K) {
	if !m.Has(key) {
		m.Add(key)
		return
	}
	delete(m.keys, key)
	kept := m.order[:0]
	for _, k := range m.order {
		if k != key {
			kept = append(kept, k)
		}
	}
	m.order = kept
}

// Add marks rows; those marked already stay so.
func (m *Marks[K]) Add(keys ...K) {
	if m.keys == nil {
		m.keys = map[K]struct{}{}
	}
	for _, k := range keys {
		if !m.Has(k) {
			m.keys[k] = struct{}{}
			m.order = append(m.order, k)
		}
	}
}

// Clear takes all marks.
func (m *Marks[K]) Clear() { *m = Marks[K]{} }

// Range is called with the row under the cursor: the first call sets one end
// of a range, the second returns both ends, the lower first, and done true.
func (m *Marks[K]) Range(row int) (from, to int, done bool) {
	if !m.ranged {
		m.anchor, m.ranged = row, true
		return row, row, false
	}
	m.ranged = false
	return min(m.anchor, row), max(m.anchor, row), true
}

// Ranging tells whether one end of a range is set.
func (m *Marks[K]) Ranging() bool { return m.ranged }
