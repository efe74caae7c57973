package access

import (
	"cmp"
	"slices"
)

// Place is a workspace in which a principal may do what was asked.
type Place struct {
	Workspace WorkspaceID
	// Level is the level held, which may be above the one asked for.
	Level Level
	// Because are the ways it was got, strongest first, as in Holder.
	Because []Contribution
}

// Where lists the workspaces in which the principal may use the module at the
// level, by id.
func (s *Snapshot) Where(p PrincipalID, m Module, level Level) []Place {
	need := needed(m, level)
	if need == 0 {
		return nil
	}
	var places []Place
	for ws, pl := range s.workspaces {
		held := s.Levels(ws, p)
		if held&need == 0 {
			continue
		}
		ways := slices.DeleteFunc(s.reasons(pl, p, m), func(c Contribution) bool { return !c.gives(level) })
		places = append(places, Place{Workspace: ws, Level: held.Get(m), Because: slices.Clip(ways)})
	}
	slices.SortFunc(places, func(a, b Place) int { return cmp.Compare(a.Workspace, b.Workspace) })
	return places
}

// reasons are the contributions to one cell, strongest first.
func (s *Snapshot) reasons(pl *place, p PrincipalID, m Module) []Contribution {
	list := s.contributions(nil, pl, p, pl.grantsOf(p), m)
	sortContributions(list)
	return list
}

// Cell is one module of a matrix, with what speaks for and against its level,
// strongest first.
type Cell struct {
	Module  Module
	Level   Level
	Because []Contribution
}

// MatrixOf is the effective matrix of a principal in a workspace: every
// workspace module in the order of WorkspaceModules.
func (s *Snapshot) MatrixOf(ws WorkspaceID, p PrincipalID) []Cell {
	pl, levels := s.place(ws), s.Levels(ws, p)
	var cells []Cell
	for _, m := range WorkspaceModules() {
		cells = append(cells, Cell{Module: m, Level: levels.Get(m), Because: s.reasons(pl, p, m)})
	}
	return cells
}

// Row is one member of a workspace in its matrix.
type Row struct {
	Principal   PrincipalID
	Levels      Levels
	Administers bool
}

// WorkspaceMatrix is the effective matrix of a workspace: its members by id,
// groups left out. A power alone makes no member.
func (s *Snapshot) WorkspaceMatrix(ws WorkspaceID) []Row {
	var rows []Row
	for _, p := range s.place(ws).members {
		if !s.isGroup(p) {
			rows = append(rows, Row{Principal: p, Levels: s.Levels(ws, p), Administers: s.Administers(ws, p)})
		}
	}
	return rows
}

// Difference is a module on which two principals, or two roles, differ.
type Difference struct {
	Module Module
	A, B   Level
}

// ComparePrincipals lists the modules on which two principals differ in a
// workspace, in the order of WorkspaceModules.
func (s *Snapshot) ComparePrincipals(ws WorkspaceID, a, b PrincipalID) []Difference {
	return differences(s.Levels(ws, a), s.Levels(ws, b))
}

// CompareRoles lists the modules on which the levels of two roles differ, in the
// order of WorkspaceModules. An unknown role has no levels.
func (s *Snapshot) CompareRoles(a, b RoleID) []Difference {
	var first, second Levels
	if r, found := s.roles[a]; found {
		first = r.gives
	}
	if r, found := s.roles[b]; found {
		second = r.gives
	}
	return differences(first, second)
}

func differences(a, b Levels) []Difference {
	var list []Difference
	for _, m := range WorkspaceModules() {
		if a.Get(m) != b.Get(m) {
			list = append(list, Difference{m, a.Get(m), b.Get(m)})
		}
	}
	return list
}
