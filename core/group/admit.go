package group

import (
	"cmp"
	"maps"
	"slices"

	"reeve/core/access"
)

// Reason is why work waits. The list is fixed, so that reasons can be counted.
type Reason string

// The reasons.
const (
	WaitSlots     Reason = "slots"     // all slots of scheduling are taken
	WaitModule    Reason = "module"    // the module is at its most
	WaitPool      Reason = "pool"      // the group is full
	WaitGuarantee Reason = "guarantee" // what is free is kept for another module
	WaitUpdating  Reason = "updating"
	WaitStopped   Reason = "stopped" // the group is frozen, expired, or out of service
	WaitUnbound   Reason = "unbound" // its workspace is not associated
	WaitNever     Reason = "never"   // it needs more than it can ever get
	WaitNetwork   Reason = "network" // no VPC is bound
)

// Half is half a CU, the smallest amount that is given out.
type Half int

// CU is the amount in CU.
func (h Half) CU() float64 { return float64(h) / 2 }

// Demand is work that wants to run.
type Demand struct {
	Workspace access.WorkspaceID
	Module    Module
	// CU may be 0 for a task that only triggers work elsewhere.
	CU Half
	// Slot says that it takes a slot of scheduling.
	Slot bool
}

// Use is what of a group is in use.
type Use struct {
	Modules map[Module]Half
	Slots   int
}

// Total is the sum over the modules.
func (u Use) Total() Half {
	var sum Half
	for _, h := range u.Modules {
		sum += h
	}
	return sum
}

// Add is the use with one more piece of work.
func (u Use) Add(d Demand) Use {
	more := Use{Modules: maps.Clone(u.Modules), Slots: u.Slots}
	more.take(d)
	return more
}

// take adds one more piece of work.
func (u *Use) take(d Demand) {
	if u.Modules == nil {
		u.Modules = map[Module]Half{}
	}
	u.Modules[d.Module] += d.CU
	if d.Slot {
		u.Slots++
	}
}

// Admit says whether work can run now, and if not, why it waits. Work that can never run is told first: nothing that passes
// makes room for it.
func (g Group) Admit(u Use, d Demand, largest TaskLimits) (why Reason, ok bool) {
	q := g.Shares.Of(d.Module)
	size, most := Half(2*g.Size), Half(2*q.cap(g.Size))
	switch {
	case d.CU > g.most(d.Module, largest):
		return WaitNever, false
	case !g.among(d.Workspace):
		return WaitUnbound, false
	case g.Status == Starting:
		return WaitUpdating, false
	case g.Suspended || g.Allows(RunWork) != nil:
		return WaitStopped, false
	case !g.connected():
		return WaitNetwork, false
	case d.Slot && u.Slots >= g.Slots:
		return WaitSlots, false
	case d.CU == 0: // what only triggers work elsewhere needs no room
	case q.Max != nil && u.Modules[d.Module]+d.CU > most:
		return WaitModule, false
	case u.Total()+d.CU > size:
		return WaitPool, false
	case !g.Lends && g.reserved(u, d.Module)+u.Total()+d.CU > size && u.Modules[d.Module]+d.CU > Half(2*q.Min):
		return WaitGuarantee, false
	}
	return "", true
}

// reserved is what is kept for other modules and not in use by them.
func (g Group) reserved(u Use, but Module) Half {
	var sum Half
	for _, q := range g.Shares {
		if q.Module != but {
			sum += max(0, Half(2*q.Min)-u.Modules[q.Module])
		}
	}
	return sum
}

// connected says whether a VPC is bound for work.
func (g Group) connected() bool {
	return slices.ContainsFunc(g.Networks, func(n Network) bool { return n.Area == General && n.Status == NetworkRunning })
}

// Count is how many wait for one reason.
type Count struct {
	Reason Reason `json:"reason"`
	Count  int    `json:"count"`
}

// Ranked counts reasons, the most frequent first.
func Ranked(reasons []Reason) []Count {
	var list []Count
	for _, r := range reasons {
		if i := slices.IndexFunc(list, func(c Count) bool { return c.Reason == r }); i >= 0 {
			list[i].Count++
		} else {
			list = append(list, Count{r, 1})
		}
	}
	slices.SortStableFunc(list, func(a, b Count) int { return cmp.Compare(b.Count, a.Count) })
	return list
}
