package directory_test

import (
	"slices"
	"strings"
	"testing"

	"reeve/core/directory"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/storage"
	"reeve/storage/storagetest"
)

func names(list ...string) directory.Batch { return directory.Batch{Names: list} }

func TestWhoIsDisabledMayDoNothingAndKeepsEverything(t *testing.T) {
	s := open(t, "zoe", "max")
	ref := s.Workspace("sales_dw", "zoe")
	members := member.New(s.Gate, storage.NewMembers(s.DB, s.Builtins))
	if _, err := members.List(s.As("zoe"), ref, list.Query{}); err != nil {
		t.Fatal(err)
	}
	o, err := s.users.PreviewDisable(s.As("fay"), names("zoe"))
	if err != nil || len(o.Effect.AdminLosses) != 1 || len(o.Effect.Losses) == 0 || len(o.Effect.TenantLosses) == 0 {
		t.Errorf("the preview: %+v %v", o.Effect, err)
	}
	if len(o.Effect.Unadministered) != 1 {
		t.Errorf("nobody says that only the owner is left: %+v", o.Effect)
	}
	off, err := s.users.Disable(s.As("fay"), names("zoe", "max"))
	if err != nil || len(off) != 2 || off[0].Status != directory.Disabled || off[0].Since == nil {
		t.Fatalf("%+v %v", off, err)
	}
	if _, err := members.List(s.As("zoe"), ref, list.Query{}); reason(err) != "denied.disabled" {
		t.Errorf("disabled, and %v", err)
	}
	if again, err := s.users.Disable(s.As("fay"), names("zoe")); err != nil || len(again) != 0 {
		t.Errorf("again: %+v %v", again, err)
	}
	if u := s.user(t, "zoe"); u.Workspaces != 1 {
		t.Errorf("what she holds: %+v", u)
	}
	page, err := s.users.List(s.As("fay"), list.Query{Filter: list.ParseFilter("status:disabled"), Sort: list.Sort{Field: "status"}})
	if err != nil || len(page.Items) != 2 {
		t.Errorf("%+v %v", page.Items, err)
	}
	if on, err := s.users.Enable(s.As("fay"), names("zoe")); err != nil || on[0].Status != directory.Active || on[0].Since != nil {
		t.Errorf("%+v %v", on, err)
	}
	if _, err := members.List(s.As("zoe"), ref, list.Query{}); err != nil {
		t.Errorf("enabled, and %v", err)
	}
}

