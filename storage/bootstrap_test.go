package storage

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"reeve/core/bootstrap"
	"reeve/core/fault"
	"reeve/core/message"
)

func runLife(t *testing.T, s stores) {
	zoe := s.user(t, "zoe")
	spec := bootstrap.Spec{Region: home, Workspace: bootstrap.Workspace{Name: "sales_dw", Admins: []string{"zoe"}}, Members: []bootstrap.Member{{User: "zoe", Roles: []string{"develop"}}},
		Source: &bootstrap.Source{Name: "crm", Type: "mysql", Prod: map[string]string{"address": "a:1"}}}
	steps := []bootstrap.Progress{{Step: bootstrap.Step{ID: "workspace", Kind: bootstrap.KindWorkspace, Part: 1, Name: "sales_dw"}, State: bootstrap.Pending},
		{Step: bootstrap.Step{ID: "member/zoe", Kind: bootstrap.KindMember, Part: 3, Name: "zoe"}, State: bootstrap.Pending}}
	var made bootstrap.Run
	s.do(t, func(ctx context.Context) (err error) {
		made, err = s.runs.Insert(ctx, bootstrap.Run{Spec: spec, Steps: steps, CreatedAt: sampleTime, ModifiedAt: sampleTime}, zoe.ID)
		return err
	})
	if made.ID == 0 || made.Version != 1 || made.Edition != 1 || made.CreatedBy != "zoe" || !reflect.DeepEqual(made.Spec, spec) || !reflect.DeepEqual(made.Steps, steps) {
		t.Errorf("made %+v", made)
	}
	said := []message.Text{{ID: "fault.invalid.one", Args: message.Args{"Field": "name", "What": message.Text{ID: "x", Args: message.Args{"N": 7}}}},
		{ID: "list.joined", Args: message.Args{"Items": []message.Text{{ID: "a"}, {ID: "b"}}}}}
	noted := steps[1]
	noted.State, noted.Problem, noted.Said, noted.At = bootstrap.Failed, fault.KindDenied, said, sampleTime.Add(time.Hour)
	s.do(t, func(ctx context.Context) error {
		stale, err1 := s.runs.Note(ctx, made.ID, noted, 2)
		ok, err2 := s.runs.Note(ctx, made.ID, noted, 1)
		if stale || !ok {
			t.Errorf("a stale version %v, the current one %v", stale, ok)
		}
		return errors.Join(err1, err2)
	})
	got, err := s.runs.Get(t.Context(), made.ID)
	if err != nil || got.Version != 2 || !got.ModifiedAt.Equal(noted.At) || !reflect.DeepEqual(got.Steps, []bootstrap.Progress{steps[0], noted}) {
		t.Errorf("noted %+v (%v)", got, err)
	}
	got.Spec.Members, got.Steps, got.Edition = nil, steps[:1], 2
	s.do(t, func(ctx context.Context) error {
		ok, err := s.runs.Replace(ctx, got)
		return wanted(err, ok, true)
	})
	again, err := s.runs.List(t.Context(), home)
	if err != nil || len(again) != 1 || again[0].Version != 3 || again[0].Edition != 2 || len(again[0].Steps) != 1 || again[0].Spec.Members != nil {
		t.Errorf("replaced %+v (%v)", again, err)
	}
	if other, err := s.runs.List(t.Context(), "eu-central-1"); err != nil || len(other) != 0 {
		t.Errorf("in another region %+v (%v)", other, err)
	}
	if at, err := s.runs.Where(t.Context(), made.ID); err != nil || at.Region != home || at.Name != "sales_dw#1" {
		t.Errorf("it is at %+v (%v)", at, err)
	}
	s.do(t, func(ctx context.Context) error {
		ok, err := s.runs.Delete(ctx, made.ID, 3)
		return wanted(err, ok, true)
	})
	_, err = s.runs.Where(t.Context(), made.ID)
	wantNotFound(t, err, "bootstrap")
	_, err = s.runs.Get(t.Context(), made.ID)
	wantNotFound(t, err, "bootstrap")
}
