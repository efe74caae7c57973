// Package bootstrap sets a workspace up in one go: the five getting-started steps (workspace, resource group, members, compute
// engine, data source) become a plan, and a plan a run, which is kept step by step, so that it can be taken up again where it
// stopped, after a failure as after a crash. What a step does is the area's own act, done as whoever runs it.
package bootstrap

import (
	"slices"
	"strings"

	"reeve/core/text"
)

// Spec is what is wanted. All but the workspace may be left out.
type Spec struct {
	// Region may be empty if only one is activated.
	Region    string    `json:"region"`
	Workspace Workspace `json:"workspace"`
	Group     *Group    `json:"resource_group,omitempty"`
	Members   []Member  `json:"members,omitempty"`
	Engine    *Engine   `json:"engine,omitempty"`
	Source    *Source   `json:"data_source,omitempty"`
}

// Workspace is the workspace to make, or to go on with if it is there.
type Workspace struct {
	Name        string `json:"name"`
	DisplayName string `json:"display_name,omitempty"`
	Description string `json:"description,omitempty"`
	// Mode is simple or standard; empty is standard for a new one, and whatever stands otherwise.
	Mode     string   `json:"mode,omitempty"`
	Template string   `json:"template,omitempty"`
	Admins   []string `json:"admins,omitempty"`
}

// Group is the resource group to use.
type Group struct {
	Name string `json:"name"`
	// Create says to buy it if it is not there.
	Create *NewGroup `json:"create,omitempty"`
}

// NewGroup is how a group is bought.
type NewGroup struct {
	Billing   string `json:"billing,omitempty"`
	Size      int    `json:"cu,omitempty"`
	Duration  int    `json:"duration,omitempty"`
	Unit      string `json:"unit,omitempty"`
	AutoRenew bool   `json:"auto_renew,omitempty"`
	VPC       string `json:"vpc,omitempty"`
	VSwitch   string `json:"vswitch,omitempty"`
	CIDR      string `json:"cidr,omitempty"`
	Remark    string `json:"remark,omitempty"`
}

// Member is somebody with the roles they are to hold besides those they have.
type Member struct {
	User  string   `json:"user"`
	Roles []string `json:"roles"`
}

// Engine is the compute engine to bind.
type Engine struct {
	Name         string `json:"name"`
	Type         string `json:"type"`
	DevIdentity  string `json:"dev_identity,omitempty"`
	ProdIdentity string `json:"prod_identity,omitempty"`
}

// Source is the data source to add.
type Source struct {
	Name        string            `json:"name"`
	Type        string            `json:"type"`
	Description string            `json:"description,omitempty"`
	Dev         map[string]string `json:"dev,omitempty"`
	Prod        map[string]string `json:"prod,omitempty"`
	// Untested leaves the test out.
	Untested bool `json:"untested,omitempty"`
}

// Kind is the kind of a step.
type Kind string

// The kinds, in the order in which they are done.
const (
	KindWorkspace Kind = "workspace"
	KindGroup     Kind = "group"
	KindBinding   Kind = "binding"
	KindMember    Kind = "member"
	KindEngine    Kind = "engine"
	KindSource    Kind = "source"
	KindTest      Kind = "test"
)

// Step is one step: one change of one area.
type Step struct {
	// ID names the step within its run, whatever else the run holds.
	ID   string `json:"id"`
	Kind Kind   `json:"kind"`
	// Part is which of the five getting-started steps it belongs to, 1 to 5.
	Part int `json:"part"`
	// Name is the name of what it is about.
	Name string `json:"name"`
}

// Parts is how many getting-started steps there are.
const Parts = 5

// steps are what a spec comes down to. A part that is left out has no step.
func (s Spec) steps() []Step {
	steps := []Step{{"workspace", KindWorkspace, 1, s.Workspace.Name}}
	if s.Group != nil {
		if s.Group.Create != nil {
			steps = append(steps, Step{"group", KindGroup, 2, s.Group.Name})
		}
		steps = append(steps, Step{"binding", KindBinding, 2, s.Group.Name})
	}
	for _, m := range s.Members {
		steps = append(steps, Step{"member/" + text.Fold(m.User), KindMember, 3, m.User})
	}
	if s.Engine != nil {
		steps = append(steps, Step{"engine", KindEngine, 4, s.Engine.Name})
	}
	if s.Source != nil {
		steps = append(steps, Step{"source", KindSource, 5, s.Source.Name})
		if !s.Source.Untested {
			steps = append(steps, Step{"test", KindTest, 5, s.Source.Name})
		}
	}
	return steps
}

// member finds who a step of its kind is about.
func (s Spec) member(step Step) Member {
	for _, m := range s.Members {
		if "member/"+text.Fold(m.User) == step.ID {
			return m
		}
	}
	return Member{}
}

// tidy takes the space around what was typed away and puts the roles of one person together.
func (s Spec) tidy() Spec {
	trim := func(fields ...*string) {
		for _, f := range fields {
			*f = strings.TrimSpace(*f)
		}
	}
	w := &s.Workspace
	trim(&s.Region, &w.Name, &w.DisplayName, &w.Mode, &w.Template)
	w.Admins = names(w.Admins)
	if s.Group != nil {
		g := *s.Group
		trim(&g.Name)
		s.Group = &g
	}
	var members []Member
	for _, m := range s.Members {
		trim(&m.User)
		m.Roles = names(m.Roles)
		at := slices.IndexFunc(members, func(other Member) bool { return text.Fold(other.User) == text.Fold(m.User) })
		if at < 0 {
			members = append(members, m)
			continue
		}
		members[at].Roles = names(append(slices.Clone(members[at].Roles), m.Roles...))
	}
	s.Members = members
	if s.Engine != nil {
		e := *s.Engine
		trim(&e.Name, &e.Type, &e.DevIdentity, &e.ProdIdentity)
		s.Engine = &e
	}
	if s.Source != nil {
		d := *s.Source
		trim(&d.Name, &d.Type)
		s.Source = &d
	}
	return s
}

// names are names without the space around them, each once in any case.
func names(given []string) []string {
	var kept []string
	for _, n := range given {
		n = strings.TrimSpace(n)
		if n != "" && !slices.ContainsFunc(kept, func(k string) bool { return text.Fold(k) == text.Fold(n) }) {
			kept = append(kept, n)
		}
	}
	return kept
}
