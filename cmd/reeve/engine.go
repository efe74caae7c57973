package main

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/engine"
	"reeve/core/message"
)

func (c *cli) engineCommands() *cobra.Command {
	return c.group("engine", c.p.Text("cli.group.engine"), c.engineList(), c.engineAdd(), c.engineRemove(), c.engineMapRole(), c.engineMapAccount(),
		c.engineSetIdentity())
}

func engineRecord(e engine.Engine) record {
	return record{
		{"id", e.ID}, {"name", e.Name}, {"type", engine.TypeCode(e.Type)}, {"dev_identity", e.DevIdentity}, {"prod_identity", e.ProdIdentity},
		{"role_mappings", records(e.Roles, func(m engine.RoleMapping) record {
			return record{{"role", m.Code}, {"role_name", m.Name}, {"engine_role", m.EngineRole}, {"fixed", m.Fixed()}}
		})},
		{"account_mappings", records(e.Accounts, func(m engine.AccountMapping) record {
			return record{{"user", m.User}, {"account", m.Account}}
		})},
		{"version", e.Version},
	}
}

func engineSample() record {
	return engineRecord(engine.Engine{Roles: make([]engine.RoleMapping, 1), Accounts: make([]engine.AccountMapping, 1)})
}

func (c *cli) engineList() *cobra.Command {
	return c.inWorkspace(action.EngineList, "", []record{engineSample()}, func(ctx context.Context, s *system, ref control.Ref, _ []string) (answer, error) {
		engines, err := s.engines.List(ctx, ref)
		return answer{value: records(engines, engineRecord), lines: c.engineLines(engines)}, err
	})
}

// engineLines shows engines and, below them, who and what is mapped.
func (c *cli) engineLines(engines []engine.Engine) []string {
	lines := c.table(records(engines, engineRecord), []string{"name", "type", "dev_identity", "prod_identity"})
	var roles, accounts []record
	for _, e := range engines {
		for _, m := range e.Roles {
			roles = append(roles, record{{"engine", e.Name}, {"role", m.Name}, {"engine_role", m.EngineRole}, {"fixed", c.yes(m.Fixed())}})
		}
		for _, m := range e.Accounts {
			accounts = append(accounts, record{{"engine", e.Name}, {"user", m.User}, {"account", m.Account}})
		}
	}
	for _, rows := range [][]record{roles, accounts} {
		if len(rows) > 0 {
			lines = append(append(lines, ""), c.table(rows, nil)...)
		}
	}
	return lines
}

// yes is a truth in words; no needs none.
func (c *cli) yes(is bool) string {
	if is {
		return c.p.Text("cli.yes")
	}
	return ""
}

func engineChanged(note string, ref control.Ref, e engine.Engine, args message.Args) answer {
	all := message.Args{"Name": e.Name, "Workspace": ref.Workspace}
	for key, value := range args {
		all[key] = value
	}
	return answer{value: engineRecord(e), note: message.Text{ID: note, Args: all}}
}

func (c *cli) engineAdd() *cobra.Command {
	var form engine.Add
	cmd := c.inWorkspace(action.EngineAdd, "NAME", engineSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		form.Name = args[0]
		e, err := s.engines.Add(ctx, ref, form)
		return engineChanged("cli.engine.added", ref, e, nil), err
	})
	cmd.Flags().StringVar(&form.Type, "type", "", c.p.Text("cli.engine.type"))
	cmd.Flags().StringVar(&form.DevIdentity, "dev-identity", "", c.p.Text("cli.engine.dev_identity"))
	cmd.Flags().StringVar(&form.ProdIdentity, "prod-identity", "", c.p.Text("cli.engine.prod_identity"))
	c.need(cmd, "type", "TYPE")
	return cmd
}

func (c *cli) engineRemove() *cobra.Command {
	var version int64
	cmd := c.inWorkspace(action.EngineRemove, "NAME", engineSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		e, err := s.engines.Remove(ctx, ref, args[0], version)
		return engineChanged("cli.engine.removed", ref, e, nil), err
	})
	cmd.Flags().Int64Var(&version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}

// third is the word after ENGINE and ROLE or USER; without it a mapping is taken away.
func third(args []string) string {
	if len(args) < 3 {
		return ""
	}
	return args[2]
}

func (c *cli) engineMapRole() *cobra.Command {
	var version int64
	cmd := c.inWorkspace(action.EngineMapRole, "ENGINE ROLE [ENGINE_ROLE]", engineSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		e, err := s.engines.MapRole(ctx, ref, engine.RoleMap{Engine: args[0], Role: args[1], EngineRole: third(args), Version: version})
		note := "cli.engine.role_mapped"
		if third(args) == "" {
			note = "cli.engine.role_unmapped"
		}
		return engineChanged(note, ref, e, message.Args{"Role": args[1], "EngineRole": third(args)}), err
	})
	cmd.Flags().Int64Var(&version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}

func (c *cli) engineSetIdentity() *cobra.Command {
	var dev, prod string
	var version int64
	var cmd *cobra.Command
	cmd = c.inWorkspace(action.EngineSetIdentity, "NAME", engineSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		in := engine.IdentityChange{Engine: args[0], Version: version}
		if cmd.Flags().Changed("dev-identity") {
			in.Dev = &dev
		}
		if cmd.Flags().Changed("prod-identity") {
			in.Prod = &prod
		}
		e, err := s.engines.SetIdentities(ctx, ref, in)
		return engineChanged("cli.engine.identity_set", ref, e, message.Args{"Dev": cmp.Or(e.DevIdentity, "-"), "Prod": cmp.Or(e.ProdIdentity, "-")}), err
	})
	cmd.Flags().StringVar(&dev, "dev-identity", "", c.p.Text("cli.engine.dev_identity"))
	cmd.Flags().StringVar(&prod, "prod-identity", "", c.p.Text("cli.engine.prod_identity"))
	cmd.Flags().Int64Var(&version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}

func (c *cli) engineMapAccount() *cobra.Command {
	var version int64
	cmd := c.inWorkspace(action.EngineMapAccount, "ENGINE USER [ACCOUNT]", engineSample(), func(ctx context.Context, s *system, ref control.Ref, args []string) (answer, error) {
		e, err := s.engines.MapAccount(ctx, ref, engine.AccountMap{Engine: args[0], User: args[1], Account: third(args), Version: version})
		note := "cli.engine.account_mapped"
		if third(args) == "" {
			note = "cli.engine.account_unmapped"
		}
		return engineChanged(note, ref, e, message.Args{"User": args[1], "Account": third(args)}), err
	})
	cmd.Flags().Int64Var(&version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}
