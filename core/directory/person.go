package directory

import (
	"context"
	"net/mail"
	"strings"
	"time"
	"unicode"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
	"reeve/core/text"
)

// People keeps what single principals are and hold.
type People interface {
	// User finds a principal by name; fault.NotFound with near names otherwise.
	User(ctx context.Context, name string) (User, error)
	// SetContact changes how a principal is shown and reached if it still is version; otherwise ok is false.
	SetContact(ctx context.Context, id access.PrincipalID, c Contact, version int64) (ok bool, err error)
	// SetDisabled disables a principal from a time on, and enables it for the zero time.
	SetDisabled(ctx context.Context, id access.PrincipalID, at time.Time) error
	// Holdings is what a principal holds, without grants that have ended.
	Holdings(ctx context.Context, id access.PrincipalID) (Holdings, error)
	// Delete takes a principal who holds nothing away, its keys and its place in groups with it. Its id is never used again.
	Delete(ctx context.Context, id access.PrincipalID, at time.Time) error
}

// Contact is how somebody is shown and reached.
type Contact struct{ DisplayName, Email, Phone string }

// Holdings is what keeps a principal from being deleted, by name.
type Holdings struct {
	// Owns are the workspaces it owns, those in the bin included, Workspaces those it is a member of.
	Owns []string `json:"owns"`
	// Made are the workspaces it created, which keep nobody: their history has the name.
	Made       []string `json:"workspaces_created"`
	Workspaces []string `json:"workspaces"`
	// TenantRoles are the regions it holds tenant roles in.
	TenantRoles []string `json:"tenant_roles"`
	Policies    []string `json:"policies"`
	Groups      []string `json:"groups"`
	// Members are who is in it, if it is a group.
	Members []string `json:"members"`
	// Engines are the engines in which it has an account.
	Engines []string `json:"engines"`
	// Identities are the engines whose tasks run as it, with their workspaces and the environment.
	Identities []string `json:"identities"`
	// Requests are its requests for access that wait to be decided, by number.
	Requests []string `json:"requests"`
}

// Bounds of contacts: of e-mail addresses by RFC 5321, the others ours.
const (
	maxDisplay = 128
	maxEmail   = 254
	maxPhone   = 32
)

func onUser(name string) func(context.Context) (control.Target, error) {
	return func(context.Context) (control.Target, error) { return control.Target{Kind: "user", Name: name}, nil }
}

// touch finds a principal that is about to be changed. Where it holds a policy that gives a power, or is the account, that
// takes what attaching that policy takes: who holds less must neither act as them nor take it from them.
func (s *Service) touch(ctx context.Context, t control.Target, name string) (User, error) {
	u, err := s.store.User(ctx, name)
	if err != nil {
		return u, err
	}
	if u.Kind != Account {
		snap, err := s.gate.Snapshot(ctx, control.Scope{Principal: u.ID})
		if err != nil {
			return u, err
		}
		above := false
		for _, a := range snap.AttachmentsOf(u.ID) {
			d, _ := snap.Document(a.Policy)
			above = above || d.Power != access.PowerNone
		}
		if !above {
			return u, nil
		}
	}
	return u, s.gate.Also(ctx, action.PolicyAttach, t)
}

// Get shows one principal.
func (s *Service) Get(ctx context.Context, name string) (User, error) {
	return control.Ask(ctx, s.gate, control.Query[User]{
		Action: action.UserShow,
		Target: onUser(name),
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (User, error) {
			return s.store.User(ctx, name)
		},
	})
}

// Edit is the form that changes a principal: what is nil stays.
type Edit struct {
	DisplayName, Email, Phone *string
	// Version is the version that was read; 0 takes whatever stands.
	Version int64
}

// Update changes how a principal is shown and reached. Of who comes from a directory source the source says that.
func (s *Service) Update(ctx context.Context, name string, in Edit) (User, error) {
	return control.Do(ctx, s.gate, control.Change[User]{
		Action: action.UserUpdate,
		Target: onUser(name),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			u, err := s.touch(ctx, t, name)
			if err != nil {
				return nil, err
			}
			return checkEdit(u, in), nil
		},
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[User], error) {
			none := control.Applied[User]{}
			before, err := s.store.User(ctx, name)
			if err != nil {
				return none, err
			}
			conflict := &fault.Conflict{What: "user", Name: before.Name, Read: in.Version, Now: before.Version, Theirs: before}
			if in.Version != 0 && in.Version != before.Version {
				return none, conflict
			}
			old := Contact{before.DisplayName, before.Email, before.Phone}
			wanted := in.on(old)
			if wanted == old {
				return control.Applied[User]{Value: before, Nothing: true}, nil
			}
			ok, err := s.store.SetContact(ctx, before.ID, wanted, before.Version)
			if err == nil && !ok {
				err = conflict
			}
			if err != nil {
				return none, err
			}
			after, err := s.store.User(ctx, name)
			return control.Applied[User]{Value: after, Before: before, After: after}, err
		},
	})
}

func (e Edit) on(c Contact) Contact {
	for _, f := range []struct {
		to   *string
		from *string
	}{{&c.DisplayName, e.DisplayName}, {&c.Email, e.Email}, {&c.Phone, e.Phone}} {
		if f.from != nil {
			*f.to = strings.TrimSpace(*f.from)
		}
	}
	return c
}

