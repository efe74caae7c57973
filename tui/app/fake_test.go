package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"reeve/assets"
	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/list"
	"reeve/core/region"
	"reeve/core/workspace"
	"reeve/storage"
	"reeve/tui/app"
)

// many is a store of any number of workspaces that are made up as they are asked for. It only lists.
type many struct {
	workspace.Store
	total int
	name  func(i int) string
}

func (s many) row(i int) workspace.Workspace {
	return workspace.Workspace{
		Name: s.name(i), DisplayName: s.name(i), Region: "cn-hangzhou", Mode: workspace.Standard, Template: "all-features", Status: workspace.Normal,
		Owner: s.name(i), Admins: []string{s.name(i), "zoe.park"}, CreatedAt: time.Unix(1775000000, 0), Members: i,
	}
}

func (s many) List(_ context.Context, _ workspace.View, q list.Query) (list.Page[workspace.Workspace], error) {
	first, last := 0, min(q.Size(), s.total)
	switch {
	case q.From == nil && q.Backward:
		first, last = max(0, s.total-q.Size()), s.total
	case q.From != nil && q.Backward:
		first, last = max(0, int(q.From.ID)-q.Size()), int(q.From.ID)
	case q.From != nil:
		first = int(q.From.ID) + 1
		if q.Inclusive {
			first--
		}
		last = min(first+q.Size(), s.total)
	}
	page := list.Page[workspace.Workspace]{Total: s.total, Start: first}
	for i := first; i < last; i++ {
		row := s.row(i)
		row.ID = 1
		page.Items, page.Keys = append(page.Items, row), append(page.Keys, list.Key{ID: int64(i)})
	}
	for i := range page.Items {
		page.Items[i].ID += access.WorkspaceID(first + i)
	}
	return page, nil
}

// Place finds any workspace, and Contents finds nothing in it.
func (s many) Place(_ context.Context, ref control.Ref) (control.Target, error) {
	return control.Target{Region: ref.Region, Workspace: 1, WorkspaceName: ref.Workspace}, nil
}

func (s many) Contents(context.Context, access.WorkspaceID) (workspace.Contents, error) {
	return workspace.Contents{}, nil
}

// listing shows made-up workspaces instead of those of the world.
func (w *world) listing(total int, name func(i int) string) func(*app.Options) {
	w.t.Helper()
	known, err := region.Load(assets.Regions())
	if err != nil {
		w.t.Fatal(err)
	}
	return func(o *app.Options) {
		o.Services.Workspaces = workspace.New(w.gate, many{total: total, name: name}, region.NewOffers(storage.NewRegions(w.db), known), workspace.Near{})
	}
}

func numbered(i int) string { return fmt.Sprintf("warehouse_%07d", i) }

func TestAMillionRowsAreReachedWithTwoKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("root", "cn-hangzhou", w.listing(1_000_000, numbered))
	has(t, d, "warehouse_0000000", "1 / 1 000 000")
	has(t, d.Keys("end"), "warehouse_0999999", "1000000 / 1 000 000")
	has(t, d.Keys("pgup pgup pgup pgup pgup pgup home"), "warehouse_0000000")
}
