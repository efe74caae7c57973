package control

import "context"

// Ref names a workspace as people do. Region may be empty where the name is unique in the tenant.
type Ref struct {
	Region    string
	Workspace string
}

// Places finds workspaces by name.
type Places interface {
	// Place finds a workspace that is not in the bin. It fails with fault.NotFound, naming near ones that the actor can
	// see, or with fault.Invalid on the field region when several regions have the name.
	Place(ctx context.Context, ref Ref) (Target, error)
}

// At is the Target function of everything that is done in a workspace.
func At(p Places, ref Ref) func(ctx context.Context) (Target, error) {
	return func(ctx context.Context) (Target, error) { return p.Place(ctx, ref) }
}

// AtThing is At for an act on one thing in the workspace.
func AtThing(p Places, ref Ref, kind, name string) func(ctx context.Context) (Target, error) {
	return func(ctx context.Context) (Target, error) {
		t, err := p.Place(ctx, ref)
		t.Kind, t.Name = kind, name
		return t, err
	}
}
