package figure

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"reeve/core/access"
	"reeve/core/text"
)

// Kind says what an ingestion reads.
type Kind string

// The kinds.
const (
	KindEvents Kind = "openlineage"
	KindDays   Kind = "figures"
)

// Stage says how far an ingestion is.
type Stage string

// The stages. One that was ended from outside, without a word, stays at StageRunning.
const (
	StageRunning Stage = "running"
	StageDone    Stage = "done"
	StageStopped Stage = "stopped" // it did not come to the end of its input
)

// Ingestion is what became of the lines of one input. Every line that is not empty is counted exactly once besides in Lines.
type Ingestion struct {
	ID   int64
	Kind Kind
	// Source is the name of the file, - for a pipe.
	Source  string
	By      access.PrincipalID
	ByName  string
	BeganAt time.Time
	// EndedAt is zero while it is running.
	EndedAt time.Time
	Stage   Stage
	Counts
	// Problems are the first lines that were malformed, and the names that were not taken, each with how often.
	Problems []Problem
}

// Counts is how many lines came and what became of them.
type Counts struct {
	Lines int64 `json:"lines"`
	// Taken told something new, Repeated nothing that was not known.
	Taken    int64 `json:"taken"`
	Repeated int64 `json:"repeated"`
	// Late are events of runs that are no longer known one by one.
	Late int64 `json:"late"`
	// Other are events of datasets and jobs, which tell of no run.
	Other     int64 `json:"not_run_events"`
	Malformed int64 `json:"malformed"`
	// Unknown are of no workspace, Refused of one that whoever sent them may not send for.
	Unknown int64 `json:"unknown_workspace"`
	Refused int64 `json:"refused"`
}

// Lost is the lines of which nothing was taken though something may have been meant to be.
func (c Counts) Lost() int64 { return c.Late + c.Malformed + c.Unknown + c.Refused }

// ProblemKind says what kind of problem it is.
type ProblemKind string

// The kinds of problems.
const (
	ProblemMalformed ProblemKind = "malformed" // one line
	ProblemUnknown   ProblemKind = "unknown"   // all lines of one namespace or workspace that is none
	ProblemRefused   ProblemKind = "refused"   // all lines of one workspace
	ProblemReason    ProblemKind = "reason"    // all malformed lines with one reason
)

// Problem is a line that was malformed, or a name of which lines were not taken.
type Problem struct {
	Kind ProblemKind `json:"kind"`
	// Line is where it was first, from 1 on.
	Line int64 `json:"line"`
	// Reasons are what is wrong with the line.
	Reasons []Reason `json:"reasons"`
	// Text is the beginning of the line, cleaned, or the name.
	Text  string `json:"text"`
	Count int64  `json:"count"`
}

// Bounds of what is kept of an ingestion. They are ours.
const (
	keptLines      = 50  // malformed lines
	keptNames      = 100 // names, of each kind
	excerptRunes   = 160
	keptIngestions = 200
	sourceRunes    = 120
)

// otherNames stands for the names beyond those that are kept.
const otherNames = "…"

// excerpt is the beginning of a line as it may be shown.
func excerpt(line []byte) string {
	return cut(string(line[:min(len(line), 4*excerptRunes)]), excerptRunes)
}

// cut is a text as it may be shown, of at most so many characters.
func cut(s string, n int) string {
	runes := []rune(text.Clean(s))
	if len(runes) <= n {
		return string(runes)
	}
	return string(runes[:n-1]) + "…"
}

// tally is what an ingestion has counted.
type tally struct {
	Counts
	lines []Problem
	names map[nameKey]nameCount
}

type nameKey struct {
	kind ProblemKind
	name string
}

type nameCount struct{ line, count int64 }

func (t tally) clone() tally {
	return tally{Counts: t.Counts, lines: slices.Clone(t.lines), names: maps.Clone(t.names)}
}

// malformed counts a line that cannot be read.
func (t *tally) malformed(line int64, text string, reasons ...Reason) {
	t.Malformed++
	for _, r := range reasons {
		t.name(ProblemReason, string(r), line)
	}
	if len(t.lines) < keptLines {
		t.lines = append(t.lines, Problem{Kind: ProblemMalformed, Line: line, Reasons: slices.Clone(reasons), Text: text, Count: 1})
	}
}

// name counts a line under a name; names beyond those kept are counted together.
func (t *tally) name(kind ProblemKind, name string, line int64) {
	if t.names == nil {
		t.names = map[nameKey]nameCount{}
	}
	key := nameKey{kind, cut(name, excerptRunes)}
	if _, there := t.names[key]; !there {
		n := 0
		for k := range t.names {
			if k.kind == kind {
				n++
			}
		}
		if n >= keptNames {
			key.name = otherNames
		}
	}
	c, there := t.names[key]
	if !there {
		c.line = line
	}
	c.count++
	t.names[key] = c
}

// problems are what is wrong, the lines first, then the names with most lines first.
func (t *tally) problems() []Problem {
	names := make([]Problem, 0, len(t.names))
	for key, c := range t.names {
		p := Problem{Kind: key.kind, Line: c.line, Text: key.name, Count: c.count}
		if key.kind == ProblemReason {
			p.Reasons, p.Text = []Reason{Reason(key.name)}, ""
		}
		names = append(names, p)
	}
	slices.SortFunc(names, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text), slices.Compare(a.Reasons, b.Reasons))
	})
	return slices.Concat(t.lines, names)
}
