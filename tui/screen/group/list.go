// Package group is the screens of resource groups: the list of a region, and the details of one.
package group

import (
	"context"
	"strconv"
	"strings"
	"time"

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

// row is a group with what of it is in use.
type row struct {
	core.Group
	used core.Half
}

// List is the resource groups of a region.
type List struct {
	*screen.List[row]
	acts
	region string
}

// NewList makes the screen.
func NewList(env *screen.Env, at route.Route) *List {
	s := &List{region: at.Region, acts: acts{env: env}}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[row]{
		Name: "groups-" + at.Region,
		Columns: []widget.Column{
			{ID: "name", Title: title("name"), Min: 16, Ideal: 24, Flex: 2},
			{ID: "status", Title: title("status"), Min: 12, Ideal: 14},
			{ID: "billing", Title: title("billing"), Min: 13, Ideal: 13, Priority: 4},
			{ID: "size", Title: title("size_cu"), Min: 9, Ideal: 9, Align: paint.Right, Priority: 1, NoMatch: true},
			{ID: "used", Title: title("used_cu"), Min: 7, Ideal: 7, Align: paint.Right, Priority: 1, NoMatch: true},
			{ID: "expires", Title: title("expires"), Min: 15, Ideal: 19, Priority: 2, NoMatch: true},
			{ID: "workspaces", Title: title("workspaces"), Min: 12, Ideal: 24, Flex: 1, Priority: 3},
			{ID: "type", Title: title("type"), Min: 12, Ideal: 20, Priority: 6},
			{ID: "vpc", Title: title("vpc"), Min: 12, Ideal: 16, Priority: 6},
			{ID: "created", Title: title("created"), Min: 10, Ideal: 10, Priority: 7, NoMatch: true},
		},
		Sortable: []string{"name", "status", "billing", "size", "expires", "created"},
		Hidden:   []string{"type", "vpc"},
		Fields:   []string{"name", "status", "billing", "type", "workspace"},
		Cells:    s.fill,
		ID:       func(r row) int64 { return int64(r.ID) },
		Label:    func(r row) string { return r.Name },
		Load:     screen.Short(func(ctx context.Context) ([]row, error) { return rows(ctx, env, at.Region) }, func(r row, name string) string { return field(r.Group, name) }),
		Empty: func() widget.Empty {
			empty := widget.Empty{Title: env.Text("groups.empty"), Purpose: env.Text("groups.empty.purpose")}
			if env.May(action.GroupCreate).OK {
				empty.Keys = []widget.FooterKey{{Key: "a", Title: env.Text("action.group.create.short")}}
			}
			return empty
		},
		Record: func(r row) any { return r.Group },
	}, at.Query)
	return s
}

// rows are the groups of a region.
func rows(ctx context.Context, env *screen.Env, region string) ([]row, error) {
	groups, err := env.Groups.List(ctx, region)
	if err != nil {
		return nil, err
	}
	used, err := env.Groups.Used(ctx, region)
	if err != nil {
		return nil, err
	}
	list := make([]row, len(groups))
	for i, g := range groups {
		list[i] = row{g, used[g.ID]}
	}
	return list, nil
}

func (s *List) fill(env *screen.Env, r row, cells []widget.Cell) {
	g := r.Group
	cells[0] = widget.Cell{Text: g.Name}
	cells[1] = statusCell(env, g.Status)
	cells[2] = widget.Cell{Text: env.Text("billing." + string(g.Billing)), Role: theme.Muted}
	if g.Type == core.Serverless {
		cells[3], cells[4] = widget.Cell{Text: widget.Grouped(g.Size)}, widget.Cell{Text: halves(r.used), Role: theme.Muted}
		if near := core.Half(2*g.Size) * 9 / 10; r.used >= near && g.Size > 0 {
			cells[4].Role = theme.Warning
		}
	} else { // the older types are not counted in CU, and what they use is not known here
		cells[3], cells[4] = widget.Cell{Text: g.Spec, Role: theme.Muted}, widget.Cell{}
	}
	cells[5] = ending(env, g)
	cells[6] = widget.Cell{Text: strings.Join(g.Names(), ", "), Role: theme.Muted}
	cells[7] = widget.Cell{Text: env.Text("group.type." + string(g.Type)), Role: theme.Muted}
	cells[8] = widget.Cell{Text: g.VPC, Role: theme.Muted}
	cells[9] = widget.Cell{Text: env.Day(g.CreatedAt), Role: theme.Muted}
}

