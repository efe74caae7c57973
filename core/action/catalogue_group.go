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
	// GroupDue is what becomes of a resource group by itself.
	GroupDue ID = "group.due"
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
		{ID: GroupCreate, Need: NeedOrder, Console: "dataworks:CreateResourceGroup", Danger: Changes, Keys: []string{"a"}, Scopes: groups,
			Command: "group create", Rank: 10},
		{ID: GroupAssociate, Need: NeedFullAccess, Console: modify, Danger: Changes, Keys: []string{"b"}, Scopes: both,
			Command: "group associate", Rank: 20},
		{ID: GroupDissociate, Need: NeedFullAccess, Console: modify, Danger: TakesAway, Keys: []string{"D"}, Scopes: both,
			Command: "group dissociate", Rank: 30},
		{ID: GroupRename, Need: NeedFullAccess, Console: modify, Danger: Changes, Keys: []string{"m"}, Scopes: both,
			Command: "group rename", Rank: 40},
		{ID: GroupUnsubscribe, Need: NeedOrder, Danger: Destroys, Keys: []string{"x"}, Scopes: both, Command: "group unsubscribe", Rank: 90},
		{ID: GroupDue, Need: NeedKeeper, Danger: TakesAway},
	}
}
