package member

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/message"
)

// Service is the area's acts.
type Service struct {
	gate  *control.Gate
	store Store
}

// New makes the service.
func New(gate *control.Gate, store Store) *Service { return &Service{gate: gate, store: store} }

// List lists the members of a workspace, the owner among them.
func (s *Service) List(ctx context.Context, ref control.Ref, q list.Query) (list.Page[Member], error) {
	return control.Ask(ctx, s.gate, control.Query[list.Page[Member]]{
		Action: action.MemberList,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (list.Page[Member], error) {
			if err := q.Check(fields...); err != nil {
				return list.Page[Member]{}, err
			}
			return s.store.List(ctx, t.Workspace, q)
		},
	})
}

// Candidates lists the principals of the tenant that could be added.
func (s *Service) Candidates(ctx context.Context, ref control.Ref, q list.Query) (list.Page[access.Principal], error) {
	return control.Ask(ctx, s.gate, control.Query[list.Page[access.Principal]]{
		Action: action.MemberList,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (list.Page[access.Principal], error) {
			if err := q.Check("name"); err != nil {
				return list.Page[access.Principal]{}, err
			}
			return s.store.Candidates(ctx, t.Workspace, q)
		},
	})
}

// Batch names several principals and the roles that each of them is to hold.
type Batch struct {
	Users []string
	Roles []string
	// Versions are the versions read of members to be changed, by name; a name without one takes whatever stands.
	Versions map[string]int64
}

// Add makes principals members with roles: all of them, or none if anything is wrong.
func (s *Service) Add(ctx context.Context, ref control.Ref, in Batch) ([]Member, error) {
	return control.Do(ctx, s.gate, s.add(ref, in))
}

// PreviewAdd tells who would gain what.
func (s *Service) PreviewAdd(ctx context.Context, ref control.Ref, in Batch) (control.Outcome, error) {
	return control.Preview(ctx, s.gate, s.add(ref, in))
}

// SetRoles makes each of the members hold exactly the given roles.
func (s *Service) SetRoles(ctx context.Context, ref control.Ref, in Batch) ([]Member, error) {
	return control.Do(ctx, s.gate, s.setRoles(ref, in))
}

// PreviewSetRoles tells who would lose and gain what.
func (s *Service) PreviewSetRoles(ctx context.Context, ref control.Ref, in Batch) (control.Outcome, error) {
	return control.Preview(ctx, s.gate, s.setRoles(ref, in))
}

// Remove takes members out of the workspace with all their roles in it.
func (s *Service) Remove(ctx context.Context, ref control.Ref, users []string) ([]Member, error) {
	return control.Do(ctx, s.gate, s.remove(ref, users))
}

// PreviewRemove tells who would lose what.
func (s *Service) PreviewRemove(ctx context.Context, ref control.Ref, users []string) (control.Outcome, error) {
	return control.Preview(ctx, s.gate, s.remove(ref, users))
}

func (s *Service) add(ref control.Ref, in Batch) control.Change[[]Member] {
	return control.Change[[]Member]{
		Action: action.MemberAdd,
		Target: control.AtThing(s.store, ref, "member", strings.Join(in.Users, ", ")),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			_, bad, err := s.resolveRoles(ctx, t.Workspace, in.Roles)
			if err != nil {
				return nil, err
			}
			people, unknown, err := s.resolveUsers(ctx, in.Users)
			if err != nil {
				return nil, err
			}
			bad = append(bad, unknown...)
			joined, err := s.store.Joined(ctx, t.Workspace, ids(people))
			if err != nil {
				return nil, err
			}
			for _, p := range people {
				if joined[p.ID] {
					bad = append(bad, fault.Field{Name: "user", Taken: true, Text: message.Text{ID: "fault.member.already", Args: message.Args{"Name": p.Name}}})
				}
			}
			return bad, nil
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[[]Member], error) {
			none := control.Applied[[]Member]{}
			people, err := s.store.Principals(ctx, unique(in.Users))
			if err != nil {
				return none, err
			}
			roles, _, err := s.resolveRoles(ctx, t.Workspace, in.Roles)
			if err != nil {
				return none, err
			}
			var added []Member
			for _, p := range people {
				if err := s.store.Add(ctx, t.Workspace, p.ID, by.Principal, s.gate.Now()); err != nil {
					return none, err
				}
				if _, err := s.store.SetRoles(ctx, t.Workspace, p.ID, roles, by.Principal, s.gate.Now(), 1); err != nil {
					return none, err
				}
				m, err := s.store.Get(ctx, t.Workspace, p.Name)
				if err != nil {
					return none, err
				}
				added = append(added, m)
			}
			return control.Applied[[]Member]{Value: added, After: added}, nil
		},
	}
}

