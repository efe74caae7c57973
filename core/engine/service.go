package engine

import (
	"context"
	"slices"
	"strings"
	"unicode"

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

// nameRule is ours: engines of several kinds have rules of their own, all of which it takes.
var nameRule = text.Rule{Key: true, Min: 1, Max: 64, First: letterOrDigit, Rest: func(r rune) bool {
	return letterOrDigit(r) || strings.ContainsRune("_-.", r)
}, Form: "fault.engine.name.form"}

// identityRule is for accounts and access identities, which other systems name; it keeps out what must not be in a name.
var identityRule = text.Rule{Min: 1, Max: 128}

func letterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// List lists the engines of a workspace with the mappings of roles and accounts, the fixed ones included.
func (s *Service) List(ctx context.Context, ref control.Ref) ([]Engine, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Engine]{
		Action: action.EngineList,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Engine, error) {
			return s.engines(ctx, t.Workspace)
		},
	})
}

// engines are the engines of a workspace with all mappings.
func (s *Service) engines(ctx context.Context, ws access.WorkspaceID) ([]Engine, error) {
	engines, err := s.store.List(ctx, ws)
	if err != nil {
		return nil, err
	}
	roles, err := s.store.Roles(ctx, ws)
	if err != nil {
		return nil, err
	}
	var fixed []RoleMapping
	for _, r := range roles {
		if r.Kind == access.Builtin && r.EngineRole != "" {
			fixed = append(fixed, RoleMapping{Role: r.ID, Code: r.Code, Name: r.Name, Kind: r.Kind, EngineRole: r.EngineRole})
		}
	}
	for i := range engines {
		// Only MaxCompute knows the roles of workspaces.
		if engines[i].Type == access.MaxCompute {
			engines[i].Roles = slices.Concat(fixed, engines[i].Roles)
		}
	}
	return engines, nil
}

// Add is the form for a new engine.
type Add struct {
	Name string
	// Type is maxcompute, emr, cdh or other.
	Type string
	// DevIdentity and ProdIdentity are the access identities of the two environments; they may be empty. A workspace of the
	// simple mode has only the latter.
	DevIdentity, ProdIdentity string
}

// Add binds an engine to a workspace.
func (s *Service) Add(ctx context.Context, ref control.Ref, in Add) (Engine, error) {
	return control.Do(ctx, s.gate, control.Change[Engine]{
		Action: action.EngineAdd,
		Target: control.AtThing(s.store, ref, "engine", in.Name),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			return s.check(ctx, t.Workspace, in)
		},
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[Engine], error) {
			kind, _ := ParseType(in.Type)
			if _, err := s.store.Insert(ctx, t.Workspace, Engine{Version: 1, Engine: access.Engine{
				Workspace: t.Workspace, Name: in.Name, Type: kind, DevIdentity: in.DevIdentity, ProdIdentity: in.ProdIdentity}}); err != nil {
				return control.Applied[Engine]{}, err
			}
			e, err := s.find(ctx, t.Workspace, in.Name)
			return control.Applied[Engine]{Value: e, After: e}, err
		},
	})
}

// Faults says what is wrong with the form by itself, whatever the workspace holds.
func (in Add) Faults() []fault.Field {
	var bad []fault.Field
	if what, ok := nameRule.Check(in.Name); !ok {
		bad = append(bad, fault.Field{Name: "name", Text: what})
	}
	if _, known := ParseType(in.Type); !known {
		bad = append(bad, fault.Field{Name: "type", Text: message.Text{ID: "fault.engine.type", Args: message.Args{"Type": in.Type}}})
	}
	for field, identity := range map[string]string{"dev_identity": in.DevIdentity, "prod_identity": in.ProdIdentity} {
		if what, ok := identityRule.Check(identity); identity != "" && !ok {
			bad = append(bad, fault.Field{Name: field, Text: what})
		}
	}
	slices.SortFunc(bad, func(a, b fault.Field) int { return strings.Compare(a.Name, b.Name) })
	return bad
}

func (s *Service) check(ctx context.Context, ws access.WorkspaceID, in Add) ([]fault.Field, error) {
	bad := in.Faults()
	all, err := s.store.List(ctx, ws)
	if e, taken := named(all, in.Name); taken {
		bad = append(bad, fault.Field{Name: "name", Taken: true, Text: message.Text{ID: "fault.engine.name.taken", Args: message.Args{"Name": e.Name}}})
	}
	return bad, err
}

// Remove takes an engine out of a workspace with all its mappings. version is the version that was read; 0 takes whatever
// stands.
func (s *Service) Remove(ctx context.Context, ref control.Ref, name string, version int64) (Engine, error) {
	return control.Do(ctx, s.gate, control.Change[Engine]{
		Action: action.EngineRemove,
		Target: control.AtThing(s.store, ref, "engine", name),
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[Engine], error) {
			none := control.Applied[Engine]{}
			e, err := s.read(ctx, t.Workspace, name, version)
			if err != nil {
				return none, err
			}
			ok, err := s.store.Delete(ctx, e.ID, e.Version)
			if err == nil && !ok {
				err = conflict(e, e.Version)
			}
			return control.Applied[Engine]{Value: e, Before: e}, err
		},
	})
}

// nearEngines bounds the names that a refusal offers.
const nearEngines = 3

// find finds an engine by name, in any case; fault.NotFound with near names otherwise.
func (s *Service) find(ctx context.Context, ws access.WorkspaceID, name string) (Engine, error) {
	all, err := s.engines(ctx, ws)
	if err != nil {
		return Engine{}, err
	}
	if e, ok := named(all, name); ok {
		return e, nil
	}
	names := make([]string, len(all))
	for i, e := range all {
		names[i] = e.Name
	}
	return Engine{}, &fault.NotFound{What: "engine", Name: name, Nearest: text.Nearest(name, names, nearEngines)}
}

// read is find for who has read a version before.
func (s *Service) read(ctx context.Context, ws access.WorkspaceID, name string, version int64) (Engine, error) {
	e, err := s.find(ctx, ws, name)
	if err == nil && version != 0 && version != e.Version {
		err = conflict(e, version)
	}
	return e, err
}

func named(all []Engine, name string) (Engine, bool) {
	i := slices.IndexFunc(all, func(e Engine) bool { return strings.EqualFold(e.Name, strings.TrimSpace(name)) })
	if i < 0 {
		return Engine{}, false
	}
	return all[i], true
}

func conflict(theirs Engine, read int64) error {
	return &fault.Conflict{What: "engine", Name: theirs.Name, Read: read, Now: theirs.Version, Theirs: theirs}
}
