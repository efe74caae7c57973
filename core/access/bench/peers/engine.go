package peers

import (
	"fmt"
	"runtime/debug"

	"reeve/core/access"
)

// Engine is something that answers questions about a world.
type Engine interface {
	// Build loads the world; its time and what it leaves in memory are measured.
	Build(World) error
	// Prepare puts the questions into the engine's own words, so that this is not
	// measured, and returns what asks the i-th of them.
	Prepare([]access.Question) (ask func(i int) (bool, error), err error)
	Close()
}

// Contender is an engine with how it takes part.
type Contender struct {
	Name string
	// Module is the module of a peer, for its version; empty for the product and
	// for the bare map.
	Module string
	// Workspaces limits the world for an engine that cannot be had at full size;
	// 0 is no limit.
	Workspaces int
	New        func() Engine
}

// Contenders are the product, a bare map, and the peers.
func Contenders() []Contender {
	return []Contender{
		{Name: "reeve", New: func() Engine { return &reeve{} }},
		{Name: "bare map, same key", New: func() Engine { return &bareMap{} }},
		{Name: "cedar-go, two policies", Module: "github.com/cedar-policy/cedar-go", New: func() Engine { return &cedar{} }},
		{Name: "OPA, prepared query", Module: "github.com/open-policy-agent/opa", New: func() Engine { return &opa{} }},
		{Name: "casbin, an enforcer a workspace", Module: casbinModule, New: func() Engine { return &casbinEach{} }},
		{Name: "casbin, one enforcer", Module: casbinModule, New: func() Engine { return &casbinOne{} }},
		{Name: "OpenFGA, in memory", Module: "github.com/openfga/openfga", Workspaces: 10, New: func() Engine { return &openFGA{} }},
	}
}

const casbinModule = "github.com/casbin/casbin/v2"

// Version is the version of a module that this program was built with, or "".
func Version(module string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, dependency := range info.Deps {
		if dependency.Path == module {
			return dependency.Version
		}
	}
	return ""
}

// Disagreement is a question that an engine answers in another way than reeve.
type Disagreement struct {
	Question access.Question
	Reeve    bool
}

func (d *Disagreement) Error() string {
	return fmt.Sprintf("%+v: reeve says %v, the engine %v", d.Question, d.Reeve, !d.Reeve)
}
