package workspace

import (
	"context"
	"errors"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/message"
)

// Service is the area's acts.
type Service struct {
	gate    *control.Gate
	store   Store
	regions Regions
	near    Near
}

// New makes the service.
func New(gate *control.Gate, store Store, regions Regions, near Near) *Service {
	return &Service{gate: gate, store: store, regions: regions, near: near}
}

// List lists the workspaces of a region (of all regions if it is empty) that the caller has joined and
// the default workspaces, or all of them for the account and holders of AliyunDataWorksFullAccess.
func (s *Service) List(ctx context.Context, region string, q list.Query) (list.Page[Workspace], error) {
	return s.list(ctx, action.WorkspaceList, View{Region: region}, q)
}

// Bin lists the deleted workspaces of a region that can still be restored.
func (s *Service) Bin(ctx context.Context, region string, q list.Query) (list.Page[Workspace], error) {
	return s.list(ctx, action.WorkspaceBin, View{Region: region, Bin: true}, q)
}

func (s *Service) list(ctx context.Context, id action.ID, view View, q list.Query) (list.Page[Workspace], error) {
	return control.Ask(ctx, s.gate, control.Query[list.Page[Workspace]]{
		Action: id,
		Do: func(ctx context.Context, _ control.Target, by control.Viewer) (list.Page[Workspace], error) {
			if err := q.Check(fields()...); err != nil {
				return list.Page[Workspace]{}, err
			}
			if view.Region != "" { // an empty list would hide that the region was misspelt
				if err := s.regions.Known(view.Region); err != nil {
					return list.Page[Workspace]{}, err
				}
			}
			view.Now = s.gate.Now()
			if !by.Everything {
				view.Joined = by.Principal
			}
			return s.store.List(ctx, view, q)
		},
	})
}

// Get returns one workspace.
func (s *Service) Get(ctx context.Context, ref control.Ref) (Workspace, error) {
	return control.Ask(ctx, s.gate, control.Query[Workspace]{
		Action: action.WorkspaceShow,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Workspace, error) {
			return s.store.Get(ctx, t.Workspace)
		},
	})
}

// Create is the form for a new workspace.
type Create struct {
	// Region may be empty if only one is activated.
	Region string
	Name   string
	// DisplayName is the name if empty.
	DisplayName string
	Description string
	// Mode is standard if empty: the documentation recommends it.
	Mode Mode
	// Template is all-features if empty.
	Template Template
	// Admins become Workspace Administrators; if empty, the caller does, unless the caller is the account, which is the owner.
	Admins []string
	// NewDataStudio is on if nil: the documentation has it on where it does not ask.
	NewDataStudio *bool
	// AIWorkspace makes an AI workspace of the same name, which lets tasks of PAI be scheduled; on if nil, as documented.
	AIWorkspace     *bool
	DevRoleDisabled bool
	// DefaultGroup is the DataWorks resource group that tasks run on; none if empty.
	DefaultGroup string
	// AliyunGroup is the id of a resource group of the cloud's resource management; DefaultAliyunGroup if empty.
	AliyunGroup string
	Tags        []Tag
}

// Create makes a workspace. Its owner is the account, whoever creates it.
func (s *Service) Create(ctx context.Context, in Create) (Workspace, error) {
	return control.Do(ctx, s.gate, control.Change[Workspace]{
		Action: action.WorkspaceCreate,
		Target: func(ctx context.Context) (control.Target, error) {
			var err error
			if in.Region == "" {
				in.Region, err = s.regions.Only(ctx)
			}
			return control.Target{Region: in.Region, Kind: "workspace", Name: in.Name}, err
		},
		Check: func(ctx context.Context, _ control.Target) ([]fault.Field, error) { return s.checkCreate(ctx, &in) },
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Workspace], error) {
			return s.applyCreate(ctx, t, by, in)
		},
	})
}

func (s *Service) checkCreate(ctx context.Context, in *Create) ([]fault.Field, error) {
	var bad faults
	bad.rule("name", nameRule, in.Name)
	if in.DisplayName == "" {
		in.DisplayName = in.Name
	} else {
		bad.rule("display_name", displayRule, in.DisplayName)
	}
	bad.rule("description", aboutRule, in.Description)
	if in.Mode == "" {
		in.Mode = Standard
	}
	if in.Mode != Simple && in.Mode != Standard {
		bad.add("mode", message.Text{ID: "fault.workspace.mode", Args: message.Args{"Mode": string(in.Mode)}})
	}
	if in.Template == "" {
		in.Template = AllFeatures
	}
	active, offered, err := s.regions.Offers(ctx, in.Region, string(in.Template))
	if err != nil {
		return nil, err
	}
	switch {
	case in.Region == "":
		bad.add("region", message.Text{ID: "fault.workspace.region"})
	case !active:
		bad.add("region", message.Text{ID: "fault.region.inactive", Args: message.Args{"Region": in.Region}})
	case in.Template != AllFeatures && in.Template != OpenLake:
		bad.add("template", message.Text{ID: "fault.workspace.template", Args: message.Args{"Template": string(in.Template)}})
	case !offered:
		bad.add("template", message.Text{ID: "fault.workspace.template.region", Args: message.Args{"Template": string(in.Template), "Region": in.Region}})
	}
	if in.AliyunGroup == "" {
		in.AliyunGroup = DefaultAliyunGroup
	}
	bad.rule("aliyun_resource_group_id", aliyunGroupRule, in.AliyunGroup)
	in.Tags = bad.tags("tag", in.Tags)
	if in.DefaultGroup != "" {
		if err := s.checkGroup(ctx, &bad, in.Region, in.DefaultGroup); err != nil {
			return nil, err
		}
	}
	if active && in.Name != "" {
		taken, err := s.nameTaken(ctx, in.Region, in.Name)
		if err != nil {
			return nil, err
		}
		bad = append(bad, taken...)
	}
	for _, name := range in.Admins {
		if _, err := s.store.Principals(ctx, []string{name}); err != nil {
			if fault.KindOf(err) != fault.KindNotFound {
				return nil, err
			}
			bad = append(bad, fault.Field{Name: "admin", Unknown: true, Text: message.Text{ID: "fault.user.unknown", Args: message.Args{"Name": name}}})
		}
	}
	return bad, nil
}

