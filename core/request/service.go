package request

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
)

// Service is the area's acts.
type Service struct {
	gate   *control.Gate
	store  Store
	givers Givers
}

// New makes the service.
func New(gate *control.Gate, store Store, givers Givers) *Service {
	return &Service{gate: gate, store: store, givers: givers}
}

// kind is what requests are called in targets and errors.
const kind = "request"

// View says which requests a list is to have.
type View string

// The views.
const (
	// All are those that whoever asks may see: their own, and those that they may decide or could have.
	All View = ""
	// Own are their own.
	Own View = "own"
	// ToDecide are those of others that wait for them.
	ToDecide View = "to-decide"
)

// List lists requests, the newest first unless asked otherwise.
func (s *Service) List(ctx context.Context, v View, q list.Query) (list.Page[Request], error) {
	return control.Ask(ctx, s.gate, control.Query[list.Page[Request]]{
		Action: action.RequestList,
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) (list.Page[Request], error) {
			none := list.Page[Request]{}
			if err := q.Check(fields()...); err != nil {
				return none, err
			}
			among, err := s.among(ctx, v, by)
			if err != nil {
				return none, err
			}
			page, err := s.store.List(ctx, among, q)
			for i, r := range page.Items {
				page.Items[i] = r.at(s.gate.Now())
			}
			return page, err
		},
	})
}

// Waiting counts the requests of others that wait for whoever asks: of a region and, without one, of all regions and the tenant.
func (s *Service) Waiting(ctx context.Context, region string) (int, error) {
	return control.Ask(ctx, s.gate, control.Query[int]{
		Action: action.RequestList,
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) (int, error) {
			among, err := s.among(ctx, ToDecide, by)
			if err != nil {
				return 0, err
			}
			q := list.Query{Limit: 1, Count: true}
			if region != "" {
				q.Filter = list.Filter{{Field: "where", Value: region}}
			}
			page, err := s.store.List(ctx, among, q)
			return page.Total, err
		},
	})
}

// AnswerDays is for how long whoever asked is told that a request was granted or refused. The number is ours.
const AnswerDays = 7

// Answered lists the requests of whoever asks that others granted or refused in the last AnswerDays, the newest first.
func (s *Service) Answered(ctx context.Context) ([]Request, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Request]{
		Action: action.RequestList,
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) ([]Request, error) {
			page, err := s.store.List(ctx, Among{Requester: by.Principal}, list.Query{})
			since := s.gate.Now().AddDate(0, 0, -AnswerDays)
			answered := slices.DeleteFunc(page.Items, func(r Request) bool {
				return r.State != Granted && r.State != Refused || r.DecidedAt.Before(since)
			})
			return answered, err
		},
	})
}

func (s *Service) among(ctx context.Context, v View, by control.Viewer) (Among, error) {
	switch v {
	case Own:
		return Among{Requester: by.Principal}, nil
	case ToDecide:
		if by.Everything { // who has a power administers every workspace and governs every region
			policies, err := s.decides(ctx, Place{Kind: Policy})
			return Among{Everywhere: true, NoPolicies: !policies, Not: by.Principal, Waiting: s.gate.Now()}, err
		}
		places, err := s.places(ctx, by, true)
		return Among{At: places, Not: by.Principal, Waiting: s.gate.Now()}, err
	case All:
	}
	if by.Everything {
		return Among{Everywhere: true}, nil
	}
	places, err := s.places(ctx, by, false)
	return Among{Requester: by.Principal, At: places}, err
}

// places are the places of requests at which a viewer without a power may make the grants by hand.
func (s *Service) places(ctx context.Context, by control.Viewer, waiting bool) ([]Place, error) {
	all, err := s.store.PlacesAsked(ctx, by.Principal, waiting)
	if err != nil {
		return nil, err
	}
	ctx = control.Remembering(ctx) // a query: nothing changes while it runs
	var mine []Place
	for _, p := range all {
		ok, err := s.decides(ctx, p)
		if err != nil {
			return nil, err
		}
		if ok {
			mine = append(mine, p)
		}
	}
	return mine, nil
}

// byHand is the act by which somebody makes a grant of a kind by hand.
func byHand(k Kind) action.ID {
	switch k {
	case WorkspaceRole:
		return action.MemberAdd
	case TenantRole:
		return action.TenantMemberGrant
	case Policy:
	}
	return action.PolicyAttach
}

// decides says whether whoever asks may make the grants of a place by hand. A read-only session sees what its person may decide.
func (s *Service) decides(ctx context.Context, p Place) (bool, error) {
	by, _ := control.ActorOf(ctx)
	by.ReadOnly = false
	err := s.gate.Also(control.WithActor(ctx, by), byHand(p.Kind), p.Target)
	var denied *fault.Denied
	if errors.As(err, &denied) {
		return false, nil
	}
	return err == nil, err
}

