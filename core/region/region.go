// Package region is the regions: the wall between workspaces. A region is used once it is activated in an edition, and all
// its workspaces share that edition.
package region

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/edition"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Known is a region of the vendor's list, activated or not.
type Known struct {
	ID      string `yaml:"id"`
	English string `yaml:"en"`
	Chinese string `yaml:"zh"`
	// OpenLake says that workspaces of the OpenLake template can be made there.
	OpenLake bool `yaml:"openlake"`
	// Zone is the time zone that tasks are scheduled in, as an IANA name.
	Zone string `yaml:"zone"`
	// Serverless says whether serverless resource groups are sold there; nil is yes.
	Serverless *bool `yaml:"serverless"`
}

// Load reads the list of regions from YAML. Other keys of an entry say where its facts come from and are not read.
func Load(data []byte) ([]Known, error) {
	var f struct {
		Regions []Known `yaml:"regions"`
	}
	if err := yaml.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("reading the regions: %w", err)
	}
	seen := map[string]bool{}
	for _, r := range f.Regions {
		if r.ID == "" || seen[r.ID] {
			return nil, fmt.Errorf("reading the regions: id %q is empty or there twice", r.ID)
		}
		seen[r.ID] = true
		if _, err := time.LoadLocation(r.Zone); err != nil || r.Zone == "" {
			return nil, fmt.Errorf("reading the regions: %s is in no time zone %q", r.ID, r.Zone)
		}
	}
	return f.Regions, nil
}

// Region is a region as it stands in this tenant.
type Region struct {
	ID      string `json:"id"`
	English string `json:"name"`
	Chinese string `json:"name_zh"`
	Active  bool   `json:"active"`
	// Edition is empty when the region is not activated.
	Edition     edition.Edition `json:"edition"`
	ActivatedAt *time.Time      `json:"activated_at"`
	// EndsAt is when the edition ends unless it is renewed, nil for never. After it the edition counts until FallsBackAt.
	EndsAt      *time.Time `json:"ends_at"`
	FallsBackAt *time.Time `json:"falls_back_at"`
	// DefaultWorkspace is, in the answer to an activation alone, the name of the workspace that was made with it.
	DefaultWorkspace string `json:"default_workspace,omitempty"`
	// Workspaces counts those that the caller can see.
	Workspaces int   `json:"workspaces"`
	Version    int64 `json:"version"`
}

// Active is the stored part of a region.
type Active struct {
	ID          string
	Edition     edition.Edition
	ActivatedAt time.Time
	// EndsAt is when the edition ends, the zero time for never.
	EndsAt  time.Time
	Version int64
}

// Store is what this area needs of storage.
type Store interface {
	Active(ctx context.Context) ([]Active, error)
	// WorkspaceCounts counts live workspaces by region; joined, if not 0, only those with this member and default workspaces.
	WorkspaceCounts(ctx context.Context, joined access.PrincipalID) (map[string]int, error)
	// Save activates a region or changes its edition if the stored version still is version (0: not there); otherwise ok is false.
	Save(ctx context.Context, a Active, version int64) (ok bool, err error)
}

// Service is the area's acts.
type Service struct {
	gate     *control.Gate
	store    Store
	known    []Known
	defaults Defaults
}

// Defaults makes the default workspace of a region that is being activated, and returns its name; empty if there is one.
type Defaults interface {
	Make(ctx context.Context, region string, by access.PrincipalID) (name string, err error)
}

// New makes the service with the list of known regions. defaults may be nil: regions then have no default workspaces.
func New(gate *control.Gate, store Store, known []Known, defaults Defaults) *Service {
	return &Service{gate: gate, store: store, known: known, defaults: defaults}
}

// List lists all regions, activated ones first, each half in the order of the vendor's list.
func (s *Service) List(ctx context.Context) ([]Region, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Region]{
		Action: action.RegionList,
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) ([]Region, error) {
			joined := by.Principal
			if by.Everything {
				joined = 0
			}
			counts, err := s.store.WorkspaceCounts(ctx, joined)
			if err != nil {
				return nil, err
			}
			active, err := s.active(ctx)
			if err != nil {
				return nil, err
			}
			var on, off []Region
			for _, k := range s.known {
				r := Region{ID: k.ID, English: k.English, Chinese: k.Chinese}
				if a, ok := active[k.ID]; ok {
					r = s.region(k, a)
					r.Workspaces = counts[k.ID]
					on = append(on, r)
				} else {
					off = append(off, r)
				}
			}
			return append(on, off...), nil
		},
	})
}

