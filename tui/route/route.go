// Package route is places as values: where in the console one is, and how that is written as a link.
package route

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Kind is the kind of a place.
type Kind string

// The kinds.
const (
	Overview   Kind = "overview"
	Workspaces Kind = "workspaces" // of a region
	Bin        Kind = "bin"
	Details    Kind = "details" // of a workspace
	Members    Kind = "members"
	Member     Kind = "member"      // what one member may do
	Joining    Kind = "add-members" // the two lists by which members are added
	Reviews    Kind = "reviews"     // of access that was not used
	Review     Kind = "review"
	Roles      Kind = "roles"
	Role       Kind = "role"
	Points     Kind = "permissions" // of the built-in roles
	Engines    Kind = "engines"
	Sources    Kind = "sources"
	Settings   Kind = "settings" // of a workspace
	Figures    Kind = "figures"  // the key figures of a workspace
	Admin      Kind = "admin"    // the users of the tenant
	// TenantMembers and TenantRoles are those of a region.
	TenantMembers Kind = "tenant-members"
	TenantRoles   Kind = "tenant-roles"
	Policies      Kind = "policies"
	Policy        Kind = "policy"
	// Requests are those for access, Request is one of them.
	Requests Kind = "requests"
	Request  Kind = "request"
	// Sessions are the consoles that are open, Tokens what other programs ask with.
	Sessions Kind = "sessions"
	Tokens   Kind = "tokens"

	Regions Kind = "regions"
	// Groups are the resource groups of a region, Group is one of them.
	Groups Kind = "groups"
	Group  Kind = "group"
	// Runs are the runs of a resource group.
	Runs Kind = "runs"
	// Bootstraps are the runs of a region that set workspaces up, Bootstrap is one of them.
	Bootstraps Kind = "bootstraps"
	Bootstrap  Kind = "bootstrap"

	Audit Kind = "audit"
	Entry Kind = "entry"
)

// The views of the list of requests, as its Item; without one it has all.
const (
	ViewOwn      = "own"
	ViewToDecide = "to-decide"
)

// Route is one place. Which fields are set depends on Kind.
type Route struct {
	Kind      Kind
	Region    string
	Workspace string
	// Item names the one thing a place is about: a role's name, an audit entry's number; for requests the view.
	Item string
	// Query is the filter that a list opens with.
	Query string
	// Begin is the id of an act that the place begins with, such as a form; links do not have it.
	Begin string
}

// InWorkspace tells whether the place is inside a workspace.
func (r Route) InWorkspace() bool { return r.Workspace != "" }

// reserved stands where a workspace would in links to the places of a region itself; no workspace can be called that.
const reserved = "-"

// String writes the link: cn-hangzhou/sales_dw/members?q=zoe.
func (r Route) String() string {
	var parts []string
	switch r.Kind {
	case Overview, Admin, Policies, Sessions, Tokens, Regions, Audit:
		parts = []string{string(r.Kind)}
	case Requests:
		parts = []string{string(r.Kind), r.Item}
		if r.Item == "" {
			parts = parts[:1]
		}
	case Request:
		parts = []string{string(Requests), r.Item}
	case Entry:
		parts = []string{string(Audit), r.Item}
	case Policy:
		parts = []string{string(Policies), r.Item}
	case Bootstrap:
		parts = []string{string(Bootstrap), r.Item}
	case Workspaces:
		parts = []string{r.Region}
	case Group:
		parts = []string{r.Region, reserved, string(Groups), r.Item}
	case Runs:
		parts = []string{r.Region, reserved, string(Groups), r.Item, string(Runs)}
	case Bin, TenantMembers, TenantRoles, Groups, Bootstraps:
		parts = []string{r.Region, reserved, string(r.Kind)}
	case Details:
		parts = []string{r.Region, r.Workspace}
	case Members, Joining, Reviews, Roles, Points, Engines, Sources, Settings, Figures:
		parts = []string{r.Region, r.Workspace, string(r.Kind)}
	case Role:
		parts = []string{r.Region, r.Workspace, string(Roles), r.Item}
	case Review:
		parts = []string{r.Region, r.Workspace, string(Reviews), r.Item}
	case Member:
		parts = []string{r.Region, r.Workspace, string(Members), r.Item}
	}
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	link := strings.Join(parts, "/")
	if r.Query != "" {
		link += "?q=" + url.QueryEscape(r.Query)
	}
	return link
}

