package group

import (
	"context"
	"errors"
	"strings"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/text"
)

// Service is the area's acts.
type Service struct {
	*finder
	host  Host
	terms Terms
}

// finder finds groups for those who may see them.
type finder struct {
	gate    *control.Gate
	store   Store
	regions Regions
}

// New makes the service.
func New(gate *control.Gate, store Store, regions Regions, host Host, terms Terms) *Service {
	return &Service{finder: &finder{gate: gate, store: store, regions: regions}, host: host, terms: terms}
}

// kind is what targets and faults call a group.
const kind = "group"

// nearGroups bounds the names that a refusal offers.
const nearGroups = 3

// List lists the groups of a region that the caller may see the details of, by name.
func (s *Service) List(ctx context.Context, region string) ([]Group, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Group]{
		Action: action.GroupList,
		Target: s.in(region),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Group, error) {
			return s.visible(ctx, t.Region)
		},
	})
}

// OfWorkspace lists the groups that a workspace is associated with, for its members.
func (s *Service) OfWorkspace(ctx context.Context, ref control.Ref) ([]Group, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Group]{
		Action: action.GroupOfWorkspace,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Group, error) {
			groups, err := s.store.OfWorkspace(ctx, t.Workspace)
			for i := range groups {
				// Which other workspaces share it is for those to know who may see the group.
				if s.gate.Also(ctx, action.GroupShow, at(groups[i])) != nil {
					groups[i].Workspaces = []Workspace{{ID: t.Workspace, Name: t.WorkspaceName}}
				}
			}
			return groups, err
		},
	})
}

// Get returns one group.
func (s *Service) Get(ctx context.Context, ref Ref) (Group, error) {
	return control.Ask(ctx, s.gate, control.Query[Group]{
		Action: action.GroupShow,
		Target: s.on(ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Group, error) {
			return s.find(ctx, Ref{Region: t.Region, Name: t.Name})
		},
	})
}

// Terms are the sizes, times and limits that groups have here.
func (s *Service) Terms() Terms { return s.terms }

// in is the Target function of what is done in a region.
func (s *finder) in(region string) func(context.Context) (control.Target, error) {
	return func(ctx context.Context) (control.Target, error) {
		region, err := s.region(ctx, region)
		return control.Target{Region: region, Kind: kind}, err
	}
}

// on is the Target function of what is done to one group. A group that is not there is a fault.NotFound.
func (s *finder) on(ref Ref) func(context.Context) (control.Target, error) {
	return func(ctx context.Context) (control.Target, error) {
		region, err := s.region(ctx, ref.Region)
		if err != nil {
			return control.Target{}, err
		}
		g, err := s.find(ctx, Ref{Region: region, Name: ref.Name})
		if err != nil {
			return control.Target{Region: region, Kind: kind, Name: ref.Name}, err
		}
		return at(g), nil
	}
}

func at(g Group) control.Target { return control.Target{Region: g.Region, Kind: kind, Name: g.Name} }

// region is the region meant: the only one that is activated, if none is named.
func (s *finder) region(ctx context.Context, named string) (string, error) {
	if named != "" {
		return text.Fold(named), nil
	}
	only, err := s.regions.Only(ctx)
	if err == nil && only == "" {
		err = fault.OneField("region", "fault.group.region", nil)
	}
	return only, err
}

// find finds a group. Near names are offered only to those who see them in the list.
func (s *finder) find(ctx context.Context, ref Ref) (Group, error) {
	g, ok, err := s.store.Find(ctx, ref.Region, ref.Name)
	if err != nil || ok {
		return g, err
	}
	missing := &fault.NotFound{What: kind, Name: ref.Name}
	if err := s.gate.Also(ctx, action.GroupList, control.Target{Region: ref.Region, Kind: kind}); err != nil {
		return g, errors.Join(hidden(err), missing)
	}
	seen, err := s.visible(ctx, ref.Region)
	if err != nil {
		return g, err
	}
	names := make([]string, len(seen))
	for i, g := range seen {
		names[i] = g.Name
	}
	missing.Nearest = text.Nearest(ref.Name, names, nearGroups)
	return g, missing
}

// hidden drops a refusal: what may not be seen is not there.
func hidden(err error) error {
	if fault.KindOf(err) == fault.KindDenied {
		return nil
	}
	return err
}

// visible are the groups of a region that the caller may see the details of.
func (s *finder) visible(ctx context.Context, region string) ([]Group, error) {
	all, err := s.store.List(ctx, region)
	if err != nil {
		return nil, err
	}
	seen := []Group{}
	for _, g := range all {
		err := s.gate.Also(ctx, action.GroupShow, at(g))
		if err == nil {
			seen = append(seen, g)
			continue
		}
		if err := hidden(err); err != nil {
			return nil, err
		}
	}
	return seen, nil
}

// later is t moved on by months, on the last day of a month that is too short.
func later(t time.Time, months int) time.Time {
	to := t.AddDate(0, months, 0)
	if to.Day() != t.Day() {
		to = to.AddDate(0, 0, -to.Day())
	}
	return to
}

func conflict(theirs Group, read int64, mine any) error {
	return &fault.Conflict{What: kind, Name: theirs.Name, Read: read, Now: max(theirs.Version, read+1), Mine: mine, Theirs: theirs}
}

func fold(names []string) []string {
	var list []string
	seen := map[string]bool{}
	for _, name := range names {
		if key := text.Fold(name); key != "" && !seen[key] {
			seen[key] = true
			list = append(list, strings.TrimSpace(name))
		}
	}
	return list
}
