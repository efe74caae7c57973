package tenantrole

import (
	"context"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
)

// Edit is what a custom role is to grant.
type Edit struct {
	Capabilities access.Capabilities
	// Version is the version that was read; 0 takes whatever stands, for commands that read and write in one go.
	Version int64
	// OwnLoss says that whoever asks means to lose rights of their own; without it such a change is refused.
	OwnLoss bool
}

// Set changes what a custom role grants.
func (s *Service) Set(ctx context.Context, region, name string, in Edit) (Role, error) {
	return control.Do(ctx, s.gate, s.set(region, name, in))
}

// PreviewSet tells who would lose and gain what.
func (s *Service) PreviewSet(ctx context.Context, region, name string, in Edit) (control.Outcome, error) {
	in.OwnLoss = true // a preview is what tells of it
	return control.Preview(ctx, s.gate, s.set(region, name, in))
}

func (s *Service) set(region, name string, in Edit) control.Change[Role] {
	return control.Change[Role]{
		Action: action.TenantRoleSet,
		Target: s.at(region, "tenant_role", name),
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			return unoffered(in.Capabilities), nil
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Role], error) {
			none := control.Applied[Role]{}
			before, err := s.custom(ctx, t.Region, name)
			if err != nil {
				return none, err
			}
			after := before
			after.Capabilities = in.Capabilities
			if in.Version != 0 && in.Version != before.Version {
				return none, conflict(before, after, in.Version)
			}
			if after.Capabilities == before.Capabilities {
				return control.Applied[Role]{Value: before, Nothing: true}, nil
			}
			after.ModifiedAt, after.ModifiedBy = s.gate.Now(), by.Name
			w, err := guard.Begin(ctx, s.store, control.Scope{Region: t.Region}, by, s.gate.Now())
			if err != nil {
				return none, err
			}
			ok, err := s.store.SetCapabilities(ctx, before.ID, after.Capabilities, before.Version, by.Principal, after.ModifiedAt)
			if err != nil {
				return none, err
			}
			if !ok {
				return none, conflict(before, after, before.Version)
			}
			now, err := w.End(ctx, in.OwnLoss)
			if err != nil {
				return none, err
			}
			more := after.Capabilities&^before.Capabilities != 0
			if more && before.Holders > 0 && now.TenantExceedsGrantor(t.Region, by.Principal, before.ID) {
				return none, guard.Exceeds(RoleName(before.TenantRole))
			}
			after.Version++
			return control.Applied[Role]{Value: after, Before: before, After: after, Target: called(t, before)}, nil
		},
	}
}

// Removal is how a role is deleted.
type Removal = guard.Removal

// Delete removes a custom role.
func (s *Service) Delete(ctx context.Context, region, name string, in Removal) (Role, error) {
	return control.Do(ctx, s.gate, s.remove(region, name, in))
}

// PreviewDelete tells who would lose what, and who gains what tenant members may do.
func (s *Service) PreviewDelete(ctx context.Context, region, name string, in Removal) (control.Outcome, error) {
	in.OwnLoss = true
	return control.Preview(ctx, s.gate, s.remove(region, name, in))
}

func (s *Service) remove(region, name string, in Removal) control.Change[Role] {
	return control.Change[Role]{
		Action: action.TenantRoleDelete,
		Target: s.at(region, "tenant_role", name),
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Role], error) {
			r, err := s.custom(ctx, t.Region, name)
			if err != nil {
				return control.Applied[Role]{}, err
			}
			return guard.Delete(ctx, s.store, control.Scope{Region: t.Region}, by, s.gate.Now(), in, guard.Deletion[Role]{
				Thing: r, Version: r.Version, Holders: r.Holders, Target: called(t, r),
				Held:     func(ctx context.Context) error { return s.held(ctx, t.Region, r) },
				Conflict: func(read int64) error { return conflict(r, Role{}, read) },
				Delete:   func(ctx context.Context) (bool, error) { return s.store.Delete(ctx, r.ID, r.Version) },
			})
		},
	}
}

func (s *Service) held(ctx context.Context, region string, r Role) error {
	names, err := s.store.Holders(ctx, region, r.ID, s.gate.Now(), guard.NamedHolders)
	if err != nil {
		return err
	}
	return guard.Held("fault.tenantrole.held", "fault.tenantrole.held.next", r.Name, r.Holders, names)
}

// called is the target under the role's own name, by whatever name or code it was asked for.
func called(t control.Target, r Role) *control.Target {
	t.Name = r.Name
	return &t
}

func conflict(theirs, mine Role, read int64) error {
	return &fault.Conflict{What: "tenant_role", Name: theirs.Name, Read: read, Now: theirs.Version, Mine: mine, Theirs: theirs, By: theirs.ModifiedBy}
}
