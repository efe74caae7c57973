package app

import (
	tea "charm.land/bubbletea/v2"

	"reeve/core/control"
)

// Changed is what a console is told when something changed.
func Changed(e control.Event) tea.Msg { return changed{e} }
