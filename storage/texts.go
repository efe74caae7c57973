package storage

import (
	"encoding/json"
	"fmt"

	"reeve/core/message"
)

// storedText is a message as it is kept: its values are of the kinds that messages have, and say which kind they are of,
// because JSON would make one kind of several.
type storedText struct {
	ID   string                 `json:"id"`
	Args map[string]storedValue `json:"args,omitempty"`
}

type storedValue struct {
	Word   *string      `json:"word,omitempty"`
	Number *int64       `json:"number,omitempty"`
	Text   *storedText  `json:"text,omitempty"`
	Texts  []storedText `json:"texts,omitempty"`
}

// writeTexts writes messages down, to be put into words by whoever reads them.
func writeTexts(texts []message.Text) (string, error) {
	kept := make([]storedText, len(texts))
	for i, t := range texts {
		kept[i] = keepText(t)
	}
	data, err := json.Marshal(kept)
	return string(data), err
}

func keepText(t message.Text) storedText {
	kept := storedText{ID: t.ID}
	for name, value := range t.Args {
		if kept.Args == nil {
			kept.Args = map[string]storedValue{}
		}
		kept.Args[name] = keepValue(value)
	}
	return kept
}

func keepValue(value any) storedValue {
	number := func(n int64) storedValue { return storedValue{Number: &n} }
	switch v := value.(type) {
	case message.Text:
		t := keepText(v)
		return storedValue{Text: &t}
	case []message.Text:
		texts := make([]storedText, len(v))
		for i, t := range v {
			texts[i] = keepText(t)
		}
		return storedValue{Texts: texts}
	case int:
		return number(int64(v))
	case int64:
		return number(v)
	case string:
		return storedValue{Word: &v}
	}
	word := fmt.Sprint(value)
	return storedValue{Word: &word}
}

func readTexts(data string) ([]message.Text, error) {
	var kept []storedText
	if err := json.Unmarshal([]byte(data), &kept); err != nil {
		return nil, fmt.Errorf("reading kept messages: %w", err)
	}
	var texts []message.Text
	for _, t := range kept {
		texts = append(texts, t.text())
	}
	return texts, nil
}

func (t storedText) text() message.Text {
	out := message.Text{ID: t.ID}
	for name, v := range t.Args {
		if out.Args == nil {
			out.Args = message.Args{}
		}
		out.Args[name] = v.value()
	}
	return out
}

func (v storedValue) value() any {
	switch {
	case v.Text != nil:
		return v.Text.text()
	case v.Number != nil:
		return int(*v.Number)
	case v.Word != nil:
		return *v.Word
	}
	texts := make([]message.Text, len(v.Texts))
	for i, t := range v.Texts {
		texts[i] = t.text()
	}
	return texts
}
