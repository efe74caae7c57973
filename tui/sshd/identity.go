package sshd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
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
	// Fingerprint is that of the key that was proven, SHA256:…; of a certificate that of its own key; empty for a password.
	Fingerprint string `json:"fingerprint"`
	// Certified says that a certificate was proven, and Certificate is the id that it has of its authority, which may be empty.
	Certified   bool   `json:"certified,omitempty"`
	Certificate string `json:"certificate,omitempty"`
	// Terminal says that a certificate lets its holder have a terminal, as its extension permit-pty does.
	Terminal bool `json:"terminal,omitempty"`
	// Source is the directory source that knows the password that was proven; empty for a key.
	Source string `json:"source,omitempty"`
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
	ReasonUnknownKey   Reason = "unknown_key"
	ReasonUnknownUser  Reason = "unknown_user"
	ReasonOtherUser    Reason = "key_of_another_user"
	ReasonDisabled     Reason = "disabled"
	ReasonVanished     Reason = "vanished"
	ReasonAuthority    Reason = "certificate_of_unknown_authority"
	ReasonHostCert     Reason = "certificate_of_a_host"
	ReasonCertificate  Reason = "certificate_not_valid" // not signed as it should be
	ReasonExpired      Reason = "certificate_expired"
	ReasonNotYet       Reason = "certificate_not_yet_valid"
	ReasonPrincipal    Reason = "certificate_of_other_names"
	ReasonOption       Reason = "certificate_with_unknown_option"
	ReasonElsewhere    Reason = "certificate_for_other_addresses"
	ReasonNoPrincipals Reason = "certificate_for_nobody"
	ReasonNoMethod     Reason = "no_method_left"
	ReasonHandshake    Reason = "handshake_failed"
	ReasonTimeout      Reason = "handshake_too_slow"
	ReasonPassword     Reason = "password_wrong"
	ReasonNoPassword   Reason = "password_empty"
	ReasonForeign      Reason = "password_of_no_source" // the person comes from none of the sources, or is not known
	ReasonGuesses      Reason = "too_many_wrong_passwords"
	ReasonUpstream     Reason = "password_source_unavailable"
	ReasonTooFast      Reason = "too_many_connections_begun"
	ReasonAddressFull  Reason = "too_many_connections_of_the_address"
	ReasonFull         Reason = "too_many_connections"
	ReasonWaiting      Reason = "waited_longest"
	ReasonTooManyOpen  Reason = "too_many_sessions"
	ReasonDatabase     Reason = "directory_unavailable"
)

// Reasons are all reasons.
func Reasons() []Reason {
	return []Reason{ReasonUnknownKey, ReasonUnknownUser, ReasonOtherUser, ReasonDisabled, ReasonVanished, ReasonAuthority, ReasonHostCert, ReasonCertificate,
		ReasonExpired, ReasonNotYet, ReasonPrincipal, ReasonOption, ReasonElsewhere, ReasonNoPrincipals, ReasonNoMethod, ReasonHandshake, ReasonTimeout,
		ReasonPassword, ReasonNoPassword, ReasonForeign, ReasonGuesses, ReasonUpstream, ReasonTooFast, ReasonAddressFull, ReasonFull, ReasonWaiting, ReasonTooManyOpen, ReasonDatabase}
}

// attempt is the signing in on one connection. Keys are offered before they are proven, in any number: nothing that is
// offered is remembered, and who somebody is comes from the permissions that the library hands over with the proof.
type attempt struct {
	server *Server
	ctx    ssh.Context
	// explained says that the client was told what is wrong with a certificate. It is told once, however many it offers.
	explained bool
}

// identityKey is where the permissions of a connection keep the proven identity.
const identityKey = "reeve-identity"

// refusal is what the library is told; the reason goes to the log, with whose name, which key and which certificate it was.
type refusal struct {
	Reason                 Reason
	User, Key, Certificate string
}

func (r *refusal) Error() string { return "refused: " + string(r.Reason) }

