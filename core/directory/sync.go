package directory

import (
	"context"
	"strconv"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
)

// Synced keeps what came from a source.
type Synced interface {
	// Stand reads what a reading of a source is compared with.
	Stand(ctx context.Context, source int64) (Stand, error)
	// ApplyPlan makes the principals as a plan says and returns the source with its version raised, if it still is version;
	// otherwise ok is false.
	ApplyPlan(ctx context.Context, source Source, p Plan, cookie []byte, by access.PrincipalID, at time.Time) (ok bool, err error)
}

// Allowed is how much a sync may take away at most. The zero value is what the source says.
type Allowed struct {
	// Count is a number of users, of groups and of memberships each; Share a part of what there is, in percent. With Set, the
	// one that is not negative counts.
	Set          bool
	Count, Share int
}

// ParseAllowed reads a number, as in 25, or a part, as in 40%.
func ParseAllowed(s string) (Allowed, error) {
	given := strings.TrimSpace(s)
	if given == "" {
		return Allowed{}, nil
	}
	number, part := strings.CutSuffix(given, "%")
	n, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil || n < 0 || part && n > 100 {
		return Allowed{}, fault.OneField("allow_removals", "fault.sync.allowed", message.Args{"Given": given})
	}
	if part {
		return Allowed{Set: true, Count: -1, Share: n}, nil
	}
	return Allowed{Set: true, Count: n, Share: -1}, nil
}

// Sync is how a source is synced.
type Sync struct {
	Source string
	// Full reads everything also where the server can tell what changed.
	Full  bool
	Allow Allowed
	// OwnLoss says that whoever asks means to lose rights of their own; without it such a sync is refused.
	OwnLoss bool
}

// Report is what a sync did, or would do.
type Report struct {
	Source string `json:"source"`
	// Full says that everything was read, and not only what changed.
	Full bool `json:"full"`
	// Comes, Changes and Goes are the users; the counts are of all of them, the lists may be cut.
	Comes       []string     `json:"comes"`
	Changes     []ChangeLine `json:"changes"`
	Goes        []string     `json:"goes"`
	GroupsCome  []string     `json:"groups_come"`
	GroupsGo    []string     `json:"groups_go"`
	Memberships []GroupLine  `json:"memberships"`
	Faults      []EntryFault `json:"faults"`
	Counts      ReportCounts `json:"counts"`
	// Braked says that so much goes that it takes a permission to sync.
	Braked bool `json:"braked"`
}

// ReportCounts counts what is in a report, uncut.
type ReportCounts struct {
	Comes       int `json:"comes"`
	Changes     int `json:"changes"`
	Goes        int `json:"goes"`
	Same        int `json:"same"`
	GroupsCome  int `json:"groups_come"`
	GroupsGo    int `json:"groups_go"`
	MembersAdd  int `json:"memberships_come"`
	MembersGone int `json:"memberships_go"`
	Unknown     int `json:"members_unknown"`
	Faults      int `json:"faults"`
}

// ChangeLine is what changes of one principal.
type ChangeLine struct {
	Name   string        `json:"name"`
	Fields []FieldChange `json:"fields"`
}

// GroupLine is how many come into a group and leave it.
type GroupLine struct {
	Group string `json:"group"`
	Add   int    `json:"add"`
	Gone  int    `json:"remove"`
}

// Bounds of what a report and an entry of the audit name; ours.
const (
	reportLines = 1000
	auditLines  = 50
)

// Sync reads a source and makes the principals as it says, all at once or not at all. A sync that would take away more than
// the source's share is refused until it is allowed to.
func (s *SourceService) Sync(ctx context.Context, in Sync) (Report, error) {
	// Reading takes as long as the server does, and nobody's change is to wait for that. So whether it may be done is asked
	// twice: before the server is reached, and with the change. The request is of the change alone.
	src, err := control.Do(control.WithRequest(ctx, ""), s.gate, control.Change[Source]{
		Action: action.DirectorySync,
		Target: onSource(in.Source),
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[Source], error) {
			src, err := s.store.Source(ctx, in.Source)
			return control.Applied[Source]{Value: src, Nothing: true}, err
		},
	})
	if err != nil {
		return Report{}, err
	}
	reading, err := s.upstream.Read(ctx, src.Settings, in.since(src))
	if err != nil {
		return Report{}, err
	}
	return control.Do(ctx, s.gate, control.Change[Report]{
		Action: action.DirectorySync,
		Target: onSource(in.Source),
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[Report], error) {
			none := control.Applied[Report]{}
			now, err := s.store.Source(ctx, in.Source)
			if err != nil {
				return none, err
			}
			conflict := &fault.Conflict{What: "directory_source", Name: now.Name, Read: src.Version, Now: now.Version, Theirs: now}
			if now.Version != src.Version {
				return none, conflict
			}
			plan, report, err := s.compare(ctx, now, reading, in.Allow)
			if err != nil {
				return none, err
			}
			if report.Braked {
				return none, braked(report)
			}
			watch, err := guard.Begin(ctx, s.gate, control.Scope{Everything: true}, by, s.gate.Now())
			if err != nil {
				return none, err
			}
			cookie := reading.Cookie
			if plan.Waits { // a server tells a change once: the next sync has to read from where this one did
				cookie = in.since(src)
			}
			ok, err := s.store.ApplyPlan(ctx, now, plan, cookie, by.Principal, s.gate.Now())
			if err == nil && !ok {
				err = conflict
			}
			if err != nil {
				return none, err
			}
			if _, err := watch.End(ctx, in.OwnLoss); err != nil {
				return none, err
			}
			return control.Applied[Report]{Value: report, After: report.cut(auditLines)}, nil
		},
	})
}

