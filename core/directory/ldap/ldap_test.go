package ldap

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"reeve/core/directory"
	"reeve/core/directory/ldap/slapdtest"
	"reeve/core/fault"
)

func TestEverybodyIsRead(t *testing.T) {
	const n = 2000
	for name, o := range map[string]slapdtest.Options{
		"by synchronisation": {Users: n, Sync: true}, "in pages": {Users: n}, "in pages, for synchronising is too much": {Users: n, Sync: true, SizeLimit: 500},
	} {
		t.Run(name, func(t *testing.T) {
			s := slapdtest.Start(t, o)
			in := s.Settings()
			if o.SizeLimit > 0 {
				in.BindDN, in.PasswordFrom = "uid=reader,"+slapdtest.Suffix, "env:READER"
			}
			r := read(t, in, nil)
			if !r.Full || len(r.Users) != n || len(r.Groups) != 2 || len(r.Faults) != 0 {
				t.Fatalf("full %v, %d users, %d groups, %v", r.Full, len(r.Users), len(r.Groups), r.Faults)
			}
			if (len(r.Cookie) > 0) != (o.Sync && o.SizeLimit == 0) {
				t.Errorf("the cookie is %q", r.Cookie)
			}
			at := slices.IndexFunc(r.Users, func(e directory.Entry) bool { return e.Name == slapdtest.UID(7) })
			want := directory.Entry{ID: r.Users[at].ID, DN: slapdtest.DN(7), Name: slapdtest.UID(7), DisplayName: "User 7", Email: slapdtest.UID(7) + "@acme.example", Phone: "+86 10 00007"}
			if at < 0 || r.Users[at] != want || len(want.ID) != 36 {
				t.Errorf("read %+v", r.Users[at])
			}
			for _, g := range r.Groups {
				if g.Name == "staff" && (len(g.Members) != 10 || g.Members[0] != slapdtest.DN(0)) || g.Name == "posix" && !slices.Equal(g.Members, []string{"uid:" + slapdtest.UID(1), "uid:nobody"}) {
					t.Errorf("the group is %+v", g)
				}
			}
		})
	}
}

// What changed is read alone, whether the server logs what went or names who is left.
func TestWhatChangedIsRead(t *testing.T) {
	for name, log := range map[string]bool{"with a log": true, "without a log": false} {
		t.Run(name, func(t *testing.T) {
			s := slapdtest.Start(t, slapdtest.Options{Users: 2000, Sync: true, Log: log})
			in := s.Settings()
			in.UserFilter = "(&(objectClass=inetOrgPerson)(!(description=left)))"
			first := read(t, in, nil)
			id := func(n int) string {
				return first.Users[slices.IndexFunc(first.Users, func(e directory.Entry) bool { return e.Name == slapdtest.UID(n) })].ID
			}
			went := func(r directory.Reading) (gone []string) {
				changed := map[string]bool{}
				for _, e := range r.Users {
					changed[e.ID] = true
				}
				for _, e := range first.Users {
					if !changed[e.ID] && (slices.Contains(r.Gone, e.ID) || r.Left != nil && !r.Left[e.ID]) {
						gone = append(gone, e.Name)
					}
				}
				return gone
			}
			same := read(t, in, first.Cookie)
			if same.Full || len(same.Users) != 0 || len(went(same)) != 0 || len(same.Groups) != 2 || len(same.Cookie) == 0 {
				t.Fatalf("nothing changed, and %d users did, %v went", len(same.Users), went(same))
			}
			s.Add(5000)
			s.Replace(slapdtest.DN(3), "mail", "new@acme.example")
			s.Do(s.Admin.ModifyDN(goldap.NewModifyDNRequest(slapdtest.DN(4), "uid=renamed", true, "")))
			s.Do(s.Admin.Del(goldap.NewDelRequest(slapdtest.DN(5), nil)))
			s.Do(s.Admin.Del(goldap.NewDelRequest(slapdtest.DN(6), nil)))
			s.Replace(slapdtest.DN(8), "description", "left")
			r := read(t, in, same.Cookie)
			names := map[string]string{}
			for _, e := range r.Users {
				names[e.Name] = e.Email
			}
			if r.Full || len(r.Users) != 3 || names[slapdtest.UID(3)] != "new@acme.example" || r.Users[slices.IndexFunc(r.Users, func(e directory.Entry) bool { return e.Name == "renamed" })].ID != id(4) {
				t.Errorf("read %v", r.Users)
			}
			if _, there := names[slapdtest.UID(5000)]; !there {
				t.Error("who came is not read")
			}
			if got := went(r); !slices.Equal(got, []string{slapdtest.UID(5), slapdtest.UID(6), slapdtest.UID(8)}) {
				t.Errorf("%v went", got)
			}
		})
	}
}

