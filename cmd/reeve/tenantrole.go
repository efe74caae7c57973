package main

import (
	"context"

	"github.com/spf13/cobra"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/tenantrole"
)

func (c *cli) tenantRoleCommands() *cobra.Command {
	return c.group("tenant-role", c.p.Text("cli.group.tenant_role"),
		c.tenantRoleList(), c.tenantRoleShow(), c.tenantRoleCreate(), c.tenantRoleSet(), c.tenantRoleDelete())
}

func tenantRoleRecord(r tenantrole.Role) record {
	kind := "custom"
	if r.Kind == access.Builtin {
		kind = "built-in"
	}
	return record{
		{"id", r.ID}, {"code", r.Code}, {"name", r.Name}, {"type", kind}, {"region", r.Region}, {"capabilities", capabilityCodes(r.TenantRole)},
		{"everything", r.Everything}, {"assignable", r.Assignable}, {"members", r.Holders}, {"created_at", optional(r.CreatedAt)},
		{"created_by", r.CreatedBy}, {"modified_at", optional(r.ModifiedAt)}, {"modified_by", r.ModifiedBy}, {"version", r.Version},
	}
}

// capabilityCodes are what a role grants; a role that grants everything grants all there are.
func capabilityCodes(r access.TenantRole) []string {
	list := r.Capabilities.List()
	if r.Everything {
		list = access.AllCapabilities()
	}
	codes := make([]string, len(list))
	for i, capability := range list {
		codes[i] = capability.Code()
	}
	return codes
}

func tenantRoleSample() record { return tenantRoleRecord(tenantrole.Role{}) }

// inRegion is act for what is done in a region: --region, or the only one that is active.
func (c *cli) inRegion(id action.ID, words string, shape any, do func(ctx context.Context, s *system, region string, args []string) (answer, error)) *cobra.Command {
	return c.act(id, words, shape, func(ctx context.Context, s *system, args []string) (answer, error) {
		region, err := c.regionOf(ctx, s, c.flags.region)
		if err != nil {
			return answer{}, err
		}
		return do(ctx, s, region, args)
	})
}

// parseCapabilities reads the codes of capabilities, telling everything that is wrong.
func parseCapabilities(field string, words []string) (access.Capabilities, error) {
	var set access.Capabilities
	var bad []fault.Field
	for _, word := range words {
		capability, err := access.ParseCapability(word)
		if err != nil {
			bad = append(bad, fault.Field{Name: field, Unknown: true, Text: message.Text{ID: "cli.capability.unknown", Args: message.Args{
				"Capability": word, "Nearest": nearest(err)}}})
		}
		set = set.With(capability)
	}
	if len(bad) > 0 {
		return 0, &fault.Invalid{Fields: bad}
	}
	return set, nil
}

func (c *cli) tenantRoleList() *cobra.Command {
	return c.inRegion(action.TenantRoleList, "", []record{tenantRoleSample()}, func(ctx context.Context, s *system, region string, _ []string) (answer, error) {
		roles, err := s.tenantRoles.List(ctx, region)
		return answer{value: records(roles, tenantRoleRecord), lines: c.tenantRoleTable(roles)}, err
	})
}

// tenantRoleTable is the list for people, in which everything is one word.
func (c *cli) tenantRoleTable(roles []tenantrole.Role) []string {
	return c.table(records(roles, func(r tenantrole.Role) record {
		granted := cell(capabilityCodes(r.TenantRole))
		if r.Everything {
			granted = c.p.Text("cli.tenant_role.all")
		}
		name := c.say(tenantrole.RoleName(r.TenantRole))
		return record{{"code", r.Code}, {"name", name}, {"type", tenantRoleRecord(r).get("type")}, {"members", r.Holders}, {"capabilities", granted}}
	}), nil)
}

func (c *cli) tenantRoleShow() *cobra.Command {
	return c.inRegion(action.TenantRoleShow, "ROLE", tenantRoleSample(), func(ctx context.Context, s *system, region string, args []string) (answer, error) {
		r, err := s.tenantRoles.Get(ctx, region, args[0])
		if err != nil {
			return answer{}, err
		}
		return answer{value: tenantRoleRecord(r), lines: c.tenantRoleLines(r)}, nil
	})
}

