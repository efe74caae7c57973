// Package source is the data sources of a workspace: how databases, queues and stores are reached from its development and
// its production environment, and whether they were reached when somebody last tried. Passwords and keys are not kept.
package source

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/control"
)

// Environment is one of the environments of a workspace. One of simple mode has only production.
type Environment string

// The environments.
const (
	Dev  Environment = "dev"
	Prod Environment = "prod"
)

// Environments are all environments, in the order in which they are shown.
func Environments() []Environment { return []Environment{Dev, Prod} }

// ModeURL is the connection mode of what is reached by its address, as against an instance of the cloud or a registered
// cluster; it is the only one so far. The OpenAPI calls it UrlMode.
const ModeURL = "url"

// Source is a data source: a name and a type with one connection for each environment.
type Source struct {
	ID   uint32 `json:"id"`
	Name string `json:"name"`
	// Type is the code of a Type.
	Type string `json:"type"`
	// Connections are in the order of Environments, at most one for each.
	Connections []Connection `json:"connections"`
	// Version counts the changes of the source and its connections; a test is none.
	Version int64 `json:"version"`
}

// In is the connection of an environment.
func (s Source) In(env Environment) (Connection, bool) {
	i := slices.IndexFunc(s.Connections, func(c Connection) bool { return c.Environment == env })
	if i < 0 {
		return Connection{}, false
	}
	return s.Connections[i], true
}

// Connected says whether every connection was reached when it was last tested.
func (s Source) Connected() bool {
	return len(s.Connections) > 0 && !slices.ContainsFunc(s.Connections, func(c Connection) bool { return c.Tested == nil || !c.Tested.Connected })
}

// Properties are connection properties by name; the type says which there are and of what kind. Addresses are host:port
// with commas between them.
type Properties map[string]string

// Plus is p with one more property.
func (p Properties) Plus(name, value string) Properties {
	return Properties{name: value}.over(p)
}

// Connection is how a source is reached from one environment.
type Connection struct {
	Environment Environment `json:"environment"`
	Mode        string      `json:"mode"`
	Properties  Properties  `json:"properties"`
	Description string      `json:"description"`
	CreatedAt   time.Time   `json:"created_at"`
	CreatedBy   string      `json:"created_by"`
	ModifiedAt  time.Time   `json:"modified_at"`
	ModifiedBy  string      `json:"modified_by"`
	// Tested is the last test since the connection was changed, nil if there was none.
	Tested *Test `json:"tested"`
}

// Test is what became of trying to reach a connection. Connected says that the machine reeve runs on could open a TCP
// connection to every address; it says nothing of user, password or database, nor of what a resource group can reach.
type Test struct {
	At        time.Time `json:"at"`
	By        string    `json:"by"`
	Connected bool      `json:"connected"`
	Stages    []Stage   `json:"stages"`
}

// The stages of a test.
const (
	StageResolve = "resolve" // from a name to addresses
	StageConnect = "connect" // to an address
)

// Stage is one step of a test.
type Stage struct {
	Name string `json:"stage"`
	// Target is the host or the address that the stage was about.
	Target string `json:"target"`
	OK     bool   `json:"ok"`
	// Evidence is what was found, or the error in the words of the operating system.
	Evidence string `json:"evidence"`
	// Milliseconds is how long the stage took.
	Milliseconds int64 `json:"milliseconds"`
}

// Store is what this area needs of storage. Every method takes part in the transaction that its context carries.
type Store interface {
	control.Places
	// List returns the sources of the workspace by name, with their connections.
	List(ctx context.Context, ws access.WorkspaceID) ([]Source, error)
	// Standard says whether the workspace keeps development and production apart.
	Standard(ctx context.Context, ws access.WorkspaceID) (bool, error)
	// Insert makes a source without connections, in version 1, and returns its id.
	Insert(ctx context.Context, ws access.WorkspaceID, name, kind string) (uint32, error)
	// Raise raises the version if it still is version; otherwise ok is false.
	Raise(ctx context.Context, id uint32, version int64) (ok bool, err error)
	// Put writes a connection in place of the one in its environment, whose maker it keeps; the last test is forgotten.
	Put(ctx context.Context, id uint32, c Connection, by access.PrincipalID) error
	// Drop removes the connection of an environment.
	Drop(ctx context.Context, id uint32, env Environment) error
	// Delete removes a source with its connections if the version still is version; otherwise ok is false.
	Delete(ctx context.Context, id uint32, version int64) (ok bool, err error)
	// SaveTest keeps a test as the last one of a connection.
	SaveTest(ctx context.Context, id uint32, env Environment, t Test, by access.PrincipalID) error
}

// Network is how the world outside is reached. Each method says how long it took, and gives up when the context ends.
type Network interface {
	// Resolve finds the addresses of a host; an address is its own.
	Resolve(ctx context.Context, host string) ([]netip.Addr, time.Duration, error)
	// Connect opens a TCP connection and closes it again.
	Connect(ctx context.Context, to netip.AddrPort) (time.Duration, error)
}

func named(all []Source, name string) (Source, bool) {
	i := slices.IndexFunc(all, func(s Source) bool { return strings.EqualFold(s.Name, strings.TrimSpace(name)) })
	if i < 0 {
		return Source{}, false
	}
	return all[i], true
}
