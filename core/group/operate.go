package group

import (
	"context"
	"strings"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// order writes an order of whoever acts, with its price, and adds it to what the operation does.
func (s *Service) order(ctx context.Context, e *Effect, o Order) error {
	o.Group, o.State, o.At, o.By, o.ByID = e.Before.ID, OrderOpen, s.gate.Now(), e.by.Name, e.by.Principal
	if o.Kind.atOnce() {
		o.State, o.DoneAt = OrderDone, ptr(o.At)
	}
	var err error
	if o.Price, err = s.price(ctx, o, e.Before); err != nil {
		return err
	}
	o.ID, err = s.store.InsertOrder(ctx, o)
	e.Order = &o
	return err
}

// Scaling is a new size for a subscription.
type Scaling struct {
	// Size is in CU.
	Size int
	// Undo gives a change that failed up instead, and leaves the size as it was.
	Undo    bool
	Version int64
}

// Scale orders another size. The group is Updating until it has it; what runs goes on.
func (s *Service) Scale(ctx context.Context, ref Ref, in Scaling) (Effect, error) {
	return control.Do(ctx, s.gate, s.scale(ref, in))
}

// PreviewScale tells what that would change and cost.
func (s *Service) PreviewScale(ctx context.Context, ref Ref, in Scaling) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.scale(ref, in))
}

// undo gives a change that failed up, whatever it was: the group is in service as it was before.
func (s *Service) undo(id action.ID, ref Ref, version int64) control.Change[Effect] {
	return s.edit(id, Undo, ref, version, nil, func(_ context.Context, e *Effect) error {
		e.note(false, "group.note.undone", nil)
		return e.After.move(EventUndo, s.gate.Now(), s.terms)
	})
}

func (s *Service) scale(ref Ref, in Scaling) control.Change[Effect] {
	if in.Undo {
		return s.undo(action.GroupScale, ref, in.Version)
	}
	return s.edit(action.GroupScale, Scale, ref, in.Version, func(_ context.Context, g Group) ([]fault.Field, error) {
		var bad faults
		bad.number("size", in.Size, Span{s.terms.Size.Smallest, s.terms.Size.Largest})
		if in.Size == g.Size && g.Status == Running {
			bad.add("size", message.Text{ID: "fault.group.size.same", Args: message.Args{"Name": g.Name, "Size": g.Size}})
		}
		if len(bad) == 0 {
			bad = g.Shares.whole().Faults(in.Size)
		}
		return bad, nil
	}, func(ctx context.Context, e *Effect) error {
		if in.Size < e.Before.Size {
			e.note(true, "group.note.smaller", message.Args{"From": e.Before.Size, "To": in.Size})
		} else {
			e.note(false, "group.note.larger", message.Args{"From": e.Before.Size, "To": in.Size})
		}
		s.reserves(e, in.Size)
		with := e.Before
		with.Size = in.Size
		if err := s.tries(ctx, e, with); err != nil {
			return err
		}
		e.note(false, "group.note.goes_on", nil)
		if err := s.order(ctx, e, Order{Kind: OrderScale, Size: in.Size}); err != nil {
			return err
		}
		return e.After.move(EventChange, s.gate.Now(), s.terms)
	})
}

// reserves says what a size leaves for others beside what is kept.
func (s *Service) reserves(e *Effect, size int) {
	if kept := e.After.Shares.Guaranteed(); kept > 0 {
		e.note(kept == size, "group.note.kept", message.Args{"Kept": kept, "Size": size})
	}
}

// Renewal adds to the time of a subscription.
type Renewal struct {
	// Duration is 1 and Unit a month if empty.
	Duration int
	Unit     Unit
	Version  int64
}

// Renew orders more time: after the end, or from now on if the group has expired, which puts it back into service. From when a
// late renewal counts is not published; this is ours, for in between it served nobody.
func (s *Service) Renew(ctx context.Context, ref Ref, in Renewal) (Effect, error) {
	return control.Do(ctx, s.gate, s.renew(ref, in))
}

// PreviewRenew tells what that would change and cost.
func (s *Service) PreviewRenew(ctx context.Context, ref Ref, in Renewal) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.renew(ref, in))
}

// orMonth is how much time is ordered if it is not said: one, and months.
func orMonth(duration int, unit Unit) (int, Unit) {
	if duration == 0 {
		duration = 1
	}
	if unit == "" {
		unit = Month
	}
	return duration, unit
}

