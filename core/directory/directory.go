// Package directory is the principals of the tenant: the account that owns it, RAM users and RAM roles, and groups of them,
// the SSH keys they sign in with, and the LDAP servers they come from.
package directory

import (
	"context"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/core/text"
)

// Kind is the kind of a principal.
type Kind string

// The kinds. There is one account, the owner.
const (
	Account Kind = "account"
	RAMUser Kind = "ram-user"
	RAMRole Kind = "ram-role"
	// UserGroup is a group, which holds what its members are to hold.
	UserGroup Kind = "group"
)

// User is one principal.
type User struct {
	ID          access.PrincipalID `json:"id"`
	Name        string             `json:"name"`
	DisplayName string             `json:"display_name"`
	Kind        Kind               `json:"type"`
	// FullAccess says that AliyunDataWorksFullAccess is attached, itself or through a group.
	FullAccess bool `json:"full_access"`
	// Groups are the user groups it is in, by name.
	Groups []string `json:"groups"`
	// OSUser is the operating-system user who acts as this principal by default; empty for none.
	OSUser     string    `json:"os_user"`
	Workspaces int       `json:"workspaces"`
	CreatedAt  time.Time `json:"created_at"`
	// Status says whether it may do anything, and Since since when it may not; nil while it is active.
	Status Status     `json:"status"`
	Since  *time.Time `json:"since"`
	Email  string     `json:"email"`
	Phone  string     `json:"phone"`
	// Source is the directory source it comes from, by name; empty for who was made in the console.
	Source string `json:"source"`
	// ExternalID is what its source knows it by, whatever it is called: entryUUID or objectGUID.
	ExternalID string `json:"external_id"`
	// Upstream says that the source, and not somebody here, disabled it.
	Upstream bool `json:"disabled_upstream"`
	// Keys is how many SSH keys it has.
	Keys    int   `json:"keys"`
	Version int64 `json:"version"`
}

// Status is whether a principal may do anything.
type Status string

// The statuses. Who is disabled keeps what they hold. Who vanished is no longer in the directory source they came from.
const (
	Active   Status = "active"
	Disabled Status = "disabled"
	Vanished Status = "vanished"
)

func fields() []list.Field {
	return append(list.Texts("name", "display_name", "email", "source"), list.PrincipalType(), list.PrincipalStatus(), list.Days("created"))
}

// Store is what this area needs of storage.
type Store interface {
	List(ctx context.Context, q list.Query) (list.Page[User], error)
	// Named finds a principal by name; fault.NotFound with near names otherwise.
	Named(ctx context.Context, name string) (access.Principal, error)
	Groups
	People
	Keys
	Attacher
	// Mapped finds the principal that an operating-system user is mapped to; ok is false if there is none.
	Mapped(ctx context.Context, osUser string) (p access.Principal, ok bool, err error)
	// Insert makes the record and returns it with its id; FullAccess and Groups are not part of the record.
	Insert(ctx context.Context, u User) (User, error)
	// Map sets the operating-system user of a principal, empty for none.
	Map(ctx context.Context, id access.PrincipalID, osUser string) (User, error)
}

// Attacher attaches the one policy that a new user can have from the beginning.
type Attacher interface {
	// AttachFullAccess attaches AliyunDataWorksFullAccess without an end and returns who it was attached to.
	AttachFullAccess(ctx context.Context, p, by access.PrincipalID, at time.Time) (User, error)
}

// Service is the area's acts.
type Service struct {
	gate  *control.Gate
	store Store
}

// New makes the service.
func New(gate *control.Gate, store Store) *Service { return &Service{gate: gate, store: store} }

// List lists the principals of the tenant.
func (s *Service) List(ctx context.Context, q list.Query) (list.Page[User], error) {
	return control.Ask(ctx, s.gate, control.Query[list.Page[User]]{
		Action: action.UserList,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (list.Page[User], error) {
			if err := q.Check(fields()...); err != nil {
				return list.Page[User]{}, err
			}
			return s.store.List(ctx, q)
		},
	})
}

// Add is the form for new principals of one kind.
type Add struct {
	Names []string
	// Kind is ram-user if empty.
	Kind Kind
	// FullAccess attaches AliyunDataWorksFullAccess: manage like the account, and administrator of every workspace. It needs
	// what attaching a policy needs.
	FullAccess bool
	// OSUser maps an operating-system user; only with a single name.
	OSUser string
}

