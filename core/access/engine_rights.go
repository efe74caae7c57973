package access

import (
	"cmp"
	"fmt"
	"slices"
)

// enginePlane is what is bound and mapped in compute engines.
type enginePlane struct {
	roles    map[string]EngineRole
	engines  map[WorkspaceID][]Engine // by id
	mapped   map[mappingKey][]string  // sorted
	accounts map[accountKey]string
}

type mappingKey struct {
	role   RoleID
	engine uint32
}

type accountKey struct {
	engine    uint32
	principal PrincipalID
}

// The roles of a MaxCompute project that come with no workspace role.
const (
	engineOwner     = "Project Owner"
	engineScheduler = "Role_Project_Scheduler"
)

// addEngines notes engines and mappings. Workspaces and roles must be there.
func (s *Snapshot) addEngines(st State) error {
	e := enginePlane{
		roles:    make(map[string]EngineRole, len(st.EngineRoles)),
		engines:  map[WorkspaceID][]Engine{},
		mapped:   map[mappingKey][]string{},
		accounts: map[accountKey]string{},
	}
	for _, r := range st.EngineRoles {
		e.roles[r.Code] = r
	}
	byID := make(map[uint32]Engine, len(st.Engines))
	for _, engine := range st.Engines {
		if _, taken := byID[engine.ID]; taken || engine.ID == 0 {
			return fmt.Errorf("engine %d: id is 0 or used twice", engine.ID)
		}
		if _, found := s.workspaces[engine.Workspace]; !found {
			return fmt.Errorf("engine %d: there is no workspace %d", engine.ID, engine.Workspace)
		}
		if engine.Type > OtherEngine {
			return fmt.Errorf("engine %d: type %d does not exist", engine.ID, engine.Type)
		}
		byID[engine.ID] = engine
		e.engines[engine.Workspace] = append(e.engines[engine.Workspace], engine)
	}
	for _, list := range e.engines {
		slices.SortFunc(list, func(a, b Engine) int { return cmp.Compare(a.ID, b.ID) })
	}
	if err := s.addEngineMappings(&e, byID, st.EngineMappings); err != nil {
		return err
	}
	if err := s.addAccountMappings(&e, byID, st.AccountMappings); err != nil {
		return err
	}
	s.engines = e
	return nil
}

func (s *Snapshot) addEngineMappings(e *enginePlane, engines map[uint32]Engine, mappings []EngineMapping) error {
	for _, m := range mappings {
		engine, found := engines[m.Engine]
		role, known := s.roles[m.Role]
		switch {
		case !found:
			return fmt.Errorf("engine mapping: there is no engine %d", m.Engine)
		case !known:
			return fmt.Errorf("engine mapping: there is no role %d", m.Role)
		case role.Kind != Custom:
			return fmt.Errorf("engine mapping: role %d is built in, and its mapping is fixed", m.Role)
		case role.Workspace != engine.Workspace:
			return fmt.Errorf("engine mapping: role %d and engine %d are of two workspaces", m.Role, m.Engine)
		case engine.Type != MaxCompute:
			return fmt.Errorf("engine mapping: engine %d knows no roles", m.Engine)
		case m.EngineRole == "":
			return fmt.Errorf("engine mapping: role %d is mapped to nothing", m.Role)
		}
		key := mappingKey{m.Role, m.Engine}
		e.mapped[key] = append(e.mapped[key], m.EngineRole)
	}
	for key, list := range e.mapped {
		slices.Sort(list)
		e.mapped[key] = slices.Compact(list)
	}
	return nil
}

func (s *Snapshot) addAccountMappings(e *enginePlane, engines map[uint32]Engine, mappings []AccountMapping) error {
	for _, m := range mappings {
		engine, found := engines[m.Engine]
		_, known := s.Principal(m.Principal)
		key := accountKey{m.Engine, m.Principal}
		switch {
		case !found:
			return fmt.Errorf("account mapping: there is no engine %d", m.Engine)
		case engine.Type != EMR && engine.Type != CDH:
			return fmt.Errorf("account mapping: engine %d knows no accounts of members", m.Engine)
		case !known || s.isGroup(m.Principal):
			return fmt.Errorf("account mapping: there is no user %d", m.Principal)
		case m.Account == "" || e.accounts[key] != "":
			return fmt.Errorf("account mapping: user %d of engine %d has none or two", m.Principal, m.Engine)
		}
		e.accounts[key] = m.Account
	}
	return nil
}

// EnginesOf are the engines bound to a workspace, by id.
func (s *Snapshot) EnginesOf(ws WorkspaceID) []Engine { return slices.Clone(s.engines.engines[ws]) }

