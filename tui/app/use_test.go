package app_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"reeve/core/control"
	"reeve/core/use"
	"reeve/storage"
	"reeve/tui/app"
)

func TestEnteringAWorkspaceIsUseAndStandingOpenIsNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var noted []string
	count := func(o *app.Options) {
		o.Used = func(_ context.Context, ref control.Ref) error {
			noted = append(noted, ref.Region+"/"+ref.Workspace)
			return nil
		}
	}
	w.open("zoe.park", "cn-hangzhou", count)
	if len(noted) != 0 {
		t.Errorf("the list of workspaces is a use of %v", noted)
	}
	d := w.open("zoe.park", sales+"/members", count)
	d.Keys("ctrl+r ctrl+r")
	if !slices.Equal(noted, []string{sales}) {
		t.Errorf("noted %v", noted)
	}
	noted = nil
	w.open("o.outsider", sales+"/members", count)
	if len(noted) != 0 {
		t.Errorf("who is refused used %v", noted)
	}
}

func TestWhoDidNotComeForLongIsListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	uses := use.New(w.gate, storage.NewUses(w.db))
	note := func(o *app.Options) {
		o.Used = func(ctx context.Context, ref control.Ref) error {
			return uses.Note(control.WithActor(ctx, o.Actor), ref)
		}
	}
	w.clock.Pass(5 * 24 * time.Hour)
	w.open("m.ito", sales+"/members", note)
	d := w.open("zoe.park", sales+"/members").Keys("D")
	has(t, d, "unused:90", "etl-prod", "s.lindqvist")
	lacks(t, d, "m.ito")
	w.clock.Pass(91 * 24 * time.Hour)
	has(t, w.open("zoe.park", sales+"/members").Keys("D"), "m.ito")
}
