package access

import (
	"math/bits"
	"strings"
)

// Level is what may be done on a module. A higher level includes the lower.
type Level uint8

const (
	// None is no access: the module cannot even be seen.
	None Level = iota
	// Read is to see what the module holds.
	Read
	// Write is to see and to change it.
	Write
)

// String is "none", "read" or "write".
func (l Level) String() string {
	switch l {
	case None:
		return "none"
	case Read:
		return "read"
	case Write:
		return "write"
	}
	return "invalid"
}

// ParseLevel reads a level from its name or one of its usual short forms, in
// upper or lower case. The error is an *UnknownError.
func ParseLevel(s string) (Level, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "none", "no", "-", "no-permissions", "no permissions":
		return None, nil
	case "read", "read-only", "read only", "readonly", "ro", "r":
		return Read, nil
	case "write", "read-write", "read write", "readwrite", "read and write", "rw", "w":
		return Write, nil
	}
	return None, &UnknownError{Kind: "level", Given: s, Nearest: []string{"none", "read", "write"}}
}

// Levels holds one level for every module, two bits each: 00 none, 01 read,
// 11 write. Written so, the higher of two levels is their OR, which is how
// roles add up. The zero value is None everywhere. The bits are an inner
// matter: keep levels by Module.Code, not by number.
type Levels uint64

const (
	cellBits  = 2
	lowBits   = Levels(0x5555_5555_5555_5555) // the read bit of every cell
	firstCell = Levels(3)
	// The modules count from 1, so that their cells begin above the first two bits.
	workspaceCells = (Levels(1)<<(cellBits*(lastWorkspaceModule+1)) - 1) &^ firstCell
	everyCell      = (Levels(1)<<(cellBits*(lastModule+1)) - 1) &^ firstCell
)

// AllWorkspace is the same level on every workspace module.
func AllWorkspace(l Level) Levels {
	switch l {
	case None:
		return 0
	case Read:
		return workspaceCells & lowBits
	case Write:
		return workspaceCells
	}
	return 0
}

// Get is the level of a module; None for what is no module.
func (l Levels) Get(m Module) Level {
	cell := uint8(l >> offset(m) & firstCell)
	return Level(cell - cell>>1)
}

// With is l with the level of one module set. What is no module or no level
// changes nothing.
func (l Levels) With(m Module, level Level) Levels {
	if !m.valid() || level > Write {
		return l
	}
	cell := Levels(level | level>>1)
	return l&^cells(m) | cell<<offset(m)
}

// offset is where the cell of a module begins; what is no module may lie
// beyond all bits, where there is nothing to find.
func offset(m Module) uint { return cellBits * uint(m) }

// cells is Write on one module and None elsewhere.
func cells(m Module) Levels { return firstCell << offset(m) }

// needed is the one bit that must be set for the level to be held on a
// workspace module, and 0 for a question that cannot be answered with yes.
func needed(m Module, level Level) Levels {
	if level > Write {
		return 0
	}
	return Levels(level) << offset(m) & workspaceCells
}

// valid says that the cells are those of modules and each is one of three.
func (l Levels) valid() bool {
	return l&^everyCell == 0 && l>>1&lowBits&^l == 0
}

// touched is the number of modules with any bit set.
func (l Levels) touched() int {
	return bits.OnesCount64(uint64((l | l>>1) & lowBits))
}

// steps is the number of levels above None, summed over all modules.
func (l Levels) steps() int { return bits.OnesCount64(uint64(l)) }

// first is the first module with any bit set; l must not be 0.
func (l Levels) first() Module {
	return Module(bits.TrailingZeros64(uint64(l)) / cellBits) //nolint:gosec // below 64
}
