package member

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// Import is what is to become of the members of a workspace.
type Import struct {
	Rows []Row
	// Exactly makes the members exactly those of the rows: the roles of a row replace those held, and who is in no row is taken
	// out. Without it an import only adds: nobody loses a role, a membership or a longer end.
	Exactly bool
	// Roles are given to the rows that name none.
	Roles []string
	// From is when whoever imports began, in their time zone: what `90d` is counted from, and where days begin. The zero time is
	// now, in UTC.
	From time.Time
	// Seen is the fingerprint of the plan that was shown; when another plan would be carried out now, nothing is. Empty carries
	// out whatever comes.
	Seen string
	// OwnLoss as in Batch.
	OwnLoss bool
}

// Result is what an import does with one person.
type Result string

// The results.
const (
	Adds     Result = "add"
	Changes  Result = "change"
	Same     Result = "same"
	Removes  Result = "remove"
	Rejected Result = "rejected"
	// Kept is somebody in no row whom Exactly would take out and who stays: the owner never shows as this.
	Kept Result = "kept"
)

// RoleChange is what becomes of one role of a person.
type RoleChange struct {
	Role access.Role `json:"-"`
	Code string      `json:"role"`
	// Op is gain, lose or until: only its end is another.
	Op string `json:"op"`
	// From and To are its end before and after; nil is open ended. A role gained has no From, a role lost no To.
	From *time.Time `json:"from"`
	To   *time.Time `json:"to"`
}

// The operations of a RoleChange.
const (
	Gains = "gain"
	Loses = "lose"
	Moves = "until"
)

// Difference is one row of a plan.
type Difference struct {
	// Row is the row as written; for Removes and Kept there is none, and its Line is 0.
	Row     Row          `json:"row"`
	User    string       `json:"user"`
	Result  Result       `json:"result"`
	Changes []RoleChange `json:"changes"`
	// Bad is why the row is rejected, or the person is kept. It is not kept with the answer to a request.
	Bad []fault.Field `json:"-"`

	principal access.Principal
	member    Member
	holds     []Hold
}

// Plan is what an import does, row by row: first the rows in their order, then who is in none.
type Plan struct {
	Exactly bool
	Rows    []Difference
	// Count is how many rows have each result.
	Count map[Result]int
	// HeldBack is how many members would be taken out if there were no rejected rows of which nobody can say whom they mean.
	HeldBack int
	// Fingerprint stands for all that the plan does.
	Fingerprint string
}

// Rejects are the rows that are handed back.
func (p Plan) Rejects() []Difference {
	var bad []Difference
	for _, d := range p.Rows {
		if d.Result == Rejected {
			bad = append(bad, d)
		}
	}
	return bad
}

// Empty tells that the plan changes nothing.
func (p Plan) Empty() bool { return p.Count[Adds]+p.Count[Changes]+p.Count[Removes] == 0 }

// LosesRoles tells of a plan that takes something away from somebody.
func (p Plan) LosesRoles() bool {
	for _, d := range p.Rows {
		if d.Result == Removes {
			return true
		}
		for _, c := range d.Changes {
			if c.Op == Loses || c.Op == Moves && outlasts(endOf(c.From), endOf(c.To)) {
				return d.Result != Rejected
			}
		}
	}
	return false
}

func endOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// Text puts a change into words; when writes down the end of a role.
func (c RoleChange) Text(when func(time.Time) string) message.Text {
	args := message.Args{"Role": control.RoleName(c.Role), "To": when(endOf(c.To)), "From": when(endOf(c.From))}
	switch {
	case c.Op == Loses:
		return message.Text{ID: "import.loses", Args: args}
	case c.Op == Gains && c.To == nil:
		return message.Text{ID: "import.gains", Args: args}
	case c.Op == Gains:
		return message.Text{ID: "import.gains.until", Args: args}
	case c.To == nil:
		return message.Text{ID: "import.until.open", Args: args}
	case c.From == nil:
		return message.Text{ID: "import.until.set", Args: args}
	}
	return message.Text{ID: "import.until.moved", Args: args}
}

// Why says in words why a row is rejected, with the names that come near one that is not known.
func (d Difference) Why(say func(message.Text) string) string {
	var parts []string
	for _, f := range d.Bad {
		part := say(f.Text)
		if near, _ := f.Text.Args["Nearest"].(string); near != "" {
			part += " (" + say(message.Text{ID: "import.nearest", Args: message.Args{"Names": near}}) + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

// Written are the rejected rows as they are handed back, with why in words.
func (p Plan) Written(say func(message.Text) string) []Written {
	var rows []Written
	for _, d := range p.Rejects() {
		rows = append(rows, Written{Row: d.Row, Why: d.Why(say)})
	}
	return rows
}

// auditRow is what the audit keeps of one person, and what fingerprints are made of.
type auditRow struct {
	User    string       `json:"user"`
	Result  Result       `json:"result"`
	Changes []RoleChange `json:"changes"`
}

// does tells of a result that changes something.
func (r Result) does() bool { return r == Adds || r == Changes || r == Removes }

// done are the rows that change something.
func (p Plan) done() []auditRow {
	var done []auditRow
	for _, d := range p.Rows {
		if d.Result.does() {
			done = append(done, auditRow{d.User, d.Result, d.Changes})
		}
	}
	return done
}

// count fills Count and Fingerprint.
func (p *Plan) count() error {
	p.Count = map[Result]int{}
	for _, d := range p.Rows {
		p.Count[d.Result]++
	}
	data, err := json.Marshal(p.done())
	if err != nil {
		return fmt.Errorf("taking the fingerprint of a plan: %w", err)
	}
	sum := sha256.Sum256(data)
	p.Fingerprint = hex.EncodeToString(sum[:8])
	return nil
}

// auditRows is how many rows of an import the audit keeps; of more it keeps their number and the fingerprint of all.
const auditRows = 2000

// auditRecord is an import as the audit keeps it.
type auditRecord struct {
	Exactly     bool       `json:"exactly"`
	Added       int        `json:"added"`
	Changed     int        `json:"changed"`
	Removed     int        `json:"removed"`
	Same        int        `json:"same"`
	Rejected    int        `json:"rejected"`
	Fingerprint string     `json:"fingerprint"`
	Rows        []auditRow `json:"rows"`
	// Left is how many further rows were changed.
	Left int `json:"left"`
}

func (p Plan) record() auditRecord {
	done := p.done()
	kept := done[:min(len(done), auditRows)]
	return auditRecord{Exactly: p.Exactly, Added: p.Count[Adds], Changed: p.Count[Changes], Removed: p.Count[Removes], Same: p.Count[Same],
		Rejected: p.Count[Rejected], Fingerprint: p.Fingerprint, Rows: kept, Left: len(done) - len(kept)}
}
