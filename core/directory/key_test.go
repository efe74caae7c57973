package directory_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"reeve/core/directory"
	"reeve/core/message"
	"reeve/storage/storagetest"
)

// line is a public key as authorized_keys has it.
func line(t *testing.T, public any, comment string) string {
	t.Helper()
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key))) + " " + comment
}

func keysOf(t *testing.T) (ed, ec, strong string) {
	t.Helper()
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return line(t, public, "zoe@laptop"), line(t, &curve.PublicKey, ""), line(t, &long.PublicKey, "work")
}

const dsa = "ssh-dss AAAAB3NzaC1kc3MAAACBAP" // cut: no key is read from it

// said is a fault of a line as line:message.
func said(t message.Text) string {
	if what, ok := t.Args["What"].(message.Text); ok {
		return fmt.Sprintf("%v:%s", t.Args["Line"], what.ID)
	}
	return t.ID
}

func TestKeysAreReadLineByLine(t *testing.T) {
	ed, ec, strong := keysOf(t)
	small, err := rsa.GenerateKey(rand.Reader, 1024) // #nosec G403 -- too small is what is tried
	if err != nil {
		t.Fatal(err)
	}
	weak := line(t, &small.PublicKey, "old")
	for name, c := range map[string]struct {
		lines string
		keys  int
		want  string // the faults, as line:message
	}{
		"one":              {ed, 1, ""},
		"three":            {"# mine\n\n" + ed + "\r\n  " + ec + "\n" + strong + "\n", 3, ""},
		"nothing":          {" \n# only words\n", 0, "fault.key.none"},
		"too short":        {weak, 0, "1:fault.key.short"},
		"no key":           {"hello\n" + ed, 1, "1:fault.key.form"},
		"cut":              {ed[:40], 0, "1:fault.key.form"},
		"dsa":              {dsa, 0, "1:fault.key.form"},
		"options":          {`command="rm -rf /" ` + ed, 0, "1:fault.key.options"},
		"a flag":           {"no-pty " + ed + "\n" + ec, 1, "1:fault.key.options"},
		"private":          {"-----BEGIN OPENSSH PRIVATE KEY-----", 0, "1:fault.key.private"},
		"twice":            {ed + "\n" + ed, 1, "2:fault.key.twice"},
		"endless":          {ed + strings.Repeat("x", 20_000), 0, "1:fault.key.long"},
		"faults of lines":  {"a b\n" + ed + "\nno-pty " + ec, 1, "1:fault.key.form 3:fault.key.options"},
		"a hostile remark": {ed + " \x1b[31m\u202e", 1, ""},
	} {
		keys, bad := directory.ParseKeys(c.lines)
		var got []string
		for _, f := range bad {
			got = append(got, said(f.Text))
		}
		if len(keys) != c.keys || strings.Join(got, " ") != c.want {
			t.Errorf("%s: %d keys, %v; want %d, %s", name, len(keys), got, c.keys, c.want)
		}
		for _, k := range keys {
			if !strings.HasPrefix(k.Fingerprint, "SHA256:") || strings.ContainsAny(k.Comment, "\x1b\u202e") || len(k.Comment) > 128 {
				t.Errorf("%s: %+v", name, k)
			}
		}
	}
	if keys, _ := directory.ParseKeys(ed); keys[0].Comment != "zoe@laptop" || keys[0].Type != "ssh-ed25519" {
		t.Errorf("%+v", keys)
	}
}

