package group_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"reeve/assets"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/group"
	"reeve/core/region"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// yard is a story with work that comes to its groups.
type yard struct {
	*story
	runs *group.Runs
	// ended are the runs whose leftovers were ended.
	leftovers *leftovers
	entered   int
}

type leftovers struct {
	ended []int64
	fails error
	// far says that runs are of machines that are not reached from here.
	far bool
}

func (l *leftovers) Reaches(group.Run) bool { return !l.far }

func (l *leftovers) End(_ context.Context, r group.Run) error {
	l.ended = append(l.ended, r.ID)
	return l.fails
}

func newYard(t testing.TB) *yard {
	t.Helper()
	s := open(t)
	known, err := region.Load(assets.Regions())
	if err != nil {
		t.Fatal(err)
	}
	y := &yard{story: s, leftovers: &leftovers{}}
	y.runs = group.NewRuns(s.Gate, storage.NewGroupRuns(s.DB), region.NewOffers(storage.NewRegions(s.DB), known), s.terms, y.leftovers)
	return y
}

// pool is a subscription that runs, with quotas, in which both workspaces may run work.
func (y *yard) pool(name string, size int, shares ...group.Quota) group.Group {
	y.t.Helper()
	y.subscribed(name, size, 3, false)
	if len(shares) > 0 {
		if _, err := y.groups.SetQuota(y.As("lin"), y.ref(name), group.QuotaEdit{Set: shares}); err != nil {
			y.t.Fatal(err)
		}
	}
	if _, err := y.groups.Associate(y.As("lin"), y.ref(name), group.Binding{Workspaces: []string{"sales", "risk"}}); err != nil {
		y.t.Fatal(err)
	}
	return y.get(name)
}

// process is how the process speaks that stands behind a run.
func (y *yard) process(name string) context.Context {
	return control.WithActor(context.Background(), control.Actor{Principal: y.ID(name), Name: name, Face: control.FaceKeeper})
}

func (y *yard) try(pool string, m group.Module, cu float64) (group.Standing, group.Ticket, error) {
	y.entered++
	token := fmt.Sprint("token-", y.entered)
	st, err := y.runs.Enter(y.As("ann"), group.Entry{Group: pool, Workspace: control.Ref{Region: storagetest.Home, Workspace: "sales"}, Module: string(m),
		CU: cu, Name: "load", Machine: "here", Token: token})
	return st, group.Ticket{ID: st.Run.ID, Token: token}, err
}

func (y *yard) enter(pool string, m group.Module, cu float64) (group.Standing, group.Ticket) {
	y.t.Helper()
	st, t, err := y.try(pool, m, cu)
	if err != nil {
		y.t.Fatal(err)
	}
	return st, t
}

func (y *yard) end(t group.Ticket) {
	y.t.Helper()
	if _, err := y.runs.End(y.process("ann"), t, group.Ending{Outcome: group.RunDone}); err != nil {
		y.t.Fatal(err)
	}
}

func (y *yard) beat(t group.Ticket) group.Standing {
	y.t.Helper()
	st, err := y.runs.Beat(y.process("ann"), t, group.Spent{}, group.LimitsSoft)
	if err != nil {
		y.t.Fatal(err)
	}
	return st
}

// tend moves what is due of runs, as the keeper does.
func (y *yard) tend() (moved int) {
	y.t.Helper()
	for {
		did, err := y.runs.MoveDue(y.process("ann"))
		if err != nil {
			y.t.Fatal(err)
		}
		if !did {
			return moved
		}
		moved++
	}
}

func (y *yard) live(pool string) []group.Run {
	y.t.Helper()
	runs, err := y.runs.List(y.As("lin"), y.ref(pool), group.RunQuery{States: []group.RunState{group.RunWaiting, group.RunRunning}})
	if err != nil {
		y.t.Fatal(err)
	}
	slices.Reverse(runs)
	return runs
}

// states are the states of what runs and waits, in the order in which it came, with why it waits.
func (y *yard) states(pool string) (words []string) {
	for _, r := range y.live(pool) {
		word := string(r.State)
		if r.Reason != "" {
			word = string(r.Reason)
		}
		words = append(words, word)
	}
	return words
}

