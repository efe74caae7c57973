package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"reeve/core/fault"
	"reeve/core/message"
)

func TestKinds(t *testing.T) {
	said, taken, unknown := fault.Field{Name: "a"}, fault.Field{Name: "b", Taken: true}, fault.Field{Name: "c", Unknown: true}
	for name, c := range map[string]struct {
		err  error
		want fault.Kind
	}{
		"nothing":                {nil, fault.KindFailed},
		"any other error":        {io.EOF, fault.KindFailed},
		"denied":                 {&fault.Denied{}, fault.KindDenied},
		"wrapped":                {fmt.Errorf("adding: %w", &fault.Denied{}), fault.KindDenied},
		"joined":                 {errors.Join(io.EOF, &fault.NotFound{}), fault.KindNotFound},
		"conflict":               {&fault.Conflict{}, fault.KindConflict},
		"refused by the state":   {&fault.Refused{}, fault.KindConflict},
		"unavailable":            {&fault.Unavailable{}, fault.KindUnavailable},
		"wrong input":            {&fault.Invalid{Fields: []fault.Field{said}}, fault.KindInvalid},
		"only taken":             {&fault.Invalid{Fields: []fault.Field{taken, taken}}, fault.KindConflict},
		"only unknown":           {&fault.Invalid{Fields: []fault.Field{unknown, unknown}}, fault.KindNotFound},
		"unknown and wrong":      {&fault.Invalid{Fields: []fault.Field{unknown, said}}, fault.KindInvalid},
		"unknown and taken":      {&fault.Invalid{Fields: []fault.Field{unknown, taken}}, fault.KindInvalid},
		"taken and wrong":        {&fault.Invalid{Fields: []fault.Field{taken, said}}, fault.KindInvalid},
		"one field, by OneField": {fault.OneField("a", "id", nil), fault.KindInvalid},
	} {
		if got := fault.KindOf(c.err); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestEveryFaultSpeaks holds what each fault says, what it offers next, and what it is in a log.
func TestEveryFaultSpeaks(t *testing.T) {
	words := message.Text{ID: "reason"}
	for _, c := range []struct {
		err             fault.Fault
		text, next, log string
	}{
		{fault.OneField("name", "bad", nil), "fault.invalid.one", "", "invalid input: name: bad"},
		{&fault.Invalid{Fields: make([]fault.Field, 2)}, "fault.invalid.many", "", "invalid input: : , : "},
		{&fault.Denied{Action: "role.set", Reason: words}, "reason", "", "role.set denied: reason"},
		{&fault.Denied{Action: "role.set", Reason: words, Ask: []string{"ada", "root"}}, "reason", "fault.denied.ask", "role.set denied: reason"},
		{&fault.NotFound{What: "role", Name: "x"}, "fault.not_found", "", `no role "x"`},
		{&fault.NotFound{What: "role", Name: "x\x1b", Nearest: []string{"y"}}, "fault.not_found", "fault.not_found.nearest", `no role "x\x1b"`},
		{&fault.Conflict{What: "role", Name: "x", Read: 2, Now: 5}, "fault.conflict", "fault.conflict.next", `role "x" changed meanwhile: read version 2, now 5`},
		{&fault.Refused{Reason: words, Way: message.Text{ID: "way"}}, "reason", "way", "refused: reason"},
		{&fault.Unavailable{What: words, Evidence: "no disk", Way: message.Text{ID: "way"}}, "reason", "way", "reason: no disk"},
		{&fault.Unavailable{What: words, Evidence: "no disk", Err: io.EOF}, "reason", "", "reason: EOF"},
	} {
		if c.err.Text().ID != c.text || c.err.Next().ID != c.next || c.err.Error() != c.log {
			t.Errorf("%T says %q, offers %q, logs %q; want %q, %q, %q", c.err, c.err.Text().ID, c.err.Next().ID, c.err.Error(), c.text, c.next, c.log)
		}
	}
}

func TestWordsCarryWhatTheyAreAbout(t *testing.T) {
	denied := &fault.Denied{Ask: []string{"ada", "root"}}
	if got := denied.Next().Args["Who"]; got != "ada, root" {
		t.Errorf("ask %v", got)
	}
	missing := &fault.NotFound{What: "role", Name: "x", Nearest: []string{"y", "z"}}
	if what, _ := missing.Text().Args["What"].(message.Text); what.ID != "thing.role" || missing.Text().Args["Name"] != "x" || missing.Next().Args["Names"] != "y, z" {
		t.Errorf("%v, %v", missing.Text(), missing.Next())
	}
	conflict := &fault.Conflict{What: "role", Name: "x", Read: 2, Now: 5}
	if args := conflict.Text().Args; args["Read"] != int64(2) || args["Now"] != int64(5) {
		t.Errorf("%v", args)
	}
	many := &fault.Invalid{Fields: make([]fault.Field, 3)}
	if many.Text().Args["Count"] != 3 {
		t.Errorf("%v", many.Text())
	}
	one := fault.OneField("name", "bad", message.Args{"Min": 3})
	if what, _ := one.Text().Args["What"].(message.Text); one.Text().Args["Field"] != "name" || what.ID != "bad" || what.Args["Min"] != 3 {
		t.Errorf("%v", one.Text())
	}
}

func TestTheErrorUnderneathCanBeReached(t *testing.T) {
	if !errors.Is(&fault.Unavailable{Err: io.EOF}, io.EOF) {
		t.Error("the error of the other system is lost")
	}
}
