package handover

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/bootstrap"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/message"
	"reeve/core/text"
)

type members struct{ Steps }

// roles are those of a workspace, or the built-in ones where there is none yet.
func (m members) roles(ctx context.Context, ref control.Ref) ([]access.Role, error) {
	var ws access.WorkspaceID
	if ref.Workspace != "" {
		t, err := m.WorkspaceStore.Place(ctx, ref)
		if err != nil {
			return nil, err
		}
		ws = t.Workspace
	}
	return m.MemberStore.Roles(ctx, ws)
}

// Faults says which names mean nobody and which roles cannot be given.
func (m members) Faults(ctx context.Context, ref control.Ref, in bootstrap.Member) ([]fault.Field, error) {
	var bad []fault.Field
	add := func(field, id string, unknown bool, args message.Args) {
		bad = append(bad, fault.Field{Name: field, Unknown: unknown, Text: message.Text{ID: id, Args: args}})
	}
	if strings.TrimSpace(in.User) == "" {
		add("user", "fault.member.nobody", false, nil)
	} else {
		_, err := m.MemberStore.Principals(ctx, []string{in.User})
		var none *fault.NotFound
		if errors.As(err, &none) {
			add("user", "fault.user.unknown", true, message.Args{"Name": in.User, "Nearest": strings.Join(none.Nearest, ", ")})
		} else if err != nil {
			return nil, err
		}
	}
	all, err := m.roles(ctx, ref)
	if err != nil {
		return nil, err
	}
	if len(in.Roles) == 0 {
		add("roles", "fault.member.no_role", false, nil)
	}
	for _, name := range in.Roles {
		r, err := access.FindRole(all, name)
		var unknown *access.UnknownError
		switch {
		case errors.As(err, &unknown):
			add("roles", "fault.role.unknown", true, message.Args{"Name": name, "Nearest": strings.Join(unknown.Nearest, ", ")})
		case err != nil:
			return nil, err
		case !r.Assignable:
			add("roles", "fault.role.not_assignable", false, message.Args{"Role": control.RoleName(r)})
		}
	}
	return bad, nil
}

// find finds somebody among the members of a workspace; ok is false for who is none.
func (m members) find(ctx context.Context, ref control.Ref, name string) (found member.Member, ok bool, err error) {
	page, err := m.Members.List(ctx, ref, list.Query{Filter: list.Filter{{Field: "name", Value: strings.TrimSpace(name)}}, Limit: list.MaxLimit})
	for _, one := range page.Items {
		if text.Fold(one.Name) == text.Fold(name) {
			return one, true, nil
		}
	}
	return member.Member{}, false, err
}

// lacking are the roles that a member does not hold yet, by code or name.
func (m members) lacking(ctx context.Context, ref control.Ref, wanted []string, has member.Member) ([]string, error) {
	all, err := m.roles(ctx, ref)
	if err != nil {
		return nil, err
	}
	held := map[access.RoleID]bool{}
	for _, r := range has.Roles {
		held[r.ID] = true
	}
	var lacks []string
	for _, name := range wanted {
		r, err := access.FindRole(all, name)
		if err != nil || !held[r.ID] { // a name that means nothing any more is for the change to refuse
			lacks = append(lacks, name)
		}
	}
	return lacks, nil
}

// Holds says whether somebody is a member with all of the roles.
func (m members) Holds(ctx context.Context, ref control.Ref, in bootstrap.Member) (bool, error) {
	found, ok, err := m.find(ctx, ref, in.User)
	if !ok || err != nil {
		return false, err
	}
	lacks, err := m.lacking(ctx, ref, in.Roles, found)
	return err == nil && len(lacks) == 0, err
}

// Grant makes somebody a member with the roles, or adds the roles to those of a member, which stay as they are.
func (m members) Grant(ctx context.Context, ref control.Ref, in bootstrap.Member) error {
	found, ok, err := m.find(ctx, ref, in.User)
	if err != nil {
		return err
	}
	lacks := in.Roles
	if ok {
		if lacks, err = m.lacking(ctx, ref, in.Roles, found); err != nil {
			return err
		}
	}
	return join(ctx, m.Members, ref, in.User, found, ok, lacks, time.Time{})
}

// join makes somebody a member with roles until a time, or gives the roles to a member, whose others stay as they are.
func join(ctx context.Context, members *member.Service, ref control.Ref, user string, found member.Member, ok bool, roles []string, until time.Time) error {
	if !ok {
		_, err := members.Add(ctx, ref, member.Batch{Users: []string{user}, Roles: roles, Until: until})
		return err
	}
	batch := member.Batch{Users: []string{found.Name}, Roles: slices.Clone(roles), Until: until,
		Versions: map[string]int64{found.Name: found.Version}, Ends: map[string]time.Time{}}
	for _, r := range found.Roles {
		name := r.Code
		if r.Kind == access.Custom {
			name = r.Name
		}
		if slices.Contains(roles, name) || slices.Contains(roles, r.Code) {
			continue
		}
		batch.Roles = append(batch.Roles, name)
		batch.Ends[name] = ending(r.Until)
	}
	_, err := members.SetRoles(ctx, ref, batch)
	return err
}