func checkEdit(u User, in Edit) []fault.Field {
	var bad []fault.Field
	old := Contact{u.DisplayName, u.Email, u.Phone}
	wanted := in.on(old)
	for _, f := range []struct {
		name     string
		old, new string
		check    func(string) (message.Text, bool)
	}{
		{"display_name", old.DisplayName, wanted.DisplayName, text.Rule{Max: maxDisplay}.Check},
		{"email", old.Email, wanted.Email, checkEmail},
		{"phone", old.Phone, wanted.Phone, checkPhone},
	} {
		if f.old == f.new {
			continue
		}
		if u.Source != "" {
			bad = append(bad, fault.Field{Name: f.name, Text: message.Text{ID: "fault.user.sourced", Args: message.Args{"Source": u.Source}}})
			continue
		}
		if what, ok := f.check(f.new); !ok {
			bad = append(bad, fault.Field{Name: f.name, Text: what})
		}
	}
	return bad
}

// checkEmail takes one plain address, or none.
func checkEmail(s string) (message.Text, bool) {
	if s == "" {
		return message.Text{}, true
	}
	if what, ok := (text.Rule{Max: maxEmail}).Check(s); !ok {
		return what, false
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" {
		return message.Text{ID: "fault.user.email", Args: message.Args{"Email": s}}, false
	}
	return message.Text{}, true
}

// checkPhone takes digits as people write them, or nothing.
func checkPhone(s string) (message.Text, bool) {
	if what, ok := (text.Rule{Max: maxPhone}).Check(s); !ok {
		return what, false
	}
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		} else if !strings.ContainsRune("+-.()/ ", r) {
			return message.Text{ID: "fault.user.phone", Args: message.Args{"Phone": s}}, false
		}
	}
	if s != "" && digits < 3 {
		return message.Text{ID: "fault.user.phone", Args: message.Args{"Phone": s}}, false
	}
	return message.Text{}, true
}

// Batch is principals that something is done to at once: all of them, or none if anything is wrong.
type Batch struct {
	Names []string
	// OwnLoss says that whoever asks means to lose rights of their own; without it such a change is refused.
	OwnLoss bool
}

// Disable disables principals: what they hold they keep, and may do nothing.
func (s *Service) Disable(ctx context.Context, in Batch) ([]User, error) {
	return control.Do(ctx, s.gate, s.setDisabled(action.UserDisable, in, s.gate.Now()))
}

// PreviewDisable tells who would lose what, in the whole tenant.
func (s *Service) PreviewDisable(ctx context.Context, in Batch) (control.Outcome, error) {
	in.OwnLoss = true // a preview is what tells of it
	return control.Preview(ctx, s.gate, s.setDisabled(action.UserDisable, in, s.gate.Now()))
}

// Enable makes what disabled principals hold count again.
func (s *Service) Enable(ctx context.Context, in Batch) ([]User, error) {
	return control.Do(ctx, s.gate, s.setDisabled(action.UserEnable, in, time.Time{}))
}

// PreviewEnable tells who would gain what, in the whole tenant.
func (s *Service) PreviewEnable(ctx context.Context, in Batch) (control.Outcome, error) {
	return control.Preview(ctx, s.gate, s.setDisabled(action.UserEnable, in, time.Time{}))
}

// setDisabled disables from a time on, or enables for the zero time. Whoever already is as asked is passed over.
func (s *Service) setDisabled(id action.ID, in Batch, at time.Time) control.Change[[]User] {
	return control.Change[[]User]{
		Action: id,
		Target: onUser(strings.Join(in.Names, ", ")),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			return s.eachNamed(ctx, t, in.Names, func(u User) (message.Text, error) {
				args := message.Args{"Name": u.Name, "Source": u.Source}
				switch {
				case u.Kind == Account:
					return message.Text{ID: "fault.user.account"}, nil
				case at.IsZero() && u.Status == Vanished:
					return message.Text{ID: "fault.user.vanished", Args: args}, nil
				case at.IsZero() && u.Upstream:
					return message.Text{ID: "fault.user.upstream", Args: args}, nil
				}
				return message.Text{}, nil
			})
		},
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[[]User], error) {
			none := control.Applied[[]User]{}
			watch, err := guard.Begin(ctx, s.gate, control.Scope{Everything: true}, by, s.gate.Now())
			if err != nil {
				return none, err
			}
			var before, after []User
			for _, name := range in.Names {
				u, err := s.store.User(ctx, name)
				if err != nil {
					return none, err
				}
				// Who is disabled upstream and now here as well stays so when the source enables them again.
				if at.IsZero() && u.Status == Active || !at.IsZero() && u.Status == Disabled && !u.Upstream {
					continue
				}
				if err := s.store.SetDisabled(ctx, u.ID, at); err != nil {
					return none, err
				}
				now, err := s.store.User(ctx, name)
				if err != nil {
					return none, err
				}
				before, after = append(before, u), append(after, now)
			}
			if _, err := watch.End(ctx, in.OwnLoss); err != nil {
				return none, err
			}
			return control.Applied[[]User]{Value: after, Before: before, After: after, Nothing: len(after) == 0}, nil
		},
	}
}

// eachNamed finds principals that are about to be changed and gathers what is wrong with each.
func (s *Service) eachNamed(ctx context.Context, t control.Target, names []string, wrong func(User) (message.Text, error)) ([]fault.Field, error) {
	var bad []fault.Field
	if len(names) == 0 {
		bad = append(bad, fault.Field{Name: "name", Text: message.Text{ID: "fault.member.nobody"}})
	}
	for _, name := range names {
		u, err := s.touch(ctx, t, name)
		if fault.KindOf(err) == fault.KindNotFound && err != nil {
			if len(names) == 1 {
				return nil, err
			}
			bad = append(bad, fault.Field{Name: "name", Unknown: true, Text: message.Text{ID: "fault.user.unknown", Args: message.Args{"Name": name, "Nearest": ""}}})
			continue
		}
		if err != nil {
			return nil, err
		}
		what, err := wrong(u)
		if err != nil {
			return nil, err
		}
		if what.ID != "" {
			bad = append(bad, fault.Field{Name: "name", Text: what})
		}
	}
	return bad, nil
}
