// Package workspace is the screens of workspaces: the list of a region, the bin, and the details of one.
package workspace

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/list"
	"reeve/core/message"
	core "reeve/core/workspace"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// List is the workspaces of a region that the viewer can see.
type List struct {
	*screen.List[core.Workspace]
	acts
	env    *screen.Env
	region string
}

// NewList makes the screen.
func NewList(env *screen.Env, at route.Route) *List {
	s := &List{env: env, region: at.Region, acts: acts{env: env}}
	s.List = screen.NewList(env, screen.Spec[core.Workspace]{
		Name:     "workspaces-" + at.Region,
		Columns:  columns(env),
		Sortable: []string{"name", "display_name", "mode", "template", "status", "admin", "resource_group", "owner", "created"},
		Hidden:   []string{"members", "tag"},
		Fields:   []string{"name", "display_name", "admin", "mode", "status", "template", "resource_group", "owner", "created", "tag"},
		Cells:    fill,
		ID:       func(w core.Workspace) int64 { return int64(w.ID) },
		Label:    func(w core.Workspace) string { return w.Name },
		Load: func(ctx context.Context, q list.Query) (list.Page[core.Workspace], error) {
			return env.Workspaces.List(ctx, at.Region, q)
		},
		Empty: func() widget.Empty {
			empty := widget.Empty{Title: env.Text("workspaces.empty"), Purpose: env.Text("workspaces.empty.purpose")}
			if env.May(action.WorkspaceCreate).OK {
				empty.Keys = []widget.FooterKey{{Key: "a", Title: env.Text("action.workspace.create.short")}}
			}
			return empty
		},
		Record: func(w core.Workspace) any { return w },
	}, at.Query)
	return s
}

func columns(env *screen.Env) []widget.Column {
	title := func(id string) string { return env.Text("column." + id) }
	return []widget.Column{
		{ID: "name", Title: title("name"), Min: 16, Ideal: 22, Flex: 2},
		{ID: "display_name", Title: title("display_name"), Min: 18, Ideal: 22, Flex: 3, Priority: 3},
		{ID: "template", Title: title("template"), Min: 12, Ideal: 13, Priority: 6},
		{ID: "mode", Title: title("mode"), Min: 8, Ideal: 9, Priority: 2},
		{ID: "status", Title: title("status"), Min: 10, Ideal: 10},
		{ID: "admin", Title: title("admins"), Min: 18, Ideal: 24, Flex: 2, Priority: 4},
		{ID: "resource_group", Title: title("aliyun_group"), Min: 17, Ideal: 18, Priority: 8},
		{ID: "owner", Title: title("owner"), Min: 8, Ideal: 10, Priority: 7},
		{ID: "members", Title: title("members"), Min: 8, Ideal: 8, Align: paint.Right, Priority: 5, NoMatch: true},
		{ID: "created", Title: title("created"), Min: 10, Ideal: 10, Priority: 5, NoMatch: true},
		{ID: "tag", Title: title("tags"), Min: 12, Ideal: 24, Priority: 9, NoMatch: true},
	}
}

func fill(env *screen.Env, w core.Workspace, cells []widget.Cell) {
	cells[0] = widget.Cell{Text: w.Name}
	cells[1] = widget.Cell{Text: w.DisplayName, Role: theme.Muted}
	cells[2] = widget.Cell{Text: env.Text("template." + string(w.Template)), Role: theme.Muted}
	cells[3] = widget.Cell{Text: env.Text("mode." + string(w.Mode)), Role: theme.Muted}
	cells[4] = statusCell(env, w.Status)
	cells[5] = widget.Cell{Text: strings.Join(w.Admins, ", "), Role: theme.Muted}
	cells[6] = widget.Cell{Text: w.AliyunGroup, Role: theme.Muted}
	cells[7] = widget.Cell{Text: w.Owner, Role: theme.Muted}
	cells[8] = widget.Cell{Text: strconv.Itoa(w.Members), Role: theme.Muted}
	cells[9] = widget.Cell{Text: env.Day(w.CreatedAt), Role: theme.Muted}
	cells[10] = widget.Cell{Text: tagged(w), Role: theme.Muted}
}

// tagged are the tags of a workspace in a line.
func tagged(w core.Workspace) string {
	words := make([]string, len(w.Tags))
	for i, t := range w.Tags {
		words[i] = t.String()
	}
	return strings.Join(words, ", ")
}

func statusCell(env *screen.Env, s core.Status) widget.Cell {
	cell := widget.Cell{Text: env.Text("status." + string(s))}
	switch s {
	case core.Normal:
		cell.Role = theme.Muted // what is as it should be stays quiet
	case core.InitFailed, core.UpdateFailed, core.DeleteFailed, core.Overdue:
		cell.Role = theme.Danger
	default:
		cell.Role = theme.Warning
	}
	return cell
}

// Title implements screen.Screen.
func (s *List) Title() string { return s.env.Text("nav.workspaces") }

// Scopes implements screen.Screen.
func (s *List) Scopes() []action.Scope {
	return []action.Scope{action.ScopeWorkspaces, action.ScopeLists}
}

// Verdict implements screen.Screen.
func (s *List) Verdict(id action.ID) control.Verdict {
	switch id {
	case action.WorkspaceShow, action.WorkspaceUpdate, action.WorkspaceDisable, action.WorkspaceEnable, action.WorkspaceDelete,
		action.WorkspaceUpgrade, action.WorkspaceGoTo, action.WorkspaceManage, action.WorkspaceEngine, action.WorkspaceSource:
		w, ok := s.Selected()
		if !ok {
			return control.Impossible("list.no_row", nil)
		}
		return s.verdict(id, w)
	}
	return s.List.Verdict(id)
}

