// Package handover is what one area needs of others, put together of their services: each type here is an interface that an
// area has declared.
package handover

import (
	"context"
	"errors"
	"strings"

	"reeve/core/bootstrap"
	"reeve/core/control"
	"reeve/core/engine"
	"reeve/core/fault"
	"reeve/core/group"
	"reeve/core/member"
	"reeve/core/message"
	"reeve/core/region"
	"reeve/core/source"
	"reeve/core/text"
	"reeve/core/workspace"
	"reeve/storage"
)

// Steps are the services and stores that the steps of a bootstrap are done and looked at with.
type Steps struct {
	Offers         region.Offers
	Workspaces     *workspace.Service
	WorkspaceStore storage.Workspaces
	Groups         *group.Service
	Members        *member.Service
	MemberStore    storage.Members
	Engines        *engine.Service
	Sources        *source.Service
	Gate           *control.Gate
}

// Areas are the areas as a bootstrap knows them.
func (s Steps) Areas() bootstrap.Areas {
	return bootstrap.Areas{Regions: regions{s.Offers}, Workspaces: workspaces{s}, Groups: groups{s.Groups}, Members: members{s},
		Engines: engines{s.Engines}, Sources: sources{s.Sources}}
}

type regions struct{ offers region.Offers }

func (r regions) Only(ctx context.Context) (string, error) { return r.offers.Only(ctx) }

func (r regions) Active(ctx context.Context, id string) (bool, error) {
	active, _, err := r.offers.Offers(ctx, id, string(workspace.AllFeatures))
	return active, err
}

// missing says whether err is that something is not there; any other error stays.
func missing(err error) (gone bool, rest error) {
	var none *fault.NotFound
	if errors.As(err, &none) {
		return true, nil
	}
	return false, err
}

type workspaces struct{ Steps }

func (w workspaces) Faults(ctx context.Context, region string, in bootstrap.Workspace) ([]fault.Field, error) {
	var bad []fault.Field
	add := func(field string, t message.Text) { bad = append(bad, fault.Field{Name: field, Text: t}) }
	if t, wrong := workspace.NameFault(in.Name); wrong {
		add("name", t)
	}
	if t, wrong := workspace.DisplayNameFault(in.DisplayName); wrong && in.DisplayName != "" {
		add("display_name", t)
	}
	if in.Mode != "" && in.Mode != string(workspace.Simple) && in.Mode != string(workspace.Standard) {
		add("mode", message.Text{ID: "fault.workspace.mode", Args: message.Args{"Mode": in.Mode}})
	}
	switch template := workspace.Template(in.Template); template {
	case "", workspace.AllFeatures, workspace.OpenLake:
		_, offered, err := w.Offers.Offers(ctx, region, in.Template)
		if err != nil {
			return nil, err
		}
		if region != "" && !offered {
			add("template", message.Text{ID: "fault.workspace.template.region", Args: message.Args{"Template": in.Template, "Region": region}})
		}
	default:
		add("template", message.Text{ID: "fault.workspace.template", Args: message.Args{"Template": in.Template}})
	}
	if region != "" {
		use, err := w.WorkspaceStore.NameUse(ctx, region, in.Name, w.Gate.Now())
		if err != nil {
			return nil, err
		}
		if until := use.BinnedUntil; until != nil {
			bad = append(bad, fault.Field{Name: "name", Taken: true, Text: message.Text{ID: "fault.workspace.name.binned",
				Args: message.Args{"Name": use.Name, "Until": until.Format("2006-01-02")}}})
		}
	}
	for _, name := range in.Admins {
		_, err := w.WorkspaceStore.Principals(ctx, []string{name})
		gone, err := missing(err)
		if err != nil {
			return nil, err
		}
		if gone {
			bad = append(bad, fault.Field{Name: "admins", Unknown: true, Text: message.Text{ID: "fault.user.unknown", Args: message.Args{"Name": name}}})
		}
	}
	return bad, nil
}

func (w workspaces) Find(ctx context.Context, region, name string) (control.Target, string, bool, error) {
	t, err := w.WorkspaceStore.Place(ctx, control.Ref{Region: region, Workspace: name})
	gone, err := missing(err)
	if gone || err != nil {
		return t, "", false, err
	}
	found, err := w.WorkspaceStore.Get(ctx, t.Workspace)
	return t, string(found.Mode), true, err
}

func (w workspaces) Create(ctx context.Context, region string, in bootstrap.Workspace) error {
	_, err := w.Workspaces.Create(ctx, workspace.Create{Region: region, Name: in.Name, DisplayName: in.DisplayName, Description: in.Description,
		Mode: workspace.Mode(in.Mode), Template: workspace.Template(in.Template), Admins: in.Admins})
	return err
}

