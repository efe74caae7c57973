package storage

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
	"unicode"

	"golang.org/x/crypto/ssh"

	"reeve/core/access"
	"reeve/core/directory"
	"reeve/core/text"
)

// contact is what the directory says of one person of the sample besides the name.
type contact struct {
	email    string // as it is compared
	disabled int64
	status   directory.Status
}

// contact gives most users an address and disables a few. It draws from a stream of its own, so that the rest of the sample is
// the same with it and without it.
func (w *filler) contact(id access.PrincipalID, key string, kind directory.Kind) contact {
	random := rand.New(rand.NewPCG(w.Seed, uint64(id)<<8|8)) // #nosec G404 -- a sample is to be repeatable, not secret
	c := contact{status: directory.Active}
	if kind != directory.RAMUser {
		return c
	}
	plain := true
	for _, r := range key {
		plain = plain && r < unicode.MaxASCII
	}
	if plain && random.IntN(10) > 0 {
		c.email = text.Fold(key) + "@acme.example"
	}
	if random.IntN(40) == 0 {
		c.status, c.disabled = directory.Disabled, unix(w.At.AddDate(0, 0, -1-random.IntN(300)))
	}
	return c
}

// sampleKeys is how many people of the sample have a key at most.
const sampleKeys = 200

// addKeys gives some people an SSH key. It is made without a private half, so that nobody can sign in with it.
func (w *filler) addKeys(ctx context.Context) error {
	store := NewDirectory(w.tables.db)
	for i, p := range w.people[1:] {
		if i%7 != 0 || i/7 >= sampleKeys {
			continue
		}
		random := rand.New(rand.NewPCG(w.Seed, uint64(p.id)<<8|9)) // #nosec G404 -- a sample is to be repeatable, not secret
		point := make(ed25519.PublicKey, ed25519.PublicKeySize)
		for at := range point {
			point[at] = byte(random.IntN(256)) // #nosec G115 -- below 256
		}
		public, err := ssh.NewPublicKey(point)
		if err != nil {
			return fmt.Errorf("making a sample key: %w", err)
		}
		keys, bad := directory.ParseKeys(string(ssh.MarshalAuthorizedKey(public)))
		if len(bad) > 0 {
			return fmt.Errorf("a sample key is refused: %s", bad[0].Text.ID)
		}
		keys[0].Comment, keys[0].AddedAt = p.key+"@laptop", w.At.AddDate(0, -1-i%11, 0)
		if err := store.AddKey(ctx, p.id, keys[0], w.Owner); err != nil {
			return err
		}
	}
	return nil
}
