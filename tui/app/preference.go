package app

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"reeve/core/message"
	"reeve/core/preference"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// PreferencesOf are those of a list that are set.
func PreferencesOf(list []preference.Preference) preference.Values {
	values := preference.Values{}
	for _, p := range list {
		if p.Value != p.Choices[0] {
			values[p.Name] = p.Value
		}
	}
	return values
}

// preferences asks what the person wants of the console, and has it so at once.
func (a *App) preferences() tea.Cmd {
	return a.carryOut(a.at(), []screen.Event{screen.Run("preferences", "", func(ctx context.Context) ([]preference.Preference, error) {
		return a.env.Preferences.List(ctx)
	}, func(list []preference.Preference, err error) []screen.Event {
		if err != nil {
			return a.env.Fail(err)
		}
		return []screen.Event{screen.Show{Overlay: a.preferring(list)}}
	})})
}

func (a *App) preferring(list []preference.Preference) screen.Overlay {
	fields := make([]*widget.Field, len(list))
	for i, p := range list {
		options := make([]widget.Option, len(p.Choices))
		for j, choice := range p.Choices {
			options[j] = widget.Option{ID: choice, Label: a.choiceLabel(p.Name, choice)}
		}
		fields[i] = widget.SelectField(string(p.Name), a.env.Text("preference."+string(p.Name)), options, p.Value)
	}
	var box *screen.FormBox
	box = screen.NewFormBox(a.env, a.env.Text("preference.title"), widget.NewForm(fields...), func(f *widget.Form) []screen.Event {
		values := preference.Values{}
		for _, p := range list {
			values[p.Name] = f.Value(string(p.Name))
		}
		return []screen.Event{screen.Run("preferences", a.env.Text("job.saving"), func(ctx context.Context) ([]preference.Preference, error) {
			return a.env.Preferences.Set(ctx, values)
		}, func(now []preference.Preference, err error) []screen.Event {
			if err != nil {
				return box.Failed(err)
			}
			said := "preference.saved"
			if values := PreferencesOf(now); values[preference.Language] != a.opts.Preferences[preference.Language] {
				said = "preference.saved.language"
			}
			a.prefer(PreferencesOf(now))
			return []screen.Event{screen.Hide{Overlay: box}, screen.Say{Level: widget.ToastGood, Text: message.Text{ID: said}}}
		})}
	})
	return box
}

// choiceLabel is what a value of a preference is called.
func (a *App) choiceLabel(name preference.Name, choice string) string {
	switch {
	case choice == preference.Auto:
		return a.env.Text("preference.auto")
	case name == preference.Theme || name == preference.Language:
		return choice // names that are written the same in every language
	}
	return a.env.Text("preference.value." + choice)
}

// prefer has the console as the person wants it, from now on.
func (a *App) prefer(values preference.Values) {
	a.opts.Preferences = values
	a.theme.Override = values[preference.Theme]
	a.theme.ASCII = values[preference.Characters] == preference.ASCII || values[preference.Characters] == "" && a.opts.Theme.ASCII
	a.env.Theme = theme.Choose(a.theme)
	a.mouse = values[preference.Mouse] == preference.MouseOn
}
