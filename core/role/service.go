package role

import (
	"context"
	"encoding/json"
	"errors"
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

// nameRule is ours: the console's limits for role names are not documented. The first letter keeps names apart from options
// on a command line.
var nameRule = text.Rule{Key: true, Min: 2, Max: 64, First: unicode.IsLetter, Rest: func(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || strings.ContainsRune("_-. ", r)
}, Form: "fault.role.name.form"}

// NameFault says what is wrong with a role name by itself, for forms that answer while one types.
func NameFault(name string) (message.Text, bool) {
	t, ok := nameRule.Check(name)
	return t, !ok
}

// List lists the roles of a workspace.
func (s *Service) List(ctx context.Context, ref control.Ref) ([]Role, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Role]{
		Action: action.RoleList,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Role, error) {
			return s.store.List(ctx, t.Workspace)
		},
	})
}

// Get finds a role by code, by a built-in role's name in any spelling, or by a custom role's own name.
func (s *Service) Get(ctx context.Context, ref control.Ref, name string) (Role, error) {
	return control.Ask(ctx, s.gate, control.Query[Role]{
		Action: action.RoleShow,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Role, error) {
			return s.find(ctx, t.Workspace, name)
		},
	})
}

// Editing is a role with all that the matrix editor needs to say whom a painted cell affects, while it is painted.
type Editing struct {
	Role  Role
	State access.State
}

// Edit opens a role for editing.
func (s *Service) Edit(ctx context.Context, ref control.Ref, name string) (Editing, error) {
	return control.Ask(ctx, s.gate, control.Query[Editing]{
		Action: action.RoleShow,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Editing, error) {
			r, err := s.find(ctx, t.Workspace, name)
			if err != nil {
				return Editing{}, err
			}
			state, err := s.store.AccessState(ctx, control.Scope{Workspace: t.Workspace})
			state.Now = s.gate.Now().Unix()
			return Editing{Role: r, State: state}, err
		},
	})
}

// Holders names up to limit members who hold a role.
func (s *Service) Holders(ctx context.Context, ref control.Ref, name string, limit int) ([]string, error) {
	return control.Ask(ctx, s.gate, control.Query[[]string]{
		Action: action.RoleShow,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]string, error) {
			r, err := s.find(ctx, t.Workspace, name)
			if err != nil {
				return nil, err
			}
			return s.store.Holders(ctx, t.Workspace, r.ID, limit)
		},
	})
}

// Difference is a module on which two roles differ.
type Difference struct {
	Module      access.Module
	Left, Right access.Level
}

// differenceRecord is a difference as JSON.
type differenceRecord struct {
	Module string `json:"module"`
	Left   string `json:"left"`
	Right  string `json:"right"`
}

// MarshalJSON writes the difference with codes, for the audit.
func (d Difference) MarshalJSON() ([]byte, error) {
	return json.Marshal(differenceRecord{d.Module.Code(), d.Left.String(), d.Right.String()})
}

// UnmarshalJSON reads what MarshalJSON wrote, for answers kept under a request id.
func (d *Difference) UnmarshalJSON(data []byte) (err error) {
	var v differenceRecord
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	if d.Module, err = access.ParseModule(access.PlaneWorkspace, v.Module); err != nil {
		return err
	}
	if d.Left, err = access.ParseLevel(v.Left); err != nil {
		return err
	}
	d.Right, err = access.ParseLevel(v.Right)
	return err
}

// Differences are the modules on which two roles differ, in the order of the matrix.
func Differences(left, right Role) []Difference {
	var all []Difference
	for _, m := range access.WorkspaceModules() {
		if l, r := left.Levels.Get(m), right.Levels.Get(m); l != r {
			all = append(all, Difference{Module: m, Left: l, Right: r})
		}
	}
	return all
}

// Comparison is two roles side by side.
type Comparison struct {
	Left, Right Role
	Differences []Difference
}

