package app

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// refusal is an act that was not possible, and why.
type refusal struct {
	act     action.ID
	verdict control.Verdict
}

// needs are the messages of what an act needs.
var needs = map[action.Need]string{
	action.NeedTenant: "need.tenant", action.NeedMember: "need.member", action.NeedMemberOrOwnAccount: "need.member_or_own",
	action.NeedWorkspaceAdmin: "need.workspace_admin", action.NeedFullAccess: "need.full_access", action.NeedTenantAdmin: "need.tenant_admin",
	action.NeedPower: "need.power", action.NeedAccount: "need.account", action.NeedWorkspaceRole: "need.workspace_role",
}

// whyRefused explains an act that was refused: what it needs on which plane, what stands in the way, and who could help.
func (a *App) whyRefused(r refusal) screen.Overlay {
	env := a.env
	act, _ := env.Gate.Acts().Get(r.act)
	var values []widget.KV
	if id, ok := needs[act.Need]; ok {
		values = append(values, widget.KV{Label: env.Text("refused.needs"), Value: env.Text(id)})
	}
	if act.Console != "" {
		values = append(values, widget.KV{Label: env.Text("refused.or"), Value: act.Console})
	}
	if act.Feature != "" {
		values = append(values, widget.KV{Label: env.Text("refused.edition"), Value: env.Text("edition." + string(env.Gate.Editions().First(act.Feature)))})
	}
	values = append(values, widget.KV{Label: env.Text("refused.here"), Value: a.opts.Say.Say(r.verdict.Reason), Role: theme.Warning})
	if len(r.verdict.Ask) > 0 {
		values = append(values, widget.KV{Label: env.Text("refused.ask"), Value: strings.Join(r.verdict.Ask, ", "), Role: theme.Accent})
	}
	return &screen.Pages{Title: env.Text("refused.title"), Note: string(r.act), Width: 84, Lines: func(th *theme.Theme, w int) []string {
		lines := []string{paint.NewLine(th, w).Text(theme.Title, env.Text(act.Message())).Right(theme.DangerStrong, env.Text("why.deny")).String(), paint.Empty(w)}
		lines = append(lines, widget.Details(th, values, w)...)
		if len(r.verdict.Grants) > 0 {
			keys := []widget.FooterKey{{Key: "a", Title: env.Text("refused.ask_for")}, {Key: "esc", Title: env.Text("effect.back")}}
			lines = append(lines, paint.Empty(w), widget.Footer(th, keys, 0, "", theme.Muted, w))
		}
		return lines
	}, Keys: a.askKeys(r)}
}

// askKey asks for access everywhere.
const askKey = "ctrl+a"

// askKeys are the keys over an explained refusal.
func (a *App) askKeys(r refusal) map[string]func() ([]screen.Event, bool) {
	if len(r.verdict.Grants) == 0 {
		return nil
	}
	ask := func() ([]screen.Event, bool) { return a.env.AskFor(r.verdict.Grants, a.ref()), true }
	return map[string]func() ([]screen.Event, bool){"a": ask, askKey: ask}
}

// askFor lets the viewer ask for what they lack.
func (a *App) askFor(grants []fault.Grant) tea.Cmd {
	if v := a.verdict(action.RequestCreate); !v.OK {
		return a.refuse(v)
	}
	return a.carryOut(a.at(), a.env.AskFor(grants, a.ref()))
}

// lacking are the grants without which a place stays closed to the viewer: what its screen was refused for, else membership of its
// workspace.
func (a *App) lacking(at *place) []fault.Grant {
	if s, ok := at.screen.(screen.Refusing); ok {
		var denied *fault.Denied
		if errors.As(s.Refusal(), &denied) {
			return denied.Grants
		}
	}
	if at.route.InWorkspace() && at.known {
		return a.env.May(action.MemberList).Grants
	}
	return nil
}

// ref is where one is.
func (a *App) ref() control.Ref {
	ref := control.Ref{Region: a.region()}
	if at := a.at(); at != nil {
		ref.Workspace = at.route.Workspace
	}
	return ref
}
