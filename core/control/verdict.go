package control

import (
	"context"
	"slices"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/edition"
	"reeve/core/fault"
	"reeve/core/message"
)

// Verdict says whether an act is possible, and if not, why not and whom to ask.
type Verdict struct {
	OK     bool
	Reason message.Text
	Ask    []string
	// Grants are those of which each alone would make it possible, the least first.
	Grants []fault.Grant
}

// Possible is the verdict that nothing stands in the way.
func Possible() Verdict { return Verdict{OK: true} }

// Impossible is a verdict with a reason.
func Impossible(id string, args message.Args) Verdict {
	return Verdict{Reason: message.Text{ID: id, Args: args}}
}

// Standing is what a screen needs to show its acts: who the viewer is at a place and what of the catalogue they may do there.
type Standing struct {
	Actor   Actor
	Region  string
	Edition edition.Edition
	// TenantAdmin says that the viewer manages tenant roles in the region.
	TenantAdmin bool
	Workspace   access.WorkspaceID
	Power       access.Power
	// Roles are the viewer's roles in the workspace.
	Roles    []access.Role
	Revision uint64
	// Rule is how several roles add up in the tenant.
	Rule access.Policy
	// NextEnd is when the next of the grants that this rests on ends, in Unix seconds; 0 for none.
	NextEnd int64
	// acts is the catalogue; refused are the acts of it that are not possible.
	acts    *action.Catalogue
	refused map[action.ID]Verdict
}

// May says whether the viewer may do an act here. An act that the catalogue does not know is not possible.
func (s Standing) May(id action.ID) Verdict {
	if v, ok := s.refused[id]; ok {
		return v
	}
	if s.acts != nil {
		if _, known := s.acts.Get(id); known {
			return Possible()
		}
	}
	return Impossible("denied.unknown_act", nil)
}

// Standing answers for every act of the catalogue at once; it is the same evaluation as the gate's own.
func (g *Gate) Standing(ctx context.Context, target Target) (Standing, error) {
	actor, _ := ActorOf(ctx)
	st := Standing{Actor: actor, Region: target.Region, Workspace: target.Workspace, acts: g.acts, refused: map[action.ID]Verdict{}}
	err := g.store.Read(ctx, func(ctx context.Context) error {
		snap, err := g.seenBy(ctx, actor, Scope{Workspace: target.Workspace, Region: target.Region, Principal: actor.Principal})
		if err != nil {
			return err
		}
		have, active, err := g.store.EditionOf(ctx, target.Region)
		if err != nil {
			return err
		}
		st.TenantAdmin = snap.AdministersTenant(target.Region, actor.Principal)
		st.Edition, st.Power, st.Revision = have, snap.Power(actor.Principal), snap.Revision()
		st.NextEnd, st.Rule = snap.NextEnd(), snap.Rule()
		for _, id := range snap.RolesOf(target.Workspace, actor.Principal) {
			if r, ok := snap.Role(id); ok {
				st.Roles = append(st.Roles, r)
			}
		}
		anywhere := target.Workspace == 0 && !snap.Barred(actor.Principal, access.ScopePage)
		for _, act := range g.acts.All() {
			v := g.verdict(snap, act, actor, target)
			if anywhere && inWorkspace(act.Need) && (!actor.ReadOnly || act.Danger == action.Reads) {
				v = Possible() // which workspace is not said yet; the gate decides when it is
			}
			if v.OK && act.Feature != "" {
				v = g.editionVerdict(act, target.Region, have, active)
			}
			if !v.OK {
				st.refused[act.ID] = v
			}
		}
		return nil
	})
	return st, err
}

// inWorkspace tells of needs that only a workspace can answer.
func inWorkspace(n action.Need) bool {
	return n == action.NeedMember || n == action.NeedWorkspaceAdmin || n == action.NeedMemberOrOwnAccount || n == action.NeedWorkspaceRole
}

// verdict is the second step, for one act.
func (g *Gate) verdict(s *access.Snapshot, act action.Action, actor Actor, t Target) Verdict {
	if actor.ReadOnly && act.Danger > action.Reads {
		return Impossible("denied.read_only", nil)
	}
	if act.Need == action.NeedNothing {
		return Possible()
	}
	if _, known := s.Principal(actor.Principal); !known {
		return Impossible("denied.nobody", nil)
	}
	if since, vanished := s.DisabledSince(actor.Principal); since != 0 { // not even a question about oneself
		id := "denied.disabled"
		if vanished {
			id = "denied.vanished"
		}
		day := time.Unix(since, 0).UTC().Format(time.DateOnly)
		return Verdict{Reason: message.Text{ID: id, Args: message.Args{"Since": day}}, Ask: askPowers(s, actor)}
	}
	if act.Need == action.NeedMemberOrOwnAccount && (t.About == actor.Principal || t.About == 0) {
		return Possible()
	}
	if s.Barred(actor.Principal, access.ScopePage) {
		return Impossible("denied.barred", nil)
	}
	switch consoleVerdict(s, act, actor, t) {
	case access.Denies:
		return Verdict{Reason: message.Text{ID: "denied.policy"}, Ask: askPowers(s, actor)}
	case access.Allows:
		if act.Need != action.NeedOrder { // what a policy lets one do can still cost what one may not spend
			return Possible()
		}
	case access.Silent:
	}
	v := g.needed(s, act, actor, t)
	if !v.OK {
		v.Grants = grants(s, act, actor, t)
	}
	return v
}

