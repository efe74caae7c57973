package main

import (
	"context"
	"errors"
	"log/slog"

	"reeve/core/access"
	"reeve/core/directory"
	"reeve/core/directory/ldap"
	"reeve/core/fault"
	"reeve/core/text"
	"reeve/storage"
	"reeve/tui/sshd"
)

// entrance is the directory as the door needs it.
type entrance struct {
	directory storage.Directory
	// passwords is nil where nobody signs in with one.
	passwords *directory.Passwords
	say       *cli
	log       *slog.Logger
}

var (
	_ sshd.Directory = entrance{}
	_ sshd.Passwords = entrance{}
)

// entrance lets in who has a key or a certificate, and who proves a password to one of the named directory sources.
func (c *cli) entrance(ctx context.Context, s *system, sources []string, log *slog.Logger) (entrance, error) {
	e := entrance{directory: storage.NewDirectory(s.db), say: c, log: log}
	if len(sources) == 0 {
		return e, nil
	}
	var err error
	e.passwords, err = directory.NewPasswords(ctx, e.directory, ldap.New(c.env.Get, c.env.Now), sources)
	return e, err
}

// Keyholder implements sshd.Directory.
func (e entrance) Keyholder(ctx context.Context, fingerprint string) (sshd.Person, bool, error) {
	p, found, err := e.directory.KeyOwner(ctx, fingerprint)
	return person(p), found, err
}

// Named implements sshd.Directory.
func (e entrance) Named(ctx context.Context, name string) (sshd.Person, bool, error) {
	p, found, err := e.directory.Known(ctx, name)
	return person(p), found, err
}

// Prove implements sshd.Passwords.
func (e entrance) Prove(ctx context.Context, name, password string) (sshd.Person, string, sshd.Reason) {
	p, source, proof, err := e.passwords.Prove(ctx, name, password)
	one := person(p)
	switch {
	case err != nil:
		what := err.Error()
		if f := fault.Fault(nil); errors.As(err, &f) {
			what = e.say.say(f.Text())
		}
		e.log.Warn("a password could not be looked at", "user", text.Clean(name), "source", source, "error", text.Clean(what))
		return one, source, sshd.ReasonUpstream
	case proof == directory.Foreign:
		return one, "", sshd.ReasonForeign
	case one.Barred != "":
		return one, source, one.Barred
	case proof != directory.Proven:
		return one, source, sshd.ReasonPassword
	}
	return one, source, ""
}

// person is a principal at the door. Who vanished from a source that lets them act comes in.
func person(p access.Principal) sshd.Person {
	one := sshd.Person{ID: p.ID, Name: p.Name}
	switch {
	case p.Disabled != 0 && p.Vanished:
		one.Barred = sshd.ReasonVanished
	case p.Disabled != 0:
		one.Barred = sshd.ReasonDisabled
	case p.Group:
		one.Barred = sshd.ReasonUnknownUser
	}
	return one
}