// To disable a group takes away what it hands to its members.
func TestADisabledGroup(t *testing.T) {
	s := open(t, "zoe")
	s.Group("crew", "zoe")
	s.attach(t, "AliyunDataWorksFullAccess", "crew")
	if _, err := s.users.Add(s.As("zoe"), directory.Add{Names: []string{"one"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.users.Disable(s.As("fay"), names("crew")); reason(err) != "denied.power" {
		t.Errorf("by who stands below: %v", err)
	}
	if _, err := s.users.Disable(s.As("abe"), names("crew")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.users.Add(s.As("zoe"), directory.Add{Names: []string{"two"}}); reason(err) != "denied.full_access" {
		t.Errorf("the power of a disabled group: %v", err)
	}
}

func TestWhoMayNotBeDisabledOrEnabled(t *testing.T) {
	s := open(t, "zoe", "max")
	if _, err := s.users.Disable(s.As(storagetest.Owner), names("abe")); err != nil {
		t.Fatal(err)
	}
	disabling := func(by string, who ...string) error { _, err := s.users.Disable(s.As(by), names(who...)); return err }
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"the account": {disabling(storagetest.Owner, storagetest.Owner), "fault.user.account"},
		"one above":   {disabling("fay", "abe"), "denied.power"},
		"nobody":      {disabling("fay"), "fault.member.nobody"},
		"a stranger":  {disabling("fay", "who"), "fault.not_found"},
		"one of two":  {disabling("fay", "max", "who"), "fault.user.unknown"},
		"by zoe":      {disabling("zoe", "max"), "denied.full_access"},
	} {
		if got := reason(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if _, err := s.users.Enable(s.As("fay"), names("abe")); reason(err) != "denied.power" {
		t.Errorf("giving a power back: %v", err)
	}
	if u := s.user(t, "max"); u.Status != directory.Active {
		t.Error("one was disabled though another was unknown")
	}
}

func TestOnlyWhoHoldsNothingIsDeleted(t *testing.T) {
	s := open(t, "zoe", "max", "gone")
	s.Workspace("sales_dw", "zoe")
	s.Group("crew", "max")
	remove := func(by string, who ...string) error { _, err := s.users.Delete(s.As(by), who); return err }
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"a member":     {remove("fay", "zoe"), "fault.user.holds"},
		"in a group":   {remove("fay", "max"), "fault.user.holds"},
		"a full group": {remove("fay", "crew"), "fault.user.holds"},
		"one of two":   {remove("fay", "gone", "zoe"), "fault.user.holds"},
		"one above":    {remove("fay", "abe"), "denied.power"},
		"the account":  {remove(storagetest.Owner, storagetest.Owner), "fault.user.account"},
		"oneself":      {remove("abe", "abe"), "fault.user.self"},
	} {
		if got := reason(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	h, err := s.users.Holdings(s.As("fay"), "zoe")
	if err != nil || !slices.Equal(h.Workspaces, []string{storagetest.Home + "/sales_dw"}) {
		t.Errorf("%+v %v", h, err)
	}
	id := s.user(t, "gone").ID
	if err := remove("fay", "gone"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.users.Get(s.As("fay"), "gone"); reason(err) != "fault.not_found" {
		t.Errorf("deleted, and %v", err)
	}
	// The name may be given again; the id is never.
	if _, err := s.users.Add(s.As("fay"), directory.Add{Names: []string{"gone"}}); err != nil || s.user(t, "gone").ID <= id {
		t.Errorf("again as %d after %d: %v", s.user(t, "gone").ID, id, err)
	}
}

func TestContactsAreChecked(t *testing.T) {
	s := open(t, "zoe")
	edit := func(display, email, phone string) error {
		_, err := s.users.Update(s.As("fay"), "zoe", directory.Edit{DisplayName: &display, Email: &email, Phone: &phone})
		return err
	}
	if err := edit("Zoë Park", " zoe@acme.example ", "+86 (10) 123-45/6"); err != nil {
		t.Fatal(err)
	}
	if u := s.user(t, "zoe"); u.DisplayName != "Zoë Park" || u.Email != "zoe@acme.example" || u.Version != 2 {
		t.Errorf("%+v", u)
	}
	for name, c := range map[string]struct{ display, email, phone, want string }{
		"no address":  {"", "zoe", "", "fault.user.email"},
		"two":         {"", "a@b.example, c@d.example", "", "fault.user.email"},
		"with a name": {"", "Zoe <zoe@acme.example>", "", "fault.user.email"},
		"too long":    {"", strings.Repeat("a", 250) + "@b.example", "", "fault.text.length"},
		"letters":     {"", "", "call me", "fault.user.phone"},
		"no number":   {"", "", "+-", "fault.user.phone"},
		"unsafe":      {"a\u202eb", "", "", "fault.text.unsafe"},
		"name length": {strings.Repeat("x", 129), "", "", "fault.text.length"},
	} {
		if got := reason(edit(c.display, c.email, c.phone)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	old := "old"
	if _, err := s.users.Update(s.As("fay"), "zoe", directory.Edit{DisplayName: &old, Version: 1}); reason(err) != "fault.conflict" {
		t.Errorf("a stale edit: %v", err)
	}
	page, err := s.users.List(s.As("fay"), list.Query{Filter: list.ParseFilter("email:acme.exam")})
	if err != nil || len(page.Items) != 1 {
		t.Errorf("found by address: %+v %v", page.Items, err)
	}
}

func TestSettingsOfSources(t *testing.T) {
	good := directory.Settings{URL: "ldaps://ldap.acme.example", Base: "dc=acme", BindDN: "cn=reader", PasswordFrom: "env:LDAP_PASSWORD", Share: 10} // #nosec G101 -- where the password stands, not the password
	s := open(t)
	sources := directory.NewSources(s.Gate, storage.NewDirectory(s.DB), nil)
	for name, c := range map[string]struct {
		change func(*directory.Settings)
		want   string
	}{
		"good":                   {func(*directory.Settings) {}, ""},
		"taken":                  {func(*directory.Settings) {}, "fault.directory.taken"},
		"in the clear":           {func(in *directory.Settings) { in.URL = "ldap://x" }, "fault.directory.plaintext"},
		"clear for nothing":      {func(in *directory.Settings) { in.Plaintext = true }, "fault.directory.plaintext_for_nothing"},
		"encrypted twice":        {func(in *directory.Settings) { in.StartTLS = true }, "fault.directory.tls_twice"},
		"no server":              {func(in *directory.Settings) { in.URL = "https://x" }, "fault.directory.url"},
		"a password in the URL":  {func(in *directory.Settings) { in.URL = "ldaps://a:b@x" }, "fault.directory.url"},
		"a password itself":      {func(in *directory.Settings) { in.PasswordFrom = "hunter2" }, "fault.directory.password"},
		"no password":            {func(in *directory.Settings) { in.PasswordFrom = "" }, "fault.directory.password"},
		"a path from here":       {func(in *directory.Settings) { in.PasswordFrom = "file:pw" }, "fault.directory.password"},
		"nobody binds":           {func(in *directory.Settings) { in.BindDN, in.PasswordFrom = "", "" }, "fault.directory.bind"},
		"no base":                {func(in *directory.Settings) { in.Base = "" }, "fault.text.empty"},
		"a share of more":        {func(in *directory.Settings) { in.Share = 101 }, "fault.directory.share"},
		"an attribute":           {func(in *directory.Settings) { in.Attributes.Name = "u id" }, "fault.directory.attribute"},
		"a preset":               {func(in *directory.Settings) { in.Preset = "novell" }, "fault.directory.preset"},
		"an authority from here": {func(in *directory.Settings) { in.CAFile = "ca.pem" }, "fault.directory.path"},
	} {
		in := directory.NewSource{Name: "corp_" + strings.ReplaceAll(name, " ", "_"), Settings: good}
		c.change(&in.Settings)
		if name == "taken" {
			in.Name = "twice"
			if _, err := sources.Add(s.As("fay"), in); err != nil {
				t.Fatal(err)
			}
		}
		_, err := sources.Add(s.As("fay"), in)
		if reason(err) != c.want || err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	got, err := sources.Get(s.As("fay"), "corp_good")
	if err != nil || got.Attributes.ID != "entryUUID" || got.UserFilter == "" || got.Preset != directory.OpenLDAP || got.CreatedBy != "fay" {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := sources.Get(s.As("fay"), "corp_goob"); reason(err) != "fault.not_found" {
		t.Errorf("a misspelt one: %v", err)
	}
}
