package storage

import (
	"context"
	"math/rand/v2"
	"strconv"

	"reeve/core/source"
)

// addSources gives the workspace two data sources. They draw from a stream of their own, so that the rest of the sample is
// the same with them and without them; none was tested, for nothing was reached.
func (w *filler) addSources(ctx context.Context, to equipped) error {
	random := rand.New(rand.NewPCG(w.Seed, uint64(to.id)<<8|5)) // #nosec G404 -- a sample is to be repeatable, not secret
	store := NewSources(w.tables.db)
	for _, s := range []struct {
		name, kind, host, port string
		also                   source.Properties
	}{
		{"orders", "mysql", "orders-db", "3306", source.Properties{"database": "orders", "username": "reader"}},
		{"events", "kafka", "events", "9092", source.Properties{"version": "3.4", "securityProtocol": "authTypeNone"}},
	} {
		id, err := store.Insert(ctx, to.id, s.name, s.kind)
		if err != nil {
			return err
		}
		at := w.At.AddDate(0, 0, -1-random.IntN(300))
		for _, env := range source.Environments() {
			if env == source.Dev && !to.standard {
				continue
			}
			p := s.also.Plus("address", s.host+"-"+string(env)+"-"+strconv.Itoa(1+random.IntN(4))+".internal:"+s.port)
			if err := store.Put(ctx, id, source.Connection{Environment: env, Mode: source.ModeURL, Properties: p, CreatedAt: at, ModifiedAt: at}, w.Owner); err != nil {
				return err
			}
		}
	}
	return nil
}
