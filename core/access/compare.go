package access

import (
	"cmp"
	"slices"
)

// Effect is what lies between two snapshots: the preview of an edit.
type Effect struct {
	Losses []Change
	Gains  []Change
	// Keeps are those whom a loss passes by: a role of theirs was lowered or
	// taken, yet their level stays because something else carries it.
	Keeps       []Keep
	AdminLosses []AdminChange
	AdminGains  []AdminChange
	// Unadministered are the workspaces, by id, that somebody beside their owner
	// was made an administrator of, and nobody is after.
	Unadministered []WorkspaceID
	// What follows is of the other planes.
	TenantLosses  []TenantChange
	TenantGains   []TenantChange
	ConsoleLosses []ConsoleChange
	ConsoleGains  []ConsoleChange
}

// Empty says that nobody's access differs.
func (e Effect) Empty() bool {
	return len(e.Losses) == 0 && len(e.Gains) == 0 && len(e.AdminLosses) == 0 && len(e.AdminGains) == 0 &&
		len(e.TenantLosses) == 0 && len(e.TenantGains) == 0 && len(e.ConsoleLosses) == 0 && len(e.ConsoleGains) == 0
}

// InWorkspaces is what differs in workspaces alone. Where only the state of a workspace was read, who leaves it is in one of the
// two states and not in the other, and would seem to lose what everybody of the tenant has.
func (e Effect) InWorkspaces() Effect {
	e.TenantLosses, e.TenantGains, e.ConsoleLosses, e.ConsoleGains = nil, nil, nil, nil
	return e
}

// TenantChange is who loses or gains one capability in a region. Changes are
// sorted by region and capability; principals by id. The region "" stands for
// every region that no grant of either state names.
type TenantChange struct {
	Region     string
	Capability Capability
	Principals []PrincipalID
}

// ConsoleChange is who loses or gains one of the console's actions in one scope, on
// some of what it can be about. Changes are in the order of ConsoleActions, the
// scope Page first, and then by resource; principals are sorted by id.
//
// What an action can be about is everything of its entity, and whatever narrower the
// policies of somebody name: the resources of the statements that differ, alone and
// where they meet those of other statements, for an Allow of a region and a Deny of a
// thing decide together about the thing in the region. A resource with wildcards is
// asked about by a name that only such patterns match as match all of it; so
// something else may hold for a part of it, and is told of that part where it
// changes. About everything is asked as it is anywhere else, with stars for names: a
// statement bears on it if it covers everything, so that a Deny on one thing takes
// nothing away from it.
//
// A narrower change is left out where changes of something wider are told, for the
// same principal, action and scope, and the narrowest of those all say the same. An
// action that is never about one thing by name has no narrower names than the star,
// only regions.
type ConsoleChange struct {
	Action string
	Scope  string
	// Resource is an ARN, which may have wildcards; "" is everything that the action
	// can be about.
	Resource   string
	Principals []PrincipalID
}

// Change is one step on one module that all the principals take. Changes are
// sorted by workspace, module, from and to; principals by id.
type Change struct {
	Workspace  WorkspaceID
	Module     Module
	From, To   Level
	Principals []PrincipalID
}

// Keep is a level that all the principals keep through the same thing.
type Keep struct {
	Workspace  WorkspaceID
	Module     Module
	Level      Level
	Principals []PrincipalID
	// Through is the role that carries the level; 0 is a power or the default
	// of members.
	Through RoleID
}

// AdminChange is who begins or ceases to administer a workspace.
type AdminChange struct {
	Workspace  WorkspaceID
	Principals []PrincipalID
}

// Compare tells who loses and who gains what from one snapshot to the other.
// It takes one pass over the members of both.
func Compare(before, after *Snapshot) Effect {
	c := comparison{before: before, after: after, roles: loweredRoles(before, after)}
	ids := append(before.workspaceIDs(), after.workspaceIDs()...)
	slices.Sort(ids)
	powerful := union(nil, before.powerful, after.powerful)
	for _, ws := range slices.Compact(ids) {
		c.workspace(ws, powerful)
	}
	c.comparePlanes()
	return c.effect
}

// comparison is Compare under way.
type comparison struct {
	before, after *Snapshot
	// roles are the roles that give less after than before, with the cells they lost.
	roles  map[RoleID]Levels
	effect Effect

	// The rest is about the workspace at hand.
	id           WorkspaceID
	candidates   []PrincipalID
	steps        [lastWorkspaceModule + 1][Write + 1][Write + 1][]PrincipalID
	keeps        map[keepKey][]PrincipalID
	losers       []PrincipalID
	gainers      []PrincipalID
	oldPl, newPl *place
}

type keepKey struct {
	module  Module
	level   Level
	through RoleID
}

func loweredRoles(before, after *Snapshot) map[RoleID]Levels {
	lowered := map[RoleID]Levels{}
	for id, role := range before.roles {
		var left Levels
		if now, found := after.roles[id]; found {
			left = now.gives
		}
		if lost := role.gives &^ left; lost != 0 {
			lowered[id] = lost
		}
	}
	return lowered
}

