// Package ldap reads people and groups of LDAP servers: OpenLDAP, and Active Directory as far as LDAP goes. It is the only
// room that speaks LDAP; cmd hands it to core/directory.
//
// What it keeps to: a password that is empty is refused before it is sent, because servers take a bind with a name and no
// password for success without having checked anything (RFC 4513 §5.1.2, "unauthenticated bind"); certificates are always
// checked; nothing is sent in the clear unless the settings say so; referrals are not followed; reading stops at bounds.
package ldap

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"reeve/core/directory"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Client reaches LDAP servers.
type Client struct {
	getenv func(string) string
	now    func() time.Time
	limits limits
}

// limits bound what a server can make reeve do. They are ours.
type limits struct {
	connect, request time.Duration
	page             uint32
	entries          int
}

// New makes the client. getenv reads the environment, for passwords kept there.
func New(getenv func(string) string, now func() time.Time) *Client {
	return &Client{getenv: getenv, now: now, limits: limits{connect: 10 * time.Second, request: 2 * time.Minute, page: 500, entries: 1_000_000}}
}

var _ directory.Upstream = (*Client)(nil)

// Check says what of the settings only somebody who knows LDAP can see.
func (c *Client) Check(in directory.Settings) []fault.Field {
	var bad []fault.Field
	for _, f := range []struct{ name, value string }{{"user_filter", in.UserFilter}, {"group_filter", in.GroupFilter}} {
		if _, err := goldap.CompileFilter(f.value); err != nil && f.value != "" {
			bad = append(bad, fault.Field{Name: f.name, Text: message.Text{ID: "fault.ldap.filter", Args: message.Args{"Error": said(err)}}})
		}
	}
	for _, f := range []struct{ name, value string }{{"base", in.Base}, {"group_base", in.GroupBase}, {"bind_dn", in.BindDN}} {
		// Active Directory also takes names such as user@domain to bind.
		if f.name == "bind_dn" && in.Preset == directory.ActiveDirectory && !strings.Contains(f.value, "=") {
			continue
		}
		if _, err := goldap.ParseDN(f.value); err != nil {
			bad = append(bad, fault.Field{Name: f.name, Text: message.Text{ID: "fault.ldap.dn", Args: message.Args{"Error": said(err)}}})
		}
	}
	return bad
}

// said is what an error says, harmless and short.
func said(err error) string {
	s := text.Clean(err.Error())
	var answer *goldap.Error
	if errors.As(err, &answer) { // without the number, and with what the server says only where it says something
		code, more := goldap.LDAPResultCodeMap[answer.ResultCode], ""
		if answer.Err != nil {
			more = text.Clean(answer.Err.Error())
		}
		switch {
		case more == "":
			s = code
		case answer.ResultCode >= goldap.ErrorNetwork: // the library's own, which name what happened
			s = more
		default:
			s = code + ": " + more
		}
	}
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300])
	}
	return s
}

// unavailable is the fault of one stage.
func unavailable(stage string, err error) error {
	var f fault.Fault
	if errors.As(err, &f) {
		return err
	}
	return &fault.Unavailable{What: message.Text{ID: "fault.ldap." + stage, Args: message.Args{"Error": said(err)}},
		Way: message.Text{ID: "fault.ldap." + stage + ".next"}, Err: err}
}

// password reads the password from where the settings say.
func (c *Client) password(in directory.Settings) (string, error) {
	kind, at, _ := strings.Cut(in.PasswordFrom, ":")
	secret := ""
	switch kind {
	case "env":
		secret = c.getenv(at)
	case "file":
		content, err := readSmall(at)
		if err != nil {
			return "", unavailable("password", err)
		}
		secret = strings.TrimRight(string(content), "\r\n")
	}
	if secret == "" {
		return "", &fault.Unavailable{What: message.Text{ID: "fault.ldap.password_empty", Args: message.Args{"Password": in.PasswordFrom}},
			Way: message.Text{ID: "fault.ldap.password_empty.next"}}
	}
	return secret, nil
}

// smallFile bounds the files that settings name, in bytes: a password, or the certificates of a few authorities.
const smallFile = 1 << 20

// readSmall reads a file that a setting names.
func readSmall(path string) ([]byte, error) {
	file, err := os.Open(path) // #nosec G304 -- the path is a setting of who administers the machine
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	content, err := io.ReadAll(io.LimitReader(file, smallFile+1))
	if err == nil && len(content) > smallFile {
		err = fmt.Errorf("%s is longer than %d bytes", path, smallFile)
	}
	return content, err
}

// endpoint is where the server listens.
func endpoint(in directory.Settings) (u *url.URL, address string, err error) {
	if u, err = url.Parse(in.URL); err != nil {
		return nil, "", err
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"ldap": "389", "ldaps": "636"}[u.Scheme]
	}
	return u, net.JoinHostPort(u.Hostname(), port), nil
}

// trust is how the server's certificate is checked: always, for the name in the URL.
func trust(in directory.Settings, host string) (*tls.Config, error) {
	config := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if in.CAFile == "" {
		return config, nil
	}
	pem, err := readSmall(in.CAFile)
	if err != nil {
		return nil, err
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return nil, errors.New(in.CAFile + " holds no certificate")
	}
	return config, nil
}

// session is a connection that is bound.
type session struct {
	*goldap.Conn
	stop func() bool
	// local says that the server is on this machine.
	local bool
}

