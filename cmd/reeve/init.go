package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/edition"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/tenant"
)

func (c *cli) initCommand() *cobra.Command {
	var in tenant.Setup
	var regions []string
	var bare bool
	a, _ := c.acts.Get(action.TenantInit)
	cmd := c.command(a, "", tenantRecord(tenant.Tenant{}))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		in.Regions = parseRegions(splitValues(regions))
		for i := range in.Regions {
			in.Regions[i].Default = !bare
		}
		s, err := c.initialize(cmd.Context(), in)
		if err != nil {
			return err
		}
		defer s.close()
		t := s.tenant
		return stands(c.print(answer{value: tenantRecord(t), note: message.Text{ID: "cli.init.done", Args: message.Args{
			"Tenant": t.Name, "Owner": t.Owner, "Path": s.db.Path()}}}))
	}
	cmd.Flags().StringVar(&in.Tenant, "tenant", "", c.p.Text("cli.init.tenant"))
	cmd.Flags().StringVar(&in.Owner, "owner", "", c.p.Text("cli.init.owner"))
	cmd.Flags().StringArrayVar(&regions, "region", nil, c.p.Text("cli.init.region"))
	cmd.Flags().StringVar(&in.OSUser, "os-user", "", c.p.Text("cli.init.os_user"))
	cmd.Flags().BoolVar(&bare, "no-default-workspace", false, c.p.Text("cli.region.bare"))
	c.need(cmd, "tenant", "NAME")
	c.need(cmd, "owner", "USER")
	c.need(cmd, "region", "ID=EDITION")
	return cmd
}

// initialize makes the tenant, with the database if it is missing, and begins to act as its owner. What is wrong with the
// input is said before there is a file, so that a slip leaves none behind.
func (c *cli) initialize(ctx context.Context, in tenant.Setup) (*system, error) {
	if c.flags.readOnly {
		return nil, &fault.Denied{Action: string(action.TenantInit), Reason: message.Text{ID: "denied.read_only"}}
	}
	lists, err := c.catalogues()
	if err != nil {
		return nil, err
	}
	for i, r := range in.Regions {
		// What is no edition stays as it is, for the tenant's own rules to refuse together with everything else.
		if e, err := lists.editions.Parse(string(r.Edition)); err == nil {
			in.Regions[i].Edition = e
		}
	}
	if bad := in.Check(lists.editions, lists.findRegion); len(bad) > 0 {
		return nil, &fault.Invalid{Fields: bad}
	}
	s, err := c.create(ctx)
	if err != nil {
		return nil, err
	}
	t, err := s.tenants.Init(control.WithActor(ctx, control.Actor{Name: in.Owner, Face: control.FaceSetup, Session: s.actor.Session}), in)
	if err != nil {
		s.close() //nolint:contextcheck // closing goes on when ctx has ended
		return nil, err
	}
	s.ready, s.tenant = true, t
	s.actor.Principal, s.actor.Name = t.OwnerID, t.Owner
	return s, nil
}

// parseRegions reads ID=EDITION; an edition left out is basic.
func parseRegions(words []string) []tenant.Region {
	regions := make([]tenant.Region, 0, len(words))
	for _, word := range words {
		id, name, given := strings.Cut(word, "=")
		if !given {
			name = string(edition.Basic)
		}
		regions = append(regions, tenant.Region{ID: strings.ToLower(strings.TrimSpace(id)), Edition: edition.Edition(strings.TrimSpace(name))})
	}
	return regions
}

func tenantRecord(t tenant.Tenant) record {
	if t.Regions == nil {
		t.Regions = make([]tenant.Region, 1)
	}
	return record{{"name", t.Name}, {"owner", t.Owner}, {"created_at", t.CreatedAt}, {"regions", records(t.Regions, func(r tenant.Region) record {
		return record{{"id", r.ID}, {"edition", string(r.Edition)}}
	})}}
}
