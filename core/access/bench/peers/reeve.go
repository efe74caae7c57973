package peers

import (
	"fmt"

	"reeve/core/access"
)

// reeve is the product: one snapshot, compiled from the state.
type reeve struct{ snapshot *access.Snapshot }

func (r *reeve) Build(w World) error {
	snapshot, err := access.Compile(w.State)
	if err != nil {
		return fmt.Errorf("build reeve: %w", err)
	}
	r.snapshot = snapshot
	return nil
}

func (r *reeve) Prepare(questions []access.Question) (func(int) (bool, error), error) {
	return func(i int) (bool, error) { return r.snapshot.Decide(questions[i]), nil }, nil
}

func (r *reeve) Close() { r.snapshot = nil }

// bareMap is the least that any answer can cost: one look-up by workspace and
// principal in a map that holds the answers already. It is no engine: it cannot
// say why, and it is filled from the product's answers.
type bareMap struct{ masks map[uint64]uint64 }

func (b *bareMap) Build(w World) error {
	snapshot, err := access.Compile(w.State)
	if err != nil {
		return fmt.Errorf("build the bare map: %w", err)
	}
	b.masks = bareMasks(snapshot, w)
	return nil
}

func bareMasks(snapshot *access.Snapshot, w World) map[uint64]uint64 {
	masks := make(map[uint64]uint64, len(w.State.Members))
	for _, m := range w.State.Members {
		masks[bareKey(m.Workspace, m.Principal)] = uint64(snapshot.Levels(m.Workspace, m.Principal))
	}
	return masks
}

func bareKey(ws access.WorkspaceID, p access.PrincipalID) uint64 { return uint64(ws)<<32 | uint64(p) }

func (b *bareMap) Prepare(questions []access.Question) (func(int) (bool, error), error) {
	return func(i int) (bool, error) {
		q := questions[i]
		return access.Levels(b.masks[bareKey(q.Workspace, q.Principal)]).Get(q.Module) >= q.Level, nil
	}, nil
}

func (b *bareMap) Close() { b.masks = nil }