func (s *Service) setRoles(ref control.Ref, in Batch) control.Change[[]Member] {
	return control.Change[[]Member]{
		Action: action.MemberSetRoles,
		Target: control.AtThing(s.store, ref, "member", strings.Join(in.Users, ", ")),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			_, bad, err := s.resolveRoles(ctx, t.Workspace, in.Roles)
			if len(in.Users) == 0 {
				bad = append(bad, fault.Field{Name: "user", Text: message.Text{ID: "fault.member.nobody"}})
			}
			return bad, err
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[[]Member], error) {
			none := control.Applied[[]Member]{}
			roles, _, err := s.resolveRoles(ctx, t.Workspace, in.Roles)
			if err != nil {
				return none, err
			}
			members, err := s.members(ctx, t.Workspace, in.Users)
			if err != nil {
				return none, err
			}
			if err := s.keepsAdministrator(ctx, t, members, roles); err != nil {
				return none, err
			}
			var after []Member
			for _, m := range members {
				changed, err := s.setOne(ctx, t, by, m, roles, in.Versions[m.Name])
				if err != nil {
					return none, err
				}
				after = append(after, changed)
			}
			return control.Applied[[]Member]{Value: after, Before: members, After: after}, nil
		},
	}
}

func (s *Service) setOne(ctx context.Context, t control.Target, by control.Actor, m Member, roles []access.RoleID, read int64) (Member, error) {
	if read == 0 {
		read = m.Version
	}
	ok := read == m.Version
	if ok {
		var err error
		if ok, err = s.store.SetRoles(ctx, t.Workspace, m.Principal, roles, by.Principal, s.gate.Now(), read); err != nil {
			return Member{}, err
		}
	}
	if !ok {
		return Member{}, &fault.Conflict{What: "member", Name: m.Name, Read: read, Now: m.Version, Mine: roles, Theirs: m}
	}
	return s.store.Get(ctx, t.Workspace, m.Name)
}

func (s *Service) remove(ref control.Ref, users []string) control.Change[[]Member] {
	return control.Change[[]Member]{
		Action: action.MemberRemove,
		Target: control.AtThing(s.store, ref, "member", strings.Join(users, ", ")),
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			if len(users) == 0 {
				return []fault.Field{{Name: "user", Text: message.Text{ID: "fault.member.nobody"}}}, nil
			}
			return nil, nil
		},
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[[]Member], error) {
			none := control.Applied[[]Member]{}
			members, err := s.members(ctx, t.Workspace, users)
			if err != nil {
				return none, err
			}
			if err := s.keepsAdministrator(ctx, t, members, nil); err != nil {
				return none, err
			}
			for _, m := range members {
				if err := s.store.Remove(ctx, t.Workspace, m.Principal); err != nil {
					return none, err
				}
			}
			return control.Applied[[]Member]{Value: members, Before: members}, nil
		},
	}
}

// members finds the members named, refusing the owner: the owner is never removed and holds no other role.
func (s *Service) members(ctx context.Context, ws access.WorkspaceID, names []string) ([]Member, error) {
	var members []Member
	for _, name := range unique(names) {
		m, err := s.store.Get(ctx, ws, name)
		if err != nil {
			return nil, err
		}
		for _, r := range m.Roles {
			if r.Code == OwnerRole {
				return nil, &fault.Refused{Reason: message.Text{ID: "fault.member.owner", Args: message.Args{"Name": m.Name}}}
			}
		}
		members = append(members, m)
	}
	return members, nil
}

