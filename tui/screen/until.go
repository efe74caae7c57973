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

// Until says when something ends, nothing for what is open ended.
func (e *Env) Until(t *time.Time) string {
	if t == nil {
		return ""
	}
	if e.Exact || t.Sub(e.Now()) < 48*time.Hour {
		return t.Local().Format("2006-01-02 15:04")
	}
	return t.Local().Format(time.DateOnly)
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
