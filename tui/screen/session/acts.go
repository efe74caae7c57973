package session

import (
	"context"

	"reeve/core/message"
	core "reeve/core/session"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// end asks once more, and then for the end of the sessions. Each is an act of its own: the first that is refused stops the rest.
func (s *List) end(chosen []core.Session) []screen.Event {
	env := s.env
	body := make([]widget.BodyLine, 0, len(chosen)+2)
	for _, one := range chosen {
		line := widget.BodyLine{Text: env.With("session.end.one", message.Args{"User": one.User, "Place": one.Place, "Since": env.Ago(one.BegunAt)})}
		if one.ID == env.Actor.Session {
			line = widget.BodyLine{Text: env.Text("session.end.this"), Role: theme.Warning}
		}
		body = append(body, line)
	}
	body = append(body, widget.BodyLine{}, widget.BodyLine{Text: env.Text("session.end.effect"), Role: theme.Muted})
	d := widget.NewDialog(env.With("session.end.title", message.Args{"Count": len(chosen)}), body,
		widget.Choice{ID: "no", Label: env.Text("dialog.cancel"), Key: "n"}, widget.Choice{ID: "yes", Label: env.Text("action.session.end.short"), Key: "y"})
	return []screen.Event{screen.Show{Overlay: screen.Ask(d, func(choice string) []screen.Event {
		if choice != "yes" {
			return nil
		}
		return []screen.Event{screen.Run("end", env.Text("job.saving"), func(ctx context.Context) (ended int, err error) {
			for _, one := range chosen {
				if _, err := env.Sessions.End(ctx, one.ID); err != nil {
					return ended, err
				}
				ended++
			}
			return ended, nil
		}, func(ended int, err error) []screen.Event {
			if err != nil {
				return append(env.Fail(err), s.Refresh()...)
			}
			s.Unmark()
			return []screen.Event{screen.Did{Text: message.Text{ID: "session.ended", Args: message.Args{"Count": ended, "User": chosen[0].User}}}}
		})}
	})}}
}

// notify says something to everybody.
func (s *List) notify() []screen.Event {
	env := s.env
	form := widget.NewForm(widget.TextField("text", env.Text("session.notify.text"), "").WithHelp(env.Text("session.notify.help")).WithLimit(200))
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.Text("action.session.notify"), form, func(f *widget.Form) []screen.Event {
		return []screen.Event{screen.Run("notify", env.Text("job.saving"), func(ctx context.Context) (core.Notice, error) {
			return env.Sessions.Notify(ctx, f.Value("text"))
		}, func(_ core.Notice, err error) []screen.Event {
			if err != nil {
				return box.Failed(err)
			}
			return []screen.Event{screen.Hide{Overlay: box}, screen.Did{Text: message.Text{ID: "cli.session.said"}}}
		})}
	})
	return []screen.Event{screen.Show{Overlay: box.Called(env.Text("action.session.notify.short"))}}
}
