package group

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Runs is the work that comes to groups: who is let in, who waits, and what it all holds. It starts nothing itself.
type Runs struct {
	*finder
	store RunStore
	terms Terms
	// leftovers ends what is left of runs that nothing was heard of.
	leftovers Leftovers
}

// Leftovers ends processes whose run is lost, so that what they held is really free before it is given to others.
type Leftovers interface {
	// Reaches says whether what is left of a run could be ended from here: it is on this machine, and not somebody else's.
	Reaches(r Run) bool
	// End ends what is left of a run that it reaches, and takes away what held it.
	End(ctx context.Context, r Run) error
}

// NewRuns makes the service. leftovers may be nil where no run leaves anything.
func NewRuns(gate *control.Gate, store RunStore, regions Regions, terms Terms, leftovers Leftovers) *Runs {
	return &Runs{finder: &finder{gate: gate, store: store, regions: regions}, store: store, terms: terms, leftovers: leftovers}
}

// runKind is what targets and faults call a run.
const runKind = "run"

// Entry is work that asks to be let into a group.
type Entry struct {
	// Group is the name of the group, in the region of the workspace.
	Group     string
	Workspace control.Ref
	Module    string
	// CU is in steps of a half.
	CU float64
	// Name is that of the program to run, without its arguments.
	Name string
	// Machine is where it is to run and Account as whom there; Token is what the process that stands behind it will be known by.
	Machine, Account, Token string
	// Within is the run whose command asks, as it is known from its surroundings; the zero Ticket if it is not asked from within one.
	Within Ticket
}

// Ticket is what a process holds of its run.
type Ticket struct {
	ID    int64
	Token string
}

// Standing is how a run stands.
type Standing struct {
	Run Run
	// Ahead is how many of its module wait before it, counted up to Counted.
	Ahead int
	// Next says that somebody may start who has not been let in yet.
	Next bool
	// Stop says that the run has to end because its group is being given up.
	Stop bool
	// Within is the nearest run of the same group that it was asked from within and that holds CU until it ends; nil if there is none.
	Within *Run
}

// Counted is how far those ahead of a run are counted.
const Counted = 64

// Enter lets work in if there is room for it, and lets it wait otherwise. What can never run, and what the state of the group
// does not let run without somebody doing something, is refused at once.
func (s *Runs) Enter(ctx context.Context, in Entry) (Standing, error) {
	var g Group
	var d Demand
	var around []Run
	return control.Do(ctx, s.gate, control.Change[Standing]{
		Action: action.GroupRun,
		Target: control.AtThing(s.store, in.Workspace, kind, in.Group),
		Check: func(ctx context.Context, t control.Target) (bad []fault.Field, err error) {
			if g, err = s.find(ctx, Ref{Region: t.Region, Name: in.Group}); err != nil {
				return nil, err
			}
			if refused := g.known(RunWork); refused != nil {
				return nil, refused
			}
			if d, bad = s.demand(g, t, in); len(bad) > 0 {
				return bad, nil
			}
			if err := s.admissible(ctx, g, t); err != nil {
				return nil, err
			}
			if around, err = s.around(ctx, in.Within); err != nil {
				return nil, err
			}
			return s.choked(g, d, around), nil
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Standing], error) {
			now := s.gate.Now()
			r := Run{Group: g.ID, Demand: d, WorkspaceName: t.WorkspaceName, Name: in.Name, State: RunWaiting, At: now, By: by.Name, ByID: by.Principal,
				Machine: in.Machine, Account: in.Account, Token: in.Token, Lease: ptr(now.Add(s.terms.Runs.WaitLease))}
			if len(around) > 0 {
				r.Within = around[0].ID
			}
			var err error
			if r.ID, err = s.store.InsertRun(ctx, r); err != nil {
				return control.Applied[Standing]{}, err
			}
			admitted, a, err := s.admit(ctx, g, r.ID)
			if err != nil {
				return control.Applied[Standing]{}, err
			}
			if i := slices.IndexFunc(admitted, func(o Run) bool { return o.ID == r.ID }); i >= 0 {
				r = admitted[i]
			}
			standing, err := s.standing(ctx, g, r, a)
			standing.Within = holding(g, around)
			return control.Applied[Standing]{Value: standing, After: runEntry(r)}, err
		},
	})
}

// runEntry is what the audit keeps of a run: who asked for what when it came, and what became of it when it ended.
func runEntry(r Run) map[string]any {
	e := map[string]any{"run": r.ID, "module": r.Module, "cu": r.CU.CU(), "name": r.Name, "machine": r.Machine, "state": r.State}
	if r.State == RunEnded {
		e["outcome"], e["exit_code"], e["cu_seconds"], e["cpu_seconds"] = r.Outcome, r.Code, r.CUSeconds(), r.CPU.Seconds()
	}
	return e
}

