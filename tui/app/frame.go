package app

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// area is one entry of the console's navigation. An area without a kind is not there yet.
type area struct {
	key   string
	title string
	kind  route.Kind
}

// areas are the console's own navigation, in its order.
var areas = [...]area{
	{"1", "nav.overview", route.Overview},
	{"2", "nav.workspaces", route.Workspaces},
	{"3", "nav.groups", route.Groups},
	{"4", "nav.images", ""},
	{"5", "nav.models", ""},
	{"6", "nav.purchased", ""},
	{"7", "nav.admin", route.Admin},
	{"8", "nav.audit", route.Audit},
}

// tabSets are the places that stand side by side: those of one workspace, and those of the admin center.
var tabSets = [...][]route.Kind{
	{route.Details, route.Figures, route.Settings, route.Sources, route.Engines, route.Members, route.Roles, route.Points},
	{route.Admin, route.TenantMembers, route.TenantRoles, route.Policies, route.Requests, route.Sessions, route.Tokens},
}

// tabsOf are the places beside a place, itself among them; none where it stands alone.
func tabsOf(kind route.Kind) []route.Kind {
	for _, set := range tabSets {
		if slices.Contains(set, kind) {
			return set
		}
	}
	return nil
}

// navFrom is the width from which on the navigation is shown.
const navFrom = 100

// View implements tea.Model.
func (a *App) View() tea.View {
	v := tea.View{AltScreen: true, WindowTitle: "reeve " + a.opts.Tenant}
	if _, shown := a.selects(); a.mouse && !shown {
		v.MouseMode = tea.MouseModeCellMotion
	}
	v.Content, v.Cursor = a.frame()
	return v
}

// Frame draws the window's content.
func (a *App) frame() (string, *tea.Cursor) {
	th := a.env.Theme
	if widget.TooSmall(a.w, a.h) {
		return widget.TooSmallNotice(th, a.env.With("frame.too_small", message.Args{"Width": widget.LeastWidth, "Height": widget.LeastHeight}), a.w, a.h), nil
	}
	if a.locked != nil {
		return a.cover(), nil
	}
	if s, shown := a.selects(); shown {
		return s.alone(a.w, a.h), nil
	}
	at := a.at()
	if at == nil {
		return paint.Sized(nil, a.w, a.h), nil
	}
	x, y, w, h := a.body(at)
	view := at.screen.View(w, h)
	if y > 2 {
		view = paint.Join(widget.Tabs(th, a.tabTitles(tabsOf(at.route.Kind)), slices.Index(tabsOf(at.route.Kind), at.route.Kind), w), paint.Rule(th, w), view)
	}
	if x > 0 {
		view = paint.Beside([]string{widget.Nav(th, a.nav(), a.areaOf(at.route), x, a.h-4), view}, []int{x, w})
	}
	content := paint.Join(a.crumbs(at).Render(th, a.w), paint.Rule(th, a.w), view, paint.Rule(th, a.w), a.foot())
	if n := len(a.overlays); n > 0 {
		framed, cursor := a.over(content, a.overlays[n-1])
		return a.withNotice(framed), cursor
	}
	content = a.withNotice(content)
	if t, ok := at.screen.(screen.Typing); ok && t.Typing() {
		if cx, cy, ok := t.Cursor(); ok {
			return content, tea.NewCursor(x+cx, y+cy)
		}
	}
	return content, nil
}

// body is where the screen's own view stands.
func (a *App) body(at *place) (x, y, w, h int) {
	y, h = 2, a.h-4
	if a.w >= navFrom {
		x = widget.NavWidth(a.nav())
	}
	if tabsOf(at.route.Kind) != nil {
		y, h = y+2, h-2
	}
	return x, y, a.w - x - 1, h // the last column stays free, so that nothing touches the edge
}

