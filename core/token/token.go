// Package token is the tokens with which other programs ask the console who may do what. A token is shown once, when it is
// made; what is kept is its SHA-256 alone. It is enough because the token is a random secret of 256 bits, which nobody guesses.
package token

import (
	"context"
	"crypto/sha256"
	"slices"
	"time"
)

// Scope is what a token lets its holder ask.
type Scope string

// The scopes.
const (
	// Evaluate asks whether somebody may do something, one question or many at once.
	Evaluate Scope = "evaluate"
	// Search asks who may, where and what.
	Search Scope = "search"
	// Reasons adds the reasons to the answers of the others: they name people, roles and policies.
	Reasons Scope = "reasons"
)

// Scopes lists all scopes.
func Scopes() []Scope { return []Scope{Evaluate, Search, Reasons} }

// Token is what is known of a token; its secret is not.
type Token struct {
	Name string `json:"name"`
	// For says what uses the token; it may be empty.
	For       string    `json:"for"`
	Scopes    []Scope   `json:"scopes"`
	CreatedAt time.Time `json:"created_at"`
	CreatedBy string    `json:"created_by"`
	// Until is when it ends; from that very second on it opens nothing.
	Until time.Time `json:"until"`
}

// May says whether the token has a scope.
func (t Token) May(s Scope) bool { return slices.Contains(t.Scopes, s) }

// Ended says whether the token is over at a time.
func (t Token) Ended(now time.Time) bool { return !now.Before(t.Until) }

// Made is a token that was just made. The secret is in no record and no audit entry, and is not kept with the answer to a
// request either: whoever repeats the request gets it empty.
type Made struct {
	Token
	Secret string `json:"-"`
}

// prefix lets people and programs that look for leaked secrets see what one is.
const prefix = "reeve_"

// Hash is what is kept of a secret.
type Hash [sha256.Size]byte

// HashOf is the hash of a secret.
func HashOf(secret string) Hash { return sha256.Sum256([]byte(secret)) }

// Key is a token with its hash.
type Key struct {
	Token
	Hash Hash
}

// Store is what this area needs of storage. Names are unique, in upper or lower case.
type Store interface {
	// List lists the tokens by name, those that are over included.
	List(ctx context.Context) ([]Token, error)
	// Keys are all of them with their hashes.
	Keys(ctx context.Context) ([]Key, error)
	// Named finds one by its name; fault.NotFound names near ones.
	Named(ctx context.Context, name string) (Token, error)
	// Insert keeps a new one.
	Insert(ctx context.Context, k Key) error
	// Delete forgets one.
	Delete(ctx context.Context, name string) error
}