func (in Sync) since(src Source) []byte {
	if in.Full {
		return nil
	}
	return src.Cookie
}

// DryRun reads a source and says what a sync would do. It changes nothing.
func (s *SourceService) DryRun(ctx context.Context, in Sync) (Report, error) {
	src, err := s.get(ctx, in.Source, action.DirectoryDryRun)
	if err != nil {
		return Report{}, err
	}
	reading, err := s.upstream.Read(ctx, src.Settings, in.since(src))
	if err != nil {
		return Report{}, err
	}
	return control.Ask(ctx, s.gate, control.Query[Report]{
		Action: action.DirectoryDryRun,
		Target: onSource(in.Source),
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (Report, error) {
			_, report, err := s.compare(ctx, src, reading, in.Allow)
			return report, err
		},
	})
}

func (s *SourceService) compare(ctx context.Context, src Source, r Reading, allow Allowed) (Plan, Report, error) {
	stand, err := s.store.Stand(ctx, src.ID)
	if err != nil {
		return Plan{}, Report{}, err
	}
	plan := Compare(stand, r, src.Groups)
	report := reportOf(src.Name, r.Full, plan).cut(reportLines)
	report.Braked = plan.brakes(src.Share, allow)
	return plan, report, nil
}

// brakes says whether more goes than may.
func (p Plan) brakes(share int, allow Allowed) bool {
	for _, c := range [...]struct{ gone, of int }{
		{p.Gone.Users, p.Of.Users}, {p.Gone.Groups, p.Of.Groups}, {p.Gone.Members, p.Of.Members},
	} {
		over := c.gone*100 > share*c.of
		switch {
		case allow.Set && allow.Count >= 0:
			over = c.gone > allow.Count
		case allow.Set:
			over = c.gone*100 > allow.Share*c.of
		}
		if over {
			return true
		}
	}
	return false
}

func braked(r Report) error {
	most := max(r.Counts.Goes, r.Counts.GroupsGo, r.Counts.MembersGone)
	return &fault.Refused{
		Reason: message.Text{ID: "fault.sync.brake", Args: message.Args{"Users": r.Counts.Goes, "Groups": r.Counts.GroupsGo, "Members": r.Counts.MembersGone}},
		Way:    message.Text{ID: "fault.sync.brake.next", Args: message.Args{"Count": most}},
		Named:  r.Goes,
	}
}

func reportOf(source string, full bool, p Plan) Report {
	r := Report{Source: source, Full: full, Faults: p.Faults}
	for _, e := range p.Add {
		r.Comes = append(r.Comes, e.Name)
	}
	for _, e := range p.AddGroups {
		r.GroupsCome = append(r.GroupsCome, e.Name)
	}
	for _, k := range p.Vanish {
		if k.Group {
			r.GroupsGo = append(r.GroupsGo, k.Name)
		} else {
			r.Goes = append(r.Goes, k.Name)
		}
	}
	for _, c := range p.Change {
		if len(c.Fields) > 0 { // otherwise only its place in the server's tree differs
			r.Changes = append(r.Changes, ChangeLine{c.Known.Name, c.Fields})
		}
	}
	for _, m := range p.Members {
		line := GroupLine{m.Name, len(m.Add) + len(m.AddNew), len(m.Remove)}
		r.Memberships = append(r.Memberships, line)
		r.Counts.MembersAdd += line.Add
	}
	r.Counts.Comes, r.Counts.Changes, r.Counts.Goes, r.Counts.Same = len(r.Comes), len(r.Changes), len(r.Goes), p.Same
	r.Counts.GroupsCome, r.Counts.GroupsGo, r.Counts.MembersGone = len(r.GroupsCome), len(r.GroupsGo), p.Gone.Members
	r.Counts.Unknown, r.Counts.Faults = p.Unknown, len(p.Faults)
	return r
}

// cut is the report with no list longer than most.
func (r Report) cut(most int) Report {
	r.Comes, r.Goes = head(r.Comes, most), head(r.Goes, most)
	r.GroupsCome, r.GroupsGo = head(r.GroupsCome, most), head(r.GroupsGo, most)
	r.Changes, r.Memberships, r.Faults = head(r.Changes, most), head(r.Memberships, most), head(r.Faults, most)
	return r
}

func head[T any](list []T, most int) []T { return list[:min(len(list), most)] }
