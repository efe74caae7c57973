// Package edition knows the editions a region can be activated in and which features each of them includes. It is a
// pure catalogue: which edition a region has is kept with the region.
package edition

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Edition is the id of an edition. The zero value is no edition: it includes nothing.
type Edition string

// The editions, lowest first. A region has one of them; all workspaces of the region share it.
const (
	Basic        Edition = "basic"
	Standard     Edition = "standard"
	Professional Edition = "professional"
	Enterprise   Edition = "enterprise"
)

// ErrUnknown is wrapped by the error of Parse for a text that names no edition.
var ErrUnknown = errors.New("no such edition")

// Entry describes one edition.
type Entry struct {
	ID      Edition `yaml:"id"`
	Order   int     `yaml:"order"` // 1 is the lowest
	English string  `yaml:"en"`
	Chinese string  `yaml:"zh"`
	// PriceUSDMonth is the list price of one region in US dollars a month on the vendor's international site.
	PriceUSDMonth int `yaml:"price_usd_month"`
}

// Catalogue is the set of editions with their features. It does not change after Load, so any number of goroutines
// may use it. The zero value knows no edition.
type Catalogue struct {
	entries []Entry
	from    map[Feature]Edition
	expiry  Expiry
}

// Expiry is what happens to an edition above Basic that is not renewed, in days.
type Expiry struct {
	// Reminders are how long before the end it is reminded of, longest first.
	Reminders []int `yaml:"reminders"`
	// GraceDays is how long after the end it still counts, before the region falls back to Basic.
	GraceDays int `yaml:"grace_days"`
}

type file struct {
	Editions []Entry `yaml:"editions"`
	Expiry   Expiry  `yaml:"expiry"`
	Features []struct {
		ID   Feature `yaml:"id"`
		From Edition `yaml:"from"`
	} `yaml:"features"`
}

// Load reads the catalogue from YAML. It fails on an unknown key, an edition without name or out of order, and unless
// the features of the data are exactly those this package declares, each once.
func Load(data []byte) (Catalogue, error) {
	var f file
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return Catalogue{}, fmt.Errorf("reading the editions: %w", err)
	}
	if len(f.Editions) == 0 {
		return Catalogue{}, errors.New("reading the editions: the list is empty")
	}
	c := Catalogue{entries: f.Editions, from: make(map[Feature]Edition, len(f.Features)), expiry: f.Expiry}
	var faults []error
	if f.Expiry.GraceDays < 0 || !slices.IsSortedFunc(f.Expiry.Reminders, func(a, b int) int { return b - a }) {
		faults = append(faults, errors.New("the expiry has a negative grace or reminders out of order"))
	}
	for i, e := range f.Editions {
		if e.ID == "" || e.English == "" || e.Chinese == "" || e.PriceUSDMonth < 0 {
			faults = append(faults, fmt.Errorf("edition %q is incomplete", e.ID))
		}
		if e.Order != i+1 {
			faults = append(faults, fmt.Errorf("edition %q has order %d at place %d", e.ID, e.Order, i+1))
		}
		if c.index(e.ID) != i {
			faults = append(faults, fmt.Errorf("edition %q is listed twice", e.ID))
		}
	}
	for _, feature := range f.Features {
		if _, twice := c.from[feature.ID]; twice {
			faults = append(faults, fmt.Errorf("feature %q is listed twice", feature.ID))
		}
		if c.index(feature.From) < 0 {
			faults = append(faults, fmt.Errorf("feature %q starts at the unknown edition %q", feature.ID, feature.From))
		}
		if !slices.Contains(Features(), feature.ID) {
			faults = append(faults, fmt.Errorf("feature %q is not known to the program", feature.ID))
		}
		c.from[feature.ID] = feature.From
	}
	for _, feature := range Features() {
		if _, ok := c.from[feature]; !ok {
			faults = append(faults, fmt.Errorf("feature %q is missing", feature))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return Catalogue{}, fmt.Errorf("reading the editions: %w", err)
	}
	return c, nil
}

// All returns the editions, lowest first. The caller may keep and change the slice.
func (c Catalogue) All() []Entry { return slices.Clone(c.entries) }

// Find returns the entry of an edition and whether there is one.
func (c Catalogue) Find(e Edition) (Entry, bool) {
	i := c.index(e)
	if i < 0 {
		return Entry{}, false
	}
	return c.entries[i], true
}

// Expiry is what happens to editions that are not renewed.
func (c Catalogue) Expiry() Expiry {
	return Expiry{Reminders: slices.Clone(c.expiry.Reminders), GraceDays: c.expiry.GraceDays}
}

// Includes reports whether the edition e has the feature. An edition or a feature the catalogue does not know is
// never included.
func (c Catalogue) Includes(e Edition, f Feature) bool {
	from, ok := c.from[f]
	return ok && c.index(e) >= c.index(from)
}

// First returns the lowest edition that has the feature, or no edition when the catalogue does not know the feature.
func (c Catalogue) First(f Feature) Edition { return c.from[f] }

// Compare orders two editions: negative when a is lower than b, zero when they are the same, positive when it is
// higher. An edition the catalogue does not know is lower than all others.
func (c Catalogue) Compare(a, b Edition) int { return c.index(a) - c.index(b) }

// Parse returns the edition a person names by id or by English or Chinese name, in any case. Its error wraps
// ErrUnknown and names the editions there are.
func (c Catalogue) Parse(text string) (Edition, error) {
	wanted := strings.TrimSpace(text)
	ids := make([]string, 0, len(c.entries))
	for _, e := range c.entries {
		if strings.EqualFold(wanted, string(e.ID)) || strings.EqualFold(wanted, e.English) || wanted == e.Chinese {
			return e.ID, nil
		}
		ids = append(ids, string(e.ID))
	}
	return "", fmt.Errorf("%w: %q; there are %s", ErrUnknown, wanted, strings.Join(ids, ", "))
}

func (c Catalogue) index(e Edition) int {
	return slices.IndexFunc(c.entries, func(entry Entry) bool { return entry.ID == e })
}
