package storage

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"reeve/core/source"
)

func sourceLife(t *testing.T, s stores) {
	w, other := s.workspace(t, home, "sales_dw"), s.workspace(t, home, "other")
	zoe := s.user(t, "zoe")
	later := sampleTime.Add(time.Hour)
	var id uint32
	s.do(t, func(ctx context.Context) (err error) {
		if _, err := s.sources.Insert(ctx, other.ID, "Crm", "mysql"); err != nil {
			return err
		}
		id, err = s.sources.Insert(ctx, w.ID, "Crm", "mysql")
		first := source.Connection{Environment: source.Prod, Mode: "url", Properties: source.Properties{"address": "a:1"}, CreatedAt: sampleTime, ModifiedAt: sampleTime}
		second := source.Connection{Environment: source.Dev, Mode: "url", Properties: source.Properties{}, Description: "d", CreatedAt: sampleTime, ModifiedAt: sampleTime}
		return errors.Join(err, s.sources.Put(ctx, id, first, 1), s.sources.Put(ctx, id, second, 1))
	})
	if err := s.gate.Write(t.Context(), func(ctx context.Context) error { _, err := s.sources.Insert(ctx, w.ID, "CRM", "ftp"); return err }); err == nil {
		t.Error("a name was taken twice")
	}
	test := source.Test{At: later, By: "zoe", Connected: true, Stages: []source.Stage{{Name: "resolve", Target: "a", OK: true, Evidence: "10.0.0.1", Milliseconds: 3}}}
	s.do(t, func(ctx context.Context) error {
		stale, err1 := s.sources.Raise(ctx, id, 2)
		ok, err2 := s.sources.Raise(ctx, id, 1)
		if stale || !ok {
			t.Errorf("a stale version %v, the current one %v", stale, ok)
		}
		return errors.Join(err1, err2, s.sources.SaveTest(ctx, id, source.Prod, test, zoe.ID), s.sources.SaveTest(ctx, id, source.Dev, test, zoe.ID),
			s.sources.Put(ctx, id, source.Connection{Environment: source.Dev, Mode: "url", Properties: source.Properties{"database": "x"}, CreatedAt: later, ModifiedAt: later}, zoe.ID))
	})
	want := []source.Source{{ID: id, Name: "Crm", Type: "mysql", Version: 2, Connections: []source.Connection{
		{Environment: source.Dev, Mode: "url", Properties: source.Properties{"database": "x"}, CreatedAt: sampleTime, CreatedBy: "acme", ModifiedAt: later, ModifiedBy: "zoe"},
		{Environment: source.Prod, Mode: "url", Properties: source.Properties{"address": "a:1"}, CreatedAt: sampleTime, CreatedBy: "acme", ModifiedAt: sampleTime, ModifiedBy: "acme", Tested: &test},
	}}}
	if got, err := s.sources.List(t.Context(), w.ID); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("listed %+v, want %+v (%v)", got, want, err)
	}
	if standard, err := s.sources.Standard(t.Context(), w.ID); err != nil || standard {
		t.Errorf("a simple workspace is of standard mode: %v (%v)", standard, err)
	}
	s.do(t, func(ctx context.Context) error {
		err1 := s.sources.Drop(ctx, id, source.Dev)
		stale, err2 := s.sources.Delete(ctx, id, 1)
		return errors.Join(err1, wanted(err2, stale, false))
	})
	if got, err := s.sources.List(t.Context(), w.ID); err != nil || len(got) != 1 || len(got[0].Connections) != 1 {
		t.Errorf("after dropping one connection: %+v (%v)", got, err)
	}
	s.do(t, func(ctx context.Context) error {
		ok, err := s.sources.Delete(ctx, id, 2)
		return wanted(err, ok, true)
	})
	if got, err := s.sources.List(t.Context(), w.ID); err != nil || len(got) != 0 {
		t.Errorf("after deleting it: %+v (%v)", got, err)
	}
	if got, err := s.sources.List(t.Context(), other.ID); err != nil || len(got) != 1 {
		t.Errorf("the one beside it: %+v (%v)", got, err)
	}
}
