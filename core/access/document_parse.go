package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// DocumentError is what is wrong with the text of a policy, and where.
type DocumentError struct {
	// Line and Column count from 1; the column counts bytes.
	Line, Column int
	Problem      string
}

func (e *DocumentError) Error() string {
	return fmt.Sprintf("policy: line %d, column %d: %s", e.Line, e.Column, e.Problem)
}

// The words of the format.
const (
	documentVersion = "1"
	effectAllow     = "Allow"
	effectDeny      = "Deny"
	conditionEquals = "StringEquals"
	conditionScope  = "dataworks:Scope"
)

// DocumentErrors is everything that is wrong with the text of a policy, in its
// order; at least one.
type DocumentErrors []*DocumentError

func (e DocumentErrors) Error() string {
	all := make([]string, len(e))
	for i, one := range e {
		all[i] = one.Error()
	}
	return strings.Join(all, "; ")
}

// Unwrap are the single errors.
func (e DocumentErrors) Unwrap() []error {
	all := make([]error, len(e))
	for i, one := range e {
		all[i] = one
	}
	return all
}

// ParseDocument reads the statements of a policy from its JSON: Version "1" and
// Statement, a list of Effect, Action, Resource and, if need be, Condition with
// StringEquals of dataworks:Scope. Nothing else is taken. The error is a
// DocumentErrors with everything that is wrong, up to where the text is not JSON
// any more. ID and Name are left to the caller.
func ParseDocument(text []byte) (Document, error) {
	r := read(text)
	if len(r.problems) > 0 {
		return Document{}, r.problems
	}
	return Document{Statements: r.statements}, nil
}

// read reads as much of a policy as can be read.
func read(text []byte) *documentReader {
	r := &documentReader{text: text, decoder: json.NewDecoder(bytes.NewReader(text))}
	if bad := firstInvalid(text); bad >= 0 {
		r.wrongAt(bad, "this is not UTF-8")
		return r
	}
	r.document()
	return r
}

// firstInvalid is where the text stops being UTF-8, or -1.
func firstInvalid(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// position is an offset as line and column, both from 1; the column counts bytes.
func position(text []byte, offset int) (line, column int) {
	before := text[:min(offset, len(text))]
	return bytes.Count(before, []byte("\n")) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}

// documentReader reads token by token, so that it knows where it is. What is
// wrong is noted and reading goes on behind it, until the text is not JSON.
type documentReader struct {
	text       []byte
	decoder    *json.Decoder
	start      int // where the last token begins
	broken     bool
	problems   DocumentErrors
	statements []Statement
	places     []statementPlaces // of each statement
}

// statementPlaces are where the actions of a statement begin, and whether its
// scopes are known.
type statementPlaces struct {
	actions, resources []int
	scoped             bool
}

func (r *documentReader) wrongAt(offset int, format string, args ...any) {
	line, column := position(r.text, offset)
	r.problems = append(r.problems, &DocumentError{Line: line, Column: column, Problem: fmt.Sprintf(format, args...)})
}

// wrong says what is wrong with the last token.
func (r *documentReader) wrong(format string, args ...any) { r.wrongAt(r.start, format, args...) }

// more says whether another element follows.
func (r *documentReader) more() bool { return !r.broken && r.decoder.More() }

// token reads the next token; nil once the text is not JSON, or for null.
func (r *documentReader) token() json.Token {
	if r.broken {
		return nil
	}
	r.start = int(r.decoder.InputOffset())
	for r.start < len(r.text) && strings.IndexByte(" \t\r\n,:", r.text[r.start]) >= 0 {
		r.start++
	}
	token, err := r.decoder.Token()
	if err == nil {
		return token
	}
	r.broken = true
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		r.wrongAt(len(r.text), "the text ends too early")
	case errors.As(err, &syntax):
		// What stands here may be a comma or a colon too many, which a token skips.
		r.start = int(r.decoder.InputOffset())
		for r.start < len(r.text) && strings.IndexByte(" \t\r\n", r.text[r.start]) >= 0 {
			r.start++
		}
		r.wrong("this is not JSON: %s", syntax.Error())
	default:
		r.wrong("this is not JSON: %s", err.Error())
	}
	return nil
}

// skip reads the rest of the value that a token begins.
func (r *documentReader) skip(token json.Token) {
	if token != json.Delim('{') && token != json.Delim('[') {
		return
	}
	for r.more() {
		r.skip(r.token())
	}
	r.token()
}

// instead notes what should stand where a token does, and skips the value.
func (r *documentReader) instead(token json.Token, format string, args ...any) {
	if !r.broken {
		r.wrong(format, args...)
		r.skip(token)
	}
}

