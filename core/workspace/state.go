package workspace

import (
	"slices"

	"reeve/core/fault"
	"reeve/core/message"
)

// Status is the state of a workspace.
type Status string

// The statuses. Which of them can be seen here: Normal, Disabled, Overdue and Deleted. The others are states in passing, or
// what is left of them, of a platform that takes its time over a workspace; here creating, changing and deleting are each one
// transaction. They are known because workspaces that another system describes can be in them.
const (
	Initializing Status = "initializing"
	InitFailed   Status = "init-failed"
	Normal       Status = "normal"
	Updating     Status = "updating"
	UpdateFailed Status = "update-failed"
	Disabled     Status = "disabled"
	Overdue      Status = "overdue"
	Deleted      Status = "deleted" // in the bin
	Deleting     Status = "deleting"
	DeleteFailed Status = "delete-failed"
)

// Event is what is done to a workspace as far as its state has to allow it.
type Event string

// The events. EventEdit, EventUpgrade and EventGoTo leave the state as it is; the last six are the platform's own.
const (
	EventEdit    Event = "edit"
	EventUpgrade Event = "upgrade"
	EventGoTo    Event = "goto"
	EventDisable Event = "disable"
	EventEnable  Event = "enable"
	EventSuspend Event = "suspend"
	EventResume  Event = "resume"
	EventDelete  Event = "delete"
	EventRestore Event = "restore"
	EventPurge   Event = "purge"

	EventInitialized  Event = "initialized"
	EventInitFails    Event = "init-fails"
	EventUpdate       Event = "update"
	EventUpdated      Event = "updated"
	EventUpdateFails  Event = "update-fails"
	EventPurgingFails Event = "purging-fails"
)

// State is what is known of a status. Its name in the console is the message status.<status>.
type State struct {
	Status Status
	// API is the word of the OpenAPI of 2024-05-18 and Code the number of that of 2020-05-18.
	API  string
	Code int
	// Open says that members may enter the workspace and that its modules answer them.
	Open bool
	// Leads says to which status an event leads. An event that is not there is refused. Same stays, and Before is the status
	// that the workspace had before it came into this one.
	Leads map[Event]Status
}

// Same and Before are no statuses but say where an event leads.
const (
	Same   Status = ""
	Before Status = "before"
)

// States are all statuses, in the order of a workspace's life. Names and numbers are those of the OpenAPI; which events each
// of them allows is not documented beyond "disabled", and is ours.
func States() []State {
	return []State{
		{Initializing, "Initializing", 2, false, map[Event]Status{EventInitialized: Normal, EventInitFails: InitFailed}},
		// The documentation: creation failed, and the user may create again.
		{InitFailed, "InitFailed", 3, false, map[Event]Status{EventDelete: Deleted}},
		{Normal, "Available", 0, true, map[Event]Status{
			EventEdit: Same, EventUpgrade: Same, EventGoTo: Same, EventDisable: Disabled, EventSuspend: Overdue, EventDelete: Deleted, EventUpdate: Updating}},
		{Updating, "Updating", 8, true, map[Event]Status{EventGoTo: Same, EventUpdated: Normal, EventUpdateFails: UpdateFailed}},
		{UpdateFailed, "UpdateFailed", 9, true, map[Event]Status{
			EventEdit: Same, EventGoTo: Same, EventDisable: Disabled, EventSuspend: Overdue, EventDelete: Deleted, EventUpdate: Updating}},
		{Disabled, "Forbidden", 4, false, map[Event]Status{EventEdit: Same, EventEnable: Normal, EventSuspend: Overdue, EventDelete: Deleted}},
		{Overdue, "Frozen", 7, false, map[Event]Status{EventEdit: Same, EventResume: Before, EventDelete: Deleted}},
		{Deleted, "Deleted", 1, false, map[Event]Status{EventRestore: Before, EventPurge: Deleting}},
		{Deleting, "Deleting", 5, false, map[Event]Status{EventPurgingFails: DeleteFailed}},
		{DeleteFailed, "DeleteFailed", 6, false, map[Event]Status{EventDelete: Deleted}},
	}
}

// StateOf is what is known of a status; one that is none allows nothing.
func StateOf(s Status) State {
	for _, state := range States() {
		if state.Status == s {
			return state
		}
	}
	return State{Status: s}
}

// offered are the events that people begin, in the order in which they are offered.
func offered() []Event {
	return []Event{EventEdit, EventGoTo, EventUpgrade, EventDisable, EventEnable, EventSuspend, EventResume, EventDelete, EventRestore}
}

// Possible are the events that people can begin in this state.
func (s State) Possible() []Event {
	return slices.DeleteFunc(offered(), func(e Event) bool { _, ok := s.Leads[e]; return !ok })
}

// Allows says nothing if the state of the workspace allows an event; otherwise it refuses, naming the state and what is
// possible in it.
func (w Workspace) Allows(e Event) error {
	state := StateOf(w.Status)
	to, ok := state.Leads[e]
	if ok && (to != Before || w.previous() != "") {
		return nil
	}
	if done, already := reached()[e]; already && done == w.Status {
		return &fault.Refused{Reason: message.Text{ID: "fault.workspace.already." + string(w.Status), Args: message.Args{"Name": w.Name}}}
	}
	refused := &fault.Refused{Reason: message.Text{ID: "fault.workspace.state", Args: message.Args{"Name": w.Name,
		"Status": message.Text{ID: "status." + string(w.Status)}, "Event": message.Text{ID: "workspace.event." + string(e)}}}}
	var can []message.Text
	for _, p := range state.Possible() {
		if p == EventUpgrade && w.Upgradable() != nil {
			continue
		}
		can = append(can, message.Text{ID: "workspace.event." + string(p)})
	}
	if len(can) > 0 {
		refused.Way = message.Text{ID: "fault.workspace.state.next", Args: message.Args{
			"Events": message.Text{ID: "list.joined", Args: message.Args{"Items": can}}}}
	}
	return refused
}

// reached is the state of which one says that it is the case already.
func reached() map[Event]Status {
	return map[Event]Status{EventDisable: Disabled, EventEnable: Normal, EventSuspend: Overdue, EventDelete: Deleted}
}

// previous is the status that the workspace goes back to, empty if it goes nowhere.
func (w Workspace) previous() Status {
	if w.Status == Deleted {
		return w.RestoresTo
	}
	return w.ResumesTo
}

// after is the status that an event leads to. The state must allow it.
func (w Workspace) after(e Event) Status {
	switch to := StateOf(w.Status).Leads[e]; to {
	case Same:
		return w.Status
	case Before:
		return w.previous()
	default:
		return to
	}
}
