package storage

import (
	"context"
	"errors"
	"math/rand/v2"

	"reeve/core/access"
	"reeve/core/workspace"
)

// settle gives the new workspaces resource groups of the cloud, tags and settings, from a stream of its own so that the rest
// of the sample stays what it is.
func (w *filler) settle(ctx context.Context, first access.WorkspaceID) error {
	random := rand.New(rand.NewPCG(w.Seed, 2)) // #nosec G404 -- a sample is to be repeatable, not secret
	groups, environments := []string{"default", "default", "rg-analytics", "rg-finance", "rg-lab"}, []string{"prod", "prod", "test", "dev"}
	teams := []string{"sales", "risk", "finance", "platform", "growth"}
	for id := first; id < w.nextID; id++ {
		group, studio := pick(random, groups), random.IntN(2)
		reruns, off := 1+random.IntN(5), random.IntN(15) == 0
		if err := w.change(ctx, "UPDATE workspace SET aliyun_group = ?, new_data_studio = ?, reruns = ?, download_select = ? WHERE id = ?",
			group, studio, reruns, !off, id); err != nil {
			return err
		}
		if random.IntN(40) == 0 {
			if err := w.change(ctx, "UPDATE workspace SET status = ?, resumes_to = status WHERE id = ? AND deleted_at = 0 AND status = 'normal'",
				string(workspace.Overdue), id); err != nil {
				return err
			}
		}
		if err := errors.Join(w.tag(ctx, id, "env", pick(random, environments)), w.tag(ctx, id, "team", pick(random, teams))); err != nil {
			return err
		}
	}
	return nil
}

func (w *filler) tag(ctx context.Context, id access.WorkspaceID, key, value string) error {
	return w.insert(ctx, "workspace_tag (workspace_id, tag, tag_key, value, value_key) VALUES (?, ?, ?, ?, ?)", id, key, key, value, value)
}

func (w *filler) change(ctx context.Context, statement string, args ...any) error {
	_, err := w.tables.db.exec(ctx, "filling the database", statement, args...)
	return err
}
