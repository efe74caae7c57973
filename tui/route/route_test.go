package route_test

import (
	"testing"

	"reeve/tui/route"
)

func TestLinksAreReadAsTheyAreWritten(t *testing.T) {
	for link, want := range map[string]route.Route{
		"overview":                               {Kind: route.Overview},
		"admin":                                  {Kind: route.Admin},
		"admin?q=zoe":                            {Kind: route.Admin, Query: "zoe"},
		"regions":                                {Kind: route.Regions},
		"audit":                                  {Kind: route.Audit},
		"audit/17":                               {Kind: route.Entry, Item: "17"},
		"cn-hangzhou":                            {Kind: route.Workspaces, Region: "cn-hangzhou"},
		"cn-hangzhou?q=mode%3Asimple+%21lab":     {Kind: route.Workspaces, Region: "cn-hangzhou", Query: "mode:simple !lab"},
		"cn-hangzhou/-/bin":                      {Kind: route.Bin, Region: "cn-hangzhou"},
		"cn-hangzhou/sales_dw":                   {Kind: route.Details, Region: "cn-hangzhou", Workspace: "sales_dw"},
		"cn-hangzhou/sales_dw/members?q=zoe":     {Kind: route.Members, Region: "cn-hangzhou", Workspace: "sales_dw", Query: "zoe"},
		"policies":                               {Kind: route.Policies},
		"policies/KeepWorkspaces":                {Kind: route.Policy, Item: "KeepWorkspaces"},
		"requests":                               {Kind: route.Requests},
		"requests/to-decide":                     {Kind: route.Requests, Item: route.ViewToDecide},
		"requests/12":                            {Kind: route.Request, Item: "12"},
		"cn-hangzhou/-/tenant-members?q=zoe":     {Kind: route.TenantMembers, Region: "cn-hangzhou", Query: "zoe"},
		"cn-hangzhou/-/tenant-roles":             {Kind: route.TenantRoles, Region: "cn-hangzhou"},
		"cn-hangzhou/-/groups?q=x":               {Kind: route.Groups, Region: "cn-hangzhou", Query: "x"},
		"cn-hangzhou/-/groups/rg_prod":           {Kind: route.Group, Region: "cn-hangzhou", Item: "rg_prod"},
		"cn-hangzhou/-/groups/rg_prod/runs?q=x":  {Kind: route.Runs, Region: "cn-hangzhou", Item: "rg_prod", Query: "x"},
		"bootstrap/7":                            {Kind: route.Bootstrap, Item: "7"},
		"cn-hangzhou/-/bootstraps":               {Kind: route.Bootstraps, Region: "cn-hangzhou"},
		"cn-hangzhou/sales_dw/sources":           {Kind: route.Sources, Region: "cn-hangzhou", Workspace: "sales_dw"},
		"cn-hangzhou/sales_dw/engines":           {Kind: route.Engines, Region: "cn-hangzhou", Workspace: "sales_dw"},
		"cn-hangzhou/sales_dw/figures":           {Kind: route.Figures, Region: "cn-hangzhou", Workspace: "sales_dw"},
		"cn-hangzhou/sales_dw/permissions":       {Kind: route.Points, Region: "cn-hangzhou", Workspace: "sales_dw"},
		"cn-hangzhou/sales_dw/members/%E5%BC%A0": {Kind: route.Member, Region: "cn-hangzhou", Workspace: "sales_dw", Item: "张"},
		"cn-hangzhou/sales_dw/reviews":           {Kind: route.Reviews, Region: "cn-hangzhou", Workspace: "sales_dw"},
		"cn-hangzhou/sales_dw/reviews/3":         {Kind: route.Review, Region: "cn-hangzhou", Workspace: "sales_dw", Item: "3"},
		"cn-hangzhou/sales_dw/roles":             {Kind: route.Roles, Region: "cn-hangzhou", Workspace: "sales_dw"},
		"cn-hangzhou/sales_dw/roles/o&m":         {Kind: route.Role, Region: "cn-hangzhou", Workspace: "sales_dw", Item: "o&m"},
		"cn-hangzhou/sales_dw/roles/a%2Fb%3F%25": {Kind: route.Role, Region: "cn-hangzhou", Workspace: "sales_dw", Item: "a/b?%"},
		"cn-hangzhou/sales_dw/roles/%E6%95%B0":   {Kind: route.Role, Region: "cn-hangzhou", Workspace: "sales_dw", Item: "数"},
	} {
		got, err := route.Parse(link)
		if err != nil || got != want {
			t.Errorf("%s is %+v, %v; want %+v", link, got, err, want)
			continue
		}
		if again := got.String(); again != link {
			t.Errorf("%s is written %s", link, again)
		}
	}
}

