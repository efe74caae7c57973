package screen

import (
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/member"
	"reeve/core/message"
	"reeve/tui/widget"
)

// UntilField asks until when something is given; empty is open ended.
func (e *Env) UntilField() *widget.Field {
	return widget.TextField("until", e.Text("column.until"), "").WithHelp(e.Text("until.help")).WithLimit(20).
		WithValidate(func(s string) string {
			if _, ok := ParseUntil(s); !ok {
				return e.With("until.form", message.Args{"Text": s})
			}
			return ""
		})
}

// ParseUntil reads a date, which means its end, or a date with a time, in the time zone of whoever types it. Empty is the zero
// time: open ended.
func ParseUntil(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}, true
	}
	if day, err := time.ParseInLocation(time.DateOnly, s, time.Local); err == nil {
		return day.AddDate(0, 0, 1), true
	}
	for _, form := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05", time.RFC3339} {
		if t, err := time.ParseInLocation(form, s, time.Local); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
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

// EndingRole names the role of a grant that ends.
func (e *Env) EndingRole(g member.Ending) string {
	if g.Kind == access.Builtin {
		return e.Text("role." + g.Code)
	}
	return g.Name
}
