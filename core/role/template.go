package role

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Template is levels that a custom role can begin with. The platform has no templates; these are ours.
type Template struct {
	// Code names the template in commands.
	Code   string
	Levels access.Levels
}

// Name is what the template is called.
func (t Template) Name() message.Text { return message.Text{ID: "role.template." + t.Code} }

// About says in a sentence what the template is for.
func (t Template) About() message.Text { return message.Text{ID: "role.template." + t.Code + ".about"} }

// Templates are all there are, in the order in which they are offered.
type Templates []Template

// LoadTemplates reads the templates from their YAML file. Everything wrong with it is told at once.
func LoadTemplates(data []byte) (Templates, error) {
	var file struct {
		Templates []struct {
			Code   string            `yaml:"code"`
			Levels map[string]string `yaml:"levels"`
		} `yaml:"templates"`
	}
	if err := yaml.UnmarshalWithOptions(data, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read role templates: %w", err)
	}
	var faults []error
	var all Templates
	for _, entry := range file.Templates {
		levels, err := access.ReadLevels(entry.Levels)
		if err != nil {
			faults = append(faults, fmt.Errorf("template %q: %w", entry.Code, err))
		}
		if entry.Code == "" || slices.ContainsFunc(all, func(t Template) bool { return t.Code == entry.Code }) {
			faults = append(faults, fmt.Errorf("template %q: the code is missing or used twice", entry.Code))
		}
		all = append(all, Template{Code: entry.Code, Levels: levels})
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("read role templates: %w", err)
	}
	return all, nil
}

// nearTemplates bounds the codes that a refusal offers.
const nearTemplates = 3

// Find finds a template by its code, in any case; fault.NotFound with near ones otherwise.
func (all Templates) Find(code string) (Template, error) {
	if i := slices.IndexFunc(all, func(t Template) bool { return t.Code == text.Fold(code) }); i >= 0 {
		return all[i], nil
	}
	return Template{}, &fault.NotFound{What: "role_template", Name: code, Nearest: text.Nearest(code, all.codes(), nearTemplates)}
}

func (all Templates) codes() []string {
	codes := make([]string, len(all))
	for i, t := range all {
		codes[i] = t.Code
	}
	return codes
}

// Codes are the codes of all, for sentences.
func (all Templates) Codes() string { return strings.Join(all.codes(), ", ") }
