package member

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"reeve/core/access"
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

// Review is one review of access that was not used. What is decided about its rows is drafted here, and carried out all at once
// after its effect was shown.
type Review struct {
	*screen.List[core.ReviewItem]
	env    *screen.Env
	ref    control.Ref
	id     int64
	review core.Review // without its items
	loaded bool
	// drafts are decisions that are not carried out, by number of the item.
	drafts map[int]core.Verdict
}

// NewReview makes the screen.
func NewReview(env *screen.Env, at route.Route) *Review {
	s := &Review{env: env, ref: control.Ref{Region: at.Region, Workspace: at.Workspace}, drafts: map[int]core.Verdict{}}
	s.id, _ = strconv.ParseInt(at.Item, 10, 64) // what is no number is no review: 0 is none
	title := func(id string) string { return env.Text("column." + id) }
	s.List = screen.NewList(env, screen.Spec[core.ReviewItem]{
		Name: "review-" + at.Workspace + "-" + at.Item,
		Columns: []widget.Column{
			{ID: "number", Title: title("number"), Min: 3, Ideal: 4, Align: paint.Right, Priority: 6, NoMatch: true},
			{ID: "name", Title: title("account"), Min: 11, Ideal: 14, Flex: 2},
			{ID: "role", Title: title("role"), Min: 23, Ideal: 25, Flex: 2},
			{ID: "granted", Title: title("granted"), Min: 10, Ideal: 10, Priority: 5, NoMatch: true},
			{ID: "used", Title: title("last_used"), Min: 10, Ideal: 11, Priority: 2, NoMatch: true},
			{ID: "decision", Title: title("decision"), Min: 18, Ideal: 18},
			{ID: "by", Title: title("decided_by"), Min: 16, Ideal: 20, Priority: 3, NoMatch: true},
		},
		Sortable: []string{"name", "role", "decision"},
		Fields:   []string{"decision", "role", "name"},
		Cells:    s.fill,
		Exported: s.written,
		ID:       func(it core.ReviewItem) int64 { return int64(it.Number) },
		Label:    func(it core.ReviewItem) string { return it.User },
		Load: screen.Short(func(ctx context.Context) ([]core.ReviewItem, error) {
			r, err := env.Members.Review(ctx, s.ref, s.id)
			return r.Found, err
		}, s.field),
		Record: func(it core.ReviewItem) any { return it },
	}, at.Query)
	return s
}

// Start implements screen.Screen.
func (s *Review) Start() []screen.Event { return s.Refresh() }

// Refresh implements screen.Screen. A draft about what somebody else has decided meanwhile, or what is no longer held, is forgotten.
func (s *Review) Refresh() []screen.Event {
	return append(s.List.Refresh(), screen.Run("review", "", func(ctx context.Context) (core.Review, error) {
		return s.env.Members.Review(ctx, s.ref, s.id)
	}, func(r core.Review, err error) []screen.Event {
		if err != nil {
			return nil // the rows say so
		}
		for _, it := range r.Found {
			if it.Decision != "" || !it.Held {
				delete(s.drafts, it.Number)
			}
		}
		r.Found = nil
		s.review, s.loaded = r, true
		return []screen.Event{screen.Changed{}}
	}))
}

// role names the role of an item; a membership without one is an item too.
func (s *Review) role(it core.ReviewItem) string {
	switch {
	case it.Role == 0:
		return s.env.Text("review.whole")
	case s.env.Say.Has("role." + it.Code):
		return s.env.Text("role." + it.Code)
	}
	return it.Name + "*"
}

// decision is a decision in words, empty where there is none yet.
func decision(env *screen.Env, it core.ReviewItem, d core.Decision, until *time.Time) string {
	switch {
	case d == "" && !it.Held:
		return env.Text("review.not_held")
	case d == "":
		return ""
	}
	return env.With("review.decision."+string(d), message.Args{"When": env.Until(until)})
}

// fill shows the drafts too.
func (s *Review) fill(env *screen.Env, it core.ReviewItem, cells []widget.Cell) {
	s.written(env, it, cells)
	if v, drafted := s.drafts[it.Number]; drafted {
		cells[5].Text = env.Theme.Glyphs.Dot + " " + decision(env, it, v.Decision, &v.Until)
		cells[5].Role = map[core.Decision]theme.Role{core.Keep: theme.GoodStrong, core.RemoveIt: theme.DangerStrong, core.KeepsUntil: theme.WarningStrong}[v.Decision]
	}
}

// written is what has been decided and saved.
func (s *Review) written(env *screen.Env, it core.ReviewItem, cells []widget.Cell) {
	used := widget.Cell{Text: env.Text("time.never"), Role: theme.Faint}
	if it.LastUsed != nil {
		used = widget.Cell{Text: env.Ago(*it.LastUsed), Role: theme.Muted}
	}
	if it.UsedSince != nil { // the review is about what was unused when it was started
		used = widget.Cell{Text: env.Ago(*it.UsedSince), Role: theme.Warning}
	}
	by := widget.Cell{Role: theme.Faint}
	if it.DecidedAt != nil {
		by.Text = it.DecidedBy + " · " + env.Ago(*it.DecidedAt)
	}
	cells[0] = widget.Cell{Text: strconv.Itoa(it.Number), Role: theme.Faint}
	cells[1], cells[2] = widget.Cell{Text: it.User}, widget.Cell{Text: s.role(it)}
	cells[3], cells[4] = widget.Cell{Text: env.Day(it.GrantedAt), Role: theme.Muted}, used
	cells[5], cells[6] = widget.Cell{Text: decision(env, it, it.Decision, it.Until), Role: theme.Muted}, by
}

