package group

import (
	"cmp"
	"slices"
)

// line hands over those that wait for a module one by one, in the order in which they came.
type line interface {
	// next is the first of a module that came after a run; ok is false if none did.
	next(m Module, after int64) (r Run, ok bool, err error)
}

// admitting decides who of those that wait may start, and why the others do not. The rules:
//
//   - Within a module, first come, first served. One that can never run here, or whose workspace is not associated any more,
//     does not stand in the way of those behind it.
//   - Between modules, whoever is within what is kept for their module goes first, then whoever came first.
//   - One that the group has no room for is waited for: nobody goes before it with what becomes free, unless within what is kept
//     for their own module. So a large one does not starve behind small ones, and what is kept is given as soon as it is free.
//   - One whose module is at its most, or that waits for a slot, waits for its own module alone and holds nobody else up.
type admitting struct {
	g       Group
	use     Use
	largest TaskLimits
	line    line
	heads   map[Module]Run
	// why is why the head of a module waits.
	why map[Module]Reason
}

func (g Group) admitting(use Use, l line, largest TaskLimits) *admitting {
	return &admitting{g: g, use: use, largest: largest, line: l, heads: map[Module]Run{}, why: map[Module]Reason{}}
}

// alone tells of reasons that hold up nobody but the run itself.
func (r Reason) alone() bool { return r == WaitNever || r == WaitUnbound }

// room tells of reasons that room in the group would take away.
func (r Reason) room() bool { return r == WaitPool || r == WaitGuarantee }

// advance moves the head of a module on to the first after a run that does not wait for reasons of its own.
func (a *admitting) advance(m Module, after int64) error {
	delete(a.heads, m)
	delete(a.why, m)
	for {
		r, ok, err := a.line.next(m, after)
		if err != nil || !ok {
			return err
		}
		if why, ok := a.g.Admit(a.use, r.Demand, a.largest); ok || !why.alone() {
			a.heads[m] = r
			return nil
		}
		after = r.ID
	}
}

// kept says whether a run stays within what is kept for its module, or needs no room at all.
func (a *admitting) kept(r Run) bool {
	return r.CU == 0 || a.use.Modules[r.Module]+r.CU <= Half(2*a.g.Shares.Of(r.Module).Min)
}

// all are all that may start now, in the order in which they are let in.
func (a *admitting) all() (in []Run, err error) {
	for _, m := range Modules() {
		if err := a.advance(m, 0); err != nil {
			return nil, err
		}
	}
	for {
		r, ok := a.pick()
		if !ok {
			return in, nil
		}
		in = append(in, r)
		a.use = a.use.Add(r.Demand)
		if err := a.advance(r.Module, r.ID); err != nil {
			return nil, err
		}
	}
}

// pick is the head that may start next, and keeps why the others may not.
func (a *admitting) pick() (Run, bool) {
	order := make([]Run, 0, len(a.heads))
	for _, m := range Modules() {
		if r, ok := a.heads[m]; ok {
			order = append(order, r)
		}
	}
	slices.SortStableFunc(order, func(x, y Run) int {
		if kx, ky := a.kept(x), a.kept(y); kx != ky {
			if kx {
				return -1
			}
			return 1
		}
		return cmp.Compare(x.ID, y.ID)
	})
	held := false
	for _, r := range order {
		if held && !a.kept(r) {
			a.why[r.Module] = WaitPool
			continue
		}
		why, ok := a.g.Admit(a.use, r.Demand, a.largest)
		if ok {
			return r, true
		}
		a.why[r.Module] = why
		held = held || why.room()
	}
	return Run{}, false
}

// reason is why one waits once everybody who may has started: for a reason of its own, or for that of whoever is before it.
func (a *admitting) reason(r Run) Reason {
	why, ok := a.g.Admit(a.use, r.Demand, a.largest)
	if !ok && (why.alone() || a.why[r.Module] == "") {
		return why
	}
	if first := a.why[r.Module]; first != "" && (ok || r.ID == a.heads[r.Module].ID) {
		return first
	}
	return why
}

// listed is a line that is there as a whole: those that wait for each module, in the order in which they came.
type listed map[Module][]Run

func lineUp(waiting []Run) listed {
	l := listed{}
	for _, r := range waiting {
		l[r.Module] = append(l[r.Module], r)
	}
	return l
}

func (l listed) next(m Module, after int64) (Run, bool, error) {
	list := l[m]
	i, _ := slices.BinarySearchFunc(list, after+1, func(r Run, id int64) int { return cmp.Compare(r.ID, id) })
	if i == len(list) {
		return Run{}, false, nil
	}
	return list[i], true, nil
}