// EngineRights lists what the principal may do in the engines of a workspace,
// engine by engine and environment by environment, at least one line for each.
// An engine keeps its rights while the workspace is closed. It is nil for no
// workspace and for no principal.
func (s *Snapshot) EngineRights(ws WorkspaceID, p PrincipalID) []EngineRight {
	principal, known := s.Principal(p)
	pl, found := s.workspaces[ws]
	if !known || !found {
		return nil
	}
	disabled := s.isDisabled(p)
	environments := []Environment{Only}
	if pl.Standard {
		environments = []Environment{Dev, Prod}
	}
	var rights []EngineRight
	for _, engine := range s.engines.engines[ws] {
		for _, environment := range environments {
			if disabled {
				rights = append(rights, EngineRight{Engine: engine.ID, Environment: environment, Note: NoteDisabled})
				continue
			}
			rights = append(rights, s.rightsIn(engine, environment, principal)...)
		}
	}
	return rights
}

// rightsIn are those in one environment of one engine.
func (s *Snapshot) rightsIn(engine Engine, environment Environment, p Principal) []EngineRight {
	right := EngineRight{Engine: engine.ID, Environment: environment}
	inside := s.IsMember(engine.Workspace, p.ID) || s.Power(p.ID) != PowerNone
	switch {
	case engine.Type == MaxCompute:
		return s.projectRights(engine, right, p)
	case !inside:
		right.Note = NoteNotMember
	case engine.Type == OtherEngine:
		right.Account = engine.identity(environment)
		right.Way, right.Note = ByIdentity, NoteShared
		if right.Account == "" {
			right.Way, right.Note = NoWay, NoteNoIdentity
		}
	default:
		right.Account = s.engines.accounts[accountKey{engine.ID, p.ID}]
		right.Way = ByAccountMapping
		if right.Account == "" {
			right.Way, right.Note = NoWay, NoteNoAccount
		}
	}
	return []EngineRight{right}
}

// identity is the default access identity of an environment.
func (e Engine) identity(environment Environment) string {
	if environment == Dev {
		return e.DevIdentity
	}
	return e.ProdIdentity
}

// projectRights are those in a MaxCompute project: of the owner, of the roles
// held, and of the identity that runs what is scheduled.
func (s *Snapshot) projectRights(engine Engine, base EngineRight, p Principal) []EngineRight {
	var rights []EngineRight
	add := func(way EngineWay, role RoleID, code string) {
		right := base
		right.Way, right.Role, right.EngineRole = way, role, code
		right.Grants, right.Note = s.projectGrants(code, base.Environment)
		// Who is the account mostly holds the owner's role as well: one right, got twice.
		if !slices.Contains(rights, right) {
			rights = append(rights, right)
		}
	}
	if s.Power(p.ID) == PowerAccount {
		add(ByRoleMapping, s.ownerRole(), engineOwner)
	}
	for _, id := range s.RolesOf(engine.Workspace, p.ID) {
		role := s.roles[id]
		codes := s.engines.mapped[mappingKey{id, engine.ID}]
		if role.Kind == Builtin && role.EngineRole != "" {
			codes = []string{role.EngineRole}
		}
		for _, code := range codes {
			add(ByRoleMapping, id, code)
		}
		if len(codes) == 0 {
			right := base
			right.Role, right.Note = id, NoteUnmapped
			rights = append(rights, right)
		}
	}
	if base.Environment != Dev && p.Name != "" && engine.ProdIdentity == p.Name && !p.Group {
		add(ByIdentity, 0, engineScheduler)
		rights[len(rights)-1].Account = p.Name
	}
	if len(rights) == 0 {
		if !s.IsMember(engine.Workspace, p.ID) {
			base.Note = NoteNotMember
		}
		rights = append(rights, base)
	}
	return rights
}

// projectGrants is what a role of the project is granted in an environment. In
// the simple mode there is one project, in which people work as they do in
// that of development.
func (s *Snapshot) projectGrants(code string, environment Environment) (string, EngineNote) {
	role, published := s.engines.roles[code]
	switch {
	case !published:
		return "", NoteUnpublished
	case environment == Dev:
		return role.Dev, NoteNone
	case environment == Only:
		return cmp.Or(role.Dev, role.Prod), NoteNone
	case role.Prod == "":
		return "", NoteRequest
	}
	return role.Prod, NoteNone
}

// ownerRole is the role of the workspace owner, or 0.
func (s *Snapshot) ownerRole() RoleID {
	var owner RoleID
	for id, role := range s.roles {
		if role.Owner && (owner == 0 || id < owner) {
			owner = id
		}
	}
	return owner
}
