package policy

import (
	"context"
	"slices"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
)

// OrderPolicy is the system policy that lets its holder buy.
const OrderPolicy = "AliyunBSSOrderAccess"

// Batch names principals or groups to attach a policy to, or to detach it from.
type Batch = guard.Batch

// Attach attaches a policy: to all of them, or to nobody if anything is wrong.
func (s *Service) Attach(ctx context.Context, name string, in Batch) ([]Attachment, error) {
	return control.Do(ctx, s.gate, s.attach(name, in))
}

// PreviewAttach tells who would gain and lose what.
func (s *Service) PreviewAttach(ctx context.Context, name string, in Batch) (control.Outcome, error) {
	in.OwnLoss = true // a preview is what tells of it
	return control.Preview(ctx, s.gate, s.attach(name, in))
}

// Detach takes a policy away from all of them, or from nobody if it is not attached to one.
func (s *Service) Detach(ctx context.Context, name string, in Batch) ([]Attachment, error) {
	return control.Do(ctx, s.gate, s.detach(name, in))
}

// PreviewDetach tells who would gain and lose what.
func (s *Service) PreviewDetach(ctx context.Context, name string, in Batch) (control.Outcome, error) {
	in.OwnLoss = true
	return control.Preview(ctx, s.gate, s.detach(name, in))
}

func (s *Service) attach(name string, in Batch) control.Change[[]Attachment] {
	until := guard.End(in.Until)
	return control.Change[[]Attachment]{
		Action: action.PolicyAttach,
		Target: on(name),
		Check: func(ctx context.Context, _ control.Target) ([]fault.Field, error) {
			people, bad, err := s.people(ctx, in.Users)
			for _, p := range people {
				if p.Power == access.PowerAccount {
					bad = append(bad, fault.Field{Name: "user", Text: message.Text{ID: "fault.policy.account", Args: message.Args{"Name": p.Name}}})
				}
			}
			return append(bad, guard.Until(s.gate.Now(), until)...), err
		},
		Apply: s.applied(name, in, func(ctx context.Context, p Policy, to access.Principal, by control.Actor) error {
			end := until
			if in.Longer {
				there, err := s.store.Attachments(ctx, p.ID, to.ID, s.gate.Now())
				if err != nil {
					return err
				}
				for _, a := range there {
					end = guard.Later(end, a.Until)
				}
			}
			return s.store.Attach(ctx, p.ID, to.ID, by.Principal, s.gate.Now(), end)
		}, s.mayAttach),
	}
}

func (s *Service) detach(name string, in Batch) control.Change[[]Attachment] {
	return control.Change[[]Attachment]{
		Action: action.PolicyDetach,
		Target: on(name),
		Check: func(ctx context.Context, _ control.Target) ([]fault.Field, error) {
			people, bad, err := s.people(ctx, in.Users)
			if err != nil {
				return bad, err
			}
			loose, err := s.unattached(ctx, name, people)
			return append(bad, loose...), err
		},
		Apply: s.applied(name, in, func(ctx context.Context, p Policy, from access.Principal, _ control.Actor) error {
			return s.store.Detach(ctx, p.ID, from.ID)
		}, nil),
	}
}

// unattached says to whom of some people a policy is not attached.
func (s *Service) unattached(ctx context.Context, name string, people []access.Principal) (bad []fault.Field, err error) {
	p, err := s.find(ctx, name)
	if err != nil {
		return nil, err
	}
	attached, err := s.attachedTo(ctx, p, people)
	for _, one := range people {
		if !slices.ContainsFunc(attached, func(a Attachment) bool { return a.Principal == one.ID }) {
			bad = append(bad, fault.Field{Name: "user", Unknown: true, Text: message.Text{ID: "fault.policy.unattached", Args: message.Args{
				"Policy": p.Name, "Name": one.Name}}})
		}
	}
	return bad, err
}

type apply func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[[]Attachment], error)

// applied does one thing about a policy and each of the people; may, if set, refuses the actor.
func (s *Service) applied(
	name string, in Batch,
	do func(ctx context.Context, p Policy, one access.Principal, by control.Actor) error,
	may func(ctx context.Context, p Policy, by control.Actor) error,
) apply {
	return func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[[]Attachment], error) {
		none := control.Applied[[]Attachment]{}
		p, err := s.find(ctx, name)
		if err != nil {
			return none, err
		}
		if may != nil {
			if err := may(ctx, p, by); err != nil {
				return none, err
			}
		}
		people, _, err := s.people(ctx, in.Users)
		if err != nil {
			return none, err
		}
		w, err := guard.Begin(ctx, s.store, control.Scope{}, by, s.gate.Now())
		if err != nil {
			return none, err
		}
		applied, err := guard.Between(ctx, w, in.OwnLoss,
			func() ([]Attachment, error) { return s.attachedTo(ctx, p, people) },
			func() error {
				for _, one := range people {
					if err := do(ctx, p, one, by); err != nil {
						return err
					}
				}
				return nil
			})
		applied.Target = called(t, p)
		return applied, err
	}
}

// mayAttach lets only the account hand out what makes its holder equal to it, or lets them buy: the documentation has the
// account grant these policies.
func (s *Service) mayAttach(ctx context.Context, p Policy, by control.Actor) error {
	if !p.System || p.Power == access.PowerNone && p.Name != OrderPolicy {
		return nil
	}
	state, err := s.store.AccessState(ctx, control.Scope{Principal: by.Principal})
	if err != nil {
		return err
	}
	var accounts []string
	for _, one := range state.Principals {
		if one.Power == access.PowerAccount {
			if one.ID == by.Principal {
				return nil
			}
			accounts = append(accounts, one.Name)
		}
	}
	return &fault.Denied{Action: string(action.PolicyAttach), Ask: accounts,
		Reason: message.Text{ID: "denied.policy.account", Args: message.Args{"Name": p.Name}}}
}

// attachedTo are the attachments of a policy to some people, never nil.
func (s *Service) attachedTo(ctx context.Context, p Policy, people []access.Principal) ([]Attachment, error) {
	all, err := s.store.Attachments(ctx, p.ID, 0, s.gate.Now())
	found := []Attachment{}
	for _, a := range all {
		if slices.ContainsFunc(people, func(one access.Principal) bool { return one.ID == a.Principal }) {
			found = append(found, a)
		}
	}
	return found, err
}

// people finds principals and groups by name, each once, and says which names nobody has.
func (s *Service) people(ctx context.Context, names []string) ([]access.Principal, []fault.Field, error) {
	return guard.Users(names, func(name string) (access.Principal, error) {
		found, err := s.store.Principals(ctx, []string{name})
		if err != nil {
			return access.Principal{}, err
		}
		return found[0], nil
	}, func(p access.Principal) access.PrincipalID { return p.ID })
}
