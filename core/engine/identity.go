package engine

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
)

// IdentityChange says as whom the tasks of an engine run from now on.
type IdentityChange struct {
	Engine string
	// Dev and Prod are the access identities of the two environments, in a workspace of the simple mode Prod is that of the only one;
	// nil leaves one as it is, and an empty one is none.
	Dev, Prod *string
	// Version is the version of the engine that was read; 0 takes whatever stands.
	Version int64
}

// SetIdentities changes the access identities of an engine. Whoever may bind it with an identity may give it another.
func (s *Service) SetIdentities(ctx context.Context, ref control.Ref, in IdentityChange) (Engine, error) {
	return control.Do(ctx, s.gate, control.Change[Engine]{
		Action: action.EngineSetIdentity,
		Target: control.AtThing(s.store, ref, "engine", in.Engine),
		Check: func(context.Context, control.Target) (bad []fault.Field, err error) {
			if in.Dev == nil && in.Prod == nil {
				bad = append(bad, fault.OneField("identity", "fault.engine.no_identity", nil).Fields...)
			}
			for field, identity := range map[string]*string{"dev_identity": in.Dev, "prod_identity": in.Prod} {
				if identity == nil || *identity == "" {
					continue
				}
				if what, ok := identityRule.Check(*identity); !ok {
					bad = append(bad, fault.Field{Name: field, Text: what})
				}
			}
			slices.SortFunc(bad, func(a, b fault.Field) int { return strings.Compare(a.Name, b.Name) })
			return bad, nil
		},
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[Engine], error) {
			before, err := s.read(ctx, t.Workspace, in.Engine, in.Version)
			if err != nil {
				return control.Applied[Engine]{}, err
			}
			dev, prod := *cmp.Or(in.Dev, &before.DevIdentity), *cmp.Or(in.Prod, &before.ProdIdentity)
			if dev == before.DevIdentity && prod == before.ProdIdentity {
				return control.Applied[Engine]{Value: before, Nothing: true}, nil
			}
			ok, err := s.store.SetIdentities(ctx, before.ID, dev, prod, before.Version)
			return s.mapped(ctx, t, before, ok, err)
		},
	})
}
