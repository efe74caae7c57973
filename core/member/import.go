package member

import (
	"context"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
)

// Plan says row by row what an import would do, and which rows it would hand back.
func (s *Service) Plan(ctx context.Context, ref control.Ref, in Import) (Plan, error) {
	return control.Ask(ctx, s.gate, control.Query[Plan]{
		Action: action.MemberPlan,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, by control.Viewer) (Plan, error) {
			if bad := in.check(); len(bad) > 0 {
				return Plan{}, &fault.Invalid{Fields: bad}
			}
			w, err := s.begin(ctx, t, by.Actor)
			if err != nil {
				return Plan{}, err
			}
			return s.plan(ctx, t, by.Actor, w, in)
		},
	})
}

// Import carries an import out: every good row in one change, and the others handed back in the plan.
func (s *Service) Import(ctx context.Context, ref control.Ref, in Import) (Plan, error) {
	return control.Do(ctx, s.gate, s.imports(ref, in))
}

// PreviewImport tells who would lose and gain what.
func (s *Service) PreviewImport(ctx context.Context, ref control.Ref, in Import) (control.Outcome, error) {
	in.OwnLoss = true
	return control.Preview(ctx, s.gate, s.imports(ref, in))
}

func (s *Service) imports(ref control.Ref, in Import) control.Change[Plan] {
	return control.Change[Plan]{
		Action: action.MemberImport,
		Target: control.At(s.store, ref),
		Check:  func(context.Context, control.Target) ([]fault.Field, error) { return in.check(), nil },
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Plan], error) {
			none := control.Applied[Plan]{}
			w, err := s.begin(ctx, t, by)
			if err != nil {
				return none, err
			}
			plan, err := s.plan(ctx, t, by, w, in)
			if err != nil {
				return none, err
			}
			if in.Seen != "" && in.Seen != plan.Fingerprint {
				return none, &fault.Refused{Reason: message.Text{ID: "fault.import.changed"}, Way: message.Text{ID: "fault.import.changed.next"}}
			}
			if plan.Empty() {
				return control.Applied[Plan]{Value: plan, Nothing: true}, nil
			}
			if err := s.carryOut(ctx, t, by, plan); err != nil {
				return none, err
			}
			_, err = w.End(ctx, in.OwnLoss)
			return control.Applied[Plan]{Value: plan, After: plan.record()}, err
		},
	}
}

func (in Import) check() []fault.Field {
	if len(in.Rows) == 0 {
		return fault.OneField("rows", "fault.import.empty", nil).Fields
	}
	return nil
}

func (s *Service) begin(ctx context.Context, t control.Target, by control.Actor) (*guard.Watch, error) {
	return guard.Begin(ctx, s.store, control.Scope{Workspace: t.Workspace}, by, s.gate.Now())
}

// carryOut makes the changes of a plan.
func (s *Service) carryOut(ctx context.Context, t control.Target, by control.Actor, plan Plan) error {
	var added, changed []Assignment
	var removed []access.PrincipalID
	var members []Member
	for _, d := range plan.Rows {
		switch d.Result {
		case Removes:
			removed = append(removed, d.member.Principal)
		case Adds:
			added = append(added, Assignment{Member: d.principal.ID, Roles: d.holds})
		case Changes:
			changed = append(changed, Assignment{Member: d.principal.ID, Roles: d.holds, Version: d.member.Version})
			members = append(members, d.member)
		case Same, Rejected, Kept:
		}
	}
	if err := s.store.RemoveAll(ctx, t.Workspace, removed); err != nil {
		return err
	}
	if err := s.store.AddAll(ctx, t.Workspace, added, by.Principal, s.gate.Now()); err != nil {
		return err
	}
	return s.assign(ctx, t, by, changed, members)
}
