// Package app is the console: the one Bubble Tea model. It knows the size of the window, the places one has been, what lies
// over the screen, the messages and the running work; it routes keys and carries out what screens ask for. What is on a
// screen is the screen's own.
package app

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/member"
	"reeve/core/message"
	"reeve/core/overview"
	"reeve/core/preference"
	"reeve/core/question"
	"reeve/core/role"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// Options are what a session begins with.
type Options struct {
	Services screen.Services
	Places   control.Places
	Say      *message.Printer
	// Points are the permission points of the built-in roles.
	Points question.Points
	// Templates are what custom roles can begin with.
	Templates role.Templates
	// Releases are the release notes, newest first.
	Releases []overview.Release
	Actor    control.Actor
	// Tenant is the name of the tenant.
	Tenant string
	// Start is where to begin.
	Start route.Route
	// Theme is what is known about the terminal.
	Theme theme.Options
	// Now is the clock; After makes a command that answers with msg when d has passed. A nil After never does.
	Now   func() time.Time
	After func(d time.Duration, msg tea.Msg) tea.Cmd
	// Browse opens an address of the web beside the terminal; nil where the terminal is elsewhere.
	Browse func(ctx context.Context, url string) error
	// Save keeps an exported file and says where; nil where a session keeps none, then exports go to the clipboard.
	Save func(name string, data []byte) (path string, err error)
	// ReadFile reads a file of the person; nil where the console runs on a machine that is not theirs.
	ReadFile func(path string) ([]byte, error)
	// Used notes that the person uses a workspace; nil for nobody who wants to know.
	Used func(ctx context.Context, ref control.Ref) error
	// Looked is told of each place that is gone to, by its link; nil for nobody who wants to know.
	Looked func(link string) error
	// Recorded says that what is shown is recorded.
	Recorded bool
	// Events are the changes made here and elsewhere; nil for none.
	Events <-chan control.Event
	// Preferences are what the person wants of the console; those about its look are in Theme and Say already.
	Preferences preference.Values
}

// App is the model.
type App struct {
	opts  Options
	env   *screen.Env
	ctx   context.Context
	end   context.CancelFunc
	w, h  int
	theme theme.Options

	history []*place
	here    int

	overlays []screen.Overlay
	toasts   widget.Toasts
	log      []logged
	jobs     []*job
	begun    uint64 // how much work was begun in this session
	undo     *undoable
	refused  *refusal       // the last key's act, if it was not possible
	used     map[string]int // how often a workspace was opened
	typed    []string       // palette history
	mouse    bool
	next     func() tea.Cmd // what an answered dialog of the console itself goes on with
	footer   []widget.FooterKey
	acts     map[string][]action.Action // by the scopes of a screen
	locked   *covered                   // nil while the session is not locked
	ends     time.Time                  // when the session ends, once that is known; the zero time before
	// refreshed is when what is shown was loaded anew, and calming says that it is about to be.
	refreshed time.Time
	calming   bool
}

// logged is a message that was shown.
type logged struct {
	at    time.Time
	level widget.ToastLevel
	text  string
}

// undoable is the last change that can be taken back, and until when.
type undoable struct {
	back  func() []screen.Event
	until time.Time
}

// undoFor is how long a change can be taken back with one key.
const undoFor = 2 * time.Minute

// New makes the console. ctx ends all its work.
func New(ctx context.Context, o Options) *App {
	if o.Now == nil {
		o.Now = time.Now
	}
	ctx, end := context.WithCancel(control.WithActor(ctx, o.Actor))
	a := &App{opts: o, ctx: ctx, end: end, theme: o.Theme, used: map[string]int{}, acts: map[string][]action.Action{}, w: 80, h: 24}
	a.mouse = o.Preferences[preference.Mouse] == preference.MouseOn
	a.env = &screen.Env{Services: o.Services, Say: o.Say, Points: o.Points, Templates: o.Templates, Releases: o.Releases, Theme: theme.Choose(o.Theme), Actor: o.Actor, Browser: o.Browse != nil, Now: o.Now,
		ReadFile: o.ReadFile, Recorded: o.Recorded}
	return a
}

// Messages of the console to itself.
type (
	// changed says that something changed in the database.
	changed struct{ event control.Event }
	// expired says that a toast's time has come.
	expired struct{ id uint64 }
	// calm says that what changed a moment ago is to be shown now.
	calm struct{}
	// ended says that a grant has ended, so that rights are different from now on.
	ended struct{ place *place }
)

// Init implements tea.Model.
func (a *App) Init() tea.Cmd {
	// Terminals behind ssh or a multiplexer say less about their colours than they can show; asking is cheap.
	return tea.Batch(tea.RequestBackgroundColor, tea.RequestCapability("RGB"), tea.RequestCapability("Tc"), a.listen(), a.open(a.opts.Start, false), a.announce())
}

// announceWithin is how long before their end one's own roles are announced when the console opens.
const announceWithin = 7 * 24 * time.Hour

// announce tells whoever opens the console which of their roles end soon.
func (a *App) announce() tea.Cmd {
	return a.begin(a.at(), screen.Run("announce", "", func(ctx context.Context) ([]member.Ending, error) {
		return a.env.Members.EndingOwn(ctx, announceWithin)
	}, func(ending []member.Ending, err error) []screen.Event {
		if err != nil || len(ending) == 0 {
			return nil // it is said on the overview too, where a failure is seen
		}
		first := ending[0]
		id, place := "ending.own", first.WorkspaceName
		switch first.Grant {
		case fault.GrantPolicy:
			id = "ending.own.policy"
		case fault.GrantTenantRole:
			place = first.Region
		case fault.GrantWorkspaceRole:
		}
		return []screen.Event{screen.Say{Level: widget.ToastWarning, Text: message.Text{ID: id, Args: message.Args{
			"Count": len(ending), "Role": a.env.EndingRole(first), "Workspace": place, "When": a.env.Until(&first.Until)}}}}
	}))
}

