package member

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"reeve/core/fault"
	"reeve/core/message"
)

// readJSON reads a list of objects, one object after the other, or an object whose key members holds the list. Where a list is
// broken nothing behind the place can be told from what is in it, and all of it is refused; of objects on lines of their own only the
// line is that is no JSON.
func readJSON(data []byte) ([]Row, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	var rows []Row
	line, counted := 1, 0
	for {
		var value json.RawMessage
		err := dec.Decode(&value)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if rows, ok := byLine(data); ok {
				return rows, nil
			}
			return nil, fault.OneField("rows", "fault.import.json", message.Args{"Line": lineOf(data, err), "Evidence": err.Error()})
		}
		start := int(dec.InputOffset()) - len(value)
		line, counted = line+bytes.Count(data[counted:start], []byte("\n")), start
		rows = append(rows, Row{Line: line, Source: string(value)})
	}
	if len(rows) == 1 {
		if elements, is := unwrapped([]byte(rows[0].Source)); is {
			rows = make([]Row, len(elements))
			for i, element := range elements {
				rows[i] = Row{Line: i + 1, Source: string(element)}
			}
		}
	}
	for i := range rows {
		rows[i].readObject()
	}
	return rows, nil
}

// lineOf is the line on which a text stops being JSON.
func lineOf(data []byte, err error) int {
	end := len(bytes.TrimSpace(data))
	var wrong *json.SyntaxError
	if errors.As(err, &wrong) {
		end = int(wrong.Offset) - 1
	}
	return 1 + bytes.Count(data[:max(0, min(end, len(data)))], []byte("\n"))
}

// byLine reads objects that stand on lines of their own, each by itself. Lines that begin with # say why the next one was handed
// back. It is not ok if an object goes on over several lines, as in a list: what stands in it could be taken for a row.
func byLine(data []byte) (rows []Row, ok bool) {
	open, inside := false, false
	n := 0
	for line := range bytes.Lines(data) {
		n++
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		values, err := valuesOf(line)
		open = open || errors.Is(err, io.ErrUnexpectedEOF)
		inside = inside || line[0] != '{' || err != nil && goesOn(line, values)
		if len(rows) == 0 && (line[0] == '[' || holds(line)) {
			return nil, false
		}
		if err != nil {
			rows = append(rows, Row{Line: n, Source: string(line), Bad: []fault.Field{{Name: "row",
				Text: message.Text{ID: "fault.import.json.row", Args: message.Args{"Evidence": err.Error()}}}}})
			continue
		}
		for _, value := range values {
			row := Row{Line: n, Source: string(value)}
			row.readObject()
			rows = append(rows, row)
		}
	}
	return rows, !open || !inside
}

// valuesOf are the values on a line, up to where it is no JSON.
func valuesOf(line []byte) (values []json.RawMessage, err error) {
	dec := json.NewDecoder(bytes.NewReader(line))
	for {
		var value json.RawMessage
		err := dec.Decode(&value)
		if errors.Is(err, io.EOF) {
			return values, nil
		}
		if err != nil {
			return values, err
		}
		values = append(values, value)
	}
}

// goesOn tells of a line on which something stands behind its first value that only what began on an earlier line can have.
func goesOn(line []byte, values []json.RawMessage) bool {
	if len(values) == 0 {
		return false
	}
	rest := bytes.TrimSpace(line[len(values[0]):])
	return len(rest) > 0 && bytes.IndexByte([]byte(",]}"), rest[0]) >= 0
}

// holds tells of the beginning of an object that holds the list of members.
func holds(line []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(line))
	if _, err := dec.Token(); err != nil {
		return false
	}
	for {
		key, err := dec.Token()
		name, is := key.(string)
		if err != nil || !is {
			return false
		}
		if strings.EqualFold(name, "members") {
			return true
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return false
		}
	}
}

// unwrapped are the elements of a list, or of the list in an object.
func unwrapped(value []byte) (elements []json.RawMessage, ok bool) {
	if json.Unmarshal(value, &elements) == nil {
		return elements, elements != nil
	}
	var holder struct {
		Members []json.RawMessage `json:"members"`
	}
	if _, err := keysOf(value); err != nil || json.Unmarshal(value, &holder) != nil {
		return nil, false
	}
	return holder.Members, holder.Members != nil
}

// keyed is a key of an object with what stands under it.
type keyed struct {
	key   string
	value json.RawMessage
}

// twiceError says that a key stands twice in an object: one of the two would be lost unseen.
type twiceError struct{ key string }

func (e *twiceError) Error() string { return e.key + " stands there twice" }

var errNoObject = errors.New("this is no object")

// keysOf are the keys of an object in their order, each once.
func keysOf(object []byte) ([]keyed, error) {
	dec := json.NewDecoder(bytes.NewReader(object))
	if first, err := dec.Token(); err != nil || first != json.Delim('{') {
		return nil, errNoObject
	}
	var keys []keyed
	for dec.More() {
		token, err := dec.Token()
		key, is := token.(string)
		if err != nil || !is {
			return nil, errNoObject
		}
		one := keyed{key: key}
		if err := dec.Decode(&one.value); err != nil {
			return nil, fmt.Errorf("what stands under %s: %w", key, err)
		}
		if slices.ContainsFunc(keys, func(k keyed) bool { return strings.EqualFold(k.key, key) }) {
			return nil, &twiceError{key}
		}
		keys = append(keys, one)
	}
	return keys, nil
}

// readObject reads a row out of its source.
func (row *Row) readObject() {
	say := func(id string, args message.Args) {
		row.Bad = append(row.Bad, fault.Field{Name: "row", Text: message.Text{ID: id, Args: args}})
	}
	var twice *twiceError
	keys, err := keysOf([]byte(row.Source))
	switch {
	case errors.As(err, &twice):
		say("fault.import.key.twice", message.Args{"Name": twice.key})
	case err != nil:
		say("fault.import.object", nil)
	}
	seen := map[string]bool{}
	for _, k := range keys {
		column, known := columnOf(k.key)
		var err error
		switch {
		case !known:
			say("fault.import.column", message.Args{"Name": k.key, "Known": strings.Join([]string{columnUser, columnRoles, columnUntil}, ", ")})
		case seen[column]:
			err = &twiceError{k.key} // by another of its names
		case column == columnUser:
			err = json.Unmarshal(k.value, &row.User)
		case column == columnUntil:
			row.Until, err = textOrNull(k.value)
		case column == columnRoles:
			row.Roles, err = wishesFromJSON(k.value)
		}
		seen[column] = column != columnNone && column != columnList
		switch {
		case errors.As(err, &twice):
			say("fault.import.key.twice", message.Args{"Name": twice.key})
		case err != nil:
			say("fault.import.value", message.Args{"Name": k.key})
		}
	}
	row.User = strings.TrimSpace(row.User)
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
	_, err := keysOf(item)
	if err == nil {
		err = json.Unmarshal(item, &role)
	}
	if err != nil {
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
	w.Until, err = textOrNull(role.Until)
	return w, err
}
