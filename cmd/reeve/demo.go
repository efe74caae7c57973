package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/storage"
	"reeve/tui/app"
	"reeve/tui/route"
)

// sampleSize says how large the sample tenant is beside its story.
type sampleSize struct {
	workspaces, members int
	seed                uint64
}

func (c *cli) demoCommand() *cobra.Command {
	size := sampleSize{workspaces: 40, members: 900, seed: 1}
	cmd := &cobra.Command{
		Use: "demo [LINK]", Short: c.p.Text("cli.demo.about"), Long: c.p.Text("cli.demo.long"), Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.checkArgs(cmd, "[LINK]", args); err != nil {
				return err
			}
			at := ""
			if len(args) == 1 {
				at = args[0]
			}
			return c.demo(cmd.Context(), size, at)
		},
	}
	cmd.Flags().IntVar(&size.workspaces, "workspaces", size.workspaces, c.p.Text("cli.demo.workspaces"))
	cmd.Flags().IntVar(&size.members, "members", size.members, c.p.Text("cli.demo.members"))
	cmd.Flags().Uint64Var(&size.seed, "seed", size.seed, c.p.Text("cli.demo.seed"))
	return cmd
}

// demo opens the console on a sample tenant or, without a terminal that can show it, walks through it, or prints the one
// place that a link leads to. The database is a temporary one unless
// --db names one; one that has a tenant already is used as it is.
func (c *cli) demo(ctx context.Context, size sampleSize, at string) error {
	if c.flags.output != formTable {
		return c.noRecords("cli.usage.output.demo")
	}
	if err := size.check(); err != nil {
		return err
	}
	if at != "" { // a link that cannot be read is told before the sample is made
		if _, err := link(at); err != nil {
			return err
		}
	}
	if c.flags.db == "" {
		dir, err := os.MkdirTemp("", "reeve-demo-")
		if err != nil {
			return &fault.Unavailable{What: message.Text{ID: "cli.demo.no_folder"}, Evidence: err.Error(), Err: err}
		}
		defer func() { _ = os.RemoveAll(dir) }()
		c.flags.db = filepath.Join(dir, "demo.db")
	}
	_, err := os.Stat(c.flags.db) //nolint:gosec // whoever starts the program names its database
	made := errors.Is(err, fs.ErrNotExist)
	if err := c.prepareSample(ctx, size); err != nil {
		if made {
			// Half a sample would be taken for a tenant the next time.
			storage.Discard(c.flags.db)
		}
		return err
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer s.close() //nolint:contextcheck // closing must happen however the context ended
	switch {
	case c.env.Terminal(c.in) && c.env.Terminal(c.out) && !c.env.dumb():
		return runConsole(ctx, s, c, at)
	case at != "":
		return c.showPlace(ctx, s, at)
	}
	return c.walk(ctx, s)
}

func (z sampleSize) check() error {
	var bad []fault.Field
	if z.workspaces < 1 || z.workspaces > 1_000_000 {
		bad = append(bad, fault.Field{Name: "workspaces", Text: message.Text{ID: "cli.demo.range", Args: message.Args{"Min": 1, "Max": 1_000_000}}})
	}
	if z.members < z.workspaces || z.members > 10_000_000 {
		bad = append(bad, fault.Field{Name: "members", Text: message.Text{ID: "cli.demo.range", Args: message.Args{"Min": z.workspaces, "Max": 10_000_000}}})
	}
	if len(bad) > 0 {
		return &fault.Invalid{Fields: bad}
	}
	return nil
}

// principals is how many people and roles the sample needs: enough that workspaces do not all have the same members.
func (z sampleSize) principals() int {
	return max(z.members/z.workspaces*3, min(20_000, z.members/50), 60)
}

// prepareSample makes the sample tenant in a database that has none.
func (c *cli) prepareSample(ctx context.Context, size sampleSize) error {
	clock := newStoryClock(c.env.Now())
	now, as := c.env.Now, c.flags.as
	c.env.Now, c.flags.as = clock.now, ""
	defer func() { c.env.Now, c.flags.as = now, as }()
	s, err := c.create(ctx)
	if err != nil {
		return err
	}
	defer s.close() //nolint:contextcheck // closing must happen however the context ended
	if s.ready {
		return nil
	}
	if err := s.story(ctx, clock); err != nil {
		return fmt.Errorf("telling the sample's story: %w", err)
	}
	bar := &progress{out: c.err, terminal: c.env.Terminal(c.err), title: c.p.Text("cli.demo.filling"), shown: -1}
	return s.db.Fill(ctx, storage.Fill{
		Region: storyRegion, Owner: s.tenant.OwnerID, Workspaces: size.workspaces, Memberships: size.members,
		Principals: size.principals(), Seed: size.seed, At: now(), Builtins: s.builtins, Zone: s.zones.Zone(storyRegion),
	}, bar.update)
}

// walkWidth and walkHeight are the window of a walk without a terminal.
const walkWidth, walkHeight = 110, 34

// showPlace prints the screen that a link leads to.
func (c *cli) showPlace(ctx context.Context, s *system, at string) error {
	start, err := link(at)
	if err != nil {
		return err
	}
	return c.steps(ctx, s, start, []app.Step{{Title: start.String()}})
}

// steps shows what the console shows after each step, as text.
func (c *cli) steps(ctx context.Context, s *system, start route.Route, steps []app.Step) error {
	s.actor.Face = control.FaceConsole
	o, err := s.options(c, start)
	if err != nil {
		return err
	}
	o.Theme.Override, o.Save = "mono", nil
	model := app.New(ctx, o)
	defer model.Close()
	return app.Walk(model, walkWidth, walkHeight, steps, c.out) //nolint:contextcheck // the model has its context since it was made
}

// walk goes through the journey of an administrator by itself: region, workspace, role, effect, save, audit.
func (c *cli) walk(ctx context.Context, s *system) error {
	step := func(id string, keys ...string) app.Step { return app.Step{Title: c.p.Text(id), Keys: keys} }
	err := c.steps(ctx, s, route.Route{Kind: route.Overview}, []app.Step{
		step("cli.walk.overview"),
		step("cli.walk.regions", "R"),
		step("cli.walk.region", "text:"+storyRegion, "enter"),
		step("cli.walk.find", "/", "text:"+storyWorkspace),
		step("cli.walk.members", "enter", "enter"),
		step("cli.walk.roles", "]", "/", "text:"+storyRole, "enter"),
		step("cli.walk.role", "enter"),
		step("cli.walk.paint", "down", "w", "down", "down", "n"),
		step("cli.walk.preview", "ctrl+s"),
		step("cli.walk.save", "enter"),
		step("cli.walk.why", "8"),
		step("cli.walk.entry", "enter"),
	})
	if err != nil {
		return err
	}
	report, err := s.audit.Verify(s.as(ctx), nil)
	if err != nil {
		return err
	}
	if !report.OK() {
		return errors.New(c.p.With("audit.report.broken", message.Args{"Count": len(report.Findings)}))
	}
	_, err = fmt.Fprintln(c.out, c.p.With("audit.report.ok", message.Args{"Count": report.Entries}))
	return err
}
