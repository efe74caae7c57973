package directory

import (
	"context"
	"errors"
	"time"

	"reeve/core/access"
	"reeve/core/fault"
)

// Prover asks LDAP servers whether a password is somebody's.
type Prover interface {
	// Prove finds the one user that the source knows by id and signs in to it as that user. ok is false for a user it does not
	// have and for a wrong password; an error says that it could not be asked. It sends no password that is empty, and none over
	// a connection that others can read.
	Prove(ctx context.Context, in Settings, id, password string) (ok bool, err error)
	// Provable says why passwords cannot be sent to a source of such settings; nil for one to which they can.
	Provable(in Settings) error
}

// PasswordStore is what is needed of storage.
type PasswordStore interface {
	// Source finds a source by name; fault.NotFound (what: directory_source) with near names otherwise.
	Source(ctx context.Context, name string) (Source, error)
	// Origin finds a person by name, in any case, and what the source they come from knows them by; the id of the source is 0 and
	// external is empty for who was made in the console. ok is false if there is none of that name.
	Origin(ctx context.Context, name string) (p access.Principal, source int64, external string, ok bool, err error)
}

// Passwords says whether people have proven the passwords that their directory sources know. Nothing of a password is kept: each
// attempt asks the source.
type Passwords struct {
	store    PasswordStore
	upstream Prover
	names    []string
	// free has room for as many questions as may be open at once, and patience is how long one may take with the wait for it.
	free     chan struct{}
	patience time.Duration
}

// Bounds of asking a source for passwords; ours. Signing in has longer, so that somebody whose source is slow reads of it.
const (
	maxProofs     = 16
	proofPatience = 10 * time.Second
	maxPassword   = 1024 // bytes
)

// NewPasswords lets the people of the named sources prove their passwords. It fails for a source that is not there or that passwords
// cannot be sent to.
func NewPasswords(ctx context.Context, store PasswordStore, upstream Prover, names []string) (*Passwords, error) {
	p := &Passwords{store: store, upstream: upstream, names: names, free: make(chan struct{}, maxProofs), patience: proofPatience}
	var bad []error
	for _, name := range names {
		src, err := store.Source(ctx, name)
		if err == nil {
			err = upstream.Provable(src.Settings)
		}
		bad = append(bad, err)
	}
	return p, errors.Join(bad...)
}

// Proof is what came of a password.
type Proof int

// What comes of a password.
const (
	// Unproven is a wrong password, or one of somebody who has none here.
	Unproven Proof = iota
	// Foreign is somebody who comes from none of the sources that are asked.
	Foreign
	Proven
)

// Prove asks the source of a person for their password and returns its name. The sources are read anew each time: one that was
// removed proves nothing any more. Whether the person may come in is for the caller to see; p is empty for a name that nobody has.
func (p *Passwords) Prove(ctx context.Context, name, password string) (who access.Principal, source string, proof Proof, err error) {
	if password == "" || len(password) > maxPassword {
		return who, "", Unproven, nil
	}
	ctx, cancel := context.WithTimeout(ctx, p.patience)
	defer cancel()
	who, at, external, found, err := p.store.Origin(ctx, name)
	if err != nil || !found || at == 0 || external == "" || who.Group {
		return who, "", Foreign, err
	}
	src, err := p.source(ctx, at)
	if err != nil || src.ID == 0 {
		return who, "", Foreign, err
	}
	if who.Disabled != 0 {
		return who, src.Name, Unproven, nil // the source is not asked: it would count the attempt
	}
	select {
	case p.free <- struct{}{}:
		defer func() { <-p.free }()
	case <-ctx.Done():
		return who, src.Name, Unproven, ctx.Err()
	}
	ok, err := p.upstream.Prove(ctx, src.Settings, external, password)
	if err == nil && ok {
		proof = Proven
	}
	return who, src.Name, proof, err
}

// source is the one of the sources that has an id; empty if none has.
func (p *Passwords) source(ctx context.Context, id int64) (Source, error) {
	for _, name := range p.names {
		src, err := p.store.Source(ctx, name)
		switch {
		case fault.KindOf(err) == fault.KindNotFound:
		case err != nil:
			return Source{}, err
		case src.ID == id:
			return src, nil
		}
	}
	return Source{}, nil
}
