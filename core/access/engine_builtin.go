package access

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
)

// engineRoleFile is the form of the file of engine roles.
type engineRoleFile struct {
	Roles []engineRoleEntry `yaml:"roles"`
}

type engineRoleEntry struct {
	Code     string `yaml:"code"`
	Dev      string `yaml:"dev"`
	Prod     string `yaml:"prod"`
	Builtin  bool   `yaml:"builtin"`
	Mappable bool   `yaml:"mappable"`
	Derived  bool   `yaml:"derived"`
}

// LoadEngineRoles reads the roles of MaxCompute from their YAML file.
// Everything wrong with it is told at once.
func LoadEngineRoles(text []byte) ([]EngineRole, error) {
	var file engineRoleFile
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read engine roles: %w", err)
	}
	var faults []error
	if len(file.Roles) == 0 {
		faults = append(faults, errors.New("there are none"))
	}
	var roles []EngineRole
	codes := map[string]bool{}
	for i, entry := range file.Roles {
		if entry.Code == "" || codes[entry.Code] {
			faults = append(faults, fmt.Errorf("engine role %d %q: code is missing or used twice", i+1, entry.Code))
		}
		codes[entry.Code] = true
		roles = append(roles, EngineRole(entry))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("read engine roles: %w", err)
	}
	return roles, nil
}