// consoleVerdict is what the policies of the actor say to an act of the console plane; they say nothing to any other act,
// and nothing to what the account does.
func consoleVerdict(s *access.Snapshot, act action.Action, actor Actor, t Target) access.Verdict {
	if act.Console == "" {
		return access.Silent
	}
	e := s.ExplainConsole(access.ConsoleQuestion{Principal: actor.Principal, Action: act.Console,
		Resource: resource(act.Console, t), Scope: access.ScopePage})
	if len(e.Because) == 0 {
		return access.Silent
	}
	switch strongest := e.Because[0].Kind; {
	case !e.Allowed && strongest == access.PolicyDeny:
		return access.Denies
	case e.Allowed && strongest == access.PolicyAllow:
		return access.Allows
	}
	return access.Silent
}

// resource is the ARN of what an operation of the console is done to.
func resource(operation string, t Target) string {
	does, _ := access.ConsoleActionNamed(operation)
	name := access.AnyName
	switch {
	case does.Any:
	case does.Entity == access.EntityResourceGroup:
		name = t.Name
	case t.Workspace != 0:
		name = t.WorkspaceName
	}
	return access.ARN(t.Region, does.Entity, name)
}

// needed is what the act asks of whoever acts.
func (g *Gate) needed(s *access.Snapshot, act action.Action, actor Actor, t Target) Verdict {
	power := s.Power(actor.Principal)
	switch act.Need {
	case action.NeedNothing, action.NeedTenant:
		return Possible()
	case action.NeedOrder:
		if power != access.PowerNone && mayOrder(s, actor.Principal) {
			return Possible()
		}
		return Verdict{Reason: message.Text{ID: "denied.order"}, Ask: names(s, actor, slices.DeleteFunc(s.Powerful(), func(p access.PrincipalID) bool { return !mayOrder(s, p) }))}
	case action.NeedKeeper:
		return Impossible("denied.keeper", nil)
	case action.NeedMemberOrOwnAccount, action.NeedMember:
		return g.memberVerdict(s, actor, t)
	case action.NeedWorkspaceAdmin:
		if s.Administers(t.Workspace, actor.Principal) {
			return Possible()
		}
		return Verdict{Reason: message.Text{ID: "denied.workspace_admin", Args: message.Args{"Held": held(s, actor, t)}}, Ask: ask(s, actor, t)}
	case action.NeedWorkspaceRole:
		if s.Administers(t.Workspace, actor.Principal) || holdsAny(s, actor, t, act.Roles) {
			return Possible()
		}
		return Verdict{Reason: message.Text{ID: "denied.workspace_role", Args: message.Args{"Roles": sufficing(act.Roles), "Held": held(s, actor, t)}}, Ask: ask(s, actor, t)}
	case action.NeedFullAccess:
		if power != access.PowerNone {
			return Possible()
		}
		return Verdict{Reason: message.Text{ID: "denied.full_access"}, Ask: askPowers(s, actor)}
	case action.NeedAccount:
		if power == access.PowerAccount {
			return Possible()
		}
		return Verdict{Reason: message.Text{ID: "denied.account"}, Ask: askAccount(s, actor)}
	case action.NeedPower:
		if power == access.PowerAccount || power == access.PowerAdministrator {
			return Possible()
		}
		return Verdict{Reason: message.Text{ID: "denied.power"}, Ask: askEqual(s, actor)}
	case action.NeedTenantAdmin:
		if s.AdministersTenant(t.Region, actor.Principal) {
			return Possible()
		}
		return Verdict{Reason: message.Text{ID: "denied.tenant_admin", Args: message.Args{"Region": t.Region}}, Ask: askTenant(s, actor, t)}
	}
	return Impossible("denied.unknown_act", nil)
}

// mayOrder says whether a policy lets somebody pay orders, or they need none.
func mayOrder(s *access.Snapshot, p access.PrincipalID) bool {
	return s.DecideConsole(access.ConsoleQuestion{Principal: p, Action: "bss:PayOrder", Resource: access.AnyName, Scope: access.ScopePage})
}

