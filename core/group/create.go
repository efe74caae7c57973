package group

import (
	"context"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// The rules of the create form. Name and remark: the API's documentation of CreateResourceGroup (a letter first; letters,
// digits and underscores; at most 128 characters). Networks are named by another product, so their rule is a wide one of ours.
var (
	nameRule = text.Rule{Key: true, Min: 1, Max: 128, First: letter, Rest: nameChar, Form: "fault.group.name.form"}
	noteRule = text.Rule{Min: 0, Max: 128, First: noteChar, Rest: noteChar, Form: "fault.group.remark.form"}
	netRule  = text.Rule{Min: 1, Max: 64, First: netChar, Rest: netChar, Form: "fault.group.network.form"}
)

func letter(r rune) bool   { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func nameChar(r rune) bool { return letter(r) || r >= '0' && r <= '9' || r == '_' }
func netChar(r rune) bool  { return nameChar(r) || r == '-' }

// noteChar also takes Chinese text, as the documentation in that language has it.
func noteChar(r rune) bool { return nameChar(r) || unicode.IsLetter(r) || unicode.IsDigit(r) }

// forbidden are the addresses that a network of a group must not use: the documentation says that VPCs of the block are
// not supported.
var forbidden = netip.MustParsePrefix("21.0.0.0/8")

// Unit is what a duration is counted in.
type Unit string

// The units.
const (
	Month Unit = "month"
	Year  Unit = "year"
)

// Create is the form for a new group.
type Create struct {
	// Region may be empty if only one is activated.
	Region string
	Name   string
	Remark string
	// Billing is pay-as-you-go if empty.
	Billing Billing
	// Size is in CU and asked of a subscription only.
	Size int
	// Duration and Unit are asked of a subscription only: one month if empty.
	Duration int
	Unit     Unit
	// AutoRenew lets a subscription renew itself, month by month.
	AutoRenew bool
	// VPC and VSwitch are the network that the group is bound to. CIDR is the vSwitch's block; it may be left out, and is not
	// checked then.
	VPC, VSwitch, CIDR string
}

// NameFault says what is wrong with a group's name by itself, for forms that answer while one types.
func NameFault(name string) (message.Text, bool) {
	t, ok := nameRule.Check(name)
	return t, !ok
}

// faults collects what is wrong with a form.
type faults []fault.Field

func (f *faults) rule(field string, r text.Rule, value string) {
	if t, ok := r.Check(value); !ok {
		f.add(field, t)
	}
}

func (f *faults) add(field string, t message.Text) {
	*f = append(*f, fault.Field{Name: field, Text: t})
}

// number faults a number outside of a span.
func (f *faults) number(field string, n int, in Span) {
	if n < in.Least || n > in.Most {
		f.add(field, outside(n, in))
	}
}

// Create buys a group. It is Starting, and Running when the host has made it ready.
func (s *Service) Create(ctx context.Context, in Create) (Group, error) {
	e, err := control.Do(ctx, s.gate, s.create(in))
	return e.After, err
}

// PreviewCreate tells what that would make, and what it costs.
func (s *Service) PreviewCreate(ctx context.Context, in Create) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.create(in))
}

func (s *Service) create(in Create) control.Change[Effect] {
	return control.Change[Effect]{
		Action: action.GroupCreate,
		Target: func(ctx context.Context) (control.Target, error) {
			region, err := s.region(ctx, in.Region)
			in.Region = region
			return control.Target{Region: region, Kind: kind, Name: in.Name}, err
		},
		Check: func(ctx context.Context, _ control.Target) ([]fault.Field, error) { return s.checkCreate(ctx, &in) },
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Effect], error) {
			e, err := s.insert(ctx, t, by, in)
			return control.Applied[Effect]{Value: e, After: e.After}, err
		},
	}
}

func (s *Service) checkCreate(ctx context.Context, in *Create) ([]fault.Field, error) {
	var bad faults
	bad.rule("name", nameRule, in.Name)
	bad.rule("remark", noteRule, in.Remark)
	if in.Billing == "" {
		in.Billing = PayAsYouGo
	}
	s.checkBilling(&bad, in)
	bad.rule("vpc", netRule, in.VPC)
	bad.rule("vswitch", netRule, in.VSwitch)
	if in.CIDR != "" {
		bad.cidr("cidr", in.CIDR)
	}
	active, sold, err := s.regions.Sells(ctx, in.Region)
	switch {
	case err != nil:
		return nil, err
	case !active:
		bad.add("region", message.Text{ID: "fault.region.inactive", Args: message.Args{"Region": in.Region}})
	case !sold:
		bad.add("region", message.Text{ID: "fault.group.not_sold", Args: message.Args{"Region": in.Region}})
	}
	taken, err := s.taken(ctx, in.Region, in.Name)
	return append(bad, taken...), err
}