func (s *Service) renew(ref Ref, in Renewal) control.Change[Effect] {
	in.Duration, in.Unit = orMonth(in.Duration, in.Unit)
	return s.edit(action.GroupRenew, Renew, ref, in.Version, func(context.Context, Group) ([]fault.Field, error) {
		var bad faults
		s.checkDuration(&bad, in.Duration, in.Unit)
		return bad, nil
	}, func(ctx context.Context, e *Effect) error {
		o := Order{Kind: OrderRenew, Months: months(in.Duration, in.Unit)}
		if err := s.order(ctx, e, o); err != nil {
			return err
		}
		return s.prolong(e, o.Months)
	})
}

// prolong adds months to a subscription.
func (s *Service) prolong(e *Effect, n int) error {
	now := s.gate.Now()
	e.After.ExpiresAt = ptr(later(now, n))
	if e.Before.Status != Expired && e.Before.ExpiresAt != nil {
		e.After.ExpiresAt = ptr(e.Before.month(-n))
	}
	e.note(false, "group.note.until", message.Args{"Until": e.After.ExpiresAt.Format(time.DateOnly)})
	if e.Before.Status != Expired {
		return nil
	}
	e.note(false, "group.note.back", nil)
	return e.After.move(EventRenew, now, s.terms)
}

// SetAutoRenew switches on or off that a subscription renews itself, month by month.
func (s *Service) SetAutoRenew(ctx context.Context, ref Ref, on bool, version int64) (Effect, error) {
	return control.Do(ctx, s.gate, s.setAutoRenew(ref, on, version))
}

// PreviewSetAutoRenew tells what that would do.
func (s *Service) PreviewSetAutoRenew(ctx context.Context, ref Ref, on bool, version int64) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.setAutoRenew(ref, on, version))
}

func (s *Service) setAutoRenew(ref Ref, on bool, version int64) control.Change[Effect] {
	return s.edit(action.GroupAutoRenew, Renew, ref, version, nil, func(_ context.Context, e *Effect) error {
		e.After.AutoRenew = on
		ends := message.Args{"Until": stampOf(e.Before.ExpiresAt)}
		switch {
		case on && e.Before.Status == Expired:
			e.note(true, "group.note.auto_renew.expired", nil)
		case on:
			ends["Price"] = s.terms.Prices.CUMonth.times(e.Before.Size).Dollars()
			e.note(false, "group.note.auto_renew", ends)
		case e.Before.AutoRenew:
			e.note(true, "group.note.auto_renew.off", ends)
		}
		return nil
	})
}

// stampOf is the day of a time, empty if there is none.
func stampOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.DateOnly)
}

// Conversion makes a subscription of a group that is paid as it is used.
type Conversion struct {
	Size int
	// Duration is 1 and Unit a month if empty.
	Duration int
	Unit     Unit
	// Undo gives a conversion that failed up instead, and leaves the group paid as it is used.
	Undo    bool
	Version int64
}

// Convert orders that. There is no way back.
func (s *Service) Convert(ctx context.Context, ref Ref, in Conversion) (Effect, error) {
	return control.Do(ctx, s.gate, s.convert(ref, in))
}

// PreviewConvert tells what that would change and cost.
func (s *Service) PreviewConvert(ctx context.Context, ref Ref, in Conversion) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.convert(ref, in))
}

func (s *Service) convert(ref Ref, in Conversion) control.Change[Effect] {
	if in.Undo {
		return s.undo(action.GroupConvert, ref, in.Version)
	}
	in.Duration, in.Unit = orMonth(in.Duration, in.Unit)
	return s.edit(action.GroupConvert, Convert, ref, in.Version, func(_ context.Context, g Group) ([]fault.Field, error) {
		var bad faults
		bad.number("size", in.Size, Span{s.terms.Size.Smallest, s.terms.Size.Largest})
		s.checkDuration(&bad, in.Duration, in.Unit)
		if len(bad) == 0 {
			bad = g.Shares.whole().Faults(in.Size)
		}
		return bad, nil
	}, func(ctx context.Context, e *Effect) error {
		e.note(true, "group.note.converted", nil)
		if in.Size < e.Before.Size {
			e.note(true, "group.note.smaller", message.Args{"From": e.Before.Size, "To": in.Size})
		}
		s.reserves(e, in.Size)
		with := e.Before
		with.Size = in.Size
		if err := s.tries(ctx, e, with); err != nil {
			return err
		}
		e.note(false, "group.note.goes_on", nil)
		if err := s.order(ctx, e, Order{Kind: OrderConvert, Size: in.Size, Months: months(in.Duration, in.Unit)}); err != nil {
			return err
		}
		return e.After.move(EventChange, s.gate.Now(), s.terms)
	})
}