// Codes of the built-in roles that this area has rules about.
const (
	OwnerRole         = "role_project_owner"
	AdministratorRole = "role_project_admin"
)

// keepsAdministrator refuses to leave the workspace without an administrator beside its owner. What the console does is
// not documented; a workspace that only the account can administer is a trap that takes one key to fall into.
func (s *Service) keepsAdministrator(ctx context.Context, t control.Target, members []Member, roles []access.RoleID) error {
	all, err := s.store.Roles(ctx, t.Workspace)
	if err != nil {
		return err
	}
	administers := map[access.RoleID]bool{}
	for _, r := range all {
		administers[r.ID] = r.Administers
	}
	for _, id := range roles {
		if administers[id] {
			return nil
		}
	}
	var losing []access.PrincipalID
	var names []string
	for _, m := range members {
		for _, r := range m.Roles {
			if administers[r.ID] {
				losing, names = append(losing, m.Principal), append(names, m.Name)
				break
			}
		}
	}
	if len(losing) == 0 {
		return nil
	}
	rest, err := s.store.AdministratorsBeside(ctx, t.Workspace, losing)
	if err != nil || rest > 0 {
		return err
	}
	return &fault.Refused{
		Reason: message.Text{ID: "fault.member.last_admin", Args: message.Args{"Name": strings.Join(names, ", "), "Workspace": t.WorkspaceName}},
		Way:    message.Text{ID: "fault.member.last_admin.next"},
		Named:  names,
	}
}

// resolveRoles turns names of roles into ids, saying everything that is wrong with them.
func (s *Service) resolveRoles(ctx context.Context, ws access.WorkspaceID, names []string) ([]access.RoleID, []fault.Field, error) {
	all, err := s.store.Roles(ctx, ws)
	if err != nil {
		return nil, nil, err
	}
	var roles []access.RoleID
	var bad []fault.Field
	say := func(id string, args message.Args) {
		bad = append(bad, fault.Field{Name: "role", Text: message.Text{ID: id, Args: args}})
	}
	if len(names) == 0 {
		say("fault.member.no_role", nil)
	}
	seen := map[access.RoleID]bool{}
	for _, name := range names {
		r, err := access.FindRole(all, name)
		var unknown *access.UnknownError
		switch {
		case errors.As(err, &unknown):
			bad = append(bad, fault.Field{Name: "role", Unknown: true, Text: message.Text{ID: "fault.role.unknown",
				Args: message.Args{"Name": name, "Nearest": strings.Join(unknown.Nearest, ", ")}}})
		case err != nil:
			return nil, nil, fmt.Errorf("finding role %q: %w", name, err)
		case !r.Assignable:
			say("fault.role.not_assignable", message.Args{"Role": control.RoleName(r)})
		case !seen[r.ID]:
			seen[r.ID] = true
			roles = append(roles, r.ID)
		}
	}
	return roles, bad, nil
}

func (s *Service) resolveUsers(ctx context.Context, names []string) ([]access.Principal, []fault.Field, error) {
	var people []access.Principal
	var bad []fault.Field
	if len(names) == 0 {
		bad = append(bad, fault.Field{Name: "user", Text: message.Text{ID: "fault.member.nobody"}})
	}
	for _, name := range unique(names) {
		found, err := s.store.Principals(ctx, []string{name})
		var missing *fault.NotFound
		switch {
		case errors.As(err, &missing):
			bad = append(bad, fault.Field{Name: "user", Unknown: true, Text: message.Text{ID: "fault.user.unknown",
				Args: message.Args{"Name": name, "Nearest": strings.Join(missing.Nearest, ", ")}}})
		case err != nil:
			return nil, nil, err
		default:
			people = append(people, found...)
		}
	}
	return people, bad, nil
}

func ids(people []access.Principal) []access.PrincipalID {
	out := make([]access.PrincipalID, len(people))
	for i, p := range people {
		out[i] = p.ID
	}
	return out
}

func unique(names []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, n := range names {
		key := strings.ToLower(strings.TrimSpace(n))
		if !seen[key] {
			seen[key] = true
			out = append(out, n)
		}
	}
	return out
}
