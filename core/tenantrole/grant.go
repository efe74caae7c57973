package tenantrole

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
)

// Batch names principals or groups and the tenant roles to give to each of them or to take from each of them.
type Batch struct {
	Users []string
	Roles []string
	// Until is when the roles given end; zero is open ended. To give a role again until another time is to extend or to
	// shorten it. Taking away ignores it.
	Until time.Time
	// Longer says that of a role held already the later of the two ends stays.
	Longer bool
	// OwnLoss says that whoever asks means to lose rights of their own; without it such a change is refused.
	OwnLoss bool
}

// Grant gives roles in a region: all of them to all, or nothing if anything is wrong.
func (s *Service) Grant(ctx context.Context, region string, in Batch) ([]Member, error) {
	return control.Do(ctx, s.gate, s.grant(region, in))
}

// PreviewGrant tells who would gain what, and lose what: a custom role takes precedence over what tenant members may do.
func (s *Service) PreviewGrant(ctx context.Context, region string, in Batch) (control.Outcome, error) {
	in.OwnLoss = true // a preview is what tells of it
	return control.Preview(ctx, s.gate, s.grant(region, in))
}

// Revoke takes roles away in a region, or none if one of the roles is held by nobody of them.
func (s *Service) Revoke(ctx context.Context, region string, in Batch) ([]Member, error) {
	return control.Do(ctx, s.gate, s.revoke(region, in))
}

// PreviewRevoke tells who would lose what, and gain what.
func (s *Service) PreviewRevoke(ctx context.Context, region string, in Batch) (control.Outcome, error) {
	in.OwnLoss = true
	return control.Preview(ctx, s.gate, s.revoke(region, in))
}

func (s *Service) grant(region string, in Batch) control.Change[[]Member] {
	until := guard.End(in.Until)
	return s.change(action.TenantMemberGrant, region, in,
		func([]Member, []Role) []fault.Field { return guard.Until(s.gate.Now(), until) },
		func(ctx context.Context, t control.Target, by control.Actor, w *guard.Watch, m Member, r Role) error {
			if w.Before().TenantExceedsGrantor(t.Region, by.Principal, r.ID) {
				return guard.Exceeds(RoleName(r.TenantRole))
			}
			end := until
			for _, held := range m.Roles {
				if held.ID == r.ID && in.Longer {
					end = guard.Later(end, held.Until)
				}
			}
			return s.store.Grant(ctx, t.Region, m.Principal, r.ID, by.Principal, s.gate.Now(), end)
		})
}

func (s *Service) revoke(region string, in Batch) control.Change[[]Member] {
	return s.change(action.TenantMemberRevoke, region, in,
		unheld,
		func(ctx context.Context, t control.Target, _ control.Actor, _ *guard.Watch, m Member, r Role) error {
			return s.store.Revoke(ctx, t.Region, m.Principal, r.ID)
		})
}

// unheld says which roles none of some members holds by a grant.
func unheld(members []Member, roles []Role) (bad []fault.Field) {
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = m.Name
	}
	for _, r := range roles {
		held := slices.ContainsFunc(members, func(m Member) bool {
			return slices.ContainsFunc(m.Roles, func(h Held) bool { return h.ID == r.ID })
		})
		if !held && len(members) > 0 {
			bad = append(bad, fault.Field{Name: "role", Unknown: true, Text: message.Text{ID: "fault.tenantrole.unheld", Args: message.Args{
				"Role": RoleName(r.TenantRole), "Names": strings.Join(names, ", "), "Count": len(names)}}})
		}
	}
	return bad
}

// step is what is done about one member and one role.
type step func(ctx context.Context, t control.Target, by control.Actor, w *guard.Watch, m Member, r Role) error

func (s *Service) change(id action.ID, region string, in Batch, more func([]Member, []Role) []fault.Field, do step) control.Change[[]Member] {
	return control.Change[[]Member]{
		Action: id,
		Target: s.at(region, "tenant_member", strings.Join(in.Users, ", ")),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			members, unknown, err := s.members(ctx, t.Region, in.Users)
			if err != nil {
				return nil, err
			}
			roles, bad, err := s.roles(ctx, t.Region, in.Roles)
			return append(append(unknown, bad...), more(members, roles)...), err
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[[]Member], error) {
			none := control.Applied[[]Member]{}
			members, _, err := s.members(ctx, t.Region, in.Users)
			if err != nil {
				return none, err
			}
			roles, _, err := s.roles(ctx, t.Region, in.Roles)
			if err != nil {
				return none, err
			}
			w, err := guard.Begin(ctx, s.store, control.Scope{Region: t.Region}, by, s.gate.Now())
			if err != nil {
				return none, err
			}
			return guard.Between(ctx, w, in.OwnLoss,
				func() ([]Member, error) {
					found, _, err := s.members(ctx, t.Region, in.Users)
					return found, err
				},
				func() error {
					for _, m := range members {
						for _, r := range roles {
							if err := do(ctx, t, by, w, m, r); err != nil {
								return err
							}
						}
					}
					return nil
				})
		},
	}
}

// members finds principals and groups by name, each once, and says which names nobody has.
func (s *Service) members(ctx context.Context, region string, names []string) ([]Member, []fault.Field, error) {
	return guard.Users(names, func(name string) (Member, error) { return s.store.Member(ctx, region, s.gate.Now(), name) },
		func(m Member) access.PrincipalID { return m.Principal })
}

// roles finds roles by name, each once, and says which names mean none and which roles nobody can be given.
func (s *Service) roles(ctx context.Context, region string, names []string) ([]Role, []fault.Field, error) {
	if len(names) == 0 {
		return nil, []fault.Field{{Name: "role", Text: message.Text{ID: "fault.member.no_role"}}}, nil
	}
	var found []Role
	var bad []fault.Field
	seen := map[access.TenantRoleID]bool{}
	for _, name := range names {
		r, err := s.find(ctx, region, name)
		var missing *fault.NotFound
		switch {
		case errors.As(err, &missing):
			bad = append(bad, fault.Field{Name: "role", Unknown: true, Text: message.Text{ID: "fault.tenantrole.unknown",
				Args: message.Args{"Name": name, "Nearest": strings.Join(missing.Nearest, ", ")}}})
		case err != nil:
			return nil, nil, err
		case !r.Assignable || r.GrantedBy == access.Nobody:
			bad = append(bad, fault.Field{Name: "role", Text: message.Text{ID: "fault.tenantrole.not_assignable",
				Args: message.Args{"Role": RoleName(r.TenantRole)}}})
		case !seen[r.ID]:
			seen[r.ID] = true
			found = append(found, r)
		}
	}
	return found, bad, nil
}
