package directory

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/core/text"
)

// Group is a user group. What it holds, its members hold: memberships, roles of every plane, and policies.
type Group struct {
	ID   access.PrincipalID `json:"id"`
	Name string             `json:"name"`
	// Members are users and roles, by name; a group holds no group.
	Members []string `json:"members"`
	// Policies is how many policies are attached to it and Workspaces how many live workspaces it is a member of itself.
	Policies   int       `json:"policies"`
	Workspaces int       `json:"workspaces"`
	CreatedAt  time.Time `json:"created_at"`
	Version    int64     `json:"version"`
}

// Groups keeps the user groups.
type Groups interface {
	Groups(ctx context.Context, q list.Query) (list.Page[Group], error)
	// Group finds a group by name; fault.NotFound (what: group) with near names otherwise.
	Group(ctx context.Context, name string) (Group, error)
	// SetGroupMembers takes some out of a group and puts others in, and raises its version if it still is version; otherwise
	// ok is false. Who is in already and who is not in it stays so.
	SetGroupMembers(ctx context.Context, id access.PrincipalID, add, remove []access.PrincipalID, by access.PrincipalID, at time.Time, version int64) (ok bool, err error)
}

func groupFields() []list.Field { return append(list.Texts("name"), list.Days("created")) }

// Groups lists the user groups of the tenant.
func (s *Service) Groups(ctx context.Context, q list.Query) (list.Page[Group], error) {
	return control.Ask(ctx, s.gate, control.Query[list.Page[Group]]{
		Action: action.UserGroupList,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (list.Page[Group], error) {
			if err := q.Check(groupFields()...); err != nil {
				return list.Page[Group]{}, err
			}
			return s.store.Groups(ctx, q)
		},
	})
}

// AddGroup adds user groups without members: all of them, or none if anything is wrong.
func (s *Service) AddGroup(ctx context.Context, names []string) ([]Group, error) {
	names = text.Once(names)
	return control.Do(ctx, s.gate, control.Change[[]Group]{
		Action: action.UserGroupAdd,
		Target: func(context.Context) (control.Target, error) {
			return control.Target{Kind: "user_group", Name: strings.Join(names, ", ")}, nil
		},
		Check: func(ctx context.Context, _ control.Target) ([]fault.Field, error) { return s.checkNames(ctx, names) },
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[[]Group], error) {
			var added []Group
			for _, name := range names {
				if _, err := s.store.Insert(ctx, User{Name: name, Kind: UserGroup, CreatedAt: s.gate.Now(), Version: 1}); err != nil {
					return control.Applied[[]Group]{}, err
				}
				g, err := s.store.Group(ctx, name)
				if err != nil {
					return control.Applied[[]Group]{}, err
				}
				added = append(added, g)
			}
			return control.Applied[[]Group]{Value: added, After: added}, nil
		},
	})
}

// GroupMembers says who enters and who leaves a group.
type GroupMembers struct {
	Group       string
	Add, Remove []string
	// Version is the version that was read; 0 takes whatever stands.
	Version int64
	// OwnLoss says that whoever asks means to lose rights of their own; without it such a change is refused.
	OwnLoss bool
}

// SetGroupMembers changes who is in a group. Where policies are attached to it, that needs what attaching a policy needs:
// whoever enters or leaves gains or loses them. Nobody but the account enters a group that raises their own rights.
func (s *Service) SetGroupMembers(ctx context.Context, in GroupMembers) (Group, error) {
	return control.Do(ctx, s.gate, s.setGroupMembers(in))
}

// PreviewSetGroupMembers tells who would lose and gain what, in the whole tenant.
func (s *Service) PreviewSetGroupMembers(ctx context.Context, in GroupMembers) (control.Outcome, error) {
	in.OwnLoss = true // a preview is what tells of it
	return control.Preview(ctx, s.gate, s.setGroupMembers(in))
}

func (s *Service) setGroupMembers(in GroupMembers) control.Change[Group] {
	return control.Change[Group]{
		Action: action.UserGroupSetMembers,
		Target: func(context.Context) (control.Target, error) {
			return control.Target{Kind: "user_group", Name: in.Group}, nil
		},
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			before, err := s.store.Group(ctx, in.Group)
			if err != nil {
				return nil, err
			}
			if before.Policies > 0 {
				if err := s.gate.Also(ctx, action.PolicyAttach, t); err != nil {
					return nil, err
				}
			}
			_, bad, err := s.people(ctx, "add", in.Add)
			if err != nil {
				return nil, err
			}
			_, worse, err := s.people(ctx, "remove", in.Remove)
			if len(in.Add)+len(in.Remove) == 0 {
				bad = append(bad, fault.Field{Name: "user", Text: message.Text{ID: "fault.member.nobody"}})
			}
			for _, name := range in.Add {
				if slices.ContainsFunc(in.Remove, func(other string) bool { return strings.EqualFold(name, other) }) {
					bad = append(bad, fault.Field{Name: "remove", Text: message.Text{ID: "fault.user_group.both", Args: message.Args{"Name": name}}})
				}
			}
			return append(bad, worse...), err
		},
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Group], error) {
			none := control.Applied[Group]{}
			before, err := s.store.Group(ctx, in.Group)
			if err != nil {
				return none, err
			}
			if in.Version != 0 && in.Version != before.Version {
				return none, &fault.Conflict{What: "user_group", Name: before.Name, Read: in.Version, Now: before.Version, Theirs: before}
			}
			add, _, err := s.people(ctx, "add", in.Add)
			if err != nil {
				return none, err
			}
			remove, _, err := s.people(ctx, "remove", in.Remove)
			if err != nil {
				return none, err
			}
			watch, err := guard.Begin(ctx, s.gate, control.Scope{Everything: true}, by, s.gate.Now())
			if err != nil {
				return none, err
			}
			ok, err := s.store.SetGroupMembers(ctx, before.ID, add, remove, by.Principal, s.gate.Now(), before.Version)
			if err == nil && !ok {
				err = &fault.Conflict{What: "user_group", Name: before.Name, Read: before.Version, Now: before.Version, Theirs: before}
			}
			if err != nil {
				return none, err
			}
			if _, err := watch.End(ctx, in.OwnLoss); err != nil {
				return none, err
			}
			after, err := s.store.Group(ctx, in.Group)
			return control.Applied[Group]{Value: after, Before: before, After: after}, err
		},
	}
}

// people finds those who are to enter or leave a group, saying everything that is wrong with them.
func (s *Service) people(ctx context.Context, field string, names []string) ([]access.PrincipalID, []fault.Field, error) {
	var ids []access.PrincipalID
	var bad []fault.Field
	for _, name := range names {
		p, err := s.store.Named(ctx, name)
		var missing *fault.NotFound
		switch {
		case errors.As(err, &missing):
			bad = append(bad, fault.Field{Name: field, Unknown: true, Text: message.Text{ID: "fault.user.unknown",
				Args: message.Args{"Name": name, "Nearest": strings.Join(missing.Nearest, ", ")}}})
		case err != nil:
			return nil, nil, err
		case p.Group || p.Power == access.PowerAccount:
			bad = append(bad, fault.Field{Name: field, Text: message.Text{ID: "fault.user_group.kind", Args: message.Args{"Name": p.Name}}})
		default:
			ids = append(ids, p.ID)
		}
	}
	return ids, bad, nil
}
