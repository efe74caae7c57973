package session

import (
	"context"
	"strings"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Service is the area's acts.
type Service struct {
	gate  *control.Gate
	store Store
}

// New makes the service.
func New(gate *control.Gate, store Store) *Service { return &Service{gate: gate, store: store} }

// kind is what targets and faults call a session.
const kind = "session"

// List lists the open sessions: all for the account and holders of AliyunDataWorksFullAccess, one's own for everybody else.
func (s *Service) List(ctx context.Context) ([]Session, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Session]{
		Action: action.SessionList,
		Do: func(ctx context.Context, _ control.Target, v control.Viewer) ([]Session, error) {
			if v.Everything {
				return s.store.Open(ctx, 0)
			}
			return s.store.Open(ctx, v.Principal)
		},
	})
}

// End asks for the end of a session, which is named by its id or the beginning of it. One's own may always be ended.
func (s *Service) End(ctx context.Context, id string) (Session, error) {
	var found Session
	return control.Do(ctx, s.gate, control.Change[Session]{
		Action: action.SessionEnd,
		Target: func(context.Context) (control.Target, error) { return control.Target{Kind: kind, Name: id}, nil },
		Check: func(ctx context.Context, t control.Target) (bad []fault.Field, err error) {
			if found, err = s.find(ctx, id); err != nil {
				return nil, err
			}
			if by, _ := control.ActorOf(ctx); by.Principal == found.Principal {
				return nil, nil
			}
			return nil, s.gate.Also(ctx, action.SessionEndOther, t)
		},
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Session], error) {
			if found.EndBy != "" {
				return control.Applied[Session]{Value: found, Nothing: true}, nil
			}
			before := found
			found.EndBy = by.Name
			return control.Applied[Session]{Value: found, Before: before, After: found}, s.store.AskEnd(ctx, found.ID, by.Name, s.gate.Now())
		},
	})
}

// find finds an open session by the beginning of its id.
func (s *Service) find(ctx context.Context, id string) (Session, error) {
	open, err := s.store.Open(ctx, 0)
	if err != nil {
		return Session{}, err
	}
	var found []Session
	for _, one := range open {
		if id != "" && strings.HasPrefix(strings.ToLower(one.ID), strings.ToLower(id)) {
			found = append(found, one)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return Session{}, &fault.NotFound{What: kind, Name: id}
	}
	return Session{}, fault.OneField("session", "fault.session.several", message.Args{"ID": id, "Count": len(found)})
}

// noticeRule bounds a notice: it has to fit into a line or two of a window.
var noticeRule = text.Rule{Min: 1, Max: 200}

// Notify says something to everybody who has a console open.
func (s *Service) Notify(ctx context.Context, words string) (Notice, error) {
	words = strings.TrimSpace(words)
	return control.Do(ctx, s.gate, control.Change[Notice]{
		Action: action.SessionNotify,
		Target: func(context.Context) (control.Target, error) { return control.Target{Kind: kind, Name: "*"}, nil },
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			if what, ok := noticeRule.Check(words); !ok {
				return []fault.Field{{Name: "text", Text: what}}, nil
			}
			return nil, nil
		},
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Notice], error) {
			n, err := s.store.Say(ctx, Notice{Text: words, At: s.gate.Now(), By: by.Name})
			return control.Applied[Notice]{Value: n, After: n}, err
		},
	})
}

// Begin keeps that somebody has signed in, and, of a console, that it is open. Somebody who may do nothing begins nothing.
func (s *Service) Begin(ctx context.Context, one Session, open bool) (Session, error) {
	return control.Do(ctx, s.gate, control.Change[Session]{
		Action: action.SessionBegin,
		Target: func(context.Context) (control.Target, error) { return control.Target{Kind: kind, Name: one.ID}, nil },
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Session], error) {
			one.Principal, one.User, one.BegunAt, one.SeenAt = by.Principal, by.Name, s.gate.Now(), s.gate.Now()
			applied := control.Applied[Session]{Value: one, After: one}
			if !open {
				return applied, nil
			}
			if err := s.store.Bury(ctx); err != nil {
				return applied, err
			}
			return applied, s.store.Insert(ctx, one)
		},
	})
}
