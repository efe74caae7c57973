package policy

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Service is the area's acts.
type Service struct {
	gate  *control.Gate
	store Store
}

// New makes the service.
func New(gate *control.Gate, store Store) *Service { return &Service{gate: gate, store: store} }

// nameRule is that of the vendor's access management for custom policies.
var nameRule = text.Rule{Key: true, Min: 1, Max: 128, First: letterOrDigit, Rest: func(r rune) bool {
	return letterOrDigit(r) || r == '-'
}, Form: "fault.policy.name.form"}

func letterOrDigit(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// NameFault says what is wrong with a policy's name by itself, for forms that answer while one types.
func NameFault(name string) (message.Text, bool) {
	t, ok := nameRule.Check(name)
	return t, !ok
}

// List lists the policies, the system ones first.
func (s *Service) List(ctx context.Context) ([]Policy, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Policy]{
		Action: action.PolicyList,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) ([]Policy, error) {
			return s.store.List(ctx, s.gate.Now())
		},
	})
}

// Get finds a policy by name.
func (s *Service) Get(ctx context.Context, name string) (Policy, error) {
	return control.Ask(ctx, s.gate, control.Query[Policy]{
		Action: action.PolicyShow,
		Target: on(name),
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (Policy, error) {
			return s.find(ctx, name)
		},
	})
}

// Attachments lists to whom a policy is attached.
func (s *Service) Attachments(ctx context.Context, name string) ([]Attachment, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Attachment]{
		Action: action.PolicyShow,
		Target: on(name),
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) ([]Attachment, error) {
			p, err := s.find(ctx, name)
			if err != nil {
				return nil, err
			}
			return s.store.Attachments(ctx, p.ID, 0, s.gate.Now())
		},
	})
}

// AttachedTo lists what is attached to a principal or a group itself.
func (s *Service) AttachedTo(ctx context.Context, user string) ([]Attachment, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Attachment]{
		Action: action.PolicyList,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) ([]Attachment, error) {
			people, err := s.store.Principals(ctx, []string{user})
			if err != nil || len(people) == 0 {
				return nil, err
			}
			return s.store.Attachments(ctx, 0, people[0].ID, s.gate.Now())
		},
	})
}

// Create makes a custom policy from its JSON.
func (s *Service) Create(ctx context.Context, name, document string) (Policy, error) {
	return control.Do(ctx, s.gate, control.Change[Policy]{
		Action: action.PolicyCreate,
		Target: on(name),
		Check: func(ctx context.Context, _ control.Target) ([]fault.Field, error) {
			_, bad := written(document)
			if what, wrong := NameFault(name); wrong {
				return append(bad, fault.Field{Name: "name", Text: what}), nil
			}
			all, err := s.store.List(ctx, s.gate.Now())
			if p, taken := named(all, name); taken {
				bad = append(bad, fault.Field{Name: "name", Taken: true, Text: message.Text{ID: "fault.policy.name.taken", Args: message.Args{"Name": p.Name}}})
			}
			return bad, err
		},
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Policy], error) {
			doc, _ := parse(document)
			doc.Name = name
			now := s.gate.Now()
			p, err := s.store.Insert(ctx, Policy{Document: doc, CreatedAt: now, ModifiedAt: now, Version: 1}, by.Principal)
			return control.Applied[Policy]{Value: p, After: p}, err
		},
	})
}

// parse reads a document; each thing wrong with it stands at a line and a column.
func parse(document string) (access.Document, []fault.Field) {
	doc, problems := problems(document)
	return doc, fields(problems)
}

// problem is what is wrong with a document, and where.
type problem struct {
	line, column int
	id           string
	args         message.Args
}

func problems(document string) (access.Document, []problem) {
	doc, err := access.ParseDocument([]byte(document))
	if err == nil {
		return doc, nil
	}
	var wrong access.DocumentErrors
	if !errors.As(err, &wrong) {
		wrong = access.DocumentErrors{{Line: 1, Column: 1, Problem: err.Error()}}
	}
	var all []problem
	for _, e := range wrong {
		all = append(all, problem{e.Line, e.Column, "fault.policy.document", message.Args{"Problem": e.Problem}})
	}
	return doc, all
}

func fields(problems []problem) []fault.Field {
	var all []fault.Field
	for _, p := range problems {
		p.args["Line"], p.args["Column"] = p.line, p.column
		all = append(all, fault.Field{Name: "document", Text: message.Text{ID: p.id, Args: p.args}})
	}
	return all
}

// written is parse for what somebody writes now, which must also name operations that there are, and resources that there can be. What
// is stored, or only simulated, is taken as it is.
func written(document string) (access.Document, []fault.Field) {
	doc, all := problems(document)
	for _, u := range access.UnknownOperations([]byte(document)) {
		id := "fault.policy.operation"
		if len(u.Nearest) > 0 {
			id = "fault.policy.operation.near"
		}
		all = append(all, problem{u.Line, u.Column, id, message.Args{"Action": u.Action, "Near": strings.Join(u.Nearest, ", ")}})
	}
	for _, u := range access.UnreachableResources([]byte(document)) {
		all = append(all, problem{u.Line, u.Column, "fault.policy.resource", message.Args{"Resource": u.Resource}})
	}
	slices.SortStableFunc(all, func(a, b problem) int { return cmp.Or(a.line-b.line, a.column-b.column) })
	return doc, fields(all)
}

// on is the target of what is done about a policy.
func on(name string) func(context.Context) (control.Target, error) {
	return func(context.Context) (control.Target, error) { return control.Target{Kind: "policy", Name: name}, nil }
}

// nearPolicies bounds the names that a refusal offers.
const nearPolicies = 3

// find finds a policy by name, in any case; fault.NotFound with near names otherwise.
func (s *Service) find(ctx context.Context, name string) (Policy, error) {
	all, err := s.store.List(ctx, s.gate.Now())
	if err != nil {
		return Policy{}, err
	}
	if p, ok := named(all, name); ok {
		return p, nil
	}
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = p.Name
	}
	return Policy{}, &fault.NotFound{What: "policy", Name: name, Nearest: text.Nearest(name, names, nearPolicies)}
}

func named(all []Policy, name string) (Policy, bool) {
	i := slices.IndexFunc(all, func(p Policy) bool { return strings.EqualFold(p.Name, strings.TrimSpace(name)) })
	if i < 0 {
		return Policy{}, false
	}
	return all[i], true
}

// custom finds a policy that may be changed.
func (s *Service) custom(ctx context.Context, name string) (Policy, error) {
	p, err := s.find(ctx, name)
	if err == nil && p.System {
		err = &fault.Refused{
			Reason: message.Text{ID: "fault.policy.system", Args: message.Args{"Name": p.Name}},
			Way:    message.Text{ID: "fault.policy.system.next"},
		}
	}
	return p, err
}
