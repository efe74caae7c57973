package access

import (
	"cmp"
	"slices"
	"strings"
)

// ConsoleQuestion asks whether a principal may do a console operation. Action
// is written with its service, as in "dataworks:CreateWorkspace"; Resource is
// an ARN; Scope is ScopePage or ScopeOpenAPI, and "" is ScopePage. Any other
// scope is answered with no.
//
// It is answered in this order:
//
//  0. Who is disabled may do nothing.
//  1. The account may do everything.
//  2. A statement in force that denies it wins over every policy and power.
//  3. Who holds AdministratorAccess may do everything, and who holds
//     AliyunDataWorksFullAccess every action of the product itself: to buy
//     takes another policy.
//  4. Otherwise a statement in force must allow it. Roles never do.
type ConsoleQuestion struct {
	Principal PrincipalID
	Action    string
	Resource  string
	Scope     string
}

// ConsoleAction is one operation of the console that policies govern.
type ConsoleAction struct {
	// Action is the name with its service, as in "dataworks:CreateWorkspace".
	Action string
	// Entity is the kind of thing it is about, as ARNs name it.
	Entity string
	// Any says that it is about all things of the entity, never one by name.
	Any bool
	// Controls is what it is for and Without what it means not to have it; the
	// latter is empty where nothing is published.
	Controls string
	Without  string
}

// The entities of ARNs.
const (
	EntityWorkspace     = "workspace"
	EntityResourceGroup = "exclusive_resource_group"
	EntityContacts      = "contacts_ram_user"
	EntityAlarms        = "alarm_resource"
)

// AnyName stands for all things of an entity in an ARN.
const AnyName = "*"

// ARN is the name of a thing as policies write it,
// acs:dataworks:<region>:<account>:<entity>/<name>, where the account is left
// open with a star. An empty region or name becomes a star too.
func ARN(region, entity, name string) string {
	if region == "" {
		region = AnyName
	}
	if name == "" {
		name = AnyName
	}
	return "acs:dataworks:" + region + ":*:" + entity + "/" + name
}

// ConsoleActions lists the thirteen operations that the documentation of
// custom console policies names, in its order.
func ConsoleActions() []ConsoleAction {
	const ws, group, contacts, alarms = EntityWorkspace, EntityResourceGroup, EntityContacts, EntityAlarms
	return []ConsoleAction{
		{"dataworks:CreateWorkspace", ws, true, "create workspaces", "needs AliyunDataWorksFullAccess instead"},
		{"dataworks:ModifyWorkspace", ws, false, "modify the workspace", ""},
		{"dataworks:DeleteWorkspace", ws, false, "delete the workspace", "only the account and AliyunDataWorksFullAccess can"},
		{"dataworks:DisableWorkspace", ws, false, "disable the workspace", "only the account and AliyunDataWorksFullAccess can"},
		{"dataworks:EnableWorkspace", ws, false, "enable the workspace", ""},
		{"dataworks:ListResourceGroup", group, true, "shows the tab of resource groups", "the tab is invisible"},
		{"dataworks:ShowResourceGroupDetail", group, false, "shows the resource group and its details",
			"the tab is visible but empty; of no use without ListResourceGroup"},
		{"dataworks:CreateResourceGroup", group, true, "create from an existing purchase order, without purchase", ""},
		{"dataworks:ModifyResourceGroup", group, false, "modify, including the associated workspace",
			"the associated workspace cannot be changed"},
		{"dataworks:ListContacts", contacts, true, "list alert contacts", ""},
		{"dataworks:ModifyContacts", contacts, true, "edit alert contacts", ""},
		{"dataworks:ListAlarmResource", alarms, true, "list alert resources", ""},
		{"dataworks:SetUpperLimits", alarms, true, "set daily upper limits of alerts", ""},
	}
}

// ConsoleActionNamed finds an operation by its name, in upper or lower case.
func ConsoleActionNamed(name string) (a ConsoleAction, ok bool) {
	for _, a := range ConsoleActions() {
		if strings.EqualFold(a.Action, name) {
			return a, true
		}
	}
	return ConsoleAction{}, false
}

// DecideConsole answers the question of the console plane.
func (s *Snapshot) DecideConsole(q ConsoleQuestion) bool {
	q, answerable := q.normal()
	if _, known := s.Principal(q.Principal); !known || !answerable || s.isDisabled(q.Principal) {
		return false
	}
	power := s.Power(q.Principal)
	if power == PowerAccount {
		return true
	}
	allowed := power.allows(q.Action)
	for _, a := range s.console.held[q.Principal] {
		if !a.inForce(s.now) {
			continue
		}
		d := s.console.documents[a.Policy]
		switch d.Simulate(q.Action, q.Resource, q.Scope) {
		case Denies:
			return false
		case Allows:
			allowed = true
		case Silent:
		}
	}
	return allowed
}

// normal is the question with its scope filled in, and whether it can be
// answered with yes at all.
func (q ConsoleQuestion) normal() (ConsoleQuestion, bool) {
	if q.Scope == "" {
		q.Scope = ScopePage
	}
	return q, isScope(q.Scope) && q.Action != "" && q.Resource != ""
}

// allows says whether the power alone covers a console action.
func (p Power) allows(action string) bool {
	switch p {
	case PowerNone:
		return false
	case PowerFullAccess:
		return len(action) >= len(productPrefix) && strings.EqualFold(action[:len(productPrefix)], productPrefix)
	case PowerAdministrator, PowerAccount:
		return true
	}
	return false
}

// Barred says whether the principal is kept from everything in the scope: by
// being disabled, or by a policy that denies dataworks:* on *. The account is
// never barred. Who is
// barred from pages has no module in any workspace and no capability; who is
// barred from the API alone has them, and only calls are refused.
func (s *Snapshot) Barred(p PrincipalID, scope string) bool {
	if s.isDisabled(p) {
		return true
	}
	if scope == ScopeOpenAPI {
		return s.console.barredCalls[p]
	}
	return s.console.barredPages[p]
}

// Document finds a policy by id.
func (s *Snapshot) Document(id PolicyID) (Document, bool) {
	d, found := s.console.documents[id]
	return d, found
}

// AttachmentsOf lists the attachments in force of the principal and of its
// groups, by id.
func (s *Snapshot) AttachmentsOf(p PrincipalID) []Attachment {
	var list []Attachment
	for _, a := range s.console.held[p] {
		if a.inForce(s.now) {
			list = append(list, a)
		}
	}
	return list
}

// AttachedTo lists the attachments of the policy, those that are over included,
// by id.
func (s *Snapshot) AttachedTo(policy PolicyID) []Attachment {
	var list []Attachment
	for _, a := range s.console.attachments {
		if a.Policy == policy {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b Attachment) int { return cmp.Compare(a.ID, b.ID) })
	return list
}
