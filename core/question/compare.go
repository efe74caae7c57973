package question

import (
	"context"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// RolesCompared is two roles side by side.
type RolesCompared struct {
	Target      control.Target
	A, B        access.Role
	Differences []access.Difference
}

// CompareRoles lists the modules on which two roles of a workspace differ.
func (s *Service) CompareRoles(ctx context.Context, ref control.Ref, a, b string) (RolesCompared, error) {
	return control.Ask(ctx, s.gate, control.Query[RolesCompared]{
		Action: action.AccessCompare,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, by control.Viewer) (c RolesCompared, err error) {
			state, err := s.store.AccessState(ctx, control.Scope{Workspace: t.Workspace, Principal: by.Principal})
			if err != nil {
				return c, err
			}
			snap, err := control.Compile(state, s.gate.Now())
			if err != nil {
				return c, err
			}
			c.Target = t
			if c.A, err = roleNamed(state.Roles, a); err != nil {
				return c, err
			}
			if c.B, err = roleNamed(state.Roles, b); err != nil {
				return c, err
			}
			c.Differences = snap.CompareRoles(c.A.ID, c.B.ID)
			return c, nil
		},
	})
}

// UsersCompared is what two users may do, side by side.
type UsersCompared struct {
	Target      control.Target
	A, B        access.Principal
	Differences []access.Difference
	// OnlyA and OnlyB are the capabilities in the workspace's region that the other has not.
	OnlyA, OnlyB access.Capabilities
	Snapshot     *access.Snapshot
}

// CompareUsers lists the modules of a workspace, and the capabilities in its region, on which two users differ.
func (s *Service) CompareUsers(ctx context.Context, ref control.Ref, a, b string) (UsersCompared, error) {
	return control.Ask(ctx, s.gate, control.Query[UsersCompared]{
		Action: action.AccessCompare,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (c UsersCompared, err error) {
			if c.A, err = s.store.Named(ctx, a); err != nil {
				return c, err
			}
			if c.B, err = s.store.Named(ctx, b); err != nil {
				return c, err
			}
			if c.Snapshot, err = s.gate.Snapshot(ctx, control.Scope{Workspace: t.Workspace, Region: t.Region}); err != nil {
				return c, err
			}
			c.Target = t
			c.Differences = c.Snapshot.ComparePrincipals(t.Workspace, c.A.ID, c.B.ID)
			ofA, ofB := c.Snapshot.CapabilitiesOf(t.Region, c.A.ID), c.Snapshot.CapabilitiesOf(t.Region, c.B.ID)
			c.OnlyA, c.OnlyB = ofA&^ofB, ofB&^ofA
			return c, nil
		},
	})
}

// CompareEdit tells who would lose and gain what if a custom role had other levels; modules that are not named stay as they
// are. It changes nothing, and asks for no right to change the role.
func (s *Service) CompareEdit(ctx context.Context, ref control.Ref, role string, levels map[access.Module]access.Level) (control.Outcome, error) {
	return control.Ask(ctx, s.gate, control.Query[control.Outcome]{
		Action: action.AccessCompare,
		Target: control.AtThing(s.store, ref, "role", role),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (out control.Outcome, err error) {
			state, err := s.store.AccessState(ctx, control.Scope{Workspace: t.Workspace})
			if err != nil {
				return out, err
			}
			r, err := roleNamed(state.Roles, role)
			if err != nil {
				return out, err
			}
			if r.Kind == access.Builtin {
				return out, &fault.Refused{
					Reason: message.Text{ID: "fault.role.builtin", Args: message.Args{"Role": control.RoleName(r)}},
					Way:    message.Text{ID: "fault.role.builtin.next"},
				}
			}
			for m, l := range levels {
				r.Levels = r.Levels.With(m, l)
			}
			if out.Before, err = control.Compile(state, s.gate.Now()); err != nil {
				return out, err
			}
			if out.After, err = control.Compile(state.WithRoleLevels(r.ID, r.Levels), s.gate.Now()); err != nil {
				return out, err
			}
			out.Effect = access.Compare(out.Before, out.After)
			return out, nil
		},
	})
}
