// Package storagetest opens a small tenant on a real database, for tests of areas from end to end.
package storagetest

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"reeve/assets"
	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/edition"
	"reeve/core/tenant"
	"reeve/core/workspace"
	"reeve/storage"
)

// Names of what every world has.
const (
	Owner  = "root"         // the account
	Home   = "cn-hangzhou"  // a region with the Enterprise Edition
	Small  = "eu-central-1" // a region with the Basic Edition
	Tenant = "acme"
)

// World is a tenant with its gate. Its clock stands still unless it is moved.
type World struct {
	DB       *storage.DB
	Gate     *control.Gate
	Builtins storage.Builtins
	tb       testing.TB
	now      time.Time
	owner    access.Principal
}

// Open makes a tenant with an owner, two regions and nothing else. It is closed with the test.
func Open(tb testing.TB) *World {
	tb.Helper()
	w := &World{tb: tb, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	var err error
	w.must(func() error { w.Builtins, err = storage.LoadBuiltins(); return err })
	w.must(func() error {
		w.DB, err = storage.Open(context.Background(), storage.Options{Path: filepath.Join(tb.TempDir(), "world.db"), Now: w.Now})
		return err
	})
	tb.Cleanup(func() { w.must(w.DB.Close) })
	acts, err := action.New(action.All())
	w.must(func() error { return err })
	editions, err := edition.Load(assets.Editions())
	w.must(func() error { return err })
	w.Gate = control.New(storage.NewGateStore(w.DB, w.Builtins), acts, editions, control.Seam{Now: w.Now, ID: func() string { return "id" }}, nil)
	w.Write(func(ctx context.Context) error {
		w.owner, err = storage.NewTenants(w.DB).Init(ctx, tenant.Setup{Tenant: Tenant, Owner: Owner, Regions: []tenant.Region{
			{ID: Home, Edition: edition.Enterprise}, {ID: Small, Edition: edition.Basic},
		}}, w.now)
		return err
	})
	return w
}

// Now is the world's time.
func (w *World) Now() time.Time { return w.now }

// Pass moves the clock on.
func (w *World) Pass(d time.Duration) { w.now = w.now.Add(d) }

// Write runs fn in a transaction and ends the test if it fails.
func (w *World) Write(fn func(ctx context.Context) error) {
	w.tb.Helper()
	w.must(func() error { return w.DB.Write(context.Background(), fn) })
}

func (w *World) must(fn func() error) {
	w.tb.Helper()
	if err := fn(); err != nil {
		w.tb.Fatal(err)
	}
}

// Users adds RAM users.
func (w *World) Users(names ...string) {
	w.tb.Helper()
	w.Write(func(ctx context.Context) error {
		for _, name := range names {
			u := directory.User{Name: name, Kind: directory.RAMUser, CreatedAt: w.now, Version: 1}
			if _, err := storage.NewDirectory(w.DB).Insert(ctx, u); err != nil {
				return err
			}
		}
		return nil
	})
}

// Crowd adds as many RAM users as come from a large directory, in one go.
func (w *World) Crowd(names ...string) {
	w.tb.Helper()
	owner := w.ID(Owner)
	w.Write(func(ctx context.Context) error {
		store := storage.NewDirectory(w.DB)
		src, err := store.InsertSource(ctx, directory.Source{Name: "crowd", CreatedAt: w.now, CreatedBy: Owner})
		if err != nil {
			return err
		}
		var p directory.Plan
		for _, name := range names {
			p.Add = append(p.Add, directory.Entry{ID: name, Name: name})
		}
		_, err = store.ApplyPlan(ctx, src, p, nil, owner, w.now)
		return err
	})
}

// Group adds a user group with members.
func (w *World) Group(name string, members ...string) {
	w.tb.Helper()
	var ids []access.PrincipalID
	for _, m := range members {
		ids = append(ids, w.ID(m))
	}
	w.Write(func(ctx context.Context) error {
		users := storage.NewDirectory(w.DB)
		g, err := users.Insert(ctx, directory.User{Name: name, Kind: directory.UserGroup, CreatedAt: w.now, Version: 1})
		if err != nil {
			return err
		}
		_, err = users.SetGroupMembers(ctx, g.ID, ids, nil, w.owner.ID, w.now, g.Version)
		return err
	})
}

// ID is the id of a principal.
func (w *World) ID(name string) access.PrincipalID {
	w.tb.Helper()
	var p access.Principal
	w.must(func() (err error) {
		p, err = storage.NewDirectory(w.DB).Named(context.Background(), name)
		return err
	})
	return p.ID
}

// Workspace adds a workspace of the simple mode in Home and returns how it is named; admins administer it.
func (w *World) Workspace(name string, admins ...string) control.Ref {
	w.tb.Helper()
	var ids []access.PrincipalID
	for _, a := range admins {
		ids = append(ids, w.ID(a))
	}
	w.Write(func(ctx context.Context) error {
		_, err := storage.NewWorkspaces(w.DB).Insert(ctx, workspace.Workspace{Region: Home, Name: name, DisplayName: name, Mode: workspace.Simple,
			Template: workspace.AllFeatures, Status: workspace.Normal, CreatedAt: w.now, Version: 1}, w.owner.ID, ids, w.owner.ID)
		return err
	})
	return control.Ref{Region: Home, Workspace: name}
}

// As is a context in which somebody asks.
func (w *World) As(name string) context.Context {
	w.tb.Helper()
	return control.WithActor(context.Background(), control.Actor{Principal: w.ID(name), Name: name, Face: control.FaceCommand})
}