func (s *Service) nameTaken(ctx context.Context, region, name string) (faults, error) {
	return nameTaken(ctx, s.store, region, name, s.gate.Now())
}

// nameTaken says who has a name.
func nameTaken(ctx context.Context, store Store, region, name string, now time.Time) (faults, error) {
	use, err := store.NameUse(ctx, region, name, now)
	switch {
	case err != nil || use.Name == "":
		return nil, err
	case use.BinnedUntil != nil:
		return faults{{Name: "name", Taken: true, Text: message.Text{ID: "fault.workspace.name.binned",
			Args: message.Args{"Name": use.Name, "Until": use.BinnedUntil.Format(time.DateOnly)}}}}, nil
	}
	return faults{{Name: "name", Taken: true, Text: message.Text{ID: "fault.workspace.name.taken", Args: message.Args{"Name": use.Name, "Region": region}}}}, nil
}

func (s *Service) applyCreate(ctx context.Context, t control.Target, by control.Actor, in Create) (control.Applied[Workspace], error) {
	none := control.Applied[Workspace]{}
	owner, err := s.store.Owner(ctx)
	if err != nil {
		return none, err
	}
	admins, err := s.store.Principals(ctx, in.Admins)
	if err != nil {
		return none, err
	}
	ids := adminIDs(admins, owner.ID, by.Principal)
	now := s.gate.Now()
	// A binned workspace past its days still holds the row; its name is free, so it goes for good now.
	if _, err := s.store.Purge(ctx, in.Region, in.Name, now); err != nil {
		return none, err
	}
	w, err := s.store.Insert(ctx, in.record(now), owner.ID, ids, by.Principal)
	if err != nil {
		return none, err
	}
	if in.DefaultGroup != "" {
		if w, err = s.associate(ctx, w, in.DefaultGroup, by.Principal); err != nil {
			return none, err
		}
	}
	t.Workspace, t.WorkspaceName = w.ID, w.Name
	return control.Applied[Workspace]{Value: w, After: w, Target: &t}, nil
}

// record is what the form makes.
func (in Create) record(at time.Time) Workspace {
	on := func(choice *bool) bool { return choice == nil || *choice }
	w := Workspace{
		Region: in.Region, Name: in.Name, DisplayName: strings.TrimSpace(in.DisplayName), Description: in.Description, Mode: in.Mode,
		Template: in.Template, Status: Normal, AliyunGroup: in.AliyunGroup, Tags: in.Tags, Settings: DefaultSettings(), CreatedAt: at,
	}
	w.NewDataStudio, w.PaiScheduling, w.DevRoleDisabled = on(in.NewDataStudio), on(in.AIWorkspace), in.DevRoleDisabled
	return w
}

// checkGroup looks the default resource group of a new workspace up.
func (s *Service) checkGroup(ctx context.Context, bad *faults, region, name string) error {
	if s.near.Groups == nil {
		bad.add("default_resource_group", message.Text{ID: "fault.workspace.group.none", Args: message.Args{"Name": name}})
		return nil
	}
	err := s.near.Groups.Offered(ctx, region, name)
	var missing *fault.NotFound
	if errors.As(err, &missing) {
		f := groupFault("fault.workspace.group.region", "fault.workspace.group.region.near", name, missing.Nearest)
		f.Text.Args["Region"] = region
		*bad = append(*bad, f)
		return nil
	}
	return err
}

// associate gives a new workspace its default resource group.
func (s *Service) associate(ctx context.Context, w Workspace, name string, by access.PrincipalID) (Workspace, error) {
	if err := s.gate.Also(ctx, action.GroupAssociate, control.Target{Region: w.Region, Kind: "group", Name: name}); err != nil {
		return w, err
	}
	g, err := s.near.Groups.Associate(ctx, w.Region, name, w.ID, by, s.gate.Now())
	if err != nil {
		return w, err
	}
	_, after, err := write(ctx, s.store, w.ID, 0, runsIn(g))
	return after, err
}

// runsIn makes a group the one in which tasks of a workspace run unless they name another.
func runsIn(g Group) func(context.Context, *Workspace) error {
	return func(_ context.Context, w *Workspace) error {
		w.DefaultGroup, w.DefaultGroupID = g.Name, g.ID
		return nil
	}
}

// adminIDs are the administrators asked for, without the owner (who is above them) and without repeats; the creator if
// nobody is named.
func adminIDs(named []access.Principal, owner, creator access.PrincipalID) []access.PrincipalID {
	var ids []access.PrincipalID
	seen := map[access.PrincipalID]bool{owner: true}
	for _, p := range named {
		if !seen[p.ID] {
			seen[p.ID] = true
			ids = append(ids, p.ID)
		}
	}
	if len(named) == 0 && !seen[creator] {
		ids = append(ids, creator)
	}
	return ids
}
