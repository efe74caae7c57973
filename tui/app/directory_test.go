package app_test

import (
	"context"
	"testing"

	"reeve/core/directory"
	"reeve/core/fault"
	"reeve/storage"
)

// ldapServer is a directory server that answers with one reading after the other, the last one again and again.
type ldapServer struct{ readings []directory.Reading }

func (*ldapServer) Check(directory.Settings) []fault.Field                     { return nil }
func (*ldapServer) Test(context.Context, directory.Settings) []directory.Stage { return nil }
func (l *ldapServer) Read(context.Context, directory.Settings, []byte) (directory.Reading, error) {
	r := l.readings[0]
	if len(l.readings) > 1 {
		l.readings = l.readings[1:]
	}
	return r, nil
}

// hannaKey is a key of nobody: its private half was thrown away.
const hannaKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEHzifWKm5JuhGcXvqjbDHoqY6OmKZEFsT4kopVt962W hanna@laptop"

// corp adds a directory source that was synced once and has changed since, a key, an e-mail address, and somebody who is disabled.
func corp(w *world) {
	person := func(id, name, display, email string) directory.Entry {
		return directory.Entry{ID: id, DN: "uid=" + name + ",dc=corp", Name: name, DisplayName: display, Email: email}
	}
	hanna, wide := person("1a", "hanna.berg", "Hanna Berg", "hanna@corp.example"), person("2b", "王小明", "王小明", "ming@corp.example")
	first := directory.Reading{Full: true, Users: []directory.Entry{hanna, wide, person("3c", "old.timer", "", "")},
		Groups: []directory.GroupEntry{{ID: "9z", DN: "cn=staff", Name: "staff", Members: []string{hanna.DN, "uid=old.timer,dc=corp"}}}}
	hanna.Email, hanna.DisplayName = "h.berg@corp.example", "Hanna Berg \u202e"
	second := directory.Reading{Full: true, Users: []directory.Entry{hanna, wide, person("4d", "new.comer", "New Comer", ""), person("5e", "m.ito", "", ""), person("6f", "bad name", "", "")},
		Groups: []directory.GroupEntry{{ID: "9z", DN: "cn=staff", Name: "staff", Members: []string{hanna.DN, "uid=new.comer,dc=corp"}}}}
	third := directory.Reading{Full: true, Users: second.Users[:2:2]}
	server := &ldapServer{readings: []directory.Reading{first, second, second, third}}
	w.services.Directories = directory.NewSources(w.gate, storage.NewDirectory(w.db), server)
	root := w.ctx(w.t, "root")
	settings := directory.Settings{Preset: directory.OpenLDAP, URL: "ldaps://ldap.corp.example", Base: "dc=corp", BindDN: "cn=reader,dc=corp", PasswordFrom: "env:CORP", Groups: true, Share: 10} // #nosec G101 -- where the password stands, not the password
	_, err := w.services.Directories.Add(root, directory.NewSource{Name: "corp", Settings: settings})
	fatal(w.t, err)
	_, err = w.services.Directories.Sync(root, directory.Sync{Source: "corp"})
	fatal(w.t, err)
	_, err = w.services.Users.AddKeys(root, "hanna.berg", hannaKey)
	fatal(w.t, err)
	_, err = w.services.Users.Disable(root, directory.Batch{Names: []string{"k.nowak"}})
	fatal(w.t, err)
}

func fatal(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheDirectoryIsKeptByKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	corp(w)
	d := w.open("root", "admin?q=kaya")
	has(t, d.Keys("M tab text:a.kaya@acme.example ctrl+s"), "a.kaya@acme.example")
	has(t, d.Keys("d"), "loses")
	has(t, d.Keys("enter"), "disabled")
	has(t, d.Keys("E enter"), "active")
	has(t, d.Keys("K text:ssh-dss ctrl+s"), "line 1")
	d.Keys("esc")
	// What goes is more than the source allows: enter asks for its name.
	d = w.open("root", "admin")
	has(t, d.Keys("L"), "What a sync of corp would do", "old.timer", "new.comer", "h.berg@corp.example")
	has(t, d.Keys("enter"), "More goes than corp allows")
	d.Keys("text:corp enter y")
	has(t, w.open("root", "admin?q=old"), "vanished")
	has(t, w.open("root", "admin?q=name:new.comer"), "corp")
}