// tenantRoleLines shows a role with everything it could grant, and whether it does.
func (c *cli) tenantRoleLines(r tenantrole.Role) []string {
	var head record
	for _, f := range tenantRoleRecord(r) {
		if f.Key != "capabilities" && f.Key != "id" && cell(f.Value) != "" {
			head = append(head, f)
		}
	}
	grid := [][]string{{c.heading("capability"), ""}}
	for _, capability := range access.AllCapabilities() {
		held := c.p.Text("cli.tenant_role.not_granted")
		if r.Everything || r.Capabilities.Has(capability) {
			held = c.p.Text("cli.tenant_role.granted")
		}
		grid = append(grid, []string{capability.Code(), held})
	}
	return append(append(c.card(head), ""), align(grid)...)
}

func tenantRoleChanged(note string, r tenantrole.Role) answer {
	return answer{value: tenantRoleRecord(r), note: message.Text{ID: note, Args: message.Args{
		"Name": r.Name, "Code": r.Code, "Region": r.Region, "Count": r.Holders}}}
}

func (c *cli) tenantRoleCreate() *cobra.Command {
	var grant []string
	cmd := c.inRegion(action.TenantRoleCreate, "NAME", tenantRoleSample(), func(ctx context.Context, s *system, region string, args []string) (answer, error) {
		capabilities, err := parseCapabilities("grant", splitValues(grant))
		if err != nil {
			return answer{}, joined(named(tenantrole.NameFault(args[0])), err)
		}
		r, err := s.tenantRoles.Create(ctx, region, args[0], capabilities)
		return tenantRoleChanged("cli.tenant_role.created", r), err
	})
	cmd.Flags().StringArrayVar(&grant, "grant", nil, c.p.Text("cli.tenant_role.grant"))
	return cmd
}

func (c *cli) tenantRoleSet() *cobra.Command {
	var grant, revoke []string
	var preview bool
	var edit tenantrole.Edit
	var cmd *cobra.Command
	cmd = c.inRegion(action.TenantRoleSet, "NAME", tenantRoleSample(), func(ctx context.Context, s *system, region string, args []string) (answer, error) {
		more, moreErr := parseCapabilities("grant", splitValues(grant))
		less, lessErr := parseCapabilities("revoke", splitValues(revoke))
		if err := joined(moreErr, lessErr); err != nil {
			return answer{}, err
		}
		if more|less == 0 {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.tenant_role.nothing"})
		}
		if more&less != 0 {
			return answer{}, fault.OneField("revoke", "cli.tenant_role.both", message.Args{"Capability": (more & less).List()[0].Code()})
		}
		before, err := s.tenantRoles.Get(ctx, region, args[0])
		if err != nil {
			return answer{}, err
		}
		edit.Capabilities = (before.Capabilities | more) &^ less
		if edit.Version == 0 {
			edit.Version = before.Version // what is granted was worked out from this one
		}
		if preview {
			o, err := s.tenantRoles.PreviewSet(ctx, region, args[0], edit)
			return c.tenantEffect(ctx, s, o, err)
		}
		r, err := s.tenantRoles.Set(ctx, region, args[0], edit)
		return tenantRoleChanged("cli.tenant_role.changed", r), err
	})
	cmd.Flags().StringArrayVar(&grant, "grant", nil, c.p.Text("cli.tenant_role.grant"))
	cmd.Flags().StringArrayVar(&revoke, "revoke", nil, c.p.Text("cli.tenant_role.revoke"))
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	c.ownLossFlag(cmd, &edit.OwnLoss)
	cmd.Flags().Int64Var(&edit.Version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}

func (c *cli) tenantRoleDelete() *cobra.Command {
	var out tenantrole.Removal
	var preview bool
	cmd := c.inRegion(action.TenantRoleDelete, "NAME", tenantRoleSample(), func(ctx context.Context, s *system, region string, args []string) (answer, error) {
		if preview {
			o, err := s.tenantRoles.PreviewDelete(ctx, region, args[0], tenantrole.Removal{TakeAway: true, Version: out.Version})
			return c.tenantEffect(ctx, s, o, err)
		}
		r, err := s.tenantRoles.Delete(ctx, region, args[0], out)
		return tenantRoleChanged("cli.tenant_role.deleted", r), err
	})
	cmd.Flags().BoolVar(&out.TakeAway, "take-away", false, c.p.Text("cli.role.take_away"))
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	c.ownLossFlag(cmd, &out.OwnLoss)
	cmd.Flags().Int64Var(&out.Version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}
