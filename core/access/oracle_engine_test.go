package access

import (
	"cmp"
	"reflect"
	"slices"
	"testing"
)

// engineRights is what the prose says of engines, line by line.
func (o oracle) engineRights(ws WorkspaceID, p PrincipalID) []EngineRight {
	who, exists := o.find(p)
	var rights []EngineRight
	for _, w := range o.Workspaces {
		if w.ID != ws || !exists {
			continue
		}
		for _, e := range o.Engines {
			if e.Workspace != ws {
				continue
			}
			if w.Standard {
				rights = append(rights, o.inEnvironment(e, Dev, who)...)
				rights = append(rights, o.inEnvironment(e, Prod, who)...)
			} else {
				rights = append(rights, o.inEnvironment(e, Only, who)...)
			}
		}
	}
	return rights
}

func (o oracle) inEnvironment(e Engine, environment Environment, who Principal) []EngineRight {
	line := EngineRight{Engine: e.ID, Environment: environment}
	identity := e.ProdIdentity
	if environment == Dev {
		identity = e.DevIdentity
	}
	if o.isDisabled(who.ID) {
		line.Note = NoteDisabled
		return []EngineRight{line}
	}
	mayEnter := o.isMember(e.Workspace, who.ID) || o.power(who.ID) != PowerNone
	switch {
	case e.Type == MaxCompute:
		return o.inProject(e, line, who)
	case !mayEnter:
		line.Note = NoteNotMember
	case e.Type == OtherEngine && identity == "":
		line.Note = NoteNoIdentity
	case e.Type == OtherEngine:
		line.Way, line.Account, line.Note = ByIdentity, identity, NoteShared
	default:
		line.Note = NoteNoAccount
		for _, m := range o.AccountMappings {
			if m.Engine == e.ID && m.Principal == who.ID {
				line.Way, line.Account, line.Note = ByAccountMapping, m.Account, NoteNone
			}
		}
	}
	return []EngineRight{line}
}

func (o oracle) inProject(e Engine, line EngineRight, who Principal) []EngineRight {
	var rights []EngineRight
	mapped := func(way EngineWay, role RoleID, code, account string) {
		right := line
		right.Way, right.Role, right.EngineRole, right.Account = way, role, code, account
		right.Note = NoteUnpublished
		for _, r := range o.EngineRoles {
			if r.Code != code {
				continue
			}
			right.Note = NoteNone
			switch line.Environment {
			case Dev:
				right.Grants = r.Dev
			case Prod:
				right.Grants = r.Prod
				if r.Prod == "" {
					right.Note = NoteRequest
				}
			case Only:
				right.Grants = cmp.Or(r.Dev, r.Prod)
			}
		}
		for _, there := range rights {
			if there == right {
				return
			}
		}
		rights = append(rights, right)
	}
	if o.power(who.ID) == PowerAccount {
		mapped(ByRoleMapping, 1, "Project Owner", "")
	}
	seen := map[RoleID]bool{}
	held := o.roles(e.Workspace, who.ID)
	slices.SortFunc(held, func(a, b Role) int { return cmp.Compare(a.ID, b.ID) })
	for _, r := range held {
		if seen[r.ID] {
			continue
		}
		seen[r.ID] = true
		var codes []string
		if r.Kind == Builtin && r.EngineRole != "" {
			codes = append(codes, r.EngineRole)
		}
		for _, m := range o.EngineMappings {
			if m.Engine == e.ID && m.Role == r.ID {
				codes = append(codes, m.EngineRole)
			}
		}
		for _, code := range codes {
			mapped(ByRoleMapping, r.ID, code, "")
		}
		if codes == nil {
			right := line
			right.Role, right.Note = r.ID, NoteUnmapped
			rights = append(rights, right)
		}
	}
	if line.Environment != Dev && e.ProdIdentity != "" && e.ProdIdentity == who.Name && !who.Group {
		mapped(ByIdentity, 0, "Role_Project_Scheduler", who.Name)
	}
	if rights == nil {
		if !o.isMember(e.Workspace, who.ID) {
			line.Note = NoteNotMember
		}
		rights = []EngineRight{line}
	}
	return rights
}

