package app_test

import (
	"testing"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/tui/app"
)

func TestAConsoleReadsAnewOnlyWhatMayHaveChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		link  string
		event control.Event
		reads bool
	}{
		{sales + "/members", control.Event{}, true},
		{sales + "/members", control.Event{Action: action.MemberAdd}, true},
		{sales + "/members", control.Event{Quiet: true}, false},
		{sales + "/members", control.Event{Action: action.SessionBegin}, false},
		{sales + "/members", control.Event{Action: action.PreferenceSet}, false},
		{"sessions", control.Event{Quiet: true}, true},
		{"sessions", control.Event{Action: action.SessionBegin}, true},
		{"overview", control.Event{Quiet: true}, true},
		{"audit", control.Event{Action: action.SessionNotify}, true},
		{"audit", control.Event{Quiet: true}, false},
	} {
		later := &timers{}
		m := &waiting{t: t, model: w.session("root", c.link, later.option)}
		m.hold(m.model.Init())
		m.resize(120, 40).finishAll()
		w.clock.Pass(time.Minute)
		m.send(app.Changed(c.event))
		if reads := len(m.held) > 0; reads != c.reads {
			t.Errorf("%s reads anew after %+v: %v", c.link, c.event, reads)
		}
		if len(later.wakings) > 0 {
			t.Errorf("%s: a change after a minute of peace waits %v", c.link, later.after)
		}
	}
}

func TestManyChangesAreReadTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	later := &timers{}
	m := &waiting{t: t, model: w.session("root", sales+"/members", later.option)}
	m.hold(m.model.Init())
	m.resize(120, 40).finishAll()
	w.clock.Pass(time.Minute)
	m.send(app.Changed(control.Event{})).finishAll()
	for range 50 {
		w.clock.Pass(10 * time.Millisecond)
		m.send(app.Changed(control.Event{}))
	}
	if len(m.held) > 0 || len(later.wakings) != 1 {
		t.Fatalf("fifty changes in half a second are read with %d commands and %d timers", len(m.held), len(later.wakings))
	}
	// The last of them is not forgotten.
	w.clock.Pass(later.after[0])
	m.send(later.wakings[0])
	if len(m.held) == 0 {
		t.Error("what changed is not read when the time has come")
	}
	m.finishAll()
	w.clock.Pass(time.Minute)
	if m.send(app.Changed(control.Event{})); len(m.held) == 0 || len(later.wakings) != 1 {
		t.Error("a change after a minute of peace is not read at once")
	}
}
