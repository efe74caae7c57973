package directory

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"
	"unicode"

	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// after are settings with the defaults of their preset, where they are empty or what the preset before said.
func (s Settings) after(before Settings) Settings {
	if s.Preset != before.Preset {
		old := Settings{Preset: before.Preset, Base: before.Base}.withDefaults()
		for _, f := range []struct {
			to  *string
			old string
		}{
			{&s.UserFilter, old.UserFilter}, {&s.GroupFilter, old.GroupFilter}, {&s.Attributes.ID, old.Attributes.ID}, {&s.Attributes.Name, old.Attributes.Name},
			{&s.Attributes.DisplayName, old.Attributes.DisplayName}, {&s.Attributes.Email, old.Attributes.Email}, {&s.Attributes.Phone, old.Attributes.Phone},
			{&s.Attributes.GroupName, old.Attributes.GroupName},
		} {
			if *f.to == f.old {
				*f.to = ""
			}
		}
	}
	if s.Base != before.Base && s.GroupBase == before.Base {
		s.GroupBase = "" // it was the base, and follows it
	}
	return s.withDefaults()
}

// maxSetting bounds a setting, in characters; ours.
const maxSetting = 1024

func checkSettings(in Settings) []fault.Field {
	var bad []fault.Field
	say := func(field, id string, args message.Args) {
		bad = append(bad, fault.Field{Name: field, Text: message.Text{ID: id, Args: args}})
	}
	if in.Preset != OpenLDAP && in.Preset != ActiveDirectory {
		say("preset", "fault.directory.preset", message.Args{"Preset": string(in.Preset)})
	}
	for _, f := range []struct{ name, value string }{
		{"url", in.URL}, {"ca_file", in.CAFile}, {"bind_dn", in.BindDN}, {"password_from", in.PasswordFrom}, {"base", in.Base}, {"user_filter", in.UserFilter},
		{"group_base", in.GroupBase}, {"group_filter", in.GroupFilter},
	} {
		if what, ok := (text.Rule{Max: maxSetting}).Check(f.value); !ok {
			bad = append(bad, fault.Field{Name: f.name, Text: what})
		}
	}
	bad = append(bad, checkURL(in)...)
	switch reference, kind := in.PasswordFrom, ""; {
	case in.BindDN == "" && reference == "":
		say("bind_dn", "fault.directory.bind", nil)
	case in.BindDN == "":
		say("bind_dn", "fault.text.empty", nil)
	default:
		kind, reference, _ = strings.Cut(reference, ":")
		// A password that is given here by mistake must not come back in the error.
		if kind != "env" && kind != "file" || reference == "" || kind == "file" && !filepath.IsAbs(reference) {
			say("password", "fault.directory.password", nil)
		}
	}
	if in.Base == "" {
		say("base", "fault.text.empty", nil)
	}
	if in.CAFile != "" && !filepath.IsAbs(in.CAFile) {
		say("ca_file", "fault.directory.path", nil)
	}
	for _, f := range []struct{ name, value string }{
		{"id", in.Attributes.ID}, {"name", in.Attributes.Name}, {"display_name", in.Attributes.DisplayName}, {"email", in.Attributes.Email},
		{"phone", in.Attributes.Phone}, {"group_name", in.Attributes.GroupName},
	} {
		known := in.Preset == OpenLDAP || in.Preset == ActiveDirectory // only a preset that there is has defaults
		if (known || f.value != "") && !isAttribute(f.value) {
			say("attribute", "fault.directory.attribute", message.Args{"Field": f.name, "Attribute": f.value})
		}
	}
	if in.Share < 0 || in.Share > 100 {
		say("share", "fault.directory.share", message.Args{"Share": in.Share})
	}
	return bad
}

func checkURL(in Settings) []fault.Field {
	var bad []fault.Field
	say := func(field, id string) { bad = append(bad, fault.Field{Name: field, Text: message.Text{ID: id}}) }
	u, err := url.Parse(in.URL)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "ldap" && u.Scheme != "ldaps" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil:
		say("url", "fault.directory.url")
	case u.Scheme == "ldaps" && in.StartTLS:
		say("start_tls", "fault.directory.tls_twice")
	case u.Scheme == "ldaps" && in.Plaintext, in.StartTLS && in.Plaintext:
		say("plaintext", "fault.directory.plaintext_for_nothing")
	case u.Scheme == "ldap" && !in.StartTLS && !in.Plaintext:
		say("url", "fault.directory.plaintext")
	}
	return bad
}

// isAttribute tells of names of attributes as RFC 4512 writes them, without options.
func isAttribute(s string) bool {
	for i, r := range s {
		letter := r < unicode.MaxASCII && unicode.IsLetter(r)
		if !letter && (i == 0 || r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// fromAfar refuses what somebody who is not on this machine may not set: which files and variables of it are read, and where a source
// that is there is reached. The password of the source, and those that people sign in with, go to whatever it is; before is nil for a
// new source.
func (s Settings) fromAfar(ctx context.Context, before *Settings) (bad []fault.Field) {
	if by, _ := control.ActorOf(ctx); by.Address == "" {
		return nil
	}
	was := Settings{URL: s.URL, StartTLS: s.StartTLS, Plaintext: s.Plaintext, BindDN: s.BindDN}
	if before != nil {
		was = *before
	}
	for _, f := range []struct {
		field   string
		changed bool
	}{
		{"url", s.URL != was.URL}, {"start_tls", s.StartTLS != was.StartTLS}, {"plaintext", s.Plaintext != was.Plaintext}, {"ca_file", s.CAFile != was.CAFile},
		{"bind_dn", s.BindDN != was.BindDN}, {"password", s.PasswordFrom != was.PasswordFrom},
	} {
		if f.changed {
			bad = append(bad, fault.Field{Name: f.field, Text: message.Text{ID: "fault.directory.afar"}})
		}
	}
	return bad
}
