package access

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
)

// policyFile is the form of the file of system policies.
type policyFile struct {
	Policies []policyEntry `yaml:"policies"`
}

type policyEntry struct {
	ID         PolicyID         `yaml:"id"`
	Name       string           `yaml:"name"`
	Power      string           `yaml:"power"`
	Derived    bool             `yaml:"derived"`
	Statements []statementEntry `yaml:"statements"`
}

type statementEntry struct {
	Effect    string   `yaml:"effect"`
	Actions   []string `yaml:"actions"`
	Resources []string `yaml:"resources"`
	Scopes    []string `yaml:"scopes"`
}

// LoadPolicies reads the system policies from their YAML file. Everything wrong
// with it is told at once.
func LoadPolicies(text []byte) ([]Document, error) {
	var file policyFile
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read system policies: %w", err)
	}
	var faults []error
	if len(file.Policies) == 0 {
		faults = append(faults, errors.New("there are none"))
	}
	var documents []Document
	ids, names := map[PolicyID]bool{}, map[string]bool{}
	for _, entry := range file.Policies {
		d, err := entry.document()
		if err != nil {
			faults = append(faults, err)
		}
		if ids[entry.ID] || names[entry.Name] {
			faults = append(faults, fmt.Errorf("policy %d %q: id or name used twice", entry.ID, entry.Name))
		}
		ids[entry.ID], names[entry.Name] = true, true
		documents = append(documents, d)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("read system policies: %w", err)
	}
	return documents, nil
}

// document turns an entry of the file into a policy.
func (e policyEntry) document() (Document, error) {
	d := Document{ID: e.ID, Name: e.Name, System: true, Derived: e.Derived}
	var faults []error
	if e.ID < 1 || e.ID > maxBuiltinID {
		faults = append(faults, fmt.Errorf("id is not within 1 and %d", maxBuiltinID))
	}
	if e.Name == "" {
		faults = append(faults, errors.New("name is missing"))
	}
	switch e.Power {
	case "":
	case "full-access":
		d.Power = PowerFullAccess
	case "administrator":
		d.Power = PowerAdministrator
	default:
		faults = append(faults, fmt.Errorf("power %q is not known", e.Power))
	}
	if len(e.Statements) == 0 {
		faults = append(faults, errors.New("it has no statement"))
	}
	for i, entry := range e.Statements {
		s := Statement{Deny: entry.Effect == effectDeny, Actions: entry.Actions, Resources: entry.Resources, Scopes: entry.Scopes}
		if entry.Effect != effectAllow && entry.Effect != effectDeny {
			faults = append(faults, fmt.Errorf("statement %d: effect %q is not known", i+1, entry.Effect))
		}
		if problem := s.problem(); problem != "" {
			faults = append(faults, fmt.Errorf("statement %d: %s", i+1, problem))
		}
		d.Statements = append(d.Statements, s)
	}
	if err := errors.Join(faults...); err != nil {
		return Document{}, fmt.Errorf("policy %d %q: %w", e.ID, e.Name, err)
	}
	return d, nil
}
