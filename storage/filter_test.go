package storage

import (
	"context"
	"maps"
	"slices"
	"testing"

	"reeve/core/access"
	"reeve/core/directory"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/text"
)

// filtersAgree holds every filter of lists of people against looking at each row, whatever way the store takes to what it finds: with names
// that mean something to SQL, wide ones, people who vanished from where they came, and words that nothing or everything has.
func filtersAgree(t *testing.T, s stores) {
	var ids []access.PrincipalID
	for _, p := range []struct {
		name, display, email string
		kind                 directory.Kind
	}{
		{"al", "李 小龙", "al@example.com", directory.RAMUser}, {"50%off", "Fifty % off", "", directory.RAMUser},
		{"a_b", `back\slash`, "a_b@example.com", directory.RAMUser}, {"axb", `quo"te's`, "", directory.RAMUser},
		{"Zoë", "ZOË ÇELİK", "zoe@böse.example", directory.RAMUser}, {"데이터", "데이터 분석", "", directory.RAMUser},
		{"e\u0301tude", "Étude", "", directory.RAMUser}, {"robot", "活動", "", directory.RAMRole}, {"active", "disabled", "vanished@example.com", directory.RAMRole},
		{"team", "active", "", directory.UserGroup}, {"ram-role", "group", "", directory.UserGroup}, {"o'hara", "* OR 1=1 --", "", directory.RAMUser},
	} {
		s.do(t, func(ctx context.Context) error {
			u, err := s.directory.Insert(ctx, directory.User{Name: p.name, DisplayName: p.display, Kind: p.kind, CreatedAt: sampleTime})
			if err == nil && p.email != "" {
				ok, err := s.directory.SetContact(ctx, u.ID, directory.Contact{Email: p.email}, u.Version)
				if err := wanted(err, ok, true); err != nil {
					return err
				}
			}
			ids = append(ids, u.ID)
			return err
		})
	}
	s.do(t, func(ctx context.Context) error { return s.directory.SetDisabled(ctx, ids[3], sampleTime) })
	ids = append(ids, vanishingPeople(t, s)...)
	w := s.workspace(t, home, "sales_dw")
	for _, id := range ids[1:] {
		s.add(t, w.ID, id, 2)
	}
	words := []string{
		"a", "al", "AL", "a_", "_", "%", "50%", `\`, `k\s`, `"`, `"t`, "'", "o'", "李", "李 小", "小龙", "Ë", "oë", "çel", "데", "데이", "이터 분", "é", "e\u0301", "é",
		"active", "act", "disabled", "dis", "vanished", "VAN", "e", "ed", "ram", "ram-user", "ram-role", "r", "group", "account", "ou", "user", "*", "OR 1=1",
		"nobody-is-called-this", "qq", "@", "example", "corp", "gone", "--", "NOT", "(", "a b",
	}
	everybody := func(q list.Query) (list.Page[directory.User], error) { return s.directory.List(t.Context(), q) }
	eachFilter(t, naive[directory.User]{
		all: everything(t, everybody), id: func(u directory.User) int64 { return int64(u.ID) }, natural: list.Sort{Field: "name"}, fetch: everybody, words: words,
		sorts: map[string]func(directory.User) any{"name": func(u directory.User) any { return text.Fold(u.Name) }, "status": func(u directory.User) any { return string(u.Status) }},
		texts: map[string]func(directory.User) []string{
			"":     func(u directory.User) []string { return []string{u.Name, u.DisplayName, u.Email} },
			"name": func(u directory.User) []string { return []string{u.Name} }, "display_name": func(u directory.User) []string { return []string{u.DisplayName} },
			"email": func(u directory.User) []string { return []string{u.Email} }, "type": func(u directory.User) []string { return []string{string(u.Kind)} },
			"status": func(u directory.User) []string { return []string{string(u.Status)} },
		},
	})
	members := func(q list.Query) (list.Page[member.Member], error) { return s.members.List(t.Context(), w.ID, q) }
	eachFilter(t, naive[member.Member]{
		all: everything(t, members), id: func(m member.Member) int64 { return int64(m.Principal) }, natural: list.Sort{Field: "name"}, fetch: members, words: words,
		sorts: map[string]func(member.Member) any{
			"name": func(m member.Member) any { return text.Fold(m.Name) }, "status": func(m member.Member) any { return m.Status },
			"type": func(m member.Member) any { return m.Kind },
		},
		texts: map[string]func(member.Member) []string{
			"": func(m member.Member) []string { return []string{m.Name} }, "name": func(m member.Member) []string { return []string{m.Name} },
			"display_name": func(m member.Member) []string { return []string{m.DisplayName} }, "type": func(m member.Member) []string { return []string{m.Kind} },
			"status": func(m member.Member) []string { return []string{m.Status} },
		},
	})
	empty := s.workspace(t, home, "nobody_here")
	candidates := func(q list.Query) (list.Page[member.Candidate], error) {
		return s.members.Candidates(t.Context(), empty.ID, q)
	}
	eachFilter(t, naive[member.Candidate]{
		all: everything(t, candidates), id: func(c member.Candidate) int64 { return int64(c.ID) }, natural: list.Sort{Field: "name"}, fetch: candidates, words: words,
		sorts: map[string]func(member.Candidate) any{"name": func(c member.Candidate) any { return text.Fold(c.Name) }, "status": func(c member.Candidate) any { return c.Status }},
		texts: map[string]func(member.Candidate) []string{
			"":     func(c member.Candidate) []string { return []string{c.Name, c.DisplayName, c.Email} },
			"name": func(c member.Candidate) []string { return []string{c.Name} }, "type": func(c member.Candidate) []string { return []string{c.Kind} },
			"status": func(c member.Candidate) []string { return []string{c.Status} },
		},
	})
	sourcesAreFound(t, everybody)
}

// vanishingPeople makes three people of a source, of whom the last is no longer in it.
func vanishingPeople(t *testing.T, s stores) (ids []access.PrincipalID) {
	t.Helper()
	store := s.directory.(Directory)
	s.do(t, func(ctx context.Context) error {
		src, err := store.InsertSource(ctx, directory.Source{Name: "corp_50%", Settings: directory.Settings{URL: "ldaps://ldap.example.com"}, CreatedAt: sampleTime, CreatedBy: "acme"})
		if err != nil {
			return err
		}
		add := directory.Plan{Add: []directory.Entry{{ID: "1", Name: "corp.chen", DisplayName: "Chen"}, {ID: "2", Name: "corp.off", Disabled: true}, {ID: "3", Name: "corp.gone"}}}
		ok, err := store.ApplyPlan(ctx, src, add, nil, 1, sampleTime)
		if err := wanted(err, ok, true); err != nil {
			return err
		}
		st, err := store.Stand(ctx, src.ID)
		if err != nil {
			return err
		}
		for _, k := range st.Known {
			ids = append(ids, k.ID)
		}
		if src, err = store.Source(ctx, src.Name); err != nil {
			return err
		}
		ok, err = store.ApplyPlan(ctx, src, directory.Plan{Vanish: st.Known[2:]}, nil, 1, sampleTime)
		return wanted(err, ok, true)
	})
	return ids
}

// eachFilter asks for each word in each field, as it is, negated, and together with another that is negated, in all orders by turns.
func eachFilter[T any](t *testing.T, n naive[T]) {
	t.Helper()
	sorts := slices.Sorted(maps.Keys(n.sorts))
	for field := range n.texts {
		for i, word := range n.words {
			other := list.Term{Field: field, Value: n.words[(i+7)%len(n.words)], Not: true}
			for _, filter := range []list.Filter{{{Field: field, Value: word}}, {{Field: field, Value: word, Not: true}}, {{Field: field, Value: word}, other}} {
				by := sorts[i%len(sorts)]
				q := list.Query{Filter: filter, Sort: list.Sort{Field: by, Desc: i%2 == 0}, Limit: 8, Count: true}
				n.walk(t, filter.String()+" by "+by, q, n.expected(q))
			}
		}
	}
}

// sourcesAreFound: a part of a source's name finds who came from it, and the beginning of local whoever was made here.
func sourcesAreFound(t *testing.T, fetch func(list.Query) (list.Page[directory.User], error)) {
	t.Helper()
	total := func(filter string) int {
		page, err := fetch(list.Query{Filter: list.ParseFilter(filter), Count: true})
		if err != nil || page.Total != len(page.Items) {
			t.Errorf("%s: %d of %d, %v", filter, len(page.Items), page.Total, err)
		}
		return page.Total
	}
	everybody := total("")
	for filter, want := range map[string]int{
		"source:corp": 3, "source:_50%": 3, "source:%": 3, "source:x": 0, "!source:x": everybody, "source:local": everybody - 3, "source:lo": everybody - 3,
		"!source:local": 3, "!source:corp": everybody - 3, "source:corp status:vanished": 1, "source:corp !status:active": 2, "source:c_r": 0,
	} {
		if got := total(filter); got != want {
			t.Errorf("%s finds %d, want %d", filter, got, want)
		}
	}
	if page, err := fetch(list.Query{Filter: list.ParseFilter("source:corp status:vanished")}); err != nil || !slices.Equal(names(page.Items), []string{"corp.gone"}) {
		t.Errorf("vanished are %v %v", names(page.Items), err)
	}
}

func names(users []directory.User) (list []string) {
	for _, u := range users {
		list = append(list, u.Name)
	}
	return list
}
