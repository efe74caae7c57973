package policy

import (
	"context"
	"slices"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// Simulation asks what a policy says to an operation, by itself or for somebody who would hold it.
type Simulation struct {
	// Document is a policy as JSON, saved nowhere; Policy names a saved one instead. Both may be empty if User is not.
	Document, Policy string
	// User, if not empty, is who would hold the policy beside everything they hold already.
	User string
	// Action is such as dataworks:ModifyWorkspace. Resource is an ARN; empty is everything that the action can be about.
	Action, Resource string
	// Scope is Page or OpenAPI; empty is Page.
	Scope string
}

// Verdict is the outcome of a simulation.
type Verdict string

// The verdicts.
const (
	Allowed Verdict = "allowed"
	Denied  Verdict = "denied"
	// Implicit is that nothing allows it, which refuses it as well.
	Implicit Verdict = "implicit"
)

// Simulated is the outcome of a simulation with what decides it.
type Simulated struct {
	Verdict Verdict
	// Asked is the question as it was answered.
	Asked access.ConsoleQuestion
	// Policy and Statement, which counts from 1, are the statement that decides. Statement is 0 where a power or nothing does;
	// Policy is empty for a document that is saved nowhere.
	Policy    string
	Statement int
	Text      access.Statement
	// Power is what decides in place of a statement.
	Power access.Power
	// Explanation and Snapshot are set if a user was named.
	Explanation *access.Explanation
	Snapshot    *access.Snapshot
}

// Simulate answers without saving anything.
func (s *Service) Simulate(ctx context.Context, in Simulation) (Simulated, error) {
	return control.Ask(ctx, s.gate, control.Query[Simulated]{
		Action: action.PolicySimulate,
		Target: on(in.Policy),
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (Simulated, error) {
			doc, err := s.simulated(ctx, in)
			if err != nil {
				return Simulated{}, err
			}
			if in.Action, err = control.ActionNamed(in.Action, in.scope()); err != nil {
				return Simulated{}, err
			}
			q := access.ConsoleQuestion{Action: in.Action, Resource: in.resource(), Scope: in.scope()}
			if in.User == "" {
				return alone(*doc, q), nil
			}
			return s.simulateFor(ctx, in.User, doc, q)
		},
	})
}

func (in Simulation) scope() string {
	if in.Scope == "" {
		return access.ScopePage
	}
	return in.Scope
}

func (in Simulation) resource() string {
	if in.Resource != "" {
		return in.Resource
	}
	for _, known := range access.ConsoleActions() {
		if known.Action == in.Action {
			return access.ARN("", known.Entity, "")
		}
	}
	return access.AnyName
}

// simulated finds the document asked about, nil for none, and says everything that is wrong with the question.
func (s *Service) simulated(ctx context.Context, in Simulation) (*access.Document, error) {
	var bad []fault.Field
	var doc *access.Document
	switch {
	case in.Document != "":
		parsed, wrong := parse(in.Document)
		doc, bad = &parsed, wrong
	case in.Policy != "":
		p, err := s.find(ctx, in.Policy)
		if err != nil {
			return nil, err
		}
		doc = &p.Document
	case in.User == "":
		bad = append(bad, fault.Field{Name: "document", Text: message.Text{ID: "fault.policy.simulate.nothing"}})
	}
	if in.Action == "" {
		bad = append(bad, fault.Field{Name: "action", Text: message.Text{ID: "fault.text.empty"}})
	}
	if sc := in.scope(); sc != access.ScopePage && sc != access.ScopeOpenAPI {
		bad = append(bad, fault.Field{Name: "scope", Text: message.Text{ID: "fault.policy.scope", Args: message.Args{"Scope": sc}}})
	}
	if len(bad) > 0 {
		return nil, &fault.Invalid{Fields: bad}
	}
	return doc, nil
}

// alone is what a document says by itself.
func alone(doc access.Document, q access.ConsoleQuestion) Simulated {
	out := Simulated{Verdict: Implicit, Asked: q}
	switch doc.Simulate(q.Action, q.Resource, q.Scope) {
	case access.Denies:
		out.Verdict = Denied
		out.name([]access.Document{doc}, access.Denies)
	case access.Allows:
		out.Verdict = Allowed
		out.name([]access.Document{doc}, access.Allows)
	case access.Silent:
	}
	return out
}

// name finds the first statement that by itself says what decides; ok is false where none does.
func (out *Simulated) name(docs []access.Document, says access.Verdict) (ok bool) {
	for _, doc := range docs {
		for i, st := range doc.Statements {
			single := access.Document{Statements: []access.Statement{st}}
			if single.Simulate(out.Asked.Action, out.Asked.Resource, out.Asked.Scope) == says {
				out.Policy, out.Statement, out.Text = doc.Name, i+1, st
				return true
			}
		}
	}
	return false
}

// simulateFor answers for a principal who would hold the document beside what they hold.
func (s *Service) simulateFor(ctx context.Context, user string, doc *access.Document, q access.ConsoleQuestion) (Simulated, error) {
	people, err := s.store.Principals(ctx, []string{user})
	if err != nil || len(people) == 0 {
		return Simulated{}, err
	}
	q.Principal = people[0].ID
	state, err := s.store.AccessState(ctx, control.Scope{Principal: q.Principal})
	if err != nil {
		return Simulated{}, err
	}
	state.Now = s.gate.Now().Unix()
	if doc != nil {
		state = holding(state, *doc, q.Principal)
	}
	snap, err := control.Compile(state, s.gate.Now())
	if err != nil {
		return Simulated{}, err
	}
	return decided(snap, q), nil
}

// decided puts the answer of the one evaluation into a verdict and names what decides.
func decided(snap *access.Snapshot, q access.ConsoleQuestion) Simulated {
	e := snap.ExplainConsole(q)
	out := Simulated{Verdict: Implicit, Asked: q, Explanation: &e, Snapshot: snap}
	var docs []access.Document
	for _, a := range snap.AttachmentsOf(q.Principal) {
		if doc, ok := snap.Document(a.Policy); ok {
			docs = append(docs, doc)
		}
	}
	switch {
	case e.Allowed:
		out.Verdict = Allowed
		if power := snap.Power(q.Principal); power == access.PowerAccount || !out.name(docs, access.Allows) {
			out.Power = power
		}
	case out.name(docs, access.Denies):
		out.Verdict = Denied
	}
	return out
}

// firstSimulated is above all ids of saved policies and of grants.
const firstSimulated = 1 << 31

// holding is the state with a document attached to a principal.
func holding(state access.State, doc access.Document, p access.PrincipalID) access.State {
	if doc.ID == 0 {
		doc.ID = firstSimulated
	}
	if !slices.ContainsFunc(state.Documents, func(d access.Document) bool { return d.ID == doc.ID }) {
		state.Documents = append(slices.Clone(state.Documents), doc)
	}
	next := access.GrantID(firstSimulated)
	for _, a := range state.Attachments {
		next = max(next, a.ID+1)
	}
	state.Attachments = append(slices.Clone(state.Attachments), access.Attachment{ID: next, Principal: p, Policy: doc.ID, At: state.Now})
	return state
}
