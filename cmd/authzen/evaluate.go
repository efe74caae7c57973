package authzen

import (
	"bytes"
	"github.com/go-json-experiment/json/jsontext"

	"reeve/core/decision"
)

type (
	decisionBody struct {
		Decision bool         `json:"decision"`
		Context  *contextBody `json:"context,omitempty"`
	}
	// contextBody is what is said of a decision: why, to whom may know; or what was wrong with the question.
	contextBody struct {
		Admin map[string]string `json:"reason_admin,omitempty"`
		User  map[string]string `json:"reason_user,omitempty"`
		Error *errorBody        `json:"error,omitempty"`
	}
	errorBody struct {
		Status  int    `json:"status"`
		Message string `json:"message"`
	}
	evaluationsBody struct {
		Evaluations []decisionBody `json:"evaluations"`
	}
)

// plain is a decision without a context, which nearly all are.
func plain(allowed bool) string {
	if allowed {
		return `{"decision":true}`
	}
	return `{"decision":false}`
}

func (f *face) evaluation(a asking) (reply, error) {
	var form evaluationForm
	if err := decode(a.body, &form); err != nil {
		return reply{}, err
	}
	return f.single(a, form)
}

func (f *face) single(a asking, form evaluationForm) (reply, error) {
	q, err := form.question()
	if err != nil {
		return reply{}, err
	}
	return reply{f.decide(a, q), 1}, nil
}

// decide answers one question. The reasons name people, roles and policies, so they are only for who may see them.
func (f *face) decide(a asking, q decision.Question) decisionBody {
	d := decisionBody{Decision: a.view.Decide(q).Allowed}
	if a.reasons {
		admin, user := f.Reason(a.view, q)
		d.Context = &contextBody{Admin: map[string]string{f.Language: admin}, User: map[string]string{f.Language: user}}
	}
	return d
}

// evaluations answers many questions, in their order. One that is no question is answered with no and what is wrong with it;
// without any it is one question as in evaluation.
func (f *face) evaluations(a asking) (reply, error) {
	var form evaluationsForm
	if err := decode(a.body, &form); err != nil {
		return reply{}, err
	}
	ends, err := form.Options.semantic()
	if err != nil {
		return reply{}, err
	}
	switch n := len(form.Evaluations); {
	case n == 0:
		return f.single(a, form.evaluationForm)
	case n > maxBatch:
		return reply{}, bad("evaluations has %d elements, and at most %d are answered at once", n, maxBatch)
	}
	if err := form.defaults(); err != nil {
		return reply{}, err
	}
	body := evaluationsBody{Evaluations: make([]decisionBody, 0, len(form.Evaluations))}
	for _, item := range form.Evaluations {
		d := f.item(a, item, form.evaluationForm)
		body.Evaluations = append(body.Evaluations, d)
		if ends.ends(d.Decision) {
			break
		}
	}
	return reply{body, len(body.Evaluations)}, nil
}

func (f *face) item(a asking, item jsontext.Value, defaults evaluationForm) decisionBody {
	q, err := itemQuestion(item, defaults)
	if err != nil {
		return decisionBody{Context: &contextBody{Error: &errorBody{Status: 400, Message: err.Error()}}}
	}
	return f.decide(a, q)
}

func itemQuestion(item jsontext.Value, defaults evaluationForm) (decision.Question, error) {
	if item.Kind() != '{' {
		return decision.Question{}, bad("the evaluation is no object")
	}
	var form evaluationForm
	if err := decode(item, &form); err != nil {
		return decision.Question{}, err
	}
	if err := nothingNull(item); err != nil {
		return decision.Question{}, err
	}
	return form.over(defaults).question()
}

// nothingNull refuses an element that says null where a default would take its place: whoever lost what they wanted to ask about must not
// be answered about something else.
func nothingNull(item jsontext.Value) error {
	if !bytes.Contains(item, []byte("null")) {
		return nil
	}
	var parts struct {
		Subject  jsontext.Value `json:"subject"`
		Action   jsontext.Value `json:"action"`
		Resource jsontext.Value `json:"resource"`
	}
	if err := decode(item, &parts); err != nil {
		return err
	}
	for _, p := range []struct {
		name  string
		value jsontext.Value
	}{{"subject", parts.Subject}, {"action", parts.Action}, {"resource", parts.Resource}} {
		if p.value.Kind() == 'n' {
			return bad("%s is null", p.name)
		}
	}
	return nil
}
