// Package figure is the key figures of workspaces: how many instance runs succeeded, failed and are running, by day and hour, and how
// many governance issues, models and metrics there are. reeve runs nothing itself, so all of it comes from outside through one door:
// run events of OpenLineage, and plain figures for a day.
//
// A run belongs to the business date on which it started, in the time zone of its workspace's region. What is known of a run is the
// sum of all its events, whatever order and how often they come in: see Run.
package figure

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/control"
)

// Runs counts instance runs by what became of them.
type Runs struct {
	Succeeded int64 `json:"succeeded"`
	// Failed counts those that were aborted too.
	Failed  int64 `json:"failed"`
	Aborted int64 `json:"aborted"`
	// Running counts those of which no end has been told.
	Running int64 `json:"running"`
}

// Total is the number of runs.
func (r Runs) Total() int64 { return r.Succeeded + r.Failed + r.Running }

// plus adds n runs in a state.
func (r Runs) plus(s State, n int64) Runs {
	switch s {
	case Succeeded:
		r.Succeeded += n
	case Failed:
		r.Failed += n
	case Aborted:
		r.Failed += n
		r.Aborted += n
	case Running:
		r.Running += n
	}
	return r
}

// Add is the sum of both.
func (r Runs) Add(o Runs) Runs {
	return Runs{r.Succeeded + o.Succeeded, r.Failed + o.Failed, r.Aborted + o.Aborted, r.Running + o.Running}
}

// Metric names a figure that is sent for a whole day.
type Metric string

// The metrics, as they are sent. Runs that are sent as figures count for the days on which no event tells of any.
const (
	Issues        Metric = "governance_issues"
	Models        Metric = "models"
	Metrics       Metric = "metrics"
	RunsSucceeded Metric = "instance_succeeded"
	RunsFailed    Metric = "instance_failed"
	RunsRunning   Metric = "instance_running"
)

// AllMetrics lists the metrics.
func AllMetrics() []Metric {
	return []Metric{RunsSucceeded, RunsFailed, RunsRunning, Issues, Models, Metrics}
}

// Source says where the runs of a day come from.
type Source string

// The sources.
const (
	FromNothing Source = ""
	FromEvents  Source = "events"
	FromSent    Source = "sent" // plain figures for the day
)

// Day is the figures of one business date. What nobody has told is nil.
type Day struct {
	Date Date
	Runs *Runs
	// Source is where Runs come from.
	Source Source
	// Hours are the runs by the hour they started in; all zero unless they come from events.
	Hours                   [hoursOfDay]Runs
	Issues, Models, Metrics *int64
}

// Empty tells that nothing is known of the day.
func (d Day) Empty() bool {
	return d.Runs == nil && d.Issues == nil && d.Models == nil && d.Metrics == nil
}

// Figures is what is known of a workspace.
type Figures struct {
	Region, Workspace string
	// Zone is the time zone of the business dates.
	Zone string
	// Days are the business dates before today, the oldest first, one for every date whether or not anything is known of it; the
	// last is the previous business date.
	Days []Day
	// Today is the date that is not over.
	Today Day
	// Last is the newest ingestion that brought anything for the workspace; nil if there was none.
	Last *Ingestion
}

// Empty tells that nothing was ever sent.
func (f Figures) Empty() bool { return f.Last == nil }

// Yesterday is the previous business date.
func (f Figures) Yesterday() Day { return f.back(1) }

// Before is the business date before the previous one.
func (f Figures) Before() Day { return f.back(2) }

func (f Figures) back(n int) Day {
	if len(f.Days) < n {
		return Day{}
	}
	return f.Days[len(f.Days)-n]
}

// Zones tells the time zone of a region.
type Zones interface {
	Zone(region string) *time.Location
}

// Value is a plain figure of a day.
type Value struct {
	Date   Date
	Metric Metric
	Value  int64
}

// HourRuns is the runs that started in an hour.
type HourRuns struct {
	Hour Hour
	Runs Runs
}

