// Package peers lets other engines do the work of core/access, so that they can
// be measured against it on the same world and the same questions.
package peers

import (
	"fmt"
	"math/rand/v2"

	"reeve/assets"
	"reeve/core/access"
)

// Size is how large a world is. All counts are greater than zero.
type Size struct {
	Workspaces  int
	Members     int // of each workspace
	People      int // of the tenant
	RolesEach   int // of each member
	CustomRoles int // of each workspace
}

// World is one state and the questions that every engine is asked about it.
type World struct {
	State     access.State
	Questions []access.Question
}

// Cell is what a role gives on one module. Roles that give nothing on a module
// have no cell there.
type Cell struct {
	Module access.Module
	Write  bool
}

// CellsOf lists what a role gives.
func CellsOf(r access.Role) []Cell {
	var cells []Cell
	for _, m := range access.WorkspaceModules() {
		if level := r.Levels.Get(m); level != access.None {
			cells = append(cells, Cell{m, level == access.Write})
		}
	}
	return cells
}

// rolesByWorkspace lists the roles that can be held in each workspace.
func (w World) rolesByWorkspace() map[access.WorkspaceID][]access.Role {
	byWorkspace := make(map[access.WorkspaceID][]access.Role, len(w.State.Workspaces))
	for _, r := range w.State.Roles {
		if r.Kind == access.Custom {
			byWorkspace[r.Workspace] = append(byWorkspace[r.Workspace], r)
			continue
		}
		for _, ws := range w.State.Workspaces {
			byWorkspace[ws.ID] = append(byWorkspace[ws.ID], r)
		}
	}
	return byWorkspace
}

// NewWorld makes a world; the same size and number of questions always make the
// same one. Every member holds roles, every built-in role reads everything and no
// workspace is closed, so that a plain union of roles is the whole rule and every
// engine can say it.
func NewWorld(size Size, questions int) (World, error) {
	builtins, err := access.LoadBuiltins(assets.Roles())
	if err != nil {
		return World{}, fmt.Errorf("make a world: %w", err)
	}
	rnd := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the world must be the same in every run
	w := World{State: access.State{Revision: 1, Now: 1, Roles: builtins}}
	for i := range size.People {
		w.State.Principals = append(w.State.Principals, access.Principal{ID: access.PrincipalID(i + 1)}) //nolint:gosec // small
	}
	var assignable []access.RoleID
	for _, r := range builtins {
		if r.Assignable {
			assignable = append(assignable, r.ID)
		}
	}
	for i := range size.Workspaces {
		ws := access.WorkspaceID(i + 1) //nolint:gosec // small
		w.State.Workspaces = append(w.State.Workspaces, access.Workspace{ID: ws, Open: true})
		roles := append([]access.RoleID(nil), assignable...)
		for range size.CustomRoles {
			id := access.RoleID(1000 + len(w.State.Roles)) //nolint:gosec // small
			roles = append(roles, id)
			w.State.Roles = append(w.State.Roles, access.Role{
				ID: id, Kind: access.Custom, Workspace: ws, Levels: customLevels(rnd), Assignable: true,
			})
		}
		w.addMembers(rnd, ws, roles, size)
	}
	for i := range questions {
		w.Questions = append(w.Questions, w.question(rnd, i))
	}
	return w, nil
}

func (w *World) addMembers(rnd *rand.Rand, ws access.WorkspaceID, roles []access.RoleID, size Size) {
	for _, person := range rnd.Perm(size.People)[:size.Members] {
		p := w.State.Principals[person].ID
		w.State.Members = append(w.State.Members, access.Member{Workspace: ws, Principal: p})
		for _, i := range rnd.Perm(len(roles))[:size.RolesEach] {
			id := access.GrantID(len(w.State.Grants) + 1)
			w.State.Grants = append(w.State.Grants, access.Grant{ID: id, Workspace: ws, Principal: p, Role: roles[i], By: 1})
		}
	}
}

// customLevels are six in ten None, two Read and two Write.
func customLevels(rnd *rand.Rand) access.Levels {
	var levels access.Levels
	for _, m := range access.WorkspaceModules() {
		switch rnd.IntN(5) {
		case 0:
			levels = levels.With(m, access.Read)
		case 1:
			levels = levels.With(m, access.Write)
		}
	}
	return levels
}

// question is about a member four times in five, and to write every other time.
func (w *World) question(rnd *rand.Rand, i int) access.Question {
	member := w.State.Members[rnd.IntN(len(w.State.Members))]
	if i%5 == 0 {
		member.Principal = w.State.Principals[rnd.IntN(len(w.State.Principals))].ID
	}
	modules := access.WorkspaceModules()
	level := access.Read
	if i%2 == 0 {
		level = access.Write
	}
	return access.Question{
		Principal: member.Principal, Workspace: member.Workspace, Module: modules[rnd.IntN(len(modules))], Level: level,
	}
}
