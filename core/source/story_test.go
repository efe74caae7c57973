package source_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"reeve/assets"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/member"
	"reeve/core/source"
	"reeve/core/workspace"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// wires is a network of which a test says what is known and what answers.
type wires struct {
	names  map[string][]string
	open   map[string]bool
	called []string
	during func()
}

func (n *wires) Resolve(_ context.Context, host string) ([]netip.Addr, time.Duration, error) {
	n.called = append(n.called, "resolve "+host)
	if n.during != nil {
		n.during()
	}
	var addrs []netip.Addr
	for _, a := range n.names[host] {
		addrs = append(addrs, netip.MustParseAddr(a))
	}
	if addrs == nil {
		return nil, 2 * time.Millisecond, errors.New("lookup " + host + ": no such host\x1b[31m")
	}
	return addrs, 2 * time.Millisecond, nil
}

func (n *wires) Connect(_ context.Context, to netip.AddrPort) (time.Duration, error) {
	n.called = append(n.called, "connect "+to.String())
	if !n.open[to.String()] {
		return time.Millisecond, errors.New("connection refused")
	}
	return 7 * time.Millisecond, nil
}

type story struct {
	*storagetest.World
	sources *source.Service
	wires   *wires
	simple  control.Ref
	ref     control.Ref
}

