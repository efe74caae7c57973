package source

import (
	"context"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// Create is the form for a new data source.
type Create struct {
	// Name begins with a letter and has letters, digits and underscores, at most 255; it is unique in the workspace.
	Name string
	// Type is the code of a type, in any case.
	Type string
	// Description is of each connection, at most 3000 characters.
	Description string
	// Connections are the properties for each environment. A workspace of simple mode takes production only, one of standard
	// mode wants both.
	Connections map[Environment]Properties
}

// Create makes a data source in a workspace.
func (s *Service) Create(ctx context.Context, ref control.Ref, in Create) (Source, error) {
	return control.Do(ctx, s.gate, control.Change[Source]{
		Action: action.SourceAdd,
		Target: control.AtThing(s.store, ref, "source", in.Name),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			return s.checkNew(ctx, t.Workspace, in)
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Source], error) {
			none := control.Applied[Source]{}
			kind, _ := s.types.Find(in.Type)
			id, err := s.store.Insert(ctx, t.Workspace, in.Name, kind.Code)
			if err != nil {
				return none, err
			}
			for _, env := range Environments() {
				if p, wanted := in.Connections[env]; wanted {
					if err := s.put(ctx, id, Connection{Environment: env, Properties: p.clean(), Description: in.Description}, by.Principal); err != nil {
						return none, err
					}
				}
			}
			made, err := s.find(ctx, t.Workspace, in.Name)
			return control.Applied[Source]{Value: made, After: made}, err
		},
	})
}

// Check says what is wrong with a form by itself, without looking at the workspace beyond its mode: nothing of names that are
// taken. Plans are made with it before there is a workspace.
func (t Types) Check(in Create, standard bool) []fault.Field {
	var bad faults
	bad.rule("name", nameRule, in.Name)
	bad.rule("description", aboutRule, in.Description)
	kind, known := t.Find(in.Type)
	if !known {
		bad.add("type", "fault.source.type", message.Args{"Type": in.Type, "Types": strings.Join(t.Codes(), ", ")})
	}
	for _, env := range Environments() {
		p, given := in.Connections[env]
		switch {
		case given && env == Dev && !standard:
			bad.add(string(env), "fault.source.simple", nil)
		case !given && (env == Prod || standard):
			bad.add(string(env), "fault.source.environment", message.Args{"Environment": string(env)})
		case given && known:
			bad = append(bad, t.check(kind, env, p.clean())...)
		}
	}
	for env := range in.Connections {
		if env != Dev && env != Prod {
			bad.add("environment", "fault.source.environment.unknown", message.Args{"Environment": string(env)})
		}
	}
	return bad
}

func (s *Service) checkNew(ctx context.Context, ws access.WorkspaceID, in Create) ([]fault.Field, error) {
	standard, err := s.store.Standard(ctx, ws)
	if err != nil {
		return nil, err
	}
	bad := s.types.Check(in, standard)
	all, err := s.store.List(ctx, ws)
	if _, taken := named(all, in.Name); taken {
		bad = append(bad, fault.Field{Name: "name", Taken: true, Text: message.Text{ID: "fault.source.name.taken", Args: message.Args{"Name": in.Name}}})
	}
	return bad, err
}

func (s *Service) put(ctx context.Context, id uint32, c Connection, by access.PrincipalID) error {
	c.Mode, c.CreatedAt, c.ModifiedAt = ModeURL, s.gate.Now(), s.gate.Now()
	return s.store.Put(ctx, id, c, by)
}

// Update says what to change of a data source; its name and type stay.
type Update struct {
	// Description, if not nil, becomes that of every connection.
	Description *string
	// Connections are properties to set in an environment, over those that are there; an empty value takes one away. An
	// environment that has none yet gets a connection.
	Connections map[Environment]Properties
	// Version is the version that was read; 0 takes whatever stands.
	Version int64
}

