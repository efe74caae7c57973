package storage

import (
	"context"
	"slices"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/list"
)

func TestSpansOfTime(t *testing.T) {
	at := func(year int, month time.Month, day int) int64 {
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()
	}
	for word, want := range map[string][2]int64{
		"2026-01..2026-03":       {at(2026, 1, 1), at(2026, 4, 1)},
		"2026-03-05..2026-03-05": {at(2026, 3, 5), at(2026, 3, 6)},
		"..2026":                 {1, at(2027, 1, 1)},
		"2026-02..":              {at(2026, 2, 1), farAway},
		"..":                     {1, farAway},
		"<2026-03-01":            {1, at(2026, 3, 1)},
		"<=2026-03-01":           {1, at(2026, 3, 2)},
		">2026-02":               {at(2026, 3, 1), farAway},
		">=2024-02-29":           {at(2024, 2, 29), farAway},
		// Dates that are none find nothing.
		">2025-02-29": {}, "<": {}, "2026-13..": {}, "..soon": {}, ">=26": {},
	} {
		from, to, is := span(word)
		if !is || from != want[0] || to != want[1] {
			t.Errorf("%s is from %d to %d, %v; want %d", word, from, to, is, want)
		}
	}
	if from, to, _ := span("2026-03..2026-01"); from != to {
		t.Errorf("a span that ends before it begins is from %d to %d", from, to)
	}
	for _, word := range []string{"2026", "2026-03", "never", "x", ""} {
		if _, _, is := span(word); is {
			t.Errorf("%q is a span", word)
		}
	}
}

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
