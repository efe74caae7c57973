package control_test

import (
	"testing"

	"reeve/core/access"
	"reeve/core/control"
)

func TestOnlyABatchRemembers(t *testing.T) {
	d := newDesk(t)
	batch := control.Remembering(t.Context())
	compiled := func(remembering bool, w access.WorkspaceID) *access.Snapshot {
		t.Helper()
		ctx := t.Context()
		if remembering {
			ctx = batch
		}
		snap, err := d.Snapshot(ctx, control.Scope{Workspace: w})
		if err != nil {
			t.Fatal(err)
		}
		return snap
	}
	if compiled(false, sales) == compiled(false, sales) {
		t.Error("two questions share what they read, although something may have changed in between")
	}
	first := compiled(true, sales)
	if first != compiled(true, sales) {
		t.Error("a batch compiled one scope twice")
	}
	for w := range access.WorkspaceID(1000) {
		compiled(true, sales+1+w)
	}
	if first == compiled(true, sales) {
		t.Error("a batch holds whatever was ever asked in it")
	}
}