// Compare lays two roles of a workspace side by side.
func (s *Service) Compare(ctx context.Context, ref control.Ref, left, right string) (Comparison, error) {
	return control.Ask(ctx, s.gate, control.Query[Comparison]{
		Action: action.RoleCompare,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (c Comparison, err error) {
			if c.Left, err = s.find(ctx, t.Workspace, left); err != nil {
				return c, err
			}
			if c.Right, err = s.find(ctx, t.Workspace, right); err != nil {
				return c, err
			}
			c.Differences = Differences(c.Left, c.Right)
			return c, nil
		},
	})
}

// Create makes a custom role.
func (s *Service) Create(ctx context.Context, ref control.Ref, name string, levels access.Levels) (Role, error) {
	return control.Do(ctx, s.gate, s.insert(action.RoleCreate, ref, name, func(context.Context, access.WorkspaceID) (access.Levels, error) {
		return levels, nil
	}))
}

// Clone makes a custom role with the levels of another role, built-in or custom.
func (s *Service) Clone(ctx context.Context, ref control.Ref, from, name string) (Role, error) {
	return control.Do(ctx, s.gate, s.insert(action.RoleClone, ref, name, func(ctx context.Context, ws access.WorkspaceID) (access.Levels, error) {
		r, err := s.find(ctx, ws, from)
		return r.Levels, err
	}))
}

func (s *Service) insert(id action.ID, ref control.Ref, name string, levels func(context.Context, access.WorkspaceID) (access.Levels, error)) control.Change[Role] {
	return control.Change[Role]{
		Action: id,
		Target: control.AtThing(s.store, ref, "role", name),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			what, wrong := NameFault(name)
			if !wrong {
				return s.nameTaken(ctx, t, name)
			}
			bad := []fault.Field{{Name: "name", Text: what}}
			// A role to clone that is not there is an error of its own; beside a wrong name it is one of two faults.
			_, err := levels(ctx, t.Workspace)
			var missing *fault.NotFound
			if errors.As(err, &missing) {
				bad = append(bad, fault.Field{Name: "role", Unknown: true, Text: message.Text{ID: "fault.role.unknown",
					Args: message.Args{"Name": missing.Name, "Nearest": strings.Join(missing.Nearest, ", ")}}})
				err = nil
			}
			return bad, err
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Role], error) {
			l, err := levels(ctx, t.Workspace)
			if err != nil {
				return control.Applied[Role]{}, err
			}
			now := s.gate.Now()
			r := Role{Role: access.Role{Name: name, Kind: access.Custom, Workspace: t.Workspace, Levels: l, Assignable: true}, CreatedAt: now, ModifiedAt: now, Version: 1}
			if r, err = s.store.Insert(ctx, t.Workspace, r, by.Principal); err != nil {
				return control.Applied[Role]{}, err
			}
			return control.Applied[Role]{Value: r, After: r}, nil
		},
	}
}

// nameTaken refuses the name of another custom role, in any case, and every name and spelling that means a built-in role.
func (s *Service) nameTaken(ctx context.Context, t control.Target, name string) ([]fault.Field, error) {
	all, err := s.store.List(ctx, t.Workspace)
	if err != nil {
		return nil, err
	}
	r, err := access.FindRole(plain(all), name)
	if err != nil {
		return nil, nil //nolint:nilerr // not found is what is wanted here
	}
	return []fault.Field{control.NameTaken(name, r.Name, control.RoleName(r))}, nil
}

func (s *Service) find(ctx context.Context, ws access.WorkspaceID, name string) (Role, error) {
	all, err := s.store.List(ctx, ws)
	if err != nil {
		return Role{}, err
	}
	r, err := access.FindRole(plain(all), name)
	var unknown *access.UnknownError
	if errors.As(err, &unknown) {
		return Role{}, &fault.NotFound{What: "role", Name: name, Nearest: unknown.Nearest}
	}
	for i := range all {
		if all[i].ID == r.ID {
			return all[i], err
		}
	}
	return Role{}, err
}

func plain(roles []Role) []access.Role {
	out := make([]access.Role, len(roles))
	for i, r := range roles {
		out[i] = r.Role
	}
	return out
}
