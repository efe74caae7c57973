package control_test

import (
	"context"
	"errors"
	"testing"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/audit/chain"
	"reeve/core/control"
	"reeve/core/fault"
)

// rename is a change that makes a mark in the state and needs to administer sales.
func rename(d *desk, to string, fails error) control.Change[string] {
	return control.Change[string]{
		Action: action.RoleSet, Target: at(salesTarget()),
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[string], error) {
			s := d.store.in(ctx)
			s.access.Principals[0].Name += to
			t.Name = to
			return control.Applied[string]{Value: to, Before: "", After: to, Target: &t}, fails
		},
	}
}

// several is a change that makes others.
func several(fn func(ctx context.Context) error) control.Change[string] {
	return control.Change[string]{
		Action: action.WorkspaceUpdate, Target: at(salesTarget()), Several: true,
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[string], error) {
			err := fn(ctx)
			return control.Applied[string]{Value: "all", After: "all"}, err
		},
	}
}

func acts(log []chain.Entry) []string {
	var out []string
	for _, e := range log {
		out = append(out, e.Action+" "+e.Target+" "+string(e.Outcome)+" "+e.Request)
	}
	return out
}

func TestSeveralChangesAreOneTransactionWithAnEntryEach(t *testing.T) {
	d := newDesk(t)
	events, stop := d.Events()
	defer stop()
	ctx := control.WithRequest(as(t, ada), "r-1")
	change := several(func(ctx context.Context) error {
		for _, name := range []string{"a", "b", "c"} {
			if got, err := control.Do(ctx, d.Gate, rename(d, name, nil)); err != nil || got != name {
				return errors.Join(err, errors.New("got "+got))
			}
		}
		return nil
	})
	got, err := control.Do(ctx, d.Gate, change)
	if err != nil || got != "all" {
		t.Fatalf("%q, %v", got, err)
	}
	if d.store.writes != 1 || d.store.kept.access.Principals[0].Name != "rootabc" {
		t.Errorf("%d transactions, %s", d.store.writes, d.store.kept.access.Principals[0].Name)
	}
	want := []string{"role.set a done r-1", "role.set b done r-1", "role.set c done r-1", "workspace.update reader done r-1"}
	for i, e := range acts(d.store.kept.log) {
		if i >= len(want) || e != want[i] {
			t.Errorf("entry %d is %s", i, e)
		}
	}
	for i := range want {
		if e := <-events; e.Seq != int64(i+1) || e.Revision != uint64(i+1) {
			t.Errorf("event %d is %+v", i, e)
		}
	}
	quiet(t, events)
	if len(d.heads) != 1 || d.heads[0].Seq != 4 {
		t.Errorf("heads %v", d.heads)
	}
	// Repeating the request repeats nothing, and answers the same.
	before := d.store.kept.copy()
	if got, err := control.Do(ctx, d.Gate, change); err != nil || got != "all" {
		t.Errorf("repeated: %q, %v", got, err)
	}
	same(t, d, before)
}

func TestWhenOneOfSeveralFailsNoneIsMade(t *testing.T) {
	broken := errors.New("broken")
	for name, fn := range map[string]func(d *desk) func(context.Context) error{
		"the third fails": func(d *desk) func(context.Context) error {
			return func(ctx context.Context) error {
				for _, err := range []error{nil, nil, broken} {
					if _, err := control.Do(ctx, d.Gate, rename(d, "x", err)); err != nil {
						return err
					}
				}
				return nil
			}
		},
		"the failure is overlooked": func(d *desk) func(context.Context) error {
			return func(ctx context.Context) error {
				_, _ = control.Do(ctx, d.Gate, rename(d, "x", broken))
				if got, err := control.Do(ctx, d.Gate, rename(d, "y", nil)); got != "" || !errors.Is(err, broken) {
					t.Errorf("after a failure one was begun: %q, %v", got, err)
				}
				return nil
			}
		},
		"the whole fails after all parts": func(d *desk) func(context.Context) error {
			return func(ctx context.Context) error {
				_, err := control.Do(ctx, d.Gate, rename(d, "x", nil))
				return errors.Join(err, broken)
			}
		},
	} {
		d := newDesk(t)
		events, stop := d.Events()
		before := d.store.kept.copy()
		if _, err := control.Do(as(t, ada), d.Gate, several(fn(d))); !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
		same(t, d, before)
		quiet(t, events)
		if len(d.heads) != 0 {
			t.Errorf("%s: heads %v", name, d.heads)
		}
		stop()
	}
}

