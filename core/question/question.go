// Package question answers who may do what and why, on all planes, from the same evaluation that decides.
package question

import (
	"context"
	"math"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
)

// Store is what this area needs of storage.
type Store interface {
	control.Places
	// Named finds a principal by name; fault.NotFound with near names otherwise.
	Named(ctx context.Context, name string) (access.Principal, error)
	// Region finds an activated region as a target; fault.NotFound (what: region) with near ones otherwise.
	Region(ctx context.Context, id string) (control.Target, error)
	// Members lists the members of a workspace; filter and sort know the field name.
	Members(ctx context.Context, ws access.WorkspaceID, q list.Query) (list.Page[access.Principal], error)
	AccessState(ctx context.Context, s control.Scope) (access.State, error)
}

// Service is the area's questions.
type Service struct {
	gate  *control.Gate
	store Store
}

// New makes the service.
func New(gate *control.Gate, store Store) *Service { return &Service{gate: gate, store: store} }

// everybody is whom a question is about that is about nobody in particular, so that it is never one about oneself.
const everybody access.PrincipalID = math.MaxUint32

// Plane is what a question is about.
type Plane uint8

// The planes.
const (
	// Workspace asks about a module of a workspace: Ref, Module and Level.
	Workspace Plane = iota
	// Tenant asks about the tenant plane of a region: Ref.Region and Capability, or a global Module and Level.
	Tenant
	// Console asks about an operation of the console: Action, and Resource, or the workspace or region of Ref.
	Console
)

// Subject asks about one principal on one of the planes; what the plane does not name is not looked at.
type Subject struct {
	Plane  Plane
	Ref    control.Ref
	User   string
	Module access.Module
	Level  access.Level
	// Capability may be 0 where Module and Level are asked about.
	Capability access.Capability
	// Action is such as dataworks:ModifyWorkspace. Resource is an ARN; where it is empty it is made of Ref.
	Action, Resource string
	// Scope is Page or OpenAPI; empty is Page.
	Scope string
}

// Answer is an explanation with what is needed to put it into words.
type Answer struct {
	access.Explanation
	Plane    Plane
	Target   control.Target
	User     access.Principal
	Snapshot *access.Snapshot
	// Engines is what the user may do in the engines of the workspace, apart from all modules; only for a question about a
	// workspace.
	Engines []access.EngineRight
}

// Grants are what the user could ask for to be answered yes, the nearest first; nothing for a yes.
func (a Answer) Grants() []fault.Grant {
	var grants []fault.Grant
	if a.Allowed {
		return nil
	}
	for _, way := range a.Ways {
		if g, ok := control.GrantOf(a.Snapshot, way, a.Target); ok {
			grants = append(grants, g)
		}
	}
	return grants
}

// Check decides.
func (s *Service) Check(ctx context.Context, q Subject) (Answer, error) {
	return s.explain(ctx, action.AccessCheck, q)
}

// Why decides and explains: every contribution, strongest first, and on a refusal the cheapest ways to get it.
func (s *Service) Why(ctx context.Context, q Subject) (Answer, error) {
	return s.explain(ctx, action.AccessWhy, q)
}

// Item is the answer to one question of a batch, or why there is none.
type Item struct {
	Answer Answer
	// Err is why the question was not answered: who asks may not, or something in it is not there. It is no permission.
	Err error
}

// Batch decides many questions on one consistent state, in their order, each as Check does. It fails as a whole only where the
// answers cannot be read at all.
func (s *Service) Batch(ctx context.Context, in []Subject) ([]Item, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Item]{
		Action: action.AccessBatch,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) ([]Item, error) {
			ctx = control.Remembering(ctx)
			items := make([]Item, len(in))
			for i, q := range in {
				items[i].Answer, items[i].Err = s.explain(ctx, action.AccessCheck, q)
				if broken(items[i].Err) {
					return nil, items[i].Err
				}
			}
			return items, nil
		},
	})
}
