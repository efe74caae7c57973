package tenantrole

import (
	"context"
	"slices"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/message"
)

// Service is the area's acts.
type Service struct {
	gate  *control.Gate
	store Store
}

// New makes the service.
func New(gate *control.Gate, store Store) *Service { return &Service{gate: gate, store: store} }

// List lists the tenant roles of a region, the built-in ones first.
func (s *Service) List(ctx context.Context, region string) ([]Role, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Role]{
		Action: action.TenantRoleList,
		Target: s.at(region, "", ""),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Role, error) {
			return s.store.List(ctx, t.Region)
		},
	})
}

// Get finds a role by name or code.
func (s *Service) Get(ctx context.Context, region, name string) (Role, error) {
	return control.Ask(ctx, s.gate, control.Query[Role]{
		Action: action.TenantRoleShow,
		Target: s.at(region, "tenant_role", name),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Role, error) {
			return s.find(ctx, t.Region, name)
		},
	})
}

// Holders names up to limit principals and groups that hold a role by a grant in force.
func (s *Service) Holders(ctx context.Context, region, name string, limit int) ([]string, error) {
	return control.Ask(ctx, s.gate, control.Query[[]string]{
		Action: action.TenantRoleShow,
		Target: s.at(region, "tenant_role", name),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]string, error) {
			r, err := s.find(ctx, t.Region, name)
			if err != nil {
				return nil, err
			}
			return s.store.Holders(ctx, t.Region, r.ID, s.gate.Now(), limit)
		},
	})
}

// Members lists everybody of the tenant with the tenant roles they hold in the region. Everybody but groups is tenant member
// without a grant.
func (s *Service) Members(ctx context.Context, region string, q list.Query) (list.Page[Member], error) {
	return control.Ask(ctx, s.gate, control.Query[list.Page[Member]]{
		Action: action.TenantMemberList,
		Target: s.at(region, "", ""),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (list.Page[Member], error) {
			if err := q.Check(fields()...); err != nil {
				return list.Page[Member]{}, err
			}
			return s.store.Members(ctx, t.Region, s.gate.Now(), q)
		},
	})
}

// Create makes a custom role that grants these capabilities; a global module of which none is named is closed to whoever is
// only tenant member beside it.
func (s *Service) Create(ctx context.Context, region, name string, c access.Capabilities) (Role, error) {
	return control.Do(ctx, s.gate, control.Change[Role]{
		Action: action.TenantRoleCreate,
		Target: s.at(region, "tenant_role", name),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			bad := unoffered(c)
			if what, wrong := NameFault(name); wrong {
				return append(bad, fault.Field{Name: "name", Text: what}), nil
			}
			taken, err := s.nameTaken(ctx, t.Region, name)
			return append(bad, taken...), err
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Role], error) {
			now := s.gate.Now()
			r, err := s.store.Insert(ctx, t.Region, Role{
				TenantRole: access.TenantRole{Name: name, Kind: access.Custom, Region: t.Region, Capabilities: c, Assignable: true,
					GrantedBy: access.TenantAdministrators},
				CreatedAt: now, ModifiedAt: now, Version: 1,
			}, by.Principal)
			return control.Applied[Role]{Value: r, After: r}, err
		},
	})
}

// nameTaken refuses the name of another custom role of the region, in any case, and every name and spelling of a built-in one.
func (s *Service) nameTaken(ctx context.Context, region, name string) ([]fault.Field, error) {
	all, err := s.store.List(ctx, region)
	if err != nil {
		return nil, err
	}
	r, taken := named(all, name)
	if !taken {
		return nil, nil
	}
	return []fault.Field{control.NameTaken(name, r.Name, RoleName(r.TenantRole))}, nil
}

// unoffered says which capabilities the editor of custom roles does not offer.
func unoffered(c access.Capabilities) []fault.Field {
	var bad []fault.Field
	for _, one := range c.List() {
		if !slices.Contains(access.CustomCapabilities(), one) {
			bad = append(bad, fault.Field{Name: "capability", Text: message.Text{ID: "fault.tenantrole.capability",
				Args: message.Args{"Capability": one.Code()}}})
		}
	}
	return bad
}