// TestARefusedPartIsInTheAuditAsItself holds that nothing is kept of the others and that the entry says what was refused.
func TestARefusedPartIsInTheAuditAsItself(t *testing.T) {
	d := newDesk(t)
	_, err := control.Do(as(t, ada), d.Gate, several(func(ctx context.Context) error {
		if _, err := control.Do(ctx, d.Gate, rename(d, "x", nil)); err != nil {
			return err
		}
		second := rename(d, "y", nil)
		second.Action = action.WorkspaceDelete
		_, err := control.Do(ctx, d.Gate, second)
		return err
	}))
	var denied *fault.Denied
	if !errors.As(err, &denied) || denied.Action != "workspace.delete" {
		t.Fatalf("failed with %v", err)
	}
	if log := acts(d.store.kept.log); len(log) != 1 || log[0] != "workspace.delete reader denied " {
		t.Errorf("the audit has %v", log)
	}
	if d.store.kept.access.Principals[0].Name != "root" {
		t.Error("the first change was kept")
	}
}

func TestWhoMayNotDoTheWholeDoesNoPart(t *testing.T) {
	d := newDesk(t)
	_, err := control.Do(as(t, zoe), d.Gate, several(func(context.Context) error {
		t.Error("the parts were begun")
		return nil
	}))
	if reasonOf(t, err) == "" || len(d.store.kept.log) != 1 {
		t.Errorf("%v, %v", err, acts(d.store.kept.log))
	}
}

func TestAPreviewOfSeveralKeepsNothing(t *testing.T) {
	d := newDesk(t)
	before := d.store.kept.copy()
	out, err := control.Preview(as(t, ada), d.Gate, several(func(ctx context.Context) error {
		if _, err := control.Do(ctx, d.Gate, paint(d, 0)); err != nil {
			return err
		}
		_, err := control.Do(ctx, d.Gate, paint(d, access.AllWorkspace(access.Read).With(access.StreamStudio, access.None)))
		return err
	}))
	if err != nil || !out.Effect.Empty() {
		t.Errorf("%+v, %v", out.Effect, err)
	}
	same(t, d, before)
	// What the parts do together is what is told.
	out, err = control.Preview(as(t, ada), d.Gate, several(func(ctx context.Context) error {
		_, err := control.Do(ctx, d.Gate, paint(d, 0))
		return err
	}))
	if err != nil || len(out.Effect.Losses) == 0 {
		t.Errorf("%+v, %v", out.Effect, err)
	}
	same(t, d, before)
}

// TestAQuestionWithinSeveralSeesWhatTheyDid holds that a change can look at what the ones before it made.
func TestAQuestionWithinSeveralSeesWhatTheyDid(t *testing.T) {
	d := newDesk(t)
	_, err := control.Do(as(t, ada), d.Gate, several(func(ctx context.Context) error {
		if _, err := control.Do(ctx, d.Gate, rename(d, "x", nil)); err != nil {
			return err
		}
		name, err := control.Ask(ctx, d.Gate, control.Query[string]{Action: action.WorkspaceList,
			Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (string, error) {
				return d.store.in(ctx).access.Principals[0].Name, nil
			}})
		if name != "rootx" {
			t.Errorf("it sees %s", name)
		}
		return err
	}))
	if err != nil {
		t.Fatal(err)
	}
}
