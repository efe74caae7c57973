package main

import (
	"context"
	"strings"
	"sync"

	"reeve/assets"
	"reeve/cmd/handover"
	"reeve/core/action"
	"reeve/core/alert"
	"reeve/core/audit"
	"reeve/core/bootstrap"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/directory/ldap"
	"reeve/core/edition"
	"reeve/core/engine"
	"reeve/core/fault"
	"reeve/core/figure"
	"reeve/core/group"
	"reeve/core/keeper"
	"reeve/core/leaving"
	"reeve/core/member"
	"reeve/core/message"
	"reeve/core/overview"
	"reeve/core/plan"
	"reeve/core/policy"
	"reeve/core/preference"
	"reeve/core/question"
	"reeve/core/region"
	"reeve/core/request"
	"reeve/core/role"
	"reeve/core/session"
	"reeve/core/source"
	"reeve/core/source/tcp"
	"reeve/core/tenant"
	"reeve/core/tenantrole"
	"reeve/core/token"
	"reeve/core/use"
	"reeve/core/workspace"
	"reeve/storage"
)

// system is everything that is built for one run: the database, the gate, the areas behind it, and who is acting.
type system struct {
	db       *storage.DB
	gate     *control.Gate
	acts     *action.Catalogue
	editions edition.Catalogue
	// known is the vendor's list of regions, builtins what decisions depend on beside the database.
	known    []region.Known
	terms    group.Terms
	zones    region.Zones
	builtins storage.Builtins
	offer    alert.Offer
	// roleTemplates are what custom roles can begin with.
	roleTemplates role.Templates
	// releases are the release notes, newest first.
	releases []overview.Release
	// sourceTypes are the types of data sources.
	sourceTypes source.Types
	printer     *message.Printer

	tenants     *tenant.Service
	regions     *region.Service
	users       *directory.Service
	directories *directory.SourceService
	workspaces  *workspace.Service
	members     *member.Service
	roles       *role.Service
	roleCopies  *role.Copies
	questions   *question.Service
	audit       *audit.Service

	tenantRoles *tenantrole.Service
	policies    *policy.Service
	engines     *engine.Service
	alerts      *alert.Service
	overviews   *overview.Service
	groups      *group.Service
	runs        *group.Runs
	figures     *figure.Service
	leavings    *leaving.Service
	requests    *request.Service
	uses        *use.Service
	keepers     *keeper.Service
	plans       *plan.Service
	sessions    *session.Service
	tokens      *token.Service
	preferences *preference.Service
	// points are the permission points of the built-in roles, which are read when they are asked for first.
	points func() (question.Points, error)
	// desk is where this process keeps the sessions it has.
	desk *session.Desk
	// keeper moves what falls due while this process has a face that stays, or is told to.
	keeper  *keeper.Keeper
	sources *source.Service
	// bootstraps set workspaces up in one go, through the services above.
	bootstraps *bootstrap.Service

	// ready is false in a database without a tenant; tenant and actor are empty then.
	ready bool
	// shared says that the database is a server's, and not closed with this.
	shared bool
	tenant tenant.Tenant
	actor  control.Actor
}

// open builds the system on the database that the flags name, which has to be there.
func (c *cli) open(ctx context.Context) (*system, error) {
	return c.openWith(ctx, storage.Options{Existing: true})
}

// create is open for what begins a database: it makes the file if it is missing.
func (c *cli) create(ctx context.Context) (*system, error) { return c.openWith(ctx, storage.Options{}) }

// openWith is the only place that builds anything on a database.
func (c *cli) openWith(ctx context.Context, o storage.Options) (*system, error) {
	if c.env.Remote != nil {
		s := c.env.Remote.forSession(c)
		return s, s.checkOnly(ctx)
	}
	s, err := c.catalogues()
	if err != nil {
		return nil, err
	}
	o.Path, o.ReadOnly, o.Now = c.databasePath(), c.flags.readOnly, c.env.Now
	if s.db, err = storage.Open(ctx, o); err != nil {
		return nil, err
	}
	if err := s.build(ctx, c); err != nil {
		s.close() //nolint:contextcheck // closing goes on when ctx has ended
		return nil, err
	}
	return s, nil
}

// databasePath is --db, else REEVE_DB, else the file in the user's data folder.
func (c *cli) databasePath() string {
	if c.flags.db != "" {
		return c.flags.db
	}
	if path := c.env.Get("REEVE_DB"); path != "" {
		return path
	}
	return c.env.Database
}

