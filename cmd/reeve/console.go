package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"reeve/core/control"
	"reeve/core/edition"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/storage"
	"reeve/tui/app"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
)

// look is how the console is to be drawn.
type look struct {
	theme string
	ascii bool
	// asked says that a flag has chosen the characters.
	asked bool
}

// watchEvery is how often the database is asked whether another process changed it. A change is to be seen within two
// seconds; asking costs a few microseconds and writes nothing.
const watchEvery = time.Second

// runConsole opens the console at a link; an empty one is its start.
func runConsole(ctx context.Context, s *system, c *cli, at string) error {
	start, err := s.start(ctx, at)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	events, unsubscribe := s.gate.Events()
	defer unsubscribe()
	if c.env.Remote == nil { // a server does both for all its sessions
		s.watch(ctx)
		if !c.flags.readOnly {
			go s.keeper.Run(ctx)
		}
	}
	s.actor.Face = control.FaceConsole
	o, err := s.options(c, start)
	if err != nil {
		return err
	}
	if err := s.prefer(ctx, c, &o); err != nil {
		return err
	}
	o.Events = events
	if !c.flags.readOnly {
		o.Looked = func(link string) error { return s.desk.Look(s.actor.Session, link) }
	}
	o.After = func(d time.Duration, msg tea.Msg) tea.Cmd { return tea.Tick(d, func(time.Time) tea.Msg { return msg }) }
	if c.env.Remote == nil {
		o.Save, o.ReadFile, o.Browse = saveExport, c.readTyped, c.env.Browse
	}
	o.Used = func(ctx context.Context, ref control.Ref) error { return s.uses.Note(s.as(ctx), ref) }
	model := app.New(ctx, o)
	defer model.Close()
	if c.env.Remote != nil {
		return c.env.Remote.show(ctx, model)
	}
	leave, err := s.beginHere(ctx)
	if err != nil {
		return err
	}
	defer leave()
	p := tea.NewProgram(model, tea.WithContext(ctx), tea.WithInput(c.in), tea.WithOutput(c.out), tea.WithFPS(60))
	go s.attend(ctx, p.Send, func(id string) {
		if id == s.actor.Session {
			p.Quit()
		}
	})
	_, err = p.Run()
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("running the console: %w", err)
	}
	return nil
}

// options is what every session of the console begins with.
func (s *system) options(c *cli, start route.Route) (app.Options, error) {
	env := c.environment()
	points, err := s.points()
	return app.Options{
		Services: screen.Services{
			Gate: s.gate, Regions: s.regions, Workspaces: s.workspaces, Members: s.members, Roles: s.roles, RoleCopies: s.roleCopies, Users: s.users, Directories: s.directories, Tenants: s.tenants,
			TenantRoles: s.tenantRoles, Policies: s.policies, Engines: s.engines, Figures: s.figures, Groups: s.groups, Runs: s.runs, Sources: s.sources, Bootstraps: s.bootstraps, Questions: s.questions, Audit: s.audit,
			Overviews: s.overviews, Alerts: s.alerts,
			Leavings: s.leavings, Requests: s.requests, Sessions: s.sessions, Tokens: s.tokens, Preferences: s.preferences,
		},
		Points: points, Templates: s.roleTemplates, Releases: s.releases,
		Places:   storage.NewWorkspaces(s.db),
		Say:      s.printer,
		Actor:    s.actor,
		Tenant:   s.tenant.Name,
		Start:    start,
		Recorded: c.env.Remote.recorded(),
		Theme: theme.Options{NoColor: theme.NoColor(env), Dark: true, Profile: colorprofile.Env(env),
			Override: c.look.theme, ASCII: c.look.ascii},
		Now: c.env.Now,
	}, err
}

// environment is what the terminal that shows the console says of itself.
func (c *cli) environment() []string {
	if c.env.Remote != nil {
		return c.env.Remote.session.Environ
	}
	return os.Environ()
}

// start is where the console opens: at the link, else at the workspaces of the first activated region.
func (s *system) start(ctx context.Context, at string) (route.Route, error) {
	if at != "" {
		return link(at)
	}
	all, err := s.regions.List(s.as(ctx))
	if err != nil {
		return route.Route{}, err
	}
	for _, r := range all {
		if r.Active && r.Edition != edition.Edition("") {
			return route.Route{Kind: route.Workspaces, Region: r.ID}, nil
		}
	}
	return route.Route{Kind: route.Regions}, nil
}

// watch tells the gate's listeners about changes made by other processes, until ctx ends or the database is closed.
func (s *system) watch(ctx context.Context) {
	entries, changes := storage.NewAudit(s.db), s.db.Watch(ctx, watchEvery)
	go func() {
		for range changes {
			newest, err := entries.Newest(ctx)
			if err != nil {
				newest = control.Unknown
			}
			s.gate.Foreign(newest)
		}
	}()
}

// saveExport writes an exported table into the current folder, never over a file that is there.
func saveExport(name string, data []byte) (string, error) {
	stem, ext := name[:len(name)-len(filepath.Ext(name))], filepath.Ext(name)
	for n := 1; n < 1000; n++ {
		path := name
		if n > 1 {
			path = fmt.Sprintf("%s-%d%s", stem, n, ext)
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // #nosec G304 -- a name of ours in the current folder
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return "", exportFault(path, err)
		}
		_, err = f.Write(data)
		if err = errors.Join(err, f.Close()); err != nil {
			return "", exportFault(path, err)
		}
		full, err := filepath.Abs(path)
		if err != nil {
			return path, nil //nolint:nilerr // the file is written; only its full name is not known
		}
		return full, nil
	}
	return "", exportFault(name, os.ErrExist)
}

func exportFault(path string, err error) error {
	return &fault.Unavailable{What: message.Text{ID: "cli.export.failed", Args: message.Args{"Path": path}}, Evidence: err.Error(), Err: err}
}

// progress draws how far long work is, on a terminal as a bar that moves, elsewhere as a line at the end.
type progress struct {
	out      io.Writer
	terminal bool
	title    string
	shown    int
}

func (p *progress) update(done, total int) {
	percent := 100
	if total > 0 {
		percent = done * 100 / total
	}
	if !p.terminal || percent == p.shown && done < total {
		return
	}
	p.shown = percent
	const width = 40
	bar := make([]byte, width)
	for i := range bar {
		bar[i] = '.'
		if i*100 < percent*width {
			bar[i] = '#'
		}
	}
	_, _ = fmt.Fprintf(p.out, "\r%s [%s] %3d %%", p.title, bar, percent)
	if done >= total {
		_, _ = fmt.Fprintln(p.out)
	}
}
