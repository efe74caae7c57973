package screen

import (
	"context"

	"reeve/core/control"
	"reeve/core/workspace"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// Follow asks whether to open or to copy an address. Where there is no browser beside the terminal, it is copied.
func (e *Env) Follow(url string) []Event {
	if !e.Browser {
		return []Event{Copy{Text: url}}
	}
	d := widget.NewDialog(e.Text("goto.follow"), []widget.BodyLine{{Text: url, Role: theme.Muted}},
		widget.Choice{ID: "open", Label: e.Text("goto.open"), Key: "o"}, widget.Choice{ID: "copy", Label: e.Text("goto.copy"), Key: "y"})
	return []Event{Show{Overlay: Ask(d, func(choice string) []Event {
		switch choice {
		case "open":
			return []Event{Browse{URL: url}}
		case "copy":
			return []Event{Copy{Text: url}}
		}
		return nil
	})}}
}

// GoTo follows the address of a module for a workspace.
func (e *Env) GoTo(region, name, module string) []Event {
	return []Event{Run("goto", "", func(ctx context.Context) ([]workspace.Link, error) {
		return e.Workspaces.GoTo(ctx, control.Ref{Region: region, Workspace: name}, module)
	}, func(links []workspace.Link, err error) []Event {
		if err != nil || len(links) == 0 {
			return e.Fail(err)
		}
		return e.Follow(links[0].URL)
	})}
}
