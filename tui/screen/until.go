package screen

import (
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/member"
	"reeve/core/message"
	"reeve/core/text"
	"reeve/tui/widget"
)

// UntilField asks until when something is given; empty is open ended.
func (e *Env) UntilField() *widget.Field {
	return widget.TextField("until", e.Text("column.until"), "").WithHelp(e.Text("until.help")).WithLimit(30).
		WithValidate(func(s string) string {
			if _, ok := e.ParseUntil(s); !ok {
				return e.With("until.form", message.Args{"Text": s})
			}
			return ""
		})
}

// ParseUntil reads what text.ParseEnd does, in the time zone of whoever types it. Empty is the zero time: open ended.
func (e *Env) ParseUntil(s string) (time.Time, bool) {
	if strings.TrimSpace(s) == "" {
		return time.Time{}, true
	}
	return text.ParseEnd(s, e.Now().Local())
}

// SomeRole refuses a choice of roles in which none is ticked.
func (e *Env) SomeRole(chosen string) string {
	if chosen == "" {
		return e.Text("fault.member.no_role")
	}
	return ""
}

// Until says when something ends, nothing for what is open ended. It is said as it is typed, so that what is read and typed again is the
// same end: a day ends with it, and any other end has its time.
func (e *Env) Until(t *time.Time) string {
	if t == nil {
		return ""
	}
	at := t.Local()
	if day := at.AddDate(0, 0, -1); !e.Exact && at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
		return day.Format(time.DateOnly)
	}
	return at.Format("2006-01-02 15:04")
}

// EndingRole names what was granted and ends.
func (e *Env) EndingRole(g member.Ending) string {
	switch {
	case g.Kind == access.Builtin && g.Grant == fault.GrantTenantRole:
		return e.Text("tenantrole." + g.Code)
	case g.Kind == access.Builtin:
		return e.Text("role." + g.Code)
	}
	return g.Name
}

// EndingAt says where what ends was granted; a policy holds everywhere.
func (e *Env) EndingAt(g member.Ending) string {
	if g.Workspace == 0 {
		return g.Region
	}
	return g.Region + "/" + g.WorkspaceName
}
