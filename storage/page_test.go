package storage

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"reeve/core/access"
	"reeve/core/audit"
	"reeve/core/audit/chain"
	"reeve/core/directory"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/tenantrole"
	"reeve/core/text"
	"reeve/core/workspace"
)

// naive is a list as one would write it without a database: everything in memory, sorted and filtered by looking at each.
type naive[T any] struct {
	all     []T
	id      func(T) int64
	natural list.Sort
	sorts   map[string]func(T) any
	// texts are what a term on a field looks into.
	texts map[string]func(T) []string
	fetch func(list.Query) (list.Page[T], error)
	words []string
}

func (n naive[T]) expected(q list.Query) []T {
	var rows []T
	for _, row := range n.all {
		if n.passes(row, q.Filter) {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b T) int { return n.compare(q.Sort, a, b) })
	return rows
}

func (n naive[T]) passes(row T, f list.Filter) bool {
	for _, term := range f {
		found := slices.ContainsFunc(n.texts[term.Field](row), func(s string) bool {
			return strings.Contains(text.Fold(s), text.Fold(term.Value))
		})
		if found == term.Not {
			return false
		}
	}
	return true
}

func (n naive[T]) compare(s list.Sort, a, b T) int {
	if s.Field == "" {
		s = list.Sort{Field: n.natural.Field, Desc: n.natural.Desc || s.Desc}
	}
	by := n.sorts[s.Field]
	c := cmp.Or(compareValues(by(a), by(b)), cmp.Compare(n.id(a), n.id(b)))
	if s.Desc {
		return -c
	}
	return c
}

func compareValues(a, b any) int {
	if a, ok := a.(string); ok {
		return strings.Compare(a, b.(string))
	}
	return cmp.Compare(a.(int64), b.(int64))
}

// query makes a random one without a position.
func (n naive[T]) query(random *rand.Rand) list.Query {
	var fields, filters []string
	for f := range n.sorts {
		fields = append(fields, f)
	}
	for f := range n.texts {
		filters = append(filters, f)
	}
	slices.Sort(fields)
	slices.Sort(filters)
	q := list.Query{Sort: list.Sort{Field: pick(random, append(fields, "")), Desc: random.IntN(2) == 0}, Limit: pick(random, []int{1, 7, 20, 50, 200}), Count: true}
	for range random.IntN(3) {
		q.Filter = append(q.Filter, list.Term{Field: pick(random, filters), Value: pick(random, n.words), Not: random.IntN(3) == 0})
	}
	return q
}

func (n naive[T]) check(t *testing.T, seed uint64) {
	t.Helper()
	random := seeded(seed)
	matched := 0
	for range 40 {
		q := n.query(random)
		want := n.expected(q)
		matched += len(want)
		name := fmt.Sprintf("filter %q sort %+v limit %d", q.Filter, q.Sort, q.Limit)
		n.walk(t, name+" forward", q, want)
		q.Backward = true
		n.walk(t, name+" backward", q, want)
		n.around(t, name, q, want, random)
	}
	if matched < 300 {
		t.Errorf("only %d rows matched: the test looks at nothing", matched)
	}
}

// walk goes through all pages in one direction.
func (n naive[T]) walk(t *testing.T, name string, q list.Query, want []T) {
	t.Helper()
	var got []T
	for range len(want) + 2 {
		page, err := n.fetch(q)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		start := len(got)
		if q.Backward {
			start = len(want) - len(got) - len(page.Items)
		}
		if page.Total != len(want) || page.Start != start || len(page.Keys) != len(page.Items) {
			t.Fatalf("%s: total %d start %d keys %d, want %d %d %d", name, page.Total, page.Start, len(page.Keys), len(want), start, len(page.Items))
		}
		if q.Backward {
			got = append(slices.Clone(page.Items), got...)
		} else {
			got = append(got, page.Items...)
		}
		if len(page.Items) < q.Limit {
			break
		}
		q.From = &page.Keys[len(page.Keys)-1]
		if q.Backward {
			q.From = &page.Keys[0]
		}
	}
	if !reflect.DeepEqual(n.ids(got), n.ids(want)) {
		t.Fatalf("%s:\n%v, want\n%v", name, n.ids(got), n.ids(want))
	}
	for i := range got {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("%s: a row is\n%+v, want\n%+v", name, got[i], want[i])
		}
	}
}

