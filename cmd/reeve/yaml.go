package main

import (
	"io"
	"strings"

	"reeve/core/text"
)

// writeYAML writes an answer as block YAML. It is written here and not by a library because keys have to keep their order
// and characters that a terminal acts on have to be escaped.
func writeYAML(w io.Writer, value any) error {
	var b strings.Builder
	if err := yamlValue(&b, value, 0); err != nil {
		return err
	}
	_, err := io.WriteString(w, strings.TrimLeft(b.String(), " \n"))
	return err
}

// yamlValue writes a value that follows a key or a dash, ending its line.
func yamlValue(b *strings.Builder, value any, depth int) error {
	indent := strings.Repeat("  ", depth)
	switch v := plainValue(value).(type) {
	case mapping:
		return yamlValue(b, record(v), depth)
	case record:
		if len(v) == 0 {
			b.WriteString(" {}\n")
			return nil
		}
		b.WriteString("\n")
		return yamlFields(b, v, indent, depth)
	case []record:
		return yamlList(b, len(v), func(i int) error { return yamlItem(b, v[i], indent, depth) })
	case []string:
		return yamlList(b, len(v), func(i int) error {
			b.WriteString(indent + "-")
			return yamlValue(b, v[i], depth+1)
		})
	case string:
		b.WriteString(" " + text.YAML(v) + "\n")
		return nil
	default:
		// JSON is YAML, and what is left is numbers, booleans, null and records of the audit.
		data, err := marshal(v)
		if err != nil {
			return err
		}
		b.WriteString(" " + string(escapeUnsafe(data, text.YAMLEscape)) + "\n")
		return nil
	}
}

func yamlList(b *strings.Builder, n int, item func(i int) error) error {
	if n == 0 {
		b.WriteString(" []\n")
		return nil
	}
	b.WriteString("\n")
	for i := range n {
		if err := item(i); err != nil {
			return err
		}
	}
	return nil
}

func yamlFields(b *strings.Builder, r record, indent string, depth int) error {
	for _, f := range r {
		b.WriteString(indent + text.YAML(f.Key) + ":")
		if err := yamlValue(b, f.Value, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// yamlItem writes a record of a list: its first key stands behind the dash.
func yamlItem(b *strings.Builder, r record, indent string, depth int) error {
	var item strings.Builder
	if err := yamlFields(&item, r, indent+"  ", depth+1); err != nil {
		return err
	}
	b.WriteString(indent + "- " + strings.TrimPrefix(item.String(), indent+"  "))
	return nil
}