func TestEngineRightsAgreeWithTheProse(t *testing.T) {
	roles := builtins(t)
	lines, ways := 0, map[EngineWay]int{}
	for seed := range 400 {
		st := randomWorld(roles, newRand(seed))
		s, truth := compiled(t, st), oracle{st}
		for _, w := range append(st.Workspaces, Workspace{ID: 77}) {
			for _, p := range append(st.Principals, Principal{ID: 77}) {
				got, want := s.EngineRights(w.ID, p.ID), truth.engineRights(w.ID, p.ID)
				if !reflect.DeepEqual(got, want) {
					t.Fatalf("world %d, workspace %d, %d:\n got %+v\nwant %+v", seed, w.ID, p.ID, got, want)
				}
				for _, right := range got {
					lines++
					ways[right.Way]++
				}
			}
		}
	}
	if len(ways) != 4 || lines < 10_000 {
		t.Errorf("%d lines, ways %v: too few to prove anything", lines, ways)
	}
}

// A workspace administrator has nothing in production by itself, and a module's
// level says nothing of an engine.
func TestAdministratorHasNothingInProduction(t *testing.T) {
	st := grantTo(withTeam(t), admin)
	st.Workspaces[0].Standard = true
	st.EngineRoles = realEngineRoles()
	st.Engines = []Engine{{ID: 1, Workspace: 1, Name: "mc", Type: MaxCompute}}
	got := compiled(t, st).EngineRights(1, ann)
	if len(got) != 2 || got[0].EngineRole != "Role_Project_Admin" || got[0].Grants == "" || got[1].Grants != "" || got[1].Note != NoteRequest {
		t.Errorf("%+v", got)
	}
}

// The account is the owner of a project once, though it holds the owner's role
// as well.
func TestTheOwnerHasARightOnce(t *testing.T) {
	roles := builtins(t)
	owner := roles[slices.IndexFunc(roles, func(r Role) bool { return r.Owner })].ID
	st := withTeam(t)
	st.Principals = append(slices.Clip(st.Principals), Principal{ID: 9001, Name: "root", Power: PowerAccount})
	st.Grants = append(slices.Clip(st.Grants), Grant{ID: 9001, Workspace: 1, Principal: 9001, Role: owner})
	st.Workspaces[0].Standard = true
	st.EngineRoles = realEngineRoles()
	st.Engines = []Engine{{ID: 1, Workspace: 1, Name: "mc", Type: MaxCompute}}
	got := compiled(t, st).EngineRights(1, 9001)
	if len(got) != 2 || got[0].Environment != Dev || got[1].Environment != Prod || got[0].EngineRole != engineOwner {
		t.Errorf("%+v", got)
	}
}

func TestEnginesAreRefused(t *testing.T) {
	base := withTeam(t)
	base.Engines = []Engine{{ID: 1, Workspace: 1, Type: MaxCompute}, {ID: 2, Workspace: 1, Type: EMR}, {ID: 3, Workspace: 2, Type: MaxCompute}}
	if _, err := Compile(base); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*State){
		"twice":             func(st *State) { st.Engines = append(slices.Clip(st.Engines), Engine{ID: 1, Workspace: 1}) },
		"type":              func(st *State) { st.Engines = []Engine{{ID: 1, Workspace: 1, Type: 9}} },
		"built-in role":     func(st *State) { st.EngineMappings = []EngineMapping{{develop, 1, "Admin"}} },
		"other workspace":   func(st *State) { st.EngineMappings = []EngineMapping{{reader, 3, "Admin"}} },
		"no roles there":    func(st *State) { st.EngineMappings = []EngineMapping{{reader, 2, "Admin"}} },
		"to nothing":        func(st *State) { st.EngineMappings = []EngineMapping{{reader, 1, ""}} },
		"no engine":         func(st *State) { st.EngineMappings = []EngineMapping{{reader, 9, "Admin"}} },
		"no role":           func(st *State) { st.EngineMappings = []EngineMapping{{9999, 1, "Admin"}} },
		"account of a role": func(st *State) { st.AccountMappings = []AccountMapping{{1, ann, "x"}} },
		"account of group":  func(st *State) { st.AccountMappings = []AccountMapping{{2, team, "x"}} },
		"two accounts":      func(st *State) { st.AccountMappings = []AccountMapping{{2, ann, "x"}, {2, ann, "y"}} },
		"account nowhere":   func(st *State) { st.AccountMappings = []AccountMapping{{9, ann, "x"}} },
	} {
		st := base
		spoil(&st)
		if _, err := Compile(st); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
