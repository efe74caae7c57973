package access

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
)

// must is the value of a loader that may not fail here.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func readAsset(name string) []byte {
	return must(os.ReadFile("../../assets/" + name)) //nolint:gosec // a file of the repository
}

// The real ones, read once: worlds are many.
var (
	realTenantRoles = sync.OnceValue(func() []TenantRole { return must(LoadTenantBuiltins(readAsset("tenant_roles.yaml"))) })
	realPolicies    = sync.OnceValue(func() []Document { return must(LoadPolicies(readAsset("policies.yaml"))) })
	realEngineRoles = sync.OnceValue(func() []EngineRole { return must(LoadEngineRoles(readAsset("engine_roles.yaml"))) })
)

const (
	groupA = PrincipalID(50)
	groupB = PrincipalID(53)
)

var worldRegions = []string{"cn-a", "cn-b"}

// The ends that grants of the worlds have: none, over, this second, later.
func randomEnd(rnd *rand.Rand) int64 {
	return pick(rnd, []int64{0, 0, 0, worldNow - 1, worldNow, worldNow + 1, worldNow + 50})
}

// widened is the world with something of everything besides workspaces.
func widened(rnd *rand.Rand, st State) State {
	people := slices.Clone(st.Principals)
	for i := range people {
		st.Principals[i].Name = fmt.Sprintf("user%d", people[i].ID)
	}
	st.Principals = append(st.Principals, Principal{ID: groupA, Group: true}, maybeDisabled(rnd, Principal{ID: groupB, Group: true}))
	for range rnd.IntN(6) {
		st.Groups = append(st.Groups, GroupMember{pick(rnd, []PrincipalID{groupA, groupB}), pick(rnd, people).ID})
	}
	for range rnd.IntN(4) {
		group := pick(rnd, []PrincipalID{groupA, groupB})
		g := randomGrant(rnd, st)
		g.Principal = group
		st.Grants = append(st.Grants, g)
		if rnd.IntN(2) == 0 {
			st.Members = append(st.Members, Member{pick(rnd, st.Workspaces).ID, group})
		}
	}
	st.TenantRoles = slices.Clone(realTenantRoles())
	for i := range TenantRoleID(4) {
		st.TenantRoles = append(st.TenantRoles, TenantRole{
			ID: 1000 + i, Kind: Custom, Region: worldRegions[i%2], Capabilities: randomCapabilities(rnd), Assignable: rnd.IntN(4) > 0,
		})
	}
	for range rnd.IntN(14) {
		st.TenantGrants = append(st.TenantGrants, randomTenantGrant(rnd, st))
	}
	st.Documents = ownDocuments(realPolicies())
	for i := range PolicyID(4) {
		st.Documents = append(st.Documents, randomDocument(rnd, 1000+i))
	}
	// One that bars from everything, or from one scope of it.
	st.Documents = append(st.Documents, Document{ID: 1010, Name: "bar", Statements: []Statement{{
		Deny: true, Actions: []string{"dataworks:*"}, Resources: []string{"*"}, Scopes: pick(rnd, [][]string{nil, {ScopePage}, {ScopeOpenAPI}}),
	}}})
	for range rnd.IntN(7) {
		st.Attachments = append(st.Attachments, randomAttachment(rnd, st))
	}
	return withEngines(rnd, st)
}

// maybeDisabled disables some, but never the account.
func maybeDisabled(rnd *rand.Rand, p Principal) Principal {
	if p.Power != PowerAccount && rnd.IntN(8) == 0 {
		p.Disabled, p.Vanished = worldNow-20, rnd.IntN(2) == 0
	}
	return p
}

// ownDocuments share nothing with the list, so that a test may write to them.
func ownDocuments(list []Document) []Document {
	list = slices.Clone(list)
	for i := range list {
		list[i].Statements = slices.Clone(list[i].Statements)
		for j, s := range list[i].Statements {
			list[i].Statements[j].Actions = slices.Clone(s.Actions)
		}
	}
	return list
}

func randomCapabilities(rnd *rand.Rand) Capabilities {
	var set Capabilities
	for _, c := range CustomCapabilities() {
		if rnd.IntN(3) == 0 {
			set = set.With(c)
		}
	}
	return set
}

func randomTenantGrant(rnd *rand.Rand, st State) TenantGrant {
	role := pick(rnd, st.TenantRoles)
	for role.Kind == Builtin && role.GrantedBy == Nobody {
		role = pick(rnd, st.TenantRoles)
	}
	region := role.Region
	if region == "" {
		region = pick(rnd, worldRegions)
	}
	return TenantGrant{
		ID: GrantID(len(st.TenantGrants) + 1), Region: region, Principal: pick(rnd, st.Principals).ID, Role: role.ID,
		By: 1, At: worldNow - 9, Until: randomEnd(rnd),
	}
}

