package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"reeve/core/text"
)

// field is one key of a record with its value: nil, a bool, a number, a string, a time, a list of these, a record or a
// list of records.
type field struct {
	Key   string
	Value any
}

// record is an answer, or a row of one, with its keys in the order in which they are printed.
type record []field

// MarshalJSON writes the record as an object with its keys in order.
func (r record) MarshalJSON() ([]byte, error) {
	var buf bytes.Buffer
	buf.WriteByte('{')
	for i, f := range r {
		if i > 0 {
			buf.WriteByte(',')
		}
		key, err := marshal(f.Key)
		if err != nil {
			return nil, err
		}
		value, err := marshal(plainValue(f.Value))
		if err != nil {
			return nil, err
		}
		buf.Write(key)
		buf.WriteByte(':')
		buf.Write(value)
	}
	buf.WriteByte('}')
	return buf.Bytes(), nil
}

// mapping is a record of which every key counts, also one that is called name: it has no name of its own.
type mapping record

// MarshalJSON writes the mapping as an object with its keys in order.
func (m mapping) MarshalJSON() ([]byte, error) { return record(m).MarshalJSON() }

// marshal is json.Marshal without the escapes for web pages.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimRight(buf.Bytes(), "\n"), err
}

// plainValue gives every value the one form in which it is printed: times in UTC to the second, empty lists instead of
// none, no zero times.
func plainValue(v any) any {
	switch v := v.(type) {
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return v.UTC().Format(time.RFC3339)
	case *time.Time:
		if v == nil {
			return nil
		}
		return plainValue(*v)
	case []string:
		if v == nil {
			return []string{}
		}
	case []record:
		if v == nil {
			return []record{}
		}
	case json.RawMessage:
		if len(v) == 0 {
			return nil
		}
	}
	return v
}

func (r record) keys() []string {
	keys := make([]string, len(r))
	for i, f := range r {
		keys[i] = f.Key
	}
	return keys
}

func (r record) get(key string) any {
	for _, f := range r {
		if f.Key == key {
			return f.Value
		}
	}
	return nil
}

// rowsOf is an answer as rows.
func rowsOf(value any) []record {
	switch v := value.(type) {
	case record:
		return []record{v}
	case []record:
		return v
	}
	return nil
}

// records makes a row of each item.
func records[T any](items []T, row func(T) record) []record {
	rows := make([]record, len(items))
	for i, item := range items {
		rows[i] = row(item)
	}
	return rows
}

// cell is a value as one piece of harmless text, for tables and CSV.
func cell(value any) string {
	switch v := plainValue(value).(type) {
	case nil:
		return ""
	case string:
		return text.Clean(v)
	case bool:
		return strconv.FormatBool(v)
	case []string:
		return text.Clean(strings.Join(v, ", "))
	case []record:
		parts := make([]string, len(v))
		for i, r := range v {
			parts[i] = cell(r)
		}
		return strings.Join(parts, ", ")
	case record:
		return nameOf(v)
	case mapping:
		return pairs(record(v))
	case json.RawMessage:
		return text.Clean(string(v))
	default:
		return text.Clean(fmt.Sprint(v))
	}
}

// nameOf is a record in one word: its name where it has one, otherwise its values.
func nameOf(r record) string {
	if name, ok := r.get("name").(string); ok {
		return text.Clean(name)
	}
	return pairs(r)
}

func pairs(r record) string {
	parts := make([]string, len(r))
	for i, f := range r {
		parts[i] = f.Key + "=" + cell(f.Value)
	}
	return strings.Join(parts, " ")
}

// annotationJSON is the annotation of a command that says what its JSON is like.
const annotationJSON = "json"

// describe is the shape of a sample answer in words that the documentation prints: "[{id, name}]".
func describe(sample any) string {
	switch v := sample.(type) {
	case nil:
		return ""
	case string:
		return v
	case []record:
		return "[" + describeAll(v) + "]"
	case record:
		parts := make([]string, len(v))
		for i, f := range v {
			parts[i] = f.Key
			switch inner := f.Value.(type) {
			case record:
				parts[i] += ": " + describe(inner)
			case mapping:
				parts[i] += ": " + describe(record(inner))
			case []record:
				parts[i] += ": " + describe(inner)
			case []string:
				parts[i] += ": […]"
			}
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return ""
}

func describeAll(list []record) string {
	if len(list) == 0 {
		return ""
	}
	return describe(list[0])
}
