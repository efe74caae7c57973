package access

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
)

// tenantRoleFile is the form of the file of built-in tenant roles.
type tenantRoleFile struct {
	Roles []tenantRoleEntry `yaml:"roles"`
}

type tenantRoleEntry struct {
	ID           TenantRoleID `yaml:"id"`
	Code         string       `yaml:"code"`
	CodeOurs     bool         `yaml:"code_ours"`
	Name         string       `yaml:"name"`
	NameZH       string       `yaml:"name_zh"`
	NameZHOurs   bool         `yaml:"name_zh_ours"`
	Aliases      []string     `yaml:"aliases"`
	Everything   bool         `yaml:"everything"`
	Automatic    bool         `yaml:"automatic"`
	Assignable   bool         `yaml:"assignable"`
	GrantedBy    string       `yaml:"granted_by"`
	Derived      bool         `yaml:"derived"`
	Capabilities []string     `yaml:"capabilities"`
}

// LoadTenantBuiltins reads the built-in tenant roles from their YAML file.
// Everything wrong with it is told at once.
func LoadTenantBuiltins(text []byte) ([]TenantRole, error) {
	var file tenantRoleFile
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read built-in tenant roles: %w", err)
	}
	var faults []error
	if len(file.Roles) == 0 {
		faults = append(faults, errors.New("there are none"))
	}
	var roles []TenantRole
	ids, codes := map[TenantRoleID]bool{}, map[string]bool{}
	for _, entry := range file.Roles {
		role, err := entry.role()
		if err != nil {
			faults = append(faults, err)
		}
		if ids[entry.ID] || codes[entry.Code] {
			faults = append(faults, fmt.Errorf("tenant role %d %q: id or code used twice", entry.ID, entry.Code))
		}
		ids[entry.ID], codes[entry.Code] = true, true
		roles = append(roles, role)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("read built-in tenant roles: %w", err)
	}
	return roles, nil
}

// role turns an entry of the file into a tenant role.
func (e tenantRoleEntry) role() (TenantRole, error) {
	role := TenantRole{
		ID: e.ID, Code: e.Code, Name: e.Name, NameZH: e.NameZH, Aliases: e.Aliases, Kind: Builtin,
		Everything: e.Everything, Automatic: e.Automatic, Assignable: e.Assignable, Derived: e.Derived,
	}
	var faults []error
	if e.ID < 1 || e.ID > maxBuiltinID {
		faults = append(faults, fmt.Errorf("id is not within 1 and %d", maxBuiltinID))
	}
	if e.Code == "" || e.Name == "" || e.NameZH == "" {
		faults = append(faults, errors.New("code, name or name_zh is missing"))
	}
	switch e.GrantedBy {
	case "nobody":
	case "tenant-administrators":
		role.GrantedBy = TenantAdministrators
	default:
		faults = append(faults, fmt.Errorf("granted_by %q is not known", e.GrantedBy))
	}
	if role.Assignable != (role.GrantedBy == TenantAdministrators) {
		faults = append(faults, errors.New("what is granted by nobody cannot be assignable, and the other way round"))
	}
	for _, code := range e.Capabilities {
		c, err := ParseCapability(code)
		faults = append(faults, err)
		role.Capabilities = role.Capabilities.With(c)
	}
	if problem := role.problem(); problem != "" {
		faults = append(faults, errors.New(problem))
	}
	if err := errors.Join(faults...); err != nil {
		return TenantRole{}, fmt.Errorf("tenant role %d %q: %w", e.ID, e.Code, err)
	}
	return role, nil
}
