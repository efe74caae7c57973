package control_test

import (
	"context"
	"testing"

	"reeve/core/access"
	"reeve/core/control"
)

func TestOnlyABatchRemembers(t *testing.T) {
	d := newDesk(t)
	compiled := func(ctx context.Context, w access.WorkspaceID) *access.Snapshot {
		t.Helper()
		snap, err := d.Snapshot(ctx, control.Scope{Workspace: w})
		if err != nil {
			t.Fatal(err)
		}
		return snap
	}
	alone := compiled(t.Context(), sales)
	if alone == compiled(t.Context(), sales) {
		t.Error("two questions share what they read, although something may have changed in between")
	}
	batch := control.Remembering(t.Context())
	first := compiled(batch, sales)
	if first != compiled(batch, sales) {
		t.Error("a batch compiled one scope twice")
	}
	for w := range access.WorkspaceID(1000) {
		compiled(batch, sales+1+w)
	}
	if first == compiled(batch, sales) {
		t.Error("a batch holds whatever was ever asked in it")
	}
}
