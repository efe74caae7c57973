package guard

import (
	"context"
	"errors"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// Batch names principals or groups to hand something to, or to take it from.
type Batch struct {
	Users []string
	// Until is when what is handed out ends; zero is open ended. To hand it out again until another time is to extend or to
	// shorten it. Taking away ignores it.
	Until time.Time
	// Longer says that of what is held already the later of the two ends stays.
	Longer bool
	// OwnLoss says that whoever asks means to lose rights of their own; without it such a change is refused.
	OwnLoss bool
}

// Users finds each of the users and groups that a batch names, once, and says which names nobody has. find fails with
// fault.NotFound for a name that nobody has.
func Users[T any](names []string, find func(name string) (T, error), id func(T) access.PrincipalID) ([]T, []fault.Field, error) {
	if len(names) == 0 {
		return nil, []fault.Field{{Name: "user", Text: message.Text{ID: "fault.member.nobody"}}}, nil
	}
	var found []T
	var bad []fault.Field
	seen := map[access.PrincipalID]bool{}
	for _, name := range names {
		one, err := find(name)
		var missing *fault.NotFound
		switch {
		case errors.As(err, &missing):
			bad = append(bad, fault.Field{Name: "user", Unknown: true, Text: message.Text{ID: "fault.user.unknown",
				Args: message.Args{"Name": name, "Nearest": strings.Join(missing.Nearest, ", ")}}})
		case err != nil:
			return nil, nil, err
		case !seen[id(one)]:
			seen[id(one)] = true
			found = append(found, one)
		}
	}
	return found, bad, nil
}

// Between makes a change between two readings of what it is about, and refuses it as Watch.End does. What was read first is the
// record before it for the audit, what was read last the one after it and the answer.
func Between[T any](ctx context.Context, w *Watch, ownLoss bool, read func() (T, error), change func() error) (control.Applied[T], error) {
	none := control.Applied[T]{}
	before, err := read()
	if err != nil {
		return none, err
	}
	if err := change(); err != nil {
		return none, err
	}
	if _, err := w.End(ctx, ownLoss); err != nil {
		return none, err
	}
	after, err := read()
	return control.Applied[T]{Value: after, Before: before, After: after}, err
}
