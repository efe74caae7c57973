package storage

import (
	"cmp"
	"context"
	"slices"

	"reeve/core/access"
)

// addMembers makes the owner and so many others members.
func (w *filler) addMembers(ctx context.Context, ws access.WorkspaceID, size int, created int64, roles []access.RoleID) error {
	admins := 1 + w.random.IntN(3)
	chosen := w.choose(size - 1)
	first := 0
	if len(chosen) > 0 {
		first = w.random.IntN(len(chosen))
	}
	if err := w.addMember(ctx, ws, 0, created, created, ownerRole); err != nil {
		return err
	}
	for i, person := range chosen {
		added := created + int64(w.random.Float64()*float64(w.At.Unix()-created))
		held := w.hold(roles)
		if (i-first+len(chosen))%len(chosen) < admins {
			held = []access.RoleID{adminRole}
		}
		var active int64
		if w.random.IntN(6) != 0 {
			active = max(added, w.before(60))
		}
		if err := w.addMember(ctx, ws, person, added, active, held...); err != nil {
			return err
		}
	}
	return nil
}

func (w *filler) addMember(ctx context.Context, ws access.WorkspaceID, person int, added, active int64, held ...access.RoleID) error {
	p := w.people[person]
	if err := w.tables.members.add(ctx, ws, p.id, p.key, added, w.Owner, active); err != nil {
		return err
	}
	for _, r := range held {
		var err error
		if person > 0 && r != adminRole && w.random.IntN(200) == 0 {
			err = w.tables.timed.add(ctx, ws, p.id, r, added, w.Owner, w.soon())
		} else {
			err = w.tables.grants.add(ctx, ws, p.id, r, added, w.Owner)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// choose picks so many different people besides the owner, in the order of their ids.
func (w *filler) choose(n int) []int {
	count := len(w.people) - 1
	step := 1 + w.random.IntN(count)
	for gcd(step, count) != 1 {
		step = 1 + w.random.IntN(count)
	}
	chosen := make([]int, n)
	for i, at := 0, w.random.IntN(count); i < n; i, at = i+1, (at+step)%count {
		chosen[i] = at + 1
	}
	slices.SortFunc(chosen, cmp.Compare[int])
	return chosen
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// hold picks one to three roles; the first of the list are the usual ones.
func (w *filler) hold(roles []access.RoleID) []access.RoleID {
	n := 1
	switch chance := w.random.IntN(100); {
	case chance < 7:
		n = 3
	case chance < 25:
		n = 2
	}
	var held []access.RoleID
	for len(held) < min(n, len(roles)) {
		r := roles[min(w.random.IntN(len(roles)), w.random.IntN(len(roles)))]
		if !slices.Contains(held, r) {
			held = append(held, r)
		}
	}
	return held
}
