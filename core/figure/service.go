package figure

import (
	"context"
	"strconv"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Service is the area's acts.
type Service struct {
	gate  *control.Gate
	store Store
	zones Zones
}

// New makes the service.
func New(gate *control.Gate, store Store, zones Zones) *Service {
	return &Service{gate: gate, store: store, zones: zones}
}

// Bounds of the number of days that can be asked for.
const (
	DefaultDays = 14
	MaxDays     = 366
)

// Show is the figures of the last days of a workspace, 1 to MaxDays of them, 0 for DefaultDays.
func (s *Service) Show(ctx context.Context, ref control.Ref, days int) (Figures, error) {
	return control.Ask(ctx, s.gate, control.Query[Figures]{
		Action: action.FigureShow,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Figures, error) {
			if days < 0 || days > MaxDays {
				return Figures{}, fault.OneField("days", "fault.figure.days", message.Args{"Max": MaxDays})
			}
			if days == 0 {
				days = DefaultDays
			}
			return s.figures(ctx, t, days)
		},
	})
}

func (s *Service) figures(ctx context.Context, t control.Target, days int) (Figures, error) {
	zone := s.zones.Zone(t.Region)
	today := DateOf(s.gate.Now(), zone)
	first := today - Date(days) // #nosec G115 -- some hundreds
	f := Figures{Region: t.Region, Workspace: t.WorkspaceName, Zone: zone.String()}
	all := make([]Day, days+1)
	for i := range all {
		all[i].Date = first + Date(i) // #nosec G115 -- some hundreds
	}
	values, err := s.store.Values(ctx, t.Workspace, first, today+1)
	if err != nil {
		return f, err
	}
	for _, v := range values {
		all[v.Date-first].set(v)
	}
	hours, err := s.store.Hours(ctx, t.Workspace, first.First(), (today + 1).First())
	if err != nil {
		return f, err
	}
	for _, h := range hours {
		all[h.Hour.Date()-first].add(h)
	}
	f.Days, f.Today = all[:days], all[days]
	last, ok, err := s.store.LastOf(ctx, t.Workspace)
	if ok {
		f.Last = &last
	}
	return f, err
}

// set puts a plain figure into a day.
func (d *Day) set(v Value) {
	n := v.Value
	runs := func() *Runs {
		if d.Runs == nil {
			d.Runs, d.Source = &Runs{}, FromSent
		}
		return d.Runs
	}
	switch v.Metric {
	case Issues:
		d.Issues = &n
	case Models:
		d.Models = &n
	case Metrics:
		d.Metrics = &n
	case RunsSucceeded:
		runs().Succeeded = n
	case RunsFailed:
		runs().Failed = n
	case RunsRunning:
		runs().Running = n
	}
}

// add puts the runs of an hour into a day. Runs that events tell of stand in place of plain figures, as a whole: parts of both would
// add up to nothing.
func (d *Day) add(h HourRuns) {
	if h.Runs == (Runs{}) {
		return
	}
	if d.Source != FromEvents {
		d.Runs, d.Source = &Runs{}, FromEvents
	}
	*d.Runs = d.Runs.Add(h.Runs)
	d.Hours[h.Hour.OfDay()] = h.Runs
}

// maxIngestions bounds a list of ingestions.
const maxIngestions = 50

// Ingestions lists the newest ingestions: all of them for the account and holders of AliyunDataWorksFullAccess, and otherwise those of
// whoever asks.
func (s *Service) Ingestions(ctx context.Context) ([]Ingestion, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Ingestion]{
		Action: action.FigureIngestions,
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) ([]Ingestion, error) {
			return s.store.Ingestions(ctx, of(by), maxIngestions)
		},
	})
}

func of(by control.Viewer) access.PrincipalID {
	if by.Everything {
		return 0
	}
	return by.Principal
}

// Ingestion is one ingestion with its problems; 0 is the newest that the caller can see.
func (s *Service) Ingestion(ctx context.Context, id int64) (Ingestion, error) {
	return control.Ask(ctx, s.gate, control.Query[Ingestion]{
		Action: action.FigureIngestion,
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) (Ingestion, error) {
			missing := &fault.NotFound{What: "ingestion", Name: strconv.FormatInt(id, 10)}
			if id == 0 {
				newest, err := s.store.Ingestions(ctx, of(by), 1)
				if err != nil {
					return Ingestion{}, err
				}
				if len(newest) == 0 {
					return Ingestion{}, missing
				}
				id = newest[0].ID
			}
			in, ok, err := s.store.Ingestion(ctx, id)
			if err == nil && (!ok || of(by) != 0 && in.By != by.Principal) {
				err = missing
			}
			if err != nil {
				return Ingestion{}, err
			}
			return in, nil
		},
	})
}

