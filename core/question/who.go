package question

import (
	"cmp"
	"context"
	"slices"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
)

// Holders is who may do something, with what is needed to put it into words.
type Holders struct {
	Target control.Target
	Module access.Module
	Level  access.Level
	// Capability is set where one was asked about.
	Capability access.Capability
	Holders    []access.Holder
	Snapshot   *access.Snapshot
}

// Who lists everyone who may use a module at a level, with the way each got it.
func (s *Service) Who(ctx context.Context, ref control.Ref, m access.Module, l access.Level) (Holders, error) {
	return control.Ask(ctx, s.gate, control.Query[Holders]{
		Action: action.AccessWho,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Holders, error) {
			snap, err := s.gate.Snapshot(ctx, control.Scope{Workspace: t.Workspace})
			if err != nil {
				return Holders{}, err
			}
			return Holders{Target: t, Module: m, Level: l, Holders: snap.WhoCan(t.Workspace, m, l), Snapshot: snap}, nil
		},
	})
}

// WhoTenant lists everyone who has a capability in a region, or may use a global module at a level, with the way each got it.
func (s *Service) WhoTenant(ctx context.Context, region string, w Wanted) (Holders, error) {
	return control.Ask(ctx, s.gate, control.Query[Holders]{
		Action: action.AccessWho,
		Target: func(ctx context.Context) (control.Target, error) { return s.store.Region(ctx, region) },
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Holders, error) {
			if err := (Subject{Plane: Tenant, Module: w.Module, Level: w.Level, Capability: w.Capability}).check(); err != nil {
				return Holders{}, err
			}
			snap, err := s.gate.Snapshot(ctx, control.Scope{Region: t.Region})
			if err != nil {
				return Holders{}, err
			}
			h := Holders{Target: t, Module: w.Module, Level: w.Level, Capability: w.Capability, Snapshot: snap}
			for _, c := range w.any() {
				h.Holders = merged(h.Holders, snap.TenantWhoCan(t.Region, c))
			}
			return h, nil
		},
	})
}

// merged adds holders of one more capability: each principal once, with the highest level and all the ways.
func merged(all, more []access.Holder) []access.Holder {
	for _, h := range more {
		i := slices.IndexFunc(all, func(one access.Holder) bool { return one.Principal == h.Principal })
		if i < 0 {
			all = append(all, h)
			continue
		}
		all[i].Level = max(all[i].Level, h.Level)
		for _, way := range h.Because {
			if !slices.Contains(all[i].Because, way) {
				all[i].Because = append(all[i].Because, way)
			}
		}
	}
	slices.SortFunc(all, func(a, b access.Holder) int { return cmp.Compare(a.Principal, b.Principal) })
	return all
}

// Spots is where a user may do something.
type Spots struct {
	User     access.Principal
	Module   access.Module
	Level    access.Level
	Spots    []Spot
	Snapshot *access.Snapshot
}

// Spot is one workspace in which a user may do what was asked.
type Spot struct {
	Workspace access.Workspace
	// Level is the level held, which may be above the one asked for.
	Level access.Level
	// Because are the ways it was got, strongest first.
	Because []access.Contribution
}

// Where lists the workspaces of the tenant in which a user may use a module at a level, by region and name.
func (s *Service) Where(ctx context.Context, user string, m access.Module, l access.Level) (Spots, error) {
	var found access.Principal
	return control.Ask(ctx, s.gate, control.Query[Spots]{
		Action: action.AccessWhere,
		Target: func(ctx context.Context) (t control.Target, err error) {
			found, err = s.store.Named(ctx, user)
			return control.Target{Kind: "user", Name: user, About: found.ID}, err
		},
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (Spots, error) {
			state, err := s.store.AccessState(ctx, control.Scope{Everything: true, Principal: found.ID})
			if err != nil {
				return Spots{}, err
			}
			snap, err := control.Compile(state, s.gate.Now())
			if err != nil {
				return Spots{}, err
			}
			names := make(map[access.WorkspaceID]access.Workspace, len(state.Workspaces))
			for _, w := range state.Workspaces {
				names[w.ID] = w
			}
			out := Spots{User: found, Module: m, Level: l, Snapshot: snap}
			for _, p := range snap.Where(found.ID, m, l) {
				out.Spots = append(out.Spots, Spot{Workspace: names[p.Workspace], Level: p.Level, Because: p.Because})
			}
			slices.SortStableFunc(out.Spots, func(a, b Spot) int {
				return cmp.Or(cmp.Compare(a.Workspace.Region, b.Workspace.Region), cmp.Compare(a.Workspace.Name, b.Workspace.Name))
			})
			return out, nil
		},
	})
}