// field is what the filter and the sort see. It is asked beside the loop, so it speaks only of what is stored.
func (s *Review) field(it core.ReviewItem, name string) string {
	decision := string(it.Decision)
	switch {
	case decision == "" && !it.Held:
		decision = s.env.Text("review.not_held")
	case decision == "":
		decision = s.env.Text("reviews.open")
	}
	switch name {
	case "name":
		return it.User
	case "role":
		return s.role(it)
	case "decision":
		return decision
	}
	return it.User + " " + s.role(it) + " " + decision
}

// Title implements screen.Screen.
func (s *Review) Title() string { return s.env.With("review.title", message.Args{"ID": s.id}) }

// Scopes implements screen.Screen.
func (s *Review) Scopes() []action.Scope {
	return []action.Scope{action.ScopeReview, action.ScopeLists}
}

// Unsaved implements screen.Unsaved.
func (s *Review) Unsaved() bool { return len(s.drafts) > 0 }

// Verdict implements screen.Screen.
func (s *Review) Verdict(id action.ID) control.Verdict {
	switch id {
	case action.ReviewKeep, action.ReviewRemove, action.ReviewUntil:
		if v := s.env.May(action.ReviewDecide); !v.OK {
			return v
		}
		return s.decidable(id)
	case action.ReviewForget:
		if !slices.ContainsFunc(s.Chosen(), func(it core.ReviewItem) bool { _, drafted := s.drafts[it.Number]; return drafted }) {
			return control.Impossible("review.nothing_here", nil)
		}
		return control.Possible()
	case action.ReviewDecide:
		switch {
		case s.loaded && s.review.Open == 0:
			return control.Impossible("review.finished", nil)
		case len(s.drafts) == 0:
			return control.Impossible("review.nothing", nil)
		}
		return control.Possible()
	}
	return s.List.Verdict(id)
}

// decidable says whether the chosen rows can be decided about.
func (s *Review) decidable(id action.ID) control.Verdict {
	chosen := s.Chosen()
	switch {
	case s.loaded && s.review.Open == 0:
		return control.Impossible("review.finished", nil)
	case len(chosen) == 0:
		return control.Impossible("list.no_row", nil)
	}
	for _, it := range chosen {
		switch {
		case it.Decision != "":
			return control.Impossible("review.decided", message.Args{"By": it.DecidedBy, "Name": it.User})
		case !it.Held:
			return control.Impossible("review.gone", message.Args{"Name": it.User})
		case it.Role == 0 && id == action.ReviewUntil:
			return control.Impossible("review.no_role", message.Args{"Name": it.User})
		}
	}
	return control.Possible()
}

// Act implements screen.Screen.
func (s *Review) Act(id action.ID) []screen.Event {
	switch id {
	case action.Open:
		if it, ok := s.Selected(); ok {
			return []screen.Event{screen.Open{Route: route.Route{Kind: route.Member, Region: s.ref.Region, Workspace: s.ref.Workspace, Item: it.User}}}
		}
		return nil
	case action.ReviewKeep:
		return s.draft(core.Verdict{Decision: core.Keep})
	case action.ReviewRemove:
		return s.draft(core.Verdict{Decision: core.RemoveIt})
	case action.ReviewUntil:
		return s.until()
	case action.ReviewForget:
		for _, it := range s.Chosen() {
			delete(s.drafts, it.Number)
		}
		return s.drafted()
	case action.ReviewDecide:
		return s.carryOut()
	}
	events, _ := s.List.Act(id)
	return events
}

// draft decides about the chosen rows; nothing is carried out.
func (s *Review) draft(v core.Verdict) []screen.Event {
	for _, it := range s.Chosen() {
		v.Number = it.Number
		s.drafts[it.Number] = v
	}
	return s.drafted()
}

// drafted shows what is drafted now.
func (s *Review) drafted() []screen.Event {
	s.Unmark()
	s.Redraw()
	return []screen.Event{screen.Changed{}}
}

// until asks until when the chosen roles are kept.
func (s *Review) until() []screen.Event {
	env, chosen := s.env, s.Chosen()
	field := env.UntilField()
	whenever := field.Validate
	field.Validate = func(v string) string {
		if until, ok := env.ParseUntil(v); ok && until.IsZero() {
			return env.Text("review.until.needed")
		}
		return whenever(v)
	}
	var box *screen.FormBox
	box = screen.NewQuestionBox(env, env.With("review.until.title", message.Args{"Count": len(chosen), "Name": chosen[0].User}), widget.NewForm(field),
		func(f *widget.Form) []screen.Event {
			until, _ := env.ParseUntil(f.Value("until"))
			if !until.After(env.Now()) {
				f.SetErrors(map[string]string{"until": env.Text("fault.until.past")})
				return nil
			}
			return append(s.draft(core.Verdict{Decision: core.KeepsUntil, Until: until}), screen.Hide{Overlay: box})
		})
	return []screen.Event{screen.Show{Overlay: box}}
}

