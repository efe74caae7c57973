package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"reeve/core/control"
	"reeve/core/edition"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/region"
	"reeve/core/tenant"
	"reeve/core/text"
)

// firstRun is what the questions of the first run are answered with. Its fields are exported because the form watches them.
type firstRun struct {
	Tenant, Owner string
	Regions       []string
	// Editions is by region, for all that could be chosen.
	Editions []edition.Edition
	Go       bool
}

// setup asks for what the first run needs and makes the tenant, by the same rules as `reeve init`.
// Leaving the questions leaves no database behind where there was none.
func (c *cli) setup(ctx context.Context) (*system, error) {
	s, err := c.catalogues()
	if err != nil {
		return nil, err
	}
	run := &firstRun{Owner: c.env.OSUser, Editions: make([]edition.Edition, len(s.known))}
	for i := range run.Editions {
		run.Editions[i] = edition.Enterprise
	}
	if err := c.runForm(ctx, huh.NewForm(c.setupPages(s, run)...)); err != nil {
		return nil, err
	}
	if !run.Go {
		return nil, c.leftSetup()
	}
	return c.initialize(ctx, tenant.Setup{Tenant: run.Tenant, Owner: run.Owner, OSUser: c.env.OSUser, Regions: run.chosen(s.known)})
}

// chosen are the regions ticked, each with its edition.
func (r *firstRun) chosen(known []region.Known) []tenant.Region {
	var list []tenant.Region
	for i, k := range known {
		if slices.Contains(r.Regions, k.ID) {
			list = append(list, tenant.Region{ID: k.ID, Edition: r.Editions[i], Default: true})
		}
	}
	return list
}

// setupPages are the questions, a page each for what is short enough for a window of 60×20: who, where, the edition of each
// region chosen, and what will be made.
func (c *cli) setupPages(s *system, run *firstRun) []*huh.Group {
	page := func(fields ...huh.Field) *huh.Group {
		return huh.NewGroup(fields...).Title(c.p.Text("cli.setup.title")).Description(c.p.Text("cli.setup.keys") + "\n")
	}
	pages := []*huh.Group{
		page(
			huh.NewInput().Title(c.p.Text("cli.setup.tenant")).Value(&run.Tenant).Validate(func(name string) error {
				return c.fieldError(tenant.NameFault(name))
			}),
			huh.NewInput().Title(c.p.Text("cli.setup.owner")).Value(&run.Owner).Validate(func(name string) error {
				what, ok := control.PrincipalName().Check(name)
				return c.fieldError(what, !ok)
			}),
		),
		page(c.regionField(s, run)),
	}
	for i, k := range s.known {
		pages = append(pages, page(huh.NewSelect[edition.Edition]().
			Title(c.p.With("cli.setup.edition", message.Args{"Region": k.ID})).
			Options(c.editionOptions(s)...).
			Value(&run.Editions[i])).WithHideFunc(func() bool { return !slices.Contains(run.Regions, k.ID) }))
	}
	return append(pages, page(huh.NewConfirm().Title(c.p.Text("cli.setup.sure")).
		DescriptionFunc(func() string { return c.setupSummary(s, run) }, run).
		Affirmative(c.p.Text("cli.setup.go")).Negative(c.p.Text("cli.setup.leave")).Value(&run.Go)))
}

// setupSummary says what will be made and where.
func (c *cli) setupSummary(s *system, run *firstRun) string {
	var regions []string
	for _, r := range run.chosen(s.known) {
		regions = append(regions, fmt.Sprintf("%s (%s)", r.ID, c.p.Text("edition."+string(r.Edition))))
	}
	return c.p.With("cli.setup.summary", message.Args{
		"Tenant": text.Clean(run.Tenant), "Owner": text.Clean(run.Owner), "Regions": strings.Join(regions, ", "), "Path": text.Clean(c.databasePath())})
}

// regionField asks for regions. At least one is needed to go on, but none to go back.
func (c *cli) regionField(s *system, run *firstRun) huh.Field {
	f := &leavable{}
	f.Field = huh.NewMultiSelect[string]().Title(c.p.Text("cli.setup.regions")).Description(c.p.Text("cli.setup.regions.keys")).Height(10).
		Filterable(true).Options(c.regionOptions(s)...).Value(&run.Regions).Validate(func(ids []string) error {
		return c.fieldError(message.Text{ID: "cli.setup.regions.none"}, len(ids) == 0 && !f.back)
	})
	return f
}

// leavable is a field that knows whether it is being left backwards, because its own check holds it in both directions.
type leavable struct {
	huh.Field
	back bool
}

// Update implements huh.Field.
func (f *leavable) Update(msg tea.Msg) (huh.Model, tea.Cmd) {
	if k, pressed := msg.(tea.KeyPressMsg); pressed {
		f.back = k.String() == "shift+tab"
	}
	_, cmd := f.Field.Update(msg)
	return f, cmd
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

// leftSetup says that nothing was made.
func (c *cli) leftSetup() error {
	return &fault.Unavailable{What: message.Text{ID: "cli.setup.left"}, Way: message.Text{ID: "cli.no_tenant.next"}}
}

// runForm shows the questions. Leaving them undone leaves the database as it was.
func (c *cli) runForm(ctx context.Context, form *huh.Form) error {
	fullScreen := func(v tea.View) tea.View { v.AltScreen = true; return v }
	err := form.WithShowHelp(false).WithViewHook(fullScreen).WithInput(c.in).WithOutput(c.out).RunWithContext(ctx)
	if errors.Is(err, huh.ErrUserAborted) {
		return c.leftSetup()
	}
	if err != nil {
		return fmt.Errorf("asking for the tenant: %w", err)
	}
	return nil
}