// QuotaEdit is new quotas.
type QuotaEdit struct {
	// Set replaces the quotas of these modules; the others stay.
	Set Shares
	// Lends, if not nil, says whether what is kept and idle may be used by others.
	Lends   *bool
	Version int64
}

// SetQuota changes what modules are kept and may use. What runs goes on, also where it is over a new maximum.
func (s *Service) SetQuota(ctx context.Context, ref Ref, in QuotaEdit) (Effect, error) {
	return control.Do(ctx, s.gate, s.setQuota(ref, in))
}

// PreviewSetQuota tells what that would do.
func (s *Service) PreviewSetQuota(ctx context.Context, ref Ref, in QuotaEdit) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.setQuota(ref, in))
}

// With is the shares with some replaced; what becomes unlimited is left out.
func (s Shares) With(set Shares) Shares {
	var out Shares
	for _, q := range s.whole() {
		for _, n := range set {
			if n.Module == q.Module {
				q = n
			}
		}
		if q.Min != 0 || q.Max != nil {
			out = append(out, q)
		}
	}
	return out
}

func (s *Service) setQuota(ref Ref, in QuotaEdit) control.Change[Effect] {
	return s.edit(action.GroupQuota, Limit, ref, in.Version, func(_ context.Context, g Group) ([]fault.Field, error) {
		bad := faults(in.Set.Faults(g.Size))
		if len(bad) == 0 {
			bad = g.Shares.With(in.Set).Faults(g.Size)
		}
		if len(in.Set) == 0 && in.Lends == nil {
			bad.add("module", message.Text{ID: "fault.group.quota.nothing"})
		}
		return bad, nil
	}, func(ctx context.Context, e *Effect) error {
		e.After.Shares = e.Before.Shares.With(in.Set)
		if in.Lends != nil {
			e.After.Lends = *in.Lends
		}
		s.reserves(e, e.After.Size)
		return s.tries(ctx, e, e.After)
	})
}

// SetSlots changes how many scheduling tasks may run at once. What runs goes on.
func (s *Service) SetSlots(ctx context.Context, ref Ref, n int, version int64) (Effect, error) {
	return control.Do(ctx, s.gate, s.setSlots(ref, n, version))
}

// PreviewSetSlots tells what that would do.
func (s *Service) PreviewSetSlots(ctx context.Context, ref Ref, n int, version int64) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.setSlots(ref, n, version))
}

func (s *Service) setSlots(ref Ref, n int, version int64) control.Change[Effect] {
	return s.edit(action.GroupSlots, Limit, ref, version, func(context.Context, Group) ([]fault.Field, error) {
		var bad faults
		bad.number("slots", n, Span{s.terms.Slots.Least, s.terms.Slots.Most})
		return bad, nil
	}, func(ctx context.Context, e *Effect) error {
		e.After.Slots = n
		if n != e.Before.Slots {
			e.note(false, "group.note.concurrency", message.Args{"From": e.Before.Slots, "To": n})
		}
		return s.tries(ctx, e, e.After)
	})
}

// Start puts a frozen group back into service.
func (s *Service) Start(ctx context.Context, ref Ref, version int64) (Effect, error) {
	return control.Do(ctx, s.gate, s.start(ref, version))
}

// PreviewStart tells what that would do.
func (s *Service) PreviewStart(ctx context.Context, ref Ref, version int64) (Effect, error) {
	return control.Rehearse(ctx, s.gate, s.start(ref, version))
}

func (s *Service) start(ref Ref, version int64) control.Change[Effect] {
	return s.edit(action.GroupStart, Start, ref, version, nil, func(_ context.Context, e *Effect) error {
		if err := e.After.move(EventStart, s.gate.Now(), s.terms); err != nil {
			return err
		}
		e.note(false, "group.note.started", message.Args{"At": moment(e.After.BusyUntil)})
		e.note(false, "group.note.as_used", message.Args{"Price": perHour(s.terms)})
		return nil
	})
}

func stamp(t time.Time) map[string]string {
	if t.IsZero() {
		return map[string]string{"arrears_since": ""}
	}
	return map[string]string{"arrears_since": strings.TrimSuffix(t.UTC().Format(time.RFC3339), "Z") + "Z"}
}