// Add adds principals: all of them, or none if anything is wrong.
func (s *Service) Add(ctx context.Context, in Add) ([]User, error) {
	if in.Kind == "" {
		in.Kind = RAMUser
	}
	in.Names = text.Once(in.Names)
	return control.Do(ctx, s.gate, control.Change[[]User]{
		Action: action.UserAdd,
		Target: func(context.Context) (control.Target, error) {
			return control.Target{Kind: "user", Name: strings.Join(in.Names, ", ")}, nil
		},
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			if in.FullAccess { // to hand out the power that one holds takes more than to hold it
				if err := s.gate.Also(ctx, action.PolicyAttach, t); err != nil {
					return nil, err
				}
			}
			return s.check(ctx, in)
		},
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[[]User], error) {
			var added []User
			for _, name := range in.Names {
				u, err := s.store.Insert(ctx, User{Name: name, Kind: in.Kind, OSUser: in.OSUser, CreatedAt: s.gate.Now(), Version: 1})
				if err == nil && in.FullAccess {
					u, err = s.store.AttachFullAccess(ctx, u.ID, by.Principal, s.gate.Now())
				}
				if err != nil {
					return control.Applied[[]User]{}, err
				}
				added = append(added, u)
			}
			return control.Applied[[]User]{Value: added, After: added}, nil
		},
	})
}

func (s *Service) check(ctx context.Context, in Add) ([]fault.Field, error) {
	var bad []fault.Field
	say := func(field, id string, args message.Args) {
		bad = append(bad, fault.Field{Name: field, Text: message.Text{ID: id, Args: args}})
	}
	if in.Kind != RAMUser && in.Kind != RAMRole {
		say("type", "fault.user.type", message.Args{"Type": string(in.Kind)})
	}
	if in.OSUser != "" && len(in.Names) > 1 {
		say("os_user", "fault.user.os_user.one", nil)
	}
	taken, err := s.checkNames(ctx, in.Names)
	if err != nil {
		return nil, err
	}
	bad = append(bad, taken...)
	if in.OSUser != "" {
		p, mapped, err := s.store.Mapped(ctx, in.OSUser)
		if err != nil {
			return nil, err
		}
		if mapped {
			bad = append(bad, fault.Field{Name: "os_user", Taken: true, Text: message.Text{ID: "fault.user.os_user.taken", Args: message.Args{"OSUser": in.OSUser, "Name": p.Name}}})
		}
	}
	return bad, nil
}

// checkNames says what is wrong with the names of new principals: users, roles and groups share one set of names.
func (s *Service) checkNames(ctx context.Context, names []string) ([]fault.Field, error) {
	var bad []fault.Field
	if len(names) == 0 {
		bad = append(bad, fault.Field{Name: "name", Text: message.Text{ID: "fault.text.empty"}})
	}
	for _, name := range names {
		if what, ok := control.PrincipalName().Check(name); !ok {
			bad = append(bad, fault.Field{Name: "name", Text: message.Text{ID: "fault.user.name", Args: message.Args{"Name": name, "What": what}}})
			continue
		}
		_, err := s.store.Named(ctx, name)
		switch {
		case err != nil && fault.KindOf(err) != fault.KindNotFound:
			return nil, err
		case err == nil:
			bad = append(bad, fault.Field{Name: "name", Taken: true, Text: message.Text{ID: "fault.user.taken", Args: message.Args{"Name": name}}})
		}
	}
	return bad, nil
}

// Map makes an operating-system user act as a principal by default; an empty osUser takes the mapping away.
func (s *Service) Map(ctx context.Context, name, osUser string) (User, error) {
	return control.Do(ctx, s.gate, control.Change[User]{
		Action: action.UserMap,
		Target: onUser(name),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			if _, err := s.touch(ctx, t, name); err != nil { // whoever is mapped acts as them
				return nil, err
			}
			p, mapped, err := s.store.Mapped(ctx, osUser)
			if err != nil || !mapped || strings.EqualFold(p.Name, name) {
				return nil, err
			}
			return []fault.Field{{Name: "os_user", Taken: true, Text: message.Text{ID: "fault.user.os_user.taken", Args: message.Args{"OSUser": osUser, "Name": p.Name}}}}, nil
		},
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[User], error) {
			p, err := s.store.Named(ctx, name)
			if err != nil {
				return control.Applied[User]{}, err
			}
			u, err := s.store.Map(ctx, p.ID, osUser)
			return control.Applied[User]{Value: u, After: u}, err
		},
	})
}
