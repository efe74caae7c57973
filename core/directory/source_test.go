package directory_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/directory/ldap"
	"reeve/core/fault"
	"reeve/storage"
	"reeve/storage/storagetest"
)

func TestASourceIsChanged(t *testing.T) {
	s := open(t)
	getenv := func(string) string { return "" }
	sources := directory.NewSources(s.Gate, storage.NewDirectory(s.DB), ldap.New(getenv, time.Now))
	root := s.As(storagetest.Owner)
	settings := directory.Settings{URL: "ldaps://ldap.acme.example", Base: "dc=acme", BindDN: "cn=reeve,dc=acme", Share: 10}
	settings.PasswordFrom = "env:CORP"
	made, err := sources.Add(root, directory.NewSource{Name: "corp", Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	edit := directory.EditSource{Settings: made.Settings, Version: made.Version}
	edit.Base, edit.Share, edit.Preset = "ou=people,dc=acme", 20, directory.ActiveDirectory
	after, err := sources.Update(root, "CORP", edit)
	if err != nil {
		t.Fatal(err)
	}
	if after.Version != 2 || after.Share != 20 || after.GroupBase != "ou=people,dc=acme" || after.Attributes.ID != "objectGUID" || after.UserFilter == made.UserFilter {
		t.Errorf("changed to %+v", after)
	}
	if _, err := sources.Update(root, "corp", edit); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("an old reading is written: %v", err)
	}
	edit.Version = 0
	edit.Settings = after.Settings
	if same, err := sources.Update(root, "corp", edit); err != nil || same.Version != 2 {
		t.Errorf("nothing is changed to %+v (%v)", same, err)
	}
	edit.URL, edit.Base, edit.UserFilter, edit.PasswordFrom, edit.Share = "http://x", "", "(uid=", "hunter2", 101
	_, err = sources.Update(root, "corp", edit)
	var invalid *fault.Invalid
	wrong := map[string]bool{}
	if errors.As(err, &invalid) {
		for _, f := range invalid.Fields {
			wrong[f.Name] = true
		}
	}
	for _, field := range []string{"url", "base", "user_filter", "password", "share"} {
		if !wrong[field] {
			t.Errorf("%s is not said to be wrong: %v", field, err)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a password given by mistake is said again: %v", err)
	}
	if _, err := sources.Update(root, "crop", edit); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("a source that is not there: %v", err)
	}
}

// TestFromElsewhereNobodyChoosesWhatIsReadOfTheServer holds that passwords of the machine, and those that people sign in with, go nowhere
// that somebody names over a network.
func TestFromElsewhereNobodyChoosesWhatIsReadOfTheServer(t *testing.T) {
	s := open(t)
	sources := directory.NewSources(s.Gate, storage.NewDirectory(s.DB), ldap.New(func(string) string { return "" }, time.Now))
	here := s.As(storagetest.Owner)
	actor, _ := control.ActorOf(here)
	actor.Address = "192.0.2.7:4022"
	afar := control.WithActor(here, actor)
	refused := func(err error, fields ...string) {
		t.Helper()
		var invalid *fault.Invalid
		got := []string{}
		if errors.As(err, &invalid) {
			for _, f := range invalid.Fields {
				if f.Text.ID == "fault.directory.afar" {
					got = append(got, f.Name)
				}
			}
		}
		if !slices.Equal(got, fields) {
			t.Errorf("refused are %v (%v), want %v", got, err, fields)
		}
	}
	anonymous := directory.Settings{URL: "ldaps://ldap.acme.example", Base: "dc=acme", BindDN: "cn=reeve", PasswordFrom: "env:PW", Share: 10}
	_, err := sources.Add(afar, directory.NewSource{Name: "corp", Settings: anonymous})
	refused(err, "password")
	made, err := sources.Add(here, directory.NewSource{Name: "corp", Settings: anonymous})
	if err != nil {
		t.Fatal(err)
	}
	edit := directory.EditSource{Settings: made.Settings, Version: made.Version}
	edit.URL, edit.StartTLS, edit.CAFile, edit.BindDN, edit.PasswordFrom = "ldap://198.51.100.1", true, "/etc/shadow", "cn=x", "file:/etc/shadow"
	_, err = sources.Update(afar, "corp", edit)
	refused(err, "url", "start_tls", "ca_file", "bind_dn", "password")
	edit.Settings = made.Settings
	edit.Base, edit.Share = "ou=people,dc=acme", 20
	if after, err := sources.Update(afar, "corp", edit); err != nil || after.Share != 20 {
		t.Errorf("what is read of it cannot be changed: %+v (%v)", after, err)
	}
}
