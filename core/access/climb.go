package access

import "slices"

// Raises says whether the principal may do anything after that it may not
// before: a level in any workspace, administering one, a capability in any
// region, or a console operation. Of policies it is cautious: a statement more
// that allows, or one less that denies, counts even where it changes nothing.
func Raises(before, after *Snapshot, p PrincipalID) bool {
	for ws := range after.workspaces {
		if after.Levels(ws, p)&^before.Levels(ws, p) != 0 || after.Administers(ws, p) && !before.Administers(ws, p) {
			return true
		}
	}
	for _, region := range slices.Concat(before.tenant.regions, after.tenant.regions, []string{elsewhere}) {
		if after.CapabilitiesOf(region, p)&^before.CapabilitiesOf(region, p) != 0 {
			return true
		}
	}
	return raisesConsole(before, after, p)
}

// elsewhere is a region that no grant names: what holds there holds by default.
const elsewhere = "\x00elsewhere"

func raisesConsole(before, after *Snapshot, p PrincipalID) bool {
	if after.Power(p).above(before.Power(p)) {
		return true
	}
	if before.Power(p) == PowerAccount {
		return false
	}
	denied, allowed := before.statementsOf(p)
	nowDenied, nowAllowed := after.statementsOf(p)
	for statement := range nowAllowed {
		if !allowed[statement] {
			return true
		}
	}
	for statement := range denied {
		if !nowDenied[statement] {
			return true
		}
	}
	return false
}

// statementsOf are the statements in force of the principal, each as one text.
func (s *Snapshot) statementsOf(p PrincipalID) (denied, allowed map[string]bool) {
	denied, allowed = map[string]bool{}, map[string]bool{}
	for _, a := range s.AttachmentsOf(p) {
		for _, statement := range s.console.documents[a.Policy].Statements {
			text := string(FormatDocument(Document{Statements: []Statement{statement}}))
			if statement.Deny {
				denied[text] = true
			} else {
				allowed[text] = true
			}
		}
	}
	return denied, allowed
}

// ExceedsGrantor says whether the role gives more in the workspace than the
// grantor holds there, open or not: a higher level on some module, or
// administering. A role that does not exist exceeds everybody.
func (s *Snapshot) ExceedsGrantor(ws WorkspaceID, grantor PrincipalID, role RoleID) bool {
	r, found := s.roles[role]
	pl, exists := s.workspaces[ws]
	if !found || !exists {
		return true
	}
	held := s.settle(true, grantor, s.standing(s.held(pl, grantor, pl.grantsOf(grantor)), s.IsMember(ws, grantor)))
	return r.gives&^held != 0 || r.Administers && !s.Administers(ws, grantor)
}

// TenantExceedsGrantor says whether the tenant role gives a capability in the
// region that the grantor lacks, or everything where the grantor does not
// administer the tenant. A role that does not exist exceeds everybody.
func (s *Snapshot) TenantExceedsGrantor(region string, grantor PrincipalID, role TenantRoleID) bool {
	r, found := s.tenant.roles[role]
	if !found {
		return true
	}
	return r.gives()&^s.CapabilitiesOf(region, grantor) != 0 || r.Everything && !s.AdministersTenant(region, grantor)
}
