// Package overview is what one sees first: how far workspaces are set up, which of them one uses most, what needs attention
// soon, what the platform is used for, and what is new in reeve. It keeps nothing; all of it
// is worked out from what is there, and from the days on which workspaces are used.
package overview

import (
	"context"
	"strconv"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
)

// Step is one of the steps by which a workspace is made ready for work, as the documentation has them.
type Step string

// The steps, in their order.
const (
	StepWorkspace Step = "workspace"
	StepGroup     Step = "group"
	StepMembers   Step = "members"
	StepEngine    Step = "engine"
	StepSource    Step = "source"
)

// Missing says what a step still needs; it is empty when the step is done.
type Missing string

// What can be missing.
const (
	MissingState   Missing = "state"   // the workspace is there and not in use: disabled, overdue …
	MissingAny     Missing = "any"     // there is none
	MissingRunning Missing = "running" // a resource group is associated and none runs
	MissingTest    Missing = "test"    // there are data sources and none was tested in every environment it needs
	MissingReach   Missing = "reach"   // they were tested and none was reached in every environment it needs
)

// Check is how one step stands.
type Check struct {
	Step    Step    `json:"step"`
	Missing Missing `json:"missing"`
	// Count is how many there are of what the step asks for.
	Count int `json:"count"`
}

// Done tells whether nothing is missing.
func (c Check) Done() bool { return c.Missing == "" }

// Checklist is how far a workspace is.
type Checklist struct {
	ID          access.WorkspaceID `json:"id"`
	Region      string             `json:"region"`
	Workspace   string             `json:"workspace"`
	DisplayName string             `json:"display_name"`
	// Visits is on how many of the last VisitDays days the asking person was there.
	Visits int     `json:"visits"`
	Steps  []Check `json:"steps"`
}

// Done counts the steps that are done.
func (c Checklist) Done() (n int) {
	for _, s := range c.Steps {
		if s.Done() {
			n++
		}
	}
	return n
}

// Next is the first step that is not done; ok is false when all are.
func (c Checklist) Next() (check Check, ok bool) {
	for _, s := range c.Steps {
		if !s.Done() {
			return s, true
		}
	}
	return Check{}, false
}

// VisitDays is over how many days visits are counted. The number is ours.
const VisitDays = 30

// Progress is what storage knows of a workspace that the steps are worked out from.
type Progress struct {
	ID                        access.WorkspaceID
	Region, Name, DisplayName string
	// Usable says that the workspace is in its normal state.
	Usable bool
	// Groups are resource groups associated with it, Running those of them that run.
	Groups, Running int
	// Members are those who hold a role, without the owner.
	Members int
	Engines int
	// Sources are its data sources; Tested and Reached are those of them that were tried, and were reached, in every environment
	// of the workspace.
	Sources, Tested, Reached int
	Visits                   int
}

// checklist works the steps out. That a group has to run, a member to hold a role, and a data source to have been tested is what
// the documentation asks for; that the owner alone is no team yet is ours.
func (p Progress) checklist() Checklist {
	check := func(step Step, count int, missing Missing) Check {
		return Check{Step: step, Count: count, Missing: missing}
	}
	one := func(n int) Missing {
		if n == 0 {
			return MissingAny
		}
		return ""
	}
	created := check(StepWorkspace, 1, "")
	if !p.Usable {
		created.Missing = MissingState
	}
	group := check(StepGroup, p.Groups, one(p.Groups))
	if p.Groups > 0 && p.Running == 0 {
		group.Missing = MissingRunning
	}
	source := check(StepSource, p.Sources, one(p.Sources))
	switch {
	case p.Sources > 0 && p.Tested == 0:
		source.Missing = MissingTest
	case p.Sources > 0 && p.Reached == 0:
		source.Missing = MissingReach
	}
	return Checklist{
		ID: p.ID, Region: p.Region, Workspace: p.Name, DisplayName: p.DisplayName, Visits: p.Visits,
		Steps: []Check{created, group, check(StepMembers, p.Members, one(p.Members)), check(StepEngine, p.Engines, one(p.Engines)), source},
	}
}

// Kind is a kind of what needs attention.
type Kind string

// The kinds.
const (
	KindEdition Kind = "edition" // the edition of a region ends, or has ended
	KindGroup   Kind = "group"   // the subscription of a resource group ends, or has ended
	KindLoad    Kind = "load"    // a resource group is near its size
	KindAlerts  Kind = "alerts"  // the alerts of the day have a limit
	// KindRequests are requests for access that wait for whoever asks.
	KindRequests Kind = "requests"
	// KindAnswer is a request of one's own that was decided.
	KindAnswer Kind = "answer"
)

// Attention is something that an administrator should know of.
type Attention struct {
	Kind   Kind   `json:"kind"`
	Region string `json:"region"`
	// Name is the resource group, the edition, the channel of alerts, how many requests there are, or the number of one.
	Name string `json:"name"`
	// At is when it ends, nil for what does not.
	At *time.Time `json:"at"`
	// Used and Size are how much there is of what has a limit: CU, or alerts today.
	Used float64 `json:"used"`
	Size float64 `json:"size"`
	// Urgent marks what has happened already or leaves nothing over.
	Urgent bool `json:"urgent"`
}

// Words is what needs attention as a sentence; when says At as the face does.
func (a Attention) Words(when string) message.Text {
	number := func(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
	args := message.Args{"Name": a.Name, "Used": number(a.Used), "Size": number(a.Size), "When": when}
	switch a.Kind {
	case KindEdition:
		args["Name"] = message.Text{ID: "edition." + a.Name}
	case KindAlerts:
		args["Name"] = message.Text{ID: "alert.channel." + a.Name}
	case KindRequests:
		args["Count"] = int(a.Used)
	case KindGroup, KindLoad, KindAnswer:
	}
	id := "overview.attention." + string(a.Kind)
	if a.Urgent && a.Kind != KindLoad {
		id += ".past"
	}
	return message.Text{ID: id, Args: args}
}

// Overview is the answer.
type Overview struct {
	// Checklists are of the workspaces that the asking person visits most, then of the newest.
	Checklists []Checklist `json:"checklists"`
	Attention  []Attention `json:"attention"`
}

// Store is what this area needs of storage.
type Store interface {
	control.Places
	// Progress is how far at most limit workspaces of a region (of all if empty) are: those that the viewer visited since a day
	// first, most visited first, then the newest. joined, if not 0, leaves out those that it is not a member of.
	Progress(ctx context.Context, region string, viewer, joined access.PrincipalID, since string, limit int) ([]Progress, error)
}

// Watcher is an area that knows of things that need attention. It answers as whoever asks; what they may not see is left out.
type Watcher interface {
	Attention(ctx context.Context, region string) ([]Attention, error)
}