// around starts at a row in the middle, with it and without it.
func (n naive[T]) around(t *testing.T, name string, q list.Query, want []T, random *rand.Rand) {
	t.Helper()
	if len(want) == 0 {
		return
	}
	q.Backward, q.From, q.Limit, q.Count = false, nil, list.MaxLimit, false
	everything, err := n.fetch(q)
	if err != nil || len(everything.Keys) != len(want) {
		t.Fatalf("%s: %d rows, %v", name, len(everything.Keys), err)
	}
	if everything.Total != -1 || everything.Start != -1 {
		t.Fatalf("%s: counted without being asked", name)
	}
	at := random.IntN(len(want))
	q.From, q.Inclusive = &everything.Keys[at], true
	for _, c := range []struct {
		backward, inclusive bool
		want                []T
	}{{false, true, want[at:]}, {false, false, want[at+1:]}, {true, true, want[:at+1]}, {true, false, want[:at]}} {
		q.Backward, q.Inclusive = c.backward, c.inclusive
		page, err := n.fetch(q)
		if err != nil || !slices.Equal(n.ids(page.Items), n.ids(c.want)) {
			t.Fatalf("%s: from row %d backward %v inclusive %v: %v (%v), want %v", name, at, c.backward, c.inclusive, n.ids(page.Items), err, n.ids(c.want))
		}
	}
}

func (n naive[T]) ids(rows []T) []int64 {
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = n.id(row)
	}
	return ids
}

// everything reads all rows of a list.
func everything[T any](t *testing.T, fetch func(list.Query) (list.Page[T], error)) []T {
	t.Helper()
	page, err := fetch(list.Query{Limit: list.MaxLimit})
	if err != nil || len(page.Items) == 0 || len(page.Items) == list.MaxLimit {
		t.Fatalf("%d rows, %v", len(page.Items), err)
	}
	return page.Items
}

func dayText(seconds int64) string {
	if seconds == 0 {
		return ""
	}
	return moment(seconds).Format("2006-01-02")
}

func workspacePages(t *testing.T, s stores) {
	store := s.workspaces
	joined := access.PrincipalID(7)
	for name, view := range map[string]workspace.View{
		"all": {}, "region": {Region: "cn-hangzhou"}, "joined": {Region: "cn-hangzhou", Joined: joined}, "bin": {Bin: true, Now: sampleTime},
	} {
		t.Run(name, func(t *testing.T) {
			fetch := func(q list.Query) (list.Page[workspace.Workspace], error) { return store.List(t.Context(), view, q) }
			n := naive[workspace.Workspace]{
				all: everything(t, fetch), id: func(w workspace.Workspace) int64 { return int64(w.ID) }, natural: list.Sort{Field: "name"}, fetch: fetch,
				words: []string{"sales", "sal", "AL", "_", "%", "\\", "\"", "仓库", "数据仓", "仓", "DW", "standard", "normal", "a", "m.", "chen", "wei", "2025-0", "2024", "lab_2", "データ"},
				sorts: map[string]func(workspace.Workspace) any{
					"name": func(w workspace.Workspace) any { return text.Fold(w.Name) }, "display_name": func(w workspace.Workspace) any { return text.Fold(w.DisplayName) },
					"mode": func(w workspace.Workspace) any { return string(w.Mode) }, "template": func(w workspace.Workspace) any { return string(w.Template) },
					"status": func(w workspace.Workspace) any { return string(w.Status) }, "owner": func(w workspace.Workspace) any { return text.Fold(w.Owner) },
					"created": func(w workspace.Workspace) any { return w.CreatedAt.Unix() }, "deleted": func(w workspace.Workspace) any { return unixOf(w.DeletedAt) },
					"admin": func(w workspace.Workspace) any {
						return text.Fold(slices.Min(append(slices.Clone(w.Admins[:min(1, len(w.Admins))]), "~")))
					},
				},
				texts: map[string]func(workspace.Workspace) []string{
					"": func(w workspace.Workspace) []string { return []string{w.Name, w.DisplayName} }, "name": func(w workspace.Workspace) []string { return []string{w.Name} },
					"display_name": func(w workspace.Workspace) []string { return []string{w.DisplayName} }, "mode": func(w workspace.Workspace) []string { return []string{string(w.Mode)} },
					"template": func(w workspace.Workspace) []string { return []string{string(w.Template)} }, "status": func(w workspace.Workspace) []string { return []string{string(w.Status)} },
					"owner": func(w workspace.Workspace) []string { return []string{w.Owner} }, "admin": func(w workspace.Workspace) []string { return w.Admins },
					"created": func(w workspace.Workspace) []string { return []string{dayText(w.CreatedAt.Unix())} },
					"deleted": func(w workspace.Workspace) []string { return []string{dayText(unixOf(w.DeletedAt))} },
				},
			}
			n.checkIf(t, len(n.all) > 50)
		})
	}
}