// Get shows one request.
func (s *Service) Get(ctx context.Context, id ID) (Request, error) {
	return control.Ask(ctx, s.gate, control.Query[Request]{
		Action: action.RequestShow,
		Target: s.at(id),
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) (Request, error) {
			r, _, err := s.read(ctx, id, by.Actor)
			return r, err
		},
	})
}

// Offers are what whoever asks could ask for: roles of a workspace, tenant roles of a region, or policies. Wanted.Role is not looked
// at.
func (s *Service) Offers(ctx context.Context, in Wanted) ([]Role, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Role]{
		Action: action.RequestOffers,
		Target: s.where(in),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Role, error) {
			giver, ok := s.givers[in.Kind]
			if !ok {
				return nil, unknownKind()
			}
			within, err := s.within(ctx, in.Kind, t)
			if err != nil {
				return nil, err
			}
			return giver.Offers(ctx, t, within)
		},
	})
}

// within says whether whoever asks sees the roles of the place: a member sees those of a workspace, and everybody those of a region.
func (s *Service) within(ctx context.Context, k Kind, t control.Target) (bool, error) {
	if k != WorkspaceRole {
		return true, nil
	}
	var denied *fault.Denied
	err := s.gate.Also(ctx, action.RoleList, t)
	if errors.As(err, &denied) {
		return false, nil
	}
	return err == nil, err
}

// where is the target of a request that is to be made.
func (s *Service) where(in Wanted) func(context.Context) (control.Target, error) {
	return func(ctx context.Context) (control.Target, error) {
		switch in.Kind {
		case WorkspaceRole:
			return s.store.Place(ctx, control.Ref{Region: in.Region, Workspace: in.Workspace})
		case TenantRole:
			return s.store.Region(ctx, in.Region)
		case Policy:
		}
		return control.Target{}, nil
	}
}

func (s *Service) at(id ID) func(context.Context) (control.Target, error) {
	return func(ctx context.Context) (control.Target, error) { return s.store.Where(ctx, id) }
}

// read reads a request that somebody may see: their own, one that they may decide, or any for who sees all workspaces. To others it
// is not there. decides says whether they may make the grant by hand.
func (s *Service) read(ctx context.Context, id ID, by control.Actor) (r Request, decides bool, err error) {
	if r, err = s.store.Get(ctx, id); err != nil {
		return r, false, err
	}
	r = r.at(s.gate.Now())
	if decides, err = s.decides(ctx, r.place()); err != nil || decides || r.Requester == by.Principal {
		return r, decides, err
	}
	snap, err := s.gate.Snapshot(ctx, control.Scope{Principal: by.Principal})
	if err == nil && (len(by.Only) > 0 || snap.Power(by.Principal) == access.PowerNone) {
		err = &fault.NotFound{What: kind, Name: strconv.FormatInt(int64(id), 10)}
	}
	if err != nil {
		return Request{}, false, err
	}
	return r, false, nil
}

// called is a request in targets. The colon lets a search for #1: not find #12: as well.
func (r Request) called() string { return Name(r.ID, r.User) }

// Name is what a request is called in the audit.
func Name(id ID, user string) string { return "#" + strconv.FormatInt(int64(id), 10) + ": " + user }

func (r Request) target() *control.Target {
	t := r.place().Target
	t.Kind, t.Name = kind, r.called()
	return &t
}

func conflict(theirs Request, read int64) error {
	return &fault.Conflict{What: kind, Name: strconv.FormatInt(int64(theirs.ID), 10), Read: read, Now: theirs.Version, Theirs: theirs, By: theirs.DecidedBy}
}

// NextDue is when the next pending request expires.
func (s *Service) NextDue(ctx context.Context) (time.Time, error) {
	return control.Ask(ctx, s.gate, control.Query[time.Time]{
		Action: action.KeeperDue,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (time.Time, error) {
			r, ok, err := s.store.Next(ctx)
			if !ok {
				return time.Time{}, err
			}
			return r.ExpiresAt, err
		},
	})
}

// MoveDue lets the pending request expire that has been due longest.
func (s *Service) MoveDue(ctx context.Context) (moved bool, err error) {
	return control.Do(ctx, s.gate, control.Change[bool]{
		Action: action.RequestExpire,
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[bool], error) {
			now := s.gate.Now()
			before, ok, err := s.store.Next(ctx)
			if err != nil || !ok || before.ExpiresAt.After(now) {
				return control.Applied[bool]{Nothing: true}, err
			}
			after := before
			after.State, after.DecidedAt = Expired, &now
			after.Version++
			ok, err = s.store.Decide(ctx, after, before.Version)
			if err == nil && !ok {
				err = conflict(before, before.Version)
			}
			return control.Applied[bool]{Value: true, Before: before, After: after, Target: before.target()}, err
		},
	})
}
