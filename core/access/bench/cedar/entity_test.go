package cedar

import (
	"fmt"
	"slices"
	"strings"

	cedargo "github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"

	"reeve/core/access"
)

// entities turns a state into what the policies of access.cedar speak about. It
// only says what is: which role gives what, who is granted what. The one thing it
// decides is that what is over is left out, because Cedar cannot go through a list.
type entities struct {
	access.State
	parents    map[types.EntityUID][]types.EntityUID
	attributes map[types.EntityUID]types.RecordMap
}

func uid(kind string, id any) types.EntityUID {
	return types.NewEntityUID(types.EntityType(kind), types.String(fmt.Sprint(id)))
}

// in is the id of something within a workspace or region.
func in(where, what any) string { return fmt.Sprintf("%v/%v", where, what) }

func principal(p access.PrincipalID) types.EntityUID { return uid("Principal", p) }

func entitiesOf(st access.State) types.EntityMap {
	e := entities{st, map[types.EntityUID][]types.EntityUID{}, map[types.EntityUID]types.RecordMap{}}
	e.people()
	e.workspaces()
	e.tenant()
	e.policies()
	all := types.EntityMap{}
	for id := range e.parents {
		all[id] = types.Entity{UID: id, Parents: types.NewEntityUIDSet(e.parents[id]...)}
	}
	for id, attributes := range e.attributes {
		entity := all[id]
		entity.UID, entity.Attributes = id, types.NewRecord(attributes)
		all[id] = entity
	}
	return all
}

func (e entities) put(child, parent types.EntityUID) {
	e.parents[child] = append(e.parents[child], parent)
}

// over says whether something that ends at until has ended.
func (e entities) over(until int64) bool { return until != 0 && e.Now >= until }

func (e entities) people() {
	for _, name := range []string{"account", "administrator", "full-access"} {
		e.put(uid("Power", name), uid("Power", "any"))
	}
	for _, p := range e.Principals {
		if !p.Group {
			e.put(principal(p.ID), uid("People", "all"))
		}
		if name := powerName(p.Power); name != "" {
			e.put(principal(p.ID), uid("Power", name))
		}
	}
	for _, m := range e.Groups {
		e.put(principal(m.Member), principal(m.Group))
	}
}

func powerName(p access.Power) string {
	switch p {
	case access.PowerAccount:
		return "account"
	case access.PowerAdministrator:
		return "administrator"
	case access.PowerFullAccess:
		return "full-access"
	case access.PowerNone:
		return ""
	}
	return ""
}

func (e entities) workspaces() {
	for _, w := range e.Workspaces {
		role := func(r access.Role) types.EntityUID { return uid("Role", in(w.ID, r.ID)) }
		rolesWith := func(holds func(access.Role) bool) types.Set {
			var list []types.Value
			for _, r := range e.Roles {
				if (r.Workspace == 0 || r.Workspace == w.ID) && holds(r) {
					list = append(list, role(r))
				}
			}
			return types.NewSet(list...)
		}
		e.attributes[uid("Workspace", w.ID)] = types.RecordMap{
			"open":           types.Boolean(w.Open),
			"members":        uid("Members", w.ID),
			"administrators": rolesWith(func(r access.Role) bool { return r.Administers }),
		}
		for _, r := range e.Roles {
			e.put(role(r), uid("Members", w.ID))
		}
		for _, m := range access.WorkspaceModules() {
			e.attributes[uid("Cell", in(w.ID, m.Code()))] = types.RecordMap{
				"workspace": uid("Workspace", w.ID),
				"readers":   rolesWith(func(r access.Role) bool { return r.Levels.Get(m) != access.None }),
				"writers":   rolesWith(func(r access.Role) bool { return r.Levels.Get(m) == access.Write }),
				"deniers": rolesWith(func(r access.Role) bool {
					return r.Kind == access.Custom && r.Levels.Get(m) == access.None
				}),
			}
		}
	}
	for _, m := range e.Members {
		e.put(principal(m.Principal), uid("Members", m.Workspace))
	}
	for _, g := range e.Grants {
		if !e.over(g.Until) {
			e.put(principal(g.Principal), uid("Role", in(g.Workspace, g.Role)))
		}
	}
}

func (e entities) tenant() {
	for _, region := range regions() {
		e.region(region)
	}
	for _, g := range e.TenantGrants {
		if !e.over(g.Until) {
			e.put(principal(g.Principal), uid("TenantRole", in(g.Region, g.Role)))
		}
	}
}