// checkIf checks lists that are long enough to learn from, and walks short ones.
func (n naive[T]) checkIf(t *testing.T, long bool) {
	t.Helper()
	if long {
		n.check(t, 5)
		return
	}
	q := list.Query{Limit: 3, Count: true}
	n.walk(t, "short", q, n.expected(q))
}

func memberPages(t *testing.T, s stores) {
	store, ws := s.members, largest(t, s)
	fetch := func(q list.Query) (list.Page[member.Member], error) { return store.List(t.Context(), ws, q) }
	roleTexts := func(m member.Member) []string {
		var s []string
		for _, r := range m.Roles {
			s = append(s, r.Name, r.Code)
		}
		return s
	}
	naive[member.Member]{
		all: everything(t, fetch), id: func(m member.Member) int64 { return int64(m.Principal) }, natural: list.Sort{Field: "name"}, fetch: fetch,
		words: []string{"a", "chen", "m.", "ram", "active", "disabled", "never", "ROLE", "dev", "Develop", "admin", "base_", "on_call", "_", "%", "2025", "2026-02", "wei", "analyst", "r"},
		sorts: map[string]func(member.Member) any{
			"name": func(m member.Member) any { return text.Fold(m.Name) }, "type": func(m member.Member) any { return m.Kind },
			"status": func(m member.Member) any { return m.Status }, "display_name": func(m member.Member) any { return text.Fold(m.DisplayName) },
			"added": func(m member.Member) any { return m.AddedAt.Unix() }, "active": func(m member.Member) any { return unixOf(m.Active) },
			"role": func(m member.Member) any { return int64(append(m.RoleIDs(), 0)[0]) },
		},
		texts: map[string]func(member.Member) []string{
			"": func(m member.Member) []string { return []string{m.Name} }, "name": func(m member.Member) []string { return []string{m.Name} },
			"type": func(m member.Member) []string { return []string{m.Kind} }, "role": roleTexts,
			"status": func(m member.Member) []string { return []string{m.Status} }, "display_name": func(m member.Member) []string { return []string{m.DisplayName} },
			"added":  func(m member.Member) []string { return []string{dayText(m.AddedAt.Unix())} },
			"active": func(m member.Member) []string { return []string{dayText(unixOf(m.Active))} },
		},
	}.check(t, 6)
}

func userPages(t *testing.T, s stores) {
	fetch := func(q list.Query) (list.Page[directory.User], error) { return s.directory.List(t.Context(), q) }
	n := naive[directory.User]{
		all: everything(t, fetch), id: func(u directory.User) int64 { return int64(u.ID) }, natural: list.Sort{Field: "name"}, fetch: fetch,
		words: []string{"a", "chen", "CHEN.", "m.", "ram", "é", "ÇŞ", "ñ", "李", "山本", "etl_", "2025-1", "Zoé", "ñez", "YŞE"},
		sorts: map[string]func(directory.User) any{
			"name": func(u directory.User) any { return text.Fold(u.Name) }, "display_name": func(u directory.User) any { return text.Fold(u.DisplayName) },
			"type": func(u directory.User) any { return string(u.Kind) }, "created": func(u directory.User) any { return u.CreatedAt.Unix() },
		},
		texts: map[string]func(directory.User) []string{
			"": func(u directory.User) []string { return []string{u.Name, u.DisplayName} }, "name": func(u directory.User) []string { return []string{u.Name} },
			"display_name": func(u directory.User) []string { return []string{u.DisplayName} }, "type": func(u directory.User) []string { return []string{string(u.Kind)} },
			"created": func(u directory.User) []string { return []string{dayText(u.CreatedAt.Unix())} },
		},
	}
	n.check(t, 8)
}

