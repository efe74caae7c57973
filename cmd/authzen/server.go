// Package authzen is the HTTP face by which other programs ask the console: the OpenID AuthZEN Authorization API 1.0 (final,
// January 2026). It answers by core/decision, to holders of tokens. docs/authzen.md says what its subjects, actions and
// resources are.
package authzen

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"reeve/core/decision"
	"reeve/core/token"
)

// Limits of requests. All of them are ours.
const (
	maxBody    = 1 << 20 // bytes
	maxBatch   = 1000    // evaluations
	maxResults = 1000    // of one page of a search
)

// The paths of the standard.
const (
	PathEvaluation  = "/access/v1/evaluation"
	PathEvaluations = "/access/v1/evaluations"
	PathSubjects    = "/access/v1/search/subject"
	PathResources   = "/access/v1/search/resource"
	PathActions     = "/access/v1/search/action"
	PathMetadata    = "/.well-known/authzen-configuration"
)

// Config is what the face needs.
type Config struct {
	Live *decision.Live
	Ring *token.Ring
	Now  func() time.Time
	// URL is how others reach the face: scheme, host and port, and nothing behind them.
	URL string
	// Reason puts why a question is answered as it is into words, for administrators and for the subject. Language is the tag
	// of the language of both.
	Reason   func(v *decision.View, q decision.Question) (admin, user string)
	Language string
	Log      *slog.Logger
	// Watch is told the status of each answer, and how many decisions were made for it. It may be nil.
	Watch func(status, decisions int)
}

type face struct{ Config }

// New makes the face.
func New(c Config) http.Handler {
	f := &face{c}
	mux := http.NewServeMux()
	for path, answers := range map[string]http.Handler{
		PathEvaluation:  f.asked(token.Evaluate, f.evaluation),
		PathEvaluations: f.asked(token.Evaluate, f.evaluations),
		PathSubjects:    f.asked(token.Search, f.subjects),
		PathResources:   f.asked(token.Search, f.resources),
		PathActions:     f.asked(token.Search, f.actions),
	} {
		mux.Handle("POST "+path, answers)
		mux.Handle(path, f.otherwise(http.MethodPost))
	}
	mux.HandleFunc("GET "+PathMetadata, f.metadata)
	mux.Handle(PathMetadata, f.otherwise(http.MethodGet+", "+http.MethodHead))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		f.say(w, http.StatusNotFound, "nothing is answered here")
	})
	return f.guarded(mux)
}

// otherwise answers a path that is asked by another method than those it has.
func (f *face) otherwise(allowed string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", allowed)
		f.say(w, http.StatusMethodNotAllowed, "this is asked by "+allowed)
	})
}

// asking is one request whose caller is known and whose body was read.
type asking struct {
	view    *decision.View
	body    []byte
	reasons bool
}

// reply is what a request is answered with, written as JSON, and how many decisions it took.
type reply struct {
	body      any
	decisions int
}

// asked answers a request with what do makes of it.
func (f *face) asked(scope token.Scope, do func(asking) (reply, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t, ok := f.admit(w, r, scope)
		if !ok {
			return
		}
		body, err := read(w, r)
		if err != nil {
			f.refuse(w, err)
			return
		}
		view, err := f.Live.View()
		if err != nil {
			f.fail(w, r, err)
			return
		}
		answer, err := do(asking{view: view, body: body, reasons: t.May(token.Reasons)})
		if err != nil {
			f.refuse(w, err)
			return
		}
		f.write(w, http.StatusOK, answer.body, answer.decisions)
	})
}

// admit finds out who is calling. It has answered where it says no.
func (f *face) admit(w http.ResponseWriter, r *http.Request, scope token.Scope) (token.Token, bool) {
	secret, given := bearer(r)
	if !given {
		w.Header().Set("WWW-Authenticate", `Bearer realm="reeve"`)
		f.say(w, http.StatusUnauthorized, "a bearer token is needed")
		return token.Token{}, false
	}
	t, good := f.Ring.Find(secret, f.Now())
	if !good {
		f.Log.Warn("token refused", "reason", "unknown or ended", "address", r.RemoteAddr)
		w.Header().Set("WWW-Authenticate", `Bearer realm="reeve", error="invalid_token"`)
		f.say(w, http.StatusUnauthorized, "the token is not known, or has ended")
		return token.Token{}, false
	}
	if !t.May(scope) {
		f.Log.Warn("token refused", "reason", "scope", "token", t.Name, "scope", string(scope), "address", r.RemoteAddr)
		w.Header().Set("WWW-Authenticate", `Bearer realm="reeve", error="insufficient_scope", scope="`+string(scope)+`"`)
		f.say(w, http.StatusForbidden, "the token has not the scope "+string(scope))
		return token.Token{}, false
	}
	return t, true
}

