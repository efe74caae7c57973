package sshd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"time"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"

	"reeve/core/access"
	"reeve/core/text"
)

// Identity is who has proven to be at the other end.
type Identity struct {
	Principal access.PrincipalID `json:"principal"`
	Name      string             `json:"name"`
	// Fingerprint is that of the key that was proven, SHA256:…; of a certificate that of its own key.
	Fingerprint string `json:"fingerprint"`
	// Certificate is the id that a certificate has of its authority; empty for a plain key.
	Certificate string `json:"certificate,omitempty"`
	// Expires is when a certificate ends, in Unix seconds; 0 for never. A session of it ends then as well.
	Expires int64 `json:"expires,omitempty"`
}

// Directory says who may come in. Its answers are read anew at each attempt.
type Directory interface {
	// Keyholder finds who signs in with a key of this fingerprint.
	Keyholder(ctx context.Context, fingerprint string) (Person, bool, error)
	// Named finds a person by name, in any case.
	Named(ctx context.Context, name string) (Person, bool, error)
}

// Person is somebody of the directory.
type Person struct {
	ID   access.PrincipalID
	Name string
	// Barred says why the person may not come in, if it is known but may not.
	Barred Reason
}

// Reason is why somebody was not let in. It is for the log and for counting; who is refused is told none.
type Reason string

// The reasons.
const (
	ReasonUnknownKey    Reason = "unknown_key"
	ReasonUnknownUser   Reason = "unknown_user"
	ReasonOtherUser     Reason = "key_of_another_user"
	ReasonDisabled      Reason = "disabled"
	ReasonVanished      Reason = "vanished"
	ReasonAuthority     Reason = "certificate_of_unknown_authority"
	ReasonHostCert      Reason = "certificate_of_a_host"
	ReasonCertificate   Reason = "certificate_not_valid"
	ReasonNoPrincipals  Reason = "certificate_for_nobody"
	ReasonNoMethod      Reason = "no_method_left"
	ReasonHandshake     Reason = "handshake_failed"
	ReasonTimeout       Reason = "handshake_too_slow"
	ReasonTooFast       Reason = "too_many_connections_begun"
	ReasonAddressFull   Reason = "too_many_connections_of_the_address"
	ReasonFull          Reason = "too_many_connections"
	ReasonWaiting       Reason = "waited_longest"
	ReasonTooManyOpen   Reason = "too_many_sessions"
	ReasonDatabase      Reason = "directory_unavailable"
	ReasonUnknownMethod Reason = "other"
)

// attempt is the signing in on one connection. Keys are offered before they are proven, in any number: nothing that is
// offered is remembered, and who somebody is comes from the permissions that the library hands over with the proof.
type attempt struct {
	server *Server
	ctx    ssh.Context
}

// identityKey is where the permissions of a connection keep the proven identity.
const identityKey = "reeve-identity"

// refusal is what the library is told; the reason goes to the log.
type refusal struct{ Reason Reason }

func (r *refusal) Error() string { return "refused: " + string(r.Reason) }

// offered says whether a key would do for a user name.
func (a *attempt) offered(meta gossh.ConnMetadata, key gossh.PublicKey) (*gossh.Permissions, error) {
	who, limits, reason := a.find(meta, key)
	if reason != "" {
		return nil, &refusal{reason}
	}
	data, err := json.Marshal(who)
	if err != nil {
		return nil, fmt.Errorf("keeping who somebody is: %w", err)
	}
	return &gossh.Permissions{CriticalOptions: limits, Extensions: map[string]string{identityKey: string(data)}}, nil
}

// proven is called when the key was proven. The directory is asked again, because time may have passed between the two.
func (a *attempt) proven(meta gossh.ConnMetadata, key gossh.PublicKey, _ *gossh.Permissions, _ string) (*gossh.Permissions, error) {
	p, err := a.offered(meta, key)
	if err == nil {
		if conn, ok := a.ctx.Value(connKey{}).(net.Conn); ok {
			a.server.door.signedIn(conn)
		}
	}
	return p, err
}

// tried logs an attempt that was refused. The method none is how clients ask which methods there are.
func (a *attempt) tried(meta gossh.ConnMetadata, method string, err error) {
	var r *refusal
	if err == nil || method == "none" || !errors.As(err, &r) {
		return
	}
	a.server.config.Log.Info("a key was refused", "address", meta.RemoteAddr().String(), "user", text.Clean(meta.User()), "reason", string(r.Reason))
}