func (e entities) region(region string) {
	rolesWith := func(holds func(access.TenantRole) bool) types.Set {
		var list []types.Value
		for _, r := range e.TenantRoles {
			if (r.Region == "" || r.Region == region) && holds(r) {
				list = append(list, uid("TenantRole", in(region, r.ID)))
			}
		}
		return types.NewSet(list...)
	}
	e.attributes[uid("Region", region)] = types.RecordMap{
		"administrators": rolesWith(func(r access.TenantRole) bool { return r.Everything }),
		"customRoles":    rolesWith(func(r access.TenantRole) bool { return r.Kind == access.Custom }),
	}
	cell := func(code string, attributes types.RecordMap) {
		module, _, _ := strings.Cut(code, ".")
		attributes["region"] = uid("Region", region)
		attributes["deniers"] = rolesWith(func(r access.TenantRole) bool {
			return r.Kind == access.Custom && offered(module) && !grants(r, module, false)
		})
		attributes["byDefault"] = e.byDefault(code)
		e.attributes[uid("TenantCell", in(region, code))] = attributes
	}
	for _, c := range access.AllCapabilities() {
		cell(c.Code(), types.RecordMap{
			"actions": types.NewSet(uid("Action", "use")),
			"users":   rolesWith(func(r access.TenantRole) bool { return r.Capabilities.Has(c) }),
		})
	}
	for _, m := range access.GlobalModules() {
		cell(m.Code(), types.RecordMap{
			"actions": levels(m.Code()),
			"readers": rolesWith(func(r access.TenantRole) bool { return grants(r, m.Code(), false) }),
			"writers": rolesWith(func(r access.TenantRole) bool { return grants(r, m.Code(), true) }),
		})
	}
}

// levels are the actions on a global module: all can be read, and written those
// of which a capability changes something.
func levels(module string) types.Set {
	actions := []types.Value{uid("Action", "read")}
	for _, c := range access.AllCapabilities() {
		if of, verb, _ := strings.Cut(c.Code(), "."); of == module && changes(verb) {
			actions = append(actions, uid("Action", "write"))
		}
	}
	return types.NewSet(actions...)
}

// byDefault are the actions that the automatic role allows on a capability or
// on a module.
func (e entities) byDefault(code string) types.Set {
	var actions []types.Value
	for _, r := range e.TenantRoles {
		if !r.Automatic {
			continue
		}
		for _, c := range r.Capabilities.List() {
			if c.Code() == code {
				actions = append(actions, uid("Action", "use"))
			}
		}
		if grants(r, code, false) {
			actions = append(actions, uid("Action", "read"))
		}
		if grants(r, code, true) {
			actions = append(actions, uid("Action", "write"))
		}
	}
	return types.NewSet(actions...)
}

// grants says whether a tenant role has any capability of the module, or one
// that changes something there. What a capability is about is read from its code.
func grants(r access.TenantRole, module string, changing bool) bool {
	return slices.ContainsFunc(r.Capabilities.List(), func(c access.Capability) bool {
		of, verb, _ := strings.Cut(c.Code(), ".")
		return of == module && (!changing || changes(verb))
	})
}

func changes(verb string) bool { return verb != "use" && verb != "read" }

// offered says whether the editor of custom tenant roles offers anything of the module.
func offered(module string) bool {
	return slices.ContainsFunc(access.CustomCapabilities(), func(c access.Capability) bool {
		return strings.HasPrefix(c.Code(), module+".")
	})
}

func (e entities) policies() {
	for _, d := range e.Documents {
		if name := powerName(d.Power); name != "" {
			e.put(uid("Policy", d.ID), uid("Power", name))
		}
		for _, scope := range []string{access.ScopePage, access.ScopeOpenAPI} {
			if bars(d, scope) {
				e.put(uid("Policy", d.ID), uid("Barred", scope))
			}
		}
	}
	for _, a := range e.Attachments {
		if !e.over(a.Until) {
			e.put(principal(a.Principal), uid("Policy", a.Policy))
		}
	}
}

// bars says whether one statement denies all of the product in the scope.
func bars(d access.Document, scope string) bool {
	for _, s := range d.Statements {
		all := slices.Contains(s.Actions, "*") || slices.Contains(s.Actions, "dataworks:*")
		everywhere := slices.Contains(s.Resources, "*") || slices.Contains(s.Resources, "acs:dataworks:*:*:*")
		if s.Deny && all && everywhere && (s.Scopes == nil || slices.Contains(s.Scopes, scope)) {
			return true
		}
	}
	return false
}

// statements writes the policies of the console plane in Cedar, one for each
// statement. Actions are compared without regard to case, resources exactly.
func statements(documents []access.Document) string {
	var text strings.Builder
	for _, d := range documents {
		for _, s := range d.Statements {
			effect, end := "permit", ";"
			if s.Deny {
				effect, end = "forbid", "unless { principal in Power::\"account\" };"
			}
			fmt.Fprintf(&text, "%s (principal in Policy::%q, action == Action::\"call\", resource)\nwhen { (%s) && (%s)",
				effect, fmt.Sprint(d.ID), anyLike("context.operation", lower(s.Actions)), anyLike("context.arn", s.Resources))
			if len(s.Scopes) > 0 {
				fmt.Fprintf(&text, " && [\"%s\"].contains(context.scope)", strings.Join(s.Scopes, `", "`))
			}
			fmt.Fprintf(&text, " }\n%s\n", end)
		}
	}
	return text.String()
}

func anyLike(what string, patterns []string) string {
	terms := make([]string, 0, len(patterns))
	for _, pattern := range patterns {
		terms = append(terms, fmt.Sprintf("%s like %q", what, pattern))
	}
	return strings.Join(terms, " || ")
}

func lower(list []string) []string {
	lowered := make([]string, 0, len(list))
	for _, text := range list {
		lowered = append(lowered, strings.ToLower(text))
	}
	return lowered
}

// policySet is access.cedar with the statements of a state.
func policySet(rules string, st access.State) (*cedargo.PolicySet, error) {
	return cedargo.NewPolicySetFromBytes("access.cedar", []byte(rules+"\n"+statements(st.Documents)))
}