func types(t *testing.T) source.Types {
	t.Helper()
	all, err := source.LoadTypes(assets.SourceTypes())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// open makes a workspace of each mode, with the administrator ann and a holder of each role that matters.
func open(t *testing.T) story {
	t.Helper()
	w := storagetest.Open(t)
	w.Users("ann", "ops", "dev", "dep", "vis", "out")
	n := &wires{names: map[string][]string{}, open: map[string]bool{}}
	s := story{w, source.New(w.Gate, storage.NewSources(w.DB), n, types(t)), n, w.Workspace("plain", "ann"), control.Ref{Region: storagetest.Home, Workspace: "sales"}}
	owner := w.ID(storagetest.Owner)
	w.Write(func(ctx context.Context) error {
		_, err := storage.NewWorkspaces(w.DB).Insert(ctx, workspace.Workspace{Region: storagetest.Home, Name: "sales", DisplayName: "Sales",
			Mode: workspace.Standard, Template: workspace.AllFeatures, Status: workspace.Normal, CreatedAt: w.Now()}, owner, nil, owner)
		return err
	})
	members := member.New(w.Gate, storage.NewMembers(w.DB, w.Builtins))
	for user, role := range map[string]string{"ann": "role_project_admin", "ops": "role_project_pe", "dev": "role_project_dev",
		"dep": "role_project_deploy", "vis": "role_project_guest"} {
		if _, err := members.Add(w.As(storagetest.Owner), s.ref, member.Batch{Users: []string{user}, Roles: []string{role}}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func mysql(address string) source.Properties {
	return source.Properties{"address": address, "database": "crm", "username": "reader"}
}

func both(dev, prod source.Properties) map[source.Environment]source.Properties {
	return map[source.Environment]source.Properties{source.Dev: dev, source.Prod: prod}
}

func (s story) add(t *testing.T, name string) source.Source {
	t.Helper()
	made, err := s.sources.Create(s.As("ops"), s.ref, source.Create{Name: name, Type: "MySQL", Description: "d", Connections: both(mysql("dev.db:3306"), mysql("prod.db:3306"))})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func reason(err error) string {
	var denied *fault.Denied
	if errors.As(err, &denied) {
		return denied.Reason.ID
	}
	var f fault.Fault
	if errors.As(err, &f) {
		return f.Text().ID
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// fields are the faults of a form as field:id.
func fields(err error) []string {
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) {
		return []string{reason(err)}
	}
	var all []string
	for _, f := range invalid.Fields {
		all = append(all, f.Name+":"+strings.TrimPrefix(f.Text.ID, "fault."))
	}
	slices.Sort(all)
	return all
}

func TestWhoMayDoWhat(t *testing.T) {
	s := open(t)
	s.add(t, "crm")
	const no = "denied.workspace_role"
	for _, c := range []struct {
		user                                string
		list, show, test, add, change, gone string
	}{
		{"root", "", "", "", "", "", ""},
		{"ann", "", "", "", "", "", ""},
		{"ops", "", "", "", "", "", ""},
		{"dev", "", "", "", no, no, no},
		{"dep", "", "", "", no, no, no},
		{"vis", "", no, no, no, no, no},
		{"out", "denied.member", no, no, no, no, no},
	} {
		ctx, extra := s.As(c.user), "extra_"+c.user
		_, list := s.sources.List(ctx, s.ref)
		_, show := s.sources.Get(ctx, s.ref, "crm")
		_, test := s.sources.Test(ctx, s.ref, "crm", "")
		_, add := s.sources.Create(ctx, s.ref, source.Create{Name: extra, Type: "mysql", Connections: both(mysql("a:1"), mysql("b:1"))})
		about := c.user
		_, change := s.sources.Update(ctx, s.ref, "crm", source.Update{Description: &about})
		if add != nil {
			s.add(t, extra)
		}
		_, gone := s.sources.Delete(ctx, s.ref, extra, "", 0)
		got := []string{reason(list), reason(show), reason(test), reason(add), reason(change), reason(gone)}
		if want := []string{c.list, c.show, c.test, c.add, c.change, c.gone}; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", c.user, got, want)
		}
	}
}

func TestListingHidesWhatOneMayNotLookInto(t *testing.T) {
	s := open(t)
	s.add(t, "crm")
	s.wires.names["dev.db"], s.wires.open["10.0.0.1:3306"] = []string{"10.0.0.1"}, true
	if _, err := s.sources.Test(s.As("dev"), s.ref, "crm", source.Dev); err != nil {
		t.Fatal(err)
	}
	for user, sees := range map[string]bool{"dep": true, "vis": false} {
		found, err := s.sources.List(s.As(user), s.ref)
		if err != nil || len(found) != 1 {
			t.Fatalf("%s lists %+v (%v)", user, found, err)
		}
		dev, _ := found[0].In(source.Dev)
		if dev.Tested == nil || !dev.Tested.Connected {
			t.Errorf("%s does not see that it is connected: %+v", user, dev)
		}
		if shown := dev.Properties["address"] == "dev.db:3306" && dev.Description == "d" && len(dev.Tested.Stages) == 2; shown != sees {
			t.Errorf("%s looks into it: %v, want %v", user, shown, sees)
		}
	}
}

func TestWhatAFormMustSay(t *testing.T) {
	s := open(t)
	s.add(t, "crm")
	prod := func(p source.Properties) map[source.Environment]source.Properties {
		return map[source.Environment]source.Properties{source.Prod: p}
	}
	for name, c := range map[string]struct {
		simple bool
		in     source.Create
		want   []string
	}{
		"all at once": {false, source.Create{Name: "9 lives", Type: "mysql", Connections: prod(source.Properties{"address": "x", "host": "y", "password": "z"})}, []string{
			"dev:source.environment", "name:source.name.form", "prod.address:source.addresses", "prod.database:source.property.missing",
			"prod.host:source.property.unknown", "prod.password:source.secret", "prod.username:source.property.missing"}},
		"name taken in another case":  {false, source.Create{Name: "CRM", Type: "mysql", Connections: both(mysql("a:1"), mysql("b:1"))}, []string{"name:source.name.taken"}},
		"no such type":                {false, source.Create{Name: "x", Type: "foxpro", Connections: both(nil, nil)}, []string{"type:source.type"}},
		"development in simple mode":  {true, source.Create{Name: "x", Type: "mysql", Connections: both(mysql("a:1"), mysql("b:1"))}, []string{"dev:source.simple"}},
		"nothing in simple mode":      {true, source.Create{Name: "x", Type: "mysql"}, []string{"prod:source.environment"}},
		"one environment in standard": {false, source.Create{Name: "x", Type: "mysql", Connections: prod(mysql("a:1"))}, []string{"dev:source.environment"}},
		"an invented environment": {true, source.Create{Name: "x", Type: "mysql", Connections: map[source.Environment]source.Properties{
			source.Prod: mysql("a:1"), "test": mysql("b:1")}}, []string{"environment:source.environment.unknown"}},
		"unsafe letters": {true, source.Create{Name: "x", Type: "mysql", Connections: prod(source.Properties{"address": "a:1", "database": "c\x1b[2J", "username": "u"})},
			[]string{"prod.database:text.unsafe"}},
		"two where one fits": {true, source.Create{Name: "x", Type: "redis", Connections: prod(source.Properties{"address": "a:1,b:1"})}, []string{"prod.address:source.addresses.most"}},
		"a choice of none":   {true, source.Create{Name: "x", Type: "kafka", Connections: prod(source.Properties{"address": "a:1", "version": "9", "securityProtocol": "authTypeNone"})}, []string{"prod.version:source.choice"}},
		"a password in a URL": {true, source.Create{Name: "x", Type: "oracle", Connections: prod(source.Properties{"jdbcUrl": "jdbc:oracle:thin:scott/tiger@//h:1521/x", "username": "u"})},
			[]string{"prod.jdbcUrl:source.secret_within"}},
		"a password among parameters": {true, source.Create{Name: "x", Type: "mysql", Connections: prod(source.Properties{"address": "a:1", "database": "c?Password = x", "username": "u"})},
			[]string{"prod.database:source.secret_within"}},
	} {
		ref := s.ref
		if c.simple {
			ref = s.simple
		}
		_, err := s.sources.Create(s.As("root"), ref, c.in)
		if got := fields(err); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestNoNameOfASecretIsTaken(t *testing.T) {
	s := open(t)
	for _, name := range []string{"password", "Password", "accessKey", "access_key", "saslPassword", "jaasFileConf", "refreshToken", "my_secret", "pwd"} {
		p := mysql("a:1")
		p[name] = "x"
		_, err := s.sources.Create(s.As("ops"), s.ref, source.Create{Name: "x", Type: "mysql", Connections: both(mysql("a:1"), p)})
		if got := fields(err); !slices.Equal(got, []string{"prod." + name + ":source.secret"}) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestEveryTypeCanBeMade(t *testing.T) {
	s := open(t)
	for kind, p := range map[string]source.Properties{
		"mysql": mysql("a.b:3306, [2001:db8::1]:3306"), "postgresql": mysql("10.0.0.1:5432"), "sqlserver": mysql("db:1433"), "mariadb": mysql("db:3306"),
		"oracle": {"jdbcUrl": "jdbc:oracle:thin:@//db.internal:1521/sales", "username": "u"},
		"redis":  {"address": "r:6379"}, "kafka": {"address": "k1:9092,k2:9092", "version": "3.4", "securityProtocol": "authTypeNone"},
		"oss": {"regionId": "cn-hangzhou", "endpoint": "https://oss-cn-hangzhou.aliyuncs.com", "bucket": "b", "authType": "RamRole"},
		"s3":  {"regionId": "us-east-1", "endpoint": "s3.us-east-1.amazonaws.com", "bucket": "b", "accessId": "AKIA"},
		"ftp": {"protocol": "sftp", "host": "ftp.internal", "port": "22", "username": "u", "baseDir": "/in"},
	} {
		s.wires.called = nil
		made, err := s.sources.Create(s.As("ops"), s.simple, source.Create{Name: kind, Type: kind, Connections: map[source.Environment]source.Properties{source.Prod: p}})
		if err == nil || reason(err) != "denied.workspace_role" {
			t.Errorf("%s by who is no member: %v", kind, err)
		}
		made, err = s.sources.Create(s.As("ann"), s.simple, source.Create{Name: kind, Type: kind, Connections: map[source.Environment]source.Properties{source.Prod: p}})
		if err != nil || made.Type != kind || made.Version != 1 {
			t.Errorf("%s: %+v %v", kind, made, fields(err))
		}
		if _, err := s.sources.Test(s.As("ann"), s.simple, kind, ""); err != nil || len(s.wires.called) == 0 {
			t.Errorf("testing %s asked the network %v (%v)", kind, s.wires.called, err)
		}
	}
	if codes := types(t).Codes(); len(codes) != 10 {
		t.Errorf("this test knows 10 types, there are %v", codes)
	}
}

func TestATestSaysWhatItFound(t *testing.T) {
	s := open(t)
	if _, err := s.sources.Create(s.As("ops"), s.ref, source.Create{Name: "crm", Type: "mysql", Connections: both(mysql("dev.db:3306"), mysql("a.db:3306,b.db:3307"))}); err != nil {
		t.Fatal(err)
	}
	s.wires.names = map[string][]string{"a.db": {"10.0.0.1", "10.0.0.2"}, "b.db": {"2001:db8::1"}}
	s.wires.open = map[string]bool{"10.0.0.2:3306": true, "[2001:db8::1]:3307": true}
	after, err := s.sources.Test(s.As("dev"), s.ref, "crm", "")
	if err != nil {
		t.Fatal(err)
	}
	prod, _ := after.In(source.Prod)
	want := source.Test{At: s.Now(), By: "dev", Connected: true, Stages: []source.Stage{
		{Name: "resolve", Target: "a.db", OK: true, Evidence: "10.0.0.1, 10.0.0.2", Milliseconds: 2},
		{Name: "connect", Target: "10.0.0.1:3306", Evidence: "connection refused", Milliseconds: 1},
		{Name: "connect", Target: "10.0.0.2:3306", OK: true, Milliseconds: 7},
		{Name: "resolve", Target: "b.db", OK: true, Evidence: "2001:db8::1", Milliseconds: 2},
		{Name: "connect", Target: "[2001:db8::1]:3307", OK: true, Milliseconds: 7},
	}}
	if prod.Tested == nil || !reflect.DeepEqual(*prod.Tested, want) {
		t.Errorf("production was tested as %+v", prod.Tested)
	}
	dev, _ := after.In(source.Dev)
	if dev.Tested == nil || dev.Tested.Connected || len(dev.Tested.Stages) != 1 || dev.Tested.Stages[0].Evidence != "lookup dev.db: no such host<001B>[31m" {
		t.Errorf("development was tested as %+v", dev.Tested)
	}
	if after.Connected() || after.Version != 1 {
		t.Errorf("connected %v in version %d", after.Connected(), after.Version)
	}
	if kept, err := s.sources.Get(s.As("ops"), s.ref, "CRM"); err != nil || !reflect.DeepEqual(kept, after) {
		t.Errorf("kept %+v (%v)", kept, err)
	}
	if _, err := s.sources.Test(s.As("dev"), s.ref, "crm", "staging"); !slices.Equal(fields(err), []string{"environment:source.no_connection"}) {
		t.Errorf("an environment that is not there: %v", err)
	}
	if _, err := s.sources.Test(s.As("dev"), s.ref, "crn", ""); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("a source that is not there: %v", err)
	}
}

func TestATestOfWhatChangedMeanwhileIsNotKept(t *testing.T) {
	s := open(t)
	s.add(t, "crm")
	s.wires.during = func() {
		s.wires.during = nil
		if _, err := s.sources.Update(s.As("ops"), s.ref, "crm", source.Update{Connections: both(mysql("other.db:3306"), nil)}); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.sources.Test(s.As("dev"), s.ref, "crm", ""); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("tested what had changed: %v", err)
	}
	if now, err := s.sources.Get(s.As("dev"), s.ref, "crm"); err != nil || now.Connections[0].Tested != nil || now.Version != 2 {
		t.Errorf("kept %+v (%v)", now, err)
	}
}

func TestUpdate(t *testing.T) {
	s := open(t)
	made := s.add(t, "crm")
	s.wires.names, s.wires.open = map[string][]string{"dev.db": {"10.0.0.1"}, "prod.db": {"10.0.0.2"}}, map[string]bool{"10.0.0.1:3306": true, "10.0.0.2:3306": true}
	if tested, err := s.sources.Test(s.As("ops"), s.ref, "crm", ""); err != nil || !tested.Connected() {
		t.Fatalf("tested %+v (%v)", tested, err)
	}
	s.Pass(time.Hour)
	after, err := s.sources.Update(s.As("ann"), s.ref, "crm", source.Update{Version: 1, Connections: map[source.Environment]source.Properties{source.Dev: {"database": "crm_dev"}}})
	if err != nil {
		t.Fatal(err)
	}
	dev, _ := after.In(source.Dev)
	prod, _ := after.In(source.Prod)
	if dev.Properties["database"] != "crm_dev" || dev.Properties["address"] != "dev.db:3306" || dev.Tested != nil || dev.ModifiedBy != "ann" || dev.CreatedBy != "ops" ||
		!dev.CreatedAt.Equal(made.Connections[0].CreatedAt) || !dev.ModifiedAt.Equal(s.Now()) {
		t.Errorf("development is %+v", dev)
	}
	if prod.Tested == nil || prod.ModifiedBy != "ops" || after.Version != 2 {
		t.Errorf("production is %+v in version %d", prod, after.Version)
	}
	same, err := s.sources.Update(s.As("ann"), s.ref, "crm", source.Update{Connections: both(source.Properties{"database": "crm_dev"}, nil)})
	if err != nil || same.Version != 2 {
		t.Errorf("what changes nothing made version %d (%v)", same.Version, err)
	}
	for name, c := range map[string]struct {
		in   source.Update
		want string
	}{
		"stale":               {source.Update{Version: 1, Connections: both(source.Properties{"database": "x"}, nil)}, "fault.conflict"},
		"taken away":          {source.Update{Connections: both(source.Properties{"database": ""}, nil)}, "dev.database:source.property.missing"},
		"secret":              {source.Update{Connections: both(source.Properties{"password": "x"}, nil)}, "dev.password:source.secret"},
		"too long a sentence": {source.Update{Description: ptr(strings.Repeat("x", 3001))}, "description:text.length"},
	} {
		if _, err := s.sources.Update(s.As("ops"), s.ref, "crm", c.in); !slices.Equal(fields(err), []string{c.want}) {
			t.Errorf("%s: %v, want %s", name, fields(err), c.want)
		}
	}
}

func ptr(s string) *string { return &s }

func TestDelete(t *testing.T) {
	s := open(t)
	s.add(t, "crm")
	left, err := s.sources.Delete(s.As("ops"), s.ref, "crm", source.Dev, 1)
	if err != nil || len(left.Connections) != 1 || left.Version != 2 {
		t.Fatalf("left %+v (%v)", left, err)
	}
	for env, want := range map[source.Environment]string{source.Dev: "fault.source.no_connection", "staging": "environment:source.environment.unknown"} {
		if _, err := s.sources.Delete(s.As("ops"), s.ref, "crm", env, 0); !slices.Equal(fields(err), []string{want}) {
			t.Errorf("deleting %s: %v", env, fields(err))
		}
	}
	if _, err := s.sources.Delete(s.As("ops"), s.ref, "crm", "", 1); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("a stale version: %v", err)
	}
	if _, err := s.sources.Delete(s.As("ops"), s.ref, "crm", source.Prod, 0); err != nil {
		t.Fatal(err)
	}
	if found, err := s.sources.List(s.As("ops"), s.ref); err != nil || len(found) != 0 {
		t.Errorf("left %+v (%v)", found, err)
	}
}

func TestARepeatedRequestIsAppliedOnce(t *testing.T) {
	s := open(t)
	ctx := control.WithRequest(s.As("ops"), "r-1")
	in := source.Create{Name: "crm", Type: "mysql", Connections: both(mysql("a:1"), mysql("b:1"))}
	first, err1 := s.sources.Create(ctx, s.ref, in)
	again, err2 := s.sources.Create(ctx, s.ref, in)
	if err := errors.Join(err1, err2); err != nil || !reflect.DeepEqual(first, again) {
		t.Errorf("made %+v, then %+v (%v)", first, again, err)
	}
}

// TestRolesAreThoseOfThePublishedTable holds the roles that the catalogue names against the permission points.
func TestRolesAreThoseOfThePublishedTable(t *testing.T) {
	s := open(t)
	points := map[string]string{"source.show": "Get data source details", "source.add": "Create a data source", "source.update": "Update a data source",
		"source.test": "Test data source connectivity", "source.delete": "Delete a data source"}
	rows := strings.Split(string(assets.Points()), "\n")
	head := strings.Split(rows[0], ",")
	for id, point := range points {
		i := slices.IndexFunc(rows, func(row string) bool {
			return strings.HasPrefix(row, "Data source management,") && strings.Contains(row, ","+point+",")
		})
		if i < 0 {
			t.Errorf("no point %q", point)
			continue
		}
		var may []string
		for at, cell := range strings.Split(rows[i], ",") {
			if cell == "yes" && head[at] != "role_project_owner" && head[at] != "role_project_admin" {
				may = append(may, head[at])
			}
		}
		for _, act := range s.Gate.Acts().All() {
			if string(act.ID) == id && fmt.Sprint(act.Roles) != fmt.Sprint(may) {
				t.Errorf("%s: %v, the table says %v", id, act.Roles, may)
			}
		}
	}
}
