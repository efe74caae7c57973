package role

import (
	"context"
	"errors"
	"slices"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Copies copies custom roles from one workspace to others. Each workspace gets a role of its own, which from then on is changed by
// itself. A role can go to any region whose edition has custom roles.
type Copies struct {
	gate    *control.Gate
	store   Store
	roles   *Service
	engines Engines
}

// NewCopies makes the service.
func NewCopies(gate *control.Gate, store Store, roles *Service, engines Engines) *Copies {
	return &Copies{gate: gate, store: store, roles: roles, engines: engines}
}

// Engines is what copying a role needs of the engines of workspaces.
type Engines interface {
	// Mapped are the engines of a workspace that know roles, by name, with the role of the engine that a role of the workspace is
	// mapped to; empty for none. A role that is not there is mapped to none.
	Mapped(ctx context.Context, ref control.Ref, role string) ([]Mapped, error)
	// Map maps a role of a workspace to a role of an engine of it, with the rights of who asks.
	Map(ctx context.Context, ref control.Ref, role string, m Mapped) error
}

// Mapped is the role of an engine that a role of a workspace is mapped to.
type Mapped struct{ Engine, EngineRole string }

// Copying says where a role is copied to.
type Copying struct {
	// To are the workspaces. One without a region is looked for in the region of the role first.
	To []control.Ref
	// Replace changes a role of the same name that is there already and says something else; otherwise it stays as it is.
	Replace bool
	// Versions, if not nil, are the versions of the roles that were seen to be there: another version is a conflict, and a role
	// that was not seen is not replaced.
	Versions map[control.Ref]int64
	// OwnLoss as in Edit.
	OwnLoss bool
}

// Result is what copying a role to one workspace does.
type Result string

// The results.
const (
	Creates  Result = "creates"
	Same     Result = "same"     // is there and says the same
	Differs  Result = "differs"  // is there, says something else, and stays as it is
	Replaces Result = "replaces" // is there, said something else, and is changed
)

// Copied is what copying a role does in one workspace.
type Copied struct {
	Region    string `json:"region"`
	Workspace string `json:"workspace"`
	// Name is what the role is called there.
	Name   string `json:"role"`
	Result Result `json:"result"`
	// Version is that of the role which was there before, and Holders how many hold it; 0 if there was none.
	Version int64 `json:"version"`
	Holders int   `json:"members"`
	// Differences are the modules on which what is there (Left) and what is copied (Right) differ.
	Differences []Difference  `json:"differences"`
	Mappings    []MappingCopy `json:"engine_mappings"`
}

// Ref names the workspace.
func (c Copied) Ref() control.Ref { return control.Ref{Region: c.Region, Workspace: c.Workspace} }

// MappingResult is what becomes of one mapping of the role to a role of an engine.
type MappingResult string

// The results of mappings.
const (
	Maps          MappingResult = "maps"
	MapsSame      MappingResult = "same"
	MapsElse      MappingResult = "differs"   // the role is there and mapped otherwise, and stays so
	MapsNoEngine  MappingResult = "no_engine" // no engine of this name knows roles there
	MapsForbidden MappingResult = "forbidden" // whoever copies may not map roles there
)

// MappingCopy is what becomes of one mapping.
type MappingCopy struct {
	Engine     string        `json:"engine"`
	EngineRole string        `json:"engine_role"`
	Result     MappingResult `json:"result"`
}

// Copy copies a custom role, in one transaction: each workspace with its own check of rights and its own entries in the audit.
// Mappings to engine roles go along where an engine of the same name is, and only if whoever copies may map; what else is mapped
// there stays.
func (s *Copies) Copy(ctx context.Context, ref control.Ref, name string, in Copying) ([]Copied, error) {
	return control.Do(ctx, s.gate, s.copy(ref, name, in))
}

// Foreseen is what copying would do in one workspace, with what it would do to access there.
type Foreseen struct {
	Copied
	// Effect is empty where no role is replaced.
	Effect control.Outcome
}

// Preview tells what copying would do, workspace by workspace.
func (s *Copies) Preview(ctx context.Context, ref control.Ref, name string, in Copying) ([]Foreseen, error) {
	in.OwnLoss = true // a preview is what tells of it
	copied, err := control.Rehearse(ctx, s.gate, s.copy(ref, name, in))
	if err != nil {
		return nil, err
	}
	out := make([]Foreseen, len(copied))
	for i, c := range copied {
		out[i].Copied = c
		if c.Result != Replaces || len(c.Differences) == 0 {
			continue
		}
		edit := Edit{Levels: map[access.Module]access.Level{}, Version: c.Version}
		for _, d := range c.Differences {
			edit.Levels[d.Module] = d.Right
		}
		if out[i].Effect, err = s.roles.PreviewSet(ctx, c.Ref(), c.Name, edit); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Copies) copy(ref control.Ref, name string, in Copying) control.Change[[]Copied] {
	return control.Change[[]Copied]{
		Action:  action.RoleCopy,
		Target:  control.AtThing(s.store, ref, "role", name),
		Several: true,
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			targets, bad, err := s.targets(ctx, t, in.To)
			if err != nil || len(bad) > 0 {
				return bad, err
			}
			return nil, s.may(ctx, targets)
		},
		Apply: func(ctx context.Context, t control.Target, _ control.Actor) (control.Applied[[]Copied], error) {
			none := control.Applied[[]Copied]{}
			r, err := s.roles.custom(ctx, t.Workspace, name)
			if err != nil {
				return none, err
			}
			mapped, err := s.engines.Mapped(ctx, control.Ref{Region: t.Region, Workspace: t.WorkspaceName}, r.Name)
			if err != nil {
				return none, err
			}
			mapped = slices.DeleteFunc(mapped, func(m Mapped) bool { return m.EngineRole == "" })
			targets, _, err := s.targets(ctx, t, in.To)
			if err != nil {
				return none, err
			}
			done, nothing := make([]Copied, len(targets)), true
			for i, to := range targets {
				if done[i], err = s.into(ctx, to, r, mapped, in); err != nil {
					return none, err
				}
				nothing = nothing && done[i].Result != Creates && done[i].Result != Replaces
			}
			return control.Applied[[]Copied]{Value: done, After: done, Target: named(t, r), Nothing: nothing}, nil
		},
	}
}

// targets are the workspaces to copy to, each once, and what is wrong with how they are named.
func (s *Copies) targets(ctx context.Context, from control.Target, to []control.Ref) (targets []control.Target, bad []fault.Field, err error) {
	say := func(unknown bool, id string, args message.Args) {
		bad = append(bad, fault.Field{Name: "to", Unknown: unknown, Text: message.Text{ID: id, Args: args}})
	}
	if len(to) == 0 {
		say(false, "fault.role.copy.nowhere", nil)
	}
	for _, ref := range to {
		t, err := s.place(ctx, from.Region, ref)
		var missing *fault.NotFound
		var invalid *fault.Invalid
		switch {
		case errors.As(err, &missing):
			say(true, "fault.role.copy.unknown", message.Args{"Name": missing.Name, "Nearest": strings.Join(missing.Nearest, ", ")})
		case errors.As(err, &invalid):
			say(false, "fault.role.copy.which", message.Args{"Name": ref.Workspace, "What": invalid.Fields[0].Text})
		case err != nil:
			return nil, nil, err
		case t.Workspace == from.Workspace:
			say(false, "fault.role.copy.itself", message.Args{"Name": t.WorkspaceName})
		case !slices.ContainsFunc(targets, func(have control.Target) bool { return have.Workspace == t.Workspace }):
			targets = append(targets, t)
		}
	}
	return targets, bad, nil
}

// place finds a workspace; one without a region is that of the region of the role, or else the only one of its name.
func (s *Copies) place(ctx context.Context, region string, ref control.Ref) (control.Target, error) {
	if ref.Region == "" {
		t, err := s.store.Place(ctx, control.Ref{Region: region, Workspace: ref.Workspace})
		if fault.KindOf(err) != fault.KindNotFound || err == nil {
			return t, err
		}
	}
	return s.store.Place(ctx, ref)
}

// may refuses whoever may not make roles in all of the workspaces, naming those where they may not.
func (s *Copies) may(ctx context.Context, targets []control.Target) error {
	var where []string
	var first *fault.Denied
	for _, t := range targets {
		err := s.gate.Also(ctx, action.RoleCreate, t)
		var denied *fault.Denied
		if err != nil && !errors.As(err, &denied) {
			return err
		}
		if denied == nil {
			continue
		}
		where = append(where, t.Region+"/"+t.WorkspaceName)
		if first == nil {
			first = denied
		}
	}
	if first == nil {
		return nil
	}
	return &fault.Denied{Action: string(action.RoleCopy), Ask: first.Ask,
		Reason: message.Text{ID: "denied.role_copy", Args: message.Args{"Where": strings.Join(where, ", "), "Reason": first.Reason}}}
}

// into copies a role to one workspace.
func (s *Copies) into(ctx context.Context, t control.Target, r Role, mapped []Mapped, in Copying) (Copied, error) {
	ref := control.Ref{Region: t.Region, Workspace: t.WorkspaceName}
	out := Copied{Region: t.Region, Workspace: t.WorkspaceName, Name: r.Name, Result: Creates, Differences: []Difference{}, Mappings: []MappingCopy{}}
	all, err := s.store.List(ctx, t.Workspace)
	if err != nil {
		return out, err
	}
	if i := slices.IndexFunc(all, func(other Role) bool {
		return text.Fold(other.Name) == text.Fold(r.Name) && other.Kind == access.Custom
	}); i >= 0 {
		there := all[i]
		out.Name, out.Result, out.Version, out.Holders, out.Differences = there.Name, Same, there.Version, there.Holders, append(out.Differences, Differences(there, r)...)
	}
	if out.Mappings, err = s.mappings(ctx, t, r, mapped, out.Result == Creates || s.replaces(ref, in)); err != nil {
		return out, err
	}
	changes := len(out.Differences) > 0 || slices.ContainsFunc(out.Mappings, func(m MappingCopy) bool { return m.Result == Maps || m.Result == MapsElse })
	switch {
	case out.Result == Creates:
		_, err = s.roles.Create(ctx, ref, r.Name, r.Levels)
	case changes && !s.replaces(ref, in):
		out.Result = Differs
		return out, nil
	case changes:
		out.Result = Replaces
		err = s.replace(ctx, ref, r, out, in)
	}
	if err != nil {
		return out, err
	}
	for _, m := range out.Mappings {
		if m.Result != Maps {
			continue
		}
		if err := s.engines.Map(ctx, ref, r.Name, Mapped{m.Engine, m.EngineRole}); err != nil {
			return out, err
		}
	}
	return out, nil
}

// replaces says whether a role that is there already is to be changed.
func (s *Copies) replaces(ref control.Ref, in Copying) bool {
	_, seen := in.Versions[ref]
	return in.Replace && (in.Versions == nil || seen)
}

// replace changes the levels of a role that is there to those of another.
func (s *Copies) replace(ctx context.Context, ref control.Ref, r Role, c Copied, in Copying) error {
	edit := Edit{Levels: map[access.Module]access.Level{}, Version: in.Versions[ref], OwnLoss: in.OwnLoss}
	for _, d := range c.Differences {
		edit.Levels[d.Module] = d.Right
	}
	_, err := s.roles.Set(ctx, ref, r.Name, edit)
	return err
}

// mappings says what becomes of the mappings of a role in a workspace; changes says that a mapping which is there may be changed.
func (s *Copies) mappings(ctx context.Context, t control.Target, r Role, mapped []Mapped, changes bool) ([]MappingCopy, error) {
	out := []MappingCopy{}
	if len(mapped) == 0 {
		return out, nil
	}
	there, err := s.engines.Mapped(ctx, control.Ref{Region: t.Region, Workspace: t.WorkspaceName}, r.Name)
	if err != nil {
		return nil, err
	}
	err = s.gate.Also(ctx, action.EngineMapRole, t)
	if err != nil && fault.KindOf(err) != fault.KindDenied {
		return nil, err
	}
	for _, m := range mapped {
		i := slices.IndexFunc(there, func(other Mapped) bool { return text.Fold(other.Engine) == text.Fold(m.Engine) })
		c := MappingCopy{Engine: m.Engine, EngineRole: m.EngineRole, Result: Maps}
		switch {
		case i < 0:
			c.Result = MapsNoEngine
		case there[i].EngineRole == m.EngineRole:
			c.Result = MapsSame
		case err != nil:
			c.Result = MapsForbidden
		case !changes:
			c.Result = MapsElse
		}
		out = append(out, c)
	}
	return out, nil
}