// endsLater comes back when the next of the grants that the standing rests on has ended.
func (a *App) endsLater(p *place) tea.Cmd {
	if a.opts.After == nil || p.standing.NextEnd == 0 || p.standing.NextEnd == p.awaited {
		return nil
	}
	wait := time.Unix(p.standing.NextEnd, 0).Sub(a.opts.Now())
	if wait > 24*time.Hour {
		return nil // no session lasts that long without going elsewhere
	}
	p.awaited = p.standing.NextEnd
	return a.opts.After(max(wait, 0), ended{p})
}

// listen waits for the next change.
func (a *App) listen() tea.Cmd {
	if a.opts.Events == nil {
		return nil
	}
	return func() tea.Msg {
		select {
		case e, ok := <-a.opts.Events:
			if !ok {
				return nil
			}
			return changed{e}
		case <-a.ctx.Done():
			return nil
		}
	}
}

// Update implements tea.Model.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := a.update(msg)
	a.footer = a.footerKeys()
	return a, cmd
}

func (a *App) update(msg tea.Msg) tea.Cmd {
	if said, did := a.uncovers(msg); did {
		return said
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.w, a.h = msg.Width, msg.Height
		return a.carryOut(a.at(), []screen.Event{})
	case tea.BackgroundColorMsg:
		a.theme.Dark = msg.IsDark()
		a.env.Theme = theme.Choose(a.theme)
	case tea.ColorProfileMsg:
		a.theme.Profile = colorprofile.Profile(msg.Profile)
		a.env.Theme = theme.Choose(a.theme)
	case tea.KeyPressMsg:
		return a.key(msg)
	case tea.PasteMsg:
		return a.paste(msg.Content)
	case tea.MouseClickMsg:
		return a.click(msg)
	case tea.MouseWheelMsg:
		return a.wheel(msg)
	case done:
		return a.finish(msg)
	case changed:
		return tea.Batch(a.listen(), a.changes(msg.event))
	case calm:
		a.calming = false
		return a.refresh()
	case ended:
		if msg.place == a.at() {
			return a.refresh()
		}
	case Notice:
		return a.notice(msg)
	case Locked:
		a.locked = &covered{ends: msg.Ends}
	case expired:
		a.toasts.Expire(msg.id, a.opts.Now())
	}
	return nil
}

// refresh loads what is shown anew.
func (a *App) refresh() tea.Cmd {
	at := a.at()
	if at == nil {
		return nil
	}
	a.refreshed = a.opts.Now()
	return tea.Batch(a.standing(at), a.carryOut(at, at.screen.Refresh()))
}

// say shows a message for a while and keeps it for the list of messages.
func (a *App) say(level widget.ToastLevel, text string) tea.Cmd {
	lasts := 5 * time.Second
	if level >= widget.ToastWarning {
		lasts = 10 * time.Second
	}
	now := a.opts.Now()
	id := a.toasts.Push(level, text, now, lasts)
	a.log = append(a.log, logged{at: now, level: level, text: text})
	if len(a.log) > 200 {
		a.log = a.log[len(a.log)-200:]
	}
	if a.opts.After == nil {
		return nil
	}
	return a.opts.After(lasts, expired{id})
}

func (a *App) verdict(id action.ID) control.Verdict {
	at := a.at()
	if id == action.Undo {
		if a.undo == nil || a.opts.Now().After(a.undo.until) {
			return control.Impossible("undo.nothing", nil)
		}
		return control.Possible()
	}
	if id == action.AccessWhy && at != nil && !askable(at.route) {
		return control.Impossible("why.nowhere", nil)
	}
	if v := a.env.May(id); !v.OK && !a.still(id) {
		if at != nil && !at.known {
			return control.Impossible("list.loading", nil)
		}
		return v
	}
	if at == nil || a.own(id) {
		return control.Possible()
	}
	if v := a.forOne(id, at.screen); !v.OK {
		return v
	}
	return at.screen.Verdict(id)
}

// forOne refuses what would be done to the row under the cursor while others are marked: whoever marks rows means those.
func (a *App) forOne(id action.ID, s screen.Screen) control.Verdict {
	list, ok := s.(screen.Marking)
	act, known := a.env.Gate.Acts().Get(id)
	if !ok || !known || act.Danger == action.Reads || act.Marks || act.Apart || list.Marks() == 0 {
		return control.Possible()
	}
	return control.Impossible("list.for_one", message.Args{"Count": list.Marks()})
}

// own tells of acts that work everywhere: a screen has no say in them, or one that could not be loaded could not be left.
func (a *App) own(id action.ID) bool {
	act, ok := a.env.Gate.Acts().Get(id)
	return ok && slices.Contains(act.Scopes, action.ScopeEverywhere)
}

// askable tells of places about which there is a question of access to ask.
func askable(r route.Route) bool {
	return r.InWorkspace() || r.Kind == route.TenantMembers || r.Kind == route.TenantRoles || r.Kind == route.Policies ||
		r.Kind == route.Policy || r.Kind == route.Admin
}

// still tells of acts that need no standing: they are the console's own.
func (a *App) still(id action.ID) bool {
	act, ok := a.env.Gate.Acts().Get(id)
	return ok && act.Need == action.NeedNothing && (act.Danger == action.Reads || !a.opts.Actor.ReadOnly)
}

// Close ends all work. The console must not be used afterwards.
func (a *App) Close() { a.end() }
