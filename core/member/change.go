package member

import (
	"context"
	"slices"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
)

// Batch names several principals and the roles that each of them is to hold.
type Batch struct {
	Users []string
	Roles []string
	// Until is when the roles end; zero is open ended. To hold the same roles until another time is to extend or to shorten
	// them.
	Until time.Time
	// Ends are the ends of single roles, by their names as in Roles, in place of Until; a zero time is open ended.
	Ends map[string]time.Time
	// Besides says that the roles are held besides those held already; without it they are all that is held.
	Besides bool
	// KeepEnds says that a role held already keeps the end it has, whatever is said of ends here.
	KeepEnds bool
	// Longer says that of a role held already the later of the two ends stays.
	Longer bool
	// NoRoles says that no roles are meant, where none are named: a membership by itself.
	NoRoles bool
	// Versions are the versions read of members to be changed, by name; a name without one takes whatever stands.
	Versions map[string]int64
	// OwnLoss says that whoever asks means to lose rights of their own; without it such a change is refused.
	OwnLoss bool
}

// Removal names members to be taken out of a workspace.
type Removal struct {
	Users []string
	// OwnLoss as in Batch.
	OwnLoss bool
}

// Add makes principals members with roles: all of them, or none if anything is wrong.
func (s *Service) Add(ctx context.Context, ref control.Ref, in Batch) ([]Member, error) {
	return control.Do(ctx, s.gate, s.add(ref, in))
}

// PreviewAdd tells who would gain what.
func (s *Service) PreviewAdd(ctx context.Context, ref control.Ref, in Batch) (control.Outcome, error) {
	in.OwnLoss = true // a preview is what tells of it
	return control.Preview(ctx, s.gate, s.add(ref, in))
}

// SetRoles makes each of the members hold exactly the given roles.
func (s *Service) SetRoles(ctx context.Context, ref control.Ref, in Batch) ([]Member, error) {
	return control.Do(ctx, s.gate, s.setRoles(ref, in))
}

// PreviewSetRoles tells who would lose and gain what.
func (s *Service) PreviewSetRoles(ctx context.Context, ref control.Ref, in Batch) (control.Outcome, error) {
	in.OwnLoss = true
	return control.Preview(ctx, s.gate, s.setRoles(ref, in))
}

// Remove takes members out of the workspace with all their roles in it.
func (s *Service) Remove(ctx context.Context, ref control.Ref, in Removal) ([]Member, error) {
	return control.Do(ctx, s.gate, s.remove(ref, in))
}

// PreviewRemove tells who would lose what.
func (s *Service) PreviewRemove(ctx context.Context, ref control.Ref, in Removal) (control.Outcome, error) {
	in.OwnLoss = true
	return control.Preview(ctx, s.gate, s.remove(ref, in))
}

func (s *Service) add(ref control.Ref, in Batch) control.Change[[]Member] {
	return control.Change[[]Member]{
		Action: action.MemberAdd,
		Target: control.AtThing(s.store, ref, "member", strings.Join(in.Users, ", ")),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			_, bad, err := s.resolveRoles(ctx, t.Workspace, in)
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
			added, err := s.guarded(ctx, t, by, in.OwnLoss, func(w *guard.Watch) ([]Member, error) { return s.addAll(ctx, t, by, in, w) })
			return control.Applied[[]Member]{Value: added, After: added}, err
		},
	}
}

func (s *Service) addAll(ctx context.Context, t control.Target, by control.Actor, in Batch, w *guard.Watch) ([]Member, error) {
	people, err := s.store.Known(ctx, in.Users)
	if err != nil {
		return nil, err
	}
	holds, _, err := s.resolveRoles(ctx, t.Workspace, in)
	if err != nil {
		return nil, err
	}
	if err := noMoreThanHeld(w, t, by, nil, holds); err != nil {
		return nil, err
	}
	list := make([]Assignment, len(people))
	for i, p := range people {
		list[i] = Assignment{Member: p.ID, Roles: holds}
	}
	if err := s.store.AddAll(ctx, t.Workspace, list, by.Principal, s.gate.Now()); err != nil {
		return nil, err
	}
	added, err := s.store.Among(ctx, t.Workspace, ids(people), false)
	return inOrder(added, in.Users), err
}

