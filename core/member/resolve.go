package member

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
)

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

// resolveRoles turns names of roles into what is to be held, saying everything that is wrong with names and ends.
func (s *Service) resolveRoles(ctx context.Context, ws access.WorkspaceID, in Batch) ([]Hold, []fault.Field, error) {
	all, err := s.store.Roles(ctx, ws)
	if err != nil {
		return nil, nil, err
	}
	var holds []Hold
	var bad []fault.Field
	say := func(id string, args message.Args) {
		bad = append(bad, fault.Field{Name: "role", Text: message.Text{ID: id, Args: args}})
	}
	if len(in.Roles) == 0 {
		say("fault.member.no_role", nil)
	}
	seen := map[access.RoleID]bool{}
	for _, name := range in.Roles {
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
			until := in.until(name)
			bad = append(bad, guard.Until(s.gate.Now(), until)...)
			holds = append(holds, Hold{Role: r.ID, Until: until})
		}
	}
	return holds, bad, nil
}

// until is when a role named in the batch ends, in UTC and cut to the second; zero is open ended.
func (in Batch) until(role string) time.Time {
	until := in.Until
	if own, set := in.Ends[role]; set {
		until = own
	}
	return guard.End(until)
}

func roleIDs(holds []Hold) []access.RoleID {
	ids := make([]access.RoleID, len(holds))
	for i, h := range holds {
		ids[i] = h.Role
	}
	return ids
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
