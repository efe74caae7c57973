package group

import (
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
)

// OrderKind is what was ordered.
type OrderKind string

// The kinds of orders.
const (
	OrderCreate      OrderKind = "create"
	OrderScale       OrderKind = "scale"
	OrderRenew       OrderKind = "renew"
	OrderConvert     OrderKind = "convert"
	OrderUnsubscribe OrderKind = "unsubscribe"
)

// OrderState is how far an order is.
type OrderState string

// The states. What failed costs nothing.
const (
	OrderOpen   OrderState = "open"
	OrderDone   OrderState = "done"
	OrderFailed OrderState = "failed"
)

// Order is one change of a group that costs something or gives something back. A group has at most one that is open.
type Order struct {
	ID    int64      `json:"id"`
	Group ID         `json:"group"`
	Kind  OrderKind  `json:"kind"`
	State OrderState `json:"state"`
	// Size is the size ordered in CU, Months the duration; 0 where the kind has none.
	Size   int `json:"size,omitempty"`
	Months int `json:"months,omitempty"`
	// Price is what it costs; negative is given back. Pay-as-you-go costs nothing until it is used.
	Price Money              `json:"price"`
	At    time.Time          `json:"at"`
	By    string             `json:"by"`
	ByID  access.PrincipalID `json:"-"`
	// DoneAt is when it was done or failed.
	DoneAt *time.Time `json:"done_at"`
}

// Cost says in a sentence what it costs, or gives back.
func (o Order) Cost() message.Text {
	switch {
	case o.Price < 0:
		return message.Text{ID: "group.refund", Args: message.Args{"Price": (-o.Price).Dollars()}}
	case o.Price == 0 && o.Kind == OrderUnsubscribe:
		return message.Text{ID: "group.refund.none"}
	case o.Price == 0:
		return message.Text{ID: "group.price.none"}
	}
	return message.Text{ID: "group.price", Args: message.Args{"Price": o.Price.Dollars()}}
}

// price is what an order costs for a group as it is before it.
func (t Terms) price(o Order, g Group, now time.Time) Money {
	month := t.Prices.CUMonth
	// What never came into service was not paid, so all of another size is, and nothing is given back.
	paid := g.Size
	if !g.UsedAt.After(g.CreatedAt) {
		paid = 0
	}
	switch o.Kind {
	case OrderCreate, OrderConvert:
		return month.times(o.Size * o.Months)
	case OrderRenew:
		return month.times(g.Size * o.Months)
	case OrderScale:
		return month.times(o.Size - paid).share(left(g, now))
	case OrderUnsubscribe:
		if g.Billing != Subscription {
			return 0
		}
		return -month.times(paid).share(left(g, now))
	}
	return 0
}

// left is how long a subscription still runs.
func left(g Group, now time.Time) time.Duration {
	if g.ExpiresAt == nil {
		return 0
	}
	return max(0, g.ExpiresAt.Sub(now))
}

// Effect is what an operation does, or would do: the group before and after it, what was ordered, and what is to be known
// before one agrees.
type Effect struct {
	Before Group `json:"before"`
	After  Group `json:"after"`
	// Order is nil for what costs nothing.
	Order *Order `json:"order"`
	// Notes are sentences, the gravest first.
	Notes []Note `json:"-"`
	by    control.Actor
}

// Note is one thing to be known.
type Note struct {
	// Grave marks what takes something away.
	Grave bool
	Text  message.Text
}

func (e *Effect) note(grave bool, id string, args message.Args) {
	n := Note{Grave: grave, Text: message.Text{ID: id, Args: args}}
	if grave {
		e.Notes = append([]Note{n}, e.Notes...)
		return
	}
	e.Notes = append(e.Notes, n)
}
