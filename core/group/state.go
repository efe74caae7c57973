package group

import (
	"slices"
	"time"

	"reeve/core/fault"
	"reeve/core/message"
)

// Status is the state of a group.
type Status string

// The states, in the words of the console. The API calls them Creating or Starting, Normal, Updating, Stop, Freezed,
// CreateFailed, UpdateFailed, Deleting, DeleteFailed, Timeout and Deleted.
const (
	Starting     Status = "starting"
	Running      Status = "running"
	Updating     Status = "updating"
	Expired      Status = "expired" // a subscription that ended
	Frozen       Status = "frozen"  // pay-as-you-go that was not used for days
	CreateFailed Status = "create-failed"
	UpdateFailed Status = "update-failed"
	Deleting     Status = "deleting"
	DeleteFailed Status = "delete-failed"
	TimedOut     Status = "timeout" // what was asked for last gave no answer
	Deleted      Status = "deleted" // released: in no list any more
)

// Operation is what can be done to a group, as far as it depends on the state.
type Operation string

// The operations.
const (
	View        Operation = "view"
	RunWork     Operation = "run" // let work run in it
	Bind        Operation = "bind"
	Networking  Operation = "network"
	Scale       Operation = "scale"
	Renew       Operation = "renew" // also by itself
	Convert     Operation = "convert"
	Undo        Operation = "undo"  // give up a change that failed
	Limit       Operation = "limit" // quota and concurrency
	Start       Operation = "start"
	Unsubscribe Operation = "unsubscribe"
	Rename      Operation = "rename"
)

// Event is what brings a group from one state into another.
type Event string

// The events. Those that a time brings stand in rows with a due time.
const (
	EventReady     Event = "ready"      // what was asked for is done
	EventFailed    Event = "failed"     // it could not be done
	EventTimeout   Event = "timeout"    // it gave no answer
	EventChange    Event = "change"     // scale, spec or conversion was ordered
	EventUndo      Event = "undo"       // a change that failed is given up
	EventRemind    Event = "remind"     // the end of a subscription comes near
	EventAutoRenew Event = "auto-renew" // a subscription is about to end and renews itself
	EventExpire    Event = "expire"     // a subscription ends
	EventRenew     Event = "renew"
	EventGraceOver Event = "grace-over" // it was not renewed in time
	EventIdle      Event = "idle"       // pay-as-you-go was not used for days
	EventStart     Event = "start"      // a frozen one is started
	// Of arrears one is reminded, or they have gone too far; a binding works, or is gone.
	EventArrears     Event = "arrears"
	EventNetwork     Event = "network"
	EventUnsubscribe Event = "unsubscribe"
	EventReleased    Event = "released"
)

// rule is a line of the table of operations.
type rule struct {
	operation Operation
	// billing is the only way of paying that it is for; empty for both.
	billing Billing
	// in are the states in which it is possible.
	in []Status
}

// rules are which operation is possible in which state. The documentation says so only of running, renewing and starting;
// what else stands here is what follows from it: nothing changes a group while another change is under way, nothing but
// renewing helps one that expired, nothing but starting one that is frozen, and what failed can be tried again.
func rules() []rule {
	live := []Status{Starting, Running, Updating, Expired, Frozen, CreateFailed, UpdateFailed, DeleteFailed, TimedOut}
	return []rule{
		{View, "", append(slices.Clone(live), Deleting, Deleted)},
		{RunWork, "", []Status{Running, Updating}},
		{Bind, "", []Status{Running, Frozen}},
		{Networking, "", []Status{Running, Frozen}},
		// A release that failed is tried again by unsubscribing.
		{Scale, Subscription, []Status{Running, CreateFailed, UpdateFailed, TimedOut}},
		{Renew, Subscription, []Status{Starting, Running, Updating, Expired, CreateFailed, UpdateFailed, DeleteFailed, TimedOut}},
		{Convert, PayAsYouGo, []Status{Running}},
		{Undo, "", []Status{UpdateFailed}},
		{Limit, "", []Status{Running}},
		{Start, PayAsYouGo, []Status{Frozen}},
		{Unsubscribe, "", []Status{Running, Expired, Frozen, CreateFailed, UpdateFailed, DeleteFailed, TimedOut}},
		{Rename, "", live},
	}
}

// transition is a line of the table of states.
type transition struct {
	from  Status
	event Event
	to    Status
}

