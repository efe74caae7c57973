package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// RoleMap maps a custom role of a workspace to a role of a MaxCompute engine.
type RoleMap struct {
	Engine, Role string
	// EngineRole is a role of the engine; empty takes the mapping away.
	EngineRole string
	// Version is the version of the engine that was read; 0 takes whatever stands.
	Version int64
}

// MapRole maps a custom role. The documentation lets the account do it, and whoever administers the engine itself, of whom
// nothing is known here. Mappings of built-in roles are fixed.
func (s *Service) MapRole(ctx context.Context, ref control.Ref, in RoleMap) (Engine, error) {
	var engineRole string
	return control.Do(ctx, s.gate, control.Change[Engine]{
		Action: action.EngineMapRole,
		Target: control.AtThing(s.store, ref, "engine", in.Engine),
		Check: func(ctx context.Context, _ control.Target) (bad []fault.Field, err error) {
			if in.EngineRole != "" {
				engineRole, bad, err = s.mappable(ctx, in.EngineRole)
			}
			return bad, err
		},
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[Engine], error) {
			none := control.Applied[Engine]{}
			before, err := s.read(ctx, t.Workspace, in.Engine, in.Version)
			if err != nil {
				return none, err
			}
			if before.Type != access.MaxCompute {
				return none, refused("fault.engine.no_roles", before)
			}
			role, err := s.role(ctx, t.Workspace, in.Role)
			if err != nil {
				return none, err
			}
			if role.Kind == access.Builtin {
				return none, &fault.Refused{
					Reason: message.Text{ID: "fault.engine.fixed", Args: message.Args{"Role": control.RoleName(role), "EngineRole": role.EngineRole}},
					Way:    message.Text{ID: "fault.engine.fixed.next"},
				}
			}
			ok, err := s.store.MapRole(ctx, before.ID, role.ID, engineRole, before.Version)
			return s.mapped(ctx, t, before, ok, err)
		},
	})
}

// AccountMap maps a member of a workspace to an account of an engine.
type AccountMap struct {
	Engine, User string
	// Account is an account of the engine: of LDAP, Linux or Kerberos; empty takes the mapping away.
	Account string
	// Version is the version of the engine that was read; 0 takes whatever stands.
	Version int64
}

// MapAccount says as which account of an engine a member works. Only EMR and CDH have such accounts.
func (s *Service) MapAccount(ctx context.Context, ref control.Ref, in AccountMap) (Engine, error) {
	var user access.Principal
	return control.Do(ctx, s.gate, control.Change[Engine]{
		Action: action.EngineMapAccount,
		Target: control.AtThing(s.store, ref, "engine", in.Engine),
		Check: func(ctx context.Context, t control.Target) (bad []fault.Field, err error) {
			if what, ok := identityRule.Check(in.Account); in.Account != "" && !ok {
				bad = append(bad, fault.Field{Name: "account", Text: what})
			}
			found, err := s.store.Principals(ctx, []string{in.User})
			var missing *fault.NotFound
			if errors.As(err, &missing) || err == nil && len(found) == 0 {
				return append(bad, fault.Field{Name: "user", Unknown: true, Text: message.Text{ID: "fault.user.unknown", Args: message.Args{"Name": in.User}}}), nil
			}
			if err != nil {
				return nil, err
			}
			user = found[0]
			joined, err := s.store.Joined(ctx, t.Workspace, []access.PrincipalID{user.ID})
			if !joined[user.ID] && in.Account != "" {
				bad = append(bad, fault.Field{Name: "user", Text: message.Text{ID: "fault.engine.not_member",
					Args: message.Args{"Name": user.Name, "Workspace": t.WorkspaceName}}})
			}
			return bad, err
		},
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[Engine], error) {
			before, err := s.read(ctx, t.Workspace, in.Engine, in.Version)
			if err != nil {
				return control.Applied[Engine]{}, err
			}
			if before.Type != access.EMR && before.Type != access.CDH {
				return control.Applied[Engine]{}, refused("fault.engine.no_accounts", before)
			}
			ok, err := s.store.MapAccount(ctx, before.ID, user.ID, in.Account, before.Version)
			return s.mapped(ctx, t, before, ok, err)
		},
	})
}

// mapped is what a change of mappings or identities did.
func (s *Service) mapped(ctx context.Context, t control.Target, before Engine, ok bool, err error) (control.Applied[Engine], error) {
	if err == nil && !ok {
		err = conflict(before, before.Version)
	}
	if err != nil {
		return control.Applied[Engine]{}, err
	}
	after, err := s.find(ctx, t.Workspace, before.Name)
	return control.Applied[Engine]{Value: after, Before: before, After: after}, err
}

func refused(id string, e Engine) error {
	return &fault.Refused{Reason: message.Text{ID: id, Args: message.Args{"Name": e.Name}}}
}

// mappable finds a role of MaxCompute that custom roles can be mapped to, and says what is wrong with its name.
func (s *Service) mappable(ctx context.Context, name string) (code string, bad []fault.Field, err error) {
	by, _ := control.ActorOf(ctx)
	state, err := s.store.AccessState(ctx, control.Scope{Principal: by.Principal})
	if err != nil {
		return "", nil, err
	}
	var codes []string
	for _, r := range state.EngineRoles {
		if !r.Mappable {
			continue
		}
		if strings.EqualFold(r.Code, name) {
			return r.Code, nil, nil
		}
		codes = append(codes, r.Code)
	}
	return "", []fault.Field{{Name: "engine_role", Unknown: true, Text: message.Text{ID: "fault.engine.role",
		Args: message.Args{"Name": name, "Roles": strings.Join(codes, ", ")}}}}, nil
}

func (s *Service) role(ctx context.Context, ws access.WorkspaceID, name string) (access.Role, error) {
	all, err := s.store.Roles(ctx, ws)
	if err != nil {
		return access.Role{}, err
	}
	r, err := access.FindRole(all, name)
	var unknown *access.UnknownError
	if errors.As(err, &unknown) {
		return r, &fault.NotFound{What: "role", Name: name, Nearest: unknown.Nearest}
	}
	if err != nil {
		return r, fmt.Errorf("finding role %q: %w", name, err)
	}
	return r, nil
}
