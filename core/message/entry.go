package message

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"text/template/parse"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// entry is one message of one language as its file has it.
type entry struct {
	message      *i18n.Message
	placeholders []string // of all plural forms together, sorted, each once
	plural       bool     // has more than the form "other"
}

// fixed reports whether the message reads the same whatever values it is given.
func (e entry) fixed() bool { return !e.plural && len(e.placeholders) == 0 }

// parseFile reads one message file. An empty file has no messages.
func parseFile(data []byte) (map[string]entry, error) {
	var raw map[string]any
	if err := yaml.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	entries := make(map[string]entry, len(raw))
	var faults []error
	for id, value := range raw {
		e, err := parseEntry(id, value)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", id, err))
			continue
		}
		entries[id] = e
	}
	return entries, errors.Join(faults...)
}

func parseEntry(id string, value any) (entry, error) {
	m := &i18n.Message{ID: id}
	switch v := value.(type) {
	case string:
		m.Other = v
	case map[string]any:
		if err := setForms(m, v); err != nil {
			return entry{}, err
		}
	default:
		return entry{}, fmt.Errorf("wants a text or plural forms, has %T", value)
	}
	if m.Other == "" {
		return entry{}, errors.New("has no text")
	}
	e := entry{message: m}
	for _, form := range []string{m.Zero, m.One, m.Two, m.Few, m.Many} {
		e.plural = e.plural || form != ""
	}
	names, err := placeholders(m.Zero, m.One, m.Two, m.Few, m.Many, m.Other)
	if err != nil {
		return entry{}, err
	}
	e.placeholders = names
	return e, nil
}

func setForms(m *i18n.Message, forms map[string]any) error {
	for name, value := range forms {
		text, ok := value.(string)
		if !ok || text == "" {
			return fmt.Errorf("the form %s has no text", name)
		}
		switch name {
		case "zero":
			m.Zero = text
		case "one":
			m.One = text
		case "two":
			m.Two = text
		case "few":
			m.Few = text
		case "many":
			m.Many = text
		case "other":
			m.Other = text
		case "description":
			m.Description = text
		default:
			return fmt.Errorf("%s is no plural form", name)
		}
	}
	return nil
}

// placeholders returns the names of the {{.Name}} in the texts. Anything else between braces is an error: a translator
// must never have to write code, and two languages must be comparable.
func placeholders(texts ...string) ([]string, error) {
	names := map[string]bool{}
	for _, text := range texts {
		if simple(text, names) {
			continue
		}
		trees, err := parse.Parse("text", text, "{{", "}}")
		if err != nil {
			return nil, fmt.Errorf("in %q: %w", text, err)
		}
		tree := trees["text"]
		if tree == nil || tree.Root == nil {
			continue
		}
		for _, node := range tree.Root.Nodes {
			if node.Type() == parse.NodeText {
				continue
			}
			name, ok := placeholder(node)
			if !ok {
				return nil, fmt.Errorf("in %q: %s is no placeholder like {{.Name}}", text, node)
			}
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names)), nil
}

// plain is a placeholder of letters, which nearly all are.
var plain = regexp.MustCompile(`\{\{\.([A-Za-z]+)\}\}`)

// simple adds the placeholders of a text that has none but plain ones. Of any other text it says false, and the parser of
// templates, which takes most of the time in which the program starts when it is asked about each text, finds out what it has.
func simple(text string, names map[string]bool) bool {
	found := plain.FindAllStringSubmatch(text, -1)
	if strings.Count(text, "{{") != len(found) || strings.Count(text, "}}") != len(found) {
		return false
	}
	for _, f := range found {
		names[f[1]] = true
	}
	return true
}

func placeholder(node parse.Node) (string, bool) {
	action, ok := node.(*parse.ActionNode)
	if !ok || len(action.Pipe.Cmds) != 1 || len(action.Pipe.Decl) != 0 || len(action.Pipe.Cmds[0].Args) != 1 {
		return "", false
	}
	field, ok := action.Pipe.Cmds[0].Args[0].(*parse.FieldNode)
	if !ok || len(field.Ident) != 1 {
		return "", false
	}
	return field.Ident[0], true
}

func i18nMessages(entries map[string]entry) []*i18n.Message {
	messages := make([]*i18n.Message, 0, len(entries))
	for _, e := range entries {
		messages = append(messages, e.message)
	}
	return messages
}
