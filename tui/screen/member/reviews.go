package member

import (
	"context"
	"strconv"
	"strings"

	"reeve/core/action"
	"reeve/core/control"
	core "reeve/core/member"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// Reviews is the reviews of access that was not used in a workspace, the newest first.
type Reviews struct {
	*screen.List[core.Review]
	env *screen.Env
	ref control.Ref
}

// NewReviews makes the screen.
func NewReviews(env *screen.Env, at route.Route) *Reviews {
	s := &Reviews{env: env, ref: control.Ref{Region: at.Region, Workspace: at.Workspace}}
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.Review]{
		Name: "reviews-" + at.Workspace,
		Columns: []widget.Column{
			{ID: "id", Title: title("review"), Min: 6, Ideal: 7, Align: paint.Right},
			{ID: "days", Title: title("unused_days"), Min: 10, Ideal: 12, Align: paint.Right, NoMatch: true},
			{ID: "started", Title: title("started"), Min: 10, Ideal: 16, NoMatch: true},
			{ID: "by", Title: title("by"), Min: 8, Ideal: 20, Flex: 1},
			{ID: "items", Title: title("items"), Min: 5, Ideal: 6, Align: paint.Right, NoMatch: true},
			{ID: "open", Title: title("open"), Min: 5, Ideal: 6, Align: paint.Right, NoMatch: true},
			{ID: "state", Title: title("status"), Min: 8, Ideal: 10},
		},
		Sortable: []string{"by", "state"},
		Fields:   []string{"state", "by"},
		Cells:    s.fill,
		ID:       func(r core.Review) int64 { return r.ID },
		Label:    func(r core.Review) string { return strconv.FormatInt(r.ID, 10) },
		Load:     screen.Short(func(ctx context.Context) ([]core.Review, error) { return env.Members.Reviews(ctx, s.ref) }, s.field),
		Empty: func() widget.Empty {
			return widget.Empty{Title: env.Text("reviews.empty"), Purpose: env.Text("reviews.empty.purpose"),
				Keys: []widget.FooterKey{{Key: "a", Title: env.Text("action.review.start.short")}}}
		},
		Record: func(r core.Review) any { return r },
	}, at.Query)
	return s
}

func (s *Reviews) state(r core.Review) string {
	if r.Open > 0 {
		return s.env.Text("reviews.open")
	}
	return s.env.Text("reviews.finished")
}

func (s *Reviews) fill(env *screen.Env, r core.Review, cells []widget.Cell) {
	state := theme.Faint
	if r.Open > 0 {
		state = theme.Warning
	}
	cells[0] = widget.Cell{Text: strconv.FormatInt(r.ID, 10)}
	cells[1] = widget.Cell{Text: strconv.Itoa(r.Days), Role: theme.Muted}
	cells[2] = widget.Cell{Text: env.Ago(r.StartedAt), Role: theme.Muted}
	cells[3] = widget.Cell{Text: r.StartedBy, Role: theme.Muted}
	cells[4] = widget.Cell{Text: strconv.Itoa(r.Items)}
	cells[5] = widget.Cell{Text: strconv.Itoa(r.Open), Role: state}
	cells[6] = widget.Cell{Text: s.state(r), Role: state}
}

func (s *Reviews) field(r core.Review, name string) string {
	switch name {
	case "state":
		return s.state(r)
	case "by":
		return r.StartedBy
	}
	return strconv.FormatInt(r.ID, 10) + " " + r.StartedBy + " " + s.state(r)
}

// Title implements screen.Screen.
func (s *Reviews) Title() string { return s.env.Text("reviews.title") }

// Scopes implements screen.Screen.
func (s *Reviews) Scopes() []action.Scope {
	return []action.Scope{action.ScopeReviews, action.ScopeLists}
}

// Act implements screen.Screen.
func (s *Reviews) Act(id action.ID) []screen.Event {
	switch id {
	case action.ReviewStart:
		return s.start()
	case action.Open:
		if r, ok := s.Selected(); ok {
			return []screen.Event{s.open(r.ID)}
		}
		return nil
	}
	events, _ := s.List.Act(id)
	return events
}

func (s *Reviews) open(id int64) screen.Event {
	return screen.Open{Route: route.Route{Kind: route.Review, Region: s.ref.Region, Workspace: s.ref.Workspace, Item: strconv.FormatInt(id, 10)}}
}

// start asks for how many days access was not used that the review is to be about, and opens the review.
func (s *Reviews) start() []screen.Event {
	env := s.env
	days := func(v string) (int, bool) {
		n, err := strconv.Atoi(strings.TrimSpace(v))
		return n, err == nil && n >= 1 && n <= core.MaxDays
	}
	form := widget.NewForm(widget.TextField("days", env.Text("reviews.start.days"), dormantDays).WithHelp(env.Text("reviews.start.help")).WithLimit(4).
		WithValidate(func(v string) string {
			if _, ok := days(v); !ok {
				return env.With("reviews.start.form", message.Args{"Most": core.MaxDays})
			}
			return ""
		}))
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.With("reviews.start.title", message.Args{"Workspace": s.ref.Workspace}), form, func(f *widget.Form) []screen.Event {
		n, _ := days(f.Value("days"))
		return []screen.Event{screen.Run("start", env.Text("job.saving"), func(ctx context.Context) (core.Review, error) {
			return env.Members.StartReview(ctx, s.ref, n)
		}, func(r core.Review, err error) []screen.Event {
			if err != nil {
				return box.Failed(err)
			}
			return []screen.Event{screen.Hide{Overlay: box},
				screen.Did{Text: message.Text{ID: "review.started", Args: message.Args{"Count": r.Items}}}, s.open(r.ID)}
		})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

var _ screen.Screen = (*Reviews)(nil)
