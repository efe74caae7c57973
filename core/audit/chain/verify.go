package chain

import (
	"bytes"

	"reeve/core/message"
)

// Finding is one thing wrong with the log.
type Finding struct {
	Seq  int64
	What message.Text
}

// Report is what a verification found.
type Report struct {
	// Entries is how many entries were read, Head the last of them.
	Entries int64
	Head    Head
	// Checkpoint is the head the log was held against, if there was one, and Source the file it was read from.
	Checkpoint *Head
	Source     string
	Findings   []Finding
	// Unchecked is what could not be held against anything, each a sentence. Nothing was found there because nothing could be.
	Unchecked []message.Text
	// Notes are sentences about what the log was held against; they change no verdict.
	Notes []message.Text
}

// OK reports whether everything was checked and nothing was found: a log that may lack its end is not known to be whole.
func (r Report) OK() bool { return len(r.Findings) == 0 && len(r.Unchecked) == 0 }

// maxFindings bounds a report: after a cut in the middle every further line would only repeat it.
const maxFindings = 20

// Verifier reads a log from its first entry to its last.
type Verifier struct {
	checkpoint *Head
	report     Report
	prev       []byte
	last       int64
	met        bool
}

// NewVerifier starts a verification; checkpoint may be nil.
func NewVerifier(checkpoint *Head) *Verifier {
	return &Verifier{checkpoint: checkpoint, report: Report{Checkpoint: checkpoint}}
}

// Next takes the next entry in the order of the store.
func (v *Verifier) Next(e *Entry) {
	switch {
	case e.Seq > v.last+1:
		v.find(v.last+1, "audit.finding.missing", message.Args{"From": v.last + 1, "To": e.Seq - 1})
	case e.Seq <= v.last:
		v.find(e.Seq, "audit.finding.order", message.Args{"Seq": e.Seq, "Last": v.last})
	case !bytes.Equal(e.Prev, v.prev):
		v.find(e.Seq, "audit.finding.link", message.Args{"Seq": e.Seq, "Before": e.Seq - 1})
	}
	if !bytes.Equal(e.Sum(e.Prev), e.Hash) {
		v.find(e.Seq, "audit.finding.edited", message.Args{"Seq": e.Seq})
	}
	if v.checkpoint != nil && e.Seq == v.checkpoint.Seq {
		v.met = true
		if !bytes.Equal(e.Hash, v.checkpoint.Hash) {
			v.find(e.Seq, "audit.finding.checkpoint", message.Args{"Seq": e.Seq})
		}
	}
	v.prev, v.last = e.Hash, e.Seq
	v.report.Entries++
	v.report.Head = Head{Seq: e.Seq, Hash: e.Hash, At: e.At}
}

// Report ends the verification.
func (v *Verifier) Report() Report {
	if v.checkpoint != nil && !v.met && v.checkpoint.Seq > 0 {
		v.find(v.last, "audit.finding.cut", message.Args{"Last": v.last, "Known": v.checkpoint.Seq})
	}
	return v.report
}

func (v *Verifier) find(seq int64, id string, args message.Args) {
	if len(v.report.Findings) < maxFindings {
		v.report.Findings = append(v.report.Findings, Finding{Seq: seq, What: message.Text{ID: id, Args: args}})
	}
}
