package question

import (
	"context"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

func (s *Service) explain(ctx context.Context, id action.ID, q Subject) (Answer, error) {
	var user access.Principal
	return control.Ask(ctx, s.gate, control.Query[Answer]{
		Action: id,
		Target: func(ctx context.Context) (t control.Target, err error) {
			if t, err = s.place(ctx, q); err != nil {
				return t, err
			}
			user, err = s.store.Named(ctx, q.User)
			t.Kind, t.Name, t.About = "user", q.User, user.ID
			return t, err
		},
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Answer, error) {
			if err := q.check(); err != nil {
				return Answer{}, err
			}
			if q.Plane == Console {
				var err error
				if q.Action, err = control.ActionNamed(q.Action, q.Scope); err != nil {
					return Answer{}, err
				}
			}
			snap, err := s.gate.Snapshot(ctx, q.reach(t, user.ID))
			if err != nil {
				return Answer{}, err
			}
			a := Answer{Plane: q.Plane, Target: t, User: user, Snapshot: snap}
			switch q.Plane {
			case Workspace:
				a.Explanation = snap.Explain(access.Question{Principal: user.ID, Workspace: t.Workspace, Module: q.Module, Level: q.Level})
				a.Engines = snap.EngineRights(t.Workspace, user.ID)
			case Tenant:
				a.Explanation = explainTenant(snap, t.Region, user.ID, q.wanted())
			case Console:
				a.Explanation = snap.ExplainConsole(access.ConsoleQuestion{Principal: user.ID, Action: q.Action, Resource: q.resource(t), Scope: q.Scope})
			}
			return a, nil
		},
	})
}

// place is where a question is asked.
func (s *Service) place(ctx context.Context, q Subject) (control.Target, error) {
	switch {
	case q.Plane == Tenant, q.Plane == Console && q.Ref.Workspace == "" && q.Ref.Region != "":
		return s.store.Region(ctx, q.Ref.Region)
	case q.Plane == Console && q.Ref.Workspace == "":
		return control.Target{}, nil
	}
	return s.store.Place(ctx, q.Ref)
}

// reach is what has to be read for the answer.
func (q Subject) reach(t control.Target, user access.PrincipalID) control.Scope {
	switch q.Plane {
	case Workspace:
		return control.Scope{Workspace: t.Workspace, Principal: user}
	case Tenant:
		return control.Scope{Region: t.Region, Principal: user}
	case Console:
	}
	return control.Scope{Principal: user}
}

// check says what is missing or not there in a question. What a plane does not govern is a fair question, answered with no.
func (q Subject) check() error {
	var bad []fault.Field
	switch q.Plane {
	case Workspace:
	case Tenant:
		if len(q.wanted()) == 0 {
			bad = append(bad, fault.Field{Name: "capability", Text: message.Text{ID: "fault.question.capability"}})
		}
	case Console:
		if q.Action == "" {
			bad = append(bad, fault.Field{Name: "action", Text: message.Text{ID: "fault.text.empty"}})
		}
		if q.Scope != "" && q.Scope != access.ScopePage && q.Scope != access.ScopeOpenAPI {
			bad = append(bad, fault.Field{Name: "scope", Text: message.Text{ID: "fault.policy.scope", Args: message.Args{"Scope": q.Scope}}})
		}
	default:
		bad = append(bad, fault.Field{Name: "plane", Text: message.Text{ID: "fault.question.plane"}})
	}
	if len(bad) > 0 {
		return &fault.Invalid{Fields: bad}
	}
	return nil
}

// wanted are the capabilities of which any one answers the question with yes.
func (q Subject) wanted() []access.Capability {
	return Wanted{Capability: q.Capability, Module: q.Module, Level: q.Level}.any()
}

// Wanted is what is asked for on the tenant plane: a capability, or a level on a global module.
type Wanted struct {
	Capability access.Capability
	// Module and Level count where Capability is 0.
	Module access.Module
	Level  access.Level
}

// any are the capabilities of which any one is enough: to read a module, any that it has; to write, one that manages.
func (w Wanted) any() []access.Capability {
	if w.Capability != 0 {
		return []access.Capability{w.Capability}
	}
	var enough []access.Capability
	for _, c := range access.AllCapabilities() {
		if c.Module() == w.Module && w.Level != access.None && c.Level() >= w.Level {
			enough = append(enough, c)
		}
	}
	return enough
}

// explainTenant explains the first capability that is held, or else the first of those that would do.
func explainTenant(snap *access.Snapshot, region string, user access.PrincipalID, wanted []access.Capability) access.Explanation {
	for _, c := range wanted {
		if q := (access.TenantQuestion{Principal: user, Region: region, Capability: c}); snap.DecideTenant(q) {
			return snap.ExplainTenant(q)
		}
	}
	return snap.ExplainTenant(access.TenantQuestion{Principal: user, Region: region, Capability: wanted[0]})
}

// resource is the ARN that a question about the console is about: the one given, or the workspace asked about, or everything
// of the kind that the action is about.
func (q Subject) resource(t control.Target) string {
	if q.Resource != "" {
		return q.Resource
	}
	entity := access.EntityWorkspace
	for _, known := range access.ConsoleActions() {
		if known.Action == q.Action {
			entity = known.Entity
		}
	}
	name := access.AnyName
	if entity == access.EntityWorkspace && t.WorkspaceName != "" {
		name = t.WorkspaceName
	}
	return access.ARN(t.Region, entity, name)
}

// broken tells a failure to answer from an answer that is none.
func broken(err error) bool {
	if err == nil {
		return false
	}
	kind := fault.KindOf(err)
	return kind == fault.KindFailed || kind == fault.KindUnavailable
}
