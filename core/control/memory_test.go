package control_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"reeve/assets"
	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/audit/chain"
	"reeve/core/control"
	"reeve/core/edition"
)

// memory is a store of the gate without a database: a transaction works on a copy that replaces the state when it ends well.
type memory struct {
	kept state
	// failAudit and failCommit, if set, are what writing an entry and committing end with.
	failAudit, failCommit error
	// beforeCommit, if set, is called when everything is written and nothing is committed.
	beforeCommit func()
	writes       int
}

type state struct {
	access   access.State
	editions map[string]edition.Edition
	log      []chain.Entry
	requests map[string]control.Request
	revision uint64
}

func (s state) copy() state {
	s.access.Principals, s.access.Workspaces = slices.Clone(s.access.Principals), slices.Clone(s.access.Workspaces)
	s.access.Roles, s.access.Members, s.access.Grants = slices.Clone(s.access.Roles), slices.Clone(s.access.Members), slices.Clone(s.access.Grants)
	s.log, s.requests = slices.Clone(s.log), maps.Clone(s.requests)
	return s
}

type transaction struct{}

func (m *memory) in(ctx context.Context) *state {
	if s, ok := ctx.Value(transaction{}).(*state); ok {
		return s
	}
	return &m.kept
}

func (m *memory) Write(ctx context.Context, fn func(context.Context) error) error {
	m.writes++
	next := m.kept.copy()
	if err := fn(context.WithValue(ctx, transaction{}, &next)); err != nil {
		return err
	}
	if m.beforeCommit != nil {
		m.beforeCommit()
	}
	if m.failCommit != nil {
		return m.failCommit
	}
	m.kept = next
	return nil
}

func (m *memory) Rehearse(ctx context.Context, fn func(context.Context) error) error {
	next := m.kept.copy()
	return fn(context.WithValue(ctx, transaction{}, &next))
}

func (m *memory) Read(ctx context.Context, fn func(context.Context) error) error {
	if _, inside := ctx.Value(transaction{}).(*state); inside {
		return fn(ctx)
	}
	seen := m.kept.copy()
	return fn(context.WithValue(ctx, transaction{}, &seen))
}

func (m *memory) AccessState(ctx context.Context, _ control.Scope) (access.State, error) {
	s := m.in(ctx).copy()
	s.access.Revision = s.revision
	return s.access, nil
}

func (m *memory) EditionOf(ctx context.Context, region string) (edition.Edition, bool, error) {
	e, ok := m.in(ctx).editions[region]
	return e, ok, nil
}

func (m *memory) NextRevision(ctx context.Context) (uint64, error) {
	m.in(ctx).revision++
	return m.in(ctx).revision, nil
}

func (m *memory) Revision(ctx context.Context) (uint64, error) { return m.in(ctx).revision, nil }

func (m *memory) AppendAudit(ctx context.Context, e *chain.Entry) error {
	if m.failAudit != nil {
		return m.failAudit
	}
	s := m.in(ctx)
	if n := len(s.log); n > 0 {
		e.Prev = s.log[n-1].Hash
	}
	e.Seq = int64(len(s.log) + 1)
	e.Hash = e.Sum(e.Prev)
	s.log = append(s.log, *e)
	return nil
}

func (m *memory) SavedRequest(ctx context.Context, id string) (control.Request, bool, error) {
	r, ok := m.in(ctx).requests[id]
	return r, ok, nil
}

func (m *memory) SaveRequest(ctx context.Context, r control.Request) error {
	m.in(ctx).requests[r.ID] = r
	return nil
}

// Who is who in the tests: the account, a holder of AliyunDataWorksFullAccess, an administrator of both workspaces, a
// developer, a member without roles, somebody who joined nothing, a number that nobody has, a holder of AdministratorAccess,
// the tenant administrator of cn-hangzhou, and a group.
const (
	root access.PrincipalID = iota + 1
	fay
	ada
	dev
	plain
	zoe
	ghost
	abe
	tess
	crew
)

func everybody() []access.PrincipalID {
	return []access.PrincipalID{root, fay, ada, dev, plain, zoe, ghost, abe, tess}
}

func nameOf(p access.PrincipalID) string {
	return [...]string{"nobody", "root", "fay", "ada", "dev", "plain", "zoe", "ghost", "abe", "tess", "crew"}[p]
}

const (
	sales access.WorkspaceID = 7 // in an enterprise region
	cheap access.WorkspaceID = 8 // in a basic region
	// reader is a custom role of sales that dev holds beside Develop.
	reader access.RoleID = 1000
)

var now = time.Date(2026, 5, 4, 12, 0, 0, 123456789, time.FixedZone("east", 8*3600))

func salesTarget() control.Target {
	return control.Target{Region: "cn-hangzhou", Workspace: sales, WorkspaceName: "sales_dw", Kind: "role", Name: "reader"}
}

