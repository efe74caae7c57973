package group

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reeve/core/action"
	"reeve/core/control"
	core "reeve/core/group"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// Details is one resource group.
type Details struct {
	acts
	screen.Sheet[state]

	at route.Route
	// window is that of the history, and part says of what of the group it shows: a module, slots, or all of it.
	window core.Window
	part   string
	// drawn are the lines below the head as they were drawn last, for as long as they look the same.
	drawn []string
	looks looks
}

// looks is what the drawn lines depend on, beside what is shown.
type looks struct {
	width  int
	theme  *theme.Theme
	say    *message.Printer
	window core.Window
	part   string
	minute int64
}

// NewDetails makes the screen.
func NewDetails(env *screen.Env, at route.Route) *Details {
	return &Details{acts: acts{env: env}, at: at, window: core.TwoHours}
}

// Start implements screen.Screen.
func (s *Details) Start() []screen.Event { return s.Refresh() }

// state is what the screen shows.
type state struct {
	group   core.Group
	load    core.Load
	history core.History
}

// Refresh implements screen.Screen.
func (s *Details) Refresh() []screen.Event {
	place, window := core.Ref{Region: s.at.Region, Name: s.at.Item}, s.window
	return []screen.Event{s.Load("group", func(ctx context.Context) (now state, err error) {
		if now.group, err = s.env.Groups.Get(ctx, place); err != nil {
			return now, err
		}
		if now.group.Type != core.Serverless {
			return now, nil
		}
		if now.load, err = s.env.Groups.Load(ctx, place); err == nil {
			now.history, err = s.env.Runs.History(ctx, place, window)
		}
		return now, err
	}, func() { s.drawn = nil })}
}

// Title implements screen.Screen.
func (s *Details) Title() string { return s.at.Item }

// Scopes implements screen.Screen.
func (s *Details) Scopes() []action.Scope { return []action.Scope{action.ScopeGroup} }

// Verdict implements screen.Screen.
func (s *Details) Verdict(id action.ID) control.Verdict {
	return s.Sheet.Verdict(func() control.Verdict { return s.verdict(id, s.Thing.group) })
}

// Act implements screen.Screen.
func (s *Details) Act(id action.ID) []screen.Event {
	if id == action.CopyCell {
		return []screen.Event{screen.Copy{Text: s.Thing.group.Name}}
	}
	if id == action.GroupMetrics {
		s.window = nextWindow(s.window)
		return s.Refresh()
	}
	return s.one(id, s.Thing.group)
}

// Key implements screen.Screen.
func (s *Details) Key(k tea.KeyPressMsg) ([]screen.Event, bool) {
	switch k.String() {
	case "left":
		s.turn(-1)
		return nil, true
	case "right":
		s.turn(1)
		return nil, true
	}
	return s.Sheet.Key(k)
}

// View implements screen.Screen.
func (s *Details) View(w, h int) string {
	return s.Draw(s.env, w, h, func() (head, body []string) { return []string{s.head(w), paint.Empty(w)}, s.body(w) })
}

// body is what stands below the head. It is drawn anew only when it would look different: it is many times what fits the screen.
func (s *Details) body(w int) []string {
	now := looks{width: w, theme: s.env.Theme, say: s.env.Say, window: s.window, part: s.part, minute: s.env.Now().Unix() / 60}
	if s.drawn != nil && now == s.looks {
		return s.drawn
	}
	lines := s.identity(w)
	if s.Thing.group.Type == core.Serverless {
		lines = append(s.panels(w), lines...)
	}
	s.drawn, s.looks = lines, now
	return lines
}

// identity is what the group is, below what it does.
func (s *Details) identity(w int) []string {
	return append([]string{paint.Empty(w)}, widget.Details(s.env.Theme, s.values(), w)...)
}

// head says in one line what matters most: the state, what is paid how, and until when.
func (s *Details) head(w int) string {
	env := s.env
	status := statusCell(env, s.Thing.group.Status)
	line := paint.NewLine(env.Theme, w).Gap(1).Text(theme.Title, s.Thing.group.Name).Gap(2).Text(status.Role, env.Theme.Glyphs.Dot+" "+status.Text).
		Gap(3).Text(theme.Muted, s.kind())
	if end := ending(env, s.Thing.group); end.Text != "" {
		line.Text(theme.Muted, " · ").Text(end.Role, end.Text)
	}
	return line.String()
}

// kind is how the group is paid and how large it is, or which older type it is.
func (s *Details) kind() string {
	if s.Thing.group.Type != core.Serverless {
		return s.env.Text("group.type."+string(s.Thing.group.Type)) + " · " + s.Thing.group.Spec
	}
	return s.env.Text("billing."+string(s.Thing.group.Billing)) + " · " + cu(s.env, s.Thing.group.Size)
}

