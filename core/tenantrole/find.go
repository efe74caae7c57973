package tenantrole

import (
	"context"
	"strings"
	"unicode"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// nameRule is ours, and the same as for roles of workspaces: the console's limits are not documented.
var nameRule = text.Rule{Key: true, Min: 2, Max: 64, First: unicode.IsLetter, Rest: func(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || strings.ContainsRune("_-. ", r)
}, Form: "fault.role.name.form"}

// NameFault says what is wrong with a role name by itself, for forms that answer while one types.
func NameFault(name string) (message.Text, bool) {
	t, ok := nameRule.Check(name)
	return t, !ok
}

// RoleName is the name of a tenant role in the language of whoever reads it: built-in roles have a message, custom ones
// their own.
func RoleName(r access.TenantRole) message.Text {
	if r.Kind == access.Builtin {
		return message.Text{ID: "tenantrole." + r.Code}
	}
	return message.Text{ID: "literal", Args: message.Args{"Text": r.Name}}
}

// nearRoles bounds the names that a refusal offers.
const nearRoles = 3

// find finds a role by what a person would call it; fault.NotFound with near names otherwise.
func (s *Service) find(ctx context.Context, region, name string) (Role, error) {
	all, err := s.store.List(ctx, region)
	if err != nil {
		return Role{}, err
	}
	if r, ok := named(all, name); ok {
		return r, nil
	}
	return Role{}, &fault.NotFound{What: "tenant_role", Name: name, Nearest: text.Nearest(name, names(all), nearRoles)}
}

// named finds a role by code, by any name of a built-in role in any spelling, or by the name of a custom role without regard to
// case. Codes come before names, and custom roles cannot be given the name of a built-in one.
func named(all []Role, name string) (Role, bool) {
	given := strings.TrimSpace(name)
	for _, r := range all {
		if strings.EqualFold(r.Code, given) {
			return r, true
		}
	}
	for _, r := range all {
		for _, n := range r.calls() {
			if given != "" && text.Fold(n) == text.Fold(given) {
				return r, true
			}
			if r.Kind == access.Builtin && spelling(given) != "" && spelling(n) == spelling(given) {
				return r, true
			}
		}
	}
	return Role{}, false
}

func (r Role) calls() []string {
	return append([]string{r.Name, r.NameZH, r.Code}, r.Aliases...)
}

// spelling leaves only letters and digits, in lower case, so that "Tenant Owner" and "tenant-owner" are one name.
func spelling(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

func names(all []Role) []string {
	var out []string
	for _, r := range all {
		out = append(out, r.Name)
	}
	return out
}

// custom finds a role that may be changed.
func (s *Service) custom(ctx context.Context, region, name string) (Role, error) {
	r, err := s.find(ctx, region, name)
	if err == nil && r.Kind == access.Builtin {
		err = &fault.Refused{
			Reason: message.Text{ID: "fault.role.builtin", Args: message.Args{"Role": RoleName(r.TenantRole)}},
			Way:    message.Text{ID: "fault.tenantrole.builtin.next"},
		}
	}
	return r, err
}

// at is the target of an act in a region.
func (s *Service) at(region, kind, name string) func(ctx context.Context) (control.Target, error) {
	return func(ctx context.Context) (control.Target, error) {
		t, err := s.store.Region(ctx, region)
		t.Kind, t.Name = kind, name
		return t, err
	}
}
