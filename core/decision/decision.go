// Package decision answers, to other programs, who may do what on the things of the console. It knows subjects, actions and
// resources by type and name, as programs do, and answers by core/access on a snapshot that is kept as fresh as its Live is
// told to keep it. It decides nothing of its own.
//
// # What is what
//
// A subject is a user or a group of users, known by name. A resource is one of four, known by a path of names:
//
//	module         region/workspace/module   a module of a workspace: read, write
//	global-module  region/module             a global module in a region: read, write
//	workspace      region/workspace          a workspace: administer, and the operations of the console on it
//	region         region                    a region: the operations of the console that are about all things of a kind in it
//
// Names are the same in upper and lower case, as everywhere; modules are named by their codes. Whatever is not there, and
// every action that a resource does not have, is answered with no.
package decision

import (
	"reeve/core/access"
)

// The types of subjects and resources.
const (
	TypeUser         = "user"
	TypeGroup        = "group"
	TypeModule       = "module"
	TypeGlobalModule = "global-module"
	TypeWorkspace    = "workspace"
	TypeRegion       = "region"
)

// The actions beside those of the console, which are named as policies name them: dataworks:DeleteWorkspace.
const (
	ActionRead       = "read"
	ActionWrite      = "write"
	ActionAdminister = "administer"
)

// Entity is a subject or a resource. In a search the ID of what is searched for is empty.
type Entity struct{ Type, ID string }

// Question asks whether a subject may do something on a resource.
type Question struct {
	Subject  Entity
	Action   string
	Resource Entity
}

// Part is a part of a question.
type Part uint8

// The parts.
const (
	NoPart Part = iota
	SubjectPart
	ActionPart
	ResourcePart
)

// Answer is a decision.
type Answer struct {
	Allowed bool
	// Unknown is the first part of the question that names nothing here; then the answer is no.
	Unknown Part
}

// Decide answers a question. It allocates nothing where names are written in lower case.
func (v *View) Decide(q Question) Answer {
	p, thing, act, unknown := v.resolve(q)
	if unknown != NoPart {
		return Answer{Unknown: unknown}
	}
	return Answer{Allowed: v.allowed(p, thing, act)}
}

// Explain answers a question with the reasons. Where a part is unknown the explanation has none.
func (v *View) Explain(q Question) (access.Explanation, Part) {
	p, thing, act, unknown := v.resolve(q)
	switch {
	case unknown != NoPart:
		return access.Explanation{Revision: v.snap.Revision()}, unknown
	case act.operation.Action != "":
		return v.snap.ExplainConsole(v.operation(p, thing, act)), NoPart
	case act.administer:
		return v.snap.ExplainAdministers(thing.workspace, p), NoPart
	case thing.module.Plane() == access.PlaneGlobal:
		return v.snap.ExplainTenant(v.capability(p, thing, act.level)), NoPart
	}
	return v.snap.Explain(access.Question{Principal: p, Workspace: thing.workspace, Module: thing.module, Level: act.level}), NoPart
}

// thing is a resource that is there.
type thing struct {
	kind      string
	region    string
	workspace access.WorkspaceID
	name      string // of the workspace
	module    access.Module
}

// act is an action that a thing has; one of the fields is set.
type act struct {
	level      access.Level
	administer bool
	operation  access.ConsoleAction
}

func (v *View) resolve(q Question) (p access.PrincipalID, on thing, does act, unknown Part) {
	p, found := v.principal(q.Subject)
	if !found {
		return p, on, does, SubjectPart
	}
	if on, found = v.thing(q.Resource); !found {
		return p, on, does, ResourcePart
	}
	if does, found = v.act(on.kind, q.Action); !found {
		return p, on, does, ActionPart
	}
	return p, on, does, NoPart
}

// allowed is the decision itself: each plane answers for its own.
func (v *View) allowed(p access.PrincipalID, on thing, does act) bool {
	switch {
	case does.operation.Action != "":
		return v.snap.DecideConsole(v.operation(p, on, does))
	case does.administer:
		return v.snap.Administers(on.workspace, p)
	case on.module.Plane() == access.PlaneGlobal:
		return v.snap.DecideModule(access.ModuleQuestion{Principal: p, Region: on.region, Module: on.module, Level: does.level})
	}
	return v.snap.Decide(access.Question{Principal: p, Workspace: on.workspace, Module: on.module, Level: does.level})
}

// operation is the question of the console plane, asked of pages as the gate asks it.
func (v *View) operation(p access.PrincipalID, on thing, does act) access.ConsoleQuestion {
	return access.ConsoleQuestion{Principal: p, Action: does.operation.Action, Scope: access.ScopePage,
		Resource: access.ARN(on.region, does.operation.Entity, on.name)}
}

// capability is the question that explains a level on a global module: the first capability held that gives it, or else the
// first that would.
func (v *View) capability(p access.PrincipalID, on thing, level access.Level) access.TenantQuestion {
	var first access.TenantQuestion
	for _, c := range access.AllCapabilities() {
		if c.Module() != on.module || c.Level() < level {
			continue
		}
		q := access.TenantQuestion{Principal: p, Region: on.region, Capability: c}
		if v.snap.DecideTenant(q) {
			return q
		}
		if first.Capability == 0 {
			first = q
		}
	}
	return first
}
