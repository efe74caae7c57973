package directory

import (
	"context"
	"strings"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Delete takes principals away who hold nothing any more, with their keys. Whoever still holds something stays, and the
// refusal says what; so does who would come back with the next sync.
func (s *Service) Delete(ctx context.Context, names []string) ([]User, error) {
	names = text.Once(names)
	return control.Do(ctx, s.gate, control.Change[[]User]{
		Action: action.UserDelete,
		Target: onUser(strings.Join(names, ", ")),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			by, _ := control.ActorOf(ctx)
			return s.eachNamed(ctx, t, names, func(u User) (message.Text, error) {
				switch {
				case u.Kind == Account:
					return message.Text{ID: "fault.user.account"}, nil
				case u.ID == by.Principal:
					return message.Text{ID: "fault.user.self"}, nil
				case u.Source != "" && u.Status != Vanished:
					return message.Text{ID: "fault.user.comes_back", Args: message.Args{"Name": u.Name, "Source": u.Source}}, nil
				}
				h, err := s.store.Holdings(ctx, u.ID)
				if err != nil {
					return message.Text{}, err
				}
				if holds := h.texts(); len(holds) > 0 {
					return message.Text{ID: "fault.user.holds", Args: message.Args{"Name": u.Name,
						"What": message.Text{ID: "list.joined", Args: message.Args{"Items": holds}}}}, nil
				}
				return message.Text{}, nil
			})
		},
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[[]User], error) {
			none := control.Applied[[]User]{}
			var gone []User
			for _, name := range names {
				u, err := s.store.User(ctx, name)
				if err != nil {
					return none, err
				}
				if err := s.store.Delete(ctx, u.ID, s.gate.Now()); err != nil {
					return none, err
				}
				gone = append(gone, u)
			}
			return control.Applied[[]User]{Value: gone, Before: gone}, nil
		},
	})
}

// Holdings tells what a principal holds.
func (s *Service) Holdings(ctx context.Context, name string) (Holdings, error) {
	return control.Ask(ctx, s.gate, control.Query[Holdings]{
		Action: action.UserShow,
		Target: onUser(name),
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (Holdings, error) {
			p, err := s.store.Named(ctx, name)
			if err != nil {
				return Holdings{}, err
			}
			return s.store.Holdings(ctx, p.ID)
		},
	})
}

// namedOfHoldings bounds the names that a refusal says.
const namedOfHoldings = 5

// texts puts what is held into words, kind by kind.
func (h Holdings) texts() []message.Text {
	var list []message.Text
	for _, kind := range []struct {
		id    string
		names []string
	}{
		{"holding.owns", h.Owns}, {"holding.workspaces", h.Workspaces}, {"holding.tenant_roles", h.TenantRoles}, {"holding.policies", h.Policies},
		{"holding.groups", h.Groups}, {"holding.members", h.Members}, {"holding.engines", h.Engines}, {"holding.identities", h.Identities},
		{"holding.requests", h.Requests},
	} {
		if len(kind.names) > 0 {
			names := strings.Join(kind.names[:min(len(kind.names), namedOfHoldings)], ", ")
			if len(kind.names) > namedOfHoldings {
				names += " …"
			}
			list = append(list, message.Text{ID: kind.id, Args: message.Args{"Count": len(kind.names), "Names": names}})
		}
	}
	return list
}