func TestWorkIsLetInInItsTurn(t *testing.T) {
	const s, d, a = group.Scheduling, group.DataIntegration, group.DataAnalysis
	type work struct {
		m  group.Module
		cu float64
	}
	for name, c := range map[string]struct {
		quota []group.Quota
		come  []work
		want  []string
		// ends is the place of the one that ends then, and then how the others stand after it.
		ends int
		then []string
	}{
		"first come within a module": {nil, []work{{s, 9}, {s, 2}, {s, 0.5}}, []string{"running", "pool", "pool"}, 0, []string{"running", "running"}},
		"nobody goes before one that needs room": {nil, []work{{s, 8}, {a, 1}, {s, 5}, {d, 0.5}}, []string{"running", "running", "pool", "pool"}, 1,
			[]string{"running", "pool", "pool"}},
		"who waits for its own module holds nobody up": {[]group.Quota{{Module: d, Max: most(2)}}, []work{{d, 2}, {d, 1}, {a, 3}}, []string{"running", "module", "running"}, 0,
			[]string{"running", "running"}},
		"what is kept goes first": {[]group.Quota{{Module: d, Min: 4}}, []work{{s, 6}, {s, 4}, {s, 4}, {d, 4}}, []string{"running", "running", "pool", "pool"}, 1,
			[]string{"running", "pool", "running"}},
		"what triggers needs no room": {nil, []work{{a, 10}, {d, 1}, {s, 0}}, []string{"running", "pool", "running"}, 0, []string{"running", "running"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			y := newYard(t)
			y.pool("rg", 10, c.quota...)
			var tickets []group.Ticket
			for _, w := range c.come {
				_, ticket := y.enter("rg", w.m, w.cu)
				tickets = append(tickets, ticket)
			}
			if got := y.states("rg"); !slices.Equal(got, c.want) {
				t.Errorf("they are %v, want %v", got, c.want)
			}
			y.end(tickets[c.ends])
			if got := y.states("rg"); !slices.Equal(got, c.then) {
				t.Errorf("after the end of one they are %v, want %v", got, c.then)
			}
		})
	}
}

func TestSlotsAreForSchedulingAlone(t *testing.T) {
	y := newYard(t)
	y.pool("rg", 10)
	if _, err := y.groups.SetSlots(y.As("lin"), y.ref("rg"), 1, 0); err != nil {
		t.Fatal(err)
	}
	y.enter("rg", group.Scheduling, 1)
	y.enter("rg", group.Scheduling, 1)
	y.enter("rg", group.DataIntegration, 1)
	if got := y.states("rg"); !slices.Equal(got, []string{"running", "slots", "running"}) {
		t.Errorf("they are %v", got)
	}
}

func TestWorkThatCannotComeInIsToldAtOnce(t *testing.T) {
	y := newYard(t)
	y.pool("rg", 10, group.Quota{Module: group.DataIntegration, Max: most(2)})
	y.subscribed("apart", 10, 1, false)
	y.asUsed("idle")
	y.pool("wide", 100)
	y.create(form("starting"))
	for name, c := range map[string]struct {
		pool   string
		m      group.Module
		cu     float64
		fields []string
		kind   fault.Kind
	}{
		"more than its module ever has":  {"rg", group.DataIntegration, 2.5, []string{"cu"}, fault.KindInvalid},
		"more than the group has":        {"rg", group.Scheduling, 10.5, []string{"cu"}, fault.KindInvalid},
		"more than one task of it takes": {"wide", group.DataIntegration, 16.5, []string{"cu"}, fault.KindInvalid},
		"more than any task takes":       {"wide", group.Scheduling, 64.5, []string{"cu"}, fault.KindInvalid},
		"a quarter":                      {"rg", group.Scheduling, 0.25, []string{"cu"}, fault.KindInvalid},
		"less than nothing":              {"rg", group.Scheduling, -1, []string{"cu"}, fault.KindInvalid},
		"nothing, and not to trigger":    {"rg", group.DataService, 0, []string{"cu"}, fault.KindInvalid},
		"everything wrong at once":       {"rg", "baking", 0.3, []string{"cu", "module"}, fault.KindInvalid},
		"no such group":                  {"rgg", group.Scheduling, 1, nil, fault.KindNotFound},
		"not associated":                 {"apart", group.Scheduling, 1, nil, fault.KindConflict},
		"starting, but not associated":   {"starting", group.Scheduling, 1, nil, fault.KindConflict},
		"paid as used, and unassociated": {"idle", group.Scheduling, 1, nil, fault.KindConflict},
	} {
		_, _, err := y.try(c.pool, c.m, c.cu)
		if fault.KindOf(err) != c.kind || err == nil || !slices.Equal(fieldsOf(err), c.fields) {
			t.Errorf("%s: %v with the fields %v", name, err, fieldsOf(err))
		}
	}
	if _, err := y.runs.Enter(y.As("kim"), group.Entry{Group: "rg", Workspace: control.Ref{Workspace: "sales"}, Module: "scheduling", CU: 1}); err != nil {
		t.Errorf("whoever manages the product may run: %v", err)
	}
	y.Users("bo")
	if _, err := y.runs.Enter(y.As("bo"), group.Entry{Group: "rg", Workspace: control.Ref{Workspace: "sales"}, Module: "scheduling", CU: 1}); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("a stranger: %v", err)
	}
}