func (a *attempt) find(meta gossh.ConnMetadata, key gossh.PublicKey) (Identity, map[string]string, Reason) {
	if cert, ok := key.(*gossh.Certificate); ok {
		return a.findCertified(meta, cert)
	}
	fingerprint := gossh.FingerprintSHA256(key)
	p, found, err := a.server.config.Directory.Keyholder(a.ctx, fingerprint)
	switch {
	case err != nil:
		return Identity{}, nil, ReasonDatabase
	case !found:
		return Identity{}, nil, ReasonUnknownKey
	}
	named, found, err := a.server.config.Directory.Named(a.ctx, meta.User())
	switch {
	case err != nil:
		return Identity{}, nil, ReasonDatabase
	case !found:
		return Identity{}, nil, ReasonUnknownUser
	case named.ID != p.ID:
		return Identity{}, nil, ReasonOtherUser
	case p.Barred != "":
		return Identity{}, nil, p.Barred
	}
	return Identity{Principal: p.ID, Name: p.Name, Fingerprint: fingerprint}, nil, ""
}

// sourceAddress is the one restriction of certificates that is known here, and kept by the library. A certificate with any
// other critical option is refused, as the format asks for.
const sourceAddress = "source-address"

// findCertified checks a certificate: of a person, of an authority that is trusted, valid now, and for the user name. One
// without principals would be for everybody, and is refused.
func (a *attempt) findCertified(meta gossh.ConnMetadata, cert *gossh.Certificate) (Identity, map[string]string, Reason) {
	none := Identity{}
	trusted := false
	for _, authority := range a.server.config.Authorities {
		trusted = trusted || cert.SignatureKey != nil && bytes.Equal(authority.Marshal(), cert.SignatureKey.Marshal())
	}
	switch {
	case cert.CertType != gossh.UserCert:
		return none, nil, ReasonHostCert
	case !trusted:
		return none, nil, ReasonAuthority
	case len(cert.ValidPrincipals) == 0:
		return none, nil, ReasonNoPrincipals
	}
	checker := gossh.CertChecker{SupportedCriticalOptions: []string{sourceAddress}, Clock: a.server.config.Now}
	if err := checker.CheckCert(meta.User(), cert); err != nil {
		return none, nil, ReasonCertificate
	}
	p, found, err := a.server.config.Directory.Named(a.ctx, meta.User())
	switch {
	case err != nil:
		return none, nil, ReasonDatabase
	case !found:
		return none, nil, ReasonUnknownUser
	case p.Barred != "":
		return none, nil, p.Barred
	}
	who := Identity{Principal: p.ID, Name: p.Name, Fingerprint: gossh.FingerprintSHA256(cert.Key), Certificate: cert.KeyId}
	if cert.ValidBefore < gossh.CertTimeInfinity {
		who.Expires = int64(min(cert.ValidBefore, 1<<62)) // #nosec G115 -- bounded
	}
	return who, cert.CriticalOptions, ""
}

// identityOf reads who has signed in on a connection; ok is false when nobody has.
func identityOf(conn *gossh.ServerConn) (who Identity, ok bool) {
	if conn.Permissions == nil {
		return who, false
	}
	data, ok := conn.Permissions.Extensions[identityKey]
	return who, ok && json.Unmarshal([]byte(data), &who) == nil && who.Principal != 0
}

// failed notes a connection on which nobody signed in.
func (s *Server) failed(conn net.Conn, err error) {
	reason := ReasonHandshake
	var auth *gossh.ServerAuthError
	var slow net.Error
	switch {
	case errors.As(err, &auth):
		reason = ReasonNoMethod
		for _, e := range auth.Errors {
			var r *refusal
			if errors.As(e, &r) {
				reason = r.Reason // the last one
			}
		}
	case errors.As(err, &slow) && slow.Timeout():
		reason = ReasonTimeout
	}
	s.tell(Event{Kind: EventRefused, Reason: reason, Address: conn.RemoteAddr().String()})
	s.config.Log.Info("not let in", "address", conn.RemoteAddr().String(), "reason", string(reason))
}

// until is when a session of the identity ends at the latest; the zero time for no end.
func (i Identity) until() time.Time {
	if i.Expires == 0 {
		return time.Time{}
	}
	return time.Unix(i.Expires, 0)
}
