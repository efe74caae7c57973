package group_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"reeve/core/fault"
	"reeve/core/group"
)

// published is the table of operations for each state as it was put together from the documentation: + is possible, - is not.
// S is only for subscriptions, P only for pay-as-you-go. The states of failure stand in one column there; what cannot be
// meant (scaling what is being given up) is -.
const published = `
            starting running updating expired frozen create-failed update-failed timeout delete-failed deleting
view        +        +       +        +       +      +             +             +       +             +
run         -        +       +        -       -      -             -             -       -             -
bind        -        +       -        -       +      -             -             -       -             -
network     -        +       -        -       +      -             -             -       -             -
scale     S -        +       -        -       -      +             +             +       -             -
renew     S +        +       +        +       -      +             +             +       +             -
convert   P -        +       -        -       -      -             -             -       -             -
undo        -        -       -        -       -      -             +             -       -             -
limit       -        +       -        -       -      -             -             -       -             -
start     P -        -       -        -       +      -             -             -       -             -
unsubscribe -        +       -        +       +      +             +             +       +             -
rename      +        +       +        +       +      +             +             +       +             -`

// allowed is the table by operation and state, and the way of paying each operation is for.
func allowed(t *testing.T) (table map[string]map[string]bool, only map[string]string) {
	t.Helper()
	table, only = map[string]map[string]bool{}, map[string]string{}
	lines := strings.Split(strings.TrimSpace(published), "\n")
	states := strings.Fields(lines[0])
	for _, line := range lines[1:] {
		words := strings.Fields(line)
		op := words[0]
		words = words[1:]
		if words[0] == "S" || words[0] == "P" {
			only[op], words = map[string]string{"S": "subscription", "P": "pay-as-you-go"}[words[0]], words[1:]
		}
		if len(words) != len(states) {
			t.Fatalf("the line of %s has %d states, want %d", op, len(words), len(states))
		}
		table[op] = map[string]bool{}
		for i, s := range states {
			table[op][s] = words[i] == "+"
		}
	}
	return table, only
}

func TestOperationsAreAllowedAsTheTableSays(t *testing.T) {
	table, only := allowed(t)
	for op, states := range table {
		for state, want := range states {
			for _, billing := range []group.Billing{group.Subscription, group.PayAsYouGo} {
				g := group.Group{Name: "rg", Type: group.Serverless, Billing: billing, Status: group.Status(state), UsedAt: time.Unix(1, 0)}
				refused := g.Allows(group.Operation(op))
				want := want && (only[op] == "" || only[op] == string(billing))
				if (refused == nil) != want {
					t.Errorf("%s of %s that is %s: %v, want it possible: %v", op, billing, state, refused, want)
				}
				if refused != nil && only[op] == "" && refused.Way.ID == "" {
					t.Errorf("%s that is %s: it is not said when it will be possible", op, state)
				}
				// Waiting is advised only where it helps: what starts and what is updated is in service then.
				if refused != nil && refused.Way.ID == "fault.group.state.wait" && !states["running"] {
					t.Errorf("%s that is %s is said to be possible later, and is not then either", op, state)
				}
				if legacy := (group.Group{Type: "exclusive-scheduling", Billing: billing, Status: group.Running}); (legacy.Allows(group.Operation(op)) == nil) != (op == "rename" || op == "view") {
					t.Errorf("%s of an older type is not as it should be", op)
				}
			}
		}
	}
}

// model is one group as prose tells its life, second by second; it knows nothing of rows or events.
type model struct {
	name, status, billing     string
	subscribed                bool // auto-renew
	served                    bool // it was in service once
	busy, ends, release, used time.Time
	size, wanted, months      int
	bought                    int // the day of a month
}

// until lets time pass: what comes first happens first, with the host as it is now.
func (m *model) until(now time.Time, fails error, terms group.Terms) {
	for m.step(now, fails, terms) {
	}
}