// mostAsked is above all that can ever be given out, and counts in halves without being too large for that.
const mostAsked = 1 << 20

// demand checks what is asked for.
func (s *Runs) demand(g Group, t control.Target, in Entry) (Demand, faults) {
	var bad faults
	m, err := ParseModule(in.Module)
	if err != nil {
		bad.add("module", message.Text{ID: "fault.group.module", Args: message.Args{"Module": text.Clean(in.Module)}})
	}
	d := Demand{Workspace: t.Workspace, Module: m, CU: Half(2 * in.CU), Slot: m == Scheduling}
	if in.CU > mostAsked {
		d.CU = 2*mostAsked + 1 // a number as large as it may be asked for: it never fits either
	}
	switch given := strconv.FormatFloat(in.CU, 'f', -1, 64); {
	case math.IsNaN(in.CU) || math.IsInf(in.CU, 0) || in.CU < 0 || in.CU <= mostAsked && d.CU.CU() != in.CU:
		bad.add("cu", message.Text{ID: "fault.group.run.cu", Args: message.Args{"Given": given}})
	case d.CU == 0 && m != Scheduling && err == nil:
		bad.add("cu", message.Text{ID: "fault.group.run.zero"})
	case err == nil:
		if most := g.most(m, s.terms.LargestTask); d.CU > most {
			id := "fault.group.run.never"
			if most == Half(2*s.terms.LargestTask.Of(m)) {
				id = "fault.group.run.task"
			}
			bad.add("cu", message.Text{ID: id, Args: message.Args{"Given": given, "Most": most.CU(),
				"Module": message.Text{ID: "group.module." + string(m)}, "Name": g.Name}})
		}
	}
	return d, bad
}

// most is the most that one run of a module can ever get. Where what is kept for modules is not lent, nobody else ever gets it.
func (g Group) most(m Module, largest TaskLimits) Half {
	size := g.Size
	if !g.Lends {
		for _, q := range g.Shares {
			if q.Module != m {
				size -= q.Min
			}
		}
	}
	return Half(2 * min(size, g.Shares.Of(m).cap(g.Size), largest.Of(m)))
}

// admissible refuses work that would wait for something that does not come by itself.
func (s *Runs) admissible(ctx context.Context, g Group, t control.Target) error {
	open, err := s.store.OpenWorkspace(ctx, t.Workspace)
	switch {
	case err != nil:
		return err
	case !open:
		return &fault.Refused{Reason: message.Text{ID: "fault.group.run.workspace", Args: message.Args{"Workspace": t.WorkspaceName}}}
	case g.Suspended:
		return &fault.Refused{Reason: message.Text{ID: "fault.group.run.suspended", Args: message.Args{"Name": g.Name, "Since": moment(g.ArrearsSince)}},
			Way: message.Text{ID: "fault.group.run.suspended.next"}}
	}
	if refused := g.Allows(RunWork); refused != nil && (g.Status != Starting || g.Type != Serverless) {
		return refused
	}
	if !g.among(t.Workspace) {
		return g.unbound(t.WorkspaceName)
	}
	return nil
}

// unbound refuses work of a workspace that is not associated, with when it can be: not while the group starts or is updated.
func (g Group) unbound(workspace string) *fault.Refused {
	args := message.Args{"Workspace": workspace, "Name": g.Name, "Status": message.Text{ID: "group.status." + string(g.Status)}}
	reason, way := "fault.group.run.unbound", "fault.group.run.unbound.next"
	if g.Allows(Bind) != nil {
		reason, way, args["At"] = "fault.group.run.unbound.busy", "fault.group.run.unbound.then", moment(g.BusyUntil)
	}
	return &fault.Refused{Reason: message.Text{ID: reason, Args: args}, Way: message.Text{ID: way, Args: args}}
}

// nobody is no run.
const nobody = 0

// admit lets all in that may start now. They hold their place until their process claims it; here is the one, if any, whose process is
// the one that asks. What is answered besides knows why the others wait.
func (s *Runs) admit(ctx context.Context, g Group, here int64) ([]Run, *admitting, error) {
	in, a, err := s.who(ctx, g)
	if err != nil || len(in) == 0 {
		return nil, a, err
	}
	now := s.gate.Now()
	for i := range in {
		r := &in[i]
		r.State, r.Since, r.Metered = RunRunning, ptr(now), now
		switch {
		case r.ID == here:
			r.Lease = ptr(now.Add(s.terms.Runs.Lease))
		case r.Lease != nil:
			r.Lease = ptr(now.Add(s.terms.Runs.Claim))
		}
		if err := s.store.UpdateRun(ctx, *r); err != nil {
			return nil, a, err
		}
	}
	return in, a, s.touch(ctx, g, now)
}

