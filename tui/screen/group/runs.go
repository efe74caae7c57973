package group

import (
	"context"
	"strconv"
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

// Runs is the runs of a resource group: those that wait, run, and ended lately.
type Runs struct {
	*screen.List[core.Run]
	env *screen.Env
	at  core.Ref
}

// NewRuns makes the screen.
func NewRuns(env *screen.Env, at route.Route) *Runs {
	s := &Runs{env: env, at: core.Ref{Region: at.Region, Name: at.Item}}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Run]{
		Name: "runs-" + at.Region + "-" + at.Item,
		Columns: []widget.Column{
			{ID: "id", Title: title("run"), Min: 5, Ideal: 7, Align: paint.Right},
			{ID: "name", Title: title("program"), Min: 12, Ideal: 16, Flex: 1},
			{ID: "state", Title: title("status"), Min: 22, Ideal: 40, Flex: 2},
			{ID: "workspace", Title: title("workspace"), Min: 12, Ideal: 16, Priority: 2},
			{ID: "module", Title: title("module"), Min: 20, Ideal: 20, Priority: 4},
			{ID: "cu", Title: title("cu"), Min: 5, Ideal: 5, Align: paint.Right, NoMatch: true},
			{ID: "came", Title: title("came"), Min: 10, Ideal: 12, Priority: 3, NoMatch: true},
			{ID: "by", Title: title("by"), Min: 10, Ideal: 14, Priority: 5},
			{ID: "held", Title: title("cu_seconds"), Min: 10, Ideal: 10, Align: paint.Right, Priority: 6, NoMatch: true},
			{ID: "cpu", Title: title("cpu_seconds"), Min: 9, Ideal: 9, Align: paint.Right, Priority: 7, NoMatch: true},
			{ID: "memory", Title: title("memory_mib"), Min: 9, Ideal: 9, Align: paint.Right, Priority: 7, NoMatch: true},
			{ID: "limits", Title: title("limits"), Min: 11, Ideal: 14, Priority: 8},
			{ID: "machine", Title: title("machine"), Min: 10, Ideal: 16, Priority: 8},
		},
		Hidden: []string{"cpu", "memory"},
		Fields: []string{"name", "state", "workspace", "module", "by", "machine"},
		Cells:  s.fill,
		ID:     func(r core.Run) int64 { return r.ID },
		Label:  func(r core.Run) string { return "#" + strconv.FormatInt(r.ID, 10) + " " + r.Name },
		Load: screen.Short(func(ctx context.Context) ([]core.Run, error) {
			live, err := env.Runs.List(ctx, s.at, core.RunQuery{States: []core.RunState{core.RunWaiting, core.RunRunning}})
			if err != nil {
				return nil, err
			}
			past, err := env.Runs.List(ctx, s.at, core.RunQuery{States: []core.RunState{core.RunEnded}, Most: 200})
			return append(live, past...), err
		}, s.field),
		Empty: func() widget.Empty {
			return widget.Empty{Title: env.Text("runs.empty"), Purpose: env.With("runs.empty.purpose", message.Args{"Name": at.Item})}
		},
		Record: func(r core.Run) any { return r },
	}, at.Query)
	return s
}

// state says in words how a run stands: why it waits, since when it runs, or how it ended.
func (s *Runs) state(r core.Run) widget.Cell { return s.says(r, "group.wait.") }

// says is the same with the words for why it waits that begin with an id.
func (s *Runs) says(r core.Run, why string) widget.Cell {
	env := s.env
	switch r.State {
	case core.RunWaiting:
		cell := widget.Cell{Text: env.Text("run.state.waiting"), Role: theme.Warning}
		if r.Reason != "" {
			cell.Text += ": " + env.Text(why+string(r.Reason))
		}
		if r.Reason == core.WaitNever {
			cell.Role = theme.Danger
		}
		return cell
	case core.RunRunning:
		if r.Machine == "" {
			return widget.Cell{Text: env.Text("run.state.held"), Role: theme.Text}
		}
		return widget.Cell{Text: env.With("run.state.running", message.Args{"Since": since(env.Now(), *r.Since)}), Role: theme.Good}
	case core.RunEnded:
	}
	cell := widget.Cell{Text: env.With("run.outcome."+string(r.Outcome), message.Args{"Code": r.Code}), Role: theme.Muted}
	switch r.Outcome {
	case core.RunFailed, core.RunKilled, core.RunMemory, core.RunLost:
		cell.Role = theme.Danger
	case core.RunDone, core.RunLeft, core.RunReleased, core.RunDropped:
	}
	return cell
}

func (s *Runs) fill(env *screen.Env, r core.Run, cells []widget.Cell) {
	muted := func(text string) widget.Cell { return widget.Cell{Text: text, Role: theme.Muted} }
	cells[0], cells[1], cells[2] = muted(strconv.FormatInt(r.ID, 10)), widget.Cell{Text: r.Name}, s.says(r, "group.wait.short.")
	cells[3], cells[4], cells[5] = muted(r.WorkspaceName), muted(env.Text("group.module."+string(r.Module))), widget.Cell{Text: halves(r.CU)}
	cells[6], cells[7] = muted(env.Ago(r.At)), muted(r.By)
	cells[8], cells[9] = muted(widget.Grouped(int(r.CUSeconds()))), muted(widget.Grouped(int(r.CPU.Seconds())))
	cells[10], cells[11], cells[12] = muted(widget.Grouped(r.Memory)), muted(""), muted(r.Machine)
	if r.Limits != "" {
		cells[11].Text = env.Text("run.limits." + string(r.Limits))
	}
}