func (a *App) over(content string, top screen.Overlay) (string, *tea.Cursor) {
	box := top.Box(a.env.Theme, a.w-4, a.h-4)
	framed, x, y := paint.Centered(paint.Dim(a.env.Theme, content), box, a.w, a.h)
	if cx, cy, ok := top.Cursor(); ok {
		return framed, tea.NewCursor(x+cx, y+cy)
	}
	return framed, nil
}

func (a *App) nav() []widget.NavItem {
	items := make([]widget.NavItem, len(areas))
	for i, n := range areas {
		items[i] = widget.NavItem{Key: n.key, Title: a.env.Text(n.title), Disabled: n.kind == ""}
	}
	return items
}

// areaOf is the area that a place belongs to.
func (a *App) areaOf(r route.Route) int {
	kind := r.Kind
	switch kind {
	case route.Details, route.Members, route.Member, route.Joining, route.Reviews, route.Review, route.Roles, route.Role, route.Points, route.Engines, route.Sources, route.Figures, route.Settings, route.Bin, route.Workspaces, route.Bootstraps, route.Bootstrap:
		kind = route.Workspaces
	case route.Entry, route.Audit:
		kind = route.Audit
	case route.Groups, route.Group, route.Runs:
		kind = route.Groups
	case route.Regions, route.Admin, route.TenantMembers, route.TenantRoles, route.Policies, route.Policy, route.Requests, route.Request, route.Sessions, route.Tokens:
		kind = route.Admin
	case route.Overview:
	}
	return slices.IndexFunc(areas[:], func(n area) bool { return n.kind == kind })
}

func (a *App) tabTitles(tabs []route.Kind) []string {
	titles := make([]string, len(tabs))
	for i, kind := range tabs {
		titles[i] = a.env.Text("tab." + string(kind))
	}
	return titles
}

// tab goes to the tab beside this one.
func (a *App) tab(by int) tea.Cmd {
	r := a.at().route
	tabs := tabsOf(r.Kind)
	i := slices.Index(tabs, r.Kind)
	if i < 0 {
		return nil
	}
	to := tabs[(i+by+len(tabs))%len(tabs)]
	return a.open(route.Route{Kind: to, Region: r.Region, Workspace: r.Workspace}, true)
}

func (a *App) crumbs(at *place) widget.Crumbs {
	path := []string{a.opts.Tenant}
	if at.route.Region != "" {
		path = append(path, at.route.Region)
	}
	if at.route.InWorkspace() {
		path = append(path, at.route.Workspace)
	}
	switch at.route.Kind {
	case route.Role:
		path = append(path, a.env.Text("tab.roles"))
	case route.Member, route.Joining, route.Reviews:
		path = append(path, a.env.Text("tab.members"))
	case route.Review:
		path = append(path, a.env.Text("tab.members"), a.env.Text("reviews.title"))
	case route.Policy:
		path = append(path, a.env.Text("tab.policies"))
	case route.Request:
		path = append(path, a.env.Text("tab.requests"))
	case route.Group:
		path = append(path, a.env.Text("nav.groups"))
	case route.Runs:
		path = append(path, a.env.Text("nav.groups"), at.route.Item)
	case route.Entry:
		path = append(path, a.env.Text("nav.audit"))
	default: // the screen's own title says it all
	}
	who := []string{a.opts.Actor.Name}
	if right := a.right(at.standing); right != "" {
		who = append(who, right)
	}
	if e := at.standing.Edition; e != "" {
		who = append(who, a.env.Text("edition."+string(e)))
	}
	return widget.Crumbs{Logo: "reeve", Path: append(path, at.screen.Title()), Session: a.session(), Who: who}
}

// session says how the session itself is narrower than what the viewer may do.
func (a *App) session() string {
	var parts []string
	if a.opts.Actor.ReadOnly {
		parts = append(parts, a.env.Text("frame.read_only"))
	}
	if len(a.opts.Actor.Only) > 0 {
		parts = append(parts, a.env.Text("frame.narrowed"))
	}
	if a.opts.Recorded {
		parts = append(parts, a.env.Text("frame.recorded"))
	}
	if !a.ends.IsZero() {
		parts = append(parts, a.env.With("frame.ends", message.Args{"At": a.ends.Format(time.TimeOnly)}))
	}
	return strings.Join(parts, ", ")
}

