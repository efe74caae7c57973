package question

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
)

// Tick is what a built-in role has of one permission point.
type Tick uint8

// The ticks.
const (
	// Unknown is that nothing is published about it. It grants nothing.
	Unknown Tick = iota
	// No is published as not granted.
	No
	// Yes is published as granted.
	Yes
)

// Granted says whether the point is known to be granted.
func (t Tick) Granted() bool { return t == Yes }

// String is "unknown", "no" or "yes".
func (t Tick) String() string {
	switch t {
	case Unknown:
		return "unknown"
	case No:
		return "no"
	case Yes:
		return "yes"
	}
	return "invalid"
}

// Point is one permission point of the built-in workspace roles, which are finer than levels of modules and never change.
type Point struct {
	// Module is the heading that the point is published under, which is not always a module.
	Module, ModuleZH string
	Name, NameZH     string // NameZH is empty where none is published
	Basis            Basis
	// Ticks are those of Points.Roles, in their order.
	Ticks []Tick
}

// Basis is what a point rests on.
type Basis string

// The bases: a published table, the description of an interface, or prose.
const (
	FromTable Basis = "table"
	FromAPI   Basis = "api"
	FromProse Basis = "prose"
)

// Points is the table of permission points of the built-in workspace roles, for people to read: decisions go by levels.
type Points struct {
	// Roles are the codes of the columns.
	Roles  []string
	Points []Point
}

// pointColumns are those before the columns of roles.
const pointColumns = 5

// LoadPoints reads the table from CSV. Everything wrong with it is told at once.
func LoadPoints(data []byte) (Points, error) {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return Points{}, fmt.Errorf("reading the permission points: %w", err)
	}
	if len(rows) == 0 || len(rows[0]) <= pointColumns {
		return Points{}, errors.New("reading the permission points: there are no columns of roles")
	}
	table := Points{Roles: rows[0][pointColumns:]}
	var faults []error
	seen := map[[2]string]bool{}
	for i, row := range rows[1:] {
		p, err := point(row)
		key := [2]string{p.Module, p.Name}
		if err == nil && seen[key] {
			err = fmt.Errorf("%s, %s stands twice", p.Module, p.Name)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("line %d: %w", i+2, err))
		}
		seen[key] = true
		table.Points = append(table.Points, p)
	}
	if err := errors.Join(faults...); err != nil {
		return Points{}, fmt.Errorf("reading the permission points: %w", err)
	}
	return table, nil
}

func point(row []string) (Point, error) {
	p := Point{Module: row[0], ModuleZH: row[1], Name: row[2], NameZH: row[3], Basis: Basis(row[4])}
	if p.Module == "" || p.ModuleZH == "" || p.Name == "" {
		return p, errors.New("a name is missing")
	}
	if !slices.Contains([]Basis{FromTable, FromAPI, FromProse}, p.Basis) {
		return p, fmt.Errorf("there is no basis %q", p.Basis)
	}
	for _, cell := range row[pointColumns:] {
		switch cell {
		case Yes.String():
			p.Ticks = append(p.Ticks, Yes)
		case No.String():
			p.Ticks = append(p.Ticks, No)
		case Unknown.String():
			p.Ticks = append(p.Ticks, Unknown)
		default:
			return p, fmt.Errorf("a cell says %q", cell)
		}
	}
	return p, nil
}
