package access

import (
	"fmt"
	"maps"
	"slices"
)

// Touched is where a state may differ from the one before. What is not named
// must be the same in both.
type Touched struct {
	// Roles were changed, added or deleted.
	Roles []RoleID
	// Workspaces were changed, added or deleted, or their members, grants or
	// roles were.
	Workspaces []WorkspaceID
	// Tenant: tenant roles or tenant grants.
	Tenant bool
	// Console: documents or attachments.
	Console bool
	// Engines: engines, their roles or mappings.
	Engines bool
	// Everything: principals, groups, the policy, or who knows what.
	Everything bool
}

// Update is Compile(after), made from s by computing anew only what was
// touched. Both may be used afterwards. It fails where Compile would, as far
// as what was touched goes. A clock that passed an end or went back makes it
// compile everything, and so does a policy that gives or takes a power.
func (s *Snapshot) Update(after State, touched Touched) (*Snapshot, error) {
	passedEnd := s.nextEnd != 0 && after.Now >= s.nextEnd
	if touched.Everything || s.roles == nil || after.Policy != s.policy || after.Now < s.now || passedEnd {
		return Compile(after)
	}
	next := *s
	next.revision, next.now = after.Revision, after.Now
	u := update{before: s, next: &next, after: after}
	whole, err := u.apply(touched)
	if err != nil {
		return nil, fmt.Errorf("update access: %w", err)
	}
	if !whole {
		return Compile(after)
	}
	return u.next, nil
}

// update is Update under way. What next shares with before is never written
// to, only replaced.
type update struct {
	before, next *Snapshot
	after        State
}

// apply does what was touched; done is false where only compiling will do.
func (u *update) apply(touched Touched) (done bool, err error) {
	if touched.Console {
		if done, err := u.console(); !done || err != nil {
			return done, err
		}
	}
	if touched.Tenant {
		if err := u.next.addTenant(u.after); err != nil {
			return false, err
		}
	}
	workspaces := len(touched.Roles)+len(touched.Workspaces) > 0
	if workspaces {
		u.next.workspaces = maps.Clone(u.before.workspaces)
		u.next.roles = maps.Clone(u.before.roles)
		u.next.masks = u.before.masks.clone()
		if done, err := u.workspaces(touched); !done || err != nil {
			return done, err
		}
	}
	if workspaces || touched.Engines {
		if err := u.next.addEngines(u.after); err != nil {
			return false, err
		}
	}
	u.next.addEnds()
	return true, nil
}

// console settles the policies anew. Where that gives or takes a power or a
// bar, every membership may be concerned.
func (u *update) console() (done bool, err error) {
	fresh := &Snapshot{now: u.after.Now}
	for _, step := range []func(State) error{fresh.addPrincipals, fresh.addGroups, fresh.addPolicies} {
		if err := step(u.after); err != nil {
			return false, err
		}
	}
	if !maps.Equal(fresh.powers, u.before.powers) || !maps.Equal(fresh.console.barredPages, u.before.console.barredPages) {
		return false, nil
	}
	u.next.console = fresh.console
	return true, nil
}

// workspaces tells roles whose holders are settled anew from workspaces that
// are put together anew.
func (u *update) workspaces(touched Touched) (done bool, err error) {
	now := u.rolesNow(touched.Roles)
	rebuilt := map[WorkspaceID]bool{}
	for _, ws := range touched.Workspaces {
		rebuilt[ws] = true
	}
	var edited []Role
	for _, id := range touched.Roles {
		was, had := u.before.roles[id]
		is, has := now[id]
		switch {
		case !had && !has:
		case had && has && was.Kind == is.Kind && was.Workspace == is.Workspace:
			edited = append(edited, is)
		case had && was.Kind == Builtin || has && is.Kind == Builtin:
			return false, nil
		default:
			if had {
				rebuilt[was.Workspace] = true
			}
			if has {
				rebuilt[is.Workspace] = true
			}
		}
	}
	for _, role := range edited {
		if role.Kind == Custom && rebuilt[role.Workspace] {
			continue
		}
		if err := u.editRole(role); err != nil {
			return false, err
		}
	}
	if len(rebuilt) > 0 {
		return true, u.rebuild(rebuilt)
	}
	return true, nil
}

func (u *update) rolesNow(ids []RoleID) map[RoleID]Role {
	now := make(map[RoleID]Role, len(ids))
	for _, r := range u.after.Roles {
		if slices.Contains(ids, r.ID) {
			now[r.ID] = r
		}
	}
	return now
}

