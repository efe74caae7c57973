// Package region is the screen of the regions and what the region switcher shows.
package region

import (
	"context"
	"hash/fnv"
	"strconv"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/edition"
	"reeve/core/message"
	core "reeve/core/region"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// List is all regions, activated ones first.
type List struct {
	*screen.List[core.Region]
	env *screen.Env
}

// NewList makes the screen.
func NewList(env *screen.Env, at route.Route) *List {
	s := &List{env: env}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Region]{
		Name: "regions",
		Columns: []widget.Column{
			{ID: "id", Title: title("region"), Min: 14, Ideal: 22},
			{ID: "name", Title: title("name"), Min: 16, Ideal: 34, Flex: 2},
			{ID: "name_zh", Title: title("name_zh"), Min: 12, Ideal: 22, Flex: 1, Priority: 3},
			{ID: "edition", Title: title("edition"), Min: 10, Ideal: 14},
			{ID: "ends", Title: title("ends"), Min: 10, Ideal: 16, Priority: 1, NoMatch: true},
			{ID: "workspaces", Title: title("workspaces"), Min: 10, Ideal: 11, Align: paint.Right, Priority: 2, NoMatch: true},
		},
		Sortable: []string{"id", "name", "edition"},
		Fields:   []string{"id", "name", "edition"},
		Cells:    fill,
		ID: func(r core.Region) int64 {
			h := fnv.New32a()
			_, _ = h.Write([]byte(r.ID))
			return int64(h.Sum32())
		},
		Label:  func(r core.Region) string { return r.ID },
		Load:   screen.Short(func(ctx context.Context) ([]core.Region, error) { return env.Regions.List(ctx) }, field),
		Record: func(r core.Region) any { return r },
	}, at.Query)
	return s
}

func fill(env *screen.Env, r core.Region, cells []widget.Cell) {
	cells[0] = widget.Cell{Text: r.ID}
	cells[1] = widget.Cell{Text: r.English, Role: theme.Muted}
	cells[2] = widget.Cell{Text: r.Chinese, Role: theme.Muted}
	cells[3] = widget.Cell{Text: env.Text("region.inactive"), Role: theme.Faint}
	cells[4], cells[5] = widget.Cell{}, widget.Cell{}
	if r.Active {
		cells[3] = widget.Cell{Text: env.Text("edition." + string(r.Edition)), Role: theme.Accent}
		cells[4] = ending(env, r)
		cells[5] = widget.Cell{Text: strconv.Itoa(r.Workspaces)}
	}
}

// ending is when the edition ends, louder the nearer it is.
func ending(env *screen.Env, r core.Region) widget.Cell {
	if r.EndsAt == nil {
		return widget.Cell{}
	}
	role := theme.Text
	switch left := r.EndsAt.Sub(env.Now()); {
	case left <= 0:
		role = theme.Danger
	case left < env.Regions.Remind():
		role = theme.Warning
	}
	return widget.Cell{Text: env.Until(r.EndsAt), Role: role}
}

func field(r core.Region, name string) string {
	switch name {
	case "id":
		return r.ID
	case "name":
		return r.English + " " + r.Chinese
	case "edition":
		return string(r.Edition)
	}
	return r.ID + " " + r.English + " " + r.Chinese + " " + string(r.Edition)
}

// Title implements screen.Screen.
func (s *List) Title() string { return s.env.Text("regions.title") }

// Scopes implements screen.Screen.
func (s *List) Scopes() []action.Scope {
	return []action.Scope{action.ScopeRegions, action.ScopeLists}
}

// Act implements screen.Screen.
func (s *List) Act(id action.ID) []screen.Event {
	r, ok := s.Selected()
	switch {
	case ok && id == action.Open && r.Active:
		return []screen.Event{screen.Open{Route: route.Route{Kind: route.Workspaces, Region: r.ID}}}
	case ok && (id == action.Open || id == action.RegionActivate):
		return Activate(s.env, r)
	case ok && id == action.RegionEnd:
		return setEnd(s.env, r)
	}
	events, _ := s.List.Act(id)
	return events
}

// Activate offers the editions for a region.
func Activate(env *screen.Env, r core.Region) []screen.Event {
	if v := env.May(action.RegionActivate); !v.OK {
		return []screen.Event{screen.Say{Level: widget.ToastWarning, Text: v.Reason}}
	}
	var items []widget.Item
	for _, e := range env.Gate.Editions().All() {
		items = append(items, widget.Item{ID: string(e.ID), Cells: []string{env.Text("edition." + string(e.ID))}})
	}
	p := widget.NewPicker(env.With("region.activate.title", message.Args{"Region": r.ID}), items, string(r.Edition))
	p.Hint = env.Text("region.activate.hint")
	return []screen.Event{screen.Show{Overlay: screen.Pick(p, func(p *widget.Picker) []screen.Event {
		chosen := edition.Edition(p.Chosen())
		return []screen.Event{screen.Run("activate", env.Text("job.saving"), func(ctx context.Context) (core.Region, error) {
			return env.Regions.Activate(ctx, core.Activation{ID: r.ID, Edition: chosen, Version: r.Version})
		}, func(after core.Region, err error) []screen.Event {
			if err != nil {
				return env.Fail(err)
			}
			return []screen.Event{
				screen.Did{Text: message.Text{ID: "region.activated", Args: message.Args{"Region": after.ID, "Edition": message.Text{ID: "edition." + string(after.Edition)}}}},
				screen.Open{Route: route.Route{Kind: route.Workspaces, Region: after.ID}},
			}
		})}
	})}}
}

// setEnd asks when the edition of a region ends; an empty answer is never.
func setEnd(env *screen.Env, r core.Region) []screen.Event {
	form := widget.NewForm(env.UntilField())
	if r.EndsAt != nil {
		form.SetValue("until", r.EndsAt.Local().Format("2006-01-02 15:04"))
	}
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.With("region.end.title", message.Args{"Region": r.ID}), form, func(f *widget.Form) []screen.Event {
		var end *time.Time
		if at, ok := env.ParseUntil(f.Value("until")); ok && !at.IsZero() {
			end = &at
		}
		return []screen.Event{screen.Run("end", env.Text("job.saving"), func(ctx context.Context) (core.Region, error) {
			return env.Regions.SetEnd(ctx, r.ID, end, r.Version)
		}, func(after core.Region, err error) []screen.Event {
			if err != nil {
				return box.Failed(err)
			}
			return []screen.Event{screen.Hide{Overlay: box}, screen.Did{Text: message.Text{ID: "region.end.set", Args: message.Args{"Region": after.ID}}}}
		})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

// Verdict implements screen.Screen.
func (s *List) Verdict(id action.ID) control.Verdict {
	if r, ok := s.Selected(); ok && id == action.RegionEnd && (!r.Active || r.Edition == edition.Basic) {
		return control.Impossible("region.end.none", nil)
	}
	return s.List.Verdict(id)
}

var _ screen.Screen = (*List)(nil)
