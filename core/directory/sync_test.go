package directory_test

import (
	"context"
	"slices"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"reeve/core/directory"
	"reeve/core/directory/ldap"
	"reeve/core/directory/ldap/slapdtest"
	"reeve/core/list"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// synced is a story with a server.
type synced struct {
	story
	sources *directory.SourceService
	server  slapdtest.Server
}

// server starts a server with some users and makes it the source corp.
func server(t *testing.T, o slapdtest.Options, change func(*directory.NewSource)) synced {
	t.Helper()
	s := synced{story: open(t), server: slapdtest.Start(t, o)}
	getenv := func(string) string { return slapdtest.RootPassword }
	s.sources = directory.NewSources(s.Gate, storage.NewDirectory(s.DB), ldap.New(getenv, time.Now))
	in := directory.NewSource{Name: "corp", Settings: s.server.Settings()}
	if change != nil {
		change(&in)
	}
	if _, err := s.sources.Add(s.As(storagetest.Owner), in); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s synced) sync(t *testing.T, in directory.Sync) directory.Report {
	t.Helper()
	in.Source = "corp"
	would, err := s.sources.DryRun(s.As(storagetest.Owner), in)
	if err != nil {
		t.Fatal(err)
	}
	did, err := s.sources.Sync(s.As(storagetest.Owner), in)
	if err != nil {
		t.Fatal(err)
	}
	if would.Counts != did.Counts || !slices.Equal(would.Comes, did.Comes) || !slices.Equal(would.Goes, did.Goes) {
		t.Errorf("the dry run said %+v, the sync did %+v", would.Counts, did.Counts)
	}
	return did
}

func (s synced) refused(t *testing.T, in directory.Sync, want string) {
	t.Helper()
	in.Source = "corp"
	before := s.head(t)
	if _, err := s.sources.Sync(s.As(storagetest.Owner), in); reason(err) != want {
		t.Errorf("the sync ends with %v, want %s", err, want)
	}
	if after := s.head(t); after != before {
		t.Error("a refused sync changed something")
	}
}

func (s synced) head(t *testing.T) string {
	t.Helper()
	page, err := s.users.List(s.As(storagetest.Owner), list.Query{Count: true, Filter: list.ParseFilter("status:active")})
	if err != nil {
		t.Fatal(err)
	}
	return string(rune('0' + page.Total%10))
}

func (s synced) get(t *testing.T, name string) directory.User {
	t.Helper()
	u, err := s.users.Get(s.As(storagetest.Owner), name)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// The life of 2,000 users between a server and the console, with what changed told by the server alone.
func TestUsersFollowTheirServer(t *testing.T) {
	s := server(t, slapdtest.Options{Users: 2000, Sync: true}, nil)
	first := s.sync(t, directory.Sync{})
	if !first.Full || first.Counts.Comes != 2000 || first.Counts.GroupsCome != 2 || first.Counts.MembersAdd != 11 || first.Counts.Unknown != 1 || first.Counts.Faults != 0 {
		t.Fatalf("the first sync: %+v %v", first.Counts, first.Faults[:min(3, len(first.Faults))])
	}
	if first.Comes[0] != "u00000" || len(first.Comes) != 1000 {
		t.Errorf("%d names, the first %s", len(first.Comes), first.Comes[0])
	}
	u := s.get(t, "u00003")
	if u.Source != "corp" || u.Email != "u00003@acme.example" || u.Phone != "+86 10 00003" || u.Status != directory.Active || len(u.ExternalID) != 36 ||
		!slices.Equal(u.Groups, []string{"staff"}) {
		t.Errorf("synced %+v", u)
	}
	if again := s.sync(t, directory.Sync{}); again.Full || again.Counts != (directory.ReportCounts{Same: 2000, Unknown: 1}) {
		t.Errorf("nothing changed: %+v", again)
	}

	s.server.Replace(slapdtest.DN(3), "mail", "three@acme.example")
	s.server.Do(s.server.Admin.ModifyDN(goldap.NewModifyDNRequest(slapdtest.DN(4), "uid=ann", true, "")))
	s.server.Do(s.server.Admin.Del(goldap.NewDelRequest(slapdtest.DN(5), nil)))
	s.server.Add(9000)
	r := s.sync(t, directory.Sync{})
	if r.Full || r.Counts.Comes != 1 || r.Counts.Changes != 2 || r.Counts.Goes != 1 || !slices.Equal(r.Comes, []string{"u09000"}) || !slices.Equal(r.Goes, []string{"u00005"}) {
		t.Errorf("after changes: %+v", r)
	}
	ann, gone := s.get(t, "ann"), s.get(t, "u00005")
	if ann.Email != "u00004@acme.example" || ann.Source != "corp" || gone.Status != directory.Vanished || gone.Since == nil {
		t.Errorf("renamed %+v, gone %+v", ann, gone)
	}
	if got := s.get(t, "u00003"); got.ID != u.ID || got.Email != "three@acme.example" {
		t.Errorf("changed %+v", got)
	}

	// Who vanished may do nothing, is not deleted while something is held, and does not come back by being enabled.
	if _, err := s.users.List(s.As("u00005"), list.Query{}); reason(err) != "denied.vanished" {
		t.Errorf("who vanished: %v", err)
	}
	for name, do := range map[string]func() error{
		"fault.user.vanished": func() error {
			_, err := s.users.Enable(s.As(storagetest.Owner), directory.Batch{Names: []string{"u00005"}})
			return err
		},
		"fault.user.comes_back": func() error { _, err := s.users.Delete(s.As(storagetest.Owner), []string{"ann"}); return err },
		"fault.user.sourced": func() error {
			name := "Ann"
			_, err := s.users.Update(s.As(storagetest.Owner), "ann", directory.Edit{DisplayName: &name})
			return err
		},
	} {
		if got := reason(do()); got != name {
			t.Errorf("%s: %s", name, got)
		}
	}

	// The source of who is left is removed: they stay, and who vanished stays without rights.
	if _, err := s.sources.Remove(s.As(storagetest.Owner), "corp"); err != nil {
		t.Fatal(err)
	}
	if ann, gone := s.get(t, "ann"), s.get(t, "u00005"); ann.Source != "" || ann.Status != directory.Active || gone.Status != directory.Disabled {
		t.Errorf("after the source: %+v, %+v", ann, gone)
	}
}

func TestTheBrake(t *testing.T) {
	s := server(t, slapdtest.Options{Users: 20, Sync: true}, func(in *directory.NewSource) { in.Settings.Groups = false })
	s.sync(t, directory.Sync{})
	for n := range 3 { // 15 percent, where 10 may go
		s.server.Do(s.server.Admin.Del(goldap.NewDelRequest(slapdtest.DN(n), nil)))
	}
	would, err := s.sources.DryRun(s.As(storagetest.Owner), directory.Sync{Source: "corp"})
	if err != nil || !would.Braked || would.Counts.Goes != 3 {
		t.Errorf("the dry run: %+v %v", would, err)
	}
	for _, allowed := range []string{"", "2", "14%", "0", "0%"} {
		a, err := directory.ParseAllowed(allowed)
		if err != nil {
			t.Fatal(err)
		}
		s.refused(t, directory.Sync{Allow: a}, "fault.sync.brake")
		s.refused(t, directory.Sync{Allow: a, Full: true}, "fault.sync.brake")
	}
	// A server that answers with nobody takes nobody away.
	in := s.server.Settings()
	in.UserFilter = "(uid=nobody)"
	in.Groups = false
	if _, err := s.sources.Add(s.As(storagetest.Owner), directory.NewSource{Name: "empty", Settings: in}); err != nil {
		t.Fatal(err)
	}
	three, _ := directory.ParseAllowed("15%")
	if r := s.sync(t, directory.Sync{Allow: three}); r.Counts.Goes != 3 {
		t.Errorf("allowed: %+v", r)
	}
	if again := s.sync(t, directory.Sync{Full: true}); again.Counts.Goes != 0 || !again.Full {
		t.Errorf("again: %+v", again)
	}
	// They come back as who they were.
	s.server.Add(1)
	id := s.get(t, slapdtest.UID(1)).ID
	r := s.sync(t, directory.Sync{})
	if r.Counts.Faults != 1 || r.Counts.Comes != 0 || s.get(t, slapdtest.UID(1)).ID != id || s.get(t, slapdtest.UID(1)).Status != directory.Vanished {
		t.Errorf("another of the same name took the place of who vanished: %+v", r)
	}
}

func TestWhatMayBeAllowed(t *testing.T) {
	for given, want := range map[string]directory.Allowed{
		"": {}, " 7 ": {Set: true, Count: 7, Share: -1}, "40%": {Set: true, Count: -1, Share: 40}, "0": {Set: true, Share: -1}, "100 %": {Set: true, Count: -1, Share: 100},
	} {
		if got, err := directory.ParseAllowed(given); err != nil || got != want {
			t.Errorf("%q is %+v %v, want %+v", given, got, err, want)
		}
	}
	for _, given := range []string{"-1", "101%", "many", "%", "1.5"} {
		if _, err := directory.ParseAllowed(given); reason(err) != "fault.sync.allowed" {
			t.Errorf("%q is taken: %v", given, err)
		}
	}
}

// Names that are taken are told, and nobody is merged with somebody of the same name.
func TestNamesThatAreTaken(t *testing.T) {
	s := server(t, slapdtest.Options{Users: 3, Sync: true}, nil)
	if _, err := s.users.Add(s.As(storagetest.Owner), directory.Add{Names: []string{"U00001", "staff"}}); err != nil {
		t.Fatal(err)
	}
	r := s.sync(t, directory.Sync{})
	if r.Counts.Comes != 2 || r.Counts.GroupsCome != 1 || r.Counts.Faults != 2 || r.Faults[0].What.ID != "fault.sync.name_taken" {
		t.Errorf("%+v %v", r.Counts, r.Faults)
	}
	if u := s.get(t, "u00001"); u.Source != "" || u.Email != "" {
		t.Errorf("the local user is now %+v", u)
	}
	// A rename to a taken name leaves the old one, and tells.
	s.server.Do(s.server.Admin.ModifyDN(goldap.NewModifyDNRequest(slapdtest.DN(2), "uid=fay", true, "")))
	if r := s.sync(t, directory.Sync{}); r.Counts.Faults == 0 || s.get(t, "u00002").Source != "corp" {
		t.Errorf("%+v", r)
	}
	// Two who swap their names are both renamed.
	a, b := s.get(t, "u00000"), s.get(t, "u00002")
	s.server.Do(s.server.Admin.ModifyDN(goldap.NewModifyDNRequest(slapdtest.DN(0), "uid=away", true, "")))
	s.server.Do(s.server.Admin.ModifyDN(goldap.NewModifyDNRequest("uid=fay,"+slapdtest.People, "uid=u00000", true, "")))
	s.server.Do(s.server.Admin.ModifyDN(goldap.NewModifyDNRequest("uid=away,"+slapdtest.People, "uid=u00002", true, "")))
	s.sync(t, directory.Sync{})
	if s.get(t, "u00002").ID != a.ID || s.get(t, "u00000").ID != b.ID {
		t.Error("the names were not swapped")
	}
}

// Who was passed over comes with the first sync that finds the name free, though the server has told of them before.
func TestWhoWasPassedOverIsReadAgain(t *testing.T) {
	s := server(t, slapdtest.Options{Users: 20, Sync: true}, nil)
	s.sync(t, directory.Sync{})
	s.server.Do(s.server.Admin.Del(goldap.NewDelRequest(slapdtest.DN(6), nil)))
	s.sync(t, directory.Sync{})
	old := s.get(t, slapdtest.UID(6)).ID
	s.server.Add(6)
	for range 2 { // told as long as it is so
		if r := s.sync(t, directory.Sync{}); r.Full || r.Counts.Faults != 1 || r.Counts.Comes != 0 {
			t.Errorf("while the name is taken: %+v", r)
		}
	}
	if _, err := s.users.SetGroupMembers(s.As(storagetest.Owner), directory.GroupMembers{Group: "staff", Remove: []string{slapdtest.UID(6)}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.users.Delete(s.As(storagetest.Owner), []string{slapdtest.UID(6)}); err != nil {
		t.Fatal(err)
	}
	if r := s.sync(t, directory.Sync{}); r.Full || !slices.Equal(r.Comes, []string{slapdtest.UID(6)}) || r.Counts.Faults != 0 {
		t.Errorf("when the name is free: %+v", r)
	}
	if u := s.get(t, slapdtest.UID(6)); u.ID == old || u.Source != "corp" || u.Status != directory.Active {
		t.Errorf("came as %+v", u)
	}
	if r := s.sync(t, directory.Sync{}); r.Counts.Comes+r.Counts.Changes+r.Counts.Goes+r.Counts.Faults != 0 {
		t.Errorf("nothing changed: %+v", r)
	}

	// A rename that waits for its name is made once the name is free.
	if _, err := s.users.Add(s.As(storagetest.Owner), directory.Add{Names: []string{"holder"}}); err != nil {
		t.Fatal(err)
	}
	s.server.Do(s.server.Admin.ModifyDN(goldap.NewModifyDNRequest(slapdtest.DN(2), "uid=holder", true, "")))
	s.sync(t, directory.Sync{})
	if _, err := s.users.Delete(s.As(storagetest.Owner), []string{"holder"}); err != nil {
		t.Fatal(err)
	}
	if r := s.sync(t, directory.Sync{}); r.Counts.Changes != 1 || s.get(t, "holder").Source != "corp" {
		t.Errorf("when the name of a rename is free: %+v", r)
	}
}

// What people hold through a group of the server follows it; who was put into it by hand stays.
func TestGroupsFollow(t *testing.T) {
	s := server(t, slapdtest.Options{Users: 30, Sync: true}, func(in *directory.NewSource) { in.Share = 100 })
	s.sync(t, directory.Sync{})
	s.Users("hand")
	if _, err := s.users.SetGroupMembers(s.As(storagetest.Owner), directory.GroupMembers{Group: "staff", Add: []string{"hand"}}); err != nil {
		t.Fatal(err)
	}
	s.server.Replace("cn=staff,"+slapdtest.Groups, "member", slapdtest.DN(1), slapdtest.DN(20), "cn=posix,"+slapdtest.Groups)
	r := s.sync(t, directory.Sync{})
	if r.Counts.MembersAdd != 1 || r.Counts.MembersGone != 9 || r.Counts.Unknown != 2 {
		t.Errorf("%+v", r.Counts)
	}
	page, err := s.users.Groups(s.As(storagetest.Owner), list.Query{Filter: list.ParseFilter("name:staff")})
	if err != nil || !slices.Equal(page.Items[0].Members, []string{"hand", "u00001", "u00020"}) {
		t.Errorf("%+v %v", page.Items, err)
	}
	s.server.Do(s.server.Admin.Del(goldap.NewDelRequest("cn=staff,"+slapdtest.Groups, nil)))
	s.sync(t, directory.Sync{})
	if g := s.get(t, "staff"); g.Status != directory.Vanished {
		t.Errorf("the group is %+v", g)
	}
}

// Whoever syncs may not lose rights of their own by it unsaid, and never gains any.
func TestASyncIsNoWayUp(t *testing.T) {
	s := server(t, slapdtest.Options{Users: 5}, func(in *directory.NewSource) { in.Share = 100 })
	s.sync(t, directory.Sync{})
	s.attach(t, "AliyunDataWorksFullAccess", "u00002")
	s.attach(t, "AdministratorAccess", "posix") // u00001 is in it
	try := func(in directory.Sync) string {
		in.Source = "corp"
		_, err := s.sources.Sync(s.As("u00002"), in)
		return reason(err)
	}
	s.server.Replace("cn=posix,"+slapdtest.Groups, "memberUid", "u00001", "u00002")
	if got := try(directory.Sync{}); got != "fault.own.raise" {
		t.Errorf("one's own way up: %q", got)
	}
	s.server.Replace("cn=posix,"+slapdtest.Groups, "memberUid", "u00001")
	s.server.Do(s.server.Admin.Del(goldap.NewDelRequest(slapdtest.DN(2), nil)))
	if got := try(directory.Sync{}); got != "fault.own.loss" {
		t.Errorf("one's own loss: %q", got)
	}
	if got := try(directory.Sync{OwnLoss: true}); got != "" {
		t.Errorf("one's own loss, meant: %q", got)
	}
	if _, err := s.sources.Sync(s.As("u00003"), directory.Sync{Source: "corp"}); reason(err) != "denied.full_access" {
		t.Errorf("by nobody special: %v", err)
	}
}

func TestVanishedMayActWhereTheSourceSaysSo(t *testing.T) {
	s := server(t, slapdtest.Options{Users: 5}, func(in *directory.NewSource) { in.Share, in.VanishedMayAct = 100, true })
	s.sync(t, directory.Sync{})
	s.server.Do(s.server.Admin.Del(goldap.NewDelRequest(slapdtest.DN(2), nil)))
	s.sync(t, directory.Sync{})
	if u := s.get(t, "u00002"); u.Status != directory.Vanished {
		t.Errorf("%+v", u)
	}
	if _, err := s.users.List(s.As("u00002"), list.Query{}); err != nil {
		t.Errorf("may not: %v", err)
	}
	if _, err := s.users.Disable(s.As(storagetest.Owner), directory.Batch{Names: []string{"u00002"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.users.List(s.As("u00002"), list.Query{}); err == nil {
		t.Error("disabled by hand, and may still")
	}
}

// Two syncs at once: the second finds that its reading is no longer about what stands.
func TestASyncOfAnOldReadingIsRefused(t *testing.T) {
	s := server(t, slapdtest.Options{Users: 5}, nil)
	twice := directory.NewSources(s.Gate, storage.NewDirectory(s.DB), meanwhile{ldap.New(func(string) string { return slapdtest.RootPassword }, time.Now), func() {
		if _, err := s.sources.Sync(s.As(storagetest.Owner), directory.Sync{Source: "corp"}); err != nil {
			t.Error(err)
		}
	}})
	if _, err := twice.Sync(s.As(storagetest.Owner), directory.Sync{Source: "corp"}); reason(err) != "fault.conflict" {
		t.Errorf("ends with %v", err)
	}
}

// meanwhile does something after reading.
type meanwhile struct {
	*ldap.Client
	do func()
}

func (m meanwhile) Read(ctx context.Context, in directory.Settings, since []byte) (directory.Reading, error) {
	r, err := m.Client.Read(ctx, in, since)
	m.do()
	return r, err
}

// A sync of 20,000 entries; the budget is 30 s.
func BenchmarkSync20k(b *testing.B) {
	server := slapdtest.Start(b, slapdtest.Options{Users: 20_000, Sync: true})
	w := storagetest.Open(b)
	sources := directory.NewSources(w.Gate, storage.NewDirectory(w.DB), ldap.New(func(string) string { return slapdtest.RootPassword }, time.Now))
	owner := w.As(storagetest.Owner)
	for b.Loop() {
		b.StopTimer()
		if _, err := sources.Remove(owner, "corp"); err == nil {
			b.Fatal("one round is enough: run with -benchtime 1x")
		}
		if _, err := sources.Add(owner, directory.NewSource{Name: "corp", Settings: server.Settings()}); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		r, err := sources.Sync(owner, directory.Sync{Source: "corp"})
		if err != nil || r.Counts.Comes != 20_000 {
			b.Fatal(r.Counts, err)
		}
	}
}