// A cookie that the server cannot use makes it tell everything, or who is left.
func TestAnOldCookieLosesNobody(t *testing.T) {
	s := slapdtest.Start(t, slapdtest.Options{Users: 50, Sync: true})
	first := read(t, s.Settings(), nil)
	for _, cookie := range []string{"rid=000,csn=20010101000000.000000Z#000000#000#000000", "rid=000"} {
		r, err := client().Read(t.Context(), s.Settings(), []byte(cookie))
		if err != nil {
			t.Errorf("%s: %v", cookie, err)
			continue
		}
		told := map[string]bool{}
		for _, e := range r.Users {
			told[e.ID] = true
		}
		for _, e := range first.Users {
			if !told[e.ID] && (r.Full || slices.Contains(r.Gone, e.ID) || r.Left != nil && !r.Left[e.ID]) {
				t.Fatalf("%s: %s is said to have gone", cookie, e.Name)
			}
		}
	}
}

func TestConnectionsAreSecured(t *testing.T) {
	s := slapdtest.Start(t, slapdtest.Options{Users: 3})
	other := slapdtest.Start(t, slapdtest.Options{Users: 1})
	for name, c := range map[string]struct {
		change func(*directory.Settings)
		want   string // the message, or nothing for success
	}{
		"in the clear, as said":       {func(*directory.Settings) {}, ""},
		"in the clear, not said":      {func(in *directory.Settings) { in.Plaintext = false }, "fault.ldap.tls"},
		"StartTLS":                    {func(in *directory.Settings) { in.Plaintext, in.StartTLS, in.CAFile = false, true, s.CA }, ""},
		"StartTLS, unknown authority": {func(in *directory.Settings) { in.Plaintext, in.StartTLS = false, true }, "fault.ldap.tls"},
		"ldaps":                       {func(in *directory.Settings) { in.URL, in.Plaintext, in.CAFile = s.Encrypted, false, s.CA }, ""},
		"ldaps, another authority":    {func(in *directory.Settings) { in.URL, in.Plaintext, in.CAFile = s.Encrypted, false, other.CA }, "fault.ldap.tls"},
		"ldaps, another name": {func(in *directory.Settings) {
			in.URL, in.Plaintext, in.CAFile = strings.Replace(s.Encrypted, "127.0.0.1", "localhost", 1), false, s.CA
		}, "fault.ldap.tls"},
		"a file without a certificate":  {func(in *directory.Settings) { in.Plaintext, in.StartTLS, in.CAFile = false, true, os.DevNull }, "fault.ldap.tls"},
		"a wrong password":              {func(in *directory.Settings) { in.PasswordFrom = "env:READER" }, "fault.ldap.bind"},
		"a password that is not there":  {func(in *directory.Settings) { in.PasswordFrom = "env:NONE" }, "fault.ldap.password_empty"},
		"a password file not there":     {func(in *directory.Settings) { in.PasswordFrom = "file:/nowhere" }, "fault.ldap.password"},
		"an empty password file":        {func(in *directory.Settings) { in.PasswordFrom = "file:" + os.DevNull }, "fault.ldap.password_empty"},
		"no base of that name":          {func(in *directory.Settings) { in.Base = "ou=nowhere," + slapdtest.Suffix }, "fault.ldap.search"},
		"nobody listens":                {func(in *directory.Settings) { in.URL = "ldap://" + slapdtest.FreePort(t) }, "fault.ldap.connect"},
		"no such host":                  {func(in *directory.Settings) { in.URL = "ldap://host.invalid" }, "fault.ldap.resolve"},
		"anonymous, where that is read": {func(in *directory.Settings) { in.BindDN, in.PasswordFrom = "", "" }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			in := s.Settings()
			c.change(&in)
			r, err := client().Read(t.Context(), in, nil)
			var f fault.Fault
			switch {
			case c.want == "" && (err != nil || len(r.Users) != 3):
				t.Errorf("%d users, %v", len(r.Users), err)
			case c.want != "" && (!errors.As(err, &f) || f.Text().ID != c.want):
				t.Errorf("%v, want %s", err, c.want)
			case c.want != "" && strings.Contains(err.Error(), "read only"):
				t.Errorf("the password is in the error: %v", err)
			}
		})
	}
}

// Who has no name to be shown by is shown by the one that everybody has.
func TestWhoHasNoDisplayName(t *testing.T) {
	s := slapdtest.Start(t, slapdtest.Options{LDIF: "dn: uid=plain," + slapdtest.People + "\nobjectClass: inetOrgPerson\nuid: plain\ncn: Plain Person\nsn: Person\n\n"})
	r := read(t, s.Settings(), nil)
	if len(r.Users) != 1 || r.Users[0].DisplayName != "Plain Person" {
		t.Errorf("read %+v", r.Users)
	}
}

