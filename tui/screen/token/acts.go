package token

import (
	"context"

	"reeve/core/fault"
	"reeve/core/message"
	core "reeve/core/token"
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// create asks what the token is for, makes it, and shows its secret: the only time that anybody sees it. A console that is recorded
// makes none: whoever may watch the recording could ask with it, and a copy to the clipboard is recorded as well.
func (s *List) create() []screen.Event {
	env := s.env
	if env.Recorded {
		return env.Fail(&fault.Unavailable{What: message.Text{ID: "token.recorded"}, Way: message.Text{ID: "token.recorded.next"}})
	}
	options := make([]widget.Option, 0, len(core.Scopes()))
	for _, scope := range core.Scopes() {
		options = append(options, widget.Option{ID: string(scope), Label: string(scope)})
	}
	form := widget.NewForm(
		widget.TextField("name", env.Text("column.token"), "").WithLimit(64),
		widget.TextField("for", env.Text("column.used_by"), "").WithHelp(env.Text("token.for.help")).WithLimit(200),
		widget.MultiField("scope", env.Text("column.may_ask"), options, []string{string(core.Evaluate)}).WithHelp(env.Text("token.scopes.help")),
		widget.TextField("until", env.Text("column.until"), "").WithHelp(env.With("token.until.help", message.Args{"Days": core.DefaultDays, "Longest": core.LongestDays})).
			WithLimit(30).WithValidate(env.UntilField().Validate),
	)
	var box *screen.FormBox
	box = screen.NewFormBox(env, env.Text("action.token.create"), form, func(f *widget.Form) []screen.Event {
		in := core.Create{Name: f.Value("name"), For: f.Value("for"), Scopes: f.Values("scope")}
		in.Until, _ = env.ParseUntil(f.Value("until"))
		return []screen.Event{screen.Run("create", env.Text("job.saving"), func(ctx context.Context) (core.Made, error) { return env.Tokens.Create(ctx, in) },
			func(made core.Made, err error) []screen.Event {
				if err != nil {
					return box.Failed(err)
				}
				return []screen.Event{screen.Hide{Overlay: box}, screen.Did{Text: message.Text{ID: "token.created", Args: message.Args{"Name": made.Name}}},
					screen.Show{Overlay: s.secret(made)}}
			})}
	})
	return []screen.Event{screen.Show{Overlay: box.Called(env.Text("action.token.create.short"))}}
}

// secret is the token itself. It closes only with esc, so that it does not go by a key that was meant for something else.
func (s *List) secret(made core.Made) screen.Overlay {
	env := s.env
	stay := func() ([]screen.Event, bool) { return nil, false }
	return &screen.Pages{Title: made.Name, Note: env.With("token.until", message.Args{"Until": env.Until(&made.Until)}), Width: 78,
		Lines: func(th *theme.Theme, w int) []string {
			var lines []string
			for _, line := range paint.Wrap(env.Text("token.once"), w) {
				lines = append(lines, paint.NewLine(th, w).Text(theme.Text, line).String())
			}
			lines = append(lines, paint.Empty(w), paint.NewLine(th, w).Text(theme.Accent, made.Secret).String(), paint.Empty(w))
			return append(lines, paint.NewLine(th, w).Text(theme.Key, "y").Gap(1).Text(theme.KeyTitle, env.Text("action.list.copy.short")).Gap(3).
				Text(theme.Key, "esc").Gap(1).Text(theme.KeyTitle, env.Text("token.kept")).String())
		},
		Keys: map[string]func() ([]screen.Event, bool){
			"y":     func() ([]screen.Event, bool) { return []screen.Event{screen.Copy{Text: made.Secret}}, false },
			"enter": stay, "q": stay,
		}}
}

// revoke says what ends with a token, and ends it on a yes.
func (s *List) revoke(t core.Token) []screen.Event {
	env := s.env
	body := []widget.BodyLine{{Text: env.Text("token.revoke.effect")}}
	if t.For != "" {
		body = append(body, widget.BodyLine{Text: env.With("token.revoke.for", message.Args{"For": t.For}), Role: theme.Warning})
	}
	if t.Ended(env.Now()) {
		body = []widget.BodyLine{{Text: env.Text("token.revoke.ended"), Role: theme.Muted}}
	}
	d := widget.NewDialog(env.With("token.revoke.title", message.Args{"Name": t.Name}), body,
		widget.Choice{ID: "no", Label: env.Text("dialog.cancel"), Key: "n"}, widget.Choice{ID: "yes", Label: env.Text("action.token.revoke.short"), Key: "y"})
	return []screen.Event{screen.Show{Overlay: screen.Ask(d, func(choice string) []screen.Event {
		if choice != "yes" {
			return nil
		}
		return []screen.Event{screen.Run("revoke", env.Text("job.saving"), func(ctx context.Context) (core.Token, error) { return env.Tokens.Revoke(ctx, t.Name) },
			func(gone core.Token, err error) []screen.Event {
				if err != nil {
					return env.Fail(err)
				}
				return []screen.Event{screen.Did{Text: message.Text{ID: "cli.token.revoked", Args: message.Args{"Name": gone.Name}}}}
			})}
	})}}
}
