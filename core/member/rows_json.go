package member

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"reeve/core/fault"
	"reeve/core/message"
)

// readJSON reads a list of objects, one object after the other, or an object whose key members holds the list.
func readJSON(data []byte) ([]Row, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	fail := func(err error) error {
		line := 1 + bytes.Count(data[:min(int(dec.InputOffset()), len(data))], []byte("\n"))
		return fault.OneField("rows", "fault.import.json", message.Args{"Line": line, "Evidence": err.Error()})
	}
	var elements []json.RawMessage
	for {
		var value json.RawMessage
		err := dec.Decode(&value)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fail(err)
		}
		elements = append(elements, value)
	}
	if len(elements) == 1 {
		elements = unwrapped(elements[0])
	}
	rows := make([]Row, len(elements))
	for i, element := range elements {
		rows[i] = rowFromJSON(element)
		rows[i].Line = i + 1
	}
	return rows, nil
}

// unwrapped are the elements of a list, or of the list in an object, or else the object itself.
func unwrapped(value json.RawMessage) []json.RawMessage {
	var elements []json.RawMessage
	if json.Unmarshal(value, &elements) == nil {
		return elements
	}
	var holder struct {
		Members []json.RawMessage `json:"members"`
	}
	if json.Unmarshal(value, &holder) == nil && holder.Members != nil {
		return holder.Members
	}
	return []json.RawMessage{value}
}

func rowFromJSON(element json.RawMessage) Row {
	row := Row{Source: string(element)}
	say := func(id string, args message.Args) {
		row.Bad = append(row.Bad, fault.Field{Name: "row", Text: message.Text{ID: id, Args: args}})
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(element, &keys); err != nil || keys == nil {
		say("fault.import.object", nil)
		return row
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		column, known := columnOf(key)
		var err error
		switch {
		case !known:
			say("fault.import.column", message.Args{"Name": key, "Known": strings.Join([]string{columnUser, columnRoles, columnUntil}, ", ")})
		case column == columnUser:
			err = json.Unmarshal(keys[key], &row.User)
		case column == columnUntil:
			row.Until, err = textOrNull(keys[key])
		case column == columnRoles:
			row.Roles, err = wishesFromJSON(keys[key])
		}
		if err != nil {
			say("fault.import.value", message.Args{"Name": key})
		}
	}
	row.User = strings.TrimSpace(row.User)
	return row
}

func textOrNull(value json.RawMessage) (string, error) {
	var s *string
	err := json.Unmarshal(value, &s)
	if s == nil {
		return "", err
	}
	return strings.TrimSpace(*s), err
}

// wishesFromJSON reads roles: a text as in a cell, or a list of names and of objects with code or name, and until.
func wishesFromJSON(value json.RawMessage) ([]Wish, error) {
	var cell *string
	if json.Unmarshal(value, &cell) == nil {
		if cell == nil {
			return nil, nil
		}
		return wishes(*cell), nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(value, &list); err != nil {
		return nil, fmt.Errorf("roles: %w", err)
	}
	var all []Wish
	for _, item := range list {
		var name string
		if json.Unmarshal(item, &name) == nil {
			all = append(all, wishes(name)...)
			continue
		}
		w, err := wishFromJSON(item)
		if err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, nil
}

var errNoName = errors.New("a role has neither code nor name")

func wishFromJSON(item json.RawMessage) (Wish, error) {
	var role struct {
		Code, Name string
		Until      json.RawMessage
	}
	if err := json.Unmarshal(item, &role); err != nil {
		return Wish{}, fmt.Errorf("a role: %w", err)
	}
	w := Wish{Name: strings.TrimSpace(role.Code), Own: len(role.Until) > 0}
	if w.Name == "" {
		w.Name = strings.TrimSpace(role.Name)
	}
	if w.Name == "" {
		return w, errNoName
	}
	if !w.Own {
		return w, nil
	}
	var err error
	w.Until, err = textOrNull(role.Until)
	return w, err
}