// What a server says is told without numbers, and without an end where it says nothing more.
func TestWhatIsSaidOfErrors(t *testing.T) {
	for want, err := range map[string]error{
		"Invalid Credentials":            goldap.NewError(goldap.LDAPResultInvalidCredentials, errors.New("")),
		"Busy: come back<001B> later":    goldap.NewError(goldap.LDAPResultBusy, errors.New("come back\x1b later")),
		"ldap: unexpected end of filter": goldap.NewError(goldap.ErrorFilterCompile, errors.New("ldap: unexpected end of filter")),
		"dial tcp: connection refused":   errors.New("dial tcp: connection refused"),
		strings.Repeat("x", 300):         errors.New(strings.Repeat("x", 900)),
	} {
		if got := said(err); got != want {
			t.Errorf("said %q, want %q", got, want)
		}
	}
}

// An empty password never leaves: the server would take it for success.
func TestAnEmptyPasswordIsNotSent(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{}, 10)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				close(asked)
				return
			}
			asked <- struct{}{}
			_ = conn.Close()
		}
	}()
	file := filepath.Join(t.TempDir(), "pw")
	if err := os.WriteFile(file, []byte("\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := withEnvironment(nil)
	for _, password := range []string{"env:NONE", "env:", "file:" + file, "", "elsewhere:x"} {
		in := directory.Settings{URL: "ldap://" + l.Addr().String(), Plaintext: true, BindDN: "cn=x", PasswordFrom: password}
		if _, err := c.Read(t.Context(), in, nil); err == nil {
			t.Errorf("%q: read", password)
		}
		if stages := c.Test(t.Context(), in); len(stages) != 1 || stages[0].OK {
			t.Errorf("%q: %+v", password, stages)
		}
	}
	_ = l.Close()
	for range asked {
		t.Error("the server was reached")
	}
}

func TestStages(t *testing.T) {
	s := slapdtest.Start(t, slapdtest.Options{Users: 3})
	in := s.Settings()
	in.URL, in.Plaintext, in.CAFile = s.Encrypted, false, s.CA
	names := func(stages []directory.Stage) (list []string) {
		for _, stage := range stages {
			name := stage.Name
			if !stage.OK {
				name += "!"
			}
			list = append(list, name)
		}
		return list
	}
	for name, c := range map[string]struct {
		change func(*directory.Settings)
		want   string
	}{
		"all is well":  {func(*directory.Settings) {}, "resolve connect tls bind search"},
		"no bind":      {func(in *directory.Settings) { in.PasswordFrom = "env:READER" }, "resolve connect tls bind!"},
		"no trust":     {func(in *directory.Settings) { in.CAFile = "" }, "resolve connect tls!"},
		"no listener":  {func(in *directory.Settings) { in.URL = "ldaps://" + slapdtest.FreePort(t) }, "resolve connect!"},
		"no host":      {func(in *directory.Settings) { in.URL = "ldaps://host.invalid" }, "resolve!"},
		"nobody there": {func(in *directory.Settings) { in.Base = slapdtest.Groups }, "resolve connect tls bind search!"},
		"no id":        {func(in *directory.Settings) { in.Attributes.ID = "carLicense" }, "resolve connect tls bind search!"},
	} {
		in := in
		c.change(&in)
		if got := strings.Join(names(client().Test(t.Context(), in)), " "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestReadingEndsWithItsContext(t *testing.T) {
	s := slapdtest.Start(t, slapdtest.Options{Users: 10, Sync: true})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client().Read(ctx, s.Settings(), nil); err == nil {
		t.Error("read")
	}
}

// Entries shaped as those of Active Directory, served by slapd: a GUID in bytes, a name of its own, flags. Nothing here shows
// how a domain controller behaves beyond that.
func TestEntriesOfActiveDirectory(t *testing.T) {
	const schema = `attributetype ( 1.2.840.113556.1.4.2 NAME 'objectGUID' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP inetOrgPerson STRUCTURAL MAY ( objectGUID $ sAMAccountName $ userAccountControl ) )
objectclass ( 1.2.840.113556.1.5.8 NAME 'group' SUP top STRUCTURAL MUST cn MAY ( objectGUID $ sAMAccountName $ member ) )
`
	// "AQIDBAUGBwgJCgsMDQ4PEA==" is 01 02 … 10.
	entries := "dn: cn=Ann Lee," + slapdtest.People + "\nobjectClass: user\ncn: Ann Lee\nsn: Lee\nsAMAccountName: ann\nobjectGUID:: AQIDBAUGBwgJCgsMDQ4PEA==\nuserAccountControl: 512\nmail: ann@acme.example\n\n" +
		"dn: cn=Bob," + slapdtest.People + "\nobjectClass: user\ncn: Bob\nsn: B\nsAMAccountName: bob\nobjectGUID:: EQIDBAUGBwgJCgsMDQ4PEA==\nuserAccountControl: 514\n\n" +
		"dn: cn=Crew," + slapdtest.Groups + "\nobjectClass: group\ncn: Crew\nobjectGUID:: IQIDBAUGBwgJCgsMDQ4PEA==\nmember: CN=ann  lee, OU=People," + slapdtest.Suffix + "\n\n"
	s := slapdtest.Start(t, slapdtest.Options{Extra: schema, LDIF: entries, Sync: true})
	in := s.Settings()
	in.Preset, in.UserFilter, in.GroupFilter = directory.ActiveDirectory, "(objectClass=user)", "(objectClass=group)"
	in.Attributes.ID, in.Attributes.Name = "objectGUID", "sAMAccountName"
	r := read(t, in, nil)
	if !r.Full || r.Cookie != nil || len(r.Users) != 2 || len(r.Groups) != 1 {
		t.Fatalf("read %+v", r)
	}
	slices.SortFunc(r.Users, func(a, b directory.Entry) int { return strings.Compare(a.Name, b.Name) })
	if r.Users[0].ID != "04030201-0605-0807-090a-0b0c0d0e0f10" || r.Users[0].Disabled || !r.Users[1].Disabled {
		t.Errorf("read %+v", r.Users)
	}
	if len(r.Groups[0].Members) != 1 {
		t.Errorf("the members are %v", r.Groups[0].Members)
	}
}

// many answers as Active Directory does where an attribute has many values.
type many struct {
	values []string
	asked  []string
}

func (m *many) part(from int, more bool) *goldap.Entry {
	to := min(from+3, len(m.values))
	end := "*"
	if more && to < len(m.values) {
		end = strconv.Itoa(to - 1)
	}
	return goldap.NewEntry("cn=g", map[string][]string{"member": nil, "member;range=" + strconv.Itoa(from) + "-" + end: m.values[from:to]})
}

func (m *many) Search(q *goldap.SearchRequest) (*goldap.SearchResult, error) {
	m.asked = append(m.asked, q.Attributes[0])
	from := int(strings.TrimPrefix(q.Attributes[0], "member;range=")[0] - '0')
	return &goldap.SearchResult{Entries: []*goldap.Entry{m.part(from, true)}}, nil
}

func TestMembersInParts(t *testing.T) {
	m := &many{values: strings.Split("abcdefgh", "")}
	got, err := client().membersOf(m, m.part(0, true), "member")
	if err != nil || !slices.Equal(got, m.values) || !slices.Equal(m.asked, []string{"member;range=3-*", "member;range=6-*"}) {
		t.Errorf("%v %v, asked %v", got, err, m.asked)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	good := directory.Settings{Preset: directory.OpenLDAP, Base: slapdtest.People, GroupBase: slapdtest.Groups, BindDN: slapdtest.RootDN, UserFilter: "(uid=*)", GroupFilter: "(cn=*)"}
	for name, c := range map[string]struct {
		change func(*directory.Settings)
		want   string
	}{
		"good":               {func(*directory.Settings) {}, ""},
		"user filter":        {func(in *directory.Settings) { in.UserFilter = "(uid=*" }, "user_filter"},
		"group filter":       {func(in *directory.Settings) { in.GroupFilter = "cn" }, "group_filter"},
		"base":               {func(in *directory.Settings) { in.Base = "people" }, "base"},
		"bind":               {func(in *directory.Settings) { in.BindDN = "ann@acme.example" }, "bind_dn"},
		"bind to a domain":   {func(in *directory.Settings) { in.BindDN, in.Preset = "ann@acme.example", directory.ActiveDirectory }, ""},
		"everything at once": {func(in *directory.Settings) { in.Base, in.UserFilter = "x", "(" }, "user_filter base"},
	} {
		in := good
		c.change(&in)
		var got []string
		for _, f := range client().Check(in) {
			got = append(got, f.Name)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

func client() *Client {
	return withEnvironment(map[string]string{"PW": slapdtest.RootPassword, "READER": "read only"})
}

func withEnvironment(env map[string]string) *Client {
	return New(func(name string) string { return env[name] }, time.Now)
}

func read(t testing.TB, in directory.Settings, since []byte) directory.Reading {
	t.Helper()
	r, err := client().Read(context.Background(), in, since)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
