package workspace

import (
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// The rules of the create form. Name: the API's documentation (3 to 28 letters, digits and underscores, a letter first,
// unique in the region). The lengths of display name and description are not documented: these are ours.
var (
	nameRule    = text.Rule{Key: true, Min: 3, Max: 28, First: letter, Rest: nameChar, Form: "fault.workspace.name.form"}
	displayRule = text.Rule{Min: 1, Max: 60}
	aboutRule   = text.Rule{Min: 0, Max: 500}
	// Ids of resource groups of the cloud look like rg-acfmxazb4ph6aiy; their form is not documented here.
	aliyunGroupRule = text.Rule{Min: 1, Max: 64, First: nameChar, Rest: func(r rune) bool { return nameChar(r) || r == '-' },
		Form: "fault.workspace.aliyun_group.form"}
)

func letter(r rune) bool   { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func nameChar(r rune) bool { return letter(r) || r >= '0' && r <= '9' || r == '_' }

// faults collects what is wrong with a form.
type faults []fault.Field

func (f *faults) rule(field string, r text.Rule, value string) {
	if t, ok := r.Check(value); !ok {
		f.add(field, t)
	}
}

func (f *faults) add(field string, t message.Text) {
	*f = append(*f, fault.Field{Name: field, Text: t})
}

// NameFault says what is wrong with a workspace name by itself, for forms that answer while one types.
func NameFault(name string) (message.Text, bool) {
	t, ok := nameRule.Check(name)
	return t, !ok
}

// DisplayNameFault is NameFault for display names.
func DisplayNameFault(name string) (message.Text, bool) {
	t, ok := displayRule.Check(name)
	return t, !ok
}
