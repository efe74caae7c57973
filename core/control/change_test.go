package control_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/audit/chain"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// same fails the test unless the committed state is as it was.
func same(t *testing.T, d *desk, before state) {
	t.Helper()
	if !reflect.DeepEqual(d.store.kept, before) {
		t.Errorf("the state changed:\n%+v\nbefore\n%+v", d.store.kept, before)
	}
}

// quiet fails the test if an event waits.
func quiet(t *testing.T, events <-chan control.Event) {
	t.Helper()
	select {
	case e := <-events:
		t.Errorf("event %+v", e)
	default:
	}
}

func TestEverythingWrongIsSaidAtOnceAndNothingApplied(t *testing.T) {
	d := newDesk(t)
	before := d.store.kept.copy()
	change := paint(d, 0)
	change.Check = func(context.Context, control.Target) ([]fault.Field, error) {
		return []fault.Field{{Name: "name", Text: message.Text{ID: "a"}}, {Name: "role", Text: message.Text{ID: "b"}}}, nil
	}
	_, err := control.Do(as(t, ada), d.Gate, change)
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) || len(invalid.Fields) != 2 || invalid.Fields[0].Name != "name" || invalid.Fields[1].Name != "role" {
		t.Errorf("failed with %v", err)
	}
	same(t, d, before)
}

func TestARefusalComesBeforeTheInputIsLookedAt(t *testing.T) {
	d := newDesk(t)
	change := paint(d, 0)
	change.Check = func(context.Context, control.Target) ([]fault.Field, error) {
		t.Error("the input of somebody who may not was looked at")
		return nil, nil
	}
	if _, err := control.Do(as(t, zoe), d.Gate, change); reasonOf(t, err) != "denied.workspace_admin" {
		t.Errorf("failed with %v", err)
	}
}

func TestAConflictLeavesEverythingAsItWas(t *testing.T) {
	d := newDesk(t)
	events, cancel := d.Events()
	defer cancel()
	before := d.store.kept.copy()
	change := paint(d, 0)
	apply := change.Apply
	change.Apply = func(ctx context.Context, target control.Target, by control.Actor) (control.Applied[string], error) {
		applied, err := apply(ctx, target, by)
		if err == nil {
			err = &fault.Conflict{What: "role", Name: "reader", Read: 2, Now: 3}
		}
		return applied, err
	}
	value, err := control.Do(as(t, ada), d.Gate, change)
	if fault.KindOf(err) != fault.KindConflict || value != "" {
		t.Errorf("answered %q, failed with %v", value, err)
	}
	same(t, d, before)
	quiet(t, events)
}

func TestAChangeIsInTheAuditAsItHappened(t *testing.T) {
	d := newDesk(t)
	if got, err := control.Do(control.WithRequest(as(t, ada), "r-1"), d.Gate, paint(d, 0)); err != nil || got != "painted" {
		t.Fatal(got, err)
	}
	if len(d.store.kept.log) != 1 {
		t.Fatalf("%d entries", len(d.store.kept.log))
	}
	got := d.store.kept.log[0]
	want := chain.Entry{
		Seq: 1, At: time.Date(2026, 5, 4, 4, 0, 0, 0, time.UTC), ActorID: int64(ada), Actor: "ada", Face: "console",
		Address: "10.0.0.9:2222", Session: "s-1", Request: "r-1", Action: "role.set", Outcome: chain.Done, Region: "cn-hangzhou",
		WorkspaceID: int64(sales), Workspace: "sales_dw", Kind: "role", Target: "reader",
		Before: []byte(`{"name":"<b>"}`), After: []byte(`{"name":"<a>"}`), Prev: got.Prev, Hash: got.Hash,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("entry %+v\nwant %+v", got, want)
	}
	if len(d.heads) != 1 || d.heads[0].Seq != 1 || string(d.heads[0].Hash) != string(got.Hash) {
		t.Errorf("heads kept outside: %+v", d.heads)
	}
	if d.store.kept.revision != 1 {
		t.Errorf("revision %d", d.store.kept.revision)
	}
}

func TestWhatWasCreatedIsInTheAuditUnderItsOwnName(t *testing.T) {
	d := newDesk(t)
	change := paint(d, 0)
	change.Apply = func(context.Context, control.Target, control.Actor) (control.Applied[string], error) {
		return control.Applied[string]{Target: &control.Target{Region: "cn-hangzhou", Workspace: 9, WorkspaceName: "new_dw", Kind: "workspace", Name: "new_dw"}}, nil
	}
	if _, err := control.Do(as(t, ada), d.Gate, change); err != nil {
		t.Fatal(err)
	}
	e := d.store.kept.log[0]
	if e.WorkspaceID != 9 || e.Target != "new_dw" || e.Before != nil || e.After != nil {
		t.Errorf("entry %+v", e)
	}
}