// checkBilling checks what depends on how the group is paid.
func (s *Service) checkBilling(bad *faults, in *Create) {
	switch in.Billing {
	case Subscription:
		bad.number("size", in.Size, Span{s.terms.Size.Smallest, s.terms.Size.Largest})
		in.Duration, in.Unit = orMonth(in.Duration, in.Unit)
		s.checkDuration(bad, in.Duration, in.Unit)
	case PayAsYouGo:
		for _, f := range []struct {
			name  string
			given bool
		}{{"size", in.Size != 0}, {"duration", in.Duration != 0}, {"auto_renew", in.AutoRenew}} {
			if f.given {
				bad.add(f.name, message.Text{ID: "fault.group.subscription_only"})
			}
		}
	default:
		bad.add("billing", message.Text{ID: "fault.group.billing", Args: message.Args{"Billing": string(in.Billing)}})
	}
}

func (s *Service) checkDuration(bad *faults, n int, unit Unit) {
	switch unit {
	case Month:
		bad.number("duration", n, s.terms.Duration.Month)
	case Year:
		bad.number("duration", n, s.terms.Duration.Year)
	default:
		bad.add("unit", message.Text{ID: "fault.group.unit", Args: message.Args{"Unit": string(unit)}})
	}
}

// cidr faults what is no block of IPv4 addresses, one with bits behind its mask, one in the forbidden block, and one of
// addresses of the machine itself or of groups of machines, which no network has.
func (f *faults) cidr(field, given string) (block netip.Prefix, ok bool) {
	block, err := netip.ParsePrefix(strings.TrimSpace(given))
	switch {
	case err != nil || !block.Addr().Is4():
		f.add(field, message.Text{ID: "fault.group.cidr", Args: message.Args{"Given": given}})
	case block.Masked() != block:
		f.add(field, message.Text{ID: "fault.group.cidr.bits", Args: message.Args{"Given": given, "Meant": block.Masked().String()}})
	case block.Overlaps(forbidden):
		f.add(field, message.Text{ID: "fault.group.cidr.forbidden", Args: message.Args{"Given": given, "Block": forbidden.String()}})
	case block.Addr().IsLoopback() || block.Addr().IsMulticast():
		f.add(field, message.Text{ID: "fault.group.cidr.nowhere", Args: message.Args{"Given": given}})
	default:
		return block, true
	}
	return netip.Prefix{}, false
}

// taken says whether another group of the region has the name. That names are unique is ours: the documentation identifies
// groups by number alone.
func (s *Service) taken(ctx context.Context, region, name string) (faults, error) {
	if name == "" {
		return nil, nil
	}
	_, there, err := s.store.Find(ctx, region, name)
	if err != nil || !there {
		return nil, err
	}
	return faults{{Name: "name", Taken: true, Text: message.Text{ID: "fault.group.name.taken", Args: message.Args{"Name": name, "Region": region}}}}, nil
}

// months is a duration in months.
func months(n int, unit Unit) int {
	if unit == Year {
		return 12 * n
	}
	return n
}

func (s *Service) insert(ctx context.Context, t control.Target, by control.Actor, in Create) (Effect, error) {
	e := Effect{by: by}
	now := s.gate.Now()
	ready := now.Add(s.terms.Times.Start)
	g := Group{
		Region: t.Region, Name: in.Name, Remark: in.Remark, Type: Serverless, Billing: in.Billing, Size: s.terms.Size.PayAsYouGo,
		Slots: s.terms.Slots.Usual, Status: Starting, BusyUntil: &ready, VPC: in.VPC, VSwitch: in.VSwitch, CIDR: strings.TrimSpace(in.CIDR),
		AutoRenew: in.AutoRenew, Lends: true, UsedAt: now, CreatedAt: now,
	}
	order := Order{Kind: OrderCreate}
	if in.Billing == Subscription {
		order.Size, order.Months = in.Size, months(in.Duration, in.Unit)
		g.Size, g.ExpiresAt = in.Size, ptr(later(now, order.Months))
		e.note(false, "group.note.paid", message.Args{"Until": g.ExpiresAt.Format(time.DateOnly)})
	} else {
		e.note(false, "group.note.as_used", message.Args{"Price": perHour(s.terms)})
		since, err := s.store.Arrears(ctx)
		if err != nil {
			return e, err
		}
		if !since.IsZero() {
			g.ArrearsSince = &since
		}
	}
	e.note(false, "group.note.starts", nil)
	g, err := s.store.Insert(ctx, g, by.Principal)
	if err != nil {
		return e, err
	}
	e.Before, e.After = g, g
	if err := s.order(ctx, &e, order); err != nil {
		return e, err
	}
	for _, area := range areasOf(g) { // what is chosen at purchase is bound for both
		n, err := s.store.InsertNetwork(ctx, g.ID, Network{Area: area, VPC: g.VPC, VSwitch: g.VSwitch, CIDR: g.CIDR, Status: NetworkRunning})
		if err != nil {
			return e, err
		}
		e.After.Networks = append(e.After.Networks, n)
	}
	if err := s.lend(ctx, &e); err != nil {
		return e, err
	}
	return e, s.plan(ctx, e.After)
}

// areasOf are the areas that a new group is bound to a network for: none if no network was chosen.
func areasOf(g Group) []Area {
	if g.VPC == "" {
		return nil
	}
	return []Area{General, DataServiceArea}
}

// perHour is the price of what is paid as it is used, which is finer than cents.
func perHour(t Terms) string {
	return strings.TrimRight(strconv.FormatFloat(float64(t.Prices.CUHour)/float64(dollar), 'f', 6, 64), "0")
}

func ptr(t time.Time) *time.Time { return &t }