func cheapTarget() control.Target {
	return control.Target{Region: "cn-shanghai", Workspace: cheap, WorkspaceName: "cheap_dw", Kind: "role", Name: "reader"}
}

// desk is a gate on a memory with all the data the program is shipped with.
type desk struct {
	*control.Gate
	store *memory
	heads []chain.Head
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	builtins, err := access.LoadBuiltins(assets.Roles())
	if err != nil {
		t.Fatal(err)
	}
	acts, err := action.New(action.All())
	if err != nil {
		t.Fatal(err)
	}
	editions, err := edition.Load(assets.Editions())
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{store: &memory{kept: state{
		access:   sampleAccess(t, builtins),
		editions: map[string]edition.Edition{"cn-hangzhou": edition.Enterprise, "cn-shanghai": edition.Basic},
		requests: map[string]control.Request{},
	}}}
	seam := control.Seam{Now: func() time.Time { return now }, ID: func() string { return "id" }}
	d.Gate = control.New(d.store, acts, editions, seam, func(h chain.Head) error {
		d.heads = append(d.heads, h)
		return errors.New("the place for heads is full")
	})
	return d
}

func sampleAccess(t *testing.T, builtins []access.Role) access.State {
	t.Helper()
	byCode := map[string]access.RoleID{}
	for _, r := range builtins {
		byCode[r.Code] = r.ID
	}
	admin, develop := byCode["role_project_admin"], byCode["role_project_dev"]
	if admin == 0 || develop == 0 {
		t.Fatal("the roles these tests are about are not among the built-in ones")
	}
	st := access.State{Roles: append(slices.Clone(builtins), access.Role{
		ID: reader, Name: "reader", Kind: access.Custom, Workspace: sales, Assignable: true,
		Levels: access.AllWorkspace(access.Read).With(access.StreamStudio, access.None),
	})}
	var err error
	if st.TenantRoles, err = access.LoadTenantBuiltins(assets.TenantRoles()); err != nil {
		t.Fatal(err)
	}
	if st.Documents, err = access.LoadPolicies(assets.Policies()); err != nil {
		t.Fatal(err)
	}
	powers := map[access.PrincipalID]access.Power{root: access.PowerAccount}
	for _, p := range []access.PrincipalID{root, fay, ada, dev, plain, zoe, abe, tess, crew} {
		st.Principals = append(st.Principals, access.Principal{ID: p, Name: nameOf(p), Power: powers[p], Group: p == crew})
	}
	st.Attachments = []access.Attachment{{ID: 1, Principal: fay, Policy: 1}, {ID: 2, Principal: abe, Policy: 2}}
	st.TenantGrants = []access.TenantGrant{{ID: 1, Region: "cn-hangzhou", Principal: tess, Role: 2}}
	for _, ws := range []access.WorkspaceID{sales, cheap} {
		st.Workspaces = append(st.Workspaces, access.Workspace{ID: ws, Open: true, Region: "cn-hangzhou"})
		for _, p := range []access.PrincipalID{ada, dev, plain} {
			st.Members = append(st.Members, access.Member{Workspace: ws, Principal: p})
		}
	}
	for _, g := range []access.Grant{
		{Workspace: sales, Principal: ada, Role: admin}, {Workspace: cheap, Principal: ada, Role: admin},
		{Workspace: sales, Principal: dev, Role: reader}, {Workspace: cheap, Principal: dev, Role: develop},
	} {
		g.ID = access.GrantID(len(st.Grants) + 1)
		st.Grants = append(st.Grants, g)
	}
	return st
}

// as is a context in which p is asking from a console.
func as(t *testing.T, p access.PrincipalID) context.Context {
	t.Helper()
	return control.WithActor(t.Context(), control.Actor{
		Principal: p, Name: nameOf(p), Face: control.FaceConsole, Address: "10.0.0.9:2222", Session: "s-1"})
}

func at(target control.Target) func(context.Context) (control.Target, error) {
	return func(context.Context) (control.Target, error) { return target, nil }
}

// paint is a change of the custom role's levels in the given store.
func paint(d *desk, levels access.Levels) control.Change[string] {
	return control.Change[string]{
		Action: action.RoleSet,
		Target: at(salesTarget()),
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[string], error) {
			s := d.store.in(ctx)
			s.access = s.access.WithRoleLevels(reader, levels)
			return control.Applied[string]{Value: "painted", Before: map[string]string{"name": "<b>"}, After: map[string]string{"name": "<a>"}}, nil
		},
	}
}

// snapshot compiles what is committed.
func (d *desk) snapshot(t *testing.T) *access.Snapshot {
	t.Helper()
	st, err := d.store.AccessState(t.Context(), control.Scope{Workspace: sales})
	if err != nil {
		t.Fatal(err)
	}
	st.Now = d.Now().Unix()
	s, err := access.Compile(st)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