// right says by which right the viewer is here.
func (a *App) right(st control.Standing) string {
	switch st.Power {
	case access.PowerAccount:
		return a.env.Text("power.account")
	case access.PowerFullAccess:
		return a.env.Text("power.full_access")
	case access.PowerAdministrator:
		return a.env.Text("why.kind.administrator_access")
	case access.PowerNone:
	}
	var names []string
	for i, r := range st.Roles {
		if i == 2 {
			names = append(names, a.env.Theme.Glyphs.Ellipsis)
			break
		}
		names = append(names, a.opts.Say.Say(control.RoleName(r)))
	}
	return strings.Join(names, ", ")
}

// footerKeys are the acts possible here and now, most useful first.
func (a *App) footerKeys() []widget.FooterKey {
	ranked := slices.DeleteFunc(slices.Clone(a.actsHere()), func(act action.Action) bool {
		return act.Rank == 0 || len(act.Keys) == 0 || !a.verdict(act.ID).OK
	})
	slices.SortStableFunc(ranked, func(x, y action.Action) int { return x.Rank - y.Rank })
	keys := make([]widget.FooterKey, len(ranked))
	for i, act := range ranked {
		keys[i] = widget.FooterKey{Key: act.Keys[0], Title: a.env.Text(act.Short())}
	}
	return keys
}

// noticeWidth is the widest a message gets that is too long for the footer.
const noticeWidth = 64

// long tells of a message that the footer has no room for beside the keys that matter most.
func (a *App) long(text string) bool { return paint.Width(text) > a.w/2 }

// withNotice lays a long message over the lower right corner, where it can be read to its end.
func (a *App) withNotice(content string) string {
	text, role := a.toasts.Label(a.env.Theme)
	if !a.long(text) {
		return content
	}
	w := min(noticeWidth, a.w-4)
	var lines []string
	for _, part := range paint.Wrap(text, w-4) {
		lines = append(lines, paint.NewLine(a.env.Theme, w-4).Text(role, part).String())
	}
	box := paint.Overlaid(a.env.Theme, "", "", lines, w)
	_, h := paint.Size(box)
	return paint.Overlay(content, box, a.w-w-1, max(0, a.h-2-h))
}

func (a *App) foot() string {
	text, role := a.toasts.Label(a.env.Theme)
	if a.long(text) {
		text = ""
	}
	if text == "" && len(a.jobs) > 0 {
		text, role = a.env.Theme.Glyphs.Ring+" "+a.jobs[len(a.jobs)-1].title, theme.Accent
	}
	return widget.Footer(a.env.Theme, a.footer, 2, text, role, a.w)
}

// click selects what is under the pointer.
func (a *App) click(m tea.MouseClickMsg) tea.Cmd {
	at := a.at()
	if at == nil || len(a.overlays) > 0 || m.Button != tea.MouseLeft {
		return nil
	}
	x, y, _, h := a.body(at)
	if m.X < x {
		if i := m.Y - 3; i >= 0 && i < len(areas) {
			return a.place(areas[i].key)
		}
		return nil
	}
	p, ok := at.screen.(screen.Pointed)
	if !ok || m.Y < y || m.Y >= y+h {
		return nil
	}
	return a.carryOut(at, p.Click(m.X-x, m.Y-y))
}

func (a *App) wheel(m tea.MouseWheelMsg) tea.Cmd {
	at := a.at()
	p, ok := at.screen.(screen.Pointed)
	if !ok || len(a.overlays) > 0 {
		return nil
	}
	lines := 3
	if m.Button == tea.MouseWheelUp {
		lines = -lines
	}
	return a.carryOut(at, p.Wheel(lines))
}
