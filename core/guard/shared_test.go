package guard_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
)

func TestDeleteRefusesBeforeItDeletes(t *testing.T) {
	held, moved := errors.New("held"), errors.New("moved")
	reads, nothing := holding(ann, access.Read), holding(ann, access.None)
	for name, c := range map[string]struct {
		in      guard.Removal
		holders int
		gone    bool
		after   access.State
		want    error
		why     string
		deleted bool
	}{
		"nobody holds it":            {guard.Removal{}, 0, true, reads, nil, "", true},
		"held":                       {guard.Removal{}, 2, true, reads, held, "", false},
		"held and taken away":        {guard.Removal{TakeAway: true}, 2, true, reads, nil, "", true},
		"another version":            {guard.Removal{Version: 3}, 0, true, reads, moved, "", false},
		"the version read":           {guard.Removal{Version: 4}, 0, true, reads, nil, "", true},
		"changed at the last moment": {guard.Removal{}, 0, false, reads, moved, "", true},
		"a loss of one's own":        {guard.Removal{}, 0, true, nothing, nil, "fault.own.loss", true},
		"a loss that is meant":       {guard.Removal{OwnLoss: true}, 0, true, nothing, nil, "", true},
	} {
		s, deleted := &states{answers: []access.State{reads, c.after}}, false
		applied, err := guard.Delete(t.Context(), s, control.Scope{Workspace: ws}, control.Actor{Principal: ann}, now, c.in, guard.Deletion[string]{
			Thing: "reader", Version: 4, Holders: c.holders, Target: &control.Target{Name: "reader"},
			Held:     func(context.Context) error { return held },
			Conflict: func(int64) error { return moved },
			Delete:   func(context.Context) (bool, error) { deleted = true; return c.gone, nil },
		})
		if c.why == "" && !errors.Is(err, c.want) || reason(err) != c.why || deleted != c.deleted {
			t.Errorf("%s: %v, deleted %v; want %v %s, %v", name, err, deleted, c.want, c.why, c.deleted)
		}
		if err == nil && (applied.Value != "reader" || applied.Before != "reader" || applied.After != nil || applied.Target.Name != "reader") {
			t.Errorf("%s: applied %+v", name, applied)
		}
	}
}

func TestUsersAreFoundOnceAndUnknownOnesNamed(t *testing.T) {
	broken := errors.New("disk on fire")
	find := func(name string) (access.PrincipalID, error) {
		switch name {
		case "ann", "Ann":
			return ann, nil
		case "root":
			return root, nil
		case "broken":
			return 0, broken
		}
		return 0, &fault.NotFound{What: "user", Name: name, Nearest: []string{"ann"}}
	}
	id := func(p access.PrincipalID) access.PrincipalID { return p }
	found, bad, err := guard.Users([]string{"ann", "an", "root", "Ann", "rot"}, find, id)
	if err != nil || !slices.Equal(found, []access.PrincipalID{ann, root}) || len(bad) != 2 || !bad[0].Unknown || bad[1].Text.Args["Name"] != "rot" {
		t.Errorf("found %v, %+v (%v)", found, bad, err)
	}
	if _, bad, _ := guard.Users(nil, find, id); len(bad) != 1 || bad[0].Text.ID != "fault.member.nobody" {
		t.Errorf("nobody is %+v", bad)
	}
	if _, _, err := guard.Users([]string{"an", "broken"}, find, id); !errors.Is(err, broken) {
		t.Errorf("failed with %v", err)
	}
}

func TestBetweenReadsBeforeAndAfterAndRefusesLikeAnyChange(t *testing.T) {
	broken := errors.New("disk on fire")
	for name, c := range map[string]struct {
		after  access.State
		change error
		why    string
	}{
		"nothing of one's own":     {holding(ann, access.Read), nil, ""},
		"a loss of one's own":      {holding(ann, access.None), nil, "fault.own.loss"},
		"what fails is handed on":  {holding(ann, access.Read), broken, ""},
		"a gain is refused always": {holding(ann, access.Write), nil, "fault.own.raise"},
	} {
		w, err := guard.Begin(t.Context(), &states{answers: []access.State{holding(ann, access.Read), c.after}}, control.Scope{Workspace: ws}, control.Actor{Principal: ann}, now)
		if err != nil {
			t.Fatal(err)
		}
		reading := 0
		applied, err := guard.Between(t.Context(), w, false, func() (int, error) { reading++; return reading, nil }, func() error { return c.change })
		if reason(err) != c.why || c.change != nil && !errors.Is(err, c.change) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (applied.Value != 2 || applied.Before != 1 || applied.After != 2) {
			t.Errorf("%s: applied %+v", name, applied)
		}
	}
}
