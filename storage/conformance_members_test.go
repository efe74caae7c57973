package storage

import (
	"context"
	"slices"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/member"
)

// manyMembers: what is said of many at once comes to each of them and to nobody else, in the workspace that is meant, or to none.
func manyMembers(t *testing.T, s stores) {
	ann, zoe, max, eve := s.user(t, "ann"), s.user(t, "zoe"), s.user(t, "max"), s.user(t, "eve")
	w, other := s.workspace(t, home, "sales_dw", ann.ID), s.workspace(t, home, "other_dw", ann.ID)
	r := s.role(t, w.ID, "reader")
	later, past := sampleTime.Add(time.Hour), sampleTime.Add(-time.Hour)
	for _, ws := range []access.WorkspaceID{w.ID, other.ID} {
		s.do(t, func(ctx context.Context) error {
			return s.members.AddAll(ctx, ws, []member.Assignment{
				{Member: zoe.ID, Roles: []member.Hold{{Role: 4}, {Role: 5, Until: past}}}, {Member: max.ID, Roles: holds(3, 4)}, {Member: eve.ID},
			}, 1, sampleTime)
		})
	}
	held := func(ws access.WorkspaceID) map[string][]access.RoleID {
		t.Helper()
		found, err := s.members.Among(t.Context(), ws, nil, true)
		if err != nil {
			t.Fatal(err)
		}
		roles := map[string][]access.RoleID{}
		for _, m := range found {
			roles[m.Name] = m.RoleIDs()
		}
		return roles
	}
	want := func(ws access.WorkspaceID, roles map[string][]access.RoleID) {
		t.Helper()
		got := held(ws)
		for name, ids := range roles {
			if there, is := got[name]; !is || !slices.Equal(there, ids) {
				t.Errorf("%s holds %v, want %v", name, there, ids)
			}
		}
	}
	before := map[string][]access.RoleID{"zoe": {4}, "max": {3, 4}, "eve": {}}
	want(w.ID, before)
	for name, stale := range map[string][]member.Assignment{
		"one is stale":       {{Member: zoe.ID, Roles: holds(3), Version: 2}, {Member: max.ID, Roles: holds(3), Version: 1}},
		"one is no member":   {{Member: zoe.ID, Roles: holds(3), Version: 2}, {Member: 99, Roles: holds(3), Version: 1}},
		"each has another's": {{Member: zoe.ID, Roles: holds(3), Version: 7}, {Member: 7, Roles: holds(3), Version: 2}},
	} {
		err := s.gate.Write(t.Context(), func(ctx context.Context) error {
			ok, err := s.members.SetAll(ctx, w.ID, stale, 1, later)
			if ok || err != nil {
				t.Errorf("%s: taken (%v)", name, err)
			}
			return fault.OneField("x", "y", nil) // so that nothing of it stays
		})
		if err == nil {
			t.Error("a refused change was kept")
		}
	}
	want(w.ID, before)
	s.do(t, func(ctx context.Context) error {
		ok, err := s.members.SetAll(ctx, w.ID, []member.Assignment{
			{Member: zoe.ID, Roles: []member.Hold{{Role: 4, Until: later.Add(time.Hour)}, {Role: 5}, {Role: r.ID}}, Version: 2},
			{Member: max.ID, Version: 2}, {Member: eve.ID, Roles: holds(4), Version: 2},
		}, max.ID, later)
		return wanted(err, ok, true)
	})
	want(w.ID, map[string][]access.RoleID{"zoe": {4, 5, r.ID}, "max": {}, "eve": {4}})
	want(other.ID, before)
	m, err := s.members.Get(t.Context(), w.ID, "zoe")
	if err != nil || m.Version != 3 || m.Roles[0].Until == nil || m.Roles[0].By != "acme" || !m.Roles[0].At.Equal(sampleTime) ||
		m.Roles[1].By != "max" || m.Roles[1].Until != nil || !m.Roles[1].At.Equal(later) {
		t.Errorf("what stays is not kept, or what was over is not new: %+v %v", m, err)
	}
	s.do(t, func(ctx context.Context) error {
		return s.members.RemoveAll(ctx, w.ID, []access.PrincipalID{zoe.ID, eve.ID, 99})
	})
	want(other.ID, before)
	if got := held(w.ID); len(got) != 3 || got["zoe"] != nil { // acme, ann and max
		t.Errorf("left are %v", got)
	}
	for _, nobody := range []func(ctx context.Context) error{
		func(ctx context.Context) error { return s.members.AddAll(ctx, w.ID, nil, 1, later) },
		func(ctx context.Context) error { return s.members.RemoveAll(ctx, w.ID, nil) },
		func(ctx context.Context) error {
			ok, err := s.members.SetAll(ctx, w.ID, nil, 1, later)
			return wanted(err, ok, true)
		},
	} {
		s.do(t, nobody)
	}
	withoutDevelop(t, s, other.ID, zoe.ID, eve.ID)
}

// withoutDevelop: where the Develop role is switched off nobody is given it, but who holds it keeps it.
func withoutDevelop(t *testing.T, s stores, ws access.WorkspaceID, holder, another access.PrincipalID) {
	t.Helper()
	w, err := s.workspaces.Get(t.Context(), ws)
	if err != nil {
		t.Fatal(err)
	}
	s.do(t, func(ctx context.Context) error {
		w.DevRoleDisabled = true
		ok, err := s.workspaces.Update(ctx, w)
		return wanted(err, ok, true)
	})
	give := func(ctx context.Context, people ...member.Assignment) error {
		_, err := s.members.SetAll(ctx, ws, people, 1, sampleTime)
		return err
	}
	kept, given := member.Assignment{Member: holder, Roles: holds(4, 6), Version: 2}, member.Assignment{Member: another, Roles: holds(developRole), Version: 2}
	if err := s.gate.Write(t.Context(), func(ctx context.Context) error { return give(ctx, kept, given) }); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("Develop was given: %v", err)
	}
	s.do(t, func(ctx context.Context) error { return give(ctx, kept) })
}
