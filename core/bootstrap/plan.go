package bootstrap

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Will is what becomes of a step.
type Will string

// What becomes of steps.
const (
	WillDo     Will = "do"
	WillFind   Will = "there"  // it is there already
	WillLack   Will = "skip"   // the part was left out
	WillRefuse Will = "denied" // whoever asks may not
)

// Planned is a step of a plan.
type Planned struct {
	Step
	Will Will `json:"will"`
	// Said says what the step will do, or why not.
	Said message.Text `json:"-"`
	// Ask names who could help with what is denied.
	Ask []string `json:"ask,omitempty"`
}

// Plan is what carrying a spec out comes down to. Every one of the five parts has at least one step.
type Plan struct {
	Spec  Spec      `json:"spec"`
	Steps []Planned `json:"steps"`
}

// Denied is the first step that whoever asks may not do; ok is false if there is none.
func (p Plan) Denied() (Planned, bool) {
	for _, step := range p.Steps {
		if step.Will == WillRefuse {
			return step, true
		}
	}
	return Planned{}, false
}

// planner looks at what stands and collects what is wrong.
type planner struct {
	*Service
	// given is the spec as it was handed in: its members are those that faults are about. spec is the tidied one.
	given, spec Spec
	bad         []fault.Field
	// ref is the workspace, without a name while there is none.
	ref      control.Ref
	standard bool
	standing control.Standing
	steps    []Planned
	// outside says that whoever asks will not administer the workspace they make.
	outside bool
}

// add takes over the faults of an area under the name of a part.
func (p *planner) add(part string, bad []fault.Field) {
	for _, f := range bad {
		f.Name = part + "." + f.Name
		p.bad = append(p.bad, f)
	}
}

func (p *planner) fault(field, id string, args message.Args) {
	p.bad = append(p.bad, fault.Field{Name: field, Text: message.Text{ID: id, Args: args}})
}

// step notes what becomes of a step whose act is id.
func (p *planner) step(s Step, id action.ID, there bool, found, will message.Text) {
	one := Planned{Step: s, Will: WillDo, Said: will}
	v := p.standing.May(id)
	switch {
	case there:
		one.Will, one.Said = WillFind, found
	case !v.OK:
		one.Will, one.Said, one.Ask = WillRefuse, v.Reason, v.Ask
	case p.outside && s.Kind != KindWorkspace && s.Kind != KindGroup:
		one.Will, one.Said = WillRefuse, said("bootstrap.outside", message.Args{"Workspace": p.spec.Workspace.Name})
	}
	p.steps = append(p.steps, one)
}

// lack notes that a part was left out.
func (p *planner) lack(part int) {
	kinds := map[int]Kind{2: KindBinding, 3: KindMember, 4: KindEngine, 5: KindSource}
	p.steps = append(p.steps, Planned{Step: Step{ID: "part/" + strconv.Itoa(part), Kind: kinds[part], Part: part}, Will: WillLack, Said: said("bootstrap.left_out", nil)})
}

func said(id string, args message.Args) message.Text { return message.Text{ID: id, Args: args} }

// plan looks at everything and fails with fault.Invalid naming all that is wrong.
func (s *Service) plan(ctx context.Context, spec Spec) (Plan, error) {
	p := &planner{Service: s, given: spec, spec: spec.tidy()}
	for _, look := range []func(context.Context) error{p.region, p.workspace, p.group, p.members, p.engine, p.source} {
		if err := look(ctx); err != nil {
			return Plan{}, err
		}
	}
	if len(p.bad) > 0 {
		return Plan{}, &fault.Invalid{Fields: p.bad}
	}
	return Plan{Spec: p.spec, Steps: p.steps}, nil
}

func (p *planner) region(ctx context.Context) (err error) {
	if p.spec.Region == "" {
		p.spec.Region, err = p.areas.Regions.Only(ctx)
		if err == nil && p.spec.Region == "" {
			p.fault("workspace.region", "fault.workspace.region", nil)
		}
		return err
	}
	p.spec.Region = text.Fold(p.spec.Region)
	active, err := p.areas.Regions.Active(ctx, p.spec.Region)
	if err == nil && !active {
		p.fault("workspace.region", "fault.region.inactive", message.Args{"Region": p.spec.Region})
		p.spec.Region = ""
	}
	return err
}

func (p *planner) workspace(ctx context.Context) error {
	w := p.spec.Workspace
	p.standard = w.Mode != "simple"
	target := control.Target{Region: p.spec.Region}
	found, mode, there := control.Target{}, "", false
	var err error
	if p.spec.Region != "" && w.Name != "" {
		if found, mode, there, err = p.areas.Workspaces.Find(ctx, p.spec.Region, w.Name); err != nil {
			return err
		}
	}
	if there {
		target, p.ref, p.standard = found, control.Ref{Region: found.Region, Workspace: found.WorkspaceName}, mode == "standard"
		p.spec.Workspace.Name = found.WorkspaceName
		if w.Mode != "" && w.Mode != mode {
			p.fault("workspace.mode", "fault.bootstrap.mode", message.Args{"Workspace": w.Name, "Mode": mode})
		}
	} else {
		bad, err := p.areas.Workspaces.Faults(ctx, p.spec.Region, w)
		if err != nil {
			return err
		}
		for _, f := range bad {
			if p.spec.Region != "" || f.Name != "region" { // what is wrong with the region is said already
				p.add("workspace", []fault.Field{f})
			}
		}
	}
	if p.standing, err = p.gate.Standing(ctx, target); err != nil {
		return err
	}
	by := p.standing.Actor.Name
	p.outside = !there && p.standing.Power == access.PowerNone && len(w.Admins) > 0 && !contains(w.Admins, by)
	mode = "simple"
	if p.standard {
		mode = "standard"
	}
	p.step(Step{"workspace", KindWorkspace, 1, w.Name}, action.WorkspaceCreate, there,
		said("bootstrap.there.workspace", message.Args{"Name": w.Name, "Mode": said("mode."+mode, nil)}),
		said("bootstrap.will.workspace", message.Args{"Name": w.Name, "Region": p.spec.Region, "Mode": said("mode."+mode, nil)}))
	return nil
}