// Mapping says which workspace the jobs of a namespace belong to.
type Mapping struct {
	Namespace     string
	Workspace     access.WorkspaceID
	Region        string
	WorkspaceName string
	SetAt         time.Time
	SetBy         string
}

// Rule is what is kept of single runs, in the whole tenant.
type Rule struct {
	// KeepDays is for how many days after its last event a run is known one by one; later only the counts of its day are left, and
	// events that old are not taken any more.
	KeepDays int
	// Cutoff is the time before which runs are known no more; it never goes back.
	Cutoff time.Time
}

// Bounds of KeepDays, in days. The default is ours: what the console shows, and a day.
const (
	DefaultKeepDays = 15
	MinKeepDays     = 2
	MaxKeepDays     = 400
)

// Place is the workspace a namespace or a name stands for.
type Place struct {
	Target control.Target
	// Regions, if there are several, all have a workspace of the name, so that it stands for none.
	Regions []string
}

// Known tells that the place is a workspace.
func (p Place) Known() bool { return p.Target.Workspace != 0 }

// Store is what this area needs of storage.
type Store interface {
	control.Places

	// Namespace finds the workspace of a namespace: the one it is mapped to, else the one that is called so, as NAME or REGION/NAME.
	Namespace(ctx context.Context, namespace string) (Place, error)
	// WorkspaceNamed finds a workspace by name; region may be empty.
	WorkspaceNamed(ctx context.Context, region, name string) (Place, error)

	// Runs finds those of the runs that are known.
	Runs(ctx context.Context, ws access.WorkspaceID, ids []RunID) (map[RunID]Run, error)
	// SaveRuns keeps runs as they are now.
	SaveRuns(ctx context.Context, ws access.WorkspaceID, runs map[RunID]Run) error
	// AddRuns adds to the counts of hours; what is added may be negative.
	AddRuns(ctx context.Context, ws access.WorkspaceID, hours []HourRuns) error
	// ForgetRuns forgets up to limit runs whose last event came before a time, but not their counts.
	ForgetRuns(ctx context.Context, before time.Time, limit int) error
	// SaveValues keeps plain figures in place of those that are there, and tells how many are new or different.
	SaveValues(ctx context.Context, ws access.WorkspaceID, values []Value, at time.Time) (changed int, err error)

	// Hours are the counts of the hours that have any, from one hour to before another.
	Hours(ctx context.Context, ws access.WorkspaceID, from, before Hour) ([]HourRuns, error)
	// Values are the plain figures of the days from one to before another.
	Values(ctx context.Context, ws access.WorkspaceID, from, before Date) ([]Value, error)

	Rule(ctx context.Context) (Rule, error)
	SaveRule(ctx context.Context, r Rule) error

	Mappings(ctx context.Context) ([]Mapping, error)
	// SaveMapping maps a namespace, in place of what it was mapped to.
	SaveMapping(ctx context.Context, m Mapping) error
	// DeleteMapping takes a mapping away; ok is false when there is none.
	DeleteMapping(ctx context.Context, namespace string) (ok bool, err error)

	// Begin keeps a new ingestion and returns its id. Ingestions beyond the newest keep are forgotten.
	Begin(ctx context.Context, in Ingestion, keep int) (int64, error)
	// SaveIngestion keeps an ingestion with its problems as they are now, and that it brought something for the workspaces touched.
	SaveIngestion(ctx context.Context, in Ingestion, touched []access.WorkspaceID) error
	// Ingestions are the newest ones, newest first, without their problems; by, if not 0, are only those of this principal.
	Ingestions(ctx context.Context, by access.PrincipalID, limit int) ([]Ingestion, error)
	// Ingestion is one with its problems; ok is false when there is none of that id.
	Ingestion(ctx context.Context, id int64) (in Ingestion, ok bool, err error)
	// LastOf is the newest ingestion that brought anything for a workspace, without its problems.
	LastOf(ctx context.Context, ws access.WorkspaceID) (in Ingestion, ok bool, err error)
}
