package request_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"reeve/cmd/handover"
	"reeve/core/access"
	"reeve/core/audit"
	"reeve/core/audit/chain"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/policy"
	"reeve/core/region"
	"reeve/core/request"
	"reeve/core/role"
	"reeve/core/tenantrole"
	"reeve/core/workspace"
	"reeve/storage"
	"reeve/storage/storagetest"
)

type story struct {
	*storagetest.World
	requests    *request.Service
	members     *member.Service
	tenantRoles *tenantrole.Service
	policies    *policy.Service
	roles       *role.Service
	workspaces  *workspace.Service
	users       *directory.Service
	audit       *audit.Service
	sales       control.Ref
}

// open has the workspace sales, which adam and eve administer, and ann, bob and carol, who are nobody in it.
func open(t *testing.T) *story {
	t.Helper()
	w := storagetest.Open(t)
	w.Users("adam", "eve", "ann", "bob", "carol")
	s := &story{World: w, sales: w.Workspace("sales", "adam", "eve"), members: member.New(w.Gate, storage.NewMembers(w.DB, w.Builtins)),
		tenantRoles: tenantrole.New(w.Gate, storage.NewTenantRoles(w.DB, w.Builtins)), policies: policy.New(w.Gate, storage.NewPolicies(w.DB, w.Builtins)),
		roles: role.New(w.Gate, storage.NewRoles(w.DB, w.Builtins)), users: directory.New(w.Gate, storage.NewDirectory(w.DB)),
		workspaces: workspace.New(w.Gate, storage.NewWorkspaces(w.DB), region.NewOffers(storage.NewRegions(w.DB), nil), workspace.Near{}),
		audit:      audit.New(w.Gate, storage.NewAudit(w.DB), nil)}
	s.requests = request.New(w.Gate, storage.NewAccessRequests(w.DB), handover.Grants{Gate: w.Gate, Members: s.members,
		MemberStore: storage.NewMembers(w.DB, w.Builtins), TenantRoles: s.tenantRoles, TenantRoleStore: storage.NewTenantRoles(w.DB, w.Builtins),
		Policies: s.policies, PolicyStore: storage.NewPolicies(w.DB, w.Builtins)}.Givers())
	return s
}

// reason is the message of the first thing that is wrong.
func reason(err error) string {
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		return invalid.Fields[0].Text.ID
	}
	var f fault.Fault
	if !errors.As(err, &f) {
		return ""
	}
	return f.Text().ID
}

func develop(end request.End) request.Wanted {
	return request.Wanted{Kind: request.WorkspaceRole, Region: storagetest.Home, Workspace: "sales", Role: "develop", Why: "the nightly load is mine now", End: end}
}

