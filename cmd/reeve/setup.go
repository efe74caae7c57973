package main

import (
	"context"
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"reeve/core/control"
	"reeve/core/edition"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/tenant"
)

// setup asks for what the first run needs and makes the tenant, by the same rules as `reeve init`.
// Leaving the questions leaves no database behind where there was none.
func (c *cli) setup(ctx context.Context) (*system, error) {
	s, err := c.catalogues()
	if err != nil {
		return nil, err
	}
	in := tenant.Setup{Owner: c.env.OSUser, OSUser: c.env.OSUser}
	var chosen []string
	if err := c.runForm(ctx, c.tenantGroup(s, &in, &chosen)); err != nil {
		return nil, err
	}
	in.Regions = make([]tenant.Region, len(chosen))
	fields := make([]huh.Field, len(chosen))
	for i, id := range chosen {
		in.Regions[i] = tenant.Region{ID: id, Edition: edition.Enterprise}
		fields[i] = huh.NewSelect[edition.Edition]().
			Title(c.p.With("cli.setup.edition", message.Args{"Region": id})).
			Options(c.editionOptions(s)...).
			Value(&in.Regions[i].Edition)
	}
	if err := c.runForm(ctx, huh.NewGroup(fields...)); err != nil {
		return nil, err
	}
	return c.initialize(ctx, in)
}

func (c *cli) tenantGroup(s *system, in *tenant.Setup, chosen *[]string) *huh.Group {
	return huh.NewGroup(
		huh.NewNote().Title(c.p.Text("cli.setup.title")).Description(c.p.Text("cli.setup.keys")),
		huh.NewInput().Title(c.p.Text("cli.setup.tenant")).Value(&in.Tenant).Validate(func(name string) error {
			return c.fieldError(tenant.NameFault(name))
		}),
		huh.NewInput().Title(c.p.Text("cli.setup.owner")).Value(&in.Owner).Validate(func(name string) error {
			what, ok := control.PrincipalName().Check(name)
			return c.fieldError(what, !ok)
		}),
		huh.NewMultiSelect[string]().Title(c.p.Text("cli.setup.regions")).Description(c.p.Text("cli.setup.regions.keys")).Height(10).Filterable(true).
			Options(c.regionOptions(s)...).Value(chosen).Validate(func(ids []string) error {
			return c.fieldError(message.Text{ID: "cli.setup.regions.none"}, len(ids) == 0)
		}),
	)
}

// fieldError is a fault of a field as the form shows it.
func (c *cli) fieldError(what message.Text, wrong bool) error {
	if !wrong {
		return nil
	}
	return errors.New(c.say(what))
}

func (c *cli) regionOptions(s *system) []huh.Option[string] {
	options := make([]huh.Option[string], len(s.known))
	for i, r := range s.known {
		name := r.English
		if c.p.Language() != "en" {
			name = r.Chinese
		}
		options[i] = huh.NewOption(fmt.Sprintf("%s  %s", r.ID, name), r.ID)
	}
	return options
}

func (c *cli) editionOptions(s *system) []huh.Option[edition.Edition] {
	all := s.editions.All()
	options := make([]huh.Option[edition.Edition], len(all))
	for i, e := range all {
		options[i] = huh.NewOption(c.p.Text("edition."+string(e.ID)), e.ID)
	}
	return options
}

// runForm shows one page of questions. Leaving it undone leaves the database as it was.
func (c *cli) runForm(ctx context.Context, group *huh.Group) error {
	fullScreen := func(v tea.View) tea.View { v.AltScreen = true; return v }
	err := huh.NewForm(group).WithShowHelp(false).WithViewHook(fullScreen).WithInput(c.in).WithOutput(c.out).RunWithContext(ctx)
	if errors.Is(err, huh.ErrUserAborted) {
		return &fault.Unavailable{What: message.Text{ID: "cli.setup.left"}, Way: message.Text{ID: "cli.no_tenant.next"}}
	}
	if err != nil {
		return fmt.Errorf("asking for the tenant: %w", err)
	}
	return nil
}