func TestOnlyItsOwnProcessSpeaksForARun(t *testing.T) {
	y := newYard(t)
	y.pool("rg", 4)
	st, ticket := y.enter("rg", group.Scheduling, 1)
	for name, other := range map[string]group.Ticket{"another token": {ID: st.Run.ID, Token: "x"}, "none": {ID: st.Run.ID}, "another run": {ID: 99, Token: ticket.Token}} {
		if _, err := y.runs.End(y.process("ann"), other, group.Ending{}); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("with %s: %v", name, err)
		}
		if _, err := y.runs.Look(y.process("ann"), other, true); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("looking with %s: %v", name, err)
		}
	}
	if _, err := y.runs.End(y.As("ann"), ticket, group.Ending{}); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("by hand: %v", err)
	}
}

func TestWhatIsSilentGivesItsPlaceBack(t *testing.T) {
	y := newYard(t)
	y.pool("rg", 4)
	dead, _ := y.enter("rg", group.Scheduling, 4)
	_, alive := y.enter("rg", group.Scheduling, 4)
	y.Pass(y.terms.Runs.Lease - time.Second)
	if n := y.tend(); n != 0 {
		t.Errorf("%d were lost a second before", n)
	}
	if due, err := y.runs.NextDue(y.process("ann")); err != nil || !due.Equal(*dead.Run.Lease) {
		t.Errorf("the next is due %v, want %v: %v", due, dead.Run.Lease, err)
	}
	y.Pass(time.Hour)
	// What waits has not lapsed only because it said so meanwhile.
	y.leftovers.fails = errors.New("still there")
	if _, err := y.runs.MoveDue(y.process("ann")); err == nil || len(y.live("rg")) != 2 {
		t.Errorf("what could not be ended gave its place away: %v", err)
	}
	y.leftovers.fails = nil
	y.beat(alive)
	if n := y.tend(); n != 1 || y.leftovers.ended[len(y.leftovers.ended)-1] != dead.Run.ID {
		t.Errorf("%d were lost, leftovers of %v ended", n, y.leftovers.ended)
	}
	st := y.beat(alive)
	if st.Run.State != group.RunRunning {
		t.Errorf("the next is %s", st.Run.State)
	}
	all, err := y.runs.List(y.As("lin"), y.ref("rg"), group.RunQuery{})
	if err != nil || all[1].Outcome != group.RunLost || all[1].CUSeconds() != 4*y.terms.Runs.Lease.Seconds() {
		t.Errorf("the lost one held %v CU-seconds: %+v (%v)", all[1].CUSeconds(), all[1], err)
	}
}

func TestAStuckPlaceIsTakenAwayByHand(t *testing.T) {
	y := newYard(t)
	y.pool("rg", 4)
	st, ticket := y.enter("rg", group.Scheduling, 4)
	waiting, next := y.enter("rg", group.Scheduling, 1)
	if _, err := y.runs.Release(y.As("ann"), y.ref("rg"), st.Run.ID); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("by whoever runs: %v", err)
	}
	if _, err := y.runs.Release(y.As("lin"), y.ref("rg"), 99); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("of nothing: %v", err)
	}
	if _, err := y.runs.Release(y.As("lin"), y.ref("rg"), st.Run.ID); err != nil {
		t.Fatal(err)
	}
	if got := y.beat(ticket); got.Run.State != group.RunEnded || got.Run.Outcome != group.RunReleased {
		t.Errorf("its process is told %+v", got)
	}
	if got := y.beat(next); waiting.Run.State != group.RunWaiting || got.Run.State != group.RunRunning {
		t.Errorf("the next is %s", got.Run.State)
	}
	if _, err := y.runs.Release(y.As("lin"), y.ref("rg"), st.Run.ID); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("twice: %v", err)
	}
	y.end(ticket) // changes nothing
	if got := y.states("rg"); !slices.Equal(got, []string{"running"}) {
		t.Errorf("they are %v", got)
	}
}