// Activation is the form for a region.
type Activation struct {
	ID      string
	Edition edition.Edition
	// Bare makes no default workspace. Changing the edition of a region never makes one.
	Bare bool
	// Version is the version that was read; 0 takes whatever stands.
	Version int64
}

// activated is an activation as the audit keeps it.
type activated struct {
	Active
	DefaultWorkspace string `json:",omitempty"`
}

// Activate makes a region usable in an edition, or changes the edition of one that is. A lower edition switches off what
// only the higher one includes; nothing stored is lost by it.
func (s *Service) Activate(ctx context.Context, in Activation) (Region, error) {
	id, e, version := in.ID, in.Edition, in.Version
	return control.Do(ctx, s.gate, control.Change[Region]{
		Action: action.RegionActivate,
		Target: func(context.Context) (control.Target, error) {
			return control.Target{Region: id, Kind: "region", Name: id}, nil
		},
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			var bad []fault.Field
			if _, err := s.Find(id); err != nil {
				return nil, err
			}
			if _, err := s.gate.Editions().Parse(string(e)); err != nil {
				bad = append(bad, fault.Field{Name: "edition", Text: message.Text{ID: "fault.edition.unknown", Args: message.Args{"Edition": string(e)}}})
			}
			return bad, nil
		},
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Region], error) {
			none := control.Applied[Region]{}
			known, err := s.Find(id)
			if err != nil {
				return none, err
			}
			active, err := s.active(ctx)
			if err != nil {
				return none, err
			}
			before, was := active[id]
			if version == 0 {
				version = before.Version
			}
			after := Active{ID: id, Edition: e, ActivatedAt: s.gate.Now(), Version: version + 1}
			if was {
				after.ActivatedAt, after.EndsAt = before.ActivatedAt, before.EndsAt
			}
			if e == edition.Basic {
				after.EndsAt = time.Time{} // it costs nothing and has no end
			}
			value := s.region(known, after)
			if was && before.Edition == e && version == before.Version {
				value.Version = before.Version
				return control.Applied[Region]{Value: value, Nothing: true}, nil
			}
			ok, err := s.store.Save(ctx, after, version)
			if err != nil {
				return none, err
			}
			if !ok {
				return none, &fault.Conflict{What: "region", Name: id, Read: version, Now: before.Version, Mine: after, Theirs: before}
			}
			if was {
				return control.Applied[Region]{Value: value, Before: before, After: after}, nil
			}
			if s.defaults != nil && !in.Bare {
				if value.DefaultWorkspace, err = s.defaults.Make(ctx, id, by.Principal); err != nil {
					return none, err
				}
			}
			return control.Applied[Region]{Value: value, After: activated{after, value.DefaultWorkspace}}, nil
		},
	})
}

// region is an activated region as it is shown.
func (s *Service) region(k Known, a Active) Region {
	r := Region{ID: k.ID, English: k.English, Chinese: k.Chinese, Active: true, Edition: a.Edition, ActivatedAt: &a.ActivatedAt, Version: a.Version}
	if !a.EndsAt.IsZero() {
		back := s.fallsBack(a.EndsAt)
		r.EndsAt, r.FallsBackAt = &a.EndsAt, &back
	}
	return r
}

// Find looks a region up in the vendor's list.
func (s *Service) Find(id string) (Known, error) { return find(s.known, id) }

func find(known []Known, id string) (Known, error) {
	names := make([]string, len(known))
	for i, k := range known {
		if strings.EqualFold(k.ID, id) {
			return k, nil
		}
		names[i] = k.ID
	}
	return Known{}, &fault.NotFound{What: "region", Name: id, Nearest: text.Nearest(id, names, 3)}
}

func (s *Service) active(ctx context.Context) (map[string]Active, error) {
	all, err := s.store.Active(ctx)
	if err != nil {
		return nil, err
	}
	active := make(map[string]Active, len(all))
	for _, a := range all {
		active[a.ID] = a
	}
	return active, nil
}
