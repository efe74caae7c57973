package request

import (
	"context"
	"errors"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
)

// Decision is what somebody decides about a request.
type Decision struct {
	// Note is what they say about it: up to 500 characters, and to refuse at least 3.
	Note string
	// Role, if not empty, is granted in place of the one asked for; Refuse and Withdraw ignore it.
	Role string
	// End, unless it is open, is an earlier end than the one asked for.
	End End
	// Version is the version that was read; 0 takes whatever stands.
	Version int64
}

// Grant makes the grant that was asked for, or less of it, through the area that makes it by hand: both, or neither. Nobody grants
// what they ask for themselves.
func (s *Service) Grant(ctx context.Context, id ID, in Decision) (Request, error) {
	return control.Do(ctx, s.gate, s.grant(id, in))
}

// PreviewGrant tells who would gain and lose what.
func (s *Service) PreviewGrant(ctx context.Context, id ID, in Decision) (control.Outcome, error) {
	return control.Preview(ctx, s.gate, s.grant(id, in))
}

func (s *Service) grant(id ID, in Decision) control.Change[Request] {
	in.End.At = guard.End(in.End.At)
	return control.Change[Request]{
		Action:  action.RequestGrant,
		Several: true,
		Target:  s.at(id),
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			return append(wrongWords("because", in.Note, true), wrongEnd(s.gate.Now(), in.End)...), nil
		},
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Request], error) {
			none := control.Applied[Request]{}
			before, err := s.open(ctx, id, by, action.RequestGrant, in.Version)
			if err != nil {
				return none, err
			}
			who, err := s.standsFor(ctx, before)
			if err != nil {
				return none, err
			}
			given, err := s.given(ctx, before, in)
			if err != nil {
				return none, err
			}
			if err := s.refuseHeld(ctx, before, who.Name, given.Role, until(given)); err != nil {
				return none, err
			}
			after := before.decided(Granted, by, in.Note, s.gate.Now())
			after.Given = &given
			applied, err := s.decide(ctx, before, after)
			if err != nil {
				return none, err
			}
			return applied, s.givers[before.Kind].Give(ctx, before.place().Target, who.Name, given.Role, until(given))
		},
	}
}

// Refuse grants nothing, and says why.
func (s *Service) Refuse(ctx context.Context, id ID, in Decision) (Request, error) {
	return control.Do(ctx, s.gate, control.Change[Request]{
		Action: action.RequestRefuse,
		Target: s.at(id),
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			return wrongWords("because", in.Note, false), nil
		},
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Request], error) {
			before, err := s.open(ctx, id, by, action.RequestRefuse, in.Version)
			if err != nil {
				return control.Applied[Request]{}, err
			}
			return s.decide(ctx, before, before.decided(Refused, by, in.Note, s.gate.Now()))
		},
	})
}

// Withdraw takes a request of one's own back.
func (s *Service) Withdraw(ctx context.Context, id ID, version int64) (Request, error) {
	return s.withdraw(ctx, id, version, func(_ context.Context, r Request) error {
		return &fault.Denied{Action: string(action.RequestWithdraw), Ask: []string{r.User},
			Reason: message.Text{ID: "denied.request.withdraw", Args: message.Args{"User": r.User}}}
	})
}

// WithdrawLeaver takes back what somebody who leaves has asked for. Whoever may let somebody leave may do it.
func (s *Service) WithdrawLeaver(ctx context.Context, id ID) (Request, error) {
	return s.withdraw(ctx, id, 0, func(ctx context.Context, r Request) error {
		return s.gate.Also(ctx, action.UserLeave, control.Target{Kind: "user", Name: r.User})
	})
}

// withdraw takes a request back; others says whether somebody other than who asked may.
func (s *Service) withdraw(ctx context.Context, id ID, version int64, others func(context.Context, Request) error) (Request, error) {
	return control.Do(ctx, s.gate, control.Change[Request]{
		Action: action.RequestWithdraw,
		Target: s.at(id),
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Request], error) {
			none := control.Applied[Request]{}
			before, _, err := s.read(ctx, id, by)
			if err != nil {
				return none, err
			}
			if before.Requester != by.Principal {
				if err := others(ctx, before); err != nil {
					return none, err
				}
			}
			if err := before.waits(version); err != nil {
				return none, err
			}
			return s.decide(ctx, before, before.decided(Withdrawn, by, "", s.gate.Now()))
		},
	})
}

