// Package guard keeps changes of rights from lifting or locking out whoever makes them: nobody but the account raises their
// own rights, nobody hands out more than they hold, and who would lose rights of their own says first that it is meant.
// The documentation is silent on the first and the third; they are ours.
package guard

import (
	"context"
	"fmt"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// States reads what decisions depend on, as it stands in the transaction that the context carries.
type States interface {
	AccessState(ctx context.Context, s control.Scope) (access.State, error)
}

// Watch holds the state before a change, seen by the one who makes it.
type Watch struct {
	states States
	scope  control.Scope
	now    time.Time
	actor  access.PrincipalID
	before *access.Snapshot
}

// Begin reads the state before the change, of the workspace or region of the scope, as far as it is about the actor.
func Begin(ctx context.Context, states States, scope control.Scope, by control.Actor, now time.Time) (*Watch, error) {
	scope.Principal = by.Principal
	w := &Watch{states: states, scope: scope, now: now, actor: by.Principal}
	before, err := w.snapshot(ctx)
	w.before = before
	return w, err
}

// Before is the state before the change.
func (w *Watch) Before() *access.Snapshot { return w.before }

// End reads the state after the change and refuses it with fault.Refused if it raises the rights of the actor, or if it takes
// some of them away and ownLoss does not say that this is meant. It returns the state after the change.
func (w *Watch) End(ctx context.Context, ownLoss bool) (*access.Snapshot, error) {
	after, err := w.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if w.before.Power(w.actor) != access.PowerAccount && access.Raises(w.before, after, w.actor) {
		return nil, &fault.Refused{Reason: message.Text{ID: "fault.own.raise"}, Way: message.Text{ID: "fault.own.raise.next"}}
	}
	// What somebody loses from before to after they would gain from after to before.
	if !ownLoss && access.Raises(after, w.before, w.actor) {
		return nil, &fault.Refused{Reason: message.Text{ID: "fault.own.loss"}, Way: message.Text{ID: "fault.own.loss.next"}}
	}
	return after, nil
}

func (w *Watch) snapshot(ctx context.Context) (*access.Snapshot, error) {
	state, err := w.states.AccessState(ctx, w.scope)
	if err != nil {
		return nil, err
	}
	return control.Compile(state, w.now)
}

// During makes a change between Begin and End, for changes that need nothing of the state before and after it.
func During(ctx context.Context, states States, scope control.Scope, by control.Actor, now time.Time, ownLoss bool, change func() error) error {
	w, err := Begin(ctx, states, scope, by, now)
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	_, err = w.End(ctx, ownLoss)
	return err
}

// NamedHolders bounds the holders that Held names.
const NamedHolders = 10

// Held is the refusal to delete what somebody still holds: reason is a message with Name, Count and Who, way one with Count,
// names up to NamedHolders of the holders.
func Held(reason, way, name string, holders int, names []string) error {
	who := strings.Join(names, ", ")
	if more := holders - len(names); more > 0 {
		who = fmt.Sprintf("%s, +%d", who, more)
	}
	return &fault.Refused{
		Reason: message.Text{ID: reason, Args: message.Args{"Name": name, "Count": holders, "Who": who}},
		Way:    message.Text{ID: way, Args: message.Args{"Count": holders}},
		Named:  names,
	}
}

// Exceeds is the refusal to hand out a role that gives more than the actor holds.
func Exceeds(role message.Text) error {
	return &fault.Refused{
		Reason: message.Text{ID: "fault.own.exceeds", Args: message.Args{"Role": role}},
		Way:    message.Text{ID: "fault.own.exceeds.next"},
	}
}

// lastYear bounds ends: later ones cannot be written down as JSON.
const lastYear = 9999

// End is the end of a grant as it is kept: in UTC and cut to the second; zero, which is open ended, stays zero.
func End(until time.Time) time.Time {
	if until.IsZero() {
		return until
	}
	return until.UTC().Truncate(time.Second)
}

// Later is the later of the end a grant is given and the one it has; zero and nil are open ended, which is later than all.
func Later(until time.Time, has *time.Time) time.Time {
	switch {
	case until.IsZero() || has == nil:
		return time.Time{}
	case has.After(until):
		return *has
	}
	return until
}

// Until says what is wrong with the end of a grant; a zero end is open ended and right.
func Until(now, until time.Time) []fault.Field {
	if until.IsZero() || until.After(now) && until.Year() <= lastYear {
		return nil
	}
	return []fault.Field{{Name: "until", Text: message.Text{ID: "fault.until.past"}}}
}