func TestWithoutItsAuditEntryAChangeDoesNotHappen(t *testing.T) {
	for name, breakIt := range map[string]func(*memory){
		"entry":  func(m *memory) { m.failAudit = errors.New("no room for entries") },
		"commit": func(m *memory) { m.failCommit = errors.New("the disk is full") },
	} {
		d := newDesk(t)
		events, cancel := d.Events()
		before := d.store.kept.copy()
		breakIt(d.store)
		if _, err := control.Do(as(t, ada), d.Gate, paint(d, 0)); err == nil {
			t.Errorf("%s: no error", name)
		}
		same(t, d, before)
		quiet(t, events)
		if len(d.heads) != 0 {
			t.Errorf("%s: a head was kept of what did not happen", name)
		}
		cancel()
	}
}

func TestARefusalIsInTheAudit(t *testing.T) {
	d := newDesk(t)
	events, cancel := d.Events()
	defer cancel()
	if _, err := control.Do(as(t, dev), d.Gate, paint(d, 0)); reasonOf(t, err) != "denied.workspace_admin" {
		t.Fatal(err)
	}
	if len(d.store.kept.log) != 1 {
		t.Fatalf("%d entries", len(d.store.kept.log))
	}
	e := d.store.kept.log[0]
	if e.Outcome != chain.Denied || e.Actor != "dev" || e.Action != "role.set" || e.Target != "reader" || e.Workspace != "sales_dw" ||
		e.Before != nil || string(e.After) != `{"reason":"denied.workspace_admin"}` {
		t.Errorf("entry %+v", e)
	}
	if d.store.kept.revision != 0 || d.snapshot(t).Level(sales, dev, access.DataStudio) != access.Read {
		t.Error("the refusal changed something")
	}
	if e := <-events; e.Seq != 1 || e.Action != action.RoleSet {
		t.Errorf("event %+v", e)
	}
	if len(d.heads) != 1 || d.heads[0].Seq != 1 {
		t.Errorf("heads kept outside: %+v", d.heads)
	}
}

func TestARefusalThatCannotBeRecordedIsStillARefusal(t *testing.T) {
	d := newDesk(t)
	d.store.failAudit = errors.New("no room for entries")
	if _, err := control.Do(as(t, dev), d.Gate, paint(d, 0)); reasonOf(t, err) != "denied.workspace_admin" {
		t.Error(err)
	}
}

func TestAnErrorThatIsNoRefusalIsNotRecorded(t *testing.T) {
	d := newDesk(t)
	change := paint(d, 0)
	change.Target = func(context.Context) (control.Target, error) {
		return control.Target{}, &fault.NotFound{What: "role", Name: "x"}
	}
	if _, err := control.Do(as(t, ada), d.Gate, change); fault.KindOf(err) != fault.KindNotFound {
		t.Error(err)
	}
	if len(d.store.kept.log) != 0 || d.store.writes != 1 {
		t.Errorf("%d entries after %d transactions", len(d.store.kept.log), d.store.writes)
	}
}

func TestAStateThatIsAlreadyAsAskedMakesNoNoise(t *testing.T) {
	d := newDesk(t)
	events, cancel := d.Events()
	defer cancel()
	before := d.store.kept.copy()
	change := paint(d, 0)
	change.Apply = func(context.Context, control.Target, control.Actor) (control.Applied[string], error) {
		return control.Applied[string]{Value: "as it is", Nothing: true}, nil
	}
	if got, err := control.Do(as(t, ada), d.Gate, change); err != nil || got != "as it is" {
		t.Error(got, err)
	}
	same(t, d, before)
	quiet(t, events)
}

func TestARecordThatCannotBeWrittenDownUndoesTheChange(t *testing.T) {
	d := newDesk(t)
	before := d.store.kept.copy()
	change := paint(d, 0)
	change.Apply = func(context.Context, control.Target, control.Actor) (control.Applied[string], error) {
		return control.Applied[string]{After: make(chan int)}, nil
	}
	if _, err := control.Do(as(t, ada), d.Gate, change); err == nil || !strings.Contains(err.Error(), "audit") {
		t.Errorf("failed with %v", err)
	}
	same(t, d, before)
}
