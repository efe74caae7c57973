// Package chain is the record of every act: who did what, where, when, from which face, and what the record was before and
// after. Entries are chained: each carries the hash of the one before it, so that an edited, deleted or reordered entry
// is found. A chain cannot show that its newest entries were cut off; the head kept outside the database does.
package chain

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"time"
)

// Outcome says how an act ended.
type Outcome string

// The outcomes.
const (
	Done   Outcome = "done"
	Denied Outcome = "denied"
)

// Entry is one act. Names stand beside ids so that it stays readable when what it names is gone.
type Entry struct {
	// Seq numbers entries from 1 without gaps.
	Seq     int64     `json:"id"`
	At      time.Time `json:"at"`
	ActorID int64     `json:"actor_id"`
	Actor   string    `json:"actor"`
	Face    string    `json:"face"`
	Address string    `json:"address"`
	Session string    `json:"session"`
	Request string    `json:"request"`
	Action  string    `json:"action"`
	Outcome Outcome   `json:"outcome"`
	Region  string    `json:"region"`
	// WorkspaceID is 0 for acts outside workspaces.
	WorkspaceID int64  `json:"workspace_id"`
	Workspace   string `json:"workspace"`
	Kind        string `json:"target_kind"`
	Target      string `json:"target"`
	// Before and After are JSON, empty for not there.
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
	Prev   []byte          `json:"-"`
	Hash   []byte          `json:"-"`
}

// Head is the newest entry of the log as far as somebody knows.
type Head struct {
	Seq  int64     `json:"seq"`
	Hash []byte    `json:"hash"`
	At   time.Time `json:"at"`
	// Since is the entry with which keeping this head outside began; 0 where nobody says. A head that was kept since an entry
	// knows nothing of what was cut off before it.
	Since int64 `json:"-"`
}

// Sum is the hash of e following prev: SHA-256 over prev and every field, each with its length before it, so that no two
// entries have the same form.
func (e *Entry) Sum(prev []byte) []byte {
	h := sha256.New()
	field := func(b []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	number := func(v int64) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(v)) // #nosec G115 -- the bits are hashed, not computed with
		field(n[:])
	}
	field([]byte("reeve audit 1"))
	field(prev)
	number(e.Seq)
	number(e.At.Unix())
	number(e.ActorID)
	number(e.WorkspaceID)
	for _, s := range []string{e.Actor, e.Face, e.Address, e.Session, e.Request, e.Action, string(e.Outcome), e.Region, e.Workspace, e.Kind, e.Target} {
		field([]byte(s))
	}
	field(e.Before)
	field(e.After)
	return h.Sum(nil)
}
