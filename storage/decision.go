package storage

import (
	"context"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/decision"
)

// Decisions reads what answers to other programs depend on.
type Decisions struct{ GateStore }

var _ decision.Store = Decisions{}

// NewDecisions makes the store.
func NewDecisions(db *DB, builtins Builtins) Decisions { return Decisions{NewGateStore(db, builtins)} }

// World reads everything that answers depend on, in one transaction.
func (s Decisions) World(ctx context.Context) (w decision.World, err error) {
	err = s.Read(ctx, func(ctx context.Context) error {
		if w.State, err = s.AccessState(ctx, control.Scope{Everything: true}); err != nil {
			return err
		}
		w.Workspaces, err = all(ctx, s.db, "reading the workspaces", func(row scanner) (ws access.Workspace, err error) {
			err = row.Scan(&ws.ID, &ws.Region, &ws.Name)
			return ws, err
		}, "SELECT id, region, name FROM workspace WHERE deleted_at = 0")
		if err != nil {
			return err
		}
		w.Regions, err = all(ctx, s.db, "reading the regions", value[string], "SELECT id FROM region")
		return err
	})
	return w, err
}
