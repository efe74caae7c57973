package text

import (
	"unicode/utf8"

	"reeve/core/message"
)

// Rule says what a piece of text typed by a person must be like. Lengths are in characters (Unicode code points).
type Rule struct {
	Min, Max int
	// First and Rest say which characters may stand at the start and after it; nil means any that are harmless.
	First, Rest func(rune) bool
	// Form is the message that states which characters are allowed, said when First or Rest refuses one.
	Form string
	// Key says that something is found by this text. It is to be as Normal has it, or two that look the same would be two.
	Key bool
}

// Check returns what is wrong with s, or ok. It names the first offending character, because "invalid name" makes
// people guess.
func (r Rule) Check(s string) (fault message.Text, ok bool) {
	if bad, found := FirstUnsafe(s); found {
		return message.Text{ID: "fault.text.unsafe", Args: message.Args{"Mark": Mark(bad)}}, false
	}
	n := utf8.RuneCountInString(s)
	if n == 0 && r.Min > 0 {
		return message.Text{ID: "fault.text.empty"}, false
	}
	if n < r.Min || n > r.Max {
		return message.Text{ID: "fault.text.length", Args: message.Args{"Min": r.Min, "Max": r.Max, "Count": n}}, false
	}
	fault, ok = r.characters(s)
	if normal := Normal(s); r.Key && normal != s {
		if _, fits := r.characters(normal); ok || fits {
			return message.Text{ID: "fault.text.normal", Args: message.Args{"Normal": Clean(normal)}}, false
		}
	}
	return fault, ok
}

// characters names the first character that may not stand where it stands.
func (r Rule) characters(s string) (fault message.Text, ok bool) {
	for i, c := range s {
		allowed := r.Rest
		if i == 0 && r.First != nil {
			allowed = r.First
		}
		if allowed != nil && !allowed(c) {
			return message.Text{ID: r.Form, Args: message.Args{"Char": string(c)}}, false
		}
	}
	return message.Text{}, true
}
