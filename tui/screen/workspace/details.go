package workspace

import (
	"context"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

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
	at     route.Route
	w      core.Workspace
	f      *figure.Figures // nil until they are there
	loaded bool
	failed error
	top    int
	total  int
	height int
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
	return []screen.Event{screen.Run("details", "", func(ctx context.Context) (core.Workspace, error) { return s.env.Workspaces.Get(ctx, place) },
		func(w core.Workspace, err error) []screen.Event {
			s.failed = err
			if err == nil {
				s.w, s.loaded = w, true
			}
			return []screen.Event{screen.Changed{}}
		}), screen.Run("figures", "", func(ctx context.Context) (figure.Figures, error) { return s.env.Figures.Show(ctx, place, 1) },
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
	if !s.loaded {
		return control.Impossible("list.loading", nil)
	}
	return s.verdict(id, s.w)
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
		return []screen.Event{screen.Copy{Text: s.w.Name}}
	}
	return s.one(id, s.w)
}

// Key implements screen.Screen.
func (s *Details) Key(k tea.KeyPressMsg) ([]screen.Event, bool) {
	switch k.String() {
	case "up", "k":
		s.top--
	case "down", "j":
		s.top++
	case "pgup":
		s.top -= s.height
	case "pgdown":
		s.top += s.height
	default:
		return nil, false
	}
	s.top = max(0, min(s.top, s.total-s.height))
	return nil, true
}

// View implements screen.Screen.
func (s *Details) View(w, h int) string {
	env := s.env
	if s.failed != nil && !s.loaded {
		return env.ErrorBox(s.failed, w, h)
	}
	if !s.loaded {
		return env.Loading(w, h)
	}
	status := statusCell(env, s.w.Status)
	head := paint.NewLine(env.Theme, w).Gap(1).Text(theme.Title, s.w.Name).Gap(2).Text(status.Role, env.Theme.Glyphs.Dot+" "+status.Text).
		Gap(3).Text(theme.Muted, s.w.DisplayName).String()
	label := func(id string) string { return env.Text("column." + id) }
	admins := strings.Join(s.w.Admins, ", ")
	if admins == "" {
		admins = env.Text("workspace.no_admins")
	}
	values := []widget.KV{
		{Label: label("id"), Value: strconv.FormatUint(uint64(s.w.ID), 10), Role: theme.Muted},
		{Label: label("display_name"), Value: s.w.DisplayName},
		{Label: label("description"), Value: orDash(s.w.Description)},
		{},
		{Label: label("region"), Value: s.w.Region},
		{Label: label("mode"), Value: env.Text("mode."+string(s.w.Mode)) + " · " + env.Text("mode."+string(s.w.Mode)+".detail")},
		{Label: label("template"), Value: env.Text("template." + string(s.w.Template))},
		{Label: label("status"), Value: status.Text, Role: status.Role},
		{Label: label("aliyun_group"), Value: s.w.AliyunGroup},
		{Label: env.Text("setting.default_resource_group"), Value: orDash(s.w.DefaultGroup)},
		{Label: env.Text("setting.new_data_studio"), Value: env.Text("setting.value." + onOffWord(s.w.NewDataStudio))},
		{Label: env.Text("setting.pai_scheduling"), Value: env.Text("setting.value." + onOffWord(s.w.PaiScheduling))},
		{Label: env.Text("setting.tags"), Value: orDash(tagged(s.w))},
		{},
		{Label: label("owner"), Value: s.w.Owner + " · " + env.Text("workspace.owner.note")},
		{Label: label("admins"), Value: admins},
		{Label: label("members"), Value: widget.Grouped(s.w.Members)},
		{},
		s.figures(),
		{},
		{Label: label("created"), Value: env.Day(s.w.CreatedAt) + " · " + s.w.CreatedBy, Role: theme.Muted},
		{Label: label("version"), Value: strconv.FormatInt(s.w.Version, 10), Role: theme.Muted},
	}
	s.height = max(1, h-2)
	var block string
	block, s.total = widget.Details(env.Theme, values, s.top, w, s.height)
	return paint.Join(head, paint.Empty(w), block)
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

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