// bearer is the secret of a request. Of several it would not be clear which one a proxy has looked at: then there is none.
func bearer(r *http.Request) (secret string, given bool) {
	all := r.Header["Authorization"]
	if len(all) != 1 {
		return "", false
	}
	scheme, secret, found := strings.Cut(all[0], " ")
	return strings.TrimSpace(secret), found && strings.EqualFold(scheme, "Bearer")
}

var errTooLarge = errors.New("the body is too large")

// read reads the body of a request, which has to say that it is JSON.
func read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if !isJSON(r.Header.Get("Content-Type")) {
		return nil, bad("Content-Type is not application/json")
	}
	var buf bytes.Buffer
	if n := r.ContentLength; n > 0 && n <= maxBody {
		buf.Grow(int(n) + bytes.MinRead)
	}
	_, err := buf.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, errTooLarge
	case err != nil:
		return nil, bad("the body could not be read to its end")
	}
	return buf.Bytes(), nil
}

func isJSON(contentType string) bool {
	if contentType == "application/json" {
		return true
	}
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && kind == "application/json"
}

// refuse says what is wrong with a request.
func (f *face) refuse(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	if errors.Is(err, errTooLarge) {
		status = http.StatusRequestEntityTooLarge
	}
	f.say(w, status, err.Error())
}

// fail says that there is no answer, and tells the log alone why.
func (f *face) fail(w http.ResponseWriter, r *http.Request, err error) {
	f.Log.Error("cannot answer", "path", r.URL.Path, "error", err)
	f.say(w, http.StatusInternalServerError, "there is no answer now; take it for a no, and ask again")
}

// say answers with what is wrong. Every body has to be an object: the form is the one that an item of a batch has.
func (f *face) say(w http.ResponseWriter, status int, what string) {
	f.write(w, status, contextBody{Error: &errorBody{Status: status, Message: what}}, 0)
}

// write writes a body as JSON.
func (f *face) write(w http.ResponseWriter, status int, body any, decisions int) {
	if f.Watch != nil {
		f.Watch(status, decisions)
	}
	h := w.Header()
	h["Content-Type"] = jsonType
	if len(h["Cache-Control"]) == 0 {
		h["Cache-Control"] = notKept
	}
	w.WriteHeader(status)
	if d, one := body.(decisionBody); one && d.Context == nil {
		_, _ = io.WriteString(w, plain(d.Decision))
		return
	}
	_ = json.MarshalWrite(w, body, json.Deterministic(true))
}

// Values of headers, made once because each answer has them. Nobody writes to them.
var (
	jsonType = []string{"application/json"}
	notKept  = []string{"no-store"}
)

// guarded echoes the id of a request, and answers for what panics: the others go on.
func (f *face) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id := r.Header["X-Request-Id"]; len(id) > 0 {
			w.Header()["X-Request-Id"] = id[:1]
		}
		defer func() {
			what := recover()
			if what == nil {
				return
			}
			if what == http.ErrAbortHandler { //nolint:errorlint // it is panicked with as it is
				panic(what)
			}
			f.Log.Error("a request panicked", "path", r.URL.Path, "panic", what, "stack", string(debug.Stack()))
			f.say(w, http.StatusInternalServerError, "there is no answer now; take it for a no, and ask again")
		}()
		next.ServeHTTP(w, r)
	})
}

// metadataBody is what the face says of itself.
type metadataBody struct {
	Point       string `json:"policy_decision_point"`
	Evaluation  string `json:"access_evaluation_endpoint"`
	Evaluations string `json:"access_evaluations_endpoint"`
	Subjects    string `json:"search_subject_endpoint"`
	Resources   string `json:"search_resource_endpoint"`
	Actions     string `json:"search_action_endpoint"`
}

// metadata is for everybody: it says where to ask, and nothing that was asked for.
func (f *face) metadata(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "max-age=3600")
	f.write(w, http.StatusOK, metadataBody{Point: f.URL, Evaluation: f.URL + PathEvaluation, Evaluations: f.URL + PathEvaluations,
		Subjects: f.URL + PathSubjects, Resources: f.URL + PathResources, Actions: f.URL + PathActions}, 0)
}
