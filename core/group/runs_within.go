package group

import (
	"context"
	"slices"
	"strconv"

	"reeve/core/message"
)

// around are the runs that a ticket is within, the nearest first: its own, the one that started that, and so on. Who has not the token of
// a run is not within it: the number may be of another database.
func (s *Runs) around(ctx context.Context, t Ticket) ([]Run, error) {
	var list []Run
	for id := t.ID; id != 0; {
		r, ok, err := s.store.Run(ctx, id)
		if err != nil || !ok || len(list) == 0 && mine(t, r, ok) != nil {
			return list, err
		}
		list, id = append(list, r), r.Within
	}
	return list, nil
}

// holds says whether a run holds something of a group until it ends.
func (r Run) holds(g Group) bool {
	return r.Group == g.ID && r.State == RunRunning && (r.CU > 0 || r.Slot)
}

// holding is the nearest of the runs around one that holds something of a group; nil if none does.
func holding(g Group, around []Run) *Run {
	if i := slices.IndexFunc(around, func(r Run) bool { return r.holds(g) }); i >= 0 {
		return &around[i]
	}
	return nil
}

// choked refuses work that would not fit beside the runs that it is asked from within even if nothing else ran: each would wait for the
// other for good.
func (s *Runs) choked(g Group, d Demand, around []Run) (bad faults) {
	var held Use
	for _, r := range around {
		if r.holds(g) {
			held.take(r.Demand)
		}
	}
	near := holding(g, around)
	if near == nil {
		return nil
	}
	if why, ok := g.Admit(held, d, s.terms.LargestTask); !ok && (why.room() || why == WaitModule || why == WaitSlots) {
		bad.add("cu", message.Text{ID: "fault.group.run.within", Args: message.Args{"Given": strconv.FormatFloat(d.CU.CU(), 'f', -1, 64),
			"ID": near.ID, "Held": strconv.FormatFloat(held.Total().CU(), 'f', -1, 64), "Name": g.Name, "Reason": message.Text{ID: "group.wait." + string(why)}}})
	}
	return bad
}