// catalogues is the part of the system that needs no database.
func (c *cli) catalogues() (*system, error) {
	s := &system{acts: c.acts, printer: c.p}
	var err error
	if s.editions, err = edition.Load(assets.Editions()); err != nil {
		return nil, err
	}
	if s.known, err = region.Load(assets.Regions()); err != nil {
		return nil, err
	}
	s.zones = region.NewZones(s.known)
	if s.offer, err = alert.Load(assets.Alerts(), s.editions); err != nil {
		return nil, err
	}
	if s.terms, err = group.LoadTerms(assets.Groups()); err != nil {
		return nil, err
	}
	if s.sourceTypes, err = source.LoadTypes(assets.SourceTypes()); err != nil {
		return nil, err
	}
	if s.roleTemplates, err = role.LoadTemplates(assets.RoleTemplates()); err != nil {
		return nil, err
	}
	if s.releases, err = overview.LoadReleases(assets.Releases()); err != nil {
		return nil, err
	}
	s.builtins, err = storage.LoadBuiltins()
	return s, err
}

// findRegion looks in the vendor's list alone, for which the areas need neither gate nor store.
func (s *system) findRegion(id string) error {
	_, err := region.New(nil, nil, s.known, nil).Find(id)
	return err
}

func (s *system) build(ctx context.Context, c *cli) error {
	kept := storage.NewCheckpoint(s.db.Path())
	s.gate = control.New(storage.NewGateStore(s.db, s.builtins), c.acts, s.editions, control.Seam{Now: c.env.Now, ID: c.env.ID}, kept.Keep)
	tenants, regions := storage.NewTenants(s.db), storage.NewRegions(s.db)
	workspaces := storage.NewWorkspaces(s.db)
	offers, groups := region.NewOffers(regions, s.known), storage.NewGroups(s.db)
	defaults := workspace.NewDefaults(s.gate, workspaces, handover.Outfit(
		group.NewDefaults(s.gate, groups, offers, s.terms), engine.NewDefaults(storage.NewEngines(s.db, s.builtins))))
	s.regions = region.New(s.gate, regions, s.known, defaults)
	s.tenants = tenant.New(s.gate, tenants, s.findRegion, defaults)
	s.users = directory.New(s.gate, storage.NewDirectory(s.db))
	s.directories = directory.NewSources(s.gate, storage.NewDirectory(s.db), ldap.New(c.env.Get, c.env.Now))
	s.workspaces = workspace.New(s.gate, workspaces, offers, workspace.Near{
		Groups: storage.NewWorkspaceGroups(s.db), Engines: storage.NewWorkspaceEngines(s.db), Sources: storage.NewWorkspaceSources(s.db),
		Running: storage.NewWorkspaceRunning(s.db)})
	s.members = member.New(s.gate, storage.NewMembers(s.db, s.builtins))
	s.roles = role.New(s.gate, storage.NewRoles(s.db, s.builtins))
	s.questions = question.New(s.gate, storage.NewQuestions(s.db, s.builtins))
	s.audit = audit.New(s.gate, storage.NewAudit(s.db), kept)
	s.tenantRoles = tenantrole.New(s.gate, storage.NewTenantRoles(s.db, s.builtins))
	s.policies = policy.New(s.gate, storage.NewPolicies(s.db, s.builtins))
	s.engines = engine.New(s.gate, storage.NewEngines(s.db, s.builtins))
	s.roleCopies = role.NewCopies(s.gate, storage.NewRoles(s.db, s.builtins), s.roles, handover.RoleEngines(s.engines))
	s.alerts = alert.New(s.gate, storage.NewAlerts(s.db), s.zones, s.offer)
	s.groups = group.New(s.gate, groups, offers, group.Ledger{}, s.terms)
	s.runs = group.NewRuns(s.gate, storage.NewGroupRuns(s.db), offers, s.terms,
		handover.Leftovers{Machine: c.env.Machine, Account: c.env.Account, All: c.env.Account == rootAccount, EndLeft: c.backend().Leftovers})
	s.figures = figure.New(s.gate, storage.NewFigures(s.db), s.zones)
	s.overviews = overview.New(s.gate, storage.NewOverviews(s.db), s.watchers()...)
	s.sessions = session.New(s.gate, storage.NewSessions(s.db))
	s.points = sync.OnceValues(func() (question.Points, error) { return question.LoadPoints(assets.Points()) })
	s.preferences = preference.New(s.gate, storage.NewPreferences(s.db), preference.Offer{Themes: looks(), Languages: c.messages.Languages()})
	s.tokens = token.New(s.gate, storage.NewTokens(s.db), c.env.Secret)
	s.desk = session.NewDesk(storage.NewSessions(s.db), c.env.ID(), c.env.Now)
	s.plans = plan.New(s.gate, storage.NewPlans(s.db), s.planAreas())
	s.uses = use.New(s.gate, storage.NewUses(s.db))
	s.requests = request.New(s.gate, storage.NewAccessRequests(s.db), handover.Grants{Gate: s.gate, Members: s.members,
		MemberStore: storage.NewMembers(s.db, s.builtins), TenantRoles: s.tenantRoles, TenantRoleStore: storage.NewTenantRoles(s.db, s.builtins),
		Policies: s.policies, PolicyStore: storage.NewPolicies(s.db, s.builtins)}.Givers())
	s.leavings = leaving.New(s.gate, storage.NewLeavings(s.db, s.builtins), handover.Leaving{Members: s.members,
		MemberStore: storage.NewMembers(s.db, s.builtins), Engines: s.engines, TenantRoles: s.tenantRoles, Policies: s.policies, Users: s.users,
		Requests: s.requests})
	leases := storage.NewKeepers(s.db)
	s.keeper = keeper.New(s.gate, leases, c.env.ID(), s.movers())
	s.keepers = keeper.NewService(s.gate, leases, s.keeper)
	s.sources = source.New(s.gate, storage.NewSources(s.db), tcp.Network{}, s.sourceTypes)
	s.bootstraps = bootstrap.New(s.gate, storage.NewBootstraps(s.db), handover.Steps{
		Gate: s.gate, Offers: offers, Workspaces: s.workspaces, WorkspaceStore: storage.NewWorkspaces(s.db), Groups: s.groups,
		Members: s.members, MemberStore: storage.NewMembers(s.db, s.builtins), Engines: s.engines, Sources: s.sources}.Areas())
	return s.find(ctx, c, tenants)
}

