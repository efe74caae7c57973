package control_test

import (
	"context"
	"reflect"
	"testing"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

func TestAPreviewKeepsNothingAndIsWhatThenHappens(t *testing.T) {
	for name, levels := range map[string]access.Levels{
		"takes away": 0,
		"gives":      access.AllWorkspace(access.Write),
		"both":       access.AllWorkspace(access.Read).With(access.DataStudio, access.None).With(access.StreamStudio, access.Write),
	} {
		d := newDesk(t)
		events, cancel := d.Events()
		before := d.store.kept.copy()
		ctx := control.WithRequest(as(t, ada), "r-1")
		told, err := control.Preview(ctx, d.Gate, paint(d, levels))
		if err != nil {
			t.Fatal(err)
		}
		same(t, d, before)
		quiet(t, events)
		if len(d.heads) != 0 {
			t.Errorf("%s: a head was kept of a preview", name)
		}

		was := d.snapshot(t)
		if _, err := control.Do(ctx, d.Gate, paint(d, levels)); err != nil {
			t.Fatal(err)
		}
		happened := access.Compare(was, d.snapshot(t))
		if happened.Empty() {
			t.Fatalf("%s: nothing happened, so nothing is shown by this", name)
		}
		if !reflect.DeepEqual(told.Effect, happened) {
			t.Errorf("%s: the preview told %+v\nthen happened %+v", name, told.Effect, happened)
		}
		if got := told.After.Levels(sales, dev); got != d.snapshot(t).Levels(sales, dev) {
			t.Errorf("%s: the preview's state after is another: %v", name, got)
		}
		cancel()
	}
}

func TestAPreviewIsRefusedWhatTheActIsRefused(t *testing.T) {
	d := newDesk(t)
	if _, err := control.Preview(as(t, dev), d.Gate, paint(d, 0)); reasonOf(t, err) != "denied.workspace_admin" {
		t.Errorf("who may not act: %v", err)
	}
	invalid := paint(d, 0)
	invalid.Check = func(context.Context, control.Target) ([]fault.Field, error) {
		return []fault.Field{{Name: "name", Text: message.Text{ID: "a"}}}, nil
	}
	out, err := control.Preview(as(t, ada), d.Gate, invalid)
	if fault.KindOf(err) != fault.KindInvalid || out.Before != nil || !out.Effect.Empty() {
		t.Errorf("wrong input: %v with %+v", err, out)
	}
	if len(d.store.kept.log) != 0 {
		t.Errorf("%d entries of previews", len(d.store.kept.log))
	}
}