func TestLinksMayBeTypedLoosely(t *testing.T) {
	for typed, want := range map[string]string{
		" cn-hangzhou/ ":           "cn-hangzhou",
		"/cn-hangzhou/sales_dw/":   "cn-hangzhou/sales_dw",
		"cn-hangzhou/sales_dw?x=1": "cn-hangzhou/sales_dw",
		"cn-hangzhou?q=a b":        "cn-hangzhou?q=a+b",
		"Requests":                 "requests",
		"requests/Own":             "requests/own",
		"ADMIN?q=Zoe":              "admin?q=Zoe",
		"cn-hangzhou/-/Groups/RG":  "cn-hangzhou/-/groups/RG",
		"cn-hangzhou/Dw/Roles/Own": "cn-hangzhou/Dw/roles/Own",
	} {
		got, err := route.Parse(typed)
		if err != nil || got.String() != want {
			t.Errorf("%q is %v, %v; want %s", typed, got, err, want)
		}
	}
}

func TestWhatIsNoLinkIsRefused(t *testing.T) {
	for _, link := range []string{
		"", "/", "?q=x", "overview/x", "audit/1/2", "cn-hangzhou/-", "cn-hangzhou/-/x", "cn-hangzhou/-/bin/x", "cn-hangzhou//roles",
		"cn-hangzhou/sales_dw/x", "cn-hangzhou/sales_dw/members/x/y", "policies/x/y", "cn-hangzhou/-/policies", "cn-hangzhou/sales_dw/engines/x", "cn-hangzhou/sales_dw/roles/a/b", "cn-hangzhou/%zz", "cn-hangzhou?q=%zz",
	} {
		if r, err := route.Parse(link); err == nil {
			t.Errorf("%q is taken for %+v", link, r)
		}
	}
}

func TestPlacesInsideAWorkspaceAreKnown(t *testing.T) {
	for link, inside := range map[string]bool{"overview": false, "cn-hangzhou": false, "cn-hangzhou/-/bin": false, "cn-hangzhou/x": true, "cn-hangzhou/x/roles/y": true} {
		r, err := route.Parse(link)
		if err != nil || r.InWorkspace() != inside {
			t.Errorf("%s: inside a workspace is %v, %v", link, r.InWorkspace(), err)
		}
	}
}

// FuzzRoute holds that reading a link never fails badly, and that what was read is written as a link to the same place.
func FuzzRoute(f *testing.F) {
	for _, seed := range []string{
		"overview", "audit/17", "cn-hangzhou", "cn-hangzhou/-/bin", "cn-hangzhou/sales_dw/members?q=zoe", "r/w/roles/a%2Fb%3F%25", "%2F/x",
		"r?q=%00", "a/b/roles/%20", " %20", "?", "a?q=&q=b", "a;b?q=;", "r/%2D/bin", "%6Fverview", "r/w/roles/ x ", "a/%3Fq=x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, link string) {
		r, err := route.Parse(link)
		if err != nil {
			return
		}
		again, err := route.Parse(r.String())
		if err != nil || again != r {
			t.Errorf("%q is %+v, written %q, which is %+v, %v", link, r, r.String(), again, err)
		}
	})
}
