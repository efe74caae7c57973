package message

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// fallback is the language every message must have: what a language lacks is said in it.
const fallback = "en"

// Catalogue holds the messages of all languages. It does not change after Load, so any number of goroutines may use
// it.
type Catalogue struct {
	languages []string // the fallback first, the others in alphabetical order
	matcher   language.Matcher
	entries   map[string]map[string]entry // by language and id: only what the language has itself
	printers  map[string]*Printer
}

// Load reads every folder at the top of files as a language, named by its tag (en, zh-CN), and every .yaml file in it
// as a flat map from id to text, or to plural forms by their CLDR names (one, other …). Load fails, with all faults at
// once, when English is missing, a file does not parse, an id stands twice in a language, a text is empty, or a
// placeholder is anything but {{.Name}}.
func Load(files fs.FS) (*Catalogue, error) {
	folders, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("reading the messages: %w", err)
	}
	c := &Catalogue{entries: map[string]map[string]entry{}, printers: map[string]*Printer{}}
	bundle := i18n.NewBundle(language.English)
	var faults []error
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		tag, err := language.Parse(folder.Name())
		if err != nil {
			faults = append(faults, fmt.Errorf("folder %s is not named by a language: %w", folder.Name(), err))
			continue
		}
		entries, err := readLanguage(files, folder.Name())
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if err := bundle.AddMessages(tag, i18nMessages(entries)...); err != nil {
			faults = append(faults, fmt.Errorf("language %s: %w", folder.Name(), err))
			continue
		}
		c.entries[folder.Name()] = entries
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("reading the messages: %w", err)
	}
	if _, ok := c.entries[fallback]; !ok {
		return nil, fmt.Errorf("reading the messages: there is no folder %s", fallback)
	}
	c.index(bundle)
	return c, nil
}

// index prepares the list of languages and one printer for each.
func (c *Catalogue) index(bundle *i18n.Bundle) {
	c.languages = slices.Sorted(maps.Keys(c.entries))
	slices.SortStableFunc(c.languages, func(a, b string) int {
		switch fallback {
		case a:
			return -1
		case b:
			return 1
		default:
			return 0
		}
	})
	tags := make([]language.Tag, len(c.languages))
	for i, name := range c.languages {
		tags[i] = language.Make(name)
	}
	c.matcher = language.NewMatcher(tags)
	for _, name := range c.languages {
		c.printers[name] = newPrinter(bundle, name, c.entries[name], c.entries[fallback])
	}
}

// readLanguage reads all message files of one language's folder.
func readLanguage(files fs.FS, folder string) (map[string]entry, error) {
	names, err := fs.Glob(files, path.Join(folder, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", folder, err)
	}
	all := map[string]entry{}
	var faults []error
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			faults = append(faults, fmt.Errorf("reading %s: %w", name, err))
			continue
		}
		entries, err := parseFile(data)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", name, err))
			continue
		}
		for id, e := range entries {
			if _, twice := all[id]; twice {
				faults = append(faults, fmt.Errorf("%s: %s stands in another file too", name, id))
			}
			all[id] = e
		}
	}
	return all, errors.Join(faults...)
}

// Languages returns the tags of the languages there are, English first. The caller may keep and change the slice.
func (c *Catalogue) Languages() []string { return slices.Clone(c.languages) }

// IDs returns the ids of all English messages in alphabetical order.
func (c *Catalogue) IDs() []string { return slices.Sorted(maps.Keys(c.entries[fallback])) }

// Printer returns the printer of the best language for lang, which may be a tag (zh-CN, en-GB), a locale of the
// environment (zh_CN.UTF-8, C) or empty. A language the catalogue has nothing near to gets English.
func (c *Catalogue) Printer(lang string) *Printer { return c.printers[c.Match(lang)] }

// Match returns the language of the catalogue that Printer would use for lang.
func (c *Catalogue) Match(lang string) string {
	if name, ok := c.match(lang); ok {
		return name
	}
	return fallback
}

// Speaks reports whether the catalogue has a language that is lang or near to it, so that Printer need not fall back.
func (c *Catalogue) Speaks(lang string) bool {
	_, ok := c.match(lang)
	return ok
}

func (c *Catalogue) match(lang string) (name string, ok bool) {
	name, _, _ = strings.Cut(strings.TrimSpace(lang), "@")
	name, _, _ = strings.Cut(name, ".")
	tag, err := language.Parse(name)
	if err != nil {
		return "", false
	}
	_, i, confidence := c.matcher.Match(tag)
	return c.languages[i], confidence != language.No
}

// Check compares every language with English and returns one line for each message that is missing, that English does
// not have, or that has other placeholders than its English form; empty when the languages agree.
func (c *Catalogue) Check() []string {
	var faults []string
	english := c.entries[fallback]
	for _, name := range c.languages[1:] {
		own := c.entries[name]
		for _, id := range slices.Sorted(maps.Keys(english)) {
			e, ok := own[id]
			switch {
			case !ok:
				faults = append(faults, fmt.Sprintf("%s: %s is missing", name, id))
			case !slices.Equal(e.placeholders, english[id].placeholders):
				faults = append(faults, fmt.Sprintf("%s: %s has the placeholders %v, English %v", name, id,
					e.placeholders, english[id].placeholders))
			}
		}
		for _, id := range slices.Sorted(maps.Keys(own)) {
			if _, ok := english[id]; !ok {
				faults = append(faults, fmt.Sprintf("%s: %s is not in English", name, id))
			}
		}
	}
	return faults
}
