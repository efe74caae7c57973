package screen

import (
	"time"
	"unicode"
	"unicode/utf8"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/alert"
	"reeve/core/audit"
	"reeve/core/bootstrap"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/engine"
	"reeve/core/fault"
	"reeve/core/figure"
	"reeve/core/group"
	"reeve/core/leaving"
	"reeve/core/member"
	"reeve/core/message"
	"reeve/core/overview"
	"reeve/core/policy"
	"reeve/core/preference"
	"reeve/core/question"
	"reeve/core/region"
	"reeve/core/request"
	"reeve/core/role"
	"reeve/core/session"
	"reeve/core/source"
	"reeve/core/tenant"
	"reeve/core/tenantrole"
	"reeve/core/token"
	"reeve/core/workspace"
	"reeve/tui/theme"
	"reeve/tui/widget"
)

// Services are the acts of the areas that the console has screens for.
type Services struct {
	Gate        *control.Gate
	Regions     *region.Service
	Workspaces  *workspace.Service
	Members     *member.Service
	Roles       *role.Service
	RoleCopies  *role.Copies
	TenantRoles *tenantrole.Service
	Policies    *policy.Service
	Engines     *engine.Service
	Groups      *group.Service
	Runs        *group.Runs
	Sources     *source.Service
	Figures     *figure.Service
	Bootstraps  *bootstrap.Service
	Users       *directory.Service
	Directories *directory.SourceService
	Tenants     *tenant.Service
	Questions   *question.Service
	Audit       *audit.Service
	Overviews   *overview.Service
	Alerts      *alert.Service
	Leavings    *leaving.Service
	Requests    *request.Service
	Sessions    *session.Service
	Tokens      *token.Service
	Preferences *preference.Service
}

// Env is what a session's screens share. The console changes it; screens only read it.
type Env struct {
	Services
	Say *message.Printer
	// Points are the permission points of the built-in roles.
	Points question.Points
	// Templates are what custom roles can begin with.
	Templates role.Templates
	// Releases are the release notes, newest first.
	Releases []overview.Release
	Theme    *theme.Theme
	Actor    control.Actor
	// Standing is what the viewer may do at the place shown.
	Standing control.Standing
	// Exact shows times as they are instead of how long ago.
	Exact bool
	// Recorded says that what is shown is recorded, so that no secret may be shown.
	Recorded bool
	// Browser says that addresses can be opened beside the terminal.
	Browser bool
	Now     func() time.Time
	// ReadFile reads a file of whoever sits before the console; nil where a session has none.
	ReadFile func(path string) ([]byte, error)
}

// apart is the environment as it is now, for work that goes on while the session's own changes. Its times are exact: how long ago
// something was says nothing to whoever reads a file later.
func (e *Env) apart() *Env {
	now := *e
	now.Exact = true
	return &now
}

// May is the viewer's standing on an act here.
func (e *Env) May(id action.ID) control.Verdict { return e.Standing.May(id) }

// Rule says in a sentence how several roles add up in this tenant.
func (e *Env) Rule() string {
	if e.Standing.Rule == access.Strict {
		return e.Text("rule.strict")
	}
	return e.Text("rule.additive")
}

// Text is a message without values.
func (e *Env) Text(id string) string { return e.Say.Text(id) }

// With is a message with values.
func (e *Env) With(id string, args message.Args) string { return e.Say.With(id, args) }

// Fail says what went wrong, with what to do next, as a message for a while.
func (e *Env) Fail(err error) []Event {
	return []Event{Say{Level: widget.ToastDanger, Text: message.Text{ID: "literal", Args: message.Args{"Text": e.Sentence(err)}}}}
}

// Sentence puts an error into words, with what to do next.
func (e *Env) Sentence(err error) string {
	what, next := e.Words(err)
	if next == "" {
		return what
	}
	return e.ended(what) + " " + next
}

// ended closes what ends in the words of somebody else, such as a server's, so that the next sentence stands for itself.
func (e *Env) ended(sentence string) string {
	if last, _ := utf8.DecodeLastRuneInString(sentence); unicode.IsLetter(last) || unicode.IsDigit(last) {
		return e.With("cli.sentence", message.Args{"Words": sentence})
	}
	return sentence
}

// Words puts an error into words: what happened, and what to do next, which may be empty.
func (e *Env) Words(err error) (what, next string) {
	f, ok := Fault(err)
	if !ok {
		return err.Error(), ""
	}
	what = e.Say.Say(f.Text())
	if invalid, ok := f.(*fault.Invalid); ok && len(invalid.Fields) > 1 {
		for _, field := range invalid.Fields {
			what += " " + e.Say.Say(field.Text)
		}
	}
	if t := f.Next(); t.ID != "" {
		next = e.Say.Say(t)
	}
	return what, next
}

// Fields are an error's problems by field, for a form; nil if the error is about no field.
func (e *Env) Fields(err error) map[string]string {
	problems := map[string]string{}
	for _, field := range Wrong(err) {
		what := e.Say.Say(field.Text)
		if before := problems[field.Name]; before != "" {
			what = before + "; " + what
		}
		problems[field.Name] = what
	}
	return problems
}

// Ago is a time as people say it, or as it is.
func (e *Env) Ago(t time.Time) string {
	if t.IsZero() {
		return e.Text("time.never")
	}
	if e.Exact {
		return t.Local().Format("2006-01-02 15:04:05")
	}
	return Ago(e.Say, e.Now(), t)
}

// Day is the date of a time, or the whole of it where exact times are shown.
func (e *Env) Day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if e.Exact {
		return t.Local().Format("2006-01-02 15:04:05")
	}
	return t.Local().Format(time.DateOnly)
}

// Ago says how long before now a time was.
func Ago(p *message.Printer, now, t time.Time) string {
	d := now.Sub(t)
	switch {
	case d < time.Minute:
		return p.Text("time.now")
	case d < time.Hour:
		return p.With("time.minutes", message.Args{"N": int(d.Minutes())})
	case d < 48*time.Hour:
		return p.With("time.hours", message.Args{"N": int(d.Hours())})
	case d < 100*24*time.Hour:
		return p.With("time.days", message.Args{"N": int(d.Hours() / 24)})
	}
	return t.Local().Format(time.DateOnly)
}