func (m *model) step(now time.Time, fails error, terms group.Terms) bool {
	type happening struct {
		at time.Time
		do func()
	}
	var first *happening
	consider := func(at time.Time, do func()) {
		if !at.IsZero() && !at.After(now) && (first == nil || at.Before(first.at)) {
			first = &happening{at, do}
		}
	}
	serving := m.status == "running" || m.status == "update-failed"
	if serving && !m.ends.IsZero() {
		if m.subscribed {
			consider(m.ends.Add(-terms.RenewBefore), func() { m.renew(1) })
		}
		consider(m.ends, func() { m.status, m.release = "expired", m.ends.Add(15*24*time.Hour) })
	}
	switch m.status {
	case "starting", "updating":
		consider(m.busy, func() { m.finish(m.busy, fails) })
	case "deleting":
		consider(m.busy, func() {
			switch {
			case errors.Is(fails, context.DeadlineExceeded):
				m.status = "timeout"
			case fails != nil:
				m.status = "delete-failed"
			default:
				m.status = "gone"
			}
		})
	case "expired":
		consider(m.release, func() { m.status, m.busy = "deleting", m.release.Add(terms.Times.Release) })
	case "running":
		if m.billing == "pay-as-you-go" {
			consider(m.used.AddDate(0, 0, 7), func() { m.status = "frozen" })
		}
	}
	if first == nil {
		return false
	}
	first.do()
	return true
}

func (m *model) finish(at time.Time, fails error) {
	was := m.status
	switch {
	case errors.Is(fails, context.DeadlineExceeded):
		m.status = "timeout"
		return
	case fails != nil && was == "starting":
		m.status = "create-failed"
		return
	case fails != nil:
		m.status = "update-failed"
		return
	}
	m.status, m.served = "running", true
	if at.After(m.used) {
		m.used = at
	}
	if was == "updating" {
		m.size = m.wanted
		if m.months > 0 {
			m.billing, m.ends = "subscription", monthsOn(at, m.months)
		}
	}
}

