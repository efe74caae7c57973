// Package action is the catalogue: every act that reeve knows, once. From an entry come its key, its place in the footer,
// the help and the palette, its command, the check at the gate and its name in the audit. Titles are messages named
// action.<id> (a sentence for help and palette) and action.<id>.short (a word for the footer).
package action

import (
	"fmt"
	"slices"
	"strings"

	"reeve/core/edition"
)

// ID names an act: area.verb. It is what stands in the audit.
type ID string

// Scope is a kind of place where an act can be begun by key.
type Scope string

// The scopes. An act of ScopeEverywhere works on every screen unless the screen has an act on the same key.
const (
	ScopeEverywhere Scope = "everywhere"
	ScopeLists      Scope = "lists" // every screen that is a list
	ScopeOverview   Scope = "overview"
	ScopeRegions    Scope = "regions"
	ScopeWorkspaces Scope = "workspaces"
	ScopeBin        Scope = "bin"
	ScopeWorkspace  Scope = "workspace" // the details of one
	ScopeMembers    Scope = "members"
	ScopeMember     Scope = "member"  // what one may do
	ScopeJoining    Scope = "joining" // the two lists by which members are added
	ScopeReviews    Scope = "reviews"
	ScopeReview     Scope = "review" // one review
	ScopePoints     Scope = "permissions"
	ScopeRoles      Scope = "roles"
	ScopeRole       Scope = "role" // the matrix editor
	ScopeAudit      Scope = "audit"
	ScopeEntry      Scope = "entry" // one audit entry
	ScopeUsers      Scope = "users"

	ScopeTenantRoles   Scope = "tenant-roles"
	ScopeTenantMembers Scope = "tenant-members"
	ScopePolicies      Scope = "policies"
	ScopePolicy        Scope = "policy" // one policy document
	ScopeRequests      Scope = "requests"
	ScopeRequest       Scope = "request" // one of them
	ScopeSessions      Scope = "sessions"
	ScopeTokens        Scope = "tokens"
	ScopeEngines       Scope = "engines"
	ScopeGroups        Scope = "groups"
	ScopeGroup         Scope = "group"    // the details of one resource group
	ScopeRuns          Scope = "runs"     // of a resource group
	ScopeSources       Scope = "sources"  // the data sources of a workspace
	ScopeSettings      Scope = "settings" // of a workspace
	ScopeFigures       Scope = "figures"  // of a workspace
	ScopeBootstraps    Scope = "bootstraps"
	ScopeBootstrap     Scope = "bootstrap" // one run
)

// Need is what the gate asks of whoever acts.
type Need uint8

// The needs. The console's documentation lets the workspace owner and administrators manage members and
// roles, and the account or a holder of AliyunDataWorksFullAccess create, disable and delete workspaces.
const (
	NeedNothing            Need = iota // an act of the face itself, or the very first one
	NeedTenant                         // any principal of the tenant
	NeedMember                         // a member of the workspace, or whoever administers it
	NeedWorkspaceAdmin                 // owner or administrator of the workspace, the account, a FullAccess holder
	NeedFullAccess                     // the account or a FullAccess holder
	NeedMemberOrOwnAccount             // a question about oneself, or about a workspace one is a member of
	NeedTenantAdmin                    // tenant administrator of the region, the account, a holder of FullAccess or AdministratorAccess
	NeedPower                          // the account, or a holder of AdministratorAccess
	NeedAccount                        // the account itself
	NeedKeeper                         // what falls due by itself; nobody may do it
	NeedOrder                          // the account, or a holder of FullAccess or AdministratorAccess whom a policy lets pay orders
	NeedWorkspaceRole                  // as NeedWorkspaceAdmin, or a holder of one of the act's roles in the workspace
)

// Danger says how much an act can harm; read-only sessions have only Reads.
type Danger uint8

// The dangers, least first.
const (
	Reads Danger = iota
	Changes
	TakesAway // somebody may lose access
	Destroys
)

// Action is one entry of the catalogue.
type Action struct {
	ID     ID
	Keys   []string
	Scopes []Scope
	Need   Need
	// Console is the action of the console plane that a policy may grant instead, such as dataworks:CreateWorkspace.
	Console string
	// Roles are the codes of the built-in workspace roles that suffice for NeedWorkspaceRole.
	Roles []string
	// Feature, if not empty, must be part of the region's edition.
	Feature edition.Feature
	Danger  Danger
	// Marks says that the act works on all marked rows at once.
	Marks bool
	// Apart says that the act is done to no row of a list, marked or not: it makes a new thing, or is about all of them.
	Apart bool
	// Command is the path of the command that does the same, without the program's name.
	Command string
	// Rank orders the footer: lower is more useful. 0 keeps the act out of the footer.
	Rank int
}

// Message is the id of the act's title.
func (a Action) Message() string { return "action." + string(a.ID) }

// Short is the id of the act's word in the footer.
func (a Action) Short() string { return "action." + string(a.ID) + ".short" }

// Catalogue is an immutable set of acts.
type Catalogue struct {
	byID    map[ID]Action
	ordered []Action
}

// New checks and indexes acts: ids are unique, and in one scope one key means one act.
func New(acts []Action) (*Catalogue, error) {
	c := &Catalogue{byID: make(map[ID]Action, len(acts)), ordered: slices.Clone(acts)}
	keys := map[string]ID{}
	for _, a := range acts {
		if _, dup := c.byID[a.ID]; dup {
			return nil, fmt.Errorf("act %s stands twice in the catalogue", a.ID)
		}
		if area, verb, ok := strings.Cut(string(a.ID), "."); !ok || area == "" || verb == "" {
			return nil, fmt.Errorf("act %q is not named area.verb", a.ID)
		}
		c.byID[a.ID] = a
		for _, scope := range a.Scopes {
			for _, key := range a.Keys {
				at := string(scope) + " " + key
				if other, dup := keys[at]; dup {
					return nil, fmt.Errorf("key %q in scope %s means both %s and %s", key, scope, other, a.ID)
				}
				keys[at] = a.ID
			}
		}
	}
	return c, nil
}

// Get returns the act named id.
func (c *Catalogue) Get(id ID) (Action, bool) {
	a, ok := c.byID[id]
	return a, ok
}

// All lists the acts in the order of the catalogue. The result may be kept and changed.
func (c *Catalogue) All() []Action { return slices.Clone(c.ordered) }

// In lists the acts that can be begun in a place with these scopes, most specific scope first, without those whose key an
// earlier one already has.
func (c *Catalogue) In(scopes ...Scope) []Action {
	var acts []Action
	taken := map[string]bool{}
	for _, scope := range scopes {
		var here []Action
		for _, a := range c.ordered {
			if slices.Contains(a.Scopes, scope) && !slices.ContainsFunc(acts, func(b Action) bool { return b.ID == a.ID }) {
				here = append(here, a)
			}
		}
		for _, a := range here {
			a.Keys = slices.DeleteFunc(slices.Clone(a.Keys), func(k string) bool { return taken[k] })
			acts = append(acts, a)
		}
		for _, a := range here {
			for _, k := range a.Keys {
				taken[k] = true
			}
		}
	}
	return acts
}

// ByKey finds the act that key begins in a place with these scopes, most specific first.
func (c *Catalogue) ByKey(key string, scopes ...Scope) (Action, bool) {
	for _, a := range c.In(scopes...) {
		if slices.Contains(a.Keys, key) {
			return a, true
		}
	}
	return Action{}, false
}
