package storage

import (
	"context"
	"math/rand/v2"

	"reeve/core/member"
)

// reviewedAtMost bounds what a review of the sample is about.
const reviewedAtMost = 40

// addReviews gives the workspace a review that is finished and one that is under way, about what the sample did not use. They draw
// from a stream of their own, so that the rest of the sample is the same with them and without them.
func (w *filler) addReviews(ctx context.Context, to equipped) error {
	random := rand.New(rand.NewPCG(w.Seed, uint64(to.id)<<8|6)) // #nosec G404 -- a sample is to be repeatable, not secret
	store := NewMembers(w.tables.db, w.Builtins)
	for _, r := range []struct {
		days, ago int
		finished  bool
	}{{180, 40, true}, {30, 3, false}} {
		at := w.At.AddDate(0, 0, -r.ago)
		found, err := store.Dormant(ctx, to.id, at.AddDate(0, 0, -r.days))
		if err != nil || len(found) == 0 {
			return err
		}
		found = found[:min(len(found), reviewedAtMost)]
		id, err := store.StartReview(ctx, to.id, r.days, found, w.Owner, at)
		if err != nil {
			return err
		}
		for i := range found {
			if !r.finished && random.IntN(3) != 0 {
				continue
			}
			if err := store.Decide(ctx, id, member.Verdict{Number: i + 1, Decision: member.Keep}, w.Owner, at.AddDate(0, 0, 1)); err != nil {
				return err
			}
		}
	}
	return nil
}