// transitions are the states that an event leads to. What is in no line does not happen.
func transitions() []transition {
	return []transition{
		{Starting, EventReady, Running},
		{Starting, EventFailed, CreateFailed},
		{Starting, EventTimeout, TimedOut},
		{Running, EventChange, Updating},
		{Updating, EventReady, Running},
		{Updating, EventFailed, UpdateFailed},
		{Updating, EventTimeout, TimedOut},
		{CreateFailed, EventChange, Updating},
		{UpdateFailed, EventChange, Updating},
		{UpdateFailed, EventUndo, Running},
		{TimedOut, EventChange, Updating},
		{Running, EventExpire, Expired},
		{UpdateFailed, EventExpire, Expired},
		{Expired, EventRenew, Running},
		{Expired, EventGraceOver, Deleting},
		{Running, EventIdle, Frozen},
		{Frozen, EventStart, Starting},
		{Running, EventUnsubscribe, Deleting},
		{Frozen, EventUnsubscribe, Deleting},
		{Expired, EventUnsubscribe, Deleting},
		{CreateFailed, EventUnsubscribe, Deleting},
		{UpdateFailed, EventUnsubscribe, Deleting},
		{DeleteFailed, EventUnsubscribe, Deleting},
		{TimedOut, EventUnsubscribe, Deleting},
		{Deleting, EventReleased, Deleted},
		{Deleting, EventFailed, DeleteFailed},
		{Deleting, EventTimeout, TimedOut},
	}
}

// after is the state that an event leads to; ok is false when it means nothing in this one.
func (s Status) after(e Event) (to Status, ok bool) {
	for _, t := range transitions() {
		if t.from == s && t.event == e {
			return t.to, true
		}
	}
	return s, false
}

// known refuses what only the type that is sold can do.
func (g Group) known(op Operation) *fault.Refused {
	if g.Type == Serverless || op == View || op == Rename {
		return nil
	}
	return &fault.Refused{Reason: message.Text{ID: "fault.group.legacy", Args: message.Args{"Name": g.Name, "Operation": message.Text{ID: "group.operation." + string(op)}}}}
}

// seen refuses to tell what runs in a group of an older type: it does not come by way of this program.
func (g Group) seen() *fault.Refused {
	if g.Type == Serverless {
		return nil
	}
	return &fault.Refused{Reason: message.Text{ID: "group.no_runs", Args: message.Args{"Name": g.Name}}}
}

// Allows says whether an operation is possible in the group's state. If not, it says why, and what has to come first or until
// when one has to wait.
func (g Group) Allows(op Operation) (refused *fault.Refused) {
	for _, r := range rules() {
		if r.operation != op {
			continue
		}
		name := message.Text{ID: "group.operation." + string(op)}
		if refused := g.known(op); refused != nil {
			return refused
		}
		if r.billing != "" && r.billing != g.Billing {
			return &fault.Refused{Reason: message.Text{ID: "fault.group.billing_only", Args: message.Args{"Name": g.Name, "Operation": name,
				"Billing": message.Text{ID: "billing." + string(g.Billing)}, "Only": message.Text{ID: "billing." + string(r.billing)}}}}
		}
		if slices.Contains(r.in, g.Status) && (op != Undo || g.served()) {
			return nil
		}
		return &fault.Refused{
			Reason: message.Text{ID: "fault.group.state", Args: message.Args{"Name": g.Name, "Operation": name, "Status": message.Text{ID: "group.status." + string(g.Status)}}},
			Way:    g.way(op),
		}
	}
	return &fault.Refused{Reason: message.Text{ID: "denied.unknown_act"}}
}

// served says whether a group was ever in service: else there is nothing to go back to.
func (g Group) served() bool { return g.UsedAt.After(g.CreatedAt) }

// way says how a group gets to where an operation is possible, or why there is no need of it.
func (g Group) way(op Operation) message.Text {
	at := message.Args{"At": moment(g.BusyUntil)}
	switch {
	case op == Undo && slices.Contains([]Status{Starting, Running, Updating, Expired, Frozen}, g.Status):
		return message.Text{ID: "fault.group.state.nothing_failed"}
	case op == Start && g.Status == Starting:
		return message.Text{ID: "fault.group.state.starting", Args: at}
	case op == Start && g.Status == Updating:
		return message.Text{ID: "fault.group.state.running"}
	}
	switch g.Status {
	case Starting, Updating:
		return message.Text{ID: "fault.group.state.wait", Args: at}
	case Expired:
		return message.Text{ID: "fault.group.state.expired", Args: message.Args{"At": moment(g.ReleaseAt)}}
	case Frozen:
		return message.Text{ID: "fault.group.state.frozen"}
	case CreateFailed, UpdateFailed, TimedOut:
		return g.wayOfFailed()
	case Deleting:
		return message.Text{ID: "fault.group.state.releasing", Args: at}
	case DeleteFailed:
		return message.Text{ID: "fault.group.state.going"}
	case Deleted:
		return message.Text{ID: "fault.group.state.gone"}
	case Running:
	}
	return message.Text{ID: "fault.group.state.running"}
}

// wayOfFailed says how a group gets out of a failure: a subscription is scaled again, and a change that failed is given up.
func (g Group) wayOfFailed() message.Text {
	name, undo := message.Args{"Name": g.Name}, g.Status == UpdateFailed && g.served()
	switch {
	case undo && g.Billing == Subscription:
		return message.Text{ID: "fault.group.state.update_failed", Args: name}
	case undo:
		return message.Text{ID: "fault.group.state.update_failed.as_used", Args: name}
	case g.Billing == Subscription:
		return message.Text{ID: "fault.group.state.failed"}
	}
	return message.Text{ID: "fault.group.state.failed.as_used"}
}

// moment is a time as it stands in sentences.
func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}