// Update changes connections of a data source. What was changed counts as not tested.
func (s *Service) Update(ctx context.Context, ref control.Ref, name string, in Update) (Source, error) {
	var before Source
	return control.Do(ctx, s.gate, control.Change[Source]{
		Action: action.SourceUpdate,
		Target: control.AtThing(s.store, ref, "source", name),
		Check: func(ctx context.Context, t control.Target) (bad []fault.Field, err error) {
			before, err = s.read(ctx, t.Workspace, name, in.Version)
			if err != nil {
				return nil, err
			}
			return s.checkUpdate(ctx, t.Workspace, before, in)
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Source], error) {
			none := control.Applied[Source]{}
			changes := in.changes(before)
			if len(changes) == 0 {
				return control.Applied[Source]{Value: before, Nothing: true}, nil
			}
			ok, err := s.store.Raise(ctx, before.ID, before.Version)
			if err == nil && !ok {
				err = conflict(before, before.Version)
			}
			if err != nil {
				return none, err
			}
			for _, c := range changes {
				if err := s.put(ctx, before.ID, c, by.Principal); err != nil {
					return none, err
				}
			}
			after, err := s.find(ctx, t.Workspace, name)
			return control.Applied[Source]{Value: after, Before: before, After: after}, err
		},
	})
}

func (s *Service) checkUpdate(ctx context.Context, ws access.WorkspaceID, before Source, in Update) ([]fault.Field, error) {
	standard, err := s.store.Standard(ctx, ws)
	if err != nil {
		return nil, err
	}
	kind, known := s.types.Find(before.Type)
	var bad faults
	if !known { // a type that a newer program knew
		bad.add("type", "fault.source.type", message.Args{"Type": before.Type, "Types": strings.Join(s.types.Codes(), ", ")})
		return bad, nil
	}
	if in.Description != nil {
		bad.rule("description", aboutRule, *in.Description)
	}
	for _, env := range Environments() {
		p, given := in.Connections[env]
		switch {
		case given && env == Dev && !standard:
			bad.add(string(env), "fault.source.simple", nil)
		case given:
			old, _ := before.In(env)
			bad = append(bad, s.types.check(kind, env, p.over(old.Properties))...)
		}
	}
	return bad, nil
}

// changes are the connections that come out different.
func (in Update) changes(before Source) []Connection {
	var changed []Connection
	for _, env := range Environments() {
		old, there := before.In(env)
		p, given := in.Connections[env]
		if !there && !given {
			continue
		}
		c := Connection{Environment: env, Properties: p.over(old.Properties), Description: old.Description}
		if in.Description != nil {
			c.Description = *in.Description
		}
		if !there || c.Description != old.Description || !same(c.Properties, old.Properties) {
			changed = append(changed, c)
		}
	}
	return changed
}

func same(a, b Properties) bool {
	if len(a) != len(b) {
		return false
	}
	for name, value := range a {
		if other, there := b[name]; !there || other != value {
			return false
		}
	}
	return true
}

// Delete takes a data source out of a workspace, or with an environment only its connection there; the last connection
// takes the source with it. version is the version that was read; 0 takes whatever stands.
func (s *Service) Delete(ctx context.Context, ref control.Ref, name string, env Environment, version int64) (Source, error) {
	return control.Do(ctx, s.gate, control.Change[Source]{
		Action: action.SourceDelete,
		Target: control.AtThing(s.store, ref, "source", name),
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			var bad faults
			if env != "" && env != Dev && env != Prod {
				bad.add("environment", "fault.source.environment.unknown", message.Args{"Environment": string(env)})
			}
			return bad, nil
		},
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[Source], error) {
			before, err := s.read(ctx, t.Workspace, name, version)
			if err != nil {
				return control.Applied[Source]{}, err
			}
			if env == "" {
				return s.deleteAll(ctx, before)
			}
			if _, there := before.In(env); !there {
				return control.Applied[Source]{}, &fault.Refused{Reason: message.Text{ID: "fault.source.no_connection",
					Args: message.Args{"Name": before.Name, "Environment": string(env)}}}
			}
			if len(before.Connections) == 1 {
				return s.deleteAll(ctx, before)
			}
			ok, err := s.store.Raise(ctx, before.ID, before.Version)
			if err == nil && !ok {
				err = conflict(before, before.Version)
			}
			if err == nil {
				err = s.store.Drop(ctx, before.ID, env)
			}
			if err != nil {
				return control.Applied[Source]{}, err
			}
			after, err := s.find(ctx, t.Workspace, name)
			return control.Applied[Source]{Value: after, Before: before, After: after}, err
		},
	})
}

func (s *Service) deleteAll(ctx context.Context, before Source) (control.Applied[Source], error) {
	ok, err := s.store.Delete(ctx, before.ID, before.Version)
	if err == nil && !ok {
		err = conflict(before, before.Version)
	}
	return control.Applied[Source]{Value: before, Before: before}, err
}
