package ldap

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"reeve/core/directory"
)

const (
	suffix   = "dc=acme,dc=example"
	people   = "ou=people," + suffix
	groupsOU = "ou=groups," + suffix
	rootDN   = "cn=admin," + suffix
	rootPW   = "secret of the test"
)

// slapd is a server of this test's own.
type slapd struct {
	t         testing.TB
	plain     string // ldap://127.0.0.1:port
	encrypted string // ldaps://127.0.0.1:port
	ca        string
	admin     *goldap.Conn
}

// serverOptions say how a server differs from the usual one.
type serverOptions struct {
	// users are u00000 and so on; group "staff" has the first ten of them.
	users int
	// sync loads syncprov, log keeps a log of what went.
	sync, log bool
	// sizeLimit is how many entries who is not the root gets at once; 0 for any number.
	sizeLimit int
	// extra are more lines of the configuration before the database, ldif more entries.
	extra, ldif string
}

// startServer starts slapd from the package of the same name on loopback ports, in a folder of its own. Without slapd the test
// is skipped by name.
func startServer(t testing.TB, o serverOptions) slapd {
	t.Helper()
	binary := find(t, "slapd")
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ca, cert, key := certificates(t, write)
	if err := os.Mkdir(filepath.Join(dir, "db"), 0o700); err != nil {
		t.Fatal(err)
	}
	conf := "include /etc/ldap/schema/core.schema\ninclude /etc/ldap/schema/cosine.schema\ninclude /etc/ldap/schema/inetorgperson.schema\ninclude /etc/ldap/schema/nis.schema\n" +
		"modulepath /usr/lib/ldap\nmoduleload back_mdb\n"
	if o.sync {
		conf += "moduleload syncprov\n"
	}
	conf += fmt.Sprintf("TLSCACertificateFile %s\nTLSCertificateFile %s\nTLSCertificateKeyFile %s\npidfile %s\n", ca, cert, key, filepath.Join(dir, "pid"))
	if o.sizeLimit > 0 {
		conf += fmt.Sprintf("sizelimit size.soft=%d size.hard=%d size.prtotal=unlimited\n", o.sizeLimit, o.sizeLimit)
	}
	conf += o.extra + "\ndatabase mdb\nmaxsize 268435456\nsuffix \"" + suffix + "\"\nrootdn \"" + rootDN + "\"\nrootpw \"" + rootPW + "\"\ndirectory " + filepath.Join(dir, "db") +
		"\nindex objectClass,entryUUID,entryCSN eq\naccess to attrs=userPassword by anonymous auth by * none\naccess to * by * read\n"
	if o.sync {
		conf += "overlay syncprov\n"
	}
	if o.log {
		conf += "syncprov-sessionlog 1000\n"
	}
	file := write("slapd.conf", conf)
	run(t, find(t, "slapadd"), "-q", "-f", file, "-l", write("all.ldif", ldif(o)))
	s := slapd{t: t, plain: "ldap://" + freePort(t), encrypted: "ldaps://" + freePort(t), ca: ca}
	cmd := exec.Command(binary, "-h", s.plain+"/ "+s.encrypted+"/", "-f", file, "-d", "0") //nolint:noctx // ended by its id below
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGTERM); <-ended })
	s.admin = s.dial(ended)
	t.Cleanup(func() { _ = s.admin.Close() })
	return s
}

// dial waits until the server takes connections, and binds as its root.
func (s slapd) dial(ended <-chan struct{}) *goldap.Conn {
	s.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		select {
		case <-ended:
			s.t.Fatal("slapd ended at once")
		default:
		}
		conn, err := goldap.DialURL(s.plain)
		if err == nil {
			if err := conn.Bind(rootDN, rootPW); err != nil {
				s.t.Fatal(err)
			}
			return conn
		}
		if !errors.Is(err, syscall.ECONNREFUSED) && !strings.Contains(err.Error(), "refused") {
			s.t.Fatal(err)
		}
	}
	s.t.Fatal("slapd takes no connections")
	return nil
}

func find(t testing.TB, name string) string {
	t.Helper()
	for _, path := range []string{"/usr/sbin/" + name, "/usr/libexec/" + name} {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("there is no %s", name)
		}
		t.Skipf("there is no %s: install the package slapd", name)
	}
	return path
}