// What a run left is ended before its place is given to others where that can be done, and by whoever keeps its machine where not.
func TestWhatAReleasedRunLeftIsEnded(t *testing.T) {
	for name, c := range map[string]struct {
		at    leftovers
		later time.Duration
	}{
		"on its machine":               {leftovers{}, 0},
		"from elsewhere":               {leftovers{far: true}, time.Second},
		"what does not end on its own": {leftovers{fails: errors.New("stuck")}, 2 * time.Minute},
	} {
		y := newYard(t)
		y.pool("rg", 4)
		*y.leftovers = c.at
		st, _ := y.enter("rg", group.Scheduling, 4)
		if _, err := y.runs.Release(y.As("ann"), y.ref("rg"), st.Run.ID); fault.KindOf(err) != fault.KindDenied || len(y.leftovers.ended) > 0 {
			t.Errorf("%s: by whoever may not: %v, and %v are ended", name, err, y.leftovers.ended)
		}
		if _, err := y.runs.Release(y.As("lin"), y.ref("rg"), st.Run.ID); err != nil {
			t.Fatal(err)
		}
		if here := len(y.leftovers.ended) > 0; here == c.at.far {
			t.Errorf("%s: on release %v are ended", name, y.leftovers.ended)
		}
		if moved := y.tend(); moved != 0 && c.at.far {
			t.Errorf("%s: %d are moved from elsewhere", name, moved)
		}
		y.leftovers.ended, y.leftovers.far, y.leftovers.fails = nil, false, nil
		y.Pass(c.later)
		want := []int64{st.Run.ID}
		if c.later == 0 {
			want = nil
		}
		for range 2 { // once is enough
			y.tend()
			if !slices.Equal(y.leftovers.ended, want) {
				t.Errorf("%s: the keeper of the machine ends %v, want %v", name, y.leftovers.ended, want)
			}
		}
	}
}

func TestWorkOfAGroupThatIsGivenUpHasToEnd(t *testing.T) {
	y := newYard(t)
	y.pool("rg", 4)
	_, running := y.enter("rg", group.Scheduling, 4)
	_, waiting := y.enter("rg", group.Scheduling, 4)
	if _, err := y.groups.Unsubscribe(y.As("lin"), y.ref("rg"), 0, "rg"); err != nil {
		t.Fatal(err)
	}
	for _, ticket := range []group.Ticket{running, waiting} {
		if st := y.beat(ticket); !st.Stop {
			t.Errorf("it goes on: %+v", st)
		}
	}
}

func TestWhatIsUsedIsNotFrozen(t *testing.T) {
	y := newYard(t)
	y.asUsed("rg")
	if _, err := y.groups.Associate(y.As("lin"), y.ref("rg"), group.Binding{Workspaces: []string{"sales"}}); err != nil {
		t.Fatal(err)
	}
	_, ticket := y.enter("rg", group.Scheduling, 1)
	for range 9 * 24 * 2 {
		y.Pass(30 * time.Minute)
		y.beat(ticket)
		y.keep()
	}
	if got := y.get("rg"); got.Status != group.Running {
		t.Errorf("after nine days of work it is %s", got.Status)
	}
	y.end(ticket)
	y.Pass(8 * day)
	y.keep()
	if got := y.get("rg"); got.Status != group.Frozen {
		t.Errorf("eight days after the last work it is %s", got.Status)
	}
}

// crowd is a thousand runs in ten groups, whose processes may die at any time.
type crowd struct {
	*yard
	r *rand.Rand
	// tickets are those whose processes are alive, by run; pools the groups of all.
	tickets map[int64]group.Ticket
	pools   map[int64]string
	last    map[string]int64 // the run of a group and module that was let in last
	seen    map[int64]bool   // let in
}

// check holds how a group stands against what was promised. before is what ran before the event.
func (c *crowd) check(pool string) {
	c.t.Helper()
	g := c.get(pool)
	use := map[group.Module]group.Half{}
	var total group.Half
	var slots int
	var fresh, waiting []group.Run
	for _, r := range c.live(pool) {
		if r.State == group.RunWaiting {
			waiting = append(waiting, r)
			continue
		}
		use[r.Module] += r.CU
		total += r.CU
		if r.Slot {
			slots++
		}
		if !c.seen[r.ID] {
			c.seen[r.ID] = true
			fresh = append(fresh, r)
		}
	}
	if total > group.Half(2*g.Size) || slots > g.Slots {
		c.t.Fatalf("%s: %v of %d CU and %d of %d slots are in use", pool, total.CU(), g.Size, slots, g.Slots)
	}
	for _, m := range group.Modules() {
		if q := g.Shares.Of(m); q.Max != nil && use[m] > group.Half(2**q.Max) {
			c.t.Fatalf("%s: %s uses %v of %d CU", pool, m, use[m].CU(), *q.Max)
		}
	}
	for _, r := range fresh {
		key := pool + string(r.Module)
		if r.ID < c.last[key] {
			c.t.Fatalf("%s: %d was let in after %d", pool, r.ID, c.last[key])
		}
		c.last[key] = r.ID
	}
	heads := map[group.Module]group.Run{}
	for _, r := range waiting {
		if _, has := heads[r.Module]; !has {
			heads[r.Module] = r
		}
	}
	for m, h := range heads {
		kept := use[m]+h.CU <= group.Half(2*g.Shares.Of(m).Min) && (!h.Slot || slots < g.Slots)
		if kept && total+h.CU <= group.Half(2*g.Size) {
			c.t.Fatalf("%s: %d waits though it is within what is kept for %s, and there is room", pool, h.ID, m)
		}
		if !kept {
			continue
		}
		for _, r := range fresh {
			before := use[r.Module] - r.CU
			if r.CU > 0 && before+r.CU > group.Half(2*g.Shares.Of(r.Module).Min) {
				c.t.Fatalf("%s: %d borrowed while %d waits for what is kept for %s", pool, r.ID, h.ID, m)
			}
		}
	}
}