// Mappings lists the namespaces that are mapped to workspaces, by name.
func (s *Service) Mappings(ctx context.Context) ([]Mapping, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Mapping]{
		Action: action.FigureMappings,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) ([]Mapping, error) {
			return s.store.Mappings(ctx)
		},
	})
}

// namespaceRule is what a namespace that is mapped must be like: what events can have.
var namespaceRule = text.Rule{Min: 1, Max: MaxNamespace}

// Map says that the jobs of a namespace belong to a workspace. It counts for events that come from now on: those that came before were
// not kept, and have to be sent again.
func (s *Service) Map(ctx context.Context, namespace string, ref control.Ref) (Mapping, error) {
	return control.Do(ctx, s.gate, control.Change[Mapping]{
		Action: action.FigureMap,
		Target: control.AtThing(s.store, ref, "namespace", namespace),
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			what, ok := namespaceRule.Check(namespace)
			if ok && (strings.TrimSpace(namespace) == "" || len(namespace) > MaxNamespace) {
				what, ok = message.Text{ID: "fault.figure.namespace", Args: message.Args{"Max": MaxNamespace}}, false
			}
			if !ok {
				return []fault.Field{{Name: "namespace", Text: what}}, nil
			}
			return nil, nil
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Mapping], error) {
			none := control.Applied[Mapping]{}
			before, err := s.mapping(ctx, namespace)
			if err != nil {
				return none, err
			}
			m := Mapping{Namespace: namespace, Workspace: t.Workspace, Region: t.Region, WorkspaceName: t.WorkspaceName, SetAt: s.gate.Now(), SetBy: by.Name}
			if before != nil && before.Workspace == m.Workspace {
				return control.Applied[Mapping]{Value: *before, Nothing: true}, nil
			}
			applied := control.Applied[Mapping]{Value: m, After: m}
			if before != nil {
				applied.Before = *before
			}
			return applied, s.store.SaveMapping(ctx, m)
		},
	})
}

// mapping finds what a namespace is mapped to, nil if it is not.
func (s *Service) mapping(ctx context.Context, namespace string) (*Mapping, error) {
	all, err := s.store.Mappings(ctx)
	for _, m := range all {
		if m.Namespace == namespace {
			return &m, err
		}
	}
	return nil, err
}

// nearNamespaces bounds the namespaces that a refusal offers.
const nearNamespaces = 3

// Unmap takes a mapping away: the namespace then means the workspace that is called so, if there is one. What was counted stays.
func (s *Service) Unmap(ctx context.Context, namespace string) (Mapping, error) {
	return control.Do(ctx, s.gate, control.Change[Mapping]{
		Action: action.FigureUnmap,
		Target: func(context.Context) (control.Target, error) {
			return control.Target{Kind: "namespace", Name: namespace}, nil
		},
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[Mapping], error) {
			none := control.Applied[Mapping]{}
			all, err := s.store.Mappings(ctx)
			if err != nil {
				return none, err
			}
			names := make([]string, len(all))
			for i, m := range all {
				if names[i] = m.Namespace; m.Namespace == namespace {
					_, err := s.store.DeleteMapping(ctx, namespace)
					return control.Applied[Mapping]{Value: m, Before: m}, err
				}
			}
			return none, &fault.NotFound{What: "namespace", Name: namespace, Nearest: text.Nearest(namespace, names, nearNamespaces)}
		},
	})
}

// Rule is what is kept of single runs.
func (s *Service) Rule(ctx context.Context) (Rule, error) {
	return control.Ask(ctx, s.gate, control.Query[Rule]{
		Action: action.FigureMappings,
		Do:     func(ctx context.Context, _ control.Target, _ control.Viewer) (Rule, error) { return s.store.Rule(ctx) },
	})
}

// Keep changes for how many days after their last event runs are known one by one, MinKeepDays to MaxKeepDays. A lower number forgets
// them with the next ingestion; a higher one does not bring back what is forgotten.
func (s *Service) Keep(ctx context.Context, days int) (Rule, error) {
	return control.Do(ctx, s.gate, control.Change[Rule]{
		Action: action.FigureKeep,
		Target: func(context.Context) (control.Target, error) {
			return control.Target{Kind: "rule", Name: "keep_days"}, nil
		},
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			if days >= MinKeepDays && days <= MaxKeepDays {
				return nil, nil
			}
			return []fault.Field{{Name: "days", Text: message.Text{ID: "fault.figure.keep", Args: message.Args{"Min": MinKeepDays, "Max": MaxKeepDays}}}}, nil
		},
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[Rule], error) {
			before, err := s.store.Rule(ctx)
			if err != nil || before.KeepDays == days {
				return control.Applied[Rule]{Value: before, Nothing: true}, err
			}
			after := before
			after.KeepDays = days
			return control.Applied[Rule]{Value: after, Before: before, After: after}, s.store.SaveRule(ctx, after)
		},
	})
}
