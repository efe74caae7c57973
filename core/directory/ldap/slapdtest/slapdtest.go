// Package slapdtest starts OpenLDAP servers of a test's own: loopback ports, a folder that goes with the test, People made for
// it. Only tests use it.
package slapdtest

import (
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

// What the servers hold, and who is their root.
const (
	Suffix       = "dc=acme,dc=example"
	People       = "ou=people," + Suffix
	Groups       = "ou=groups," + Suffix
	RootDN       = "cn=admin," + Suffix
	RootPassword = "secret of the test"
)

// Server is a server of one test.
type Server struct {
	t testing.TB
	// Plain and Encrypted are ldap://127.0.0.1:port and ldaps://127.0.0.1:port, CA the file with the authority of its certificate.
	Plain, Encrypted, CA string
	// Admin is bound as the root.
	Admin *goldap.Conn
}

// Options say how a server differs from the usual one.
type Options struct {
	// Users are u00000 and so on; group "staff" has the first ten of them.
	Users int
	// Sync loads syncprov, Log keeps a log of what went.
	Sync, Log bool
	// SizeLimit is how many entries who is not the root gets at once; 0 for any number.
	SizeLimit int
	// Extra are more lines of the configuration before the database, LDIF more entries.
	Extra, LDIF string
}

// Start starts slapd from the package of the same name on loopback ports, in a folder of its own. Without slapd the test
// is skipped by name.
func Start(t testing.TB, o Options) Server {
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
	if o.Sync {
		conf += "moduleload syncprov\n"
	}
	conf += fmt.Sprintf("TLSCACertificateFile %s\nTLSCertificateFile %s\nTLSCertificateKeyFile %s\npidfile %s\n", ca, cert, key, filepath.Join(dir, "pid"))
	if o.SizeLimit > 0 {
		conf += fmt.Sprintf("sizelimit size.soft=%d size.hard=%d size.prtotal=unlimited\n", o.SizeLimit, o.SizeLimit)
	}
	conf += o.Extra + "\ndatabase mdb\nmaxsize 268435456\nsuffix \"" + Suffix + "\"\nrootdn \"" + RootDN + "\"\nrootpw \"" + RootPassword + "\"\ndirectory " + filepath.Join(dir, "db") +
		"\nindex objectClass,entryUUID,entryCSN eq\naccess to attrs=userPassword by anonymous auth by * none\naccess to * by * read\n"
	if o.Sync {
		conf += "overlay syncprov\n"
	}
	if o.Log {
		conf += "syncprov-sessionlog 1000\n"
	}
	file := write("slapd.conf", conf)
	run(t, find(t, "slapadd"), "-q", "-f", file, "-l", write("all.ldif", ldif(o)))
	s := Server{t: t, Plain: "ldap://" + FreePort(t), Encrypted: "ldaps://" + FreePort(t), CA: ca}
	cmd := exec.Command(binary, "-h", s.Plain+"/ "+s.Encrypted+"/", "-f", file, "-d", "0") //nolint:noctx,gosec // a server of the machine, ended by its id below
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGTERM); <-ended })
	s.Admin = s.dial(ended)
	t.Cleanup(func() { _ = s.Admin.Close() })
	return s
}

// dial waits until the server takes connections, and binds as its root.
func (s Server) dial(ended <-chan struct{}) *goldap.Conn {
	s.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		select {
		case <-ended:
			s.t.Fatal("slapd ended at once")
		default:
		}
		conn, err := goldap.DialURL(s.Plain)
		if err == nil {
			if err := conn.Bind(RootDN, RootPassword); err != nil {
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
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil { // #nosec G204 -- a tool of the machine
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// FreePort is a loopback address that nobody listens on.
func FreePort(t testing.TB) string {
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

// UID is the name of the nth user.
func UID(n int) string { return fmt.Sprintf("u%05d", n) }

// DN is the DN of the nth user.
func DN(n int) string { return "uid=" + UID(n) + "," + People }

func ldif(o Options) string {
	var b strings.Builder
	fmt.Fprintf(&b, "dn: %s\nobjectClass: dcObject\nobjectClass: organization\no: Acme\ndc: acme\n\n", Suffix)
	for _, ou := range []string{"people", "groups"} {
		fmt.Fprintf(&b, "dn: ou=%s,%s\nobjectClass: organizationalUnit\nou: %s\n\n", ou, Suffix, ou)
	}
	fmt.Fprintf(&b, "dn: uid=reader,%s\nobjectClass: account\nobjectClass: simpleSecurityObject\nuid: reader\nuserPassword: read only\n\n", Suffix)
	for n := range o.Users {
		fmt.Fprintf(&b, "dn: %s\nobjectClass: inetOrgPerson\nuid: %s\ncn: User %d\nsn: %d\ndisplayName: User %d\nmail: %s@acme.example\ntelephoneNumber: +86 10 %05d\n\n",
			DN(n), UID(n), n, n, n, UID(n), n)
	}
	if o.Users > 0 {
		fmt.Fprintf(&b, "dn: cn=staff,%s\nobjectClass: groupOfNames\ncn: staff\n", Groups)
		for n := range min(o.Users, 10) {
			fmt.Fprintf(&b, "member: %s\n", DN(n))
		}
		fmt.Fprintf(&b, "\ndn: cn=posix,%s\nobjectClass: posixGroup\ncn: posix\ngidNumber: 5\nmemberUid: %s\nmemberUid: nobody\n\n", Groups, UID(1))
	}
	return b.String() + o.LDIF
}

// Settings reach the server without encryption, as its root.
func (s Server) Settings() directory.Settings {
	return directory.Settings{Preset: directory.OpenLDAP, URL: s.Plain, Plaintext: true, BindDN: RootDN, PasswordFrom: "env:PW", Base: People,
		UserFilter: "(objectClass=inetOrgPerson)", Groups: true, GroupBase: Groups,
		GroupFilter: "(|(objectClass=groupOfNames)(objectClass=posixGroup))",
		Attributes:  directory.Attributes{ID: "entryUUID", Name: "uid", DisplayName: "displayName", Email: "mail", Phone: "telephoneNumber", GroupName: "cn"},
		Share:       10}
}

// Do fails the test for an error.
func (s Server) Do(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// Add adds the nth user.
func (s Server) Add(n int) {
	s.t.Helper()
	a := goldap.NewAddRequest(DN(n), nil)
	a.Attribute("objectClass", []string{"inetOrgPerson"})
	for _, name := range []string{"uid", "cn", "sn"} {
		a.Attribute(name, []string{UID(n)})
	}
	s.Do(s.Admin.Add(a))
}

// Replace sets an attribute of an entry; without values it takes it away.
func (s Server) Replace(dn, attribute string, values ...string) {
	s.t.Helper()
	m := goldap.NewModifyRequest(dn, nil)
	m.Replace(attribute, values)
	s.Do(s.Admin.Modify(m))
}
