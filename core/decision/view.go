package decision

import (
	"cmp"
	"slices"
	"strings"

	"reeve/core/access"
)

// World is what a view is made of, read in one transaction.
type World struct {
	State access.State
	// Workspaces are those that are there: not in the bin, where the name of one may be that of another.
	Workspaces []access.Workspace
	// Regions are the ids of the activated regions.
	Regions []string
}

// View is one state of the tenant, with the names by which it is asked. It never changes and may be used by any number of
// goroutines.
type View struct {
	snap       *access.Snapshot
	world      World
	principals []access.Principal // by id
	places     []access.Workspace // by id
	regions    []string           // by name

	users, groups map[string]access.PrincipalID // by name in lower case
	workspaces    map[string]access.Workspace   // by region/name in lower case
	modules       map[string]access.Module      // of workspaces, by code
	global        map[string]access.Module      // by code
	actions       map[string][]named            // by the type of resources, in the order of answers
	acts          map[key]act
}

type named struct {
	name string
	act  act
}

// key is an action of a type of resources, in lower case.
type key struct{ kind, action string }

// newView makes the view of a world as it is at a time, in Unix seconds.
func newView(w World, now int64) (*View, error) {
	w.State.Now = now
	snap, err := access.Compile(w.State)
	if err != nil {
		return nil, err
	}
	v := &View{snap: snap, world: w, users: map[string]access.PrincipalID{}, groups: map[string]access.PrincipalID{},
		workspaces: map[string]access.Workspace{}, modules: map[string]access.Module{}, global: map[string]access.Module{},
		actions: map[string][]named{}, acts: map[key]act{}}
	v.principals = slices.SortedFunc(slices.Values(w.State.Principals), func(a, b access.Principal) int { return cmp.Compare(a.ID, b.ID) })
	for _, p := range v.principals {
		if p.Group {
			v.groups[strings.ToLower(p.Name)] = p.ID
		} else {
			v.users[strings.ToLower(p.Name)] = p.ID
		}
	}
	v.places = slices.SortedFunc(slices.Values(w.Workspaces), func(a, b access.Workspace) int { return cmp.Compare(a.ID, b.ID) })
	for _, ws := range v.places {
		v.workspaces[strings.ToLower(ws.Region+"/"+ws.Name)] = ws
	}
	v.regions = slices.Sorted(slices.Values(w.Regions))
	for _, m := range access.WorkspaceModules() {
		v.modules[m.Code()] = m
	}
	for _, m := range access.GlobalModules() {
		v.global[m.Code()] = m
	}
	v.addActs()
	return v, nil
}

func (v *View) addActs() {
	add := func(kind, name string, does act) {
		v.actions[kind] = append(v.actions[kind], named{name, does})
		v.acts[key{kind, strings.ToLower(name)}] = does
	}
	for _, kind := range []string{TypeModule, TypeGlobalModule} {
		add(kind, ActionRead, act{level: access.Read})
		add(kind, ActionWrite, act{level: access.Write})
	}
	add(TypeWorkspace, ActionAdminister, act{administer: true})
	for _, o := range access.ConsoleActions() {
		switch {
		case o.Any:
			add(TypeRegion, o.Action, act{operation: o})
		case o.Entity == access.EntityWorkspace:
			add(TypeWorkspace, o.Action, act{operation: o})
		}
	}
}

// at is the view at a later time: the same, unless something has ended since.
func (v *View) at(now int64) (*View, error) {
	if !v.over(now) {
		return v, nil
	}
	return newView(v.world, now)
}

// over says whether something that was in force has ended by now.
func (v *View) over(now int64) bool {
	end := v.snap.NextEnd()
	return end != 0 && now >= end
}

// Snapshot is what the view answers by, for whoever puts reasons into words.
func (v *View) Snapshot() *access.Snapshot { return v.snap }

func (v *View) principal(e Entity) (p access.PrincipalID, found bool) {
	switch e.Type {
	case TypeUser:
		p, found = v.users[strings.ToLower(e.ID)]
	case TypeGroup:
		p, found = v.groups[strings.ToLower(e.ID)]
	}
	return p, found
}

func (v *View) thing(e Entity) (thing, bool) {
	id := strings.ToLower(e.ID)
	switch e.Type {
	case TypeRegion:
		at, found := slices.BinarySearch(v.regions, id)
		if !found {
			return thing{}, false
		}
		return thing{kind: e.Type, region: v.regions[at]}, true
	case TypeWorkspace:
		ws, found := v.workspaces[id]
		return thing{kind: e.Type, region: ws.Region, workspace: ws.ID, name: ws.Name}, found
	case TypeModule, TypeGlobalModule:
		cut := strings.LastIndexByte(id, '/')
		if cut < 0 {
			return thing{}, false
		}
		return v.moduleAt(e.Type, id[:cut], id[cut+1:])
	}
	return thing{}, false
}

// moduleAt finds a module in a workspace, or in a region.
func (v *View) moduleAt(kind, where, code string) (thing, bool) {
	if kind == TypeGlobalModule {
		m, known := v.global[code]
		at, found := slices.BinarySearch(v.regions, where)
		if !found || !known {
			return thing{}, false
		}
		return thing{kind: kind, region: v.regions[at], module: m}, true
	}
	m, known := v.modules[code]
	ws, found := v.workspaces[where]
	return thing{kind: kind, region: ws.Region, workspace: ws.ID, name: ws.Name, module: m}, found && known
}

func (v *View) act(kind, action string) (does act, found bool) {
	does, found = v.acts[key{kind, strings.ToLower(action)}]
	return does, found
}
