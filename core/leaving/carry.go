package leaving

import (
	"context"
	"slices"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// carryOut gives first and takes afterwards, so that nothing is nobody's between, and refuses what leaves a workspace without an
// administrator. disabled says whether the person was not yet disabled.
func (s *Service) carryOut(ctx context.Context, inv Inventory) (disabled bool, err error) {
	for _, p := range places(inv) {
		if err := s.areas.Join(ctx, p.ref, p.user, p.roles); err != nil {
			return false, err
		}
	}
	for _, it := range inv.Items {
		if it.Receiver == "" {
			continue
		}
		switch it.Kind {
		case EngineAccount:
			err = s.areas.MapAccount(ctx, ref(it), it.Name, it.Receiver, it.Detail)
		case Identity:
			err = s.areas.Identify(ctx, ref(it), it.Name, it.Detail, it.Receiver)
		case TenantRole:
			err = s.areas.GrantTenantRole(ctx, it.Region, it.Receiver, given(it))
		case Policy:
			err = s.areas.Attach(ctx, given(it), it.Receiver)
		case Membership, Role, Group, Login, Key, Contact, Request, Token: // with the workspace, by taking, or nobody else's
		}
		if err != nil {
			return false, err
		}
	}
	if err := s.administered(ctx, inv); err != nil {
		return false, err
	}
	if err := s.take(ctx, inv); err != nil {
		return false, err
	}
	return s.areas.Disable(ctx, inv.User)
}

// place is what one person gets in one workspace: a membership with roles, or by itself.
type place struct {
	ref   control.Ref
	user  string
	roles []Given
}

// places are the memberships that are handed over, with all roles of each receiver, and those that the receiver of an account needs.
func places(inv Inventory) []place {
	var all []place
	for _, it := range inv.Items {
		if it.Receiver == "" || it.Kind != Membership && it.Kind != Role && it.Kind != EngineAccount {
			continue
		}
		at := slices.IndexFunc(all, func(p place) bool { return p.ref == ref(it) && p.user == it.Receiver })
		if at < 0 {
			at = len(all)
			all = append(all, place{ref: ref(it), user: it.Receiver})
		}
		if it.Kind == Role {
			all[at].roles = append(all[at].roles, given(it))
		}
	}
	return all
}

// take takes everything away: first by what others act as the person, then what they hold. Roles and accounts of engines go with the
// membership.
func (s *Service) take(ctx context.Context, inv Inventory) error {
	tenantRoles := map[string][]string{}
	cleared := false
	for _, it := range slices.Backward(inv.Items) {
		var err error
		switch it.Kind {
		case Request:
			err = s.areas.Withdraw(ctx, it.Thing)
		case Login:
			err = s.areas.Unmap(ctx, inv.User)
		case Key:
			err = s.areas.RemoveKey(ctx, inv.User, it.Name)
		case Contact:
			if !it.Upstream && !cleared {
				cleared, err = true, s.areas.ClearContacts(ctx, inv.User)
			}
		case Policy:
			err = s.areas.Detach(ctx, it.Name, inv.User)
		case TenantRole:
			tenantRoles[it.Region] = append(tenantRoles[it.Region], it.Name)
		case Identity:
			switch {
			case it.Binned:
				err = s.store.TakeBinned(ctx, it.Place, inv.who)
			case it.Receiver == "":
				err = s.areas.Identify(ctx, ref(it), it.Name, it.Detail, "")
			}
		case Membership:
			if it.Binned {
				err = s.store.TakeBinned(ctx, it.Place, inv.who)
			} else {
				err = s.areas.Part(ctx, ref(it), inv.User)
			}
		case Group:
			err = s.areas.Regroup(ctx, it.Name, inv.User, it.Receiver)
		case Role, EngineAccount, Token:
		}
		if err != nil {
			return err
		}
	}
	for _, it := range inv.Items {
		if roles := tenantRoles[it.Region]; it.Kind == TenantRole && len(roles) > 0 {
			if err := s.areas.RevokeTenantRoles(ctx, it.Region, inv.User, roles); err != nil {
				return err
			}
			delete(tenantRoles, it.Region)
		}
	}
	return nil
}

func ref(it Item) control.Ref { return control.Ref{Region: it.Region, Workspace: it.Workspace} }

func given(it Item) Given {
	until := time.Time{}
	if it.Until != nil {
		until = *it.Until
	}
	return Given{Name: it.Name, Until: until}
}

// administered refuses to leave workspaces without an administrator beside their owner, all of them at once.
func (s *Service) administered(ctx context.Context, inv Inventory) error {
	var bare []string
	for _, it := range inv.Items {
		if it.Kind != Role || !it.Administers || it.Binned {
			continue
		}
		n, err := s.store.AdministratorsBeside(ctx, it.Place, []access.PrincipalID{inv.who.ID})
		if err != nil {
			return err
		}
		if n == 0 {
			bare = append(bare, it.Region+"/"+it.Workspace)
		}
	}
	if len(bare) == 0 {
		return nil
	}
	return &fault.Refused{
		Reason: message.Text{ID: "fault.leaving.last_admin", Args: message.Args{"Name": inv.User, "Where": strings.Join(bare, ", ")}},
		Way:    message.Text{ID: "fault.leaving.last_admin.next"}, Named: bare,
	}
}