// editRole settles the holders of a role anew.
func (u *update) editRole(role Role) error {
	if !role.Levels.valid() {
		return fmt.Errorf("role %d %q: levels are malformed", role.ID, role.Name)
	}
	was := u.before.roles[role.ID]
	u.next.roles[role.ID] = compileRole(role)
	if role.Kind == Builtin {
		u.next.assignable = offered(u.next.assignable, role)
		for ws := range u.before.workspaces {
			u.resettle(ws, role.ID)
		}
		return nil
	}
	if pl := u.resettle(role.Workspace, role.ID); was.Assignable != role.Assignable {
		pl.customs = offered(pl.customs, role)
	}
	return nil
}

// offered is the sorted list with or without the role, as it is assignable.
func offered(list []RoleID, role Role) []RoleID {
	at, found := slices.BinarySearch(list, role.ID)
	switch {
	case found && !role.Assignable:
		return slices.Delete(slices.Clone(list), at, at+1)
	case !found && role.Assignable:
		return slices.Insert(slices.Clone(list), at, role.ID)
	}
	return list
}

// resettle settles those in a workspace whom the role reaches.
func (u *update) resettle(ws WorkspaceID, role RoleID) *place {
	pl := *u.next.workspaces[ws]
	pl.masks = slices.Clone(pl.masks)
	u.next.workspaces[ws] = &pl
	administration := false
	for _, g := range pl.grants {
		if g.Role != role || !g.inForce(u.next.now) {
			continue
		}
		administration = u.resettleOne(&pl, g.Principal) || administration
		for _, p := range u.next.groups[g.Principal] {
			administration = u.resettleOne(&pl, p) || administration
		}
	}
	if administration {
		pl.administrators = nil
		for _, p := range pl.members {
			if m, _ := u.next.masks.get(memberKey(ws, p)); m&administersBit != 0 && !u.next.isGroup(p) {
				pl.administrators = append(pl.administrators, p)
			}
		}
	}
	return &pl
}

// resettleOne says whether the member began or ceased to administer.
func (u *update) resettleOne(pl *place, p PrincipalID) bool {
	was, _ := u.next.masks.get(memberKey(pl.ID, p))
	st := u.next.standing(u.next.held(pl, p, pl.grantsOf(p)), true)
	is := u.next.maskFor(pl, p, st) | was&directBit
	u.next.masks.set(memberKey(pl.ID, p), is)
	if at, found := slices.BinarySearch(pl.members, p); found {
		pl.masks[at] = is
	}
	return (was^is)&administersBit != 0
}

// rebuild puts workspaces together from the state, by the steps of Compile.
func (u *update) rebuild(ids map[WorkspaceID]bool) error {
	next := u.next
	for ws := range ids {
		if pl, found := next.workspaces[ws]; found {
			for _, p := range pl.members {
				next.masks.remove(memberKey(ws, p))
			}
			delete(next.workspaces, ws)
		}
	}
	maps.DeleteFunc(next.roles, func(_ RoleID, r *compiledRole) bool { return r.Kind == Custom && ids[r.Workspace] })

	// A part of the region, which shares the roles with the whole.
	st := part(u.after, ids)
	some := *next
	some.assignable = slices.Clone(next.assignable)
	if err := some.addWorkspaces(st); err != nil {
		return err
	}
	for _, r := range st.Roles {
		if err := some.addRole(r); err != nil {
			return err
		}
	}
	some.sortOffers()
	for _, step := range []func(State) error{some.addGrants, some.addMembers} {
		if err := step(st); err != nil {
			return err
		}
	}
	for ws, pl := range some.workspaces {
		next.workspaces[ws] = pl
	}
	for key, m := range some.masks.all() {
		next.masks.set(key, m)
	}
	return nil
}

// part is what of the state lies in some workspaces.
func part(st State, ids map[WorkspaceID]bool) State {
	some := State{Now: st.Now, Policy: st.Policy}
	for _, w := range st.Workspaces {
		if ids[w.ID] {
			some.Workspaces = append(some.Workspaces, w)
		}
	}
	for _, r := range st.Roles {
		if r.Kind == Custom && ids[r.Workspace] {
			some.Roles = append(some.Roles, r)
		}
	}
	for _, m := range st.Members {
		if ids[m.Workspace] {
			some.Members = append(some.Members, m)
		}
	}
	for _, g := range st.Grants {
		if ids[g.Workspace] {
			some.Grants = append(some.Grants, g)
		}
	}
	return some
}