func (s *Runs) field(r core.Run, name string) string {
	switch name {
	case "name":
		return r.Name
	case "state":
		return s.state(r).Text
	case "workspace":
		return r.WorkspaceName
	case "module":
		return s.env.Text("group.module."+string(r.Module)) + " " + string(r.Module)
	case "by":
		return r.By
	case "machine":
		return r.Machine
	}
	return r.Name + " " + s.state(r).Text + " " + r.WorkspaceName + " " + string(r.Module) + " " + r.By
}

// Title implements screen.Screen.
func (s *Runs) Title() string { return s.env.Text("nav.runs") }

// Scopes implements screen.Screen.
func (s *Runs) Scopes() []action.Scope { return []action.Scope{action.ScopeRuns, action.ScopeLists} }

// Verdict implements screen.Screen.
func (s *Runs) Verdict(id action.ID) control.Verdict {
	if id != action.GroupRelease {
		return s.List.Verdict(id)
	}
	chosen := s.Chosen()
	if len(chosen) == 0 {
		return control.Impossible("list.no_row", nil)
	}
	for _, r := range chosen {
		if r.State == core.RunEnded {
			return control.Impossible("fault.group.run.ended", message.Args{"ID": r.ID})
		}
	}
	return control.Possible()
}

// Act implements screen.Screen.
func (s *Runs) Act(id action.ID) []screen.Event {
	if id == action.Open {
		return s.open()
	}
	if id != action.GroupRelease {
		events, _ := s.List.Act(id)
		return events
	}
	env, chosen := s.env, s.Chosen()
	held, effect := core.Half(0), "runs.release.waiting"
	body := []widget.BodyLine{}
	for _, r := range chosen {
		if r.State == core.RunRunning {
			held, effect = held+r.CU, "runs.release.effect"
		}
		body = append(body, widget.BodyLine{Text: "#" + strconv.FormatInt(r.ID, 10) + " " + r.Name + " · " + r.WorkspaceName + " · " + s.state(r).Text, Role: theme.Text})
	}
	body = append(body, widget.BodyLine{Text: env.With(effect, message.Args{"CU": halves(held)}), Role: theme.Warning})
	d := widget.NewDialog(env.With("runs.release.title", message.Args{"Count": len(chosen)}), body,
		widget.Choice{ID: "no", Label: env.Text("dialog.cancel"), Key: "n"},
		widget.Choice{ID: "yes", Label: env.Text("action.group.release.short"), Key: "y", Danger: true})
	return []screen.Event{screen.Show{Overlay: screen.Ask(d, func(choice string) []screen.Event {
		if choice != "yes" {
			return nil
		}
		return []screen.Event{screen.Run("release", env.Text("job.saving"), func(ctx context.Context) (int, error) {
			for i, r := range chosen {
				if _, err := env.Runs.Release(ctx, s.at, r.ID); err != nil {
					return i, err
				}
			}
			return len(chosen), nil
		}, func(n int, err error) []screen.Event {
			s.Unmark()
			if err != nil {
				return append(env.Fail(err), s.Refresh()...)
			}
			return append([]screen.Event{screen.Did{Text: message.Text{ID: "runs.released", Args: message.Args{"Count": n}}}}, s.Refresh()...)
		})}
	})}}
}

// open shows all that is known of a run.
func (s *Runs) open() []screen.Event {
	env := s.env
	r, ok := s.Selected()
	if !ok {
		return nil
	}
	label := func(id string) string { return env.Text("column." + id) }
	values := []widget.KV{
		{Label: label("status"), Value: s.state(r).Text, Role: s.state(r).Role},
		{Label: label("workspace"), Value: r.WorkspaceName}, {Label: label("module"), Value: env.Text("group.module." + string(r.Module))},
		{Label: label("cu"), Value: halves(r.CU)}, {Label: label("by"), Value: r.By}, {},
		{Label: label("came"), Value: r.At.Local().Format(time.DateTime)},
	}
	for _, t := range []struct {
		id string
		at *time.Time
	}{{"started", r.Since}, {"lease", r.Lease}, {"ended", r.EndedAt}} {
		if t.at != nil {
			values = append(values, widget.KV{Label: label(t.id), Value: t.at.Local().Format(time.DateTime)})
		}
	}
	if r.Machine != "" {
		values = append(values, widget.KV{Label: label("machine"), Value: r.Machine})
	}
	if r.Limits != "" {
		values = append(values, widget.KV{Label: label("limits"), Value: env.Text("run.limits." + string(r.Limits))})
	}
	values = append(values, widget.KV{}, widget.KV{Label: label("cu_seconds"), Value: strconv.FormatFloat(r.CUSeconds(), 'f', 1, 64)},
		widget.KV{Label: label("cpu_seconds"), Value: strconv.FormatFloat(r.CPU.Seconds(), 'f', 1, 64)}, widget.KV{Label: label("memory_mib"), Value: widget.Grouped(r.Memory)})
	return []screen.Event{screen.Show{Overlay: &screen.Pages{Title: "#" + strconv.FormatInt(r.ID, 10) + " " + r.Name, Width: 64, Lines: func(th *theme.Theme, w int) []string {
		return widget.Details(th, values, w)
	}}}}
}

var _ screen.Screen = (*Runs)(nil)
