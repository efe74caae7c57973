package token

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Service is the area's acts.
type Service struct {
	gate   *control.Gate
	store  Store
	random func() string
}

// New makes the service. random makes the random part of a secret: text of at least 256 random bits that may stand in a header.
func New(gate *control.Gate, store Store, random func() string) *Service {
	return &Service{gate: gate, store: store, random: random}
}

// kind is what targets and faults call a token.
const kind = "token"

// How long a token may last. Both are ours: nothing is published about it.
const (
	DefaultDays = 90
	LongestDays = 366
)

// Create is what a token is made of.
type Create struct {
	Name, For string
	Scopes    []string
	// Until is when it ends; zero is DefaultDays from now.
	Until time.Time
}

// Create makes a token and hands out its secret, this once.
func (s *Service) Create(ctx context.Context, in Create) (Made, error) {
	in.Name, in.For = strings.TrimSpace(in.Name), strings.TrimSpace(in.For)
	return control.Do(ctx, s.gate, control.Change[Made]{
		Action: action.TokenCreate,
		Target: named(in.Name),
		Check:  func(ctx context.Context, _ control.Target) ([]fault.Field, error) { return s.check(ctx, in) },
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Made], error) {
			now := s.gate.Now()
			made := Made{Secret: prefix + s.random(), Token: Token{Name: in.Name, For: in.For, CreatedAt: now, CreatedBy: by.Name, Until: s.until(in)}}
			for _, scope := range Scopes() {
				if slices.Contains(in.Scopes, string(scope)) {
					made.Scopes = append(made.Scopes, scope)
				}
			}
			return control.Applied[Made]{Value: made, After: made.Token}, s.store.Insert(ctx, Key{Token: made.Token, Hash: HashOf(made.Secret)})
		},
	})
}

// Revoke ends a token at once. The audit keeps what it was.
func (s *Service) Revoke(ctx context.Context, name string) (Token, error) {
	return control.Do(ctx, s.gate, control.Change[Token]{
		Action: action.TokenRevoke,
		Target: named(name),
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[Token], error) {
			t, err := s.store.Named(ctx, name)
			if err != nil {
				return control.Applied[Token]{}, err
			}
			return control.Applied[Token]{Value: t, Before: t}, s.store.Delete(ctx, t.Name)
		},
	})
}

// List lists the tokens by name, those that are over included.
func (s *Service) List(ctx context.Context) ([]Token, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Token]{
		Action: action.TokenList,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) ([]Token, error) {
			return s.store.List(ctx)
		},
	})
}

func named(name string) func(context.Context) (control.Target, error) {
	return func(context.Context) (control.Target, error) { return control.Target{Kind: kind, Name: name}, nil }
}

// until is cut to the second, as it is stored.
func (s *Service) until(in Create) time.Time {
	if in.Until.IsZero() {
		return s.gate.Now().AddDate(0, 0, DefaultDays)
	}
	return in.Until.UTC().Truncate(time.Second)
}

// The rules for what people type. The lengths are ours.
func nameRule() text.Rule {
	letterOrDigit := func(r rune) bool { return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	return text.Rule{Min: 1, Max: 64, First: letterOrDigit, Form: "fault.token.name.form", Rest: func(r rune) bool {
		return letterOrDigit(r) || strings.ContainsRune(".-_", r)
	}}
}

func forRule() text.Rule { return text.Rule{Max: 200} }

// check says everything that is wrong with what a token is to be made of.
func (s *Service) check(ctx context.Context, in Create) (bad []fault.Field, err error) {
	add := func(field string, what message.Text) { bad = append(bad, fault.Field{Name: field, Text: what}) }
	if what, ok := nameRule().Check(in.Name); !ok {
		add("name", what)
	} else if _, err := s.store.Named(ctx, in.Name); err == nil {
		add("name", message.Text{ID: "fault.token.taken", Args: message.Args{"Name": in.Name}})
	} else if fault.KindOf(err) != fault.KindNotFound {
		return nil, err
	}
	if what, ok := forRule().Check(in.For); !ok {
		add("for", what)
	}
	all := make([]string, 0, len(Scopes()))
	for _, scope := range Scopes() {
		all = append(all, string(scope))
	}
	for _, scope := range in.Scopes {
		if !slices.Contains(all, scope) {
			add("scope", message.Text{ID: "fault.token.scope", Args: message.Args{"Scope": scope, "Scopes": strings.Join(all, ", ")}})
		}
	}
	if !slices.Contains(in.Scopes, string(Evaluate)) && !slices.Contains(in.Scopes, string(Search)) {
		add("scope", message.Text{ID: "fault.token.scopes"})
	}
	switch until, now := s.until(in), s.gate.Now(); {
	case !until.After(now):
		add("until", message.Text{ID: "fault.until.past"})
	case until.After(now.AddDate(0, 0, LongestDays)):
		add("until", message.Text{ID: "fault.token.long", Args: message.Args{"Days": LongestDays}})
	}
	return bad, nil
}
