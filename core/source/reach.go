package source

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// attempt is how long one stage of a test may take; ours.
const attempt = 5 * time.Second

// evidenceLength bounds what is kept of an error, in characters.
const evidenceLength = 300

// Test tries to reach a data source from every environment, or from one, and keeps what came of it as the last test. The
// network is asked outside any transaction; if the source was changed meanwhile, nothing is kept and the answer is a
// fault.Conflict. That something was not reached is an answer, not an error.
func (s *Service) Test(ctx context.Context, ref control.Ref, name string, env Environment) (Source, error) {
	tested, failed := s.tested(ctx, ref, name)
	results := map[Environment]Test{}
	if failed == nil {
		kind, _ := s.types.Find(tested.Type)
		for _, c := range tested.Connections {
			if env == "" || env == c.Environment {
				results[c.Environment] = s.reach(ctx, kind.places(c.Properties))
			}
		}
		failed = ctx.Err() // a test that was broken off says nothing of the source
	}
	return control.Do(ctx, s.gate, control.Change[Source]{
		Action: action.SourceTest,
		Target: control.AtThing(s.store, ref, "source", name),
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			var bad faults
			if failed == nil && len(results) == 0 {
				bad.add("environment", "fault.source.no_connection", message.Args{"Name": tested.Name, "Environment": string(env)})
			}
			return bad, nil
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Source], error) {
			none := control.Applied[Source]{}
			if failed != nil {
				return none, failed
			}
			before, err := s.read(ctx, t.Workspace, name, tested.Version)
			if err != nil {
				return none, err
			}
			for _, c := range before.Connections {
				if result, there := results[c.Environment]; there {
					result.At = s.gate.Now()
					if err := s.store.SaveTest(ctx, before.ID, c.Environment, result, by.Principal); err != nil {
						return none, err
					}
				}
			}
			after, err := s.find(ctx, t.Workspace, name)
			return control.Applied[Source]{Value: after, Before: before, After: after}, err
		},
	})
}

// tested reads the source that is to be tested, as the act that will keep the result.
func (s *Service) tested(ctx context.Context, ref control.Ref, name string) (Source, error) {
	return control.Ask(ctx, s.gate, control.Query[Source]{
		Action: action.SourceTest,
		Target: control.AtThing(s.store, ref, "source", name),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Source, error) {
			return s.find(ctx, t.Workspace, name)
		},
	})
}

// reach tries every place, and of each the addresses in turn until one answers.
func (s *Service) reach(ctx context.Context, places []place) Test {
	t := Test{Connected: len(places) > 0, Stages: []Stage{}}
	for _, p := range places {
		addrs, stage := s.resolve(ctx, p)
		t.Stages = append(t.Stages, stage)
		reached := false
		for _, addr := range addrs {
			stage := s.connect(ctx, netip.AddrPortFrom(addr, p.port))
			t.Stages = append(t.Stages, stage)
			if reached = stage.OK; reached {
				break
			}
		}
		t.Connected = t.Connected && reached
	}
	return t
}

func (s *Service) resolve(ctx context.Context, p place) ([]netip.Addr, Stage) {
	ctx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	addrs, took, err := s.network.Resolve(ctx, p.host)
	stage := Stage{Name: StageResolve, Target: p.host, OK: err == nil && len(addrs) > 0, Milliseconds: took.Milliseconds()}
	if err != nil {
		stage.Evidence = evidence(err.Error())
		return nil, stage
	}
	names := make([]string, len(addrs))
	for i, a := range addrs {
		names[i] = a.String()
	}
	stage.Evidence = evidence(strings.Join(names, ", "))
	return addrs, stage
}

func (s *Service) connect(ctx context.Context, to netip.AddrPort) Stage {
	ctx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	took, err := s.network.Connect(ctx, to)
	stage := Stage{Name: StageConnect, Target: to.String(), OK: err == nil, Milliseconds: took.Milliseconds()}
	if err != nil {
		stage.Evidence = evidence(err.Error())
	}
	return stage
}

// evidence is what another system said, harmless and of a bounded length.
func evidence(said string) string {
	letters := []rune(text.Clean(said))
	if len(letters) > evidenceLength {
		letters = letters[:evidenceLength]
	}
	return string(letters)
}
