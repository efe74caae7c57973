package figure

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// The types of run events of OpenLineage 2-0-2 (https://openlineage.io/spec/2-0-2/OpenLineage.json), by what they tell of a run here.
// The type may be missing; the event then says only that there is such a run.
const (
	typeStart    = "START"
	typeRunning  = "RUNNING"
	typeComplete = "COMPLETE"
	typeAbort    = "ABORT"
	typeFail     = "FAIL"
	typeOther    = "OTHER"
)

// Event is a run event of OpenLineage, as far as it matters here.
type Event struct {
	Run  RunID
	Type string
	At   time.Time
	// Nominal is the time the run was scheduled for; zero if it is not told.
	Nominal time.Time
}

// ends is the state that the event ends the run in, Running if it does not end it.
func (e Event) ends() State {
	switch e.Type {
	case typeComplete:
		return Succeeded
	case typeAbort:
		return Aborted
	case typeFail:
		return Failed
	}
	return Running
}

// Reason says why a line could not be taken. It is part of the id of a message.
type Reason string

// The reasons of lines that are malformed.
const (
	BadJSON      Reason = "json"      // not one JSON object
	BadLong      Reason = "long"      // longer than MaxLine
	BadKind      Reason = "kind"      // an object that is no event of OpenLineage
	BadType      Reason = "type"      // an eventType that there is not
	BadTime      Reason = "time"      // no eventTime, or one that is no time
	BadNominal   Reason = "nominal"   // a nominalStartTime that is no time
	BadFuture    Reason = "future"    // a time that has not come
	BadRun       Reason = "run"       // no runId, or one that is no UUID
	BadNamespace Reason = "namespace" // no namespace of the job, or one that is too long
	BadJob       Reason = "job"       // no name of the job
)

// Bounds of an event. They are ours.
const (
	// MaxLine is the longest line that is read, in bytes.
	MaxLine = 1 << 20
	// MaxNamespace is the longest namespace, in bytes.
	MaxNamespace = 512
	// ahead is how far clocks of other systems may be before ours.
	ahead = 48 * time.Hour
)

// firstTime is the earliest time that is taken for one: before it there was no such platform.
var firstTime = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// wireEvent is an event as it is written. Only what is read is named; facets that are not are passed over.
type wireEvent struct {
	EventType *string          `json:"eventType"`
	EventTime *string          `json:"eventTime"`
	Dataset   *json.RawMessage `json:"dataset"`
	Run       *struct {
		RunID  string `json:"runId"`
		Facets struct {
			NominalTime *struct {
				Start string `json:"nominalStartTime"`
			} `json:"nominalTime"`
		} `json:"facets"`
	} `json:"run"`
	Job *struct {
		Namespace string `json:"namespace"`
		Name      string `json:"name"`
	} `json:"job"`
}

// ParseEvent reads a line. isRun is false for an event of a dataset or of a job, which tells of no run. bad, if not empty, says what is
// wrong with the line. What the counts do not need (producer, schemaURL, inputs, outputs, other facets) is not asked for.
func ParseEvent(line []byte, now time.Time) (e Event, isRun bool, bad Reason) {
	var w wireEvent
	trimmed := bytes.TrimSpace(line)
	if len(trimmed) == 0 || trimmed[0] != '{' || json.Unmarshal(trimmed, &w) != nil {
		return e, false, BadJSON
	}
	if w.Run == nil {
		if w.EventTime != nil && (w.Dataset != nil || w.Job != nil) {
			return e, false, ""
		}
		return e, false, BadKind
	}
	if w.Job == nil {
		return e, false, BadKind
	}
	e.Type = typeOther
	if w.EventType != nil {
		e.Type = *w.EventType
	}
	switch e.Type {
	case typeStart, typeRunning, typeComplete, typeAbort, typeFail, typeOther:
	default:
		return e, false, BadType
	}
	var ok bool
	if e.At, ok = parseTime(w.EventTime); !ok {
		return e, false, BadTime
	}
	if n := w.Run.Facets.NominalTime; n != nil {
		if e.Nominal, ok = parseTime(&n.Start); !ok {
			return e, false, BadNominal
		}
	}
	if limit := now.Add(ahead); e.At.After(limit) || e.Nominal.After(limit) {
		return e, false, BadFuture
	}
	if e.Run.ID, ok = parseUUID(w.Run.RunID); !ok {
		return e, false, BadRun
	}
	if e.Run.Namespace = w.Job.Namespace; strings.TrimSpace(e.Run.Namespace) == "" || len(e.Run.Namespace) > MaxNamespace {
		return e, false, BadNamespace
	}
	if w.Job.Name == "" {
		return e, false, BadJob
	}
	return e, true, ""
}

// parseTime reads a time with its offset, or, as ISO 8601 lets it and some senders do, without one: that is UTC. The result is cut to
// the microsecond, which is what is stored.
func parseTime(s *string) (time.Time, bool) {
	if s == nil {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, *s)
	if err != nil {
		at, err = time.Parse("2006-01-02T15:04:05", *s)
	}
	if err != nil || at.Before(firstTime) || at.Year() > 2200 {
		return time.Time{}, false
	}
	return at.UTC().Truncate(time.Microsecond), true
}

// parseUUID reads a UUID of the usual form, 8-4-4-4-12 hexadecimal digits.
func parseUUID(s string) (id [16]byte, ok bool) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, false
	}
	var digits [32]byte
	copy(digits[:], s[:8])
	copy(digits[8:], s[9:13])
	copy(digits[12:], s[14:18])
	copy(digits[16:], s[19:23])
	copy(digits[20:], s[24:])
	_, err := hex.Decode(id[:], digits[:])
	return id, err == nil
}