func run(t testing.TB, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// certificates makes an authority and a certificate for 127.0.0.1.
func certificates(t testing.TB, write func(name, content string) string) (ca, cert, key string) {
	t.Helper()
	issue := func(c, parent *x509.Certificate, of, by *ecdsa.PrivateKey) string {
		der, err := x509.CreateCertificate(rand.Reader, c, parent, &of.PublicKey, by)
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	pair := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	root, server := pair(), pair()
	from, to := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	authority := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, NotBefore: from, NotAfter: to, IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "127.0.0.1"}, NotBefore: from, NotAfter: to,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	secret, err := x509.MarshalPKCS8PrivateKey(server)
	if err != nil {
		t.Fatal(err)
	}
	return write("ca.pem", issue(authority, authority, root, root)), write("cert.pem", issue(leaf, authority, server, root)),
		write("key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
}

func uidOf(n int) string { return fmt.Sprintf("u%05d", n) }

func dnOf(n int) string { return "uid=" + uidOf(n) + "," + people }

func ldif(o serverOptions) string {
	var b strings.Builder
	fmt.Fprintf(&b, "dn: %s\nobjectClass: dcObject\nobjectClass: organization\no: Acme\ndc: acme\n\n", suffix)
	for _, ou := range []string{"people", "groups"} {
		fmt.Fprintf(&b, "dn: ou=%s,%s\nobjectClass: organizationalUnit\nou: %s\n\n", ou, suffix, ou)
	}
	fmt.Fprintf(&b, "dn: uid=reader,%s\nobjectClass: account\nobjectClass: simpleSecurityObject\nuid: reader\nuserPassword: read only\n\n", suffix)
	for n := range o.users {
		fmt.Fprintf(&b, "dn: %s\nobjectClass: inetOrgPerson\nuid: %s\ncn: User %d\nsn: %d\ndisplayName: User %d\nmail: %s@acme.example\ntelephoneNumber: +86 10 %05d\n\n",
			dnOf(n), uidOf(n), n, n, n, uidOf(n), n)
	}
	if o.users > 0 {
		fmt.Fprintf(&b, "dn: cn=staff,%s\nobjectClass: groupOfNames\ncn: staff\n", groupsOU)
		for n := range min(o.users, 10) {
			fmt.Fprintf(&b, "member: %s\n", dnOf(n))
		}
		fmt.Fprintf(&b, "\ndn: cn=posix,%s\nobjectClass: posixGroup\ncn: posix\ngidNumber: 5\nmemberUid: %s\nmemberUid: nobody\n\n", groupsOU, uidOf(1))
	}
	return b.String() + o.ldif
}

// settings reach the server without encryption, as its root.
func (s slapd) settings() directory.Settings {
	return directory.Settings{Preset: directory.OpenLDAP, URL: s.plain, Plaintext: true, BindDN: rootDN, Password: "env:PW", Base: people,
		UserFilter: "(objectClass=inetOrgPerson)", Groups: true, GroupBase: groupsOU,
		GroupFilter: "(|(objectClass=groupOfNames)(objectClass=posixGroup))",
		Attributes:  directory.Attributes{ID: "entryUUID", Name: "uid", DisplayName: "displayName", Email: "mail", Phone: "telephoneNumber", GroupName: "cn"},
		Share:       10}
}

func client() *Client { return withEnvironment(map[string]string{"PW": rootPW, "READER": "read only"}) }

func withEnvironment(env map[string]string) *Client {
	return New(func(name string) string { return env[name] }, time.Now)
}

func (s slapd) do(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s slapd) add(n int) {
	s.t.Helper()
	a := goldap.NewAddRequest(dnOf(n), nil)
	a.Attribute("objectClass", []string{"inetOrgPerson"})
	for _, name := range []string{"uid", "cn", "sn"} {
		a.Attribute(name, []string{uidOf(n)})
	}
	s.do(s.admin.Add(a))
}

func (s slapd) replace(dn, attribute string, values ...string) {
	s.t.Helper()
	m := goldap.NewModifyRequest(dn, nil)
	m.Replace(attribute, values)
	s.do(s.admin.Modify(m))
}

func read(t testing.TB, in directory.Settings, since []byte) directory.Reading {
	t.Helper()
	r, err := client().Read(context.Background(), in, since)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
