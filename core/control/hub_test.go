package control_test

import (
	"sync"
	"testing"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
)

func TestTheEventComesAfterTheCommitAndNeverBefore(t *testing.T) {
	d := newDesk(t)
	events, cancel := d.Events()
	defer cancel()
	committing := false
	d.store.beforeCommit = func() {
		committing = true
		quiet(t, events)
	}
	if _, err := control.Do(as(t, ada), d.Gate, paint(d, 0)); err != nil {
		t.Fatal(err)
	}
	if !committing {
		t.Fatal("nothing was committed")
	}
	want := control.Event{Revision: 1, Action: action.RoleSet, Region: "cn-hangzhou", Workspace: sales, Seq: 1}
	if got := <-events; got != want {
		t.Errorf("event %+v, want %+v", got, want)
	}
	quiet(t, events)
}

func TestASlowListenerHoldsNothingBack(t *testing.T) {
	d := newDesk(t)
	slow, cancelSlow := d.Events()
	defer cancelSlow()
	quick, cancelQuick := d.Events()
	defer cancelQuick()
	const changes = 30
	for i := range changes {
		if _, err := control.Do(as(t, ada), d.Gate, paint(d, access.AllWorkspace(access.Level(i%3)))); err != nil { // #nosec G115 -- below 3
			t.Fatal(err)
		}
		if e := <-quick; e.Revision != uint64(i+1) { // #nosec G115 -- small
			t.Fatalf("the quick listener got %+v at change %d", e, i+1)
		}
	}
	// What was dropped is covered by one event without an act, and nothing newer is missing after it.
	last, covered := control.Event{}, false
	for len(slow) > 0 {
		e := <-slow
		covered = covered || e.Action == ""
		last = e
	}
	if !covered {
		t.Error("events were dropped without a word")
	}
	if last.Action != "" && last.Revision != changes {
		t.Errorf("the newest event the slow listener has is %+v", last)
	}
}

func TestACancelledListenerIsClosedOnce(t *testing.T) {
	d := newDesk(t)
	events, cancel := d.Events()
	cancel()
	cancel()
	if _, open := <-events; open {
		t.Error("the channel of a cancelled listener is open")
	}
	if _, err := control.Do(as(t, ada), d.Gate, paint(d, 0)); err != nil {
		t.Error(err)
	}
}

func TestAChangeByAnotherProcessSaysThatEverythingMayHaveChanged(t *testing.T) {
	d := newDesk(t)
	events, cancel := d.Events()
	defer cancel()
	d.Foreign(control.Unknown)
	if got := <-events; got != (control.Event{}) {
		t.Errorf("event %+v", got)
	}
}

func TestOwnEntriesAreToldOnceAndThoseOfOthersAlways(t *testing.T) {
	d := newDesk(t)
	events, cancel := d.Events()
	defer cancel()
	heard := func(newest int64, want control.Event) {
		t.Helper()
		d.Foreign(newest)
		if got := <-events; got != want {
			t.Errorf("with the newest entry %d: %+v, want %+v", newest, got, want)
		}
	}
	own := func() {
		t.Helper()
		if _, err := control.Do(as(t, ada), d.Gate, paint(d, 0)); err != nil {
			t.Fatal(err)
		}
		<-events
	}
	loud, silent := control.Event{}, control.Event{Quiet: true}
	own()
	heard(1, silent) // the own entry is what is new
	heard(1, silent) // something was written that is in no audit
	own()
	heard(3, loud) // the third is of another process
	heard(3, silent)
	own() // numbered 3 here: it was heard of already
	heard(4, loud)
	heard(control.Unknown, loud)
	heard(4, silent)
}

func TestListenersComeAndGoWhileEventsAreSent(t *testing.T) {
	d := newDesk(t)
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			for range 200 {
				events, cancel := d.Events()
				d.Foreign(control.Unknown)
				<-events
				cancel()
			}
		})
	}
	work.Wait()
}
