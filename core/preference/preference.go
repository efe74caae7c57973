// Package preference is what people want of the console whichever terminal they sit before: how it looks, which characters and
// which language it speaks, how it copies, and whether it takes the mouse. A preference wins over what the terminal says of
// itself, and the flags of one run win over it.
package preference

import (
	"context"
	"slices"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// Name names a preference.
type Name string

// The preferences, in the order in which they are listed.
const (
	// Theme is the name of a look.
	Theme Name = "theme"
	// Characters are unicode or ascii.
	Characters Name = "characters"
	// Language is the tag of a language that the console speaks.
	Language Name = "language"
	// Clipboard is terminal, which sends copies to the terminal's clipboard (OSC 52), or text, which shows them to be selected.
	Clipboard Name = "clipboard"
	// Mouse is on or off.
	Mouse Name = "mouse"
)

// Auto is the value of a preference that leaves it to the terminal.
const Auto = "auto"

// The values of those that have the same in every build.
const (
	Unicode     = "unicode"
	ASCII       = "ascii"
	ToTerminal  = "terminal"
	ShownAsText = "text"
	MouseOn     = "on"
	MouseOff    = "off"
)

// kind is what targets call preferences; they are named after whose they are.
const kind = "preference"

// Preference is one with its value and those it may have, of which the first is that of one that was never set.
type Preference struct {
	Name    Name     `json:"name"`
	Value   string   `json:"value"`
	Choices []string `json:"choices"`
}

// Offer is what a build of the program can look like and speak.
type Offer struct{ Themes, Languages []string }

// Values are the preferences of one person; those that are as if never set are not in it.
type Values map[Name]string

// Store keeps the preferences.
type Store interface {
	// Of are those of a principal that are set.
	Of(ctx context.Context, p access.PrincipalID) (Values, error)
	// Set keeps one; the empty value forgets it.
	Set(ctx context.Context, p access.PrincipalID, name Name, value string) error
}

// Service is the area's acts. Everybody has their own preferences and nobody sees those of others.
type Service struct {
	gate  *control.Gate
	store Store
	offer Offer
}

// New makes the service.
func New(gate *control.Gate, store Store, offer Offer) *Service {
	return &Service{gate: gate, store: store, offer: offer}
}

// choices lists the preferences with what each may be.
func (s *Service) choices() []Preference {
	return []Preference{
		{Name: Theme, Choices: append([]string{Auto}, s.offer.Themes...)},
		{Name: Characters, Choices: []string{Auto, Unicode, ASCII}},
		{Name: Language, Choices: append([]string{Auto}, s.offer.Languages...)},
		{Name: Clipboard, Choices: []string{ToTerminal, ShownAsText}},
		{Name: Mouse, Choices: []string{MouseOff, MouseOn}},
	}
}

// List lists the caller's own.
func (s *Service) List(ctx context.Context) ([]Preference, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Preference]{
		Action: action.PreferenceList,
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) ([]Preference, error) {
			return s.of(ctx, by.Principal)
		},
	})
}

func (s *Service) of(ctx context.Context, p access.PrincipalID) ([]Preference, error) {
	set, err := s.store.Of(ctx, p)
	if err != nil {
		return nil, err
	}
	list := s.choices()
	for i := range list {
		list[i].Value = list[i].Choices[0]
		// A value that this build does not have was set by another one, and stays for it.
		if v, ok := set[list[i].Name]; ok && slices.Contains(list[i].Choices, v) {
			list[i].Value = v
		}
	}
	return list, nil
}

// Set changes some of the caller's own, all of them or, if one is wrong, none. Those that are not named stay.
func (s *Service) Set(ctx context.Context, values Values) ([]Preference, error) {
	return control.Do(ctx, s.gate, control.Change[[]Preference]{
		Action: action.PreferenceSet,
		Target: func(ctx context.Context) (control.Target, error) {
			by, _ := control.ActorOf(ctx)
			return control.Target{Kind: kind, Name: by.Name}, nil
		},
		Check: func(context.Context, control.Target) ([]fault.Field, error) { return s.check(values), nil },
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[[]Preference], error) {
			before, err := s.store.Of(ctx, by.Principal)
			if err != nil {
				return control.Applied[[]Preference]{}, err
			}
			nothing := true
			for _, known := range s.choices() {
				name := known.Name
				value, asked := values[name]
				if value == known.Choices[0] {
					value = ""
				}
				if !asked || before[name] == value {
					continue
				}
				nothing = false
				if err := s.store.Set(ctx, by.Principal, name, value); err != nil {
					return control.Applied[[]Preference]{}, err
				}
			}
			now, err := s.of(ctx, by.Principal)
			return control.Applied[[]Preference]{Value: now, Before: before, After: values, Nothing: nothing}, err
		},
	})
}

// check says everything that is wrong.
func (s *Service) check(values Values) (bad []fault.Field) {
	known := s.choices()
	for name, value := range values {
		i := slices.IndexFunc(known, func(p Preference) bool { return p.Name == name })
		switch {
		case i < 0:
			names := make([]string, len(known))
			for j, p := range known {
				names[j] = string(p.Name)
			}
			bad = append(bad, fault.Field{Name: "name", Text: message.Text{ID: "fault.preference.name", Args: message.Args{"Name": string(name), "Names": strings.Join(names, ", ")}}})
		case !slices.Contains(known[i].Choices, value):
			bad = append(bad, fault.Field{Name: string(name), Text: message.Text{ID: "fault.preference.value", Args: message.Args{"Value": value, "Values": strings.Join(known[i].Choices, ", ")}}})
		}
	}
	return bad
}