// movers are the areas in which something falls due by itself.
func (s *system) movers() []keeper.Area {
	return []keeper.Area{{Name: "region", Mover: s.regions}, {Name: "group", Mover: s.groups}, {Name: "run", Mover: s.runs}, {Name: "workspace", Mover: s.workspaces},
		{Name: "request", Mover: s.requests}}
}

// find establishes who is acting.
func (s *system) find(ctx context.Context, c *cli, tenants tenant.Store) error {
	who, t, ready, err := tenant.Who(ctx, tenants, c.flags.as, c.env.OSUser)
	if err != nil {
		return err
	}
	s.ready, s.tenant = ready, t
	s.actor = control.Actor{Principal: who.ID, Name: who.Name, Face: control.FaceCommand, Session: c.env.ID(), ReadOnly: c.flags.readOnly,
		Only: splitValues(c.flags.onlyRoles)}
	return s.checkOnly(ctx)
}

// checkOnly refuses to narrow the session to roles that are nowhere: whoever mistypes one would only see that nothing is
// allowed.
func (s *system) checkOnly(ctx context.Context) error {
	roles := storage.NewRoles(s.db, s.builtins)
	var bad []fault.Field
	for _, name := range s.actor.Only {
		there, near, err := roles.Somewhere(ctx, name)
		if err != nil {
			return err
		}
		if !there {
			bad = append(bad, fault.Field{Name: "only_roles", Text: message.Text{ID: "cli.only_roles.unknown", Args: message.Args{
				"Name": name, "Nearest": strings.Join(near, ", ")}}})
		}
	}
	if len(bad) > 0 {
		return &fault.Invalid{Fields: bad}
	}
	return nil
}

// close ends everything. An error then has nobody left to act on it.
func (s *system) close() {
	if !s.shared {
		_ = s.db.Close()
	}
}

// as returns ctx with who is acting.
func (s *system) as(ctx context.Context) context.Context { return control.WithActor(ctx, s.actor) }

// requested marks the change made with ctx as a request that is applied once.
func (s *system) requested(ctx context.Context, id string) context.Context {
	return control.WithRequest(ctx, id)
}

// enter refuses what can be refused before anything is asked of the person: commands in a database without a tenant, and
// changes in a read-only session, unless they are only rehearsed. The latter is the gate's own verdict, had here because a database that
// is open for reading alone cannot begin the transaction in which the gate decides.
func (s *system) enter(ctx context.Context, a action.Action, rehearsed bool) error {
	if !s.ready {
		return &fault.Unavailable{What: message.Text{ID: "cli.no_tenant"}, Way: message.Text{ID: "cli.no_tenant.next"}}
	}
	if !s.actor.ReadOnly || a.Danger == action.Reads || rehearsed {
		return nil
	}
	st, err := s.gate.Standing(s.as(ctx), control.Target{})
	if err != nil {
		return err
	}
	if v := st.May(a.ID); !v.OK {
		return &fault.Denied{Action: string(a.ID), Reason: v.Reason, Ask: v.Ask}
	}
	return nil
}