func contains(all []string, name string) bool {
	for _, one := range all {
		if text.Fold(one) == text.Fold(name) {
			return true
		}
	}
	return false
}

func (p *planner) group(ctx context.Context) error {
	g := p.spec.Group
	if g == nil {
		p.lack(2)
		return nil
	}
	if g.Name == "" {
		p.fault("resource_group.name", "fault.text.empty", nil)
		return nil
	}
	state, there := GroupState{}, false
	if p.spec.Region != "" {
		var err error
		if state, there, err = p.areas.Groups.Find(ctx, p.spec.Region, g.Name, p.ref.Workspace); err != nil {
			return err
		}
	}
	args := message.Args{"Name": g.Name, "Workspace": p.spec.Workspace.Name}
	switch {
	case !there && g.Create == nil && p.spec.Region != "":
		p.bad = append(p.bad, fault.Field{Name: "resource_group.name", Unknown: true, Text: said("fault.bootstrap.group", message.Args{"Name": g.Name, "Region": p.spec.Region})})
	case !there && p.spec.Region != "" && g.Create != nil:
		bad, err := p.areas.Groups.Faults(ctx, p.spec.Region, *g)
		if err != nil {
			return err
		}
		for _, f := range bad {
			if part := "resource_group.create"; f.Name != "name" {
				p.add(part, []fault.Field{f})
			} else {
				p.add("resource_group", []fault.Field{f})
			}
		}
	}
	if g.Create != nil {
		p.step(Step{"group", KindGroup, 2, g.Name}, action.GroupCreate, there, said("bootstrap.there.group", args), said("bootstrap.will.group", args))
	}
	p.step(Step{"binding", KindBinding, 2, g.Name}, action.GroupAssociate, state.Bound, said("bootstrap.there.binding", args), said("bootstrap.will.binding", args))
	return nil
}

func (p *planner) members(ctx context.Context) error {
	if len(p.spec.Members) == 0 {
		p.lack(3)
		return nil
	}
	for i, m := range p.given.Members {
		bad, err := p.areas.Members.Faults(ctx, p.ref, m)
		if err != nil {
			return err
		}
		p.add("members["+strconv.Itoa(i)+"]", bad)
	}
	for _, m := range p.spec.Members {
		there := false
		if p.ref.Workspace != "" && len(p.bad) == 0 {
			var err error
			if there, err = p.areas.Members.Holds(ctx, p.ref, m); hidden(err) != nil {
				return err
			}
		}
		args := message.Args{"Name": m.User, "Roles": strings.Join(m.Roles, ", ")}
		p.step(Step{"member/" + text.Fold(m.User), KindMember, 3, m.User}, action.MemberAdd, there, said("bootstrap.there.member", args), said("bootstrap.will.member", args))
	}
	return nil
}

// hidden passes over what somebody may not look at: that they may not act on it either is said by the step.
func hidden(err error) error {
	var denied *fault.Denied
	if errors.As(err, &denied) {
		return nil
	}
	return err
}

func (p *planner) engine(ctx context.Context) error {
	e := p.spec.Engine
	if e == nil {
		p.lack(4)
		return nil
	}
	p.add("engine", p.areas.Engines.Faults(*e))
	there := false
	if p.ref.Workspace != "" {
		kind, found, err := p.areas.Engines.Find(ctx, p.ref, e.Name)
		if hidden(err) != nil {
			return err
		}
		if there = found; found && kind != text.Fold(e.Type) {
			p.fault("engine.type", "fault.bootstrap.type", message.Args{"Name": e.Name, "Type": kind})
		}
	}
	args := message.Args{"Name": e.Name, "Type": e.Type}
	p.step(Step{"engine", KindEngine, 4, e.Name}, action.EngineAdd, there, said("bootstrap.there.engine", args), said("bootstrap.will.engine", args))
	return nil
}

func (p *planner) source(ctx context.Context) error {
	d := p.spec.Source
	if d == nil {
		p.lack(5)
		return nil
	}
	there, connected := false, false
	if p.ref.Workspace != "" {
		kind, reached, found, err := p.areas.Sources.Find(ctx, p.ref, d.Name)
		if hidden(err) != nil {
			return err
		}
		if there, connected = found, reached; found && kind != text.Fold(d.Type) {
			p.fault("data_source.type", "fault.bootstrap.type", message.Args{"Name": d.Name, "Type": kind})
		}
	}
	if !there {
		p.add("data_source", p.areas.Sources.Faults(*d, p.standard))
	}
	args := message.Args{"Name": d.Name, "Type": d.Type}
	p.step(Step{"source", KindSource, 5, d.Name}, action.SourceAdd, there, said("bootstrap.there.source", args), said("bootstrap.will.source", args))
	if !d.Untested {
		p.step(Step{"test", KindTest, 5, d.Name}, action.SourceTest, there && connected, said("bootstrap.there.test", args), said("bootstrap.will.test", args))
	}
	return nil
}