// object reads an object and calls read for every key with its value to come;
// the keys needed have to be there.
func (r *documentReader) object(what string, needed []string, read func(key string)) {
	token := r.token()
	if token != json.Delim('{') {
		r.instead(token, "%s must be an object", what)
		return
	}
	found := map[string]bool{}
	for r.more() {
		key, is := r.token().(string)
		switch {
		case !is: // not JSON, which was said
		case found[key]:
			r.wrong("%q is there twice", key)
			r.skip(r.token())
		default:
			found[key] = true
			read(key)
		}
	}
	r.token()
	for _, key := range needed {
		if !found[key] && !r.broken {
			r.wrong("%s is missing", key)
		}
	}
}

// unknown notes that a key is none of those known, and skips its value.
func (r *documentReader) unknown(format string, args ...any) {
	r.wrong(format, args...)
	r.skip(r.token())
}

// texts reads one string, or a list of at least one; none of them is empty. It
// returns them with where each begins.
func (r *documentReader) texts(what string) (list []string, starts []int) {
	one := func(token json.Token) {
		switch s, is := token.(string); {
		case !is:
			r.instead(token, "%s must be text", what)
		case s == "":
			r.wrong("%s is empty", what)
		default:
			list, starts = append(list, s), append(starts, r.start)
		}
	}
	token := r.token()
	if _, is := token.(string); is {
		one(token)
		return list, starts
	}
	if token != json.Delim('[') {
		r.instead(token, "%s must be text or a list of texts", what)
		return nil, nil
	}
	before := len(r.problems)
	for r.more() {
		one(r.token())
	}
	r.token()
	if len(list) == 0 && len(r.problems) == before {
		r.wrong("%s is an empty list", what)
	}
	return list, starts
}

func (r *documentReader) document() {
	r.object("the policy", []string{"Version", "Statement"}, func(key string) {
		switch key {
		case "Version":
			if token := r.token(); token != documentVersion {
				if _, is := token.(string); is {
					r.wrong("Version must be %q", documentVersion)
				} else {
					r.instead(token, "Version must be text")
				}
			}
		case "Statement":
			r.list()
		default:
			r.unknown("%q is not known here: Version or Statement", key)
		}
	})
	if r.broken {
		return
	}
	if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) {
		r.wrongAt(int(r.decoder.InputOffset()), "there is something behind the policy")
	}
}

func (r *documentReader) list() {
	token := r.token()
	if token != json.Delim('[') {
		r.instead(token, "Statement must be a list")
		return
	}
	none := true
	for r.more() {
		none = false
		r.statement()
	}
	r.token()
	if none && !r.broken {
		r.wrong("Statement is an empty list")
	}
}

func (r *documentReader) statement() {
	var s Statement
	places := statementPlaces{scoped: true}
	r.object("a statement", []string{"Effect", "Action", "Resource"}, func(key string) {
		switch key {
		case "Effect":
			s.Deny = r.effect()
		case "Action":
			s.Actions, places.actions = r.texts("Action")
		case "Resource":
			s.Resources, places.resources = r.texts("Resource")
		case "Condition":
			before := len(r.problems)
			s.Scopes = r.condition()
			places.scoped = len(r.problems) == before
		default:
			r.unknown("%q is not known here: Effect, Action, Resource or Condition", key)
		}
	})
	r.statements, r.places = append(r.statements, s), append(r.places, places)
}

func (r *documentReader) effect() (deny bool) {
	token := r.token()
	effect, is := token.(string)
	switch {
	case !is:
		r.instead(token, "Effect must be text")
	case effect != effectAllow && effect != effectDeny:
		r.wrong("Effect must be %s or %s", effectAllow, effectDeny)
	}
	return effect == effectDeny
}

func (r *documentReader) condition() (scopes []string) {
	r.object("Condition", []string{conditionEquals}, func(operator string) {
		if operator != conditionEquals {
			r.unknown("the condition %q is not known; there is %s", operator, conditionEquals)
			return
		}
		r.object(conditionEquals, []string{conditionScope}, func(key string) {
			if key != conditionScope {
				r.unknown("the condition on %q is not known; there is %s", key, conditionScope)
				return
			}
			var starts []int
			scopes, starts = r.texts(conditionScope)
			for i, scope := range scopes {
				if !isScope(scope) {
					r.wrongAt(starts[i], "%s must be %s or %s, not %q", conditionScope, ScopePage, ScopeOpenAPI, scope)
				}
			}
		})
	})
	return scopes
}