func cu(env *screen.Env, n int) string { return env.With("group.cu", message.Args{"N": n}) }

func statusCell(env *screen.Env, s core.Status) widget.Cell {
	cell := widget.Cell{Text: env.Text("group.status." + string(s))}
	switch s {
	case core.Running:
		cell.Role = theme.Muted // what is as it should be stays quiet
	case core.Starting, core.Updating, core.Deleting:
		cell.Role = theme.Accent
	case core.Expired, core.Frozen, core.Deleted:
		cell.Role = theme.Warning
	case core.CreateFailed, core.UpdateFailed, core.DeleteFailed, core.TimedOut:
		cell.Role = theme.Danger
	}
	return cell
}

// soon is how near an end is warned of.
const soon = 14 * 24 * time.Hour

// ending says when a subscription ends, or an expired one is released, and warns when that is near.
func ending(env *screen.Env, g core.Group) widget.Cell {
	switch {
	case g.ReleaseAt != nil:
		return widget.Cell{Text: env.With("group.released_in", message.Args{"Count": days(env, *g.ReleaseAt)}), Role: theme.Danger}
	case g.ExpiresAt == nil:
		return widget.Cell{}
	}
	left := g.ExpiresAt.Sub(env.Now())
	cell := widget.Cell{Text: env.Day(*g.ExpiresAt), Role: theme.Muted}
	switch {
	case left > 0 && left < soon && !g.AutoRenew:
		cell = widget.Cell{Text: env.With("group.expires_in", message.Args{"Count": days(env, *g.ExpiresAt)}), Role: theme.Warning}
	case g.AutoRenew:
		cell.Text += " " + env.Theme.Glyphs.Arrow
	}
	return cell
}

// days are the days left until a time, one begun counting as one.
func days(env *screen.Env, t time.Time) int {
	return max(0, int((t.Sub(env.Now())+24*time.Hour-time.Second)/(24*time.Hour)))
}

func field(g core.Group, name string) string {
	switch name {
	case "name":
		return g.Name
	case "status":
		return string(g.Status)
	case "billing":
		return string(g.Billing)
	case "type":
		return string(g.Type)
	case "workspace":
		return strings.Join(g.Names(), " ")
	case "size":
		return strconv.Itoa(1_000_000 + g.Size) // sorted as text
	case "expires":
		if g.ExpiresAt == nil {
			return ""
		}
		return g.ExpiresAt.UTC().Format(time.RFC3339)
	case "created":
		return g.CreatedAt.UTC().Format(time.RFC3339)
	}
	return g.Name + " " + g.Remark + " " + string(g.Status) + " " + string(g.Billing) + " " + strings.Join(g.Names(), " ")
}

// Title implements screen.Screen.
func (s *List) Title() string { return s.env.Text("nav.groups") }

// Scopes implements screen.Screen.
func (s *List) Scopes() []action.Scope { return []action.Scope{action.ScopeGroups, action.ScopeLists} }

// Verdict implements screen.Screen.
func (s *List) Verdict(id action.ID) control.Verdict {
	if operationOf(id) != "" {
		r, ok := s.Selected()
		if !ok {
			return control.Impossible("list.no_row", nil)
		}
		return s.verdict(id, r.Group)
	}
	return s.List.Verdict(id)
}

// Act implements screen.Screen.
func (s *List) Act(id action.ID) []screen.Event {
	if id == action.GroupCreate {
		return s.create(s.region)
	}
	if r, ok := s.Selected(); ok {
		switch {
		case id == action.Open:
			return []screen.Event{screen.Open{Route: route.Route{Kind: route.Group, Region: r.Region, Item: r.Name}}}
		case operationOf(id) != "":
			return s.one(id, r.Group)
		}
	}
	events, _ := s.List.Act(id)
	return events
}

var _ screen.Screen = (*List)(nil)