func (s *Details) values() []widget.KV {
	env, g := s.env, s.Thing.group
	label := func(id string) string { return env.Text("column." + id) }
	status := env.Text("group.status." + string(g.Status))
	if g.BusyUntil != nil {
		status += " · " + env.With("group.busy", message.Args{"At": g.BusyUntil.Local().Format("15:04")})
	}
	if g.Problem != "" {
		status += " · " + g.Problem
	}
	bound := strings.Join(g.Names(), ", ")
	if bound == "" {
		bound = env.Text("group.unbound")
	}
	values := []widget.KV{
		{Label: label("id"), Value: strconv.FormatUint(uint64(g.ID), 10), Role: theme.Muted},
		{Label: label("status"), Value: status, Role: statusCell(env, g.Status).Role},
		{Label: label("type"), Value: env.Text("group.type." + string(g.Type))},
		{Label: label("remark"), Value: cmp.Or(g.Remark, "-")},
		{},
		{Label: label("billing"), Value: env.Text("billing." + string(g.Billing))},
		{Label: label("size"), Value: s.size()},
	}
	if g.Type == core.Serverless { // what an older type can do at once is its size
		values = append(values, widget.KV{Label: label("slots"), Value: env.With("group.slots", message.Args{"N": g.Slots})})
	}
	if g.ExpiresAt != nil {
		renew := env.Text("group.renew.by_hand")
		if g.AutoRenew {
			renew = env.Text("group.renew.by_itself")
		}
		values = append(values, widget.KV{Label: label("expires"), Value: env.Day(*g.ExpiresAt) + " · " + renew})
	}
	if g.RemindedAt != nil {
		values = append(values, widget.KV{Label: label("reminded"), Value: env.Day(*g.RemindedAt), Role: theme.Warning})
	}
	if g.ArrearsSince != nil {
		owes := env.Day(*g.ArrearsSince)
		if g.Suspended {
			owes += " · " + env.Text("group.suspended")
		}
		values = append(values, widget.KV{Label: label("arrears"), Value: owes, Role: theme.Danger})
	}
	if g.Type == core.Serverless && g.Billing == core.PayAsYouGo && g.Status == core.Running {
		values = append(values, widget.KV{Label: label("used"), Value: env.Ago(g.UsedAt) + " · " + env.With("group.freezes", message.Args{"Days": env.Groups.Terms().FreezeDays})})
	}
	if g.ReleaseAt != nil {
		values = append(values, widget.KV{Label: label("release"), Value: env.Day(*g.ReleaseAt), Role: theme.Danger})
	}
	values = append(values, widget.KV{}, widget.KV{Label: label("workspaces"), Value: bound})
	if networks := s.networks(); len(networks) > 0 {
		values = append(values, widget.KV{Label: label("networks"), Value: strings.Join(networks, "\n")})
	}
	return append(values, widget.KV{},
		widget.KV{Label: label("created"), Value: env.Day(g.CreatedAt) + " · " + g.CreatedBy, Role: theme.Muted},
		widget.KV{Label: label("version"), Value: strconv.FormatInt(g.Version, 10), Role: theme.Muted})
}

// networks are the bindings with their routes, a line each.
func (s *Details) networks() []string {
	var lines []string
	for _, n := range s.Thing.group.Networks {
		line := strconv.FormatInt(n.ID, 10) + "  " + s.env.Text("group.area."+string(n.Area)) + "  " + n.VPC + " / " + n.VSwitch
		if n.CIDR != "" {
			line += " · " + n.CIDR
		}
		if n.Status != core.NetworkRunning {
			line += " · " + s.env.Text("group.network."+string(n.Status))
		}
		lines = append(lines, line)
		for _, r := range n.Routes {
			lines = append(lines, "   "+s.env.Theme.Glyphs.Arrow+" "+r.CIDR)
		}
	}
	return lines
}

// size says what there is of the group; of an older type what its size can do at once.
func (s *Details) size() string {
	if old, ok := s.env.Groups.Terms().Legacy[s.Thing.group.Type]; ok {
		return s.Thing.group.Spec + " · " + s.env.With("group.legacy."+old.Unit, message.Args{"N": old.Specs[s.Thing.group.Spec]})
	}
	if s.Thing.group.Billing == core.PayAsYouGo {
		return s.env.With("group.size.ceiling", message.Args{"N": s.Thing.group.Size})
	}
	return s.env.With("group.size.paid", message.Args{"N": s.Thing.group.Size, "Memory": 4 * s.Thing.group.Size})
}

var _ screen.Screen = (*Details)(nil)
