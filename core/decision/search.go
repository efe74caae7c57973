package decision

import (
	"iter"

	"reeve/core/access"
)

// Found is one answer to a search. Keys rise, and what is found keeps its own while it is there, so that a list is gone on with
// after a key, whatever has changed in between.
type Found struct {
	Key uint64
	// Entity is who or what was found; of an action the ID is its name and the type is empty.
	Entity
}

// Subjects lists who of a type may do something on a resource, after a key; 0 is the beginning.
func (v *View) Subjects(kind, action string, resource Entity, after uint64) iter.Seq[Found] {
	return func(yield func(Found) bool) {
		on, found := v.thing(resource)
		if !found || kind != TypeUser && kind != TypeGroup {
			return
		}
		does, found := v.act(on.kind, action)
		if !found {
			return
		}
		for _, p := range v.principals {
			if uint64(p.ID) <= after || p.Group != (kind == TypeGroup) || !v.allowed(p.ID, on, does) {
				continue
			}
			if !yield(Found{uint64(p.ID), Entity{kind, p.Name}}) {
				return
			}
		}
	}
}

// Actions lists what a subject may do on a resource.
func (v *View) Actions(subject, resource Entity, after uint64) iter.Seq[Found] {
	return func(yield func(Found) bool) {
		p, known := v.principal(subject)
		on, found := v.thing(resource)
		if !known || !found {
			return
		}
		for i, a := range v.actions[on.kind] {
			at := uint64(i) + 1 //nolint:gosec // a handful
			if at > after && v.allowed(p, on, a.act) && !yield(Found{at, Entity{ID: a.name}}) {
				return
			}
		}
	}
}

// Resources lists the resources of a type on which a subject may do something, after a key.
func (v *View) Resources(subject Entity, action, kind string, after uint64) iter.Seq[Found] {
	return func(yield func(Found) bool) {
		p, known := v.principal(subject)
		does, found := v.act(kind, action)
		if !known || !found {
			return
		}
		for at, on := range v.things(kind, after) {
			if v.allowed(p, on, does) && !yield(Found{at, Entity{kind, on.id()}}) {
				return
			}
		}
	}
}

// moduleBits are the bits of a key that tell the module; the rest tell where.
const moduleBits = 8

// things are all resources of a type with their keys.
func (v *View) things(kind string, after uint64) iter.Seq2[uint64, thing] {
	return func(yield func(uint64, thing) bool) {
		each := func(where uint64, on thing, modules []access.Module) bool {
			if modules == nil {
				return where <= after || yield(where, on)
			}
			for _, m := range modules {
				on.module = m
				if at := where<<moduleBits | uint64(m); at > after && !yield(at, on) {
					return false
				}
			}
			return true
		}
		switch kind {
		case TypeModule, TypeWorkspace:
			var modules []access.Module
			if kind == TypeModule {
				modules = access.WorkspaceModules()
			}
			for _, ws := range v.places {
				if !each(uint64(ws.ID), thing{kind: kind, region: ws.Region, workspace: ws.ID, name: ws.Name}, modules) {
					return
				}
			}
		case TypeGlobalModule, TypeRegion:
			var modules []access.Module
			if kind == TypeGlobalModule {
				modules = access.GlobalModules()
			}
			for i, region := range v.regions {
				if !each(uint64(i)+1, thing{kind: kind, region: region}, modules) { //nolint:gosec // a few dozen
					return
				}
			}
		}
	}
}

// id is the name by which a thing is asked about.
func (t thing) id() string {
	id := t.region
	if t.name != "" {
		id += "/" + t.name
	}
	if t.module != 0 {
		id += "/" + t.module.Code()
	}
	return id
}