// who are those that may start now, in the order in which they are let in.
func (s *Runs) who(ctx context.Context, g Group) ([]Run, *admitting, error) {
	use, err := s.store.Using(ctx, g.ID)
	if err != nil {
		return nil, nil, err
	}
	heads, err := s.store.Heads(ctx, g.ID, Modules(), page)
	if err != nil {
		return nil, nil, err
	}
	a := g.admitting(use, &paged{ctx: ctx, store: s.store, group: g.ID, pages: lineUp(heads)}, s.terms.LargestTask)
	in, err := a.all()
	return in, a, err
}

// used is how exact it is kept when a group was last used.
const used = time.Hour

// touch keeps that a group is in use: one that is paid as it is used is frozen when it is not for long.
func (s *Runs) touch(ctx context.Context, g Group, now time.Time) error {
	if now.Sub(g.UsedAt) < used {
		return nil
	}
	if err := s.store.Touch(ctx, g.ID, now); err != nil {
		return err
	}
	g.UsedAt = now
	for _, d := range g.Plan(s.terms) {
		if d.What == EventIdle {
			return s.store.Plan(ctx, d)
		}
	}
	return nil
}

// paged is a line that is read from the store as far as it is looked at.
type paged struct {
	ctx   context.Context
	store RunStore
	group ID
	pages listed
}

// page is how much of a line is read at first: mostly only its head is looked at. further is how much is read then.
const page, further = 4, 64

func (p *paged) next(m Module, after int64) (Run, bool, error) {
	r, ok, err := p.pages.next(m, after)
	if ok || err != nil || len(p.pages[m]) < page { // what is shorter than a page is all there is
		return r, ok, err
	}
	list, err := p.store.InLine(p.ctx, p.group, m, after, further)
	if err != nil {
		return Run{}, false, err
	}
	p.pages[m] = list
	return p.pages.next(m, after)
}

// standing is how a run stands, with why it waits: a says why anybody does.
func (s *Runs) standing(ctx context.Context, g Group, r Run, a *admitting) (Standing, error) {
	st := Standing{Run: r, Stop: g.going()}
	if r.State != RunWaiting {
		return st, nil
	}
	st.Run.Reason = a.reason(r)
	var err error
	st.Ahead, err = s.store.Ahead(ctx, r, Counted)
	return st, err
}

// mine fails unless a ticket is that of a run.
func mine(t Ticket, r Run, ok bool) error {
	if !ok || t.Token == "" || r.Token != t.Token {
		return &fault.NotFound{What: runKind, Name: strconv.FormatInt(t.ID, 10)}
	}
	return nil
}

// saying is a change that a process makes to its own run: it has proven that it is its own by the token.
func (s *Runs) saying(t Ticket, do func(ctx context.Context, g Group, r *Run) (control.Applied[Standing], error)) control.Change[Standing] {
	var r Run
	var g Group
	return control.Change[Standing]{
		Action: action.GroupRunEnd,
		Target: func(ctx context.Context) (to control.Target, err error) {
			var ok bool
			if r, ok, err = s.store.Run(ctx, t.ID); err != nil || !ok {
				return control.Target{Kind: runKind}, errors.Join(err, mine(t, r, ok))
			}
			g, err = s.store.Get(ctx, r.Group)
			return runTarget(g, r), err
		},
		Check: func(context.Context, control.Target) ([]fault.Field, error) { return nil, mine(t, r, true) },
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[Standing], error) {
			return do(ctx, g, &r)
		},
	}
}

func runTarget(g Group, r Run) control.Target {
	return control.Target{Region: g.Region, Workspace: r.Workspace, WorkspaceName: r.WorkspaceName, Kind: kind, Name: g.Name}
}

// ListMost bounds the runs that are listed at once.
const ListMost = 500

// List lists the runs of a group that a query picks, the newest first, with why those wait that do.
func (s *Runs) List(ctx context.Context, ref Ref, q RunQuery) ([]Run, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Run]{
		Action: action.GroupRuns,
		Target: s.on(ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Run, error) {
			g, err := s.find(ctx, Ref{Region: t.Region, Name: t.Name})
			if err != nil {
				return nil, err
			}
			if q.Most < 1 || q.Most > ListMost {
				q.Most = ListMost
			}
			if refused := g.seen(); refused != nil {
				return nil, refused
			}
			runs, err := s.store.Runs(ctx, g.ID, q)
			if err != nil || !slices.ContainsFunc(runs, func(r Run) bool { return r.State == RunWaiting }) {
				return runs, err
			}
			work, err := s.store.Work(ctx, g.ID)
			if err != nil {
				return nil, err
			}
			why := map[int64]Reason{}
			for _, w := range weigh(g, work, s.terms.LargestTask).Waiting {
				why[w.ID] = w.Reason
			}
			for i := range runs {
				runs[i].Reason = why[runs[i].ID]
			}
			return runs, nil
		},
	})
}