// Parse reads a link. It knows only the form; whether the place exists is found out on the way there.
func Parse(link string) (Route, error) {
	path, query, _ := strings.Cut(strings.Trim(strings.TrimSpace(link), "/"), "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return Route{}, fmt.Errorf("reading the link %q: %w", link, err)
	}
	var parts []string
	for _, p := range strings.Split(path, "/") {
		p, err := url.PathUnescape(p)
		if err != nil {
			return Route{}, fmt.Errorf("reading the link %q: %w", link, err)
		}
		parts = append(parts, p)
	}
	r, ok := place(parts)
	if !ok {
		return Route{}, fmt.Errorf("%q is not a link to a place", link)
	}
	r.Query = values.Get("q")
	return r, nil
}

// tabs are the kinds of places that a workspace has one of, beside its details.
func tabs() []Kind {
	return []Kind{Members, Joining, Reviews, Roles, Points, Engines, Sources, Settings, Figures}
}

// kindOf is a part of a link as a kind of place, however it is typed.
func kindOf(part string) Kind { return Kind(strings.ToLower(part)) }

func place(parts []string) (Route, bool) {
	for _, p := range parts {
		if p == "" {
			return Route{}, false
		}
	}
	switch kind := kindOf(parts[0]); kind {
	case Overview, Admin, Policies, Requests, Sessions, Tokens, Regions, Audit:
		if len(parts) == 2 && kind == Audit {
			return Route{Kind: Entry, Item: parts[1]}, true
		}
		if len(parts) == 2 && kind == Requests {
			if view := strings.ToLower(parts[1]); view == ViewOwn || view == ViewToDecide {
				return Route{Kind: Requests, Item: view}, true
			}
			return Route{Kind: Request, Item: parts[1]}, true
		}
		if len(parts) == 2 && kind == Policies {
			return Route{Kind: Policy, Item: parts[1]}, true
		}
		return Route{Kind: kind}, len(parts) == 1
	case Bootstrap:
		if len(parts) == 2 {
			return Route{Kind: Bootstrap, Item: parts[1]}, true
		}
	default: // anything else is a region
	}
	r := Route{Kind: Workspaces, Region: parts[0]}
	switch {
	case len(parts) == 1:
		return r, true
	case parts[1] == reserved:
		if len(parts) == 4 && kindOf(parts[2]) == Groups {
			r.Kind, r.Item = Group, parts[3]
			return r, true
		}
		if len(parts) == 5 && kindOf(parts[2]) == Groups && kindOf(parts[4]) == Runs {
			r.Kind, r.Item = Runs, parts[3]
			return r, true
		}
		if len(parts) != 3 {
			return r, false
		}
		r.Kind = kindOf(parts[2])
		return r, r.Kind == Bin || r.Kind == TenantMembers || r.Kind == TenantRoles || r.Kind == Groups || r.Kind == Bootstraps
	}
	r.Workspace, r.Kind = parts[1], Details
	switch {
	case len(parts) == 2:
		return r, true
	case len(parts) == 3:
		r.Kind = kindOf(parts[2])
		return r, slices.Contains(tabs(), r.Kind)
	case len(parts) == 4 && kindOf(parts[2]) == Members:
		r.Kind, r.Item = Member, parts[3]
		return r, true
	case len(parts) == 4 && kindOf(parts[2]) == Reviews:
		r.Kind, r.Item = Review, parts[3]
		return r, true
	case len(parts) == 4 && kindOf(parts[2]) == Roles:
		r.Kind, r.Item = Role, parts[3]
		return r, true
	}
	return Route{}, false
}
