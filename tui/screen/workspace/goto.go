package workspace

import (
	"context"

	"reeve/core/message"
	core "reeve/core/workspace"
	"reeve/tui/screen"
	"reeve/tui/widget"
)

// goTo offers the modules of a workspace that have an address, to open or to copy.
func (a acts) goTo(w core.Workspace) []screen.Event {
	env := a.env
	return []screen.Event{screen.Run("links", "", func(ctx context.Context) ([]core.Link, error) { return env.Workspaces.GoTo(ctx, ref(w), "") },
		func(links []core.Link, err error) []screen.Event {
			switch {
			case err != nil:
				return env.Fail(err)
			case len(links) == 0:
				return []screen.Event{screen.Say{Level: widget.ToastWarning, Text: message.Text{ID: "goto.none"}}}
			}
			items := make([]widget.Item, len(links))
			for i, l := range links {
				items[i] = widget.Item{ID: l.URL, Cells: []string{env.Text("module." + l.Module), l.URL}}
			}
			p := widget.NewPicker(env.With("goto.title", message.Args{"Name": w.Name}), items, "")
			p.NoMatch = env.Text("list.no_match")
			return []screen.Event{screen.Show{Overlay: screen.Pick(p, func(p *widget.Picker) []screen.Event {
				if p.Chosen() == "" {
					return nil
				}
				return env.Follow(p.Chosen())
			})}}
		})}
}
