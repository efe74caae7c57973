package source

import (
	"fmt"
	"slices"

	"github.com/goccy/go-yaml"

	"reeve/core/text"
)

// Kind is the kind of a connection property.
type Kind string

// The kinds; source_types.yaml says what each takes.
const (
	KindText      Kind = "text"
	KindAddresses Kind = "addresses"
	KindHost      Kind = "host"
	KindPort      Kind = "port"
	KindEndpoint  Kind = "endpoint"
	KindJDBC      Kind = "jdbc"
	KindChoice    Kind = "choice"
)

// Property is a connection property of a type.
type Property struct {
	Name     string `yaml:"name"`
	Kind     Kind   `yaml:"kind"`
	Required bool   `yaml:"required"`
	// Most is how many addresses there can be; 0 is any number.
	Most    int      `yaml:"most"`
	Choices []string `yaml:"choices"`
}

// Type is a type of data sources.
type Type struct {
	Code       string     `yaml:"code"`
	Name       string     `yaml:"name"`
	Properties []Property `yaml:"properties"`
}

func (t Type) property(name string) (Property, bool) {
	i := slices.IndexFunc(t.Properties, func(p Property) bool { return p.Name == name })
	if i < 0 {
		return Property{}, false
	}
	return t.Properties[i], true
}

func (t Type) names() []string {
	names := make([]string, len(t.Properties))
	for i, p := range t.Properties {
		names[i] = p.Name
	}
	return names
}

// Types are the types of data sources, and the names of properties that hold secrets.
type Types struct {
	All     []Type   `yaml:"types"`
	Secrets []string `yaml:"secrets"`
}

// LoadTypes reads the types. It fails on a type or property without a name, one that is there twice, a kind that is none,
// a choice of nothing, and a type whose properties say nothing of where it is.
func LoadTypes(data []byte) (Types, error) {
	var t Types
	if err := yaml.UnmarshalWithOptions(data, &t, yaml.Strict()); err != nil {
		return Types{}, fmt.Errorf("reading the types of data sources: %w", err)
	}
	seen := map[string]bool{}
	for _, kind := range t.All {
		if kind.Code == "" || seen[kind.Code] {
			return Types{}, fmt.Errorf("reading the types of data sources: code %q is empty or there twice", kind.Code)
		}
		seen[kind.Code] = true
		if err := kind.check(); err != nil {
			return Types{}, fmt.Errorf("reading the type %s of data sources: %w", kind.Code, err)
		}
	}
	return t, nil
}

func (t Type) check() error {
	seen, place := map[string]bool{}, false
	for _, p := range t.Properties {
		if p.Name == "" || seen[p.Name] {
			return fmt.Errorf("property %q is empty or there twice", p.Name)
		}
		seen[p.Name] = true
		switch p.Kind {
		case KindAddresses, KindEndpoint, KindJDBC, KindHost:
			place = true
		case KindText, KindPort:
		case KindChoice:
			if len(p.Choices) == 0 {
				return fmt.Errorf("property %s has no choices", p.Name)
			}
		default:
			return fmt.Errorf("property %s has the kind %q", p.Name, p.Kind)
		}
	}
	if !place {
		return fmt.Errorf("no property says where it is")
	}
	return nil
}

// Find finds a type by its code, in any case.
func (t Types) Find(code string) (Type, bool) {
	i := slices.IndexFunc(t.All, func(k Type) bool { return k.Code == text.Fold(code) })
	if i < 0 {
		return Type{}, false
	}
	return t.All[i], true
}

// Codes are the codes of all types.
func (t Types) Codes() []string {
	codes := make([]string, len(t.All))
	for i, k := range t.All {
		codes[i] = k.Code
	}
	return codes
}
