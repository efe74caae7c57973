package sshd

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"reeve/core/text"
)

// Passwords says whose a password is. What it is given is kept nowhere.
type Passwords interface {
	// Prove says who has proven a password and where it is known; a reason if nobody has.
	Prove(ctx context.Context, name, password string) (who Person, source string, reason Reason)
}

// Guesses bound wrong passwords; ours. A directory that counts them locks whoever it thinks is attacked, often after five: so a
// person gets fewer here, whoever tries, and nobody is locked out elsewhere by trying here. Addresses from which the person has
// signed in are counted by themselves, so that strangers do not keep the person out.
type Guesses struct {
	// PerUser is how many wrong passwords there may be of one name at once, and UserEvery how long it takes until one more may.
	PerUser   int
	UserEvery time.Duration
	// PerAddress and AddressEvery are the same for one address, whatever the names.
	PerAddress   int
	AddressEvery time.Duration
	// Answer is how long after a password came its refusal is told at the earliest, so that how long it takes does not say whether
	// somebody is known.
	Answer time.Duration
}

// DefaultGuesses are four at once and one more every ten minutes: seven in half an hour, where directories begin to lock at five to ten.
func DefaultGuesses() Guesses {
	return Guesses{PerUser: 4, UserEvery: 10 * time.Minute, PerAddress: 20, AddressEvery: time.Minute, Answer: time.Second}
}

// guesses counts wrong passwords.
type guesses struct {
	limits Guesses
	now    func() time.Time

	mu    sync.Mutex
	by    map[string]*bucket
	known map[string]time.Time // a name at an address that signed in, and when it last did
}

func newGuesses(l Guesses, now func() time.Time) *guesses {
	return &guesses{limits: l, now: now, by: map[string]*bucket{}, known: map[string]time.Time{}}
}

// bucket is how many wrong passwords there may still be. A library's limiter cannot give back what was taken a while ago.
type bucket struct {
	most, left float64
	every      time.Duration
	at         time.Time
}

// fill adds what has come by the time.
func (b *bucket) fill(now time.Time) {
	if now.After(b.at) {
		b.left = min(b.most, b.left+float64(now.Sub(b.at))/float64(b.every))
		b.at = now
	}
}

func (b *bucket) back() { b.left = min(b.most, b.left+1) }

// guess is one password that is being looked at. It counts as wrong until it is known to be none.
type guess struct {
	of      *guesses
	place   string // the name at the address
	counted []*bucket
}

// take counts a password before anybody is asked, so that many at once are as many as one after another. ok is false when there
// were too many wrong ones.
func (g *guesses) take(name, address string) (one *guess, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	name = text.Fold(name)
	place := address + " " + name // an address has no space
	user := "user " + name
	if _, known := g.known[place]; known {
		user = "place " + place
	}
	// Names are anybody's to make up: one is kept in mind only for an address that may still guess.
	from := g.bucket("address "+address, g.limits.PerAddress, g.limits.AddressEvery)
	if from.left < 1 {
		return nil, false
	}
	of := g.bucket(user, g.limits.PerUser, g.limits.UserEvery)
	if of.left < 1 {
		return nil, false
	}
	from.left--
	of.left--
	return &guess{of: g, place: place, counted: []*bucket{from, of}}, true
}

func (g *guesses) bucket(key string, most int, every time.Duration) *bucket {
	now := g.now()
	b := g.by[key]
	if b == nil {
		g.forget(now)
		b = &bucket{most: float64(most), left: float64(most), every: every, at: now}
		g.by[key] = b
	}
	b.fill(now)
	return b
}

// forget bounds what is kept in mind: what is full again is as good as new.
func (g *guesses) forget(now time.Time) {
	if len(g.by) < remembered {
		return
	}
	for key, b := range g.by {
		if b.fill(now); b.left >= b.most {
			delete(g.by, key)
		}
	}
}

// unknown says that nobody could tell whether the password was right.
func (o *guess) unknown() {
	o.of.mu.Lock()
	defer o.of.mu.Unlock()
	for _, b := range o.counted {
		b.back()
	}
}

// right says that the password was the person's. What was guessed wrong before stays counted: whoever has signed in from here is
// known from now on, and has a count of their own.
func (o *guess) right() {
	o.unknown()
	o.of.mu.Lock()
	defer o.of.mu.Unlock()
	if len(o.of.known) >= remembered {
		oldest := ""
		for place, at := range o.of.known {
			if oldest == "" || at.Before(o.of.known[oldest]) {
				oldest = place
			}
		}
		delete(o.of.known, oldest)
	}
	o.of.known[o.place] = o.of.now()
}

// password looks at a password. Whoever is refused waits as long as anybody, and is told no reason.
func (a *attempt) password(meta gossh.ConnMetadata, password []byte) (*gossh.Permissions, error) {
	began := time.Now()
	who, reason := a.prove(meta, string(password))
	if reason == "" {
		data, err := json.Marshal(who)
		if err != nil {
			return nil, fmt.Errorf("keeping who somebody is: %w", err)
		}
		if err := a.server.admitted(a.ctx, who); err != nil {
			return nil, err
		}
		return &gossh.Permissions{Extensions: map[string]string{identityKey: string(data)}}, nil
	}
	timer := time.NewTimer(a.server.config.Guesses.Answer - time.Since(began))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-a.ctx.Done():
	}
	return nil, &refusal{Reason: reason, User: brief(meta.User())}
}

func (a *attempt) prove(meta gossh.ConnMetadata, password string) (Identity, Reason) {
	none := Identity{}
	switch {
	case password == "":
		return none, ReasonNoPassword
	case len(meta.User()) > maxName:
		return none, ReasonForeign
	}
	one, ok := a.server.guesses.take(meta.User(), addressOf(meta.RemoteAddr()))
	if !ok {
		return none, ReasonGuesses
	}
	p, source, reason := a.server.config.Passwords.Prove(a.ctx, meta.User(), password)
	switch {
	case reason == "" && p.Barred != "":
		return none, p.Barred
	case reason == "":
		one.right()
		return Identity{Principal: p.ID, Name: p.Name, Source: source}, ""
	case reason == ReasonUpstream || reason == ReasonDatabase:
		one.unknown()
	}
	return none, reason
}

// asked is signing in by questions, for clients that know no other way to ask for a password: there is one question.
func (a *attempt) asked(meta gossh.ConnMetadata, ask gossh.KeyboardInteractiveChallenge) (*gossh.Permissions, error) {
	answers, err := ask("", "", []string{a.server.config.Prompt}, []bool{false})
	if err != nil {
		return nil, err
	}
	if len(answers) != 1 {
		return nil, &refusal{Reason: ReasonNoPassword, User: brief(meta.User())}
	}
	return a.password(meta, []byte(answers[0]))
}