func TestAThousandRunsInTenGroups(t *testing.T) {
	t.Parallel()
	c := &crowd{yard: newYard(t), r: rand.New(rand.NewPCG(7, 7)), // #nosec G404 -- repeatable on purpose
		tickets: map[int64]group.Ticket{}, pools: map[int64]string{}, last: map[string]int64{}, seen: map[int64]bool{}}
	const pools, runs = 10, 1000
	var names []string
	for i := range pools {
		names = append(names, fmt.Sprint("rg", i))
		c.pool(names[i], 6+i, group.Quota{Module: group.Scheduling, Min: i % 4}, group.Quota{Module: group.DataIntegration, Min: 2, Max: most(4)})
	}
	come, left := 0, 0
	for come < runs || len(c.tickets) > 0 {
		pool := names[c.r.IntN(pools)]
		live := slices.Sorted(maps.Keys(c.tickets))
		switch dice := c.r.IntN(100); {
		case come < runs && (dice < 55 || len(live) == 0):
			m := []group.Module{group.Scheduling, group.DataIntegration, group.DataService}[c.r.IntN(3)]
			st, ticket := c.enter(pool, m, float64(1+c.r.IntN(8))/2)
			come++
			c.tickets[st.Run.ID], c.pools[st.Run.ID] = ticket, pool
		case dice < 97:
			id := live[c.r.IntN(len(live))]
			if !c.seen[id] && c.r.IntN(20) > 0 {
				continue // most of those who wait go on waiting
			}
			pool = c.pools[id]
			c.end(c.tickets[id])
			delete(c.tickets, id)
		case dice < 99: // its process is killed, and nobody speaks for it any more
			id := live[c.r.IntN(len(live))]
			pool = c.pools[id]
			delete(c.tickets, id)
			left++
		default:
			c.Pass(c.terms.Runs.Claim - 2*time.Second)
			for _, id := range live {
				if c.seen[id] && c.r.IntN(2) == 0 {
					c.beat(c.tickets[id])
				}
			}
			for _, r := range c.live(pool) {
				if ticket, alive := c.tickets[r.ID]; alive {
					c.beat(ticket)
				}
			}
			c.tend()
			for _, name := range names {
				c.check(name)
			}
			continue
		}
		c.check(pool)
	}
	for range 20 { // one that waited and is dead holds its place until it should have claimed it
		c.Pass(c.terms.Runs.WaitLease)
		c.tend()
	}
	for _, name := range names {
		if live := c.live(name); len(live) > 0 {
			t.Errorf("%s: %d are left, the first %+v", name, len(live), live[0])
		}
	}
	if left < 10 {
		t.Errorf("only %d processes were killed", left)
	}
	c.adds(names)
}

// adds holds what the minutes add up to against what the runs held.
func (c *crowd) adds(names []string) {
	c.t.Helper()
	store := storage.NewGroupRuns(c.DB)
	to := c.Now().Unix()/60 + 1
	for _, name := range names {
		g := c.get(name)
		all, err := store.Runs(context.Background(), g.ID, group.RunQuery{Most: 10_000})
		if err != nil {
			c.t.Fatal(err)
		}
		var held int64
		for _, r := range all {
			held += r.HalfSeconds
		}
		for _, step := range []int64{1, 60} {
			from := (to - 40*24*60) / 60 * 60
			list, err := store.Metered(context.Background(), g.ID, from, to+60, step)
			if err != nil {
				c.t.Fatal(err)
			}
			var sum int64
			for _, m := range list {
				sum += m.HalfSeconds
			}
			if sum != held || held == 0 {
				c.t.Errorf("%s: steps of %d minutes add up to %d, the runs to %d", name, step, sum, held)
			}
		}
	}
}