func TestAKeyIsOnePersons(t *testing.T) {
	s := open(t, "zoe", "max")
	ed, ec, _ := keysOf(t)
	added, err := s.users.AddKeys(s.As("fay"), "zoe", ed+"\n"+ec)
	if err != nil || len(added) != 2 || added[0].AddedBy != "fay" {
		t.Fatalf("%+v %v", added, err)
	}
	for name, c := range map[string]struct {
		by, to, lines, want string
	}{
		"somebody's already":        {"fay", "max", ed, "fault.key.taken"},
		"one's own already":         {"fay", "zoe", ed, "fault.key.taken"},
		"to who stands above":       {"fay", "abe", line(t, newKey(t), "x"), "denied.power"},
		"to the account":            {"fay", storagetest.Owner, line(t, newKey(t), "x"), "denied.power"},
		"to the account by its own": {storagetest.Owner, storagetest.Owner, line(t, newKey(t), "x"), ""},
		"by nobody special":         {"max", "max", line(t, newKey(t), "x"), "denied.full_access"},
		"to nobody":                 {"fay", "who", line(t, newKey(t), "x"), "fault.not_found"},
	} {
		if _, err := s.users.AddKeys(s.As(c.by), c.to, c.lines); reason(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := s.users.RemoveKey(s.As("fay"), "zoe", "SHA256:"); reason(err) != "fault.not_found" {
		t.Errorf("the beginning of all keys: %v", err)
	}
	if k, err := s.users.RemoveKey(s.As("fay"), "zoe", added[0].Fingerprint[:20]); err != nil || k.Fingerprint != added[0].Fingerprint {
		t.Errorf("%+v %v", k, err)
	}
	keys, err := s.users.KeysOf(s.As("max"), "zoe")
	if err != nil || len(keys) != 1 || keys[0].Fingerprint != added[1].Fingerprint {
		t.Errorf("%+v %v", keys, err)
	}
	if _, err := s.users.AddKeys(s.As("fay"), "max", ed); err != nil {
		t.Errorf("what is nobody's any more: %v", err)
	}
}

// A file is imported line by line: what is good goes in, and each other line says why it does not.
func TestAFileOfKeysIsImportedLineByLine(t *testing.T) {
	s := open(t, "zoe", "max")
	ed, ec, long := keysOf(t)
	mine := line(t, newKey(t), "other")
	if _, err := s.users.AddKeys(s.As("fay"), "zoe", ed); err != nil {
		t.Fatal(err)
	}
	if _, err := s.users.AddKeys(s.As("fay"), "max", mine); err != nil {
		t.Fatal(err)
	}
	file := "\ufeff# keys\r\n" + ed + "\r\n\n\t" + ec + "\n" + ec + "\nno-pty,command=\"ls -l\" " + long + "\n" + mine + "\nnonsense\n"
	want := "2 same ;4 add ;5 rejected fault.key.twice;6 rejected fault.key.options;7 rejected fault.key.taken_by;8 rejected fault.key.form;"
	told := func(lines []directory.KeyLine, err error) (all string) {
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			all += fmt.Sprintf("%d %s %s;", l.Line, l.Result, l.Why.ID)
		}
		return all
	}
	if got := told(s.users.CompareKeys(s.As("fay"), "zoe", file)); got != want {
		t.Errorf("would be %s, want %s", got, want)
	}
	if keys, err := s.users.KeysOf(s.As("fay"), "zoe"); err != nil || len(keys) != 1 {
		t.Errorf("comparing adds: %v (%v)", keys, err)
	}
	if got := told(s.users.ImportKeys(s.As("fay"), "zoe", file)); got != want {
		t.Errorf("is %s, want %s", got, want)
	}
	if keys, err := s.users.KeysOf(s.As("fay"), "zoe"); err != nil || len(keys) != 2 {
		t.Errorf("there are %v (%v)", keys, err)
	}
	if got := told(s.users.ImportKeys(s.As("fay"), "zoe", file)); !strings.HasPrefix(got, "2 same ;4 same ;") {
		t.Errorf("another time it is %s", got)
	}
	for name, c := range map[string]struct{ by, to, want string }{
		"by nobody special": {"max", "max", "denied.full_access"}, "to who stands above": {"fay", "abe", "denied.power"}, "to nobody": {"fay", "who", "fault.not_found"},
	} {
		if _, err := s.users.ImportKeys(s.As(c.by), c.to, file); reason(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := s.users.CompareKeys(s.As(c.by), c.to, file); reason(err) != c.want {
			t.Errorf("%s, comparing: %v", name, err)
		}
	}
	if _, err := s.users.ImportKeys(s.As("fay"), "zoe", "# nothing\n"); reason(err) != "fault.key.none" {
		t.Errorf("a file of nothing: %v", err)
	}
	if got := told(s.users.CompareKeys(s.As("fay"), "zoe", strings.Repeat("x\n", 500))); strings.Count(got, ";") != 101 || !strings.HasSuffix(got, "101 rejected fault.key.many;") {
		t.Errorf("a file of very many: %s", got)
	}
}

func newKey(t *testing.T) ed25519.PublicKey {
	t.Helper()
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return public
}