func (s *Service) setRoles(ref control.Ref, in Batch) control.Change[[]Member] {
	return control.Change[[]Member]{
		Action: action.MemberSetRoles,
		Target: control.AtThing(s.store, ref, "member", strings.Join(in.Users, ", ")),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			_, bad, err := s.resolveRoles(ctx, t.Workspace, in)
			if len(in.Users) == 0 {
				bad = append(bad, fault.Field{Name: "user", Text: message.Text{ID: "fault.member.nobody"}})
			}
			return bad, err
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[[]Member], error) {
			none := control.Applied[[]Member]{}
			members, err := s.members(ctx, t.Workspace, in.Users)
			if err != nil {
				return none, err
			}
			after, err := s.guarded(ctx, t, by, in.OwnLoss, func(w *guard.Watch) ([]Member, error) {
				return s.setAll(ctx, t, by, in, w, members)
			})
			return control.Applied[[]Member]{Value: after, Before: members, After: after}, err
		},
	}
}

func (s *Service) setAll(ctx context.Context, t control.Target, by control.Actor, in Batch, w *guard.Watch, members []Member) ([]Member, error) {
	given, _, err := s.resolveRoles(ctx, t.Workspace, in)
	if err != nil {
		return nil, err
	}
	holds := func(m Member) []Hold { return in.holds(m, given) }
	if err := s.keepsAdministrator(ctx, t, members, holds); err != nil {
		return nil, err
	}
	list := make([]Assignment, len(members))
	for i, m := range members {
		list[i] = Assignment{Member: m.Principal, Roles: holds(m), Version: m.Version}
		if err := noMoreThanHeld(w, t, by, m.Roles, list[i].Roles); err != nil {
			return nil, err
		}
		if read := in.Versions[m.Name]; read != 0 && read != m.Version {
			return nil, moved(m, read, list[i].Roles)
		}
	}
	if err := s.assign(ctx, t, by, list, members); err != nil {
		return nil, err
	}
	after, err := s.store.Among(ctx, t.Workspace, principals(members), false)
	return inOrder(after, in.Users), err
}

// holds are the roles that a member is to hold when these are given.
func (in Batch) holds(m Member, given []Hold) []Hold {
	var all []Hold
	held := map[access.RoleID]time.Time{}
	for _, have := range m.Roles {
		held[have.ID] = end(have)
		if in.Besides && !slices.ContainsFunc(given, func(h Hold) bool { return h.Role == have.ID }) {
			all = append(all, Hold{Role: have.ID, Until: end(have)})
		}
	}
	for _, h := range given {
		if until, has := held[h.Role]; has && (in.KeepEnds || in.Longer && outlasts(until, h.Until)) {
			h.Until = until
		}
		all = append(all, h)
	}
	return all
}

// assign gives members the roles that they are to hold, in the same order.
func (s *Service) assign(ctx context.Context, t control.Target, by control.Actor, list []Assignment, members []Member) error {
	ok, err := s.store.SetAll(ctx, t.Workspace, list, by.Principal, s.gate.Now())
	if err == nil && !ok { // they were read in this very transaction
		err = moved(members[0], members[0].Version, list[0].Roles)
	}
	return err
}

// moved says that a member is no longer as it was read.
func moved(m Member, read int64, holds []Hold) error {
	return &fault.Conflict{What: "member", Name: m.Name, Read: read, Now: m.Version, Mine: roleIDs(holds), Theirs: m}
}

func (s *Service) remove(ref control.Ref, in Removal) control.Change[[]Member] {
	return control.Change[[]Member]{
		Action: action.MemberRemove,
		Target: control.AtThing(s.store, ref, "member", strings.Join(in.Users, ", ")),
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			if len(in.Users) == 0 {
				return []fault.Field{{Name: "user", Text: message.Text{ID: "fault.member.nobody"}}}, nil
			}
			return nil, nil
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[[]Member], error) {
			none := control.Applied[[]Member]{}
			members, err := s.members(ctx, t.Workspace, in.Users)
			if err != nil {
				return none, err
			}
			if err := s.keepsAdministrator(ctx, t, members, func(Member) []Hold { return nil }); err != nil {
				return none, err
			}
			_, err = s.guarded(ctx, t, by, in.OwnLoss, func(*guard.Watch) ([]Member, error) {
				return nil, s.store.RemoveAll(ctx, t.Workspace, principals(members))
			})
			return control.Applied[[]Member]{Value: members, Before: members}, err
		},
	}
}

func principals(members []Member) []access.PrincipalID {
	list := make([]access.PrincipalID, len(members))
	for i, m := range members {
		list[i] = m.Principal
	}
	return list
}
