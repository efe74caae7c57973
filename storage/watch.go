package storage

import (
	"context"
	"database/sql"
	"time"
)

// Watch looks every so often, at most every millisecond, whether any connection of any process has committed since the
// last look, and if so sends on the channel. Several commits may be one signal; none is lost, also when nobody is
// receiving at the moment. Looking writes nothing. The channel is closed, and everything behind it gone, when ctx ends
// or the database is closed.
func (db *DB) Watch(ctx context.Context, every time.Duration) <-chan struct{} {
	ticker := time.NewTicker(max(every, time.Millisecond))
	return db.watch(ctx, ticker.C, ticker.Stop)
}

// watch looks at each tick and calls stop at the end.
func (db *DB) watch(ctx context.Context, ticks <-chan time.Time, stop func()) <-chan struct{} {
	signals := make(chan struct{}, 1)
	eye := &eye{db: db}
	// The first look happens before watch returns: whatever is committed afterwards is new.
	eye.look(ctx)
	db.watchers.Go(func() {
		defer close(signals)
		defer stop()
		defer eye.close()
		for {
			select {
			case <-ctx.Done():
				return
			case <-db.closing:
				return
			case <-ticks:
			}
			if !eye.look(ctx) {
				continue
			}
			select {
			case signals <- struct{}{}:
			default: // the last signal is still waiting and stands for this one too
			}
		}
	})
	return signals
}

// Eye sees whether anything was committed since it looked last; see Watch. It is for one goroutine.
type Eye struct{ eye eye }

// Eye makes one; its first look always reports a change.
func (db *DB) Eye() *Eye { return &Eye{eye{db: db}} }

// Look reports whether something was committed since the last look, at the first and where it cannot tell also.
func (e *Eye) Look(ctx context.Context) bool {
	changed := e.eye.look(ctx)
	return changed || e.eye.conn == nil
}

// Close ends it.
func (e *Eye) Close() { e.eye.close() }

// eye compares the database with what it looked like before. SQLite counts commits for each connection separately, so
// it keeps one of its own.
type eye struct {
	db      *DB
	pool    *sql.DB
	conn    *sql.Conn
	version int64
}

// look reports whether something was committed since the last look. Where it cannot tell it says yes: an unneeded
// refresh is better than a missed one.
func (e *eye) look(ctx context.Context) bool {
	if e.conn == nil && !e.connect(ctx) {
		return false
	}
	var version int64
	if err := e.conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version); err != nil {
		e.close()
		return true
	}
	changed := version != e.version
	e.version = version
	return changed
}

func (e *eye) connect(ctx context.Context) bool {
	p, err := pool(readerDSN(e.db.path, e.db.readOnly), 1)
	if err != nil {
		return false
	}
	conn, err := p.Conn(ctx)
	if err != nil {
		_ = p.Close()
		return false
	}
	e.pool, e.conn, e.version = p, conn, 0
	return true
}

func (e *eye) close() {
	if e.conn == nil {
		return
	}
	_ = e.conn.Close()
	_ = e.pool.Close()
	e.pool, e.conn = nil, nil
}
