package app_test

import "time"

const (
	tenantMembers = "cn-hangzhou/-/tenant-members"
	tenantRoles   = "cn-hangzhou/-/tenant-roles"
	denying       = "policies/KeepWorkspaces"
)

// rightsScenes are the screens of the tenant's and the console's rights, of engines, and of what one person may do.
func rightsScenes() []scene {
	return []scene{
		{name: "tenant-members", who: "root", link: tenantMembers, rows: true},
		{name: "tenant-members-read", who: "m.ito", link: tenantMembers},
		{name: "tenant-members-hostile", who: "root", link: tenantMembers, keys: "end", rows: true},
		{name: "tenant-grant", who: "root", link: tenantMembers + "?q=ito", keys: "a"},
		{name: "tenant-grant-loss", who: "root", link: tenantMembers + "?q=name:ito", keys: "a down down down down down down down space ctrl+s"},
		{name: "tenant-revoke", who: "root", link: tenantMembers + "?q=nowak", keys: "x"},
		{name: "tenant-revoke-own", who: "k.nowak", link: tenantMembers + "?q=nowak", keys: "x enter"},
		{name: "tenant-roles", who: "root", link: tenantRoles, rows: true},
		{name: "tenant-role-create", who: "root", link: tenantRoles, keys: "a"},
		{name: "tenant-role-edit", who: "root", link: tenantRoles + "?q=guard_reader", keys: "m"},
		{name: "tenant-role-delete", who: "root", link: tenantRoles + "?q=guard_reader", keys: "x"},
		{name: "policies", who: "root", link: "policies", rows: true},
		{name: "policies-read", who: "zoe.park", link: "policies"},
		{name: "policy", who: "root", link: denying},
		{name: "policy-system", who: "root", link: "policies/AliyunDataWorksReadOnlyAccess"},
		{name: "policy-create", who: "root", link: "policies", keys: "a"},
		{name: "policy-edit", who: "root", link: denying, keys: "m"},
		{name: "policy-edit-fault", who: "root", link: denying, keys: "m down end text:x ctrl+s"},
		{name: "policy-attach", who: "root", link: denying, keys: "t"},
		{name: "policy-attach-effect", who: "root", link: denying, keys: "t text:zoe.park tab text:2026-12-31 ctrl+s"},
		{name: "policy-detach", who: "root", link: denying, keys: "D"},
		{name: "policy-simulate", who: "root", link: denying, keys: "S"},
		{name: "policy-simulated", who: "root", link: denying, keys: "S tab tab text:zoe.park ctrl+s"},
		{name: "policy-missing", who: "root", link: "policies/KeepWorkspcaes"},
		{name: "engines", who: "root", link: sales + "/engines", rows: true},
		{name: "sources", who: "root", link: sales + "/sources", rows: true},
		{name: "sources-add", who: "root", link: sales + "/sources", keys: "a"},
		{name: "sources-add-properties", who: "root", link: sales + "/sources", keys: "a text:crm_copy enter ctrl+s"},
		{name: "sources-add-faults", who: "root", link: sales + "/sources", keys: "a text:crm_copy ctrl+s text:nowhere tab text:crm ctrl+s"},
		{name: "sources-test", who: "root", link: sales + "/sources", keys: "t"},
		{name: "sources-card", who: "root", link: sales + "/sources", keys: "enter"},
		{name: "sources-delete", who: "root", link: sales + "/sources", keys: "x"},
		{name: "sources-empty", who: "root", link: "cn-hangzhou/risk_dw/sources"},
		{name: "engines-empty", who: "root", link: "cn-hangzhou/risk_dw/engines"},
		{name: "engine", who: "root", link: sales + "/engines?q=mc", keys: "enter"},
		{name: "engine-accounts", who: "root", link: sales + "/engines?q=emr", keys: "enter"},
		{name: "engine-add", who: "root", link: sales + "/engines", keys: "a"},
		{name: "engine-map-role", who: "root", link: sales + "/engines?q=mc", keys: "m"},
		{name: "engine-map-account", who: "root", link: sales + "/engines?q=emr", keys: "u"},
		{name: "engine-remove", who: "root", link: sales + "/engines?q=mc", keys: "x"},
		{name: "permissions", who: "m.ito", link: sales + "/permissions", rows: true},
		{name: "point", who: "m.ito", link: sales + "/permissions", keys: "enter"},
		{name: "effective", who: "zoe.park", link: sales + "/members/s.lindqvist"},
		{name: "effective-end", who: "zoe.park", link: sales + "/members/s.lindqvist", keys: "end"},
		{name: "effective-power", who: "zoe.park", link: sales + "/members/lin.chen"},
		{name: "effective-group", who: "zoe.park", link: sales + "/members/张伟"},
		{name: "effective-ended", who: "zoe.park", link: sales + "/members/s.lindqvist", before: func(w *world) { w.clock.Pass(72 * time.Hour) }},
		{name: "effective-own", who: "m.ito", link: sales + "/members/m.ito"},
		{name: "effective-hostile", who: "root", link: "cn-hangzhou/legacy/members?q=endless", keys: "enter"},
		{name: "member-card", who: "zoe.park", link: sales + "/members?q=lindqvist", keys: "i"},
		{name: "member-until", who: "zoe.park", link: sales + "/members?q=lindqvist", keys: "t"},
		{name: "member-until-fault", who: "zoe.park", link: sales + "/members?q=lindqvist", keys: "t space tab text:soon ctrl+s"},
		{name: "why-tenant", who: "root", link: tenantMembers + "?q=佐藤健", keys: "w"},
		{name: "why-tenant-deny", who: "root", link: tenantMembers + "?q=佐藤健", keys: "w ctrl+s"},
		{name: "why-tenant-who", who: "root", link: tenantMembers + "?q=佐藤健", keys: "w ctrl+s tab"},
		{name: "why-console", who: "root", link: denying, keys: "w"},
		{name: "why-console-deny", who: "root", link: denying, keys: "w ctrl+u text:a.kaya tab right right tab text:acs:dataworks:cn-hangzhou:*:workspace/sales_dw ctrl+s"},
		{name: "overview-ending", who: "s.lindqvist", link: "overview"},
		{name: "ends-announced", who: "s.lindqvist", link: "cn-hangzhou"},
		{name: "users-group", who: "root", link: "admin?q=analysts", rows: true},
		{name: "group-add", who: "root", link: "admin", keys: "G"},
		{name: "group-members", who: "root", link: "admin?q=analysts", keys: "m"},
		{name: "group-effect", who: "root", link: "admin?q=analysts", keys: "m tab text:a.kaya ctrl+s"},
	}
}
