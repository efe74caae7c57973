package group

import (
	"context"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
)

// defaultName is what the group of a region's default workspace is called; the documentation names it so.
const defaultName = "dataworks_default_resource_group"

// Defaults makes the resource groups of default workspaces, as part of activating their regions.
type Defaults struct{ service *Service }

// NewDefaults makes it.
func NewDefaults(gate *control.Gate, store Store, regions Regions, terms Terms) Defaults {
	return Defaults{New(gate, store, regions, Ledger{}, terms)}
}

// Make buys the group of a default workspace, paid as it is used, and associates it with the workspace; ok is false where
// serverless groups are not sold. A group that has its name already is taken as it is.
func (d Defaults) Make(ctx context.Context, region string, ws access.WorkspaceID, by access.Principal) (g Group, ok bool, err error) {
	if _, ok, err = d.service.regions.Sells(ctx, region); err != nil || !ok {
		return g, false, err
	}
	if g, ok, err = d.service.store.Find(ctx, region, defaultName); err != nil {
		return g, false, err
	}
	if !ok {
		e, err := d.service.insert(ctx, control.Target{Region: region, Kind: kind, Name: defaultName},
			control.Actor{Principal: by.ID, Name: by.Name}, Create{Name: defaultName, Billing: PayAsYouGo})
		return e.After, true, err // it was associated as every new group of the region is
	}
	// The version was read in this very transaction.
	_, err = d.service.store.Associate(ctx, g.ID, []access.WorkspaceID{ws}, by.ID, d.service.gate.Now(), g.Version)
	return g, true, err
}

// lend associates a new group with the default workspace of its region, if there is one: the documentation says that groups
// bought later are bound to it by themselves.
func (s *Service) lend(ctx context.Context, e *Effect) error {
	w, ok, err := s.store.DefaultWorkspace(ctx, e.After.Region)
	if err != nil || !ok {
		return err
	}
	if _, err := s.store.Associate(ctx, e.After.ID, []access.WorkspaceID{w.ID}, e.by.Principal, s.gate.Now(), e.After.Version); err != nil {
		return err
	}
	if e.After, err = s.store.Get(ctx, e.After.ID); err != nil {
		return err
	}
	e.note(false, "group.note.lent", message.Args{"Workspace": w.Name})
	return nil
}
