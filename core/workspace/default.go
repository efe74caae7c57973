package workspace

import (
	"context"
	"fmt"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// The default workspace of a region, as the documentation describes it: made when the region is activated, in the simple
// mode, for trying things out; its name is this and four characters chosen at random, and never changes.
const (
	defaultPrefix = "default_workspace_"
	defaultRandom = 4
	// defaultDisplay can be edited.
	defaultDisplay = "Default workspace"
)

// Defaults makes the default workspaces of regions, as part of activating them.
type Defaults struct {
	gate   *control.Gate
	store  Store
	outfit Outfit
}

// Outfit is what a default workspace is made with beside members. A part that is nil is left out.
type Outfit struct {
	Groups  DefaultGroups
	Engines DefaultEngines
}

// DefaultGroups makes the resource group of a default workspace, paid as it is used, and associates the two; ok is false
// where no such groups are sold.
type DefaultGroups interface {
	MakeDefault(ctx context.Context, region string, ws access.WorkspaceID, by access.Principal) (g Group, ok bool, err error)
}

// DefaultEngines binds the compute engine of a default workspace. suffix is what the names of the workspace and of the engine
// end in.
type DefaultEngines interface {
	BindDefault(ctx context.Context, ws access.WorkspaceID, suffix string) error
}

// NewDefaults makes it.
func NewDefaults(gate *control.Gate, store Store, outfit Outfit) Defaults {
	return Defaults{gate: gate, store: store, outfit: outfit}
}

// Make makes the default workspace of a region and returns its name, empty if the region has one already. The account
// administers it, and whoever activates the region does.
func (d Defaults) Make(ctx context.Context, region string, by access.PrincipalID) (string, error) {
	there, err := d.store.HasDefault(ctx, region)
	if err != nil || there {
		return "", err
	}
	owner, err := d.store.Owner(ctx)
	if err != nil {
		return "", err
	}
	if by == 0 {
		by = owner.ID
	}
	name, err := d.name(ctx, region)
	if err != nil {
		return "", err
	}
	w := Workspace{Region: region, Name: name, DisplayName: defaultDisplay, Mode: Simple, Template: AllFeatures, Status: Normal, Default: true,
		AliyunGroup: DefaultAliyunGroup, Settings: DefaultSettings(), CreatedAt: d.gate.Now()}
	w.NewDataStudio = true
	if w, err = d.store.Insert(ctx, w, owner.ID, adminIDs(nil, owner.ID, by), by); err != nil {
		return "", err
	}
	return name, d.equip(ctx, w, owner)
}

// equip gives a new default workspace its resource group and its engine. Both are the account's, which pays for them.
func (d Defaults) equip(ctx context.Context, w Workspace, owner access.Principal) error {
	if d.outfit.Groups != nil {
		g, ok, err := d.outfit.Groups.MakeDefault(ctx, w.Region, w.ID, owner)
		if err != nil {
			return err
		}
		if ok {
			if _, _, err := write(ctx, d.store, w.ID, 0, runsIn(g)); err != nil {
				return err
			}
		}
	}
	if d.outfit.Engines == nil {
		return nil
	}
	return d.outfit.Engines.BindDefault(ctx, w.ID, strings.TrimPrefix(w.Name, defaultPrefix))
}

// attempts bounds how often a name is drawn: one in 1.6 million is taken.
const attempts = 16

func (d Defaults) name(ctx context.Context, region string) (string, error) {
	for range attempts {
		name := defaultPrefix + random(d.gate.NewID())
		taken, err := nameTaken(ctx, d.store, region, name, d.gate.Now())
		if err != nil || len(taken) == 0 {
			return name, err
		}
	}
	return "", fmt.Errorf("no name for the default workspace of %s is free", region)
}

// random is the end of a random id in small letters and digits.
func random(id string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(id) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	chosen := strings.Repeat("0", defaultRandom) + b.String()
	return chosen[len(chosen)-defaultRandom:]
}

// Entry is a membership that was granted by coming in.
type Entry struct {
	User string `json:"user"`
	Role string `json:"role"`
}

// visitor is the code of the role that entering a default workspace grants.
const visitor = "role_project_guest"

// Enter grants whoever comes into a default workspace for the first time the role of visitors there. It does nothing for
// members, for whoever sees everything, for a session that changes nothing, and in other workspaces; entered is false then.
func (s *Service) Enter(ctx context.Context, ref control.Ref) (entered bool, err error) {
	by, _ := control.ActorOf(ctx)
	needed, err := control.Ask(ctx, s.gate, control.Query[bool]{
		Action: action.WorkspaceList,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, v control.Viewer) (bool, error) {
			if v.Everything || by.ReadOnly {
				return false, nil
			}
			return s.store.Strange(ctx, t.Workspace, v.Principal)
		},
	})
	if err != nil || !needed {
		return false, err
	}
	return control.Do(control.WithoutRequest(ctx), s.gate, control.Change[bool]{
		Action: action.WorkspaceEnter,
		Target: control.AtThing(s.store, ref, "member", by.Name),
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[bool], error) {
			none := control.Applied[bool]{}
			w, err := s.store.Get(ctx, t.Workspace)
			if err != nil {
				return none, err
			}
			strange, err := s.store.Strange(ctx, t.Workspace, by.Principal)
			if err != nil || !strange {
				return control.Applied[bool]{Nothing: true}, err
			}
			if !StateOf(w.Status).Open {
				return none, &fault.Refused{Reason: message.Text{ID: "fault.workspace.closed", Args: message.Args{
					"Name": w.Name, "Status": message.Text{ID: "status." + string(w.Status)}}}}
			}
			if err := s.store.Admit(ctx, t.Workspace, by.Principal, by.Principal, s.gate.Now()); err != nil {
				return none, err
			}
			return control.Applied[bool]{Value: true, After: Entry{User: by.Name, Role: visitor}}, nil
		},
	})
}
