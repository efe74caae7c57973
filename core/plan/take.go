package plan

import (
	"context"
	"maps"
	"slices"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// together bounds how many members are added to a workspace, or changed in it, by one call of its area, where they are to hold
// the same roles. The area writes one audit entry for them.
const together = 100

// StepFault is what a step could not be taken for.
type StepFault struct {
	// Number counts the steps of the plan from 1.
	Number int
	Step   Step
	Err    error
}

// Kind is that of the error.
func (e *StepFault) Kind() fault.Kind { return fault.KindOf(e.Err) }

func (e *StepFault) Error() string { return "taking a step of a plan: " + e.Err.Error() }

// Unwrap gives the error underneath.
func (e *StepFault) Unwrap() error { return e.Err }

// Text names the step and says why it cannot be taken.
func (e *StepFault) Text() message.Text {
	return message.Text{ID: "fault.plan.step", Args: message.Args{"Number": e.Number, "What": e.Step.Text(), "Why": why(e.Err)}}
}

// Next is the way out that the error offers.
func (e *StepFault) Next() message.Text {
	if f, ok := asFault(e.Err); ok {
		return f.Next()
	}
	return message.Text{}
}

func why(err error) message.Text {
	if invalid, ok := err.(*fault.Invalid); ok { //nolint:errorlint // one inside another error has words of that one
		var all []message.Text
		for _, f := range invalid.Fields {
			all = append(all, f.Text)
		}
		return message.Text{ID: "list.joined", Args: message.Args{"Items": all}}
	}
	if f, ok := asFault(err); ok {
		return f.Text()
	}
	return message.Text{ID: "literal", Args: message.Args{"Text": err.Error()}}
}

// take takes the steps, in order.
func take(ctx context.Context, a Areas, steps []Step, ownLoss bool) error {
	for i := 0; i < len(steps); {
		run := alike(steps[i:])
		if err := takeRun(ctx, a, run, ownLoss); err != nil {
			return &StepFault{Number: i + 1, Step: steps[i], Err: err}
		}
		i += len(run)
	}
	return nil
}

// alike are the first steps that can be taken by one call: members of one workspace with the same roles.
func alike(steps []Step) []Step {
	first := steps[0]
	n := 1
	for first.Kind == KindMember && n < min(len(steps), together) {
		s := steps[n]
		if s.Kind != first.Kind || s.Verb != first.Verb || s.Region != first.Region || s.Workspace != first.Workspace || !sameHeld(s.Roles, first.Roles) {
			break
		}
		n++
	}
	return steps[:n]
}

func takeRun(ctx context.Context, a Areas, run []Step, ownLoss bool) error {
	s := run[0]
	switch s.Kind {
	case KindUserGroup:
		return takeUserGroup(ctx, a.Users, s, ownLoss)
	case KindPolicy:
		return takePolicy(ctx, a.Policies, s, ownLoss)
	case KindAttachment:
		if s.Verb == Remove {
			return a.Policies.Detach(ctx, s.Name, s.User, ownLoss)
		}
		return a.Policies.Attach(ctx, AttachmentState{s.Name, s.User, s.Until}, ownLoss)
	case KindTenantRole:
		return takeTenantRole(ctx, a.TenantRoles, s, ownLoss)
	case KindTenantMember:
		for _, r := range s.Roles {
			if err := a.TenantRoles.Grant(ctx, s.Region, s.Name, r, ownLoss); err != nil {
				return err
			}
		}
		if len(s.TakenRoles) == 0 {
			return nil
		}
		return a.TenantRoles.Revoke(ctx, s.Region, s.Name, s.TakenRoles, ownLoss)
	case KindWorkspace:
		ref := control.Ref{Region: s.Region, Workspace: s.Name}
		switch s.Verb {
		case Add:
			return a.Workspaces.Create(ctx, ref, s.draft())
		case Change:
			return a.Workspaces.Update(ctx, ref, s.draft())
		case Remove:
			return a.Workspaces.Delete(ctx, ref)
		}
	case KindRole:
		return takeRole(ctx, a.Roles, s, ownLoss)
	case KindMember:
		var names []string
		for _, one := range run {
			names = append(names, one.Name)
		}
		ref := control.Ref{Region: s.Region, Workspace: s.Workspace}
		switch s.Verb {
		case Add:
			return a.Members.Add(ctx, ref, names, s.Roles, ownLoss)
		case Change:
			return a.Members.SetRoles(ctx, ref, names, s.Roles, ownLoss)
		case Remove:
			return a.Members.Remove(ctx, ref, names, ownLoss)
		}
	}
	return &fault.Refused{Reason: message.Text{ID: "fault.plan.file.step", Args: message.Args{"Verb": string(s.Verb), "Kind": string(s.Kind)}}}
}

func takeUserGroup(ctx context.Context, users Users, s Step, ownLoss bool) error {
	if s.Verb == Add {
		if err := users.AddGroup(ctx, s.Name); err != nil {
			return err
		}
	}
	if len(s.Enter)+len(s.Leave) == 0 {
		return nil
	}
	return users.SetGroupMembers(ctx, s.Name, s.Enter, s.Leave, ownLoss)
}

func takePolicy(ctx context.Context, policies Policies, s Step, ownLoss bool) error {
	switch s.Verb {
	case Add:
		return policies.Create(ctx, s.Name, s.Document)
	case Remove:
		return policies.Delete(ctx, s.Name, ownLoss)
	default:
		return policies.Update(ctx, s.Name, s.Document, ownLoss)
	}
}

func takeTenantRole(ctx context.Context, roles TenantRoles, s Step, ownLoss bool) error {
	var c access.Capabilities
	for _, code := range s.Capabilities {
		one, err := access.ParseCapability(code)
		if err != nil {
			return &fault.NotFound{What: "capability", Name: code, Nearest: nearestOf(err)}
		}
		c = c.With(one)
	}
	switch s.Verb {
	case Add:
		return roles.Create(ctx, s.Region, s.Name, c)
	case Remove:
		return roles.Delete(ctx, s.Region, s.Name, ownLoss)
	default:
		return roles.Set(ctx, s.Region, s.Name, c, ownLoss)
	}
}

func takeRole(ctx context.Context, roles Roles, s Step, ownLoss bool) error {
	ref := control.Ref{Region: s.Region, Workspace: s.Workspace}
	if s.Verb == Remove {
		return roles.Delete(ctx, ref, s.Name, ownLoss)
	}
	levels := map[access.Module]access.Level{}
	all := access.AllWorkspace(access.None)
	for code, word := range s.Modules {
		m, err := access.ParseModule(access.PlaneWorkspace, code)
		if err != nil {
			return &fault.NotFound{What: "module", Name: code, Nearest: nearestOf(err)}
		}
		l, err := access.ParseLevel(word)
		if err != nil {
			return fault.OneField("modules", "fault.plan.level", message.Args{"Level": word})
		}
		levels[m], all = l, all.With(m, l)
	}
	if s.Verb == Add {
		if err := roles.Create(ctx, ref, s.Name, all); err != nil {
			return err
		}
	} else if len(levels) > 0 {
		if err := roles.Set(ctx, ref, s.Name, levels, ownLoss); err != nil {
			return err
		}
	}
	for _, engine := range slices.Sorted(maps.Keys(s.Engines)) {
		if err := roles.MapEngine(ctx, ref, s.Name, engine, s.Engines[engine]); err != nil {
			return err
		}
	}
	return nil
}
