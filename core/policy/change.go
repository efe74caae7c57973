package policy

import (
	"context"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
)

// Edit is a new document for a custom policy.
type Edit struct {
	// Document is the whole document as JSON.
	Document string
	// Version is the version that was read; 0 takes whatever stands, for commands that read and write in one go.
	Version int64
	// OwnLoss says that whoever asks means to lose rights of their own; without it such a change is refused.
	OwnLoss bool
}

// Update changes what a custom policy says.
func (s *Service) Update(ctx context.Context, name string, in Edit) (Policy, error) {
	return control.Do(ctx, s.gate, s.update(name, in))
}

// PreviewUpdate tells who would lose and gain what.
func (s *Service) PreviewUpdate(ctx context.Context, name string, in Edit) (control.Outcome, error) {
	in.OwnLoss = true // a preview is what tells of it
	return control.Preview(ctx, s.gate, s.update(name, in))
}

func (s *Service) update(name string, in Edit) control.Change[Policy] {
	return control.Change[Policy]{
		Action: action.PolicyUpdate,
		Target: on(name),
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			_, bad := written(in.Document)
			return bad, nil
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Policy], error) {
			none := control.Applied[Policy]{}
			before, err := s.custom(ctx, name)
			if err != nil {
				return none, err
			}
			doc, _ := parse(in.Document)
			after := before
			after.Statements = doc.Statements
			if in.Version != 0 && in.Version != before.Version {
				return none, conflict(before, after, in.Version)
			}
			if string(access.FormatDocument(after.Document)) == string(access.FormatDocument(before.Document)) {
				return control.Applied[Policy]{Value: before, Nothing: true}, nil
			}
			after.ModifiedAt, after.ModifiedBy = s.gate.Now(), by.Name
			err = s.guarded(ctx, by, in.OwnLoss, func() error {
				ok, err := s.store.SetStatements(ctx, before.ID, after.Statements, before.Version, by.Principal, after.ModifiedAt)
				if err == nil && !ok {
					err = conflict(before, after, before.Version)
				}
				return err
			})
			after.Version++
			return control.Applied[Policy]{Value: after, Before: before, After: after, Target: called(t, before)}, err
		},
	}
}

// Removal is how a policy is deleted; to take it away is to detach it from everybody.
type Removal = guard.Removal

// Delete removes a custom policy.
func (s *Service) Delete(ctx context.Context, name string, in Removal) (Policy, error) {
	return control.Do(ctx, s.gate, s.remove(name, in))
}

// PreviewDelete tells who would lose and gain what.
func (s *Service) PreviewDelete(ctx context.Context, name string, in Removal) (control.Outcome, error) {
	in.OwnLoss = true
	return control.Preview(ctx, s.gate, s.remove(name, in))
}

func (s *Service) remove(name string, in Removal) control.Change[Policy] {
	return control.Change[Policy]{
		Action: action.PolicyDelete,
		Target: on(name),
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Policy], error) {
			p, err := s.custom(ctx, name)
			if err != nil {
				return control.Applied[Policy]{}, err
			}
			return guard.Delete(ctx, s.store, control.Scope{}, by, s.gate.Now(), in, guard.Deletion[Policy]{
				Thing: p, Version: p.Version, Holders: p.Attached, Target: called(t, p),
				Held:     func(ctx context.Context) error { return s.held(ctx, p) },
				Conflict: func(read int64) error { return conflict(p, Policy{}, read) },
				Delete:   func(ctx context.Context) (bool, error) { return s.store.Delete(ctx, p.ID, p.Version) },
			})
		},
	}
}

func (s *Service) held(ctx context.Context, p Policy) error {
	attached, err := s.store.Attachments(ctx, p.ID, 0, s.gate.Now())
	if err != nil {
		return err
	}
	var names []string
	for _, a := range attached[:min(len(attached), guard.NamedHolders)] {
		names = append(names, a.User)
	}
	return guard.Held("fault.policy.attached", "fault.policy.attached.next", p.Name, len(attached), names)
}

// guarded makes a change and refuses it afterwards if it raises the actor's own rights, or takes some without ownLoss.
func (s *Service) guarded(ctx context.Context, by control.Actor, ownLoss bool, change func() error) error {
	return guard.During(ctx, s.store, control.Scope{}, by, s.gate.Now(), ownLoss, change)
}

// called is the target under the policy's own name.
func called(t control.Target, p Policy) *control.Target {
	t.Name = p.Name
	return &t
}

func conflict(theirs, mine Policy, read int64) error {
	return &fault.Conflict{What: "policy", Name: theirs.Name, Read: read, Now: theirs.Version, Mine: mine, Theirs: theirs, By: theirs.ModifiedBy}
}
