// Package fault holds the errors that faces tell apart: what was refused, why, and what to do next. A face turns them into
// words with the message catalogue; nobody matches on strings.
package fault

import (
	"errors"
	"fmt"
	"strings"

	"reeve/core/message"
	"reeve/core/text"
)

// Kind is what a face needs to know to choose an exit code, a colour or a status.
type Kind string

// The kinds, as they stand in the JSON form of an error.
const (
	KindFailed      Kind = "failed"
	KindInvalid     Kind = "invalid"
	KindDenied      Kind = "denied"
	KindNotFound    Kind = "not_found"
	KindConflict    Kind = "conflict"
	KindUnavailable Kind = "unavailable"
)

// Fault is an error with a kind and words for people.
type Fault interface {
	error
	Kind() Kind
	// Text says what happened in one sentence.
	Text() message.Text
	// Next says what to do about it; its ID is empty when there is nothing to say.
	Next() message.Text
}

// KindOf tells the kind of err; an error that is no Fault has failed.
func KindOf(err error) Kind {
	var f Fault
	if errors.As(err, &f) {
		return f.Kind()
	}
	return KindFailed
}

// Field is one thing wrong with the input, named by its field in snake_case.
type Field struct {
	Name string
	Text message.Text
	// Taken marks a value that would be fine if something else did not already have it, Unknown a name that nothing has.
	Taken, Unknown bool
}

// Invalid lists everything wrong with an input at once.
type Invalid struct{ Fields []Field }

// Kind is KindConflict when every field is only taken, KindNotFound when every field only names what is not there, and
// KindInvalid otherwise.
func (e *Invalid) Kind() Kind {
	taken, unknown := true, true
	for _, f := range e.Fields {
		taken, unknown = taken && f.Taken, unknown && f.Unknown
	}
	switch {
	case taken:
		return KindConflict
	case unknown:
		return KindNotFound
	}
	return KindInvalid
}

func (e *Invalid) Error() string {
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Name + ": " + f.Text.ID
	}
	return "invalid input: " + strings.Join(parts, ", ")
}

// Text names the single field's fault, or how many there are.
func (e *Invalid) Text() message.Text {
	if len(e.Fields) == 1 {
		return message.Text{ID: "fault.invalid.one", Args: message.Args{"Field": e.Fields[0].Name, "What": e.Fields[0].Text}}
	}
	return message.Text{ID: "fault.invalid.many", Args: message.Args{"Count": len(e.Fields)}}
}

// Next is empty: the fields say it.
func (e *Invalid) Next() message.Text { return message.Text{} }

// OneField is an Invalid with a single field.
func OneField(name, id string, args message.Args) *Invalid {
	return &Invalid{Fields: []Field{{Name: name, Text: message.Text{ID: id, Args: args}}}}
}

// GrantKind is a kind of what can be granted.
type GrantKind string

// The kinds: a role in a workspace, a tenant role in a region, a policy of the console.
const (
	GrantWorkspaceRole GrantKind = "workspace-role"
	GrantTenantRole    GrantKind = "tenant-role"
	GrantPolicy        GrantKind = "policy"
)

// Grant names something that can be granted, so that whoever was refused can ask for it.
type Grant struct {
	Kind GrantKind
	// Region is empty for a policy, Workspace for all but a role in one.
	Region, Workspace string
	// Role is the code of the role, or the name of the policy.
	Role string
}

// Denied says that who asks may not do this here, what it needs, and who could help.
type Denied struct {
	Action string
	Reason message.Text
	// Ask names people who could do it or grant it.
	Ask []string
	// Grants are those of which each alone would allow it, the least first; none where no grant would.
	Grants []Grant
}

// Kind is KindDenied.
func (e *Denied) Kind() Kind { return KindDenied }

func (e *Denied) Error() string { return fmt.Sprintf("%s denied: %s", e.Action, e.Reason.ID) }

// Text is the reason.
func (e *Denied) Text() message.Text { return e.Reason }

// Next names whom to ask.
func (e *Denied) Next() message.Text {
	if len(e.Ask) == 0 {
		return message.Text{}
	}
	return message.Text{ID: "fault.denied.ask", Args: message.Args{"Who": strings.Join(e.Ask, ", ")}}
}

// NotFound says that nothing of that kind has that name here, and which names come nearest.
type NotFound struct {
	// What is the kind of thing: workspace, role, user, member, region, module, action, audit_entry.
	What    string
	Name    string
	Nearest []string
}

// Kind is KindNotFound.
func (e *NotFound) Kind() Kind { return KindNotFound }

func (e *NotFound) Error() string { return fmt.Sprintf("no %s %q", e.What, e.Name) }

// Text says what was not found.
func (e *NotFound) Text() message.Text {
	return message.Text{ID: "fault.not_found", Args: message.Args{"What": message.Text{ID: "thing." + e.What}, "Name": text.Quoted(e.Name)}}
}

// Next offers the nearest names.
func (e *NotFound) Next() message.Text {
	if len(e.Nearest) == 0 {
		return message.Text{}
	}
	return message.Text{ID: "fault.not_found.nearest", Args: message.Args{"Names": strings.Join(e.Nearest, ", ")}}
}

// Conflict says that somebody else changed the record since it was read; both sides are carried so that a face can show
// them.
type Conflict struct {
	What string
	Name string
	// Read is the version that the writer had seen, Now the one that stands.
	Read, Now int64
	Mine      any
	Theirs    any
	By        string
}

// Kind is KindConflict.
func (e *Conflict) Kind() Kind { return KindConflict }

func (e *Conflict) Error() string {
	return fmt.Sprintf("%s %q changed meanwhile: read version %d, now %d", e.What, e.Name, e.Read, e.Now)
}

// Text says what changed meanwhile.
func (e *Conflict) Text() message.Text {
	return message.Text{ID: "fault.conflict", Args: message.Args{
		"What": message.Text{ID: "thing." + e.What}, "Name": e.Name, "Read": e.Read, "Now": e.Now}}
}

// Next says to look at both versions.
func (e *Conflict) Next() message.Text { return message.Text{ID: "fault.conflict.next"} }

// Refused says that the state of things forbids the act, whoever asks: the last administrator, a role still held, a
// workspace already disabled.
type Refused struct {
	Reason message.Text
	Way    message.Text
	// Named lists what stands in the way (the holders of a role), for faces that show more than a sentence.
	Named []string
}

// Kind is KindConflict: the request conflicts with the state.
func (e *Refused) Kind() Kind { return KindConflict }

func (e *Refused) Error() string { return "refused: " + e.Reason.ID }

// Text is the reason.
func (e *Refused) Text() message.Text { return e.Reason }

// Next is the way out.
func (e *Refused) Next() message.Text { return e.Way }

// Unavailable says that something reeve depends on (the database file, another system) did not do its part.
type Unavailable struct {
	What     message.Text
	Evidence string
	Way      message.Text
	Err      error
	// Absent marks what is not there at all, as against what is there and does not work.
	Absent bool
}

// Kind is KindNotFound for what is absent, otherwise KindUnavailable.
func (e *Unavailable) Kind() Kind {
	if e.Absent {
		return KindNotFound
	}
	return KindUnavailable
}

func (e *Unavailable) Error() string {
	if e.Err != nil {
		return e.What.ID + ": " + e.Err.Error()
	}
	return e.What.ID + ": " + e.Evidence
}

// Text says what did not work.
func (e *Unavailable) Text() message.Text { return e.What }

// Next says what to do.
func (e *Unavailable) Next() message.Text { return e.Way }

// Unwrap gives the error underneath.
func (e *Unavailable) Unwrap() error { return e.Err }
