package group

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// Area is what a VPC binding is for.
type Area string

// The areas. The documentation lists the bindings of scheduling and integration apart from those of DataService.
const (
	General         Area = "general"
	DataServiceArea Area = "data-service"
)

// NetworkStatus is the state of a binding.
type NetworkStatus string

// The states; a binding that is gone has none.
const (
	NetworkCreating NetworkStatus = "creating"
	NetworkRunning  NetworkStatus = "running"
	NetworkDeleting NetworkStatus = "deleting"
)

// Network is a binding of a group to a VPC.
type Network struct {
	ID      int64         `json:"id"`
	Area    Area          `json:"area"`
	VPC     string        `json:"vpc"`
	VSwitch string        `json:"vswitch"`
	CIDR    string        `json:"cidr"` // of the vSwitch; empty if it was not given
	Status  NetworkStatus `json:"status"`
	// BusyUntil is when creating or deleting is done.
	BusyUntil *time.Time `json:"busy_until,omitempty"`
	Routes    []Route    `json:"routes"`
}

// Route leads to addresses through a binding.
type Route struct {
	ID   int64  `json:"id"`
	CIDR string `json:"cidr"`
}

// VPC is the form for a binding.
type VPC struct {
	// Area is General if empty.
	Area               Area
	VPC, VSwitch, CIDR string
	// Version is the group's version that was read; 0 takes whatever stands.
	Version int64
}

// AddNetwork binds a group to another VPC. The binding of DataService is fixed when a subscription is bought.
func (s *Service) AddNetwork(ctx context.Context, ref Ref, in VPC) (Effect, error) {
	return control.Do(ctx, s.gate, s.addNetwork(ref, in))
}

// PreviewAddNetwork tells what that would do.
func (s *Service) PreviewAddNetwork(ctx context.Context, ref Ref, in VPC) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.addNetwork(ref, in))
}

func (s *Service) addNetwork(ref Ref, in VPC) control.Change[Effect] {
	if in.Area == "" {
		in.Area = General
	}
	return s.edit(action.GroupNetwork, Networking, ref, in.Version, func(_ context.Context, g Group) ([]fault.Field, error) {
		var bad faults
		bad.rule("vpc", netRule, in.VPC)
		bad.rule("vswitch", netRule, in.VSwitch)
		switch {
		case in.Area != General && in.Area != DataServiceArea:
			bad.add("area", message.Text{ID: "fault.group.area", Args: message.Args{"Area": string(in.Area)}})
		case in.Area == DataServiceArea && g.Billing == Subscription:
			bad.add("area", message.Text{ID: "fault.group.area.fixed", Args: message.Args{"Name": g.Name}})
		}
		if in.CIDR != "" {
			if block, ok := bad.cidr("cidr", in.CIDR); ok {
				bad.overlap("cidr", block, g.blocks(in.Area, 0))
			}
		}
		if slices.ContainsFunc(g.Networks, func(n Network) bool { return n.Area == in.Area && n.VSwitch == in.VSwitch && n.VPC == in.VPC }) {
			bad = append(bad, fault.Field{Name: "vswitch", Taken: true, Text: message.Text{ID: "fault.group.network.taken", Args: message.Args{"VPC": in.VPC, "VSwitch": in.VSwitch}}})
		}
		if len(g.Networks) >= s.terms.Networks.Bindings {
			bad.add("vpc", message.Text{ID: "fault.group.network.many", Args: message.Args{"Most": s.terms.Networks.Bindings}})
		}
		return bad, nil
	}, func(ctx context.Context, e *Effect) error {
		g := &e.After
		until := s.gate.Now().Add(s.terms.Times.Network)
		n, err := s.store.InsertNetwork(ctx, g.ID, Network{Area: in.Area, VPC: in.VPC, VSwitch: in.VSwitch, CIDR: strings.TrimSpace(in.CIDR),
			Status: NetworkCreating, BusyUntil: &until})
		g.Networks = append(slices.Clone(g.Networks), n)
		e.note(false, "group.note.network", message.Args{"VPC": in.VPC, "VSwitch": in.VSwitch, "At": moment(&until)})
		return err
	})
}

// RemoveNetwork unbinds a VPC. What runs loses it, so the last binding of the general area stays.
func (s *Service) RemoveNetwork(ctx context.Context, ref Ref, id, version int64) (Effect, error) {
	return control.Do(ctx, s.gate, s.removeNetwork(ref, id, version))
}

// PreviewRemoveNetwork tells what that would do.
func (s *Service) PreviewRemoveNetwork(ctx context.Context, ref Ref, id, version int64) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.removeNetwork(ref, id, version))
}

func (s *Service) removeNetwork(ref Ref, id, version int64) control.Change[Effect] {
	return s.edit(action.GroupNetwork, Networking, ref, version, func(_ context.Context, g Group) ([]fault.Field, error) {
		i := g.network(id)
		if i < 0 {
			return nil, noNetwork(id)
		}
		n, others := g.Networks[i], 0
		for _, o := range g.Networks {
			if o.Area == n.Area && o.ID != n.ID && o.Status != NetworkDeleting {
				others++
			}
		}
		var bad faults
		switch {
		case n.Status == NetworkDeleting:
			bad.add("network", message.Text{ID: "fault.group.network.deleting"})
		case n.Area == DataServiceArea && g.Billing == Subscription:
			bad.add("network", message.Text{ID: "fault.group.area.fixed", Args: message.Args{"Name": g.Name}})
		case n.Area == General && others == 0:
			bad.add("network", message.Text{ID: "fault.group.network.last", Args: message.Args{"Name": g.Name}})
		}
		return bad, nil
	}, func(ctx context.Context, e *Effect) error {
		g := &e.After
		until := s.gate.Now().Add(s.terms.Times.Network)
		g.Networks = slices.Clone(g.Networks)
		n := &g.Networks[g.network(id)]
		n.Status, n.BusyUntil = NetworkDeleting, &until
		if err := s.hits(ctx, e, nil); err != nil {
			return err
		}
		args := message.Args{"VPC": n.VPC, "VSwitch": n.VSwitch, "At": moment(&until), "Count": len(n.Routes)}
		if len(n.Routes) > 0 {
			e.note(true, "group.note.network.routes", args)
		}
		e.note(true, "group.note.network.gone", args)
		return s.store.UpdateNetwork(ctx, *n)
	})
}

