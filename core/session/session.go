// Package session is the consoles that are open, here and over SSH: who has them, from where, since when, and what they look
// at. Whoever may can end one, and say something to all. The process that has a session keeps it with a Desk; everybody else
// sees it through the Service.
package session

import (
	"context"
	"time"

	"reeve/core/access"
)

// Session is one open console.
type Session struct {
	ID        string             `json:"id"`
	Principal access.PrincipalID `json:"-"`
	User      string             `json:"user"`
	// Face is console or ssh.
	Face Face `json:"face"`
	// Address is host:port of the client; empty on this machine.
	Address string `json:"address"`
	// Fingerprint is that of the key that was proven, Certificate the id of the certificate it came in; empty for none.
	Fingerprint string `json:"fingerprint"`
	Certificate string `json:"certificate"`
	// Source is the directory source that knows the password that was proven; empty for a key or a certificate.
	Source string `json:"source"`
	// Place is the link of what the session shows.
	Place   string    `json:"place"`
	BegunAt time.Time `json:"begun_at"`
	// SeenAt is when it went to that place.
	SeenAt time.Time `json:"seen_at"`
	// EndBy is who asked for its end; empty for nobody. The process that has it ends it within a second or two.
	EndBy  string `json:"end_by"`
	Holder string `json:"-"`
}

// Recording is what is known of the recording of a session, in the form asciicast v2.
type Recording struct {
	Session string `json:"session"`
	User    string `json:"user"`
	// Path is the file on the machine of the server, when the recording has ended.
	Path string `json:"path"`
	// SHA256 and Size are of the file; empty and 0 while it is being written.
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	// End is why it ended.
	End RecordingEnd `json:"end"`
}

// RecordingEnd is why a recording ended.
type RecordingEnd string

// Why recordings end.
const (
	EndOfSession RecordingEnd = "session" // the session did
	EndFull      RecordingEnd = "full"    // it is as long as one may be, and the session ended with it
	EndFailed    RecordingEnd = "failed"  // it could not be written any more, and the session ended with it
	EndLeft      RecordingEnd = "left"    // the server was killed; this is said by the one that found it
)

// Face is how somebody sits before a console.
type Face string

// The faces.
const (
	Console Face = "console"
	SSH     Face = "ssh"
)

// Notice is something said to everybody.
type Notice struct {
	ID   int64     `json:"id"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
	By   string    `json:"by"`
}

// Place is where a session is, and since when.
type Place struct {
	Link string    `json:"link"`
	At   time.Time `json:"at"`
}

// Places is where a process writes down, for the others, where its sessions are. It is no part of the database: each change
// there is one that every console looks at.
type Places interface {
	Write(places map[string]Place) error
}

// Store is what this area needs of storage.
type Store interface {
	// Open lists the sessions of all processes that live; of one principal if p is not 0. The newest stand first.
	Open(ctx context.Context, p access.PrincipalID) ([]Session, error)
	// Insert keeps a new session.
	Insert(ctx context.Context, s Session) error
	// Keep is Insert in a transaction of its own.
	Keep(ctx context.Context, s Session) error
	// AskEnd notes that somebody wants a session to end.
	AskEnd(ctx context.Context, id, by string, at time.Time) error
	// Delete forgets a session.
	Delete(ctx context.Context, id string) error
	// Ending are the sessions of a holder whose end was asked for.
	Ending(ctx context.Context, holder string) ([]Session, error)
	// Say keeps a notice and returns it with its id; Said are those after an id, the oldest first, and LastSaid the newest id.
	Say(ctx context.Context, n Notice) (Notice, error)
	Said(ctx context.Context, after int64) ([]Notice, error)
	LastSaid(ctx context.Context) (int64, error)
	// Bury forgets the sessions of processes that do not live any more.
	Bury(ctx context.Context) error
}
