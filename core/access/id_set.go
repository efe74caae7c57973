package access

// idSet is a set of ids. Those of a database lie close together, so that one
// bit each is enough; ids that lie far apart go into a map.
type idSet struct {
	bits   []uint64
	sparse map[uint64]struct{}
}

// newIDSet makes room for n ids, none above the highest.
func newIDSet(n int, highest uint64) *idSet {
	const bitsPerID = 64                // a map would need more
	if highest/bitsPerID <= uint64(n) { //nolint:gosec // a length
		return &idSet{bits: make([]uint64, highest/64+1)}
	}
	return &idSet{sparse: make(map[uint64]struct{}, n)}
}

// add says whether the id is new.
func (s *idSet) add(id uint64) bool {
	if s.has(id) {
		return false
	}
	if s.bits == nil {
		s.sparse[id] = struct{}{}
	} else {
		s.bits[id/64] |= 1 << (id % 64)
	}
	return true
}

func (s *idSet) has(id uint64) bool {
	if s.bits == nil {
		_, found := s.sparse[id]
		return found
	}
	return id/64 < uint64(len(s.bits)) && s.bits[id/64]&(1<<(id%64)) != 0
}

// union appends to dst what is in either list. Both are sorted and without
// repetitions, and so is the result.
func union(dst, a, b []PrincipalID) []PrincipalID {
	for len(a) > 0 && len(b) > 0 {
		least := min(a[0], b[0])
		if a[0] == least {
			a = a[1:]
		}
		if b[0] == least {
			b = b[1:]
		}
		dst = append(dst, least)
	}
	return append(append(dst, a...), b...)
}
