package source

import (
	"context"
	"errors"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/text"
)

// Service is the area's acts.
type Service struct {
	gate    *control.Gate
	store   Store
	network Network
	types   Types
}

// New makes the service.
func New(gate *control.Gate, store Store, network Network, types Types) *Service {
	return &Service{gate: gate, store: store, network: network, types: types}
}

// Types are the types of data sources there are, the same for everybody.
func (s *Service) Types() Types { return s.types }

// List lists the data sources of a workspace. Who may not look into them gets them without properties, descriptions and the
// stages of tests.
func (s *Service) List(ctx context.Context, ref control.Ref) ([]Source, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Source]{
		Action: action.SourceList,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Source, error) {
			found, err := s.store.List(ctx, t.Workspace)
			if err != nil {
				return nil, err
			}
			var denied *fault.Denied
			if err := s.gate.Also(ctx, action.SourceShow, t); errors.As(err, &denied) {
				hide(found)
			} else if err != nil {
				return nil, err
			}
			return found, nil
		},
	})
}

// hide takes out what only those see who may look into sources.
func hide(sources []Source) {
	for _, s := range sources {
		for i := range s.Connections {
			c := &s.Connections[i]
			c.Properties, c.Description = nil, ""
			if c.Tested != nil {
				c.Tested = &Test{At: c.Tested.At, By: c.Tested.By, Connected: c.Tested.Connected}
			}
		}
	}
}

// Get shows a data source by name.
func (s *Service) Get(ctx context.Context, ref control.Ref, name string) (Source, error) {
	return control.Ask(ctx, s.gate, control.Query[Source]{
		Action: action.SourceShow,
		Target: control.AtThing(s.store, ref, "source", name),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Source, error) {
			return s.find(ctx, t.Workspace, name)
		},
	})
}

// nearSources bounds the names that a refusal offers.
const nearSources = 3

// find finds a source by name, in any case; fault.NotFound with near names otherwise.
func (s *Service) find(ctx context.Context, ws access.WorkspaceID, name string) (Source, error) {
	all, err := s.store.List(ctx, ws)
	if err != nil {
		return Source{}, err
	}
	if found, ok := named(all, name); ok {
		return found, nil
	}
	names := make([]string, len(all))
	for i, one := range all {
		names[i] = one.Name
	}
	return Source{}, &fault.NotFound{What: "source", Name: strings.TrimSpace(name), Nearest: text.Nearest(name, names, nearSources)}
}

// read is find for who has read a version before; 0 takes whatever stands.
func (s *Service) read(ctx context.Context, ws access.WorkspaceID, name string, version int64) (Source, error) {
	found, err := s.find(ctx, ws, name)
	if err == nil && version != 0 && version != found.Version {
		err = conflict(found, version)
	}
	return found, err
}

func conflict(theirs Source, read int64) error {
	return &fault.Conflict{What: "source", Name: theirs.Name, Read: read, Now: theirs.Version, Theirs: theirs}
}
