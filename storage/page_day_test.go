package storage

import (
	"context"
	"slices"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/list"
)

func TestMembersByWhenTheyWereActive(t *testing.T) {
	s := openStores(t)
	w := s.workspace(t, home, "sales_dw")
	for name, active := range map[string]time.Time{"amy": {}, "bo": sampleTime, "cy": sampleTime.AddDate(0, 0, 40)} {
		u := s.user(t, name)
		s.add(t, w.ID, u.ID)
		if !active.IsZero() {
			s.used(t, w.ID, u.ID, active)
		}
	}
	day := func(days int) string { return sampleTime.AddDate(0, 0, days).Format(time.DateOnly) }
	for filter, want := range map[string][]string{
		"active:never": {"amy"}, "!active:never": {"bo", "cy"}, "active:<" + day(1): {"bo"}, "active:<" + day(0): nil, "active:<=" + day(0): {"bo"},
		"active:>" + day(0): {"cy"}, "!active:>" + day(0): {"amy", "bo"}, "active:" + day(0) + ".." + day(40): {"bo", "cy"}, "active:" + day(1) + "..": {"cy"},
		"active:>=2026-02-31": nil, "active:" + day(0): {"bo"}, "status:active": {"amy", "bo", "cy"}, "status:vanished": nil,
	} {
		page, err := s.members.List(t.Context(), w.ID, list.Query{Filter: list.ParseFilter(filter), Count: true})
		var got []string
		for _, m := range page.Items {
			if m.Name != "acme" { // who made the workspace
				got = append(got, m.Name)
			}
		}
		if err != nil || !slices.Equal(got, want) || page.Total != len(page.Items) {
			t.Errorf("%s finds %v of %d, %v; want %v", filter, got, page.Total, err, want)
		}
	}
}

func (s stores) used(t *testing.T, ws access.WorkspaceID, p access.PrincipalID, at time.Time) {
	t.Helper()
	members, _ := s.members.(Members)
	uses := NewUses(members.db)
	if err := uses.db.Write(t.Context(), func(ctx context.Context) error { return uses.Note(ctx, ws, p, at, at, at) }); err != nil {
		t.Fatal(err)
	}
}