// verdict on an act that is done to one workspace, beyond what the viewer's standing allows.
func (a acts) verdict(id action.ID, w core.Workspace) control.Verdict {
	switch id {
	case action.WorkspaceDisable:
		return refusal(w.Allows(core.EventDisable))
	case action.WorkspaceEnable:
		return refusal(w.Allows(core.EventEnable))
	case action.WorkspaceDelete:
		return refusal(w.Allows(core.EventDelete))
	case action.WorkspaceUpgrade:
		return refusal(w.Upgradable())
	case action.WorkspaceGoTo:
		return refusal(w.Allows(core.EventGoTo))
	case action.WorkspaceUpdate:
		if v := refusal(w.Allows(core.EventEdit)); !v.OK {
			return v
		}
		if a.env.Standing.Workspace == 0 && a.env.Standing.Power == access.PowerNone && !slices.Contains(w.Admins, a.env.Actor.Name) {
			v := control.Impossible("workspace.not_admin", message.Args{"Name": w.Name})
			v.Ask = w.Admins
			return v
		}
	}
	return control.Possible()
}

// Act implements screen.Screen.
func (s *List) Act(id action.ID) []screen.Event {
	if id == action.WorkspaceCreate {
		return s.create(s.region)
	}
	if id == action.WorkspaceBootstrap || id == action.BootstrapList {
		runs := route.Route{Kind: route.Bootstraps, Region: s.region}
		if id == action.WorkspaceBootstrap {
			runs.Begin = string(id)
		}
		return []screen.Event{screen.Open{Route: runs}}
	}
	if id == action.WorkspaceBin {
		return []screen.Event{screen.Open{Route: route.Route{Kind: route.Bin, Region: s.region}}}
	}
	if w, ok := s.Selected(); ok {
		switch id {
		case action.Open, action.WorkspaceShow:
			return []screen.Event{screen.Open{Route: route.Route{Kind: opens(id), Region: w.Region, Workspace: w.Name}}}
		}
		if slices.Contains(rowActs(), id) {
			return s.one(id, w)
		}
	}
	events, _ := s.List.Act(id)
	return events
}

// opens: enter goes to where the work is, the members; i to the details.
func opens(id action.ID) route.Kind {
	if id == action.Open {
		return route.Members
	}
	return route.Details
}

// Bin is the deleted workspaces of a region that can still be restored.
type Bin struct {
	*screen.List[core.Workspace]
	acts
	env *screen.Env
}

// NewBin makes the screen.
func NewBin(env *screen.Env, at route.Route) *Bin {
	s := &Bin{env: env, acts: acts{env: env}}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Workspace]{
		Name: "bin-" + at.Region,
		Columns: []widget.Column{
			{ID: "name", Title: title("name"), Min: 12, Ideal: 22, Flex: 2},
			{ID: "display_name", Title: title("display_name"), Min: 10, Ideal: 20, Flex: 3, Priority: 2},
			{ID: "deleted", Title: title("deleted"), Min: 10, Ideal: 20, NoMatch: true},
			{ID: "purge", Title: title("purge"), Min: 10, Ideal: 22, NoMatch: true},
		},
		Sortable: []string{"name", "deleted"},
		Cells: func(env *screen.Env, w core.Workspace, cells []widget.Cell) {
			cells[0] = widget.Cell{Text: w.Name}
			cells[1] = widget.Cell{Text: w.DisplayName, Role: theme.Muted}
			cells[2], cells[3] = widget.Cell{}, widget.Cell{}
			if w.DeletedAt != nil && w.PurgeAt != nil {
				cells[2] = widget.Cell{Text: env.Ago(*w.DeletedAt), Role: theme.Muted}
				days := int(w.PurgeAt.Sub(env.Now()).Hours()/24) + 1
				cells[3] = widget.Cell{Text: env.With("bin.days", message.Args{"Count": days}), Role: theme.Warning}
			}
		},
		ID:    func(w core.Workspace) int64 { return int64(w.ID) },
		Label: func(w core.Workspace) string { return w.Name },
		Load: func(ctx context.Context, q list.Query) (list.Page[core.Workspace], error) {
			return env.Workspaces.Bin(ctx, at.Region, q)
		},
		Empty: func() widget.Empty {
			return widget.Empty{Title: env.Text("bin.empty"), Purpose: env.With("bin.empty.purpose", message.Args{"Days": core.BinDays})}
		},
		Record: func(w core.Workspace) any { return w },
	}, at.Query)
	return s
}

// Title implements screen.Screen.
func (s *Bin) Title() string { return s.env.Text("bin.title") }

// Scopes implements screen.Screen.
func (s *Bin) Scopes() []action.Scope { return []action.Scope{action.ScopeBin, action.ScopeLists} }

// Verdict implements screen.Screen.
func (s *Bin) Verdict(id action.ID) control.Verdict {
	if id == action.WorkspaceRestore || id == action.Open {
		if _, ok := s.Selected(); !ok {
			return control.Impossible("list.no_row", nil)
		}
	}
	return s.List.Verdict(id)
}

// Act implements screen.Screen.
func (s *Bin) Act(id action.ID) []screen.Event {
	if w, ok := s.Selected(); ok && (id == action.WorkspaceRestore || id == action.Open) {
		if v := s.env.May(action.WorkspaceRestore); !v.OK {
			return []screen.Event{screen.Say{Level: widget.ToastWarning, Text: v.Reason}}
		}
		return s.restore(w)
	}
	events, _ := s.List.Act(id)
	return events
}

// ref names a workspace in its region.
func ref(w core.Workspace) control.Ref { return control.Ref{Region: w.Region, Workspace: w.Name} }

var (
	_ screen.Screen = (*List)(nil)
	_ screen.Screen = (*Bin)(nil)
)
