package screen

import (
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/core/tenantrole"
	"reeve/tui/paint"
	"reeve/tui/theme"
)

// Contribution puts one reason into words: what it is, and what it does to the answer. asked is what was asked about, in words.
func (e *Env) Contribution(s *access.Snapshot, asked string, c access.Contribution) (what, about string) {
	what = e.source(s, c)
	args := message.Args{"Level": e.level(c.Level), "What": asked}
	switch c.Kind {
	case access.Account:
		return what, e.Text("why.account")
	case access.FullAccess, access.AdministratorAccess:
		return what, e.Text("why.full_access")
	case access.NotMember, access.WorkspaceClosed, access.WrongPlane, access.NoPolicy, access.NotInTenant:
		return what, ""
	case access.Disabled, access.Vanished:
		return what, e.With("why.disabled_since", message.Args{"When": time.Unix(c.At, 0).Format(time.DateOnly)})
	case access.PolicyDeny:
		about = e.Text("why.policy.denies")
	case access.PolicyAllow:
		about = e.Text("why.policy.allows")
	case access.BuiltinRole, access.CustomRole, access.MemberDefault, access.TenantMember, access.BuiltinTenantRole, access.CustomTenantRole:
		about = e.With("why.effect."+c.Effect.String(), args)
	}
	about += e.through(s, c)
	if c.At > 0 {
		by, _ := s.Principal(c.By)
		about += "  " + e.With("why.since", message.Args{"When": time.Unix(c.At, 0).Format(time.DateOnly), "By": by.Name})
	}
	return what, about + e.ends(c)
}

// Reason puts one reason into few words: what it is, the group it came through, and when it ends.
func (e *Env) Reason(s *access.Snapshot, c access.Contribution) string {
	return e.source(s, c) + e.through(s, c) + e.ends(c)
}

func (e *Env) through(s *access.Snapshot, c access.Contribution) string {
	if p, ok := s.Principal(c.Through); ok && c.Through != 0 {
		return "  " + e.With("why.through", message.Args{"Group": p.Name})
	}
	return ""
}

func (e *Env) ends(c access.Contribution) string {
	if c.Until <= 0 {
		return ""
	}
	until := time.Unix(c.Until, 0)
	return "  " + e.With("why.until", message.Args{"When": e.Until(&until)})
}

// source names where a contribution comes from.
func (e *Env) source(s *access.Snapshot, c access.Contribution) string {
	kinded := func(name, kind string) string { return name + " (" + e.Text(kind) + ")" }
	switch c.Kind {
	case access.BuiltinRole, access.CustomRole:
		r, _ := s.Role(c.Role)
		if c.Kind == access.BuiltinRole {
			return kinded(e.Say.Say(control.RoleName(r)), "role.builtin")
		}
		return kinded(e.Say.Say(control.RoleName(r)), "role.custom")
	case access.BuiltinTenantRole, access.CustomTenantRole:
		r, _ := s.TenantRole(c.TenantRole)
		if c.Kind == access.BuiltinTenantRole {
			return kinded(e.Say.Say(tenantrole.RoleName(r)), "role.builtin")
		}
		return kinded(e.Say.Say(tenantrole.RoleName(r)), "role.custom")
	case access.PolicyDeny, access.PolicyAllow:
		d, _ := s.Document(c.Policy)
		return kinded(d.Name, "why.policy")
	case access.Account, access.FullAccess, access.MemberDefault, access.NotMember, access.WorkspaceClosed, access.WrongPlane,
		access.AdministratorAccess, access.NoPolicy, access.TenantMember, access.NotInTenant, access.Disabled, access.Vanished:
	}
	return e.Text("why.kind." + c.Kind.String())
}

// refuses tells of contributions that can only refuse.
func refuses(k access.ContributionKind) bool {
	switch k {
	case access.NotMember, access.WorkspaceClosed, access.WrongPlane, access.PolicyDeny, access.NoPolicy, access.NotInTenant,
		access.Disabled, access.Vanished:
		return true
	case access.Account, access.FullAccess, access.BuiltinRole, access.CustomRole, access.MemberDefault, access.AdministratorAccess,
		access.PolicyAllow, access.TenantMember, access.BuiltinTenantRole, access.CustomTenantRole:
	}
	return false
}

// way puts a way out of a refusal into words.
func (e *Env) way(s *access.Snapshot, w access.Way) string {
	var name message.Text
	switch {
	case w.TenantRole != 0:
		r, _ := s.TenantRole(w.TenantRole)
		name = tenantrole.RoleName(r)
	case w.Policy != 0:
		d, _ := s.Document(w.Policy)
		return e.With("why.way.policy", message.Args{"Policy": d.Name})
	default:
		r, _ := s.Role(w.Role)
		name = control.RoleName(r)
	}
	return e.With("why.way."+string(w.Through), message.Args{"Role": name})
}

// EngineLine draws what somebody may do in one environment of one engine.
func (e *Env) EngineLine(th *theme.Theme, w int, s *access.Snapshot, ws access.WorkspaceID, r access.EngineRight) string {
	name := ""
	for _, engine := range s.EnginesOf(ws) {
		if engine.ID == r.Engine {
			name = engine.Name
		}
	}
	return paint.NewLine(th, w).Gap(2).Cell(theme.Text, name, 20, paint.Left).Gap(1).
		Cell(theme.Muted, e.Text(environments[r.Environment]), 12, paint.Left).Gap(1).Text(theme.Muted, e.EngineRight(s, r)).String()
}

// environments are the messages of the environments of engines.
var environments = [...]string{access.Dev: "engine.dev", access.Prod: "engine.prod", access.Only: "engine.only"}
