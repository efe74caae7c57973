package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/message"
	"reeve/core/preference"
	"reeve/tui/app"
)

func (c *cli) preferenceCommands() *cobra.Command {
	return c.group("preference", c.p.Text("cli.group.preference"), c.preferenceList(), c.preferenceSet())
}

func preferenceRecord(p preference.Preference) record {
	return record{{"name", string(p.Name)}, {"value", p.Value}, {"choices", p.Choices}}
}

func (c *cli) preferenceList() *cobra.Command {
	return c.act(action.PreferenceList, "", []record{preferenceRecord(preference.Preference{})}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		list, err := s.preferences.List(ctx)
		return answer{value: records(list, preferenceRecord), columns: []string{"name", "value", "choices"}}, err
	})
}

func (c *cli) preferenceSet() *cobra.Command {
	return c.act(action.PreferenceSet, "NAME VALUE", []record{preferenceRecord(preference.Preference{})}, func(ctx context.Context, s *system, args []string) (answer, error) {
		list, err := s.preferences.Set(ctx, preference.Values{preference.Name(args[0]): args[1]})
		return answer{value: records(list, preferenceRecord), columns: []string{"name", "value"},
			note: message.Text{ID: "cli.preference.set", Args: message.Args{"Name": args[0], "Value": args[1]}}}, err
	})
}

// prefer lets what the person wants of the console win over what their terminal says of itself. The flags of this run win over
// both.
func (s *system) prefer(ctx context.Context, c *cli, o *app.Options) error {
	list, err := s.preferences.List(s.as(ctx))
	if err != nil {
		return err
	}
	o.Preferences = app.PreferencesOf(list)
	if o.Theme.Override == themeAuto {
		o.Theme.Override = o.Preferences[preference.Theme]
	}
	if chars, set := o.Preferences[preference.Characters]; set && !c.look.asked {
		o.Theme.ASCII = chars == preference.ASCII
	}
	if language, set := o.Preferences[preference.Language]; set && c.flags.lang == "" {
		o.Say = c.messages.Printer(language)
	}
	return nil
}
