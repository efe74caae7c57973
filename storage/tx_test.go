package storage

import (
	"context"
	"errors"
	"testing"
)

func TestWriteCommitsOrUndoes(t *testing.T) {
	db := openNew(t)
	own := errors.New("own")
	err := db.Write(t.Context(), func(ctx context.Context) error {
		if err := insert(ctx, db, 1, "x"); err != nil {
			return err
		}
		if n, err := count(ctx, db); err != nil || n != 1 {
			t.Errorf("a write sees %d of its own entries (%v)", n, err)
		}
		wantCount(t, db, 0) //nolint:contextcheck // looks from outside the transaction
		return own
	})
	if !errors.Is(err, own) {
		t.Errorf("the error became %v", err)
	}
	wantCount(t, db, 0)
	write(t, db, 1)
	wantCount(t, db, 1)
}

func TestWriteUndoesOnPanic(t *testing.T) {
	db := openNew(t)
	func() {
		defer func() {
			if recover() != "oh" {
				t.Error("the panic was swallowed")
			}
		}()
		_ = db.Write(t.Context(), func(ctx context.Context) error {
			if err := insert(ctx, db, 1, "x"); err != nil {
				t.Error(err)
			}
			panic("oh")
		})
	}()
	wantCount(t, db, 0)
	write(t, db, 1)
}

func TestWriteUndoesWhenTheContextEnds(t *testing.T) {
	db := openNew(t)
	for name, after := range map[string]func(context.Context) error{
		"then returns":   func(context.Context) error { return nil },
		"then goes on":   func(ctx context.Context) error { return insert(ctx, db, 2, "y") },
		"goes on anyway": func(ctx context.Context) error { return insert(context.WithoutCancel(ctx), db, 2, "y") },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		err := db.Write(ctx, func(ctx context.Context) error {
			if err := insert(ctx, db, 1, "x"); err != nil {
				return err
			}
			cancel()
			return after(ctx)
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: the error is %v", name, err)
		}
		wantCount(t, db, 0)
	}
}

func TestNestedTransactions(t *testing.T) {
	db, other := openNew(t), openNew(t)
	nothing := func(context.Context) error { return nil }
	outer := map[string]func(context.Context, func(context.Context) error) error{"Write": db.Write, "Read": db.Read}
	for name, do := range outer {
		err := do(t.Context(), func(ctx context.Context) error { return db.Write(ctx, nothing) })
		if !errors.Is(err, ErrNested) {
			t.Errorf("Write in %s: %v", name, err)
		}
		err = do(t.Context(), func(ctx context.Context) error {
			tx := db.transaction(ctx)
			return db.Read(ctx, func(ctx context.Context) error {
				if db.transaction(ctx) != tx {
					t.Errorf("Read in %s begins a transaction of its own", name)
				}
				return other.Write(ctx, nothing)
			})
		})
		if err != nil {
			t.Errorf("Read and another database's Write in %s: %v", name, err)
		}
	}
}

func TestReadSeesOneView(t *testing.T) {
	db := openNew(t)
	write(t, db, 1)
	err := db.Read(t.Context(), func(ctx context.Context) error {
		for i := range 2 {
			if n, err := count(ctx, db); err != nil || n != 1 {
				t.Errorf("look %d sees %d entries (%v)", i, n, err)
			}
			write(t, db, 2+i) //nolint:contextcheck // another transaction on purpose
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	wantCount(t, db, 3)
}

func TestChangeOutsideWriteIsRefused(t *testing.T) {
	db := openNew(t)
	wantProblem(t, db.fail("inserting", insert(t.Context(), db, 1, "x")), ReadOnly)
	wantCount(t, db, 0)
}
