package authzen

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"iter"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"reeve/core/decision"
)

type (
	pageBody struct {
		Next  string `json:"next_token"`
		Count int    `json:"count"`
	}
	foundBody struct {
		Type string `json:"type,omitempty"`
		ID   string `json:"id,omitempty"`
		Name string `json:"name,omitempty"`
	}
	searchBody struct {
		Page    *pageBody   `json:"page,omitempty"`
		Results []foundBody `json:"results"`
	}
)

func (f *face) subjects(a asking) (reply, error) {
	return search(a, func(form evaluationForm) (seen, error) {
		s, err := form.Subject.entity("subject", typeOnly)
		if err != nil {
			return nil, err
		}
		does, err := form.Action.name()
		if err != nil {
			return nil, err
		}
		on, err := form.Resource.entity("resource", whole)
		return func(after uint64) iter.Seq[decision.Found] { return a.view.Subjects(s.Type, does, on, after) }, err
	})
}

func (f *face) resources(a asking) (reply, error) {
	return search(a, func(form evaluationForm) (seen, error) {
		s, err := form.Subject.entity("subject", whole)
		if err != nil {
			return nil, err
		}
		does, err := form.Action.name()
		if err != nil {
			return nil, err
		}
		on, err := form.Resource.entity("resource", typeOnly)
		return func(after uint64) iter.Seq[decision.Found] { return a.view.Resources(s, does, on.Type, after) }, err
	})
}

func (f *face) actions(a asking) (reply, error) {
	var form actionSearchForm
	if err := decode(a.body, &form); err != nil {
		return reply{}, err
	}
	asked := searchForm{evaluationForm{Subject: form.Subject, Resource: form.Resource, Context: form.Context}, form.Page}
	return asked.search(func(form evaluationForm) (seen, error) {
		s, err := form.Subject.entity("subject", whole)
		if err != nil {
			return nil, err
		}
		on, err := form.Resource.entity("resource", whole)
		return func(after uint64) iter.Seq[decision.Found] { return a.view.Actions(s, on, after) }, err
	})
}

// seen is what a search finds after a key.
type seen func(after uint64) iter.Seq[decision.Found]

// search reads what is searched for, and answers a page of what is found.
func search(a asking, find func(evaluationForm) (seen, error)) (reply, error) {
	var form searchForm
	if err := decode(a.body, &form); err != nil {
		return reply{}, err
	}
	return form.search(find)
}

// search answers a page of what is found. A page is told of where it was asked for, or where there is more.
func (f searchForm) search(find func(evaluationForm) (seen, error)) (reply, error) {
	found, err := find(f.evaluationForm)
	if err != nil {
		return reply{}, err
	}
	if !object(f.Context) {
		return reply{}, bad("context is no object")
	}
	asked, err := f.digest()
	if err != nil {
		return reply{}, err
	}
	from, err := f.Page.start(asked)
	if err != nil {
		return reply{}, err
	}
	body := searchBody{Results: []foundBody{}}
	last, more := from.after, false
	for one := range found(from.after) {
		if more = len(body.Results) == from.limit; more {
			break
		}
		last = one.Key
		if one.Type == "" {
			body.Results = append(body.Results, foundBody{Name: one.ID})
		} else {
			body.Results = append(body.Results, foundBody{Type: one.Type, ID: one.ID})
		}
	}
	if f.Page != nil || more {
		body.Page = &pageBody{Count: len(body.Results)}
	}
	if more {
		from.after = last
		body.Page.Next = from.token(asked)
	}
	return reply{body, len(body.Results)}, nil
}

// place is where a page begins and how long it is.
type place struct {
	after uint64
	limit int
}

// The parts of a token: a form of ours, what was asked, how many at once, and the key after which to go on. It is no secret and
// gives no right: one that somebody makes up begins a page elsewhere.
const (
	digestSize = 16
	tokenSize  = 1 + digestSize + 4 + 8
	tokenForm  = 1
)

func (p place) token(asked [digestSize]byte) string {
	t := append(make([]byte, 0, tokenSize), tokenForm)
	t = append(t, asked[:]...)
	t = binary.BigEndian.AppendUint32(t, uint32(p.limit)) //nolint:gosec // at most maxResults
	t = binary.BigEndian.AppendUint64(t, p.after)
	return base64.RawURLEncoding.EncodeToString(t)
}

// start is where the page begins that is asked for. All but the token has to be as it was; a limit that is left out is the one
// from before.
func (p *pageForm) start(asked [digestSize]byte) (place, error) {
	at := place{limit: maxResults}
	if p == nil {
		return at, nil
	}
	if !object(p.Properties) {
		return at, bad("page.properties is no object")
	}
	if p.Limit != nil {
		if *p.Limit < 0 {
			return at, bad("page.limit is less than 0")
		}
		at.limit = min(*p.Limit, maxResults)
	}
	if p.Token == nil || *p.Token == "" {
		return at, nil
	}
	t, err := base64.RawURLEncoding.DecodeString(*p.Token)
	if err != nil || len(t) != tokenSize || t[0] != tokenForm {
		return at, bad("page.token is none that was handed out")
	}
	limit := int(binary.BigEndian.Uint32(t[1+digestSize:]))
	if limit > maxResults {
		return at, bad("page.token is none that was handed out")
	}
	if [digestSize]byte(t[1:1+digestSize]) != asked || p.Limit != nil && at.limit != limit {
		return at, bad("page.token is of another search: while paging, all but the token stays as it was")
	}
	return place{after: binary.BigEndian.Uint64(t[1+digestSize+4:]), limit: limit}, nil
}

// digest is what a search asks, apart from the page.
func (f searchForm) digest() (d [digestSize]byte, err error) {
	form := f.evaluationForm
	data, err := json.Marshal(form)
	if err != nil {
		return d, bad("the body is no JSON: %v", err)
	}
	canonical := jsontext.Value(data)
	if err := canonical.Canonicalize(); err != nil {
		return d, bad("the body is no JSON: %v", err)
	}
	whole := sha256.Sum256(canonical)
	return [digestSize]byte(whole[:digestSize]), nil
}
