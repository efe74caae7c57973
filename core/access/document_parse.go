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

// ParseDocument reads the statements of a policy from its JSON: Version "1" and
// Statement, a list of Effect, Action, Resource and, if need be, Condition with
// StringEquals of dataworks:Scope. Nothing else is taken. The error is a
// *DocumentError with line and column. ID and Name are left to the caller.
func ParseDocument(text []byte) (Document, error) {
	if bad := firstInvalid(text); bad >= 0 {
		return Document{}, problemAt(text, bad, "this is not UTF-8")
	}
	r := &documentReader{text: text, decoder: json.NewDecoder(bytes.NewReader(text))}
	statements, err := r.document()
	if err != nil {
		return Document{}, err
	}
	return Document{Statements: statements}, nil
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

func problemAt(text []byte, offset int, problem string) error {
	line, column := position(text, offset)
	return &DocumentError{Line: line, Column: column, Problem: problem}
}

// position is an offset as line and column, both from 1; the column counts bytes.
func position(text []byte, offset int) (line, column int) {
	before := text[:min(offset, len(text))]
	return bytes.Count(before, []byte("\n")) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}

// documentReader reads token by token, so that it knows where it is.
type documentReader struct {
	text    []byte
	decoder *json.Decoder
	start   int     // where the last token begins
	starts  []int   // where each of the last texts begins
	actions [][]int // where the actions of each statement begin
}

// fail says what is wrong with the last token.
func (r *documentReader) fail(format string, args ...any) error {
	return problemAt(r.text, r.start, fmt.Sprintf(format, args...))
}

func (r *documentReader) token() (json.Token, error) {
	r.start = int(r.decoder.InputOffset())
	for r.start < len(r.text) && strings.IndexByte(" \t\r\n,:", r.text[r.start]) >= 0 {
		r.start++
	}
	token, err := r.decoder.Token()
	if err == nil {
		return token, nil
	}
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return nil, problemAt(r.text, len(r.text), "the text ends too early")
	case errors.As(err, &syntax):
		// What stands here may be a comma or a colon too many, which a token skips.
		r.start = int(r.decoder.InputOffset())
		for r.start < len(r.text) && strings.IndexByte(" \t\r\n", r.text[r.start]) >= 0 {
			r.start++
		}
		return nil, r.fail("this is not JSON: %s", syntax.Error())
	}
	return nil, r.fail("this is not JSON: %s", err.Error())
}

// object reads an object and calls read for every key with its value to come.
func (r *documentReader) object(what string, read func(key string) error) (found map[string]bool, err error) {
	if err := r.delimiter('{', what+" must be an object"); err != nil {
		return nil, err
	}
	found = map[string]bool{}
	for r.decoder.More() {
		key, err := r.oneText("a key")
		if err != nil {
			return nil, err
		}
		if found[key] {
			return nil, r.fail("%q is there twice", key)
		}
		found[key] = true
		if err := read(key); err != nil {
			return nil, err
		}
	}
	return found, r.delimiter('}', what+" does not end")
}

func (r *documentReader) delimiter(want json.Delim, problem string) error {
	token, err := r.token()
	if err != nil {
		return err
	}
	if token != want {
		return r.fail("%s", problem)
	}
	return nil
}

// oneText reads one string.
func (r *documentReader) oneText(what string) (string, error) {
	token, err := r.token()
	if err != nil {
		return "", err
	}
	s, is := token.(string)
	if !is {
		return "", r.fail("%s must be text", what)
	}
	return s, nil
}

