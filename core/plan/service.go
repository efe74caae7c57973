package plan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// Service is the area's acts.
type Service struct {
	gate  *control.Gate
	store Store
	areas Areas
}

// New makes the service.
func New(gate *control.Gate, store Store, areas Areas) *Service {
	return &Service{gate: gate, store: store, areas: areas}
}

// Make finds the steps from what there is to what a document says, as far as who asks can see. It changes nothing.
func (s *Service) Make(ctx context.Context, document []byte, how Reading) (Plan, error) {
	return control.Ask(ctx, s.gate, control.Query[Plan]{
		Action: action.PlanMake,
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) (Plan, error) {
			doc, wrong := read(document, how)
			steps, rests, err := build(control.Remembering(ctx), s.now(), doc, wrong, s.gate.Now())
			if err != nil {
				return Plan{}, err
			}
			sum := sha256.Sum256(document)
			p := Plan{Steps: steps, Rests: rests, Document: hex.EncodeToString(sum[:]), MadeBy: by.Name, MadeAt: s.gate.Now()}
			p.Database, err = s.store.Database(ctx)
			return p, err
		},
	})
}

// Done is what came of applying a plan.
type Done struct {
	Document string `json:"document"`
	Add      int    `json:"add"`
	Change   int    `json:"change"`
	Remove   int    `json:"remove"`
}

// Applying says how a plan is applied.
type Applying struct {
	// OwnLoss says that whoever asks means to lose rights of their own; without it a step that takes some is refused.
	OwnLoss bool
}

// Apply takes all steps of a plan in one transaction, or none: each with the rights of who asks, the checks of its area and an
// audit entry of its own. A plan of another database is refused, and one of whose records a single one is not as it was when
// the plan was made.
func (s *Service) Apply(ctx context.Context, p Plan, how Applying) (Done, error) {
	return control.Do(ctx, s.gate, s.apply(p, how, nil))
}

// Foresight is what a plan would do to access.
type Foresight struct {
	control.Outcome
	// Made are the workspaces that it would make, by the ids that they have in the outcome.
	Made map[access.WorkspaceID]control.Ref
}

// Preview tells who would lose and gain what, by taking the steps and keeping nothing. Where all of them are in one workspace
// that is compared, otherwise everything.
func (s *Service) Preview(ctx context.Context, p Plan) (f Foresight, err error) {
	f.Made = map[access.WorkspaceID]control.Ref{}
	f.Outcome, err = control.Preview(ctx, s.gate, s.apply(p, Applying{OwnLoss: true}, f.Made)) // a preview is what tells of it
	return f, err
}

// apply is the change that takes all steps. made, if not nil, gets the workspaces that they make.
func (s *Service) apply(p Plan, how Applying, made map[access.WorkspaceID]control.Ref) control.Change[Done] {
	return control.Change[Done]{
		Action:  action.PlanApply,
		Several: true,
		Target:  func(ctx context.Context) (control.Target, error) { return s.target(ctx, p) },
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[Done], error) {
			none := control.Applied[Done]{}
			database, err := s.store.Database(ctx)
			if err != nil {
				return none, err
			}
			if database != p.Database {
				return none, &fault.Refused{Reason: message.Text{ID: "fault.plan.database"}, Way: message.Text{ID: "fault.plan.file.again"}}
			}
			if err := s.unmoved(ctx, p); err != nil {
				return none, err
			}
			if err := take(ctx, s.areas, p.Steps, how.OwnLoss); err != nil {
				return none, err
			}
			if made != nil {
				if err := s.findMade(ctx, p, made); err != nil {
					return none, err
				}
			}
			n := p.Count()
			done := Done{Document: p.Document, Add: n.Add, Change: n.Change, Remove: n.Remove}
			return control.Applied[Done]{Value: done, After: done, Nothing: len(p.Steps) == 0}, nil
		},
	}
}

func (s *Service) findMade(ctx context.Context, p Plan, made map[access.WorkspaceID]control.Ref) error {
	for _, step := range p.Steps {
		if step.Kind != KindWorkspace || step.Verb != Add {
			continue
		}
		ref := control.Ref{Region: step.Region, Workspace: step.Name}
		t, err := s.store.Place(ctx, ref)
		if err != nil {
			return err
		}
		made[t.Workspace] = ref
	}
	return nil
}

// target is the workspace that all steps of a plan are in, if there is one, otherwise the tenant.
func (s *Service) target(ctx context.Context, p Plan) (control.Target, error) {
	t := control.Target{Kind: "plan", Name: p.Document[:min(len(p.Document), shortHash)]}
	var common control.Ref
	for _, step := range p.Steps {
		ref := control.Ref{Region: step.Region, Workspace: step.Workspace}
		if step.Kind == KindWorkspace && step.Verb == Change {
			ref.Workspace = step.Name
		}
		if ref.Workspace == "" || common.Workspace != "" && common != ref {
			return t, nil
		}
		common = ref
	}
	if common.Workspace == "" {
		return t, nil
	}
	there, err := s.store.Place(ctx, common)
	if fault.KindOf(err) == fault.KindNotFound {
		return t, nil // the steps say so better
	}
	there.Kind, there.Name = t.Kind, t.Name
	return there, err
}

// shortHash is how much of a hash names a plan to people.
const shortHash = 12

// listed bounds the records that a refusal names.
const listed = 10

// unmoved refuses a plan if a record of it is not as it was.
func (s *Service) unmoved(ctx context.Context, p Plan) error {
	now := s.now()
	var moved []message.Text
	count := 0
	for _, step := range slices.Concat(p.Steps, p.Rests) {
		seen, err := now.look(ctx, step)
		if err != nil {
			return err
		}
		if seen == step.Seen {
			continue
		}
		if count++; count <= listed {
			moved = append(moved, message.Text{ID: movedHow(step.Seen, seen), Args: message.Args{
				"What": step.Text(), "Read": step.Seen.Version, "Now": seen.Version}})
		}
	}
	if count == 0 {
		return nil
	}
	return &fault.Refused{
		Reason: message.Text{ID: "fault.plan.moved", Args: message.Args{"Count": count, "Records": message.Text{ID: "list.joined", Args: message.Args{"Items": moved}}}},
		Way:    message.Text{ID: "fault.plan.file.again"},
	}
}

// movedHow says what became of a record.
func movedHow(before, now Seen) string {
	switch {
	case before.State == "":
		return "fault.plan.moved.made"
	case now.State == "":
		return "fault.plan.moved.gone"
	case before.Version != now.Version:
		return "fault.plan.moved.version"
	}
	return "fault.plan.moved.changed"
}

// Scope is what is exported: one workspace, a region, or with neither all that who asks can see.
type Scope struct {
	Region    string
	Workspace control.Ref
}

// Export writes what there is as a document, in an order that depends on nothing else: the same state is the same bytes.
func (s *Service) Export(ctx context.Context, scope Scope, to io.Writer) error {
	_, err := control.Ask(ctx, s.gate, control.Query[struct{}]{
		Action: action.PlanExport,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (struct{}, error) {
			w := newWriter(to)
			err := s.export(control.Remembering(ctx), scope, w)
			if err == nil {
				err = w.flush()
			}
			return struct{}{}, err
		},
	})
	return err
}
