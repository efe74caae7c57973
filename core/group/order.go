package group

import (
	"context"
	"slices"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/message"
)

// OrderKind is what was ordered.
type OrderKind string

// The kinds of orders: one for each operation. Those after Unsubscribe cost nothing.
const (
	OrderCreate      OrderKind = "create"
	OrderScale       OrderKind = "scale"
	OrderRenew       OrderKind = "renew"
	OrderConvert     OrderKind = "convert"
	OrderUnsubscribe OrderKind = "unsubscribe"
	OrderUndo        OrderKind = "undo"
	OrderAutoRenew   OrderKind = "auto-renew"
	OrderStart       OrderKind = "start"
	OrderQuota       OrderKind = "quota"
	OrderSlots       OrderKind = "slots"
	OrderNetwork     OrderKind = "network"
	OrderRoute       OrderKind = "route"
	OrderAssociate   OrderKind = "associate"
	OrderDissociate  OrderKind = "dissociate"
	OrderRename      OrderKind = "rename"
)

// atOnce says that an order is done when it is made: the group is not in another state until it is. How far the binding of a VPC is
// stands in the binding.
func (k OrderKind) atOnce() bool {
	return !slices.Contains([]OrderKind{OrderCreate, OrderScale, OrderConvert, OrderUnsubscribe, OrderStart}, k)
}

// kinds are the orders that the acts on a group make.
func kinds() map[action.ID]OrderKind {
	return map[action.ID]OrderKind{action.GroupScale: OrderUndo, action.GroupConvert: OrderUndo, action.GroupAutoRenew: OrderAutoRenew,
		action.GroupStart: OrderStart, action.GroupQuota: OrderQuota, action.GroupSlots: OrderSlots, action.GroupNetwork: OrderNetwork,
		action.GroupRoute: OrderRoute, action.GroupAssociate: OrderAssociate, action.GroupDissociate: OrderDissociate, action.GroupRename: OrderRename}
}

// OrderState is how far an order is.
type OrderState string

// The states. What failed costs nothing.
const (
	OrderOpen   OrderState = "open"
	OrderDone   OrderState = "done"
	OrderFailed OrderState = "failed"
)

// Order is one operation on a group, with what it costs or gives back and how far it is. A group has at most one that is open.
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

// price is what an order costs for a group as it is before it. What was paid of the time that is left counts against another size, and
// is given back with the group.
func (s *Service) price(ctx context.Context, o Order, g Group) (Money, error) {
	month := s.terms.Prices.CUMonth
	switch o.Kind {
	case OrderCreate, OrderConvert:
		return month.times(o.Size * o.Months), nil
	case OrderRenew:
		return month.times(g.Size * o.Months), nil
	case OrderScale:
		paid, err := s.paid(ctx, g, o.At)
		return month.times(o.Size).over(g.left(o.At)) - paid, err
	case OrderUnsubscribe:
		paid, err := s.paid(ctx, g, o.At)
		return -paid, err
	case OrderUndo, OrderAutoRenew, OrderStart, OrderQuota, OrderSlots, OrderNetwork, OrderRoute, OrderAssociate, OrderDissociate, OrderRename:
	}
	return 0, nil
}

// Effect is what an operation does, or would do: the group before and after it, what was ordered, and what is to be known
// before one agrees.
type Effect struct {
	Before Group `json:"before"`
	After  Group `json:"after"`
	// Order is nil for what the keeper does by itself, except a renewal.
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

// orderLimit bounds the orders that are listed.
const orderLimit = 200

// Orders lists what was ordered for a group, newest first, at most 200.
func (s *Service) Orders(ctx context.Context, ref Ref) ([]Order, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Order]{
		Action: action.GroupOrders,
		Target: s.on(ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Order, error) {
			g, err := s.find(ctx, Ref{Region: t.Region, Name: t.Name})
			if err != nil {
				return nil, err
			}
			return s.store.Orders(ctx, g.ID, orderLimit)
		},
	})
}