func tenantMemberPages(t *testing.T, s stores) {
	fetch := func(q list.Query) (list.Page[tenantrole.Member], error) {
		return s.tenantRoles.Members(t.Context(), home, sampleTime, q)
	}
	naive[tenantrole.Member]{
		all: everything(t, fetch), id: func(m tenantrole.Member) int64 { return int64(m.Principal) }, natural: list.Sort{Field: "name"}, fetch: fetch,
		words: []string{"a", "chen.", "m.s", "ram", "group", "admin", "Tenant", "map_", "_", "w"},
		sorts: map[string]func(tenantrole.Member) any{
			"name": func(m tenantrole.Member) any { return text.Fold(m.Name) }, "type": func(m tenantrole.Member) any { return m.Kind },
			"role": func(m tenantrole.Member) any {
				if len(m.Roles) == 0 {
					return int64(0)
				}
				return int64(m.Roles[0].ID)
			},
		},
		texts: map[string]func(tenantrole.Member) []string{
			"name": func(m tenantrole.Member) []string { return []string{m.Name} }, "type": func(m tenantrole.Member) []string { return []string{m.Kind} },
			"role": func(m tenantrole.Member) (texts []string) {
				for _, r := range m.Roles {
					texts = append(texts, r.Name, r.Code)
				}
				return texts
			},
		},
	}.check(t, 12)
}

// largest is the workspace with the most members among those with custom roles.
func largest(t *testing.T, s stores) access.WorkspaceID {
	t.Helper()
	var best workspace.Workspace
	for _, w := range everything(t, func(q list.Query) (list.Page[workspace.Workspace], error) {
		return s.workspaces.List(t.Context(), workspace.View{}, q)
	}) {
		c, err := s.workspaces.Contents(t.Context(), w.ID)
		if err != nil {
			t.Fatal(err)
		}
		if c.CustomRoles > 0 && w.Members > best.Members {
			best = w
		}
	}
	return best.ID
}

func auditPages(t *testing.T, s stores) {
	appendEntries(t, s.gate, 300)
	fetch := func(q list.Query) (list.Page[chain.Entry], error) {
		return s.audit.List(t.Context(), audit.View{All: true}, audit.Search{Query: q})
	}
	strs := func(get func(chain.Entry) []string) func(chain.Entry) []string { return get }
	naive[chain.Entry]{
		all: everything(t, fetch), id: func(e chain.Entry) int64 { return e.Seq }, natural: list.Sort{Field: "id", Desc: true}, fetch: fetch,
		words: []string{"a", "zo", "ZOË", "oë", "workspace", "create", "WS_1", "eu", "cn-hang", "denied", "done", "console", "_", "role"},
		sorts: map[string]func(chain.Entry) any{
			"id": func(e chain.Entry) any { return e.Seq }, "at": func(e chain.Entry) any { return e.At.Unix() }, "who": func(e chain.Entry) any { return text.Fold(e.Actor) },
			"what": func(e chain.Entry) any { return e.Action }, "where": func(e chain.Entry) any { return e.Region + "/" + text.Fold(e.Workspace) },
			"target": func(e chain.Entry) any { return text.Fold(e.Target) }, "outcome": func(e chain.Entry) any { return string(e.Outcome) },
			"face": func(e chain.Entry) any { return e.Face }, "request": func(e chain.Entry) any { return e.Request },
		},
		texts: map[string]func(chain.Entry) []string{
			"":    strs(func(e chain.Entry) []string { return []string{e.Actor, e.Action, e.Region, e.Workspace, e.Target} }),
			"who": strs(func(e chain.Entry) []string { return []string{e.Actor} }), "what": strs(func(e chain.Entry) []string { return []string{e.Action, e.Target} }),
			"where": strs(func(e chain.Entry) []string { return []string{e.Region, e.Workspace} }), "target": strs(func(e chain.Entry) []string { return []string{e.Target} }),
			"outcome": strs(func(e chain.Entry) []string { return []string{string(e.Outcome)} }), "face": strs(func(e chain.Entry) []string { return []string{e.Face} }),
			"request": strs(func(e chain.Entry) []string { return []string{e.Request} }), "at": strs(func(e chain.Entry) []string { return []string{dayText(e.At.Unix())} }),
		},
	}.check(t, 9)
}
