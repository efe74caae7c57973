package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// The exit codes. docs/access.md and docs/commands.md state them.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitDenied   = 3
	exitNotFound = 4
	exitConflict = 5
	// exitDiffers is what plan --detailed-exitcode answers where something differs, as other programs of its kind do. What would
	// be exitUsage is exitFailed with it, so that 2 has one meaning.
	exitDiffers = 2
)

// exit is the exit code of a failure of this run.
func (c *cli) exit(k fault.Kind) int {
	if code := exitCode(k); code != exitDiffers || !c.detailed {
		return code
	}
	return exitFailed
}

func exitCode(k fault.Kind) int {
	switch k {
	case fault.KindInvalid, kindUsage:
		return exitUsage
	case fault.KindDenied:
		return exitDenied
	case fault.KindNotFound:
		return exitNotFound
	case fault.KindConflict:
		return exitConflict
	case fault.KindFailed, fault.KindUnavailable:
		return exitFailed
	}
	return exitFailed
}

// told is an error in words.
type told struct {
	kind    fault.Kind
	message string
	fields  []record
	next    string
}

// tell puts an error into words. Whatever it carries from outside is made harmless.
func (c *cli) tell(err error) told {
	var f fault.Fault
	switch {
	case errors.As(err, &f):
	case errors.Is(err, context.Canceled):
		return told{kind: fault.KindFailed, message: c.p.Text("cli.stopped")}
	default:
		return told{kind: fault.KindFailed, message: text.Clean(c.p.With("cli.failed", message.Args{"Evidence": err.Error()}))}
	}
	t := told{kind: f.Kind(), message: c.say(f.Text()), next: c.say(f.Next())}
	var invalid *fault.Invalid
	var down *fault.Unavailable
	var denied *fault.Denied
	switch {
	case errors.As(err, &denied):
		t.next = strings.Join(append(wordsOf(t.next), c.askFor(denied.Grants)...), " ")
	case errors.As(err, &invalid):
		t.fields, t.next = c.tellFields(invalid)
		if len(invalid.Fields) == 1 {
			t.message = c.p.With("cli.sentence", message.Args{"Words": t.message})
		}
	case errors.As(err, &down) && down.Evidence != "":
		t.message += " (" + text.Clean(down.Evidence) + ")"
	}
	return t
}

// wordsOf is a sentence in a list of sentences; none for an empty one.
func wordsOf(sentence string) []string {
	if sentence == "" {
		return nil
	}
	return []string{sentence}
}

// tellFields puts every fault of a form into words, and says what comes nearest to the names that were not found.
func (c *cli) tellFields(invalid *fault.Invalid) (fields []record, next string) {
	var near []string
	for _, field := range invalid.Fields {
		fields = append(fields, record{{"name", field.Name}, {"message", c.say(field.Text)}})
		if names, _ := field.Text.Args["Nearest"].(string); names != "" {
			near = append(near, names)
		}
		if field.Name == "confirm" {
			next = c.p.Text("cli.confirm.next")
		}
		if regions, _ := field.Text.Args["Regions"].(string); regions != "" {
			next = c.say(message.Text{ID: "cli.region.next", Args: message.Args{"Regions": regions}})
		}
	}
	if len(near) > 0 {
		next = c.say(message.Text{ID: "fault.not_found.nearest", Args: message.Args{"Names": strings.Join(near, ", ")}})
	}
	return fields, next
}

// joined puts faults of several flags together, so that all are told at once.
func joined(errs ...error) error {
	var all []fault.Field
	for _, err := range errs {
		var invalid *fault.Invalid
		if errors.As(err, &invalid) {
			all = append(all, invalid.Fields...)
		} else if err != nil {
			return err
		}
	}
	if len(all) == 0 {
		return nil
	}
	return &fault.Invalid{Fields: all}
}

// named is what is wrong with the name of something new, as an error.
func named(what message.Text, wrong bool) error {
	if !wrong {
		return nil
	}
	return &fault.Invalid{Fields: []fault.Field{{Name: "name", Text: what}}}
}

// fail prints err to stderr and returns the exit code for it.
func (c *cli) fail(err error) int {
	t := c.tell(err)
	if c.asked == formJSON {
		fields := t.fields
		if fields == nil {
			fields = []record{}
		}
		_ = writeJSON(c.err, record{{"error", record{
			{"kind", string(t.kind)}, {"message", t.message}, {"fields", fields}, {"next", t.next},
		}}})
		return c.exit(t.kind)
	}
	lines := []string{t.message}
	if len(t.fields) > 1 {
		for _, f := range t.fields {
			lines = append(lines, fmt.Sprintf("  %s: %s", f[0].Value, f[1].Value))
		}
	}
	if t.next != "" {
		lines = append(lines, t.next)
	}
	_, _ = fmt.Fprintln(c.err, strings.Join(lines, "\n"))
	return c.exit(t.kind)
}

// say puts a carried message into words that a terminal can show.
func (c *cli) say(t message.Text) string { return text.Clean(c.p.Say(t)) }