// carryOut shows what the drafts do, and does it on a yes.
func (s *Review) carryOut() []screen.Event {
	env := s.env
	var in []core.Verdict
	counts := map[core.Decision]int{}
	for _, n := range slices.Sorted(maps.Keys(s.drafts)) {
		in = append(in, s.drafts[n])
		counts[s.drafts[n].Decision]++
	}
	title := env.With("review.effect", message.Args{"Keep": counts[core.Keep], "Remove": counts[core.RemoveIt], "Until": counts[core.KeepsUntil]})
	failed := func(err error) []screen.Event { return append(env.Fail(err), s.Refresh()...) }
	var used []core.ReviewItem
	return []screen.Event{screen.Run("preview", "", func(ctx context.Context) (control.Outcome, error) {
		now, err := env.Members.Review(ctx, s.ref, s.id)
		if err != nil {
			return control.Outcome{}, err
		}
		used = takenThoughUsed(now.Found, in)
		return env.Members.PreviewDecideReview(ctx, s.ref, s.id, in)
	}, func(o control.Outcome, err error) []screen.Event {
		if err != nil {
			return failed(err)
		}
		return []screen.Event{screen.Show{Overlay: env.PreviewWith(s.warnings(used), o, title, env.Text("action.review.decide.short"), func() []screen.Event {
			return []screen.Event{screen.Run("decide", env.Text("job.saving"), func(ctx context.Context) (core.Review, error) {
				return env.Members.DecideReview(ctx, s.ref, s.id, in, true) // the preview has said so
			}, func(_ core.Review, err error) []screen.Event {
				if err != nil {
					return failed(err)
				}
				clear(s.drafts)
				return append([]screen.Event{screen.Did{Text: message.Text{ID: "review.done", Args: message.Args{"Count": len(in)}}}}, s.Refresh()...)
			})}
		})}}
	})}
}

// takenThoughUsed is what was used since the review was started and is to be taken away, and notes in the decisions that this is
// said: what is used after that is still refused.
func takenThoughUsed(found []core.ReviewItem, in []core.Verdict) (used []core.ReviewItem) {
	for _, it := range found {
		at := slices.IndexFunc(in, func(v core.Verdict) bool { return v.Number == it.Number && v.Decision == core.RemoveIt })
		if at < 0 || it.UsedSince == nil {
			continue
		}
		in[at].Used = true
		used = append(used, it)
	}
	return used
}

// warnings are the lines of a preview for what is taken away though it was used.
func (s *Review) warnings(used []core.ReviewItem) (lines []widget.Effect) {
	for _, it := range used {
		lines = append(lines, widget.Effect{Kind: widget.EffectLoses, Word: s.env.Text("effect.loses"), Count: it.User,
			What: s.env.With("review.used", message.Args{"When": s.env.Ago(*it.UsedSince)}), Names: s.role(it)})
	}
	return lines
}

// headLines are the lines above the rows.
const headLines = 2

// View implements screen.Screen.
func (s *Review) View(w, h int) string {
	env := s.env
	head, about := env.Heading(s.Title(), "", "", theme.Muted, w), ""
	if s.loaded {
		about = env.With("review.about", message.Args{"Days": s.review.Days, "When": env.Ago(s.review.StartedAt), "By": s.review.StartedBy})
		note, role := env.With("review.count", message.Args{"Open": s.review.Open, "Items": s.review.Items}), theme.Warning
		if s.review.Open == 0 {
			note, role = env.With("review.count.done", message.Args{"Items": s.review.Items}), theme.Good
		}
		if n := len(s.drafts); n > 0 {
			note, role = env.With("review.drafted", message.Args{"Count": n})+" "+env.Theme.Glyphs.Dot, theme.Warning
		}
		head = env.Heading(s.Title(), "", note, role, w)
	}
	return paint.Join(head, paint.NewLine(env.Theme, w).Gap(1).Text(theme.Muted, about).String(), s.List.View(w, h-headLines))
}

// Cursor is where the filter's cursor stands.
func (s *Review) Cursor() (x, y int, ok bool) {
	x, y, ok = s.List.Cursor()
	return x, y + headLines, ok
}

// Click puts the cursor on a row.
func (s *Review) Click(x, y int) []screen.Event { return s.List.Click(x, y-headLines) }

// Question implements screen.Asked.
func (s *Review) Question() (screen.Question, bool) {
	it, ok := s.Selected()
	q := screen.Question{User: it.User}
	if it.Role != 0 {
		q.Level = access.Read.String()
	}
	return q, ok
}

var (
	_ screen.Screen  = (*Review)(nil)
	_ screen.Unsaved = (*Review)(nil)
	_ screen.Asked   = (*Review)(nil)
	_ screen.Typing  = (*Review)(nil)
	_ screen.Pointed = (*Review)(nil)
)