func (g *Gate) memberVerdict(s *access.Snapshot, actor Actor, t Target) Verdict {
	if s.IsMember(t.Workspace, actor.Principal) || s.Administers(t.Workspace, actor.Principal) {
		return Possible()
	}
	if t.Workspace == 0 { // a question about others that is of no workspace
		if s.Power(actor.Principal) != access.PowerNone || s.AdministersTenant(t.Region, actor.Principal) {
			return Possible()
		}
		return Verdict{Reason: message.Text{ID: "denied.about_others"}, Ask: askPowers(s, actor)}
	}
	return Verdict{Reason: message.Text{ID: "denied.member", Args: message.Args{"Workspace": t.WorkspaceName}}, Ask: ask(s, actor, t)}
}

// editionVerdict is the third step, for one act.
func (g *Gate) editionVerdict(act action.Action, region string, have edition.Edition, active bool) Verdict {
	if active && g.editions.Includes(have, act.Feature) {
		return Possible()
	}
	need := g.editions.First(act.Feature)
	return Impossible("denied.edition", message.Args{
		"Need": message.Text{ID: "edition." + string(need)}, "Have": message.Text{ID: "edition." + string(have)}, "Region": region})
}

// holdsAny says whether the actor has one of the built-in roles with these codes in the workspace.
func holdsAny(s *access.Snapshot, actor Actor, t Target, codes []string) bool {
	return slices.ContainsFunc(s.RolesOf(t.Workspace, actor.Principal), func(id access.RoleID) bool {
		r, ok := s.Role(id)
		return ok && r.Kind == access.Builtin && slices.Contains(codes, r.Code)
	})
}

// sufficing puts the roles that an act needs one of into words.
func sufficing(codes []string) message.Text {
	names := make([]message.Text, len(codes))
	for i, code := range codes {
		names[i] = message.Text{ID: "role." + code}
	}
	return message.Text{ID: "list.joined", Args: message.Args{"Items": names}}
}

// held puts the actor's roles here into words, or says that there are none.
func held(s *access.Snapshot, actor Actor, t Target) message.Text {
	var names []message.Text
	for _, id := range s.RolesOf(t.Workspace, actor.Principal) {
		if r, ok := s.Role(id); ok {
			names = append(names, RoleName(r))
		}
	}
	if len(names) == 0 {
		return message.Text{ID: "role.no_role"}
	}
	return message.Text{ID: "list.joined", Args: message.Args{"Items": names}}
}

// RoleName is the name of a role in the language of whoever reads it: built-in roles have a message, custom ones their own.
func RoleName(r access.Role) message.Text {
	if r.Kind == access.Builtin {
		return message.Text{ID: "role." + r.Code}
	}
	return message.Text{ID: "literal", Args: message.Args{"Text": r.Name}}
}

// NameTaken says that a name is that of a role that is there: its own, or another spelling that means it.
func NameTaken(name, own string, role message.Text) fault.Field {
	what := message.Text{ID: "fault.role.name.exists", Args: message.Args{"Name": name}}
	if name != own {
		what = message.Text{ID: "fault.role.name.taken", Args: message.Args{"Name": name, "Role": role}}
	}
	return fault.Field{Name: "name", Taken: true, Text: what}
}

// askLimit bounds the people that a refusal names.
const askLimit = 5

// ask names those who administer the workspace, who could do it or give the right to.
func ask(s *access.Snapshot, actor Actor, t Target) []string {
	return names(s, actor, s.ExplainAdministers(t.Workspace, actor.Principal).Ask)
}

// askPowers names the account and the holders of FullAccess and AdministratorAccess.
func askPowers(s *access.Snapshot, actor Actor) []string {
	return names(s, actor, s.Powerful())
}

// askEqual names the account and whoever is equal to it.
func askEqual(s *access.Snapshot, actor Actor) []string {
	return names(s, actor, slices.DeleteFunc(s.Powerful(), func(p access.PrincipalID) bool { return s.Power(p) == access.PowerFullAccess }))
}

// askAccount names the account.
func askAccount(s *access.Snapshot, actor Actor) []string {
	return names(s, actor, slices.DeleteFunc(s.Powerful(), func(p access.PrincipalID) bool { return s.Power(p) != access.PowerAccount }))
}

// askTenant names the tenant administrators of the region, then the powers: whoever can grant what the actor lacks there.
func askTenant(s *access.Snapshot, actor Actor, t Target) []string {
	for _, c := range access.AllCapabilities() {
		e := s.ExplainTenant(access.TenantQuestion{Principal: actor.Principal, Region: t.Region, Capability: c})
		if !e.Allowed && len(e.Ask) > 0 {
			return names(s, actor, e.Ask)
		}
	}
	return askPowers(s, actor)
}

func names(s *access.Snapshot, actor Actor, ids []access.PrincipalID) []string {
	var out []string
	for _, id := range ids {
		if p, ok := s.Principal(id); ok && id != actor.Principal && len(out) < askLimit {
			out = append(out, p.Name)
		}
	}
	return out
}
