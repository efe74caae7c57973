package overview

import (
	"fmt"
	"time"

	"github.com/goccy/go-yaml"
)

// Release is a version of reeve with what is new in it.
type Release struct {
	Version string `yaml:"version"`
	Date    string `yaml:"date"`
	// Notes are sentences by language; English is always there.
	Notes map[string][]string `yaml:"notes"`
}

// In are the notes in a language, in English if there are none in it.
func (r Release) In(language string) []string {
	if notes := r.Notes[language]; len(notes) > 0 {
		return notes
	}
	return r.Notes["en"]
}

// LoadReleases reads the release notes from YAML, newest first, and fails on one that is incomplete or out of order.
func LoadReleases(data []byte) ([]Release, error) {
	var f struct {
		Releases []Release `yaml:"releases"`
	}
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("reading the release notes: %w", err)
	}
	last := ""
	for _, r := range f.Releases {
		_, err := time.Parse(time.DateOnly, r.Date)
		if r.Version == "" || err != nil || len(r.Notes["en"]) == 0 || last != "" && r.Date > last {
			return nil, fmt.Errorf("reading the release notes: version %q is incomplete or out of order", r.Version)
		}
		last = r.Date
	}
	return f.Releases, nil
}

// UseCase is one of the things that the platform is used for, as the link of a module.
type UseCase struct {
	ID string
	// Module is the code of the workspace module whose address it opens.
	Module string
}

// UseCases are what the platform is mostly used for, in the order of the work. The documentation shows core use cases on this page
// without listing them; these are ours.
func UseCases() []UseCase {
	return []UseCase{
		{"integrate", "data-integration"}, {"develop", "data-studio"}, {"operate", "operation-center"}, {"check", "data-quality"},
		{"serve", "data-service"},
	}
}
