package member

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
	"reeve/core/text"
)

// members finds the members named, refusing the owner: the owner is never removed and holds no other role.
func (s *Service) members(ctx context.Context, ws access.WorkspaceID, names []string) ([]Member, error) {
	people, err := s.store.Known(ctx, names)
	if err != nil {
		return nil, err
	}
	found, err := s.store.Among(ctx, ws, ids(people), false)
	if err != nil {
		return nil, err
	}
	members := inOrder(found, names)
	if asked := text.Once(names); len(members) < len(asked) {
		there := map[string]bool{}
		for _, m := range members {
			there[text.Fold(m.Name)] = true
		}
		for _, name := range asked {
			if !there[text.Fold(name)] {
				_, err := s.store.Get(ctx, ws, name) // says who comes near
				return nil, err
			}
		}
	}
	for _, m := range members {
		if owner(m) {
			return nil, &fault.Refused{Reason: message.Text{ID: "fault.member.owner", Args: message.Args{"Name": m.Name}}}
		}
	}
	return members, nil
}

// inOrder puts members into the order of the names they were asked for by.
func inOrder(found []Member, names []string) []Member {
	at := make(map[string]int, len(names))
	for i, name := range slices.Backward(names) {
		at[text.Fold(name)] = i
	}
	slices.SortFunc(found, func(a, b Member) int { return cmp.Compare(at[text.Fold(a.Name)], at[text.Fold(b.Name)]) })
	return found
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
	if len(in.Roles) == 0 && !in.NoRoles {
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
	var bad []fault.Field
	if len(names) == 0 {
		bad = append(bad, fault.Field{Name: "user", Text: message.Text{ID: "fault.member.nobody"}})
	}
	people, err := s.store.Known(ctx, names)
	if err != nil {
		return nil, nil, err
	}
	known := make(map[string]bool, len(people))
	for _, p := range people {
		known[text.Fold(p.Name)] = true
	}
	for _, name := range text.Once(names) {
		if known[text.Fold(name)] {
			continue
		}
		_, err := s.store.Principals(ctx, []string{name}) // says who comes near
		var missing *fault.NotFound
		if !errors.As(err, &missing) {
			return nil, nil, err
		}
		bad = append(bad, fault.Field{Name: "user", Unknown: true, Text: message.Text{ID: "fault.user.unknown",
			Args: message.Args{"Name": name, "Nearest": strings.Join(missing.Nearest, ", ")}}})
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