// workspace compares all who have, or had, anything to do with one workspace.
func (c *comparison) workspace(ws WorkspaceID, powerful []PrincipalID) {
	c.id, c.oldPl, c.newPl = ws, c.before.place(ws), c.after.place(ws)
	c.keeps, c.losers, c.gainers = map[keepKey][]PrincipalID{}, nil, nil
	clear(c.steps[:])
	members := union(nil, c.oldPl.members, c.newPl.members)
	c.candidates = union(c.candidates[:0], members, powerful)

	var oldGrants, newGrants grantWalk
	oldGrants.over(c.oldPl)
	newGrants.over(c.newPl)
	for _, p := range c.candidates {
		was, is := oldGrants.of(p), newGrants.of(p)
		if !c.before.isGroup(p) && !c.after.isGroup(p) {
			c.principal(p, c.before.held(c.oldPl, p, was), c.after.held(c.newPl, p, is))
		}
	}
	c.collect()
}

func (c *comparison) principal(p PrincipalID, oldGrants, newGrants []Grant) {
	from, to := c.before.Levels(c.id, p), c.after.Levels(c.id, p)
	for rest := from ^ to; rest != 0; {
		m := rest.first()
		rest &^= cells(m)
		step := &c.steps[m][from.Get(m)][to.Get(m)]
		*step = append(*step, p)
	}
	c.administration(p)

	lowered := c.lowered(oldGrants, newGrants)
	for rest := (lowered | lowered>>1) & lowBits; rest != 0; {
		m := rest.first()
		rest &^= cells(m)
		if level := to.Get(m); level != None && level == from.Get(m) {
			key := keepKey{m, level, c.after.carrier(p, newGrants, m, level)}
			c.keeps[key] = append(c.keeps[key], p)
		}
	}
}

func (c *comparison) administration(p PrincipalID) {
	did, does := c.before.Administers(c.id, p), c.after.Administers(c.id, p)
	switch {
	case did && !does:
		c.losers = append(c.losers, p)
	case does && !did:
		c.gainers = append(c.gainers, p)
	}
}

// lowered are the cells in which a role that the principal held gives less
// than it did, or is no longer held.
func (c *comparison) lowered(oldGrants, newGrants []Grant) Levels {
	var lost Levels
	for _, g := range oldGrants {
		switch {
		case !g.inForce(c.before.now):
		case holds(newGrants, g.Role, c.after.now):
			lost |= c.roles[g.Role]
		default:
			lost |= c.before.roles[g.Role].gives
		}
	}
	return lost
}

// holds says whether one of the grants is of the role and in force.
func holds(grants []Grant, role RoleID, now int64) bool {
	for _, g := range grants {
		if g.Role == role && g.inForce(now) {
			return true
		}
	}
	return false
}

// carrier is the role that gives the principal the level held on the module,
// the first by id, or 0 where a power or the default of members does.
func (s *Snapshot) carrier(p PrincipalID, grants []Grant, m Module, level Level) RoleID {
	if s.Power(p) != PowerNone {
		return 0
	}
	var carrier RoleID
	for _, g := range grants {
		if g.inForce(s.now) && s.roles[g.Role].gives.Get(m) == level && (carrier == 0 || g.Role < carrier) {
			carrier = g.Role
		}
	}
	return carrier
}

// collect adds what was found in the workspace to the effect, in order.
func (c *comparison) collect() {
	for _, m := range WorkspaceModules() {
		for from := None; from <= Write; from++ {
			for to := None; to <= Write; to++ {
				c.collectStep(Change{c.id, m, from, to, c.steps[m][from][to]})
			}
		}
	}
	if len(c.losers) > 0 {
		c.effect.AdminLosses = append(c.effect.AdminLosses, AdminChange{c.id, c.losers})
	}
	if len(c.gainers) > 0 {
		c.effect.AdminGains = append(c.effect.AdminGains, AdminChange{c.id, c.gainers})
	}
	if _, remains := c.after.Workspace(c.id); remains && !c.after.hasAdministrator(c.newPl) && c.before.hasAdministrator(c.oldPl) {
		c.effect.Unadministered = append(c.effect.Unadministered, c.id)
	}
	c.collectKeeps()
}

// hasAdministrator says whether somebody beside its owner was made an
// administrator of a workspace, and may act.
func (s *Snapshot) hasAdministrator(pl *place) bool {
	return slices.ContainsFunc(pl.administrators, func(p PrincipalID) bool {
		return slices.ContainsFunc(s.held(pl, p, pl.grantsOf(p)), func(g Grant) bool {
			r := s.roles[g.Role]
			return r.Administers && !r.Owner && g.inForce(s.now)
		})
	})
}

func (c *comparison) collectStep(step Change) {
	switch {
	case len(step.Principals) == 0:
	case step.To < step.From:
		c.effect.Losses = append(c.effect.Losses, step)
	default:
		c.effect.Gains = append(c.effect.Gains, step)
	}
}

func (c *comparison) collectKeeps() {
	start := len(c.effect.Keeps)
	for key, principals := range c.keeps {
		c.effect.Keeps = append(c.effect.Keeps, Keep{c.id, key.module, key.level, principals, key.through})
	}
	slices.SortFunc(c.effect.Keeps[start:], func(a, b Keep) int {
		return cmp.Or(cmp.Compare(a.Module, b.Module), cmp.Compare(a.Level, b.Level), cmp.Compare(a.Through, b.Through))
	})
}
