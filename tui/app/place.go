package app

import (
	"cmp"
	"context"

	tea "charm.land/bubbletea/v2"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/tui/route"
	"reeve/tui/screen"
)

// place is one entry of the history: a route with its screen, which keeps cursor, scroll and filter while one is elsewhere.
type place struct {
	route    route.Route
	screen   screen.Screen
	standing control.Standing
	awaited  int64 // the end of a grant that a timer runs for, in Unix seconds
	known    bool  // whether the standing has been answered
	noted    bool  // whether entering it has been noted as use of its workspace
	ctx      context.Context
	leave    context.CancelFunc
	work     map[string]*running // the newest work of each key
}

// running is work that was begun and is not finished.
type running struct {
	generation uint64
	stop       context.CancelFunc
}

// historyLimit bounds the places one can go back to.
const historyLimit = 40

// at is the place shown, nil before the first.
func (a *App) at() *place {
	if a.here >= len(a.history) {
		return nil
	}
	return a.history[a.here]
}

// open goes to a place; replace puts it where this one is in the history.
func (a *App) open(r route.Route, replace bool) tea.Cmd {
	r = a.complete(r)
	made := a.make(r)
	if made == nil {
		return a.carryOut(a.at(), a.env.Fail(errNoPlace(r)))
	}
	if a.unsaved(a.here + 1) { // what lies ahead is forgotten by going elsewhere
		return a.discard(func() tea.Cmd {
			a.history = a.history[:a.here+1]
			return a.open(r, replace)
		})
	}
	p := &place{route: r, screen: made}
	if at := a.at(); at != nil {
		at.quit()
		keep := a.here + 1
		if replace {
			keep--
		}
		a.history = a.history[:keep]
	}
	a.history = append(a.history, p)
	if over := len(a.history) - historyLimit; over > 0 {
		a.history = a.history[over:]
	}
	a.here = len(a.history) - 1
	if r.InWorkspace() {
		a.used[r.Region+"/"+r.Workspace]++
	}
	return a.enter(p)
}

// complete fills the region in that a link left out.
func (a *App) complete(r route.Route) route.Route {
	if needsRegion := r.Kind == route.Workspaces || r.Kind == route.Bin || r.Kind == route.TenantMembers || r.Kind == route.TenantRoles; r.Region == "" && needsRegion {
		r.Region = a.region()
	}
	return r
}

// region is the region one is in, or was in last.
func (a *App) region() string {
	for i := min(a.here, len(a.history)-1); i >= 0; i-- {
		if r := a.history[i].route.Region; r != "" {
			return r
		}
	}
	return a.opts.Start.Region
}

// enter begins a place's work.
func (a *App) enter(p *place) tea.Cmd {
	p.ctx, p.leave = context.WithCancel(a.ctx)
	p.work = map[string]*running{}
	a.env.Standing = p.standing
	return tea.Batch(a.looked(p), a.standing(p), a.carryOut(p, p.screen.Start()))
}

// quit ends a place's work.
func (p *place) quit() {
	if p.leave != nil {
		p.leave()
	}
	p.work = map[string]*running{}
}

// move walks the history.
func (a *App) move(by int) tea.Cmd {
	to := a.here + by
	if to < 0 || to >= len(a.history) {
		return nil
	}
	a.at().quit()
	a.here = to
	return a.enter(a.at())
}

// back leaves the place for good: forward does not return to it.
func (a *App) back() tea.Cmd {
	if a.here > 0 {
		cmd := a.move(-1)
		a.history = a.history[:a.here+1]
		return cmd
	}
	if up, ok := parent(a.at().route); ok {
		return a.open(up, true)
	}
	return nil
}

// parent is the place that a place is in.
func parent(r route.Route) (route.Route, bool) {
	switch r.Kind {
	case route.Role:
		return route.Route{Kind: route.Roles, Region: r.Region, Workspace: r.Workspace}, true
	case route.Review:
		return route.Route{Kind: route.Reviews, Region: r.Region, Workspace: r.Workspace}, true
	case route.Member, route.Joining, route.Reviews:
		return route.Route{Kind: route.Members, Region: r.Region, Workspace: r.Workspace}, true
	case route.Policy:
		return route.Route{Kind: route.Policies}, true
	case route.Request:
		return route.Route{Kind: route.Requests}, true
	case route.Members, route.Roles, route.Points, route.Engines, route.Sources, route.Settings, route.Figures, route.Details, route.Bin, route.Bootstraps:
		return route.Route{Kind: route.Workspaces, Region: r.Region}, true
	case route.Group:
		return route.Route{Kind: route.Groups, Region: r.Region}, true
	case route.Runs:
		return route.Route{Kind: route.Group, Region: r.Region, Item: r.Item}, true
	case route.Bootstrap:
		return route.Route{Kind: route.Workspaces, Region: r.Region}, true
	case route.Entry:
		return route.Route{Kind: route.Audit}, true
	default: // these stand at the top
	}
	return route.Route{}, false
}

// standingKey names the work of asking what the viewer may do.
const standingKey = "standing"

// note notes that somebody uses a workspace, once they have entered one of its places and may see it. That a place is asked anew
// because something changed is no use.
func (a *App) note(p *place) []screen.Event {
	if p.noted || a.opts.Used == nil || p.standing.Workspace == 0 || !p.standing.May(action.WorkspaceUse).OK {
		return nil
	}
	p.noted = true
	ref := control.Ref{Region: p.route.Region, Workspace: p.route.Workspace}
	return []screen.Event{screen.Run("note", "", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.opts.Used(context.WithoutCancel(ctx), ref)
	}, func(struct{}, error) []screen.Event { return nil })}
}

// standing asks what the viewer may do at a place.
func (a *App) standing(p *place) tea.Cmd {
	var entered bool
	r, target := p.route, control.Target{Region: cmp.Or(p.route.Region, a.region())} // work reads nothing that the loop changes
	work := screen.Run(standingKey, "", func(ctx context.Context) (control.Standing, error) {
		if r.InWorkspace() {
			ref := control.Ref{Region: r.Region, Workspace: r.Workspace}
			// Whoever comes into a default workspace for the first time is made a visitor; one that is closed says so itself.
			entered, _ = a.env.Workspaces.Enter(ctx, ref)
			t, err := a.opts.Places.Place(ctx, ref)
			if err != nil {
				return control.Standing{}, err
			}
			target = t
		}
		if r.Kind == route.Group || r.Kind == route.Runs { // a policy may be about this one alone
			target.Kind, target.Name = "group", r.Item
		}
		return a.env.Gate.Standing(ctx, target)
	}, func(st control.Standing, err error) []screen.Event {
		p.known = true
		if err != nil {
			return nil // the screen's own answer says what is wrong
		}
		p.standing = st
		if a.at() == p {
			a.env.Standing = st
		}
		events := append(a.note(p), screen.Changed{})
		if entered {
			events = append(events, p.screen.Refresh()...)
		}
		if begin := p.route.Begin; begin != "" {
			p.route.Begin = "" // once, and not again when one comes back
			events = append(events, screen.Begin{Action: action.ID(begin)})
		}
		return events
	})
	return a.begin(p, work)
}
