package bootstrap

import (
	"context"
	"time"

	"reeve/core/control"
	"reeve/core/fault"
)

// Areas are the areas whose acts the steps are. Every method acts as whoever is in its context, through the gate. Faults name
// fields as the form of the area does, and say what is wrong before there is anything to look at.
type Areas struct {
	Regions    Regions
	Workspaces Workspaces
	Groups     Groups
	Members    Members
	Engines    Engines
	Sources    Sources
}

// Regions answers what this area needs to know of regions.
type Regions interface {
	// Only is the single activated region, empty if there are several.
	Only(ctx context.Context) (string, error)
	// Active says whether a region is activated.
	Active(ctx context.Context, region string) (bool, error)
}

// Workspaces makes workspaces.
type Workspaces interface {
	// Faults says what is wrong with a workspace that is to be made.
	Faults(ctx context.Context, region string, w Workspace) ([]fault.Field, error)
	// Find finds a workspace and its mode; ok is false if there is none of the name.
	Find(ctx context.Context, region, name string) (at control.Target, mode string, ok bool, err error)
	// Create makes it; repeated with the same request id it answers as before.
	Create(ctx context.Context, region string, w Workspace) error
}

// GroupState is how a resource group stands.
type GroupState struct {
	// Bound says that the workspace asked about may use it.
	Bound bool
	// Ready says that it can be associated. If not, ReadyAt is when it is expected to be, zero for not by itself.
	Ready   bool
	ReadyAt time.Time
}

// Groups makes resource groups and lets workspaces use them.
type Groups interface {
	Faults(ctx context.Context, region string, g Group) ([]fault.Field, error)
	// Find finds a group of a region, and says how it stands towards a workspace.
	Find(ctx context.Context, region, name, workspace string) (state GroupState, ok bool, err error)
	Create(ctx context.Context, region string, g Group) error
	Associate(ctx context.Context, region, name, workspace string) error
}

// Members makes people members.
type Members interface {
	// Faults says which names mean nobody and which roles cannot be given; a ref without a workspace is one that is not there
	// yet.
	Faults(ctx context.Context, ref control.Ref, m Member) ([]fault.Field, error)
	// Holds says whether somebody is a member with all of the roles.
	Holds(ctx context.Context, ref control.Ref, m Member) (bool, error)
	// Grant makes somebody a member with the roles, or adds the roles to those of a member.
	Grant(ctx context.Context, ref control.Ref, m Member) error
}

// Engines binds compute engines.
type Engines interface {
	Faults(e Engine) []fault.Field
	// Find finds an engine and its type; ok is false if there is none of the name.
	Find(ctx context.Context, ref control.Ref, name string) (kind string, ok bool, err error)
	Add(ctx context.Context, ref control.Ref, e Engine) error
}

// Sources makes data sources and tries to reach them.
type Sources interface {
	Faults(s Source, standard bool) []fault.Field
	// Find finds a data source, its type, and whether it was reached when it was last tested.
	Find(ctx context.Context, ref control.Ref, name string) (kind string, connected, ok bool, err error)
	Create(ctx context.Context, ref control.Ref, s Source) error
	// Test tries to reach it. evidence says what was in the way, in the words of the system that refused.
	Test(ctx context.Context, ref control.Ref, name string) (connected bool, evidence string, err error)
}
