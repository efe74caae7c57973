package control_test

import (
	"context"
	"errors"
	"testing"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
)

func TestARepeatedRequestIsAppliedOnceAndAnswersTheSame(t *testing.T) {
	d := newDesk(t)
	applied := 0
	change := paint(d, 0)
	apply := change.Apply
	change.Apply = func(ctx context.Context, target control.Target, by control.Actor) (control.Applied[string], error) {
		applied++
		return apply(ctx, target, by)
	}
	for range 3 {
		got, err := control.Do(control.WithRequest(as(t, ada), "r-1"), d.Gate, change)
		if err != nil || got != "painted" {
			t.Fatal(got, err)
		}
	}
	if applied != 1 || len(d.store.kept.log) != 1 || d.store.kept.revision != 1 {
		t.Errorf("applied %d times, %d entries, revision %d", applied, len(d.store.kept.log), d.store.kept.revision)
	}
	if _, err := control.Do(control.WithRequest(as(t, ada), "r-2"), d.Gate, change); err != nil || applied != 2 {
		t.Errorf("another request was applied %d times in all (%v)", applied, err)
	}
	for range 2 {
		if _, err := control.Do(control.WithRequest(as(t, ada), ""), d.Gate, change); err != nil {
			t.Fatal(err)
		}
	}
	if applied != 4 {
		t.Errorf("requests without an id were taken for one: applied %d times in all", applied)
	}
}

func TestARequestThatFoundNothingToDoIsRememberedToo(t *testing.T) {
	d := newDesk(t)
	change := paint(d, 0)
	change.Apply = func(context.Context, control.Target, control.Actor) (control.Applied[string], error) {
		return control.Applied[string]{Value: "as it is", Nothing: true}, nil
	}
	ctx := control.WithRequest(as(t, ada), "r-1")
	if _, err := control.Do(ctx, d.Gate, change); err != nil {
		t.Fatal(err)
	}
	got, err := control.Do(ctx, d.Gate, paint(d, 0))
	if err != nil || got != "as it is" || len(d.store.kept.log) != 0 {
		t.Errorf("the repeat answered %q (%v) with %d entries", got, err, len(d.store.kept.log))
	}
}

func TestAFailedRequestMayBeTriedAgain(t *testing.T) {
	d := newDesk(t)
	ctx := control.WithRequest(as(t, ada), "r-1")
	d.store.failCommit = errors.New("the disk is full")
	if _, err := control.Do(ctx, d.Gate, paint(d, 0)); err == nil {
		t.Fatal("no error")
	}
	d.store.failCommit = nil
	if _, err := control.Do(ctx, d.Gate, paint(d, 0)); err != nil || len(d.store.kept.log) != 1 {
		t.Errorf("%v, %d entries", err, len(d.store.kept.log))
	}
}

func TestARequestIDIsNotForSomethingElse(t *testing.T) {
	other := salesTarget()
	other.Name = "writer"
	for name, c := range map[string]struct {
		who    access.PrincipalID
		act    action.ID
		target control.Target
	}{
		"another act":    {ada, action.RoleClone, salesTarget()},
		"another target": {ada, action.RoleSet, other},
		"somebody else":  {root, action.RoleSet, salesTarget()},
	} {
		d := newDesk(t)
		if _, err := control.Do(control.WithRequest(as(t, ada), "r-1"), d.Gate, paint(d, 0)); err != nil {
			t.Fatal(err)
		}
		before := d.store.kept.copy()
		change := paint(d, access.AllWorkspace(access.Write))
		change.Action, change.Target = c.act, at(c.target)
		_, err := control.Do(control.WithRequest(as(t, c.who), "r-1"), d.Gate, change)
		var refused *fault.Refused
		if !errors.As(err, &refused) || refused.Reason.ID != "fault.request.reused" {
			t.Errorf("%s: failed with %v", name, err)
		}
		same(t, d, before)
	}
}

func TestWhoMayNoLongerGetsNoAnswerToARepeat(t *testing.T) {
	d := newDesk(t)
	ctx := control.WithRequest(as(t, ada), "r-1")
	if _, err := control.Do(ctx, d.Gate, paint(d, 0)); err != nil {
		t.Fatal(err)
	}
	d.store.kept.access.Grants = nil
	if _, err := control.Do(ctx, d.Gate, paint(d, 0)); reasonOf(t, err) != "denied.workspace_admin" {
		t.Errorf("failed with %v", err)
	}
}

func TestARepeatedCreationAnswersTheSame(t *testing.T) {
	d := newDesk(t)
	made := control.Target{Region: "cn-hangzhou", Workspace: 9, WorkspaceName: "new_dw", Kind: "workspace", Name: "new_dw"}
	change := control.Change[string]{
		Action: action.WorkspaceCreate,
		Target: at(control.Target{Region: "cn-hangzhou", Kind: "workspace", Name: "new_dw"}),
		Apply: func(context.Context, control.Target, control.Actor) (control.Applied[string], error) {
			return control.Applied[string]{Value: "made", Target: &made}, nil
		},
	}
	for range 2 {
		got, err := control.Do(control.WithRequest(as(t, root), "r-1"), d.Gate, change)
		if err != nil || got != "made" || len(d.store.kept.log) != 1 {
			t.Errorf("answered %q (%v) with %d entries", got, err, len(d.store.kept.log))
		}
	}
}
