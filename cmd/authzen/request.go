package authzen

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"reeve/core/decision"
)

// The forms of requests. Names count in lower case alone, a name twice in one object is refused, and what is not known is
// ignored. A null is as if it were not there, but in an element of a batch, where a default would stand for it.
type (
	entityForm struct {
		Type       *string        `json:"type"`
		ID         *string        `json:"id"`
		Properties jsontext.Value `json:"properties"`
	}
	actionForm struct {
		Name       *string        `json:"name"`
		Properties jsontext.Value `json:"properties"`
	}
	evaluationForm struct {
		Subject  *entityForm    `json:"subject"`
		Action   *actionForm    `json:"action"`
		Resource *entityForm    `json:"resource"`
		Context  jsontext.Value `json:"context"`
	}
	optionsForm struct {
		Semantic *string `json:"evaluations_semantic"`
	}
	evaluationsForm struct {
		evaluationForm
		Evaluations []jsontext.Value `json:"evaluations"`
		Options     *optionsForm     `json:"options"`
	}
	pageForm struct {
		Token      *string        `json:"token"`
		Limit      *int           `json:"limit"`
		Properties jsontext.Value `json:"properties"`
	}
	searchForm struct {
		evaluationForm
		Page *pageForm `json:"page"`
	}
	// actionSearchForm has no action, so that one is ignored as other names are that are not known.
	actionSearchForm struct {
		Subject  *entityForm    `json:"subject"`
		Resource *entityForm    `json:"resource"`
		Context  jsontext.Value `json:"context"`
		Page     *pageForm      `json:"page"`
	}
)

// badRequest is what is wrong with a request, in the words of its fields.
type badRequest struct{ what string }

func (b *badRequest) Error() string { return b.what }

func bad(format string, args ...any) error { return &badRequest{fmt.Sprintf(format, args...)} }

func decode(data []byte, into any) error {
	if len(data) == 0 {
		return bad("the body is empty")
	}
	err := json.Unmarshal(data, into)
	var semantic *json.SemanticError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &semantic):
		return bad("%s has the wrong type", pointer(semantic.JSONPointer))
	}
	return bad("the body is no JSON: %s", strings.TrimPrefix(err.Error(), "jsontext: "))
}

func pointer(p jsontext.Pointer) string {
	at := ""
	for name := range p.Tokens() {
		if at != "" {
			at += "."
		}
		at += name
	}
	if at == "" {
		return "the body"
	}
	return at
}

// object says whether a value is an object, or as good as not there.
func object(v jsontext.Value) bool {
	kind := v.Kind()
	return len(v) == 0 || kind == '{' || kind == 'n'
}

// need says which part of an entity has to be there.
type need uint8

const (
	whole need = iota
	typeOnly
)

func (e *entityForm) entity(part string, n need) (decision.Entity, error) {
	switch {
	case e == nil:
		return decision.Entity{}, bad("%s is missing", part)
	case e.Type == nil || *e.Type == "":
		return decision.Entity{}, bad("%s.type is missing", part)
	case n == whole && (e.ID == nil || *e.ID == ""):
		return decision.Entity{}, bad("%s.id is missing", part)
	case !object(e.Properties):
		return decision.Entity{}, bad("%s.properties is no object", part)
	case n == typeOnly:
		e.ID = nil // whatever it is, it is not asked for
		return decision.Entity{Type: *e.Type}, nil
	}
	return decision.Entity{Type: *e.Type, ID: *e.ID}, nil
}

func (a *actionForm) name() (string, error) {
	switch {
	case a == nil:
		return "", bad("action is missing")
	case a.Name == nil || *a.Name == "":
		return "", bad("action.name is missing")
	case !object(a.Properties):
		return "", bad("action.properties is no object")
	}
	return *a.Name, nil
}

// question is what one evaluation asks.
func (f evaluationForm) question() (q decision.Question, err error) {
	if q.Subject, err = f.Subject.entity("subject", whole); err != nil {
		return q, err
	}
	if q.Action, err = f.Action.name(); err != nil {
		return q, err
	}
	if q.Resource, err = f.Resource.entity("resource", whole); err != nil {
		return q, err
	}
	if !object(f.Context) {
		return q, bad("context is no object")
	}
	return q, nil
}

// over is the evaluation with what another one has where it has nothing itself: whole parts, never parts of them.
func (f evaluationForm) over(defaults evaluationForm) evaluationForm {
	if f.Subject == nil {
		f.Subject = defaults.Subject
	}
	if f.Action == nil {
		f.Action = defaults.Action
	}
	if f.Resource == nil {
		f.Resource = defaults.Resource
	}
	if len(f.Context) == 0 || f.Context.Kind() == 'n' {
		f.Context = defaults.Context
	}
	return f
}

// semantic is when a batch ends before its end.
type semantic string

const (
	executeAll    semantic = "execute_all"
	denyOnFirst   semantic = "deny_on_first_deny"
	permitOnFirst semantic = "permit_on_first_permit"
)

func (o *optionsForm) semantic() (semantic, error) {
	if o == nil || o.Semantic == nil {
		return executeAll, nil
	}
	switch s := semantic(*o.Semantic); s {
	case executeAll, denyOnFirst, permitOnFirst:
		return s, nil
	}
	return "", bad("options.evaluations_semantic is none of %s, %s, %s", executeAll, denyOnFirst, permitOnFirst)
}

// ends says whether a decision ends the batch.
func (s semantic) ends(allowed bool) bool {
	return s == denyOnFirst && !allowed || s == permitOnFirst && allowed
}

// defaults checks what is given for all evaluations of a batch: what is there has to be whole.
func (f evaluationForm) defaults() error {
	if f.Subject != nil {
		if _, err := f.Subject.entity("subject", whole); err != nil {
			return err
		}
	}
	if f.Action != nil {
		if _, err := f.Action.name(); err != nil {
			return err
		}
	}
	if f.Resource != nil {
		if _, err := f.Resource.entity("resource", whole); err != nil {
			return err
		}
	}
	if !object(f.Context) {
		return bad("context is no object")
	}
	return nil
}
