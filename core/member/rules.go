package member

import (
	"context"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
)

// Codes of the built-in roles that this area has rules about.
const (
	OwnerRole         = "role_project_owner"
	AdministratorRole = "role_project_admin"
)

// guarded makes a change and refuses it afterwards if it raises the actor's own rights, or takes some without ownLoss.
func (s *Service) guarded(
	ctx context.Context, t control.Target, by control.Actor, ownLoss bool, change func(w *guard.Watch) ([]Member, error),
) ([]Member, error) {
	w, err := guard.Begin(ctx, s.store, control.Scope{Workspace: t.Workspace}, by, s.gate.Now())
	if err != nil {
		return nil, err
	}
	members, err := change(w)
	if err != nil {
		return nil, err
	}
	if _, err := w.End(ctx, ownLoss); err != nil {
		return nil, err
	}
	return members, nil
}

// noMoreThanHeld refuses to grant, or to extend, a role that gives more than the actor holds.
func noMoreThanHeld(w *guard.Watch, t control.Target, by control.Actor, held []Held, holds []Hold) error {
	before := w.Before()
	if before.Power(by.Principal) != access.PowerNone {
		return nil
	}
	for _, h := range holds {
		if !extends(held, h) || !before.ExceedsGrantor(t.Workspace, by.Principal, h.Role) {
			continue
		}
		role, _ := before.Role(h.Role)
		return guard.Exceeds(control.RoleName(role))
	}
	return nil
}

// extends says whether a role to be held was not held before, or not that long.
func extends(held []Held, h Hold) bool {
	for _, have := range held {
		if have.ID == h.Role {
			return outlasts(h.Until, end(have))
		}
	}
	return true
}

// end is when a role held ends; zero is never.
func end(h Held) time.Time {
	if h.Until == nil {
		return time.Time{}
	}
	return *h.Until
}

// outlasts says whether an end is later than another; a zero end is later than all.
func outlasts(a, b time.Time) bool { return !b.IsZero() && (a.IsZero() || a.After(b)) }

// keepsAdministrator refuses to leave the workspace without an administrator beside its owner, now or when a role ends. What
// the console does is not documented; a workspace that only the account can administer is a trap that takes one key to fall
// into.
func (s *Service) keepsAdministrator(ctx context.Context, t control.Target, members []Member, holds func(Member) []Hold) error {
	all, err := s.store.Roles(ctx, t.Workspace)
	if err != nil {
		return err
	}
	administers := map[access.RoleID]bool{}
	for _, r := range all {
		administers[r.ID] = r.Administers
	}
	var losing []access.PrincipalID
	var names []string
	for _, m := range members {
		if losesAdministration(m, holds(m), administers) {
			losing, names = append(losing, m.Principal), append(names, m.Name)
		}
	}
	return s.othersAdminister(ctx, t, losing, names)
}

// othersAdminister refuses if nobody administers the workspace beside those who are about to lose that, whose names are given.
func (s *Service) othersAdminister(ctx context.Context, t control.Target, losing []access.PrincipalID, names []string) error {
	if len(losing) == 0 {
		return nil
	}
	rest, err := s.store.AdministratorsBeside(ctx, t.Workspace, losing)
	if err != nil || rest > 0 {
		return err
	}
	return &fault.Refused{
		Reason: message.Text{ID: "fault.member.last_admin", Args: message.Args{"Name": strings.Join(names, ", "), "Workspace": t.WorkspaceName, "Count": len(names)}},
		Way:    message.Text{ID: "fault.member.last_admin.next"},
		Named:  names,
	}
}

// losesAdministration says whether a member administers and with holds would not, or would only until some time and does so
// without an end.
func losesAdministration(m Member, holds []Hold, administers map[access.RoleID]bool) bool {
	var has, lasts, keeps, stays bool
	for _, r := range m.Roles {
		if administers[r.ID] {
			has, lasts = true, lasts || r.Until == nil
		}
	}
	for _, h := range holds {
		if administers[h.Role] {
			keeps, stays = true, stays || h.Until.IsZero()
		}
	}
	return has && !keeps || lasts && !stays
}
