package access

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
)

// maxBuiltinID bounds the ids of built-in roles; those of custom roles begin
// above it.
const maxBuiltinID = 999

// roleFile is the form of the file of built-in roles.
type roleFile struct {
	Roles []roleEntry `yaml:"roles"`
}

type roleEntry struct {
	ID          RoleID            `yaml:"id"`
	Code        string            `yaml:"code"`
	Name        string            `yaml:"name"`
	NameZH      string            `yaml:"name_zh"`
	Aliases     []string          `yaml:"aliases"`
	EngineRole  string            `yaml:"engine_role"`
	Assignable  bool              `yaml:"assignable"`
	Administers bool              `yaml:"administers"`
	Owner       bool              `yaml:"owner"`
	Derived     bool              `yaml:"derived"`
	Levels      map[string]string `yaml:"levels"`
}

// everyModule is the key of the file for all modules that are not named.
const everyModule = "every-module"

// LoadBuiltins reads the built-in roles from their YAML file. Everything wrong
// with it is told at once.
func LoadBuiltins(text []byte) ([]Role, error) {
	var file roleFile
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read built-in roles: %w", err)
	}
	var faults []error
	if len(file.Roles) == 0 {
		faults = append(faults, errors.New("there are none"))
	}
	roles := make([]Role, 0, len(file.Roles))
	ids, codes := map[RoleID]bool{}, map[string]bool{}
	for _, entry := range file.Roles {
		role, err := entry.role()
		if err != nil {
			faults = append(faults, err)
		}
		if ids[role.ID] || codes[role.Code] {
			faults = append(faults, fmt.Errorf("role %d %q: id or code used twice", role.ID, role.Code))
		}
		ids[role.ID], codes[role.Code] = true, true
		roles = append(roles, role)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("read built-in roles: %w", err)
	}
	return roles, nil
}

// role turns an entry of the file into a role.
func (e roleEntry) role() (Role, error) {
	var faults []error
	if e.ID < 1 || e.ID > maxBuiltinID {
		faults = append(faults, fmt.Errorf("id is not within 1 and %d", maxBuiltinID))
	}
	if e.Code == "" || e.Name == "" || e.NameZH == "" {
		faults = append(faults, errors.New("code, name or name_zh is missing"))
	}
	levels, err := ReadLevels(e.Levels)
	faults = append(faults, err)
	if err := errors.Join(faults...); err != nil {
		return Role{}, fmt.Errorf("role %d %q: %w", e.ID, e.Code, err)
	}
	return Role{
		ID: e.ID, Code: e.Code, Name: e.Name, NameZH: e.NameZH, Aliases: e.Aliases, Kind: Builtin,
		Levels: levels, Administers: e.Administers, Owner: e.Owner, Assignable: e.Assignable,
		EngineRole: e.EngineRole, Derived: e.Derived,
	}, nil
}

// ReadLevels reads levels as they stand in files: a level for each module by its code, and under every-module that of all
// modules that are not named.
func ReadLevels(cells map[string]string) (Levels, error) {
	base, err := ParseLevel(cells[everyModule])
	if err != nil {
		return 0, fmt.Errorf("levels: %s: %w", everyModule, err)
	}
	levels := AllWorkspace(base)
	for name, value := range cells {
		if name == everyModule {
			continue
		}
		module, err := ParseModule(PlaneWorkspace, name)
		if err != nil {
			return 0, fmt.Errorf("levels: %w", err)
		}
		level, err := ParseLevel(value)
		if err != nil {
			return 0, fmt.Errorf("levels: %s: %w", name, err)
		}
		levels = levels.With(module, level)
	}
	return levels, nil
}