// open is a request that waits, for somebody who may decide it and has not asked for it.
func (s *Service) open(ctx context.Context, id ID, by control.Actor, act action.ID, version int64) (Request, error) {
	r, decides, err := s.read(ctx, id, by)
	if err != nil {
		return r, err
	}
	if r.Requester == by.Principal {
		ask, err := s.whomToAsk(ctx, r.place())
		if err != nil {
			return r, err
		}
		return r, &fault.Denied{Action: string(act), Ask: ask, Reason: message.Text{ID: "denied.request.own"}}
	}
	if !decides { // the refusal of making it by hand says why and whom to ask
		if err := s.gate.Also(ctx, byHand(r.Kind), r.place().Target); err != nil {
			return r, err
		}
	}
	return r, r.waits(version)
}

// waits refuses what is decided, and what was decided about another version of the request.
func (r Request) waits(version int64) error {
	if r.State != Pending {
		args := message.Args{"ID": int64(r.ID), "By": r.DecidedBy}
		return &fault.Refused{Reason: message.Text{ID: "fault.request." + string(r.State), Args: args}, Way: message.Text{ID: "fault.request.over.next"}}
	}
	if version != 0 && version != r.Version {
		return conflict(r, version)
	}
	return nil
}

// standsFor is who asked as they are now. It refuses to grant to somebody who is gone or disabled, and at a place that is no longer
// there.
func (s *Service) standsFor(ctx context.Context, r Request) (access.Principal, error) {
	who, ok, err := s.store.Requester(ctx, r.Requester)
	if err != nil {
		return who, err
	}
	there := true
	if r.Kind == WorkspaceRole {
		if there, err = s.store.There(ctx, r.WorkspaceID); err != nil {
			return who, err
		}
	}
	id := ""
	switch {
	case !ok:
		id = "fault.request.gone"
	case who.Disabled != 0:
		id = "fault.request.disabled"
	case !there:
		id = "fault.request.workspace"
	default:
		return who, nil
	}
	args := message.Args{"User": r.User, "Workspace": r.Workspace}
	return who, &fault.Refused{Reason: message.Text{ID: id, Args: args}, Way: message.Text{ID: "fault.request.refuse.next"}}
}

// given is what a decision grants: what was asked for, or another role, or not as long.
func (s *Service) given(ctx context.Context, r Request, in Decision) (Given, error) {
	role, bad, err := s.givenRole(ctx, r, in.Role)
	if err != nil {
		return Given{}, err
	}
	now := s.gate.Now()
	asked := r.End().From(now)
	end := asked
	if !in.End.Open() {
		end = in.End.From(now)
		if !asked.IsZero() && end.After(asked) {
			bad = append(bad, fault.Field{Name: "until", Text: message.Text{ID: "fault.request.longer", Args: message.Args{"Until": asked.Format("2006-01-02 15:04")}}})
		}
	}
	if len(bad) > 0 {
		return Given{}, &fault.Invalid{Fields: bad}
	}
	g := Given{Role: role}
	if !end.IsZero() {
		g.Until = &end
	}
	return g, nil
}

// givenRole finds the role that was asked for, or the one that is granted in its place. Whoever decides reads the name of the first in the
// request, and so finds it whatever else they may see.
func (s *Service) givenRole(ctx context.Context, r Request, instead string) (Role, []fault.Field, error) {
	if strings.TrimSpace(instead) != "" {
		return s.find(ctx, r.Kind, r.place().Target, instead)
	}
	giver, ok := s.givers[r.Kind]
	if !ok {
		return Role{}, nil, unknownKind()
	}
	role, err := giver.Find(ctx, r.place().Target, r.Role.Code, true)
	var missing *fault.NotFound
	if errors.As(err, &missing) {
		err = &fault.Refused{Reason: message.Text{ID: "fault.request.role_gone", Args: message.Args{"Role": r.Role.Words(r.Kind)}},
			Way: message.Text{ID: "fault.request.instead.next"}}
	}
	return role, nil, err
}

func until(g Given) time.Time {
	if g.Until == nil {
		return time.Time{}
	}
	return *g.Until
}

// decided is the request once it is decided.
func (r Request) decided(state State, by control.Actor, note string, now time.Time) Request {
	r.State, r.DecidedAt, r.DecidedBy, r.Note = state, &now, by.Name, strings.TrimSpace(note)
	r.Version++
	return r
}

func (s *Service) decide(ctx context.Context, before, after Request) (control.Applied[Request], error) {
	ok, err := s.store.Decide(ctx, after, before.Version)
	if err == nil && !ok {
		err = conflict(before, before.Version)
	}
	return control.Applied[Request]{Value: after, Before: before, After: after, Target: after.target()}, err
}
