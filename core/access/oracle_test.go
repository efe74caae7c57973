package access

import (
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// oracle answers by reading the state from one end to the other for every
// question, as the documentation's prose would have a person do it. It shares
// nothing with the package but the types.
type oracle struct{ State }

// level is what the principal may do on a workspace module.
func (o oracle) level(ws WorkspaceID, p PrincipalID, m Module) Level {
	if o.isDisabled(p) || m < DataIntegration || m > StreamStudio || !o.isOpen(ws) || o.isBarred(p, "Page") {
		return None
	}
	if o.power(p) != PowerNone {
		return Write
	}
	if !o.isMember(ws, p) {
		return None
	}
	best, denied := None, false
	for _, r := range o.roles(ws, p) {
		cell := r.Levels.Get(m)
		if cell > best {
			best = cell
		}
		if r.Kind == Custom && cell == None {
			denied = true
		}
	}
	if denied && o.Policy == Strict {
		return None
	}
	if best > None {
		return best
	}
	if denied {
		return None
	}
	return Read
}

func (o oracle) allowed(q Question) bool {
	if q.Level == Read || q.Level == Write {
		return o.level(q.Workspace, q.Principal, q.Module) >= q.Level
	}
	return false
}

func (o oracle) administers(ws WorkspaceID, p PrincipalID) bool {
	if o.isDisabled(p) || o.isBarred(p, "Page") {
		return false
	}
	for _, r := range o.roles(ws, p) {
		if r.Administers {
			return true
		}
	}
	for _, w := range o.Workspaces {
		if w.ID == ws {
			return o.power(p) != PowerNone
		}
	}
	return false
}

func (o oracle) isOpen(ws WorkspaceID) bool {
	for _, w := range o.Workspaces {
		if w.ID == ws {
			return w.Open
		}
	}
	return false
}

func (o oracle) isMember(ws WorkspaceID, p PrincipalID) bool {
	for _, m := range o.Members {
		if m.Workspace == ws && o.counts(m.Principal, p) {
			return true
		}
	}
	return len(o.roles(ws, p)) > 0
}

// roles are those held by a grant that is not over, repetitions included.
func (o oracle) roles(ws WorkspaceID, p PrincipalID) []Role {
	var held []Role
	for _, g := range o.Grants {
		if g.Workspace != ws || !o.counts(g.Principal, p) || g.Until != 0 && g.Until <= o.Now {
			continue
		}
		for _, r := range o.Roles {
			if r.ID == g.Role {
				held = append(held, r)
			}
		}
	}
	return held
}

// builtins are the real ones.
func builtins(t testing.TB) []Role {
	t.Helper()
	text, err := os.ReadFile("../../assets/roles.yaml")
	if err != nil {
		t.Fatal(err)
	}
	roles, err := LoadBuiltins(text)
	if err != nil {
		t.Fatal(err)
	}
	return roles
}

func compiled(t testing.TB, st State) *Snapshot {
	t.Helper()
	s, err := Compile(st)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const worldNow = 1_000_000

// newRand gives the same numbers for the same seed.
func newRand(seed int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(seed), 7)) //nolint:gosec // tests want repeatable chance
}

// randomWorld is a small state with some of everything: both policies, closed
// workspaces, powers, custom roles with gaps, members without roles, grants
// that are over, end this second, end later, or repeat. Its first roles are the
// given built-in ones.
func randomWorld(builtin []Role, rnd *rand.Rand) State {
	st := State{
		Revision: rnd.Uint64(),
		Now:      worldNow,
		Policy:   Policy(rnd.IntN(2)), //nolint:gosec // 0 or 1
		Roles:    slices.Clone(builtin),
	}
	for i := range 8 {
		p := Principal{ID: PrincipalID(i*3 + 1)}
		if rnd.IntN(6) == 0 {
			p.Power = Power(1 + rnd.IntN(2)) //nolint:gosec // 1 or 2
		}
		p = maybeDisabled(rnd, p)
		st.Principals = append(st.Principals, p)
	}
	for i := range 3 {
		w := Workspace{ID: WorkspaceID(i*5 + 2), Open: rnd.IntN(5) > 0}
		st.Workspaces = append(st.Workspaces, w)
		for j := range 3 {
			st.Roles = append(st.Roles, Role{
				ID: RoleID(1000 + i*10 + j), Kind: Custom, Workspace: w.ID,
				Levels: randomLevels(rnd), Assignable: rnd.IntN(5) > 0, Administers: rnd.IntN(8) == 0,
			})
		}
	}
	// A built-in role with gaps does not exist, but the rule covers it.
	st.Roles = append(st.Roles, Role{ID: 99, Kind: Builtin, Levels: randomLevels(rnd), Assignable: true})
	for range rnd.IntN(12) {
		st.Members = append(st.Members, Member{pick(rnd, st.Workspaces).ID, pick(rnd, st.Principals).ID})
	}
	for range rnd.IntN(40) {
		st.Grants = append(st.Grants, randomGrant(rnd, st))
	}
	return widened(rnd, st)
}

func randomGrant(rnd *rand.Rand, st State) Grant {
	role := pick(rnd, st.Roles)
	if rnd.IntN(2) == 0 { // half of them custom, or the one with gaps
		role = pick(rnd, st.Roles[len(st.Roles)-10:])
	}
	ws := role.Workspace
	if ws == 0 {
		ws = pick(rnd, st.Workspaces).ID
	}
	ends := []int64{0, 0, 0, worldNow - 1, worldNow, worldNow + 1}
	return Grant{
		ID: GrantID(len(st.Grants) + 1), Workspace: ws, Principal: pick(rnd, st.Principals).ID,
		Role: role.ID, By: pick(rnd, st.Principals).ID, At: worldNow - 100, Until: pick(rnd, ends),
	}
}

func randomLevels(rnd *rand.Rand) Levels {
	var levels Levels
	for _, m := range append(WorkspaceModules(), GlobalModules()...) {
		levels = levels.With(m, pick(rnd, []Level{None, None, Read, Write}))
	}
	return levels
}

func pick[T any](rnd *rand.Rand, list []T) T { return list[rnd.IntN(len(list))] }

// everyQuestion calls ask with all questions there are about a state, among
// them those about ids, modules and levels that do not exist.
func everyQuestion(st State, ask func(Question)) {
	principals := append([]Principal{{ID: 77}}, st.Principals...)
	workspaces := append([]Workspace{{ID: 77}}, st.Workspaces...)
	for _, w := range workspaces {
		for _, p := range principals {
			for m := range lastModule + 2 {
				for level := range Write + 2 {
					ask(Question{p.ID, w.ID, m, level})
				}
			}
		}
	}
}