func randomDocument(rnd *rand.Rand, id PolicyID) Document {
	d := Document{ID: id, Name: fmt.Sprintf("policy%d", id)}
	actions := []string{
		"dataworks:*", "*", "dataworks:Create*", "DATAWORKS:createworkspace", "dataworks:?istContacts", "dataworks:*Workspace",
		"bss:PayOrder", "dataworks:ListAlarmResource", "dataworks:Show*Detail", "bss:*",
	}
	resources := []string{
		"*", "*", "acs:dataworks:*:*:workspace/*", "acs:dataworks:cn-?:*:*/*", "acs:dataworks:*:*:*", "acs:dataworks:*:*:workspace/sales",
		"acs:dataworks:cn-a:*:exclusive_resource_group/*", "acs:dataworks:cn-a:*:workspace/*", "acs:dataworks:*:*:*/s*", "acs:*workspace/*s",
	}
	for range 1 + rnd.IntN(3) {
		s := Statement{Deny: rnd.IntN(3) == 0}
		for range 1 + rnd.IntN(2) {
			s.Actions = append(s.Actions, pick(rnd, actions))
			s.Resources = append(s.Resources, pick(rnd, resources))
		}
		s.Scopes = pick(rnd, [][]string{nil, nil, {ScopePage}, {ScopeOpenAPI}, {ScopePage, ScopeOpenAPI}})
		d.Statements = append(d.Statements, s)
	}
	return d
}

func randomAttachment(rnd *rand.Rand, st State) Attachment {
	return Attachment{
		ID: GrantID(len(st.Attachments) + 1), Principal: pick(rnd, st.Principals).ID, Policy: pick(rnd, st.Documents).ID,
		By: 1, At: worldNow - 9, Until: randomEnd(rnd),
	}
}

func withEngines(rnd *rand.Rand, st State) State {
	st.EngineRoles = realEngineRoles()
	for i := range uint32(5) {
		e := Engine{ID: i + 1, Workspace: pick(rnd, st.Workspaces).ID, Type: EngineType(rnd.IntN(4))} //nolint:gosec // below 4
		e.DevIdentity = pick(rnd, []string{"", "shared"})
		e.ProdIdentity = pick(rnd, []string{"", "user1", "user4"})
		st.Engines = append(st.Engines, e)
		for _, r := range st.Roles {
			if e.Type == MaxCompute && r.Kind == Custom && r.Workspace == e.Workspace && rnd.IntN(2) == 0 {
				code := pick(rnd, []string{"Admin", "Role_Project_Dev", "own_role"})
				st.EngineMappings = append(st.EngineMappings, EngineMapping{r.ID, e.ID, code})
			}
		}
		for _, p := range st.Principals {
			if (e.Type == EMR || e.Type == CDH) && !p.Group && rnd.IntN(2) == 0 {
				st.AccountMappings = append(st.AccountMappings, AccountMapping{e.ID, p.ID, "ldap" + p.Name})
			}
		}
	}
	for i := range st.Workspaces {
		st.Workspaces[i].Standard = rnd.IntN(2) == 0
	}
	return st
}

// randomWideEdit changes something of the tenant or the console plane.
func randomWideEdit(rnd *rand.Rand, st State) State {
	switch rnd.IntN(5) {
	case 0:
		g := randomTenantGrant(rnd, st)
		g.ID += 100
		for slices.ContainsFunc(st.TenantGrants, func(other TenantGrant) bool { return other.ID == g.ID }) {
			g.ID++
		}
		st.TenantGrants = append(slices.Clone(st.TenantGrants), g)
	case 1:
		st.TenantGrants = slices.Clone(st.TenantGrants[:len(st.TenantGrants)/2])
	case 2:
		a := randomAttachment(rnd, st)
		a.ID += 100
		for slices.ContainsFunc(st.Attachments, func(other Attachment) bool { return other.ID == a.ID }) {
			a.ID++
		}
		st.Attachments = append(slices.Clone(st.Attachments), a)
	case 3:
		st.Attachments = slices.Clone(st.Attachments[:len(st.Attachments)/2])
	case 4:
		st.Documents = slices.Clone(st.Documents)
		i := rnd.IntN(len(st.Documents))
		for st.Documents[i].ID < 1000 || st.Documents[i].ID > 1003 {
			i = rnd.IntN(len(st.Documents))
		}
		st.Documents[i] = randomDocument(rnd, st.Documents[i].ID)
	}
	return st
}

// everyTenantQuestion calls ask with all questions of the tenant plane, those
// about what does not exist included.
func everyTenantQuestion(st State, ask func(TenantQuestion)) {
	for _, region := range append([]string{"", "cn-nowhere"}, worldRegions...) {
		for _, p := range append([]Principal{{ID: 77}}, st.Principals...) {
			for c := range lastCapability + 2 {
				ask(TenantQuestion{p.ID, region, c})
			}
		}
	}
}

// someConsoleQuestions calls ask with a choice of questions of the console.
func someConsoleQuestions(st State, rnd *rand.Rand, ask func(ConsoleQuestion)) {
	actions := []string{"", "bss:PayOrder", "dataworks:", "ecs:RunInstances", "DataWorks:ListContacts"}
	for _, a := range ConsoleActions() {
		actions = append(actions, a.Action)
	}
	resources := []string{
		ARN("", EntityWorkspace, ""), ARN("cn-a", EntityWorkspace, "sales"), ARN("cn-b", EntityResourceGroup, "fast"), "",
		"acs:ecs:x:y:z",
	}
	for _, p := range append([]Principal{{ID: 77}}, st.Principals...) {
		for _, action := range actions {
			for _, resource := range resources {
				for _, scope := range []string{"", ScopePage, ScopeOpenAPI, "Elsewhere"} {
					if rnd.IntN(12) == 0 {
						ask(ConsoleQuestion{p.ID, action, resource, scope})
					}
				}
			}
		}
	}
}