// monthsOn is n months later, the last day of a month that is too short.
func monthsOn(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// renew goes on from the end: a last day of a month may stand for the day of buying, which the month does not have.
func (m *model) renew(n int) {
	day := m.ends.Day()
	if m.ends.AddDate(0, 0, 1).Day() == 1 {
		day = max(day, m.bought)
	}
	first := time.Date(m.ends.Year(), m.ends.Month()+time.Month(n), 1, m.ends.Hour(), m.ends.Minute(), m.ends.Second(), 0, time.UTC)
	m.ends = first.AddDate(0, 0, min(day, first.AddDate(0, 1, -1).Day())-1)
}

// act does an operation that is allowed.
func (m *model) act(op string, now time.Time, terms group.Terms, size, n int) {
	switch op {
	case "scale":
		m.status, m.busy, m.wanted, m.months = "updating", now.Add(terms.Times.Update), size, 0
	case "convert":
		m.status, m.busy, m.wanted, m.months = "updating", now.Add(terms.Times.Update), size, n
	case "renew":
		if m.status == "expired" {
			m.status, m.ends = "running", monthsOn(now, n)
			return
		}
		m.renew(n)
	case "undo":
		m.status, m.used = "running", now
	case "start":
		m.status, m.busy = "starting", now.Add(terms.Times.Start)
	case "unsubscribe":
		m.status, m.busy = "deleting", now.Add(terms.Times.Release)
	}
}

// walker drives the service and the model side by side.
type walker struct {
	*story
	r      *rand.Rand
	table  map[string]map[string]bool
	only   map[string]string
	models []*model
	log    []string
}

func (w *walker) say(format string, args ...any) { w.log = append(w.log, fmt.Sprintf(format, args...)) }

func (w *walker) buy() {
	in := form(fmt.Sprintf("g%d", len(w.models)))
	m := &model{name: in.Name, status: "starting", billing: "pay-as-you-go", busy: w.Now().Add(w.terms.Times.Start), used: w.Now(), size: 500, bought: w.Now().Day()}
	if w.r.IntN(2) == 0 {
		in.Billing, in.Size, in.Duration, in.AutoRenew = group.Subscription, 2+w.r.IntN(30), 1+w.r.IntN(3), w.r.IntN(3) == 0
		m.billing, m.size, m.ends, m.subscribed = "subscription", in.Size, monthsOn(w.Now(), in.Duration), in.AutoRenew
	}
	w.create(in)
	w.models = append(w.models, m)
	w.say("bought %+v", *m)
}

// pass lets time pass, from a minute to more than a month, with a host that may fail.
func (w *walker) pass() {
	for _, unit := range []time.Duration{time.Minute, time.Hour, 24 * time.Hour} {
		if w.r.IntN(3) > 0 || unit == 24*time.Hour {
			w.Pass(time.Duration(1+w.r.IntN(45)) * unit)
			break
		}
	}
	w.host.provide = [...]error{nil, nil, nil, errors.New("no room"), context.DeadlineExceeded}[w.r.IntN(5)]
	w.host.release = w.host.provide
	w.say("%s, the host says %v", w.Now(), w.host.provide)
	w.keep()
	for _, m := range w.models {
		m.until(w.Now(), w.host.provide, w.terms)
	}
}

// operate tries one operation on one group and holds what came of it against the model.
func (w *walker) operate() {
	m := w.models[w.r.IntN(len(w.models))]
	ops := []string{"bind", "network", "scale", "renew", "convert", "undo", "limit", "start", "unsubscribe", "rename"}
	op := ops[w.r.IntN(len(ops))]
	if m.status == "gone" || op == "unsubscribe" && w.r.IntN(3) > 0 {
		return
	}
	size, n := 2+w.r.IntN(40), 1+w.r.IntN(3)
	if size == m.size {
		size++
	}
	err := w.try(op, m.name, size, n)
	want := w.table[op][m.status] && (w.only[op] == "" || w.only[op] == m.billing) && (op != "undo" || m.served)
	w.say("%s of %s, which is %s: %v", op, m.name, m.status, err)
	var refused *fault.Refused
	switch {
	case want && err != nil, !want && !errors.As(err, &refused):
		w.t.Fatalf("%s of %s, which is %s and %s: %v, want it possible: %v\n%s", op, m.name, m.billing, m.status, err, want, strings.Join(w.log, "\n"))
	case want:
		m.act(op, w.Now(), w.terms, size, n)
	}
}

func (w *walker) try(op, name string, size, n int) error {
	ctx, ref := w.As("lin"), w.ref(name)
	var err error
	switch op {
	case "bind":
		_, err = w.groups.PreviewAssociate(ctx, ref, group.Binding{Workspaces: []string{"sales"}})
	case "network":
		_, err = w.groups.AddNetwork(ctx, ref, group.VPC{VPC: "v", VSwitch: fmt.Sprint("s", len(w.log))})
		if fault.KindOf(err) == fault.KindInvalid { // there are as many as there may be
			err = nil
		}
	case "scale":
		_, err = w.groups.Scale(ctx, ref, group.Scaling{Size: size})
	case "renew":
		_, err = w.groups.Renew(ctx, ref, group.Renewal{Duration: n})
	case "convert":
		_, err = w.groups.Convert(ctx, ref, group.Conversion{Size: size, Duration: n})
	case "undo":
		_, err = w.groups.Convert(ctx, ref, group.Conversion{Undo: true})
	case "limit":
		_, err = w.groups.SetSlots(ctx, ref, size, 0)
	case "start":
		_, err = w.groups.Start(ctx, ref, 0)
	case "unsubscribe":
		_, err = w.groups.Unsubscribe(ctx, ref, 0, name)
	case "rename":
		remark := fmt.Sprint("r", len(w.log))
		_, err = w.groups.Update(ctx, ref, group.Update{Remark: &remark})
	}
	return err
}

func (w *walker) compare() {
	w.t.Helper()
	all, err := w.groups.List(w.As("lin"), "cn-hangzhou")
	if err != nil {
		w.t.Fatal(err)
	}
	found := map[string]group.Group{}
	for _, g := range all {
		found[g.Name] = g
	}
	for _, m := range w.models {
		g, there := found[m.name]
		ends := time.Time{}
		if g.ExpiresAt != nil {
			ends = *g.ExpiresAt
		}
		if there != (m.status != "gone") || there && (string(g.Status) != m.status || string(g.Billing) != m.billing || g.Size != m.size || !ends.Equal(m.ends)) {
			w.t.Fatalf("%s is %s %s %d CU until %s, want %+v\n%s", m.name, g.Status, g.Billing, g.Size, ends, *m, strings.Join(w.log, "\n"))
		}
	}
}

func TestAnyLifeGoesAsTheModelSays(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := &walker{story: open(t), r: rand.New(rand.NewPCG(seed, 1))} // #nosec G404 -- repeatable on purpose
			w.table, w.only = allowed(t)
			for range 4 {
				w.buy()
			}
			for i := range 120 {
				switch {
				case i%30 == 29:
					w.buy()
				case w.r.IntN(3) == 0:
					w.pass()
				default:
					w.operate()
				}
				w.compare()
			}
		})
	}
}
