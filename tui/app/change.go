package app

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/tui/route"
)

// refreshEvery is how often what others change is loaded anew at most. Where two hundred consoles look at one database, each change
// of it has two hundred of them read; a change is to be seen within two seconds, of which another process takes up to one.
const refreshEvery = 800 * time.Millisecond

// living are the places that show what is in no audit: who uses what, which sessions are open, which work runs.
var living = []route.Kind{route.Overview, route.Figures, route.Groups, route.Group, route.Runs, route.Sessions}

// aside are acts about consoles alone, and telling those that show them: the others have nothing to load anew.
var aside = map[action.ID][]route.Kind{
	action.SessionBegin:    {route.Sessions, route.Audit, route.Overview},
	action.SessionEnd:      {route.Sessions, route.Audit, route.Overview},
	action.SessionNotify:   {route.Audit, route.Overview},
	action.SessionRecord:   {route.Audit, route.Overview},
	action.SessionRecorded: {route.Audit, route.Overview},
	action.PreferenceSet:   {route.Audit, route.Overview},
}

// changes loads what is shown anew when it may have changed: at once, or soon if it was a moment ago.
func (a *App) changes(e control.Event) tea.Cmd {
	at := a.at()
	if at == nil || e.Quiet && !slices.Contains(living, at.route.Kind) {
		return nil
	}
	if shown, known := aside[e.Action]; known && !slices.Contains(shown, at.route.Kind) {
		return nil
	}
	wait := refreshEvery - a.opts.Now().Sub(a.refreshed)
	if wait <= 0 || a.opts.After == nil {
		return a.refresh()
	}
	if a.calming {
		return nil
	}
	a.calming = true
	return a.opts.After(wait, calm{})
}
