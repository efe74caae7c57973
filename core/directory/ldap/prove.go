package ldap

import (
	"context"
	"encoding/hex"
	"errors"
	"net"
	"strings"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"reeve/core/directory"
	"reeve/core/fault"
	"reeve/core/message"
)

var _ directory.Prover = (*Client)(nil)

// errReadable is a password that others could read on its way.
func errReadable(in directory.Settings) error {
	return &fault.Unavailable{What: message.Text{ID: "fault.ldap.readable", Args: message.Args{"URL": in.URL}}, Way: message.Text{ID: "fault.ldap.readable.next"}}
}

// Provable implements directory.Prover: people's passwords go over connections that are encrypted, or that do not leave the machine.
// The settings may allow the password of reeve's own account to be readable; other people's are not theirs to risk.
func (c *Client) Provable(in directory.Settings) error {
	u, _, err := endpoint(in)
	switch {
	case err != nil:
		return unavailable("resolve", err)
	case !in.Plaintext || u.Hostname() == "localhost":
		return nil
	}
	if ip := net.ParseIP(u.Hostname()); ip != nil && ip.IsLoopback() {
		return nil
	}
	return errReadable(in)
}

// Prove implements directory.Prover. The entry is looked for by what never changes of it, among those that the settings read: so
// whoever left the directory, or what is read of it, signs in no more, and a name that was given to somebody else proves nothing.
func (c *Client) Prove(ctx context.Context, in directory.Settings, id, password string) (ok bool, err error) {
	if password == "" { // servers take it for success (RFC 4513 §5.1.2)
		return false, nil
	}
	if err := c.Provable(in); err != nil {
		return false, err
	}
	s, err := c.open(ctx, in, quiet)
	if err != nil {
		return false, err
	}
	defer s.close()
	if deadline, ok := ctx.Deadline(); ok {
		s.SetTimeout(max(time.Until(deadline), time.Millisecond))
	}
	// A name of a host may lead anywhere: what counts is where it led.
	if _, encrypted := s.TLSConnectionState(); !encrypted && !s.local {
		return false, errReadable(in)
	}
	dn, err := c.entry(s, in, id)
	if err != nil || dn == "" {
		return false, failedAsking(ctx, "search", err)
	}
	err = s.Bind(dn, password)
	if refused(err) {
		return false, nil
	}
	return err == nil, failedAsking(ctx, "bind", err)
}

// refused tells of an answer of the server to a bind, whatever its reason, and not of a server that could not answer.
func refused(err error) bool {
	var answer *goldap.Error
	return errors.As(err, &answer) && answer.ResultCode < goldap.ErrorNetwork &&
		!goldap.IsErrorAnyOf(err, goldap.LDAPResultBusy, goldap.LDAPResultUnavailable, goldap.LDAPResultOperationsError, goldap.LDAPResultTimeLimitExceeded)
}

func failedAsking(ctx context.Context, stage string, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return unavailable(stage, err)
}

// entry is the DN of the one entry of a user that has an identifier; empty if there is none.
func (c *Client) entry(s session, in directory.Settings, id string) (dn string, err error) {
	for _, value := range written(in, id) {
		q := goldap.NewSearchRequest(in.Base, goldap.ScopeWholeSubtree, goldap.NeverDerefAliases, 2, int(c.limits.connect/time.Second), false,
			"(&"+in.UserFilter+"("+in.Attributes.ID+"="+goldap.EscapeFilter(value)+"))", []string{in.Attributes.ID}, nil)
		found, err := s.Search(q)
		if err != nil && !goldap.IsErrorWithCode(err, goldap.LDAPResultNoSuchObject) {
			return "", err
		}
		switch {
		case err != nil || len(found.Entries) == 0:
		case len(found.Entries) > 1:
			return "", errors.New("several entries have the " + in.Attributes.ID + " " + id)
		case identifier(found.Entries[0], in) == id && found.Entries[0].DN != "": // a bind without a name would be nobody's
			return found.Entries[0].DN, nil
		}
	}
	return "", nil
}

// written are the values that a server may have for an identifier: the text, or the bytes that it stands for.
func written(in directory.Settings, id string) []string {
	raw, err := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
	switch {
	case err != nil:
		return []string{id}
	case strings.EqualFold(in.Attributes.ID, "objectGUID") && len(raw) == 16:
		b := raw
		return []string{string([]byte{b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6]}) + string(b[8:])}
	case strings.Contains(id, "-"):
		return []string{id}
	}
	return []string{id, string(raw)}
}
