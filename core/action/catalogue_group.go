package action

// The acts on resource groups.
const (
	GroupList        ID = "group.list"
	GroupOfWorkspace ID = "group.of_workspace"
	GroupShow        ID = "group.show"
	GroupCreate      ID = "group.create"
	GroupRename      ID = "group.rename"
	GroupAssociate   ID = "group.associate"
	GroupDissociate  ID = "group.dissociate"
	GroupUnsubscribe ID = "group.unsubscribe"
	GroupScale       ID = "group.scale"
	GroupRenew       ID = "group.renew"
	GroupAutoRenew   ID = "group.auto_renew"
	GroupConvert     ID = "group.convert"
	GroupQuota       ID = "group.quota"
	GroupSlots       ID = "group.slots"
	GroupNetwork     ID = "group.network"
	GroupRoute       ID = "group.route"
	GroupStart       ID = "group.start"
	GroupArrears     ID = "group.arrears"
	GroupOrders      ID = "group.orders"
	GroupRuns        ID = "group.runs"
	GroupRun         ID = "group.run"
	GroupRelease     ID = "group.release"
	GroupMetrics     ID = "group.metrics"
	// GroupDue is what becomes of a resource group by itself.
	GroupDue ID = "group.due"
	// GroupRunEnd is how a run goes and ends, as the process says that stands behind it; GroupRunLost is that nothing was heard of it.
	GroupRunEnd  ID = "group.run_end"
	GroupRunLost ID = "group.run_lost"
)

// groupActs are the resource groups of a region. The documentation lets whoever has the policies for it list, see and modify
// them, and asks of whoever buys, scales, renews or gives one up the right to manage the product and the right to order.
func groupActs() []Action {
	const list, show, modify = "dataworks:ListResourceGroup", "dataworks:ShowResourceGroupDetail", "dataworks:ModifyResourceGroup"
	groups, both := []Scope{ScopeGroups}, []Scope{ScopeGroups, ScopeGroup}
	return []Action{
		{ID: GroupList, Need: NeedFullAccess, Console: list, Command: "group list"},
		{ID: GroupOfWorkspace, Need: NeedMember},
		{ID: GroupShow, Need: NeedFullAccess, Console: show, Command: "group show"},
		{ID: GroupCreate, Need: NeedOrder, Console: "dataworks:CreateResourceGroup", Danger: Changes, Apart: true, Keys: []string{"a"}, Scopes: groups,
			Command: "group create", Rank: 10},
		{ID: GroupAssociate, Need: NeedFullAccess, Console: modify, Danger: Changes, Keys: []string{"b"}, Scopes: both,
			Command: "group associate", Rank: 20},
		{ID: GroupDissociate, Need: NeedFullAccess, Console: modify, Danger: TakesAway, Keys: []string{"D"}, Scopes: both,
			Command: "group dissociate", Rank: 30},
		{ID: GroupScale, Need: NeedOrder, Danger: TakesAway, Keys: []string{"S"}, Scopes: both, Command: "group scale", Rank: 50},
		{ID: GroupRenew, Need: NeedOrder, Danger: Changes, Keys: []string{"r"}, Scopes: both, Command: "group renew", Rank: 51},
		{ID: GroupAutoRenew, Need: NeedOrder, Danger: Changes, Keys: []string{"A"}, Scopes: both, Command: "group auto-renew"},
		{ID: GroupConvert, Need: NeedOrder, Danger: TakesAway, Keys: []string{"C"}, Scopes: both, Command: "group convert"},
		{ID: GroupQuota, Need: NeedFullAccess, Console: modify, Danger: TakesAway, Keys: []string{"Q"}, Scopes: both,
			Command: "group quota", Rank: 35},
		{ID: GroupSlots, Need: NeedFullAccess, Console: modify, Danger: TakesAway, Keys: []string{"L"}, Scopes: both,
			Command: "group slots", Rank: 36},
		{ID: GroupNetwork, Need: NeedFullAccess, Console: modify, Danger: TakesAway, Keys: []string{"n"}, Scopes: both,
			Command: "group network", Rank: 37},
		{ID: GroupRoute, Need: NeedFullAccess, Console: modify, Danger: TakesAway, Keys: []string{"o"}, Scopes: both, Command: "group route"},
		{ID: GroupStart, Need: NeedFullAccess, Console: modify, Danger: Changes, Keys: []string{"t"}, Scopes: both, Command: "group start", Rank: 52},
		{ID: GroupOrders, Need: NeedFullAccess, Console: show, Keys: []string{"i"}, Scopes: []Scope{ScopeGroup}, Command: "group orders", Rank: 60},
		{ID: GroupRuns, Need: NeedFullAccess, Console: show, Keys: []string{"p"}, Scopes: both, Command: "group runs", Rank: 45},
		// Who may run the tasks of a workspace is published as permission points of roles: Development and O&M have them.
		{ID: GroupRun, Need: NeedWorkspaceRole, Roles: []string{"role_project_dev", "role_project_pe"}, Danger: Changes, Command: "run"},
		{ID: GroupRelease, Need: NeedFullAccess, Console: modify, Danger: TakesAway, Keys: []string{"x"}, Scopes: []Scope{ScopeRuns}, Marks: true,
			Command: "group release", Rank: 10},
		{ID: GroupMetrics, Need: NeedFullAccess, Console: show, Keys: []string{"h"}, Scopes: []Scope{ScopeGroup}, Command: "group metrics", Rank: 46},
		{ID: GroupRunEnd, Need: NeedKeeper, Danger: Changes},
		{ID: GroupRunLost, Need: NeedKeeper, Danger: Changes},
		{ID: GroupArrears, Need: NeedPower, Danger: TakesAway, Command: "group arrears"},
		{ID: GroupRename, Need: NeedFullAccess, Console: modify, Danger: Changes, Keys: []string{"m"}, Scopes: both,
			Command: "group rename", Rank: 40},
		{ID: GroupUnsubscribe, Need: NeedOrder, Danger: Destroys, Keys: []string{"x"}, Scopes: both, Command: "group unsubscribe", Rank: 90},
		{ID: GroupDue, Need: NeedKeeper, Danger: TakesAway},
	}
}