func (s *story) ask(t *testing.T, who string, in request.Wanted) request.Made {
	t.Helper()
	made, err := s.requests.Create(s.As(who), in)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func (s *story) names(t *testing.T, who string, v request.View) (users []string) {
	t.Helper()
	page, err := s.requests.List(s.As(who), v, list.Query{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range page.Items {
		users = append(users, r.User)
	}
	return users
}

// member finds a member by name; ok is false for who is none.
func (s *story) member(t *testing.T, name string) (member.Member, bool) {
	t.Helper()
	page, err := s.members.List(s.As("adam"), s.sales, list.Query{Filter: list.Filter{{Field: "name", Value: name}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Items) == 0 {
		return member.Member{}, false
	}
	return page.Items[0], true
}

// entries are the acts of the audit, the newest first.
func (s *story) entries(t *testing.T) (acts []string) {
	t.Helper()
	page, err := s.audit.List(s.As(storagetest.Owner), audit.Search{Query: list.Query{Limit: list.MaxLimit}})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range page.Items {
		if e.Outcome == chain.Denied {
			e.Action += " denied"
		}
		acts = append(acts, e.Action)
	}
	return acts
}

func keeping(t *testing.T) context.Context {
	t.Helper()
	return control.WithActor(t.Context(), control.Actor{Name: "keeper", Face: control.FaceKeeper})
}

func TestARoleIsAskedForAndGranted(t *testing.T) {
	s := open(t)
	made := s.ask(t, "ann", develop(request.End{After: 8 * time.Hour}))
	if made.State != request.Pending || made.Role.Code != "role_project_dev" || !slices.Equal(made.Ask, []string{"adam", "eve", "root"}) {
		t.Errorf("asked for %+v, waits for %v", made.Request, made.Ask)
	}
	if mine, theirs := s.names(t, "ann", request.Own), s.names(t, "adam", request.ToDecide); !slices.Equal(mine, []string{"ann"}) || !slices.Equal(theirs, mine) {
		t.Errorf("ann sees %v, adam is to decide %v", mine, theirs)
	}
	if others := s.names(t, "bob", request.All); others != nil {
		t.Errorf("bob sees %v", others)
	}
	if _, err := s.requests.Get(s.As("bob"), made.ID); reason(err) != "fault.not_found" {
		t.Errorf("bob sees the request: %v", err)
	}
	out, err := s.requests.PreviewGrant(s.As("adam"), made.ID, request.Decision{})
	if err != nil || len(out.Effect.Gains) == 0 || out.Effect.Gains[0].Principals[0] != s.ID("ann") {
		t.Fatalf("foreseen %+v (%v)", out.Effect, err)
	}
	if _, joined := s.member(t, "ann"); joined {
		t.Fatal("a preview made ann a member")
	}
	s.Pass(3 * time.Hour)
	got, err := s.requests.Grant(s.As("adam"), made.ID, request.Decision{Note: "welcome", Version: made.Version})
	end := s.Now().Add(8 * time.Hour) // a length is counted from the grant
	if err != nil || got.State != request.Granted || got.DecidedBy != "adam" || got.Note != "welcome" || got.Given.Code != "role_project_dev" || !got.Given.Until.Equal(end) {
		t.Fatalf("granted %+v (%v)", got, err)
	}
	ann, joined := s.member(t, "ann")
	if !joined || len(ann.Roles) != 1 || ann.Roles[0].Code != "role_project_dev" || !ann.Roles[0].Until.Equal(end) || ann.Roles[0].By != "adam" {
		t.Errorf("ann is %+v", ann)
	}
	if acts := s.entries(t); !slices.Equal(acts[:3], []string{"request.grant", "member.add", "request.create"}) {
		t.Errorf("the audit has %v", acts)
	}
	// Who has a power is to decide everything, but policies only where it may attach them.
	if _, err := s.policies.Attach(s.As(storagetest.Owner), "AliyunDataWorksFullAccess", policy.Batch{Users: []string{"carol"}}); err != nil {
		t.Fatal(err)
	}
	s.ask(t, "bob", develop(request.End{}))
	s.ask(t, "eve", request.Wanted{Kind: request.Policy, Role: "AliyunDataWorksReadOnlyAccess", Why: "to look around"})
	for who, want := range map[string][]string{"carol": {"bob"}, storagetest.Owner: {"eve", "bob"}, "eve": {"bob"}} {
		if waiting := s.names(t, who, request.ToDecide); !slices.Equal(waiting, want) {
			t.Errorf("%s is to decide %v, want %v", who, waiting, want)
		}
	}
	if n, err := s.requests.Waiting(s.As(storagetest.Owner), ""); err != nil || n != 2 {
		t.Errorf("%d wait (%v)", n, err)
	}
	if n, err := s.requests.Waiting(s.As(storagetest.Owner), storagetest.Home); err != nil || n != 1 {
		t.Errorf("%d wait in the region (%v)", n, err)
	}
	if _, err := s.requests.Refuse(s.As("adam"), made.ID+1, request.Decision{Note: "not now"}); err != nil {
		t.Fatal(err)
	}
	if left := s.names(t, "adam", request.ToDecide); left != nil {
		t.Errorf("adam is still to decide %v", left)
	}
	if told, err := s.requests.Answered(s.As("ann")); err != nil || len(told) != 1 || told[0].ID != made.ID {
		t.Errorf("ann is told of %+v (%v)", told, err)
	}
	s.Pass((request.AnswerDays*24 + 1) * time.Hour)
	if told, err := s.requests.Answered(s.As("ann")); err != nil || len(told) != 0 {
		t.Errorf("after a while ann is told of %+v (%v)", told, err)
	}
	if again, err := s.requests.Get(s.As("ann"), made.ID); err != nil || again.State != request.Granted {
		t.Errorf("ann sees %+v (%v)", again, err)
	}
}

func TestWhatAMemberHoldsBesidesStays(t *testing.T) {
	s := open(t)
	end := s.Now().Add(48 * time.Hour)
	if _, err := s.members.Add(s.As("adam"), s.sales, member.Batch{Users: []string{"ann"}, Roles: []string{"visitor", "o&m"}, Ends: map[string]time.Time{"o&m": end}}); err != nil {
		t.Fatal(err)
	}
	made := s.ask(t, "ann", develop(request.End{}))
	if _, err := s.requests.Grant(s.As("eve"), made.ID, request.Decision{}); err != nil {
		t.Fatal(err)
	}
	held := map[string]*time.Time{}
	ann, _ := s.member(t, "ann")
	for _, r := range ann.Roles {
		held[r.Code] = r.Until
	}
	if len(held) != 3 || held["role_project_pe"] == nil || !held["role_project_pe"].Equal(end) || held["role_project_dev"] != nil || held["role_project_guest"] != nil {
		t.Errorf("ann holds %v", held)
	}
	// What is held open ended cannot be asked for again, what ends can be asked for beyond its end.
	if _, err := s.requests.Create(s.As("ann"), develop(request.End{})); reason(err) != "fault.request.held" {
		t.Errorf("asked again: %v", err)
	}
	longer := develop(request.End{At: end.Add(time.Hour)})
	longer.Role = "o&m"
	made = s.ask(t, "ann", longer)
	if _, err := s.requests.Grant(s.As("eve"), made.ID, request.Decision{}); err != nil {
		t.Fatal(err)
	}
	if ann, _ = s.member(t, "ann"); len(ann.Roles) != 3 {
		t.Errorf("ann holds %+v", ann.Roles)
	}
	shorter := longer
	shorter.End = request.End{At: end}
	if _, err := s.requests.Create(s.As("ann"), shorter); reason(err) != "fault.request.held" {
		t.Errorf("asked for less than is held: %v", err)
	}
}

func TestNobodyDecidesTheirOwn(t *testing.T) {
	s := open(t)
	in := develop(request.End{})
	made := s.ask(t, "adam", in)
	for name, decide := range map[string]func() error{
		"grant":   func() error { _, err := s.requests.Grant(s.As("adam"), made.ID, request.Decision{}); return err },
		"preview": func() error { _, err := s.requests.PreviewGrant(s.As("adam"), made.ID, request.Decision{}); return err },
		"refuse": func() error {
			_, err := s.requests.Refuse(s.As("adam"), made.ID, request.Decision{Note: "no need"})
			return err
		},
	} {
		var denied *fault.Denied
		if err := decide(); !errors.As(err, &denied) || denied.Reason.ID != "denied.request.own" || !slices.Contains(denied.Ask, "eve") {
			t.Errorf("%s: %v, ask %v", name, err, denied)
		}
	}
	if acts := s.entries(t); acts[0] != "request.refuse denied" && acts[0] != "request.grant denied" {
		t.Errorf("the audit has %v", acts)
	}
	if waiting := s.names(t, "adam", request.ToDecide); waiting != nil {
		t.Errorf("adam is asked to decide %v", waiting)
	}
	// Not even the account.
	own := s.ask(t, storagetest.Owner, request.Wanted{Kind: request.Policy, Role: "AliyunDataWorksReadOnlyAccess", Why: "to see how it looks"})
	if _, err := s.requests.Grant(s.As(storagetest.Owner), own.ID, request.Decision{}); reason(err) != "denied.request.own" {
		t.Errorf("the account granted itself: %v", err)
	}
	if _, err := s.requests.Withdraw(s.As("eve"), made.ID, 0); reason(err) != "denied.request.withdraw" {
		t.Errorf("eve withdrew it: %v", err)
	}
	if got, err := s.requests.Withdraw(s.As("adam"), made.ID, 0); err != nil || got.State != request.Withdrawn {
		t.Errorf("withdrawn %+v (%v)", got, err)
	}
}

func TestTheRightIsThatOfTheGrantByHand(t *testing.T) {
	s := open(t)
	if _, err := s.members.Add(s.As("adam"), s.sales, member.Batch{Users: []string{"carol"}, Roles: []string{"develop"}}); err != nil {
		t.Fatal(err)
	}
	made := s.ask(t, "ann", develop(request.End{}))
	for _, who := range []string{"bob", "carol"} {
		if _, err := s.requests.Grant(s.As(who), made.ID, request.Decision{}); reason(err) != "fault.not_found" {
			t.Errorf("%s: %v", who, err)
		}
	}
	tenant := s.ask(t, "ann", request.Wanted{Kind: request.TenantRole, Region: storagetest.Home, Role: "tenant_security_admin", Why: "the audit is next week"})
	if _, err := s.requests.Grant(s.As("adam"), tenant.ID, request.Decision{}); reason(err) != "fault.not_found" {
		t.Errorf("an administrator of a workspace granted a tenant role: %v", err)
	}
	if _, err := s.tenantRoles.Grant(s.As(storagetest.Owner), storagetest.Home, tenantrole.Batch{Users: []string{"bob"}, Roles: []string{"tenant_admin"}}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.requests.Grant(s.As("bob"), tenant.ID, request.Decision{End: request.End{After: time.Hour}}); err != nil || !got.Given.Until.Equal(s.Now().Add(time.Hour)) {
		t.Errorf("granted %+v (%v)", got, err)
	}
	// Whoever is equal to the account but is not it sees the request, and the ordinary refusal when granting it.
	full := s.ask(t, "ann", request.Wanted{Kind: request.Policy, Role: "aliyundataworksfullaccess", Why: "I run the platform"})
	if full.Role.Code != "AliyunDataWorksFullAccess" || full.Region != "" {
		t.Errorf("asked for %+v", full.Request)
	}
	if _, err := s.policies.Attach(s.As(storagetest.Owner), "AdministratorAccess", policy.Batch{Users: []string{"eve"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.requests.Grant(s.As("eve"), full.ID, request.Decision{}); reason(err) != "denied.policy.account" {
		t.Errorf("eve granted it: %v", err)
	}
	if still, err := s.requests.Get(s.As("eve"), full.ID); err != nil || still.State != request.Pending {
		t.Errorf("what could not be granted is %+v (%v)", still, err)
	}
	if _, err := s.requests.Grant(s.As(storagetest.Owner), full.ID, request.Decision{}); err != nil {
		t.Error(err)
	}
	attached, err := s.policies.AttachedTo(s.As(storagetest.Owner), "ann")
	if err != nil || len(attached) != 1 || attached[0].Until != nil {
		t.Errorf("attached %+v (%v)", attached, err)
	}
}

func TestNobodyHandsOutMoreThanTheyHold(t *testing.T) {
	s := open(t)
	if _, err := s.tenantRoles.Grant(s.As(storagetest.Owner), storagetest.Home, tenantrole.Batch{Users: []string{"bob"}, Roles: []string{"tenant_admin"}}); err != nil {
		t.Fatal(err)
	}
	made := s.ask(t, "ann", request.Wanted{Kind: request.WorkspaceRole, Workspace: "sales", Role: "workspace administrator", Why: "adam is on leave"})
	got, err := s.requests.Grant(s.As("adam"), made.ID, request.Decision{Role: "visitor"})
	if err != nil || got.Given.Code != "role_project_guest" || got.Role.Code != "role_project_admin" {
		t.Errorf("another role: %+v (%v)", got, err)
	}
	made = s.ask(t, "ann", develop(request.End{After: time.Hour}))
	for _, c := range []struct {
		in   request.Decision
		want string
	}{
		{request.Decision{End: request.End{After: 2 * time.Hour}}, "fault.request.longer"},
		{request.Decision{End: request.End{At: s.Now()}}, "fault.until.past"},
		{request.Decision{End: request.End{At: s.Now().Add(time.Hour), After: time.Hour}}, "fault.request.end"},
		{request.Decision{Role: "owner"}, "fault.request.role.workspace-role"},
		{request.Decision{Role: "develpo"}, "fault.request.role.workspace-role"},
		{request.Decision{Note: "a\x1b[31m"}, "fault.text.unsafe"},
		{request.Decision{Version: 9}, "fault.conflict"},
	} {
		if _, err := s.requests.Grant(s.As("adam"), made.ID, c.in); reason(err) != c.want {
			t.Errorf("%+v: %v, want %s", c.in, err, c.want)
		}
	}
	if _, err := s.requests.Refuse(s.As("adam"), made.ID, request.Decision{Note: " "}); reason(err) != "fault.text.empty" {
		t.Errorf("refused without a word: %v", err)
	}
	if got, err := s.requests.Refuse(s.As("adam"), made.ID, request.Decision{Note: "ask bob to run it"}); err != nil || got.State != request.Refused || got.Note == "" {
		t.Errorf("refused %+v (%v)", got, err)
	}
}

func TestFaultyRequests(t *testing.T) {
	s := open(t)
	made := s.ask(t, "ann", develop(request.End{}))
	past := s.Now().Add(-time.Second)
	change := func(do func(*request.Wanted)) request.Wanted {
		in := develop(request.End{})
		do(&in)
		return in
	}
	for _, c := range []struct {
		in   request.Wanted
		want string
	}{
		{develop(request.End{}), "fault.request.same"},
		{develop(request.End{After: time.Hour}), "fault.request.same"},
		{change(func(in *request.Wanted) { in.Role = "DEVELOPER" }), "fault.request.same"},
		{change(func(in *request.Wanted) { in.Why = " ?" }), "fault.text.length"},
		{change(func(in *request.Wanted) { in.Why = strings.Repeat("x", 501) }), "fault.text.length"},
		{change(func(in *request.Wanted) { in.Why = "line\nline" }), "fault.text.unsafe"},
		{change(func(in *request.Wanted) { in.Why = "\u202egnirts" }), "fault.text.unsafe"},
		{change(func(in *request.Wanted) { in.Why = "" }), "fault.text.empty"},
		{change(func(in *request.Wanted) { in.Role = "" }), "fault.member.no_role"},
		{change(func(in *request.Wanted) { in.Role = "Workspace Owner" }), "fault.request.role.workspace-role"},
		{change(func(in *request.Wanted) { in.Workspace = "salse" }), "fault.not_found"},
		{change(func(in *request.Wanted) { in.Workspace = "" }), "fault.not_found"},
		{change(func(in *request.Wanted) { in.Kind = "moon" }), "fault.request.kind"},
		{change(func(in *request.Wanted) { in.Kind, in.Role = request.TenantRole, "tenant_owner" }), "fault.request.role.tenant-role"},
		{change(func(in *request.Wanted) { in.Kind, in.Region, in.Role = request.TenantRole, "mars", "tenant_admin" }), "fault.not_found"},
		{change(func(in *request.Wanted) { in.Kind, in.Role = request.Policy, "AdminAccess" }), "fault.request.role.policy"},
		{develop(request.End{At: past}), "fault.until.past"},
		{develop(request.End{After: -time.Hour}), "fault.request.end"},
	} {
		if _, err := s.requests.Create(s.As("ann"), c.in); reason(err) != c.want {
			t.Errorf("%+v: %v, want %s", c.in, err, c.want)
		}
	}
	both := change(func(in *request.Wanted) { in.Role, in.Why = "nosuch", "" })
	var invalid *fault.Invalid
	if _, err := s.requests.Create(s.As("ann"), both); !errors.As(err, &invalid) || len(invalid.Fields) != 2 {
		t.Errorf("everything wrong at once: %v", err)
	}
	// Somebody else may wait for the same, and after it is decided it may be asked for again.
	s.ask(t, "bob", develop(request.End{}))
	if _, err := s.requests.Refuse(s.As("adam"), made.ID, request.Decision{Note: "not now"}); err != nil {
		t.Fatal(err)
	}
	s.ask(t, "ann", develop(request.End{}))
}

// Who is nobody in a workspace learns no name from asking: neither those of workspaces nor those of custom roles.
func TestNamesDoNotLeak(t *testing.T) {
	s := open(t)
	if _, err := s.roles.Create(s.As("adam"), s.sales, "Secret loader", access.Levels(0)); err != nil {
		t.Fatal(err)
	}
	in := develop(request.End{})
	in.Role = "Secret loader"
	_, err := s.requests.Create(s.As("ann"), in)
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) || strings.Contains(invalid.Fields[0].Text.Args["Nearest"].(string), "Secret") {
		t.Errorf("a custom role by a stranger: %v", err)
	}
	offers, err := s.requests.Offers(s.As("ann"), in)
	if err != nil || len(offers) == 0 || slices.ContainsFunc(offers, func(r request.Role) bool { return !r.Builtin }) {
		t.Errorf("a stranger is offered %v (%v)", offers, err)
	}
	if _, err := s.members.Add(s.As("adam"), s.sales, member.Batch{Users: []string{"ann"}, Roles: []string{"visitor"}}); err != nil {
		t.Fatal(err)
	}
	if made := s.ask(t, "ann", in); made.Role.Builtin || made.Role.Name != "Secret loader" {
		t.Errorf("a member asked for %+v", made.Role)
	}
	in.Workspace = "sale"
	var missing *fault.NotFound
	if _, err := s.requests.Create(s.As("bob"), in); !errors.As(err, &missing) || missing.Nearest != nil {
		t.Errorf("bob was told %v (%v)", missing, err)
	}
}
