package storage

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/workspace"
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
		if full, err = s.directory.Insert(ctx, directory.User{Name: "max", Kind: directory.RAMUser, CreatedAt: sampleTime}); err == nil {
			full, err = s.directory.AttachFullAccess(ctx, full.ID, 1, sampleTime)
		}
		return err
	})
	s.workspace(t, home, "sales_dw1", zoe.ID)
	s.workspace(t, home, "sales_dw2")
	s.workspace(t, "eu-central-1", "sales_dw3", zoe.ID)
	for _, c := range []struct {
		actor  access.PrincipalID
		only   []string
		region string
		near   []string
	}{
		{zoe.ID, nil, "", []string{"sales_dw1", "sales_dw3"}},
		{zoe.ID, nil, home, []string{"sales_dw1"}},
		{1, nil, "", []string{"sales_dw1", "sales_dw2", "sales_dw3"}},
		{full.ID, nil, home, []string{"sales_dw1", "sales_dw2"}},
		{full.ID, []string{"develop"}, home, nil}, // narrowed, without the power
		{99, nil, "", nil},
	} {
		ctx := control.WithActor(t.Context(), control.Actor{Principal: c.actor, Only: c.only})
		_, err := s.workspaces.Place(ctx, control.Ref{Region: c.region, Workspace: "sales_dw"})
		wantNotFound(t, err, "workspace", c.near...)
	}
	_, err := s.workspaces.Place(t.Context(), control.Ref{Workspace: "sales_dw"})
	wantNotFound(t, err, "workspace")
}

func binKeepsNames(t *testing.T, s stores) {
	zoe := s.user(t, "zoe")
	w := s.workspace(t, home, "sales_dw", zoe.ID)
	s.role(t, w.ID, "reader")
	now, purge := sampleTime, sampleTime.AddDate(0, 0, workspace.BinDays)
	w.RestoresTo, w.Status, w.DeletedAt, w.PurgeAt = workspace.Disabled, workspace.Deleted, &now, &purge
	s.do(t, func(ctx context.Context) error { ok, err := s.workspaces.Update(ctx, w); return wanted(err, ok, true) })
	got, err := s.workspaces.Get(t.Context(), w.ID)
	if err != nil || got.Status != workspace.Deleted || got.RestoresTo != workspace.Disabled || !got.PurgeAt.Equal(purge) {
		t.Errorf("in the bin: %+v %v", got, err)
	}
	_, err = s.workspaces.Place(t.Context(), control.Ref{Workspace: "sales_dw"})
	wantNotFound(t, err, "workspace")
	for at, want := range map[time.Time]bool{purge.Add(-time.Second): true, purge: false} {
		p, err := s.workspaces.BinPlace(t.Context(), control.Ref{Region: home, Workspace: "SALES_dw"}, at)
		use, useErr := s.workspaces.NameUse(t.Context(), home, "Sales_DW", at)
		page, listErr := s.workspaces.List(t.Context(), workspace.View{Bin: true, Now: at}, list.Query{})
		if (err == nil && p.Workspace == w.ID) != want || (use.BinnedUntil != nil) != want || (use.Name == w.Name) != want || (len(page.Items) == 1) != want || errors.Join(useErr, listErr) != nil {
			t.Errorf("at %v: %+v %v, name %+v, %d listed", at, p, err, use, len(page.Items))
		}
	}
	for _, c := range []struct {
		region, name string
		at           time.Time
		want         int
	}{{home, "", purge.Add(-time.Second), 0}, {home, "other", purge, 0}, {"eu-central-1", "", purge, 0}, {home, "Sales_DW", purge, 1}, {home, "", purge, 0}} {
		s.do(t, func(ctx context.Context) error {
			n, err := s.workspaces.Purge(ctx, c.region, c.name, c.at)
			if n != c.want {
				t.Errorf("purged %d of %+v", n, c)
			}
			return err
		})
	}
	if _, err := s.workspaces.Get(t.Context(), w.ID); err == nil {
		t.Error("it is still there")
	}
	state, err := s.questions.AccessState(t.Context(), control.Scope{Workspace: w.ID})
	if err != nil || len(state.Members)+len(state.Grants)+len(state.Workspaces) != 0 || slices.ContainsFunc(state.Roles, func(r access.Role) bool { return r.Kind == access.Custom }) {
		t.Errorf("left behind %+v %v", state, err)
	}
	again := s.workspace(t, home, "sales_dw")
	page, err := s.workspaces.List(t.Context(), workspace.View{}, list.Query{Filter: list.ParseFilter("sales")})
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != again.ID || again.ID == w.ID {
		t.Errorf("the search finds %+v %v", page.Items, err)
	}
}