// texts reads one string, or a list of at least one; none of them is empty.
func (r *documentReader) texts(what string) ([]string, error) {
	token, err := r.token()
	if err != nil {
		return nil, err
	}
	if s, is := token.(string); is {
		if s == "" {
			return nil, r.fail("%s is empty", what)
		}
		r.starts = []int{r.start}
		return []string{s}, nil
	}
	if token != json.Delim('[') {
		return nil, r.fail("%s must be text or a list of texts", what)
	}
	var list []string
	r.starts = nil
	for r.decoder.More() {
		s, err := r.oneText(what)
		if err != nil {
			return nil, err
		}
		if s == "" {
			return nil, r.fail("%s is empty", what)
		}
		list, r.starts = append(list, s), append(r.starts, r.start)
	}
	if err := r.delimiter(']', what+" does not end"); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, r.fail("%s is an empty list", what)
	}
	return list, nil
}

func (r *documentReader) document() ([]Statement, error) {
	var statements []Statement
	found, err := r.object("the policy", func(key string) error {
		switch key {
		case "Version":
			return r.version()
		case "Statement":
			list, err := r.statements()
			statements = list
			return err
		}
		return r.fail("%q is not known here: Version or Statement", key)
	})
	if err != nil {
		return nil, err
	}
	if !found["Version"] {
		return nil, r.fail("Version is missing")
	}
	if !found["Statement"] {
		return nil, r.fail("Statement is missing")
	}
	if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, problemAt(r.text, int(r.decoder.InputOffset()), "there is something behind the policy")
	}
	return statements, nil
}

func (r *documentReader) version() error {
	version, err := r.oneText("Version")
	if err != nil {
		return err
	}
	if version != documentVersion {
		return r.fail("Version must be %q", documentVersion)
	}
	return nil
}

func (r *documentReader) statements() ([]Statement, error) {
	if err := r.delimiter('[', "Statement must be a list"); err != nil {
		return nil, err
	}
	var list []Statement
	for r.decoder.More() {
		statement, err := r.statement()
		if err != nil {
			return nil, err
		}
		list = append(list, statement)
	}
	if err := r.delimiter(']', "Statement does not end"); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, r.fail("Statement is an empty list")
	}
	return list, nil
}

func (r *documentReader) statement() (Statement, error) {
	var s Statement
	var actions []int
	found, err := r.object("a statement", func(key string) error {
		var err error
		switch key {
		case "Effect":
			s.Deny, err = r.effect()
		case "Action":
			s.Actions, err = r.texts("Action")
			actions = r.starts
		case "Resource":
			s.Resources, err = r.texts("Resource")
		case "Condition":
			s.Scopes, err = r.condition()
		default:
			err = r.fail("%q is not known here: Effect, Action, Resource or Condition", key)
		}
		return err
	})
	if err != nil {
		return Statement{}, err
	}
	for _, key := range []string{"Effect", "Action", "Resource"} {
		if !found[key] {
			return Statement{}, r.fail("%s is missing", key)
		}
	}
	r.actions = append(r.actions, actions)
	return s, nil
}

func (r *documentReader) effect() (deny bool, err error) {
	effect, err := r.oneText("Effect")
	if err != nil {
		return false, err
	}
	if effect != effectAllow && effect != effectDeny {
		return false, r.fail("Effect must be %s or %s", effectAllow, effectDeny)
	}
	return effect == effectDeny, nil
}

func (r *documentReader) condition() ([]string, error) {
	var scopes []string
	found, err := r.object("Condition", func(operator string) error {
		if operator != conditionEquals {
			return r.fail("the condition %q is not known: %s", operator, conditionEquals)
		}
		inner, err := r.object(conditionEquals, func(key string) error {
			if key != conditionScope {
				return r.fail("the condition on %q is not known: %s", key, conditionScope)
			}
			list, err := r.texts(conditionScope)
			scopes = list
			return err
		})
		if err == nil && !inner[conditionScope] {
			return r.fail("%s is missing", conditionScope)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if !found[conditionEquals] {
		return nil, r.fail("%s is missing", conditionEquals)
	}
	for _, scope := range scopes {
		if !isScope(scope) {
			return nil, r.fail("%s must be %s or %s, not %q", conditionScope, ScopePage, ScopeOpenAPI, scope)
		}
	}
	return scopes, nil
}
