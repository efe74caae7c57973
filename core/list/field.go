package list

import (
	"strconv"
	"strings"

	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Field is a name that a list can be filtered and sorted by, with what a filter on it takes.
type Field struct {
	Name string
	// wrong says what is wrong with a folded word; nil takes every word.
	wrong func(word string) (id string, args message.Args, bad bool)
}

// Texts are fields that take any word: one that nothing has is no mistake.
func Texts(names ...string) []Field {
	fields := make([]Field, len(names))
	for i, name := range names {
		fields[i] = Field{Name: name}
	}
	return fields
}

// OneOf is a field that takes a part of one of a few words.
func OneOf[T ~string](name string, words ...T) Field {
	return Field{Name: name, wrong: func(word string) (string, message.Args, bool) {
		all := make([]string, len(words))
		for i, w := range words {
			all[i] = string(w)
			if strings.Contains(text.Fold(all[i]), word) {
				return "", nil, false
			}
		}
		return "fault.list.one_of", message.Args{"Values": strings.Join(all, ", ")}, true
	}}
}

// Days is a field that takes what Span reads, a part of a date, or the word Never.
func Days(name string) Field {
	return Field{Name: name, wrong: func(word string) (string, message.Args, bool) {
		if word == Never || partOfDate(word) {
			return "", nil, false
		}
		from, to, is := Span(word)
		return "fault.list.days", nil, !is || from >= to
	}}
}

// Number is a field that takes a whole number in bounds.
func Number(name string, least, most int) Field {
	return Field{Name: name, wrong: func(word string) (string, message.Args, bool) {
		n, err := strconv.Atoi(word)
		return "fault.list.number", message.Args{"Min": least, "Max": most}, err != nil || n < least || n > most
	}}
}

// Numbered is a field that takes the number of a record; they begin with 1.
func Numbered(name string) Field {
	return Field{Name: name, wrong: func(word string) (string, message.Args, bool) {
		n, err := strconv.ParseInt(word, 10, 64)
		return "fault.list.numbered", nil, err != nil || n < 1
	}}
}

// fault says what is wrong with a condition on the field; it names the field, the word and what is possible.
func (f Field) fault(t Term) (fault.Field, bool) {
	word := text.Fold(t.Value)
	if f.wrong == nil || strings.TrimSpace(word) == "" {
		return fault.Field{}, false
	}
	id, args, bad := f.wrong(word)
	if !bad {
		return fault.Field{}, false
	}
	if args == nil {
		args = message.Args{}
	}
	args["Field"], args["Value"] = t.Field, t.Value
	return fault.Field{Name: "filter", Text: message.Text{ID: id, Args: args}}, true
}

// Check refuses fields that the list does not have, naming those it has, and what a filter on a field does not take.
func (q Query) Check(fields ...Field) error {
	var bad []fault.Field
	names := make([]string, len(fields))
	known := map[string]Field{}
	for i, f := range fields {
		names[i], known[f.Name] = f.Name, f
	}
	for _, t := range q.Filter {
		f, is := known[t.Field]
		if t.Field != "" && !is {
			bad = append(bad, fault.Field{Name: "filter", Text: unknownField(t.Field, names)})
		} else if wrong, found := f.fault(t); found {
			bad = append(bad, wrong)
		}
	}
	if _, is := known[q.Sort.Field]; q.Sort.Field != "" && !is {
		bad = append(bad, fault.Field{Name: "sort", Text: unknownField(q.Sort.Field, names)})
	}
	if len(bad) > 0 {
		return &fault.Invalid{Fields: bad}
	}
	return nil
}

func unknownField(name string, fields []string) message.Text {
	return message.Text{ID: "fault.list.field", Args: message.Args{"Field": name, "Fields": strings.Join(fields, ", ")}}
}