// AddRoute leads to a block of addresses through a binding.
func (s *Service) AddRoute(ctx context.Context, ref Ref, network int64, cidr string, version int64) (Effect, error) {
	return control.Do(ctx, s.gate, s.addRoute(ref, network, cidr, version))
}

// PreviewAddRoute tells what that would do.
func (s *Service) PreviewAddRoute(ctx context.Context, ref Ref, network int64, cidr string, version int64) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.addRoute(ref, network, cidr, version))
}

func (s *Service) addRoute(ref Ref, network int64, cidr string, version int64) control.Change[Effect] {
	return s.edit(action.GroupRoute, Networking, ref, version, func(_ context.Context, g Group) ([]fault.Field, error) {
		i := g.network(network)
		if i < 0 {
			return nil, noNetwork(network)
		}
		var bad faults
		if g.Networks[i].Status == NetworkDeleting {
			bad.add("network", message.Text{ID: "fault.group.network.deleting"})
		}
		if block, ok := bad.cidr("cidr", cidr); ok {
			bad.overlap("cidr", block, g.blocks(g.Networks[i].Area, 0))
		}
		routes := 0
		for _, n := range g.Networks {
			routes += len(n.Routes)
		}
		if routes >= s.terms.Networks.Routes {
			bad.add("cidr", message.Text{ID: "fault.group.route.many", Args: message.Args{"Most": s.terms.Networks.Routes}})
		}
		return bad, nil
	}, func(ctx context.Context, e *Effect) error {
		g := &e.After
		r, err := s.store.InsertRoute(ctx, network, strings.TrimSpace(cidr))
		g.Networks = slices.Clone(g.Networks)
		n := &g.Networks[g.network(network)]
		n.Routes = append(slices.Clone(n.Routes), r)
		e.note(false, "group.note.route", message.Args{"CIDR": r.CIDR, "VPC": n.VPC, "VSwitch": n.VSwitch})
		return err
	})
}

// RemoveRoute takes a route away.
func (s *Service) RemoveRoute(ctx context.Context, ref Ref, id, version int64) (Effect, error) {
	return control.Do(ctx, s.gate, s.removeRoute(ref, id, version))
}

// PreviewRemoveRoute tells what that would do.
func (s *Service) PreviewRemoveRoute(ctx context.Context, ref Ref, id, version int64) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.removeRoute(ref, id, version))
}

func (s *Service) removeRoute(ref Ref, id, version int64) control.Change[Effect] {
	return s.edit(action.GroupRoute, Networking, ref, version, func(_ context.Context, g Group) ([]fault.Field, error) {
		for _, n := range g.Networks {
			if slices.ContainsFunc(n.Routes, func(r Route) bool { return r.ID == id }) {
				return nil, nil
			}
		}
		return []fault.Field{{Name: "route", Unknown: true, Text: message.Text{ID: "fault.group.route", Args: message.Args{"ID": id}}}}, nil
	}, func(ctx context.Context, e *Effect) error {
		g := &e.After
		g.Networks = slices.Clone(g.Networks)
		if err := s.hits(ctx, e, nil); err != nil {
			return err
		}
		for i := range g.Networks {
			for _, r := range g.Networks[i].Routes {
				if r.ID == id {
					e.note(true, "group.note.route.gone", message.Args{"CIDR": r.CIDR})
				}
			}
			g.Networks[i].Routes = slices.DeleteFunc(slices.Clone(g.Networks[i].Routes), func(r Route) bool { return r.ID == id })
		}
		return s.store.DeleteRoute(ctx, id)
	})
}

func (g Group) network(id int64) int {
	return slices.IndexFunc(g.Networks, func(n Network) bool { return n.ID == id })
}

func noNetwork(id int64) error {
	return &fault.Invalid{Fields: []fault.Field{{Name: "network", Unknown: true, Text: message.Text{ID: "fault.group.network", Args: message.Args{"ID": id}}}}}
}

// blocks are the blocks of addresses that an area knows the way to: those of its vSwitches and of its routes.
func (g Group) blocks(area Area, but int64) []netip.Prefix {
	var list []netip.Prefix
	add := func(cidr string) {
		if block, err := netip.ParsePrefix(cidr); err == nil {
			list = append(list, block)
		}
	}
	for _, n := range g.Networks {
		if n.Area != area || n.ID == but {
			continue
		}
		add(n.CIDR)
		for _, r := range n.Routes {
			add(r.CIDR)
		}
	}
	return list
}

// overlap faults a block that shares addresses with another: which way would they go?
func (f *faults) overlap(field string, block netip.Prefix, with []netip.Prefix) {
	for _, other := range with {
		if block.Overlaps(other) {
			f.add(field, message.Text{ID: "fault.group.cidr.overlap", Args: message.Args{"Given": block.String(), "Other": other.String()}})
			return
		}
	}
}
