package member

import (
	"reeve/core/access"
	core "reeve/core/member"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// card shows one member over the list.
func (s *List) card(m core.Member) screen.Overlay {
	env := s.env
	return &screen.Pages{
		Title: m.Name, Note: env.Text("kind." + m.Kind), Width: 84,
		Lines: func(th *theme.Theme, w int) []string {
			active := env.Text("time.never")
			if m.Active != nil {
				active = env.Ago(*m.Active)
			}
			values := []widget.KV{
				{Label: env.Text("column.added"), Value: env.Day(m.AddedAt) + " · " + m.AddedBy},
				{Label: env.Text("column.active"), Value: active, Role: theme.Muted},
				{},
			}
			for i, r := range m.Roles {
				label := ""
				if i == 0 {
					label = env.Text("column.roles")
				}
				name := r.Name
				if r.Kind == access.Builtin {
					name = env.Text("role." + r.Code)
				}
				value := name + "  " + env.With("member.granted", message.Args{"By": r.By, "When": env.Day(r.At)})
				if r.Until != nil {
					value += "  " + env.With("why.until", message.Args{"When": env.Until(r.Until)})
				}
				values = append(values, widget.KV{Label: label, Value: value})
			}
			return append(widget.Details(th, values, w), paint.Empty(w), paint.NewLine(th, w).Gap(1).
				Text(theme.Key, "esc").Gap(1).Text(theme.KeyTitle, env.Text("action.console.back.short")).String())
		},
	}
}
