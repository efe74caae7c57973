package source

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// The rules of the form, from the console's documentation: a letter, then letters, digits and underscores, up to 255; a
// description up to 3000. How long a property may be is not documented and ours.
var (
	nameRule     = text.Rule{Min: 1, Max: 255, First: letter, Rest: nameChar, Form: "fault.source.name.form"}
	aboutRule    = text.Rule{Max: 3000}
	propertyRule = text.Rule{Min: 1, Max: 1024}
)

func letter(r rune) bool   { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func nameChar(r rune) bool { return letter(r) || r >= '0' && r <= '9' || r == '_' }

// faults collects what is wrong with a form.
type faults []fault.Field

func (f *faults) add(field, id string, args message.Args) {
	*f = append(*f, fault.Field{Name: field, Text: message.Text{ID: id, Args: args}})
}

func (f *faults) rule(field string, r text.Rule, value string) bool {
	what, ok := r.Check(value)
	if !ok {
		*f = append(*f, fault.Field{Name: field, Text: what})
	}
	return ok
}

// FieldName is how a property of an environment is called in forms and errors: prod.address.
func FieldName(env Environment, property string) string { return string(env) + "." + property }

// clean takes the space around values and empty values away.
func (p Properties) clean() Properties {
	kept := Properties{}
	for name, value := range p {
		if value = strings.TrimSpace(value); value != "" {
			kept[strings.TrimSpace(name)] = value
		}
	}
	return kept
}

// over is p with what a change says on top of it: an empty value takes a property away.
func (p Properties) over(old Properties) Properties {
	all := maps.Clone(old)
	if all == nil {
		all = Properties{}
	}
	maps.Copy(all, p)
	return all.clean()
}

// check says what is wrong with the properties of a connection.
func (t Types) check(kind Type, env Environment, p Properties) faults {
	var bad faults
	for _, name := range slices.Sorted(maps.Keys(p)) {
		field, known := kind.property(name)
		at := FieldName(env, name)
		switch {
		case t.secret(name):
			bad.add(at, "fault.source.secret", message.Args{"Name": name})
		case !known:
			bad.add(at, "fault.source.property.unknown", message.Args{"Name": name, "Type": kind.Code, "Names": strings.Join(kind.names(), ", ")})
		case bad.rule(at, propertyRule, p[name]):
			bad.value(at, field, p[name])
		}
	}
	for _, field := range kind.Properties {
		if field.Required && p[field.Name] == "" {
			bad.add(FieldName(env, field.Name), "fault.source.property.missing", message.Args{"Name": field.Name, "Type": kind.Code})
		}
	}
	return bad
}

func (f *faults) value(at string, field Property, value string) {
	if holdsSecret(value) {
		f.add(at, "fault.source.secret_within", nil)
		return
	}
	ok, form := true, ""
	switch field.Kind {
	case KindText:
	case KindAddresses:
		var places []place
		places, ok = addressPlaces(value)
		form = "fault.source.addresses"
		if ok && field.Most > 0 && len(places) > field.Most {
			f.add(at, "fault.source.addresses.most", message.Args{"Most": field.Most, "Count": len(places)})
		}
	case KindHost:
		_, ok = hostOf(value)
		form = "fault.source.host"
	case KindPort:
		_, ok = portOf(value)
		form = "fault.source.port"
	case KindEndpoint:
		_, ok = endpointPlace(value)
		form = "fault.source.endpoint"
	case KindJDBC:
		_, ok = jdbcPlace(value)
		form = "fault.source.jdbc"
	case KindChoice:
		ok, form = slices.Contains(field.Choices, value), "fault.source.choice"
	}
	if !ok {
		f.add(at, form, message.Args{"Value": value, "Choices": strings.Join(field.Choices, ", ")})
	}
}

// secret tells of a property that holds a secret, by its name: one of the list, or one that could be.
func (t Types) secret(name string) bool {
	folded := strings.NewReplacer("_", "", "-", "").Replace(text.Fold(name))
	for _, s := range t.Secrets {
		if folded == strings.ToLower(s) {
			return true
		}
	}
	return slices.ContainsFunc([]string{"password", "passwd", "pwd", "secret", "token", "accesskey", "privatekey", "credential"},
		func(part string) bool { return strings.Contains(folded, part) })
}

var (
	urlUser     = regexp.MustCompile(`(?i)(//|thin:)[^/@\s]*[:/][^@\s]*@`)
	secretParam = regexp.MustCompile(`(?i)(password|passwd|pwd|secret|token|access_?key)\s*=`)
)

// holdsSecret tells of a value with a password within: user:password@ in a URL, or password= among its parameters.
func holdsSecret(value string) bool {
	return urlUser.MatchString(value) || secretParam.MatchString(value)
}
