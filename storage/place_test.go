package storage

import (
	"context"
	"errors"
	"testing"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/fault"
)

func placesAreFound(t *testing.T, s stores) {
	here, there := s.workspace(t, home, "Sales_DW"), s.workspace(t, "eu-central-1", "sales_dw")
	single := s.workspace(t, home, "risk_ods")
	for ref, want := range map[control.Ref]access.WorkspaceID{
		{Region: home, Workspace: " SALES_dw "}:         here.ID,
		{Region: "eu-central-1", Workspace: "sales_dw"}: there.ID,
		{Workspace: "risk_ods"}:                         single.ID,
		{Region: "CN-Hangzhou", Workspace: "Risk_ODS"}:  single.ID,
	} {
		p, err := s.questions.Place(t.Context(), ref)
		if err != nil || p.Workspace != want {
			t.Errorf("%+v is %+v (%v), want %d", ref, p, err, want)
		}
	}
	p, err := s.members.Place(t.Context(), control.Ref{Workspace: "risk_ods"})
	if err != nil || p.Region != home || p.WorkspaceName != "risk_ods" || p.Kind != "" {
		t.Errorf("found %+v %v", p, err)
	}
	_, err = s.roles.Place(t.Context(), control.Ref{Workspace: "sales_dw"})
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) || invalid.Fields[0].Name != "region" || invalid.Fields[0].Text.Args["Regions"] != home+", eu-central-1" {
		t.Errorf("several regions: %v", err)
	}
	_, err = s.roles.Place(t.Context(), control.Ref{Region: "eu-central-1", Workspace: "risk_ods"})
	wantNotFound(t, err, "workspace")
}

func nearNamesDoNotLeak(t *testing.T, s stores) {
	zoe := s.user(t, "zoe")
	var full directory.User
	s.do(t, func(ctx context.Context) (err error) {
		full, err = s.directory.Insert(ctx, directory.User{Name: "max", Kind: directory.RAMUser, FullAccess: true, CreatedAt: sampleTime})
		return err
	})
	s.workspace(t, home, "sales_dw1", zoe.ID)
	s.workspace(t, home, "sales_dw2")
	s.workspace(t, "eu-central-1", "sales_dw3", zoe.ID)
	for _, c := range []struct {
		actor  access.PrincipalID
		region string
		near   []string
	}{
		{zoe.ID, "", []string{"sales_dw1", "sales_dw3"}},
		{zoe.ID, home, []string{"sales_dw1"}},
		{1, "", []string{"sales_dw1", "sales_dw2", "sales_dw3"}},
		{full.ID, home, []string{"sales_dw1", "sales_dw2"}},
		{99, "", nil},
	} {
		ctx := control.WithActor(t.Context(), control.Actor{Principal: c.actor})
		_, err := s.workspaces.Place(ctx, control.Ref{Region: c.region, Workspace: "sales_dw"})
		wantNotFound(t, err, "workspace", c.near...)
	}
	_, err := s.workspaces.Place(t.Context(), control.Ref{Workspace: "sales_dw"})
	wantNotFound(t, err, "workspace")
}
