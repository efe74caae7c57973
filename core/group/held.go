package group

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
)

// Held is what the runs of a workspace in a module held and used in a time, added up.
type Held struct {
	Workspace     access.WorkspaceID
	WorkspaceName string
	Module        Module
	HalfSeconds   int64
	SlotSeconds   int64
	CPU           time.Duration
	// MiBSeconds is memory in MiB times seconds.
	MiBSeconds int64
}

// CUSeconds is CU times seconds.
func (h Held) CUSeconds() float64 { return float64(h.HalfSeconds) / 2 }

// Held adds up what each workspace held in each module, the most first. The zero times are the last two hours. What runs counts until it
// was last heard of. It is exact to the minute as long as minutes are kept, and to the hour before that.
func (s *Runs) Held(ctx context.Context, ref Ref, begin, end time.Time) ([]Held, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Held]{
		Action: action.GroupMetrics,
		Target: s.on(ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Held, error) {
			g, err := s.metered(ctx, t)
			if err != nil {
				return nil, err
			}
			now := s.gate.Now()
			if end.IsZero() {
				end = now
			}
			if begin.IsZero() {
				begin = end.Add(-metricUsual)
			}
			if !begin.Before(end) {
				return nil, fault.OneField("begin", "fault.group.metric.order", nil)
			}
			unit := time.Minute
			if begin.Before(now.Add(-s.terms.Runs.Minutes)) {
				unit = time.Hour
			}
			return s.store.Held(ctx, g.ID, begin.Truncate(unit), end, unit)
		},
	})
}
