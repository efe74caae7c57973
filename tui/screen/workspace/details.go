package workspace

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/figure"
	core "reeve/core/workspace"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// Details is one workspace.
type Details struct {
	acts
	screen.Sheet[core.Workspace]

	at route.Route
	f  *figure.Figures // nil until they are there
}

// NewDetails makes the screen.
func NewDetails(env *screen.Env, at route.Route) *Details {
	return &Details{acts: acts{env: env}, at: at}
}

// Start implements screen.Screen.
func (s *Details) Start() []screen.Event { return s.Refresh() }

// Refresh implements screen.Screen.
func (s *Details) Refresh() []screen.Event {
	place := control.Ref{Region: s.at.Region, Workspace: s.at.Workspace}
	return []screen.Event{s.Load("details", func(ctx context.Context) (core.Workspace, error) { return s.env.Workspaces.Get(ctx, place) }, nil), screen.Run("figures", "", func(ctx context.Context) (figure.Figures, error) { return s.env.Figures.Show(ctx, place, 1) },
		func(f figure.Figures, err error) []screen.Event {
			if err == nil { // the workspace's own answer says what is wrong
				s.f = &f
			}
			return nil
		})}
}

// Title implements screen.Screen.
func (s *Details) Title() string { return s.env.Text("tab.details") }

// Scopes implements screen.Screen.
func (s *Details) Scopes() []action.Scope { return []action.Scope{action.ScopeWorkspace} }

// Verdict implements screen.Screen.
func (s *Details) Verdict(id action.ID) control.Verdict {
	return s.Sheet.Verdict(func() control.Verdict { return s.verdict(id, s.Thing) })
}

// Act implements screen.Screen.
func (s *Details) Act(id action.ID) []screen.Event {
	switch id {
	case action.MemberList:
		return []screen.Event{screen.Open{Route: route.Route{Kind: route.Members, Region: s.at.Region, Workspace: s.at.Workspace}}}
	case action.RoleList:
		return []screen.Event{screen.Open{Route: route.Route{Kind: route.Roles, Region: s.at.Region, Workspace: s.at.Workspace}}}
	case action.FigureShow:
		return []screen.Event{screen.Open{Route: route.Route{Kind: route.Figures, Region: s.at.Region, Workspace: s.at.Workspace}}}
	case action.CopyCell:
		return []screen.Event{screen.Copy{Text: s.Thing.Name}}
	}
	return s.one(id, s.Thing)
}

// View implements screen.Screen.
func (s *Details) View(w, h int) string {
	return s.Draw(s.env, w, h, func() (head, body []string) {
		status := statusCell(s.env, s.Thing.Status)
		line := paint.NewLine(s.env.Theme, w).Gap(1).Text(theme.Title, s.Thing.Name).Gap(2).Text(status.Role, s.env.Theme.Glyphs.Dot+" "+status.Text).
			Gap(3).Text(theme.Muted, s.Thing.DisplayName)
		return []string{line.String(), paint.Empty(w)}, widget.Details(s.env.Theme, s.values(status), w)
	})
}

// values are what there is to say of the workspace.
func (s *Details) values(status widget.Cell) []widget.KV {
	env, ws := s.env, s.Thing
	label := func(id string) string { return env.Text("column." + id) }
	admins := strings.Join(ws.Admins, ", ")
	if admins == "" {
		admins = env.Text("workspace.no_admins")
	}
	return []widget.KV{
		{Label: label("id"), Value: strconv.FormatUint(uint64(ws.ID), 10), Role: theme.Muted},
		{Label: label("display_name"), Value: ws.DisplayName},
		{Label: label("description"), Value: cmp.Or(ws.Description, "-")},
		{},
		{Label: label("region"), Value: ws.Region},
		{Label: label("mode"), Value: env.Text("mode."+string(ws.Mode)) + " · " + env.Text("mode."+string(ws.Mode)+".detail")},
		{Label: label("template"), Value: env.Text("template." + string(ws.Template))},
		{Label: label("status"), Value: status.Text, Role: status.Role},
		{Label: label("aliyun_group"), Value: ws.AliyunGroup},
		{Label: env.Text("setting.default_resource_group"), Value: cmp.Or(ws.DefaultGroup, "-")},
		{Label: env.Text("setting.new_data_studio"), Value: env.Text("setting.value." + onOffWord(ws.NewDataStudio))},
		{Label: env.Text("setting.pai_scheduling"), Value: env.Text("setting.value." + onOffWord(ws.PaiScheduling))},
		{Label: env.Text("setting.tags"), Value: cmp.Or(tagged(ws), "-")},
		{},
		{Label: label("owner"), Value: ws.Owner + " · " + env.Text("workspace.owner.note")},
		{Label: label("admins"), Value: admins},
		{Label: label("members"), Value: widget.Grouped(ws.Members)},
		{},
		s.figures(),
		{},
		{Label: label("created"), Value: env.Day(ws.CreatedAt) + " · " + ws.CreatedBy, Role: theme.Muted},
		{Label: label("version"), Value: strconv.FormatInt(ws.Version, 10), Role: theme.Muted},
	}
}

func onOffWord(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// figures are those of the previous business date.
func (s *Details) figures() widget.KV {
	kv := widget.KV{Label: s.env.Text("column.previous_date"), Value: s.env.Text("list.loading"), Role: theme.Muted}
	if s.f != nil {
		kv.Value = s.env.FigureLine(*s.f)
	}
	return kv
}
