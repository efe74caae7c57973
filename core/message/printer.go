package message

import (
	"maps"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// count is the argument that chooses the plural form.
const count = "Count"

// Printer puts messages into the words of one language, and what that language lacks into English. It does not change,
// so any number of goroutines may use it. An id that no language has comes back in square brackets, so that it shows.
type Printer struct {
	language string
	texts    map[string]string // the messages without values, in words
	patterns map[string]pattern
}

// pattern is a message with values.
type pattern struct {
	entry
	localizer *i18n.Localizer // of the language the message is written in
}

func newPrinter(bundle *i18n.Bundle, language string, own, english map[string]entry) *Printer {
	p := &Printer{language: language, texts: map[string]string{}, patterns: map[string]pattern{}}
	p.add(english, i18n.NewLocalizer(bundle, fallback))
	p.add(own, i18n.NewLocalizer(bundle, language, fallback))
	return p
}

func (p *Printer) add(entries map[string]entry, localizer *i18n.Localizer) {
	for id, e := range entries {
		delete(p.texts, id)
		delete(p.patterns, id)
		if e.fixed() {
			p.texts[id] = e.message.Other
		} else {
			p.patterns[id] = pattern{entry: e, localizer: localizer}
		}
	}
}

// Language is the tag of the printer's language.
func (p *Printer) Language() string { return p.language }

// Has reports whether there is a message of that id, in this language or in English.
func (p *Printer) Has(id string) bool {
	if _, ok := p.texts[id]; ok {
		return true
	}
	_, ok := p.patterns[id]
	return ok
}

// Text returns a message that has no placeholders. It allocates nothing. A message that needs values comes back as its
// id in brackets, like an unknown one: it was asked for in the wrong way.
func (p *Printer) Text(id string) string {
	if text, ok := p.texts[id]; ok {
		return text
	}
	return unknown(id)
}

// With returns a message with its placeholders filled from args. Args{"Count": n}, an integer or decimal digits,
// chooses the plural form. A placeholder that args leave out shows its name in braces.
func (p *Printer) With(id string, args Args) string {
	if text, ok := p.texts[id]; ok {
		return text
	}
	pattern, ok := p.patterns[id]
	if !ok {
		return unknown(id)
	}
	config := i18n.LocalizeConfig{MessageID: id, TemplateData: map[string]any(p.complete(pattern, args))}
	if n, ok := args[count]; ok && pattern.plural {
		config.PluralCount = n
	}
	text, err := pattern.localizer.Localize(&config)
	if err != nil && text == "" {
		// The count is of a kind that has no plural, so the general form has to do.
		config.PluralCount = nil
		text, err = pattern.localizer.Localize(&config)
	}
	if err != nil && text == "" {
		return unknown(id)
	}
	return text
}

// Say returns a carried message in words; nothing for the zero Text.
func (p *Printer) Say(t Text) string {
	if t.IsZero() {
		return ""
	}
	return p.With(t.ID, t.Args)
}

// complete returns args with every nested Text in words and every placeholder filled. It copies args only when it has
// to change something.
func (p *Printer) complete(pattern pattern, args Args) Args {
	filled, copied := args, false
	set := func(name string, value any) {
		if !copied {
			filled, copied = maps.Clone(args), true
			if filled == nil {
				filled = Args{}
			}
		}
		filled[name] = value
	}
	for _, name := range pattern.placeholders {
		switch value := args[name].(type) {
		case nil:
			set(name, "{"+name+"}")
		case Text:
			set(name, p.Say(value))
		case []Text:
			words := make([]string, len(value))
			for i, t := range value {
				words[i] = p.Say(t)
			}
			set(name, strings.Join(words, ", "))
		}
	}
	return filled
}

func unknown(id string) string { return "[" + id + "]" }