func (s session) close() {
	s.stop()
	_ = s.Close() // nobody is left to act on it
}

// open connects, secures the connection and binds. stage is told the name of each stage before it begins and what it found
// after it.
func (c *Client) open(ctx context.Context, in directory.Settings, stage func(name string, do func() (string, error)) error) (s session, err error) {
	secret := ""
	if in.BindDN != "" { // before anything is sent
		if secret, err = c.password(in); err != nil {
			return s, err
		}
	}
	u, address, err := endpoint(in)
	if err != nil {
		return s, unavailable("resolve", err)
	}
	if err := stage("resolve", func() (string, error) {
		found, err := net.DefaultResolver.LookupHost(ctx, u.Hostname())
		return strings.Join(found, ", "), err
	}); err != nil {
		return s, err
	}
	var raw net.Conn
	if err := stage("connect", func() (string, error) {
		dialer := net.Dialer{Timeout: c.limits.connect}
		raw, err = dialer.DialContext(ctx, "tcp", address)
		if err != nil {
			return "", err
		}
		return raw.RemoteAddr().String(), nil
	}); err != nil {
		return s, err
	}
	conn, err := c.secure(ctx, in, u, raw, stage)
	if err != nil {
		_ = raw.Close()
		return s, err
	}
	at, ok := raw.RemoteAddr().(*net.TCPAddr)
	s = session{conn, context.AfterFunc(ctx, func() { _ = raw.Close() }), ok && at.IP.IsLoopback()}
	conn.SetTimeout(c.limits.request)
	if err := stage("bind", func() (string, error) {
		if in.BindDN == "" {
			return "", nil
		}
		return in.BindDN, conn.Bind(in.BindDN, secret)
	}); err != nil {
		s.close()
		return session{}, err
	}
	return s, nil
}

// secure makes the LDAP connection, encrypted unless the settings allow it in the clear.
func (c *Client) secure(ctx context.Context, in directory.Settings, u *url.URL, raw net.Conn, stage func(string, func() (string, error)) error) (*goldap.Conn, error) {
	if u.Scheme == "ldap" && !in.StartTLS {
		if !in.Plaintext {
			return nil, unavailable("tls", errors.New("neither ldaps nor StartTLS"))
		}
		conn := goldap.NewConn(raw, false)
		conn.Start()
		return conn, nil
	}
	var conn *goldap.Conn
	err := stage("tls", func() (string, error) {
		config, err := trust(in, u.Hostname())
		if err != nil {
			return "", err
		}
		if u.Scheme == "ldaps" {
			ctx, cancel := context.WithTimeout(ctx, c.limits.connect)
			defer cancel()
			secured := tls.Client(raw, config)
			if err := secured.HandshakeContext(ctx); err != nil {
				return "", err
			}
			conn = goldap.NewConn(secured, true)
			conn.Start()
		} else {
			conn = goldap.NewConn(raw, false)
			conn.Start()
			conn.SetTimeout(c.limits.connect)
			if err := conn.StartTLS(config); err != nil {
				_ = conn.Close()
				return "", err
			}
		}
		state, _ := conn.TLSConnectionState()
		detail := tls.VersionName(state.Version)
		if len(state.PeerCertificates) > 0 {
			detail += ", " + state.PeerCertificates[0].Subject.String()
		}
		return detail, nil
	})
	return conn, err
}

// quiet runs stages and keeps nothing of them but the first error.
func quiet(name string, do func() (string, error)) error {
	if _, err := do(); err != nil {
		return unavailable(name, err)
	}
	return nil
}

// failed is a stage with what went wrong: a sentence where it has one, else what the other side said.
func failed(stage directory.Stage, err error) directory.Stage {
	stage.Detail = said(err)
	var f fault.Fault
	if errors.As(err, &f) {
		stage.Fault = f.Text()
	}
	return stage
}

// Test tries the stages of reaching a server in order and stops at the first that fails.
func (c *Client) Test(ctx context.Context, in directory.Settings) []directory.Stage {
	var stages []directory.Stage
	run := func(name string, do func() (string, error)) error {
		start := c.now()
		detail, err := do()
		stage := directory.Stage{Name: name, OK: err == nil, Detail: detail, Took: c.now().Sub(start)}
		if err != nil {
			stage = failed(stage, err)
		}
		stages = append(stages, stage)
		return err
	}
	s, err := c.open(ctx, in, run)
	if err != nil {
		if len(stages) == 0 || stages[len(stages)-1].OK { // refused before a stage began
			stages = append(stages, failed(directory.Stage{Name: "bind"}, err))
		}
		return stages
	}
	defer s.close()
	_ = run("search", func() (string, error) {
		q := goldap.NewSearchRequest(in.Base, goldap.ScopeWholeSubtree, goldap.NeverDerefAliases, 1, int(c.limits.connect/time.Second), false,
			in.UserFilter, []string{in.Attributes.ID, in.Attributes.Name}, nil)
		found, err := s.Search(q)
		if err != nil && !goldap.IsErrorWithCode(err, goldap.LDAPResultSizeLimitExceeded) {
			return "", err
		}
		if len(found.Entries) == 0 {
			return "", errors.New("no entry of a user is found under " + in.Base)
		}
		e := found.Entries[0]
		if identifier(e, in) == "" {
			return "", errors.New(e.DN + " has no " + in.Attributes.ID)
		}
		return e.DN, nil
	})
	return stages
}