type groups struct{ service *group.Service }

func create(region string, g bootstrap.Group) group.Create {
	c := g.Create
	return group.Create{Region: region, Name: g.Name, Remark: c.Remark, Billing: group.Billing(c.Billing), Size: c.Size, Duration: c.Duration,
		Unit: group.Unit(c.Unit), AutoRenew: c.AutoRenew, VPC: c.VPC, VSwitch: c.VSwitch, CIDR: c.CIDR}
}

// Faults buys the group and takes that back again, for what is wrong with it depends on the region and on what is sold.
func (g groups) Faults(ctx context.Context, region string, in bootstrap.Group) ([]fault.Field, error) {
	_, err := g.service.PreviewCreate(ctx, create(region, in))
	var invalid *fault.Invalid
	var denied *fault.Denied
	switch {
	case errors.As(err, &invalid):
		return invalid.Fields, nil
	case errors.As(err, &denied): // the plan says so of the step
		return nil, nil
	}
	return nil, err
}

func (g groups) Find(ctx context.Context, region, name, ws string) (bootstrap.GroupState, bool, error) {
	found, err := g.service.Get(ctx, group.Ref{Region: region, Name: name})
	gone, err := missing(err)
	if gone || err != nil {
		return bootstrap.GroupState{}, false, err
	}
	s := bootstrap.GroupState{Ready: found.Allows(group.Bind) == nil}
	if found.Status == group.Starting && found.BusyUntil != nil {
		s.ReadyAt = *found.BusyUntil
	}
	for _, one := range found.Workspaces {
		s.Bound = s.Bound || text.Fold(one.Name) == text.Fold(ws)
	}
	return s, true, nil
}

func (g groups) Create(ctx context.Context, region string, in bootstrap.Group) error {
	_, err := g.service.Create(ctx, create(region, in))
	return err
}

func (g groups) Associate(ctx context.Context, region, name, ws string) error {
	_, err := g.service.Associate(ctx, group.Ref{Region: region, Name: name}, group.Binding{Workspaces: []string{ws}})
	return err
}

type engines struct{ service *engine.Service }

func add(e bootstrap.Engine) engine.Add {
	return engine.Add{Name: e.Name, Type: e.Type, DevIdentity: e.DevIdentity, ProdIdentity: e.ProdIdentity}
}

func (e engines) Faults(in bootstrap.Engine) []fault.Field { return add(in).Faults() }

func (e engines) Find(ctx context.Context, ref control.Ref, name string) (string, bool, error) {
	all, err := e.service.List(ctx, ref)
	for _, one := range all {
		if text.Fold(one.Name) == text.Fold(name) {
			return engine.TypeCode(one.Type), true, nil
		}
	}
	return "", false, err
}

func (e engines) Add(ctx context.Context, ref control.Ref, in bootstrap.Engine) error {
	_, err := e.service.Add(ctx, ref, add(in))
	return err
}

type sources struct{ service *source.Service }

func form(s bootstrap.Source) source.Create {
	in := source.Create{Name: s.Name, Type: s.Type, Description: s.Description, Connections: map[source.Environment]source.Properties{}}
	if s.Dev != nil {
		in.Connections[source.Dev] = s.Dev
	}
	if s.Prod != nil {
		in.Connections[source.Prod] = s.Prod
	}
	return in
}

func (s sources) Faults(in bootstrap.Source, standard bool) []fault.Field {
	return s.service.Types().Check(form(in), standard)
}

func (s sources) Find(ctx context.Context, ref control.Ref, name string) (string, bool, bool, error) {
	all, err := s.service.List(ctx, ref)
	for _, one := range all {
		if text.Fold(one.Name) == text.Fold(name) {
			return one.Type, one.Connected(), true, nil
		}
	}
	return "", false, false, err
}

func (s sources) Create(ctx context.Context, ref control.Ref, in bootstrap.Source) error {
	_, err := s.service.Create(ctx, ref, form(in))
	return err
}

func (s sources) Test(ctx context.Context, ref control.Ref, name string) (bool, string, error) {
	after, err := s.service.Test(ctx, ref, name, "")
	if err != nil {
		return false, "", err
	}
	var evidence []string
	for _, c := range after.Connections {
		if c.Tested == nil || c.Tested.Connected {
			continue
		}
		for _, stage := range c.Tested.Stages {
			if !stage.OK {
				evidence = append(evidence, string(c.Environment)+" "+stage.Target+": "+stage.Evidence)
			}
		}
	}
	return after.Connected(), strings.Join(evidence, "; "), nil
}