// offered says whether a key would do for a user name.
func (a *attempt) offered(meta gossh.ConnMetadata, key gossh.PublicKey) (*gossh.Permissions, error) {
	who, limits, reason := a.find(meta, key)
	if reason != "" {
		r := &refusal{Reason: reason, User: brief(meta.User()), Key: gossh.FingerprintSHA256(key)}
		if cert, ok := key.(*gossh.Certificate); ok { // its key is what is known of its holder otherwise
			r.Key, r.Certificate = gossh.FingerprintSHA256(cert.Key), brief(cert.KeyId)
		}
		return nil, a.refuse(r)
	}
	data, err := json.Marshal(who)
	if err != nil {
		return nil, fmt.Errorf("keeping who somebody is: %w", err)
	}
	return &gossh.Permissions{CriticalOptions: limits, Extensions: map[string]string{identityKey: string(data)}}, nil
}

// refuse is the refusal. Of a certificate its holder is told what is wrong, which is in the certificate and says nothing of who is
// known here; of anything else nobody is told a reason.
func (a *attempt) refuse(r *refusal) error {
	if !strings.HasPrefix(string(r.Reason), "certificate_") || a.explained || a.server.config.Explain == nil {
		return r
	}
	a.explained = true
	return &gossh.BannerError{Err: r, Message: a.server.config.Explain(r.Reason) + "\r\n"}
}

// proven is called when the key was proven. The directory is asked again, because time may have passed between the two.
func (a *attempt) proven(meta gossh.ConnMetadata, key gossh.PublicKey, _ *gossh.Permissions, _ string) (*gossh.Permissions, error) {
	p, err := a.offered(meta, key)
	if err == nil {
		who, _ := identityIn(p)
		err = a.server.admitted(a.ctx, who)
	}
	return p, err
}

// tried logs an attempt that was refused. The method none is how clients ask which methods there are.
func (a *attempt) tried(meta gossh.ConnMetadata, method string, err error) {
	var r *refusal
	if err == nil || method == "none" || !errors.As(err, &r) {
		return
	}
	what := map[bool]string{true: "a key was refused", false: "a password was refused"}[method == "publickey"]
	a.server.config.Log.Info(what, "address", meta.RemoteAddr().String(), "user", r.User, "key", r.Key, "certificate", r.Certificate, "reason", string(r.Reason))
}

// maxName bounds, in bytes, the names under which somebody may try to sign in: nobody has a longer one, and a protocol that sets no
// bound lets strangers fill memories and logs. maxShown bounds, in letters, what of a text of a stranger goes into logs, lists and the
// audit. Both are ours.
const (
	maxName  = 512
	maxShown = 128
)

// brief is a text of a stranger, harmless and short.
func brief(s string) string {
	shown := []rune(text.Clean(s[:min(len(s), 4*maxShown)]))
	return string(shown[:min(len(shown), maxShown)])
}

func (a *attempt) find(meta gossh.ConnMetadata, key gossh.PublicKey) (Identity, map[string]string, Reason) {
	if len(meta.User()) > maxName {
		return Identity{}, nil, ReasonUnknownUser
	}
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

// identityIn reads who has signed in from the permissions of a connection; ok is false when nobody has.
func identityIn(p *gossh.Permissions) (who Identity, ok bool) {
	if p == nil {
		return who, false
	}
	data, ok := p.Extensions[identityKey]
	return who, ok && json.Unmarshal([]byte(data), &who) == nil && who.Principal != 0
}

// failed notes a connection on which nobody signed in.
func (s *Server) failed(conn net.Conn, err error) {
	last := refusal{Reason: ReasonHandshake}
	var auth *gossh.ServerAuthError
	var slow net.Error
	switch {
	case errors.As(err, &auth):
		last.Reason = ReasonNoMethod
		for _, e := range auth.Errors {
			var r *refusal
			if errors.As(e, &r) {
				last = *r
			}
		}
	case errors.As(err, &slow) && slow.Timeout():
		last.Reason = ReasonTimeout
	}
	s.tell(Event{Kind: EventRefused, Reason: last.Reason, Address: conn.RemoteAddr().String()})
	s.config.Log.Info("not let in", "address", conn.RemoteAddr().String(), "user", last.User, "key", last.Key, "certificate", last.Certificate, "reason", string(last.Reason))
}

// until is when a session of the identity ends at the latest; the zero time for no end.
func (i Identity) until() time.Time {
	if i.Expires == 0 {
		return time.Time{}
	}
	return time.Unix(i.Expires, 0)
}
