package workspace

import (
	"cmp"
	"context"
	"slices"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// ToStandard asks for a simple workspace to become a standard one.
type ToStandard struct {
	// Acknowledged says that whoever asks knows that there is no way back.
	Acknowledged bool
	// Version is the version that was read; 0 takes whatever stands.
	Version int64
}

// Upgraded is what an upgrade did, or would do.
type Upgraded struct {
	Workspace
	// Engines have become pairs of one for development and one for production.
	Engines []EnginePair `json:"engines"`
	// Sources were copied to the environment of development.
	Sources []string `json:"sources"`
}

// EngineLoss is what a member loses in an engine: what was the only project is that of production now.
type EngineLoss struct {
	User   string `json:"user"`
	Engine string `json:"engine"`
	// EngineRole is the role by which it was had, or the account.
	EngineRole string `json:"engine_role"`
	// Grants is what was granted, as the documentation puts it; empty where that is not published.
	Grants string `json:"grants"`
}

// UpgradePreview is what an upgrade would do, and to whom.
type UpgradePreview struct {
	Upgraded
	Losses  []EngineLoss
	Outcome control.Outcome
}

// Upgrade makes a simple workspace a standard one, for good: engines and data sources double, and members keep what they
// had in the environment of development only. Only the account may; the documentation refuses it where the new Data
// Studio is in use.
func (s *Service) Upgrade(ctx context.Context, ref control.Ref, in ToStandard) (Upgraded, error) {
	return control.Do(ctx, s.gate, s.upgrade(ref, in))
}

// PreviewUpgrade tells what doubles and who loses what. It needs no acknowledgement.
func (s *Service) PreviewUpgrade(ctx context.Context, ref control.Ref) (UpgradePreview, error) {
	var p UpgradePreview
	var ws access.WorkspaceID
	c := s.upgrade(ref, ToStandard{Acknowledged: true})
	apply := c.Apply
	c.Apply = func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Upgraded], error) {
		applied, err := apply(ctx, t, by)
		p.Upgraded, ws = applied.Value, t.Workspace
		return applied, err
	}
	var err error
	if p.Outcome, err = control.Preview(ctx, s.gate, c); err != nil {
		return UpgradePreview{}, err
	}
	p.Losses = engineLosses(p.Outcome.Before, p.Outcome.After, ws)
	return p, nil
}

func (s *Service) upgrade(ref control.Ref, in ToStandard) control.Change[Upgraded] {
	return control.Change[Upgraded]{
		Action: action.WorkspaceUpgrade, Target: s.anywhere(ref),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			w, err := s.store.Get(ctx, t.Workspace)
			if err == nil {
				err = w.Upgradable()
			}
			if err != nil || in.Acknowledged {
				return nil, err
			}
			return []fault.Field{{Name: "acknowledge", Text: message.Text{ID: "fault.workspace.upgrade.acknowledge", Args: message.Args{"Name": w.Name}}}}, nil
		},
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[Upgraded], error) {
			none := control.Applied[Upgraded]{}
			before, after, err := write(ctx, s.store, t.Workspace, in.Version, func(_ context.Context, w *Workspace) error {
				w.Mode = Standard
				return nil
			})
			if err != nil {
				return none, err
			}
			up := Upgraded{Workspace: after, Engines: []EnginePair{}, Sources: []string{}}
			if s.near.Engines != nil {
				if up.Engines, err = s.near.Engines.Double(ctx, t.Workspace); err != nil {
					return none, err
				}
			}
			if s.near.Sources != nil {
				if up.Sources, err = s.near.Sources.Double(ctx, t.Workspace); err != nil {
					return none, err
				}
			}
			return control.Applied[Upgraded]{Value: up, Before: before, After: up}, nil
		},
	}
}

// engineLosses compares what each member could do in the only environment with what is left in that of production.
func engineLosses(before, after *access.Snapshot, ws access.WorkspaceID) []EngineLoss {
	names := map[uint32]string{}
	for _, e := range before.EnginesOf(ws) {
		names[e.ID] = e.Name
	}
	var losses []EngineLoss
	for _, p := range before.MembersOf(ws) {
		user, _ := before.Principal(p)
		if user.Group {
			continue
		}
		kept := map[access.EngineRight]bool{}
		for _, r := range after.EngineRights(ws, p) {
			if r.Environment == access.Prod {
				kept[had(r)] = true
			}
		}
		for _, r := range before.EngineRights(ws, p) {
			if gives(r) && !kept[had(r)] {
				losses = append(losses, EngineLoss{User: user.Name, Engine: names[r.Engine], EngineRole: cmp.Or(r.EngineRole, r.Account), Grants: r.Grants})
			}
		}
	}
	slices.SortFunc(losses, func(a, b EngineLoss) int {
		return cmp.Or(cmp.Compare(a.Engine, b.Engine), cmp.Compare(a.User, b.User), cmp.Compare(a.EngineRole, b.EngineRole))
	})
	return slices.Compact(losses)
}

// gives tells of a right that is one.
func gives(r access.EngineRight) bool { return r.Way != access.NoWay && r.Note != access.NoteRequest }

// had is a right as it is compared: whoever has a role of the engine in both has lost it all the same if in production it is
// granted nothing.
func had(r access.EngineRight) access.EngineRight {
	return access.EngineRight{Engine: r.Engine, Way: r.Way, EngineRole: r.EngineRole, Account: r.Account, Note: r.Note}
}
