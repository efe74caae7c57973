package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/policy"
)

func (c *cli) policyCommands() *cobra.Command {
	return c.group("policy", c.p.Text("cli.group.policy"), c.policyList(), c.policyShow(), c.policyCreate(), c.policyUpdate(), c.policyDelete(),
		c.policyBatch(action.PolicyAttach, "cli.policy.attached", (*policy.Service).Attach, (*policy.Service).PreviewAttach),
		c.policyBatch(action.PolicyDetach, "cli.policy.detached", (*policy.Service).Detach, (*policy.Service).PreviewDetach),
		c.policySimulate())
}

func policyRecord(p policy.Policy) record {
	kind := "custom"
	if p.System {
		kind = "system"
	}
	return record{
		{"id", p.ID}, {"name", p.Name}, {"type", kind}, {"document", compact(access.FormatDocument(p.Document))},
		{"attached", p.Attached}, {"created_at", optional(p.CreatedAt)}, {"created_by", p.CreatedBy},
		{"modified_at", optional(p.ModifiedAt)}, {"modified_by", p.ModifiedBy}, {"version", p.Version},
	}
}

// compact is JSON on one line, so that a cell of a table of values can hold it.
func compact(data []byte) json.RawMessage {
	var one bytes.Buffer
	if err := json.Compact(&one, data); err != nil {
		return data
	}
	return one.Bytes()
}

func policySample() record { return policyRecord(policy.Policy{}) }

func attachmentRecord(a policy.Attachment) record {
	return record{
		{"policy", a.Name}, {"user", a.User}, {"type", a.Kind}, {"attached_at", a.At}, {"attached_by", a.By}, {"until", a.Until},
	}
}

func (c *cli) policyList() *cobra.Command {
	return c.act(action.PolicyList, "", []record{policySample()}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		policies, err := s.policies.List(ctx)
		return answer{value: records(policies, policyRecord), columns: []string{"name", "type", "attached", "modified_at", "modified_by"}}, err
	})
}

// shownPolicy is a policy with whom it is attached to.
func shownPolicy(p policy.Policy, attached []policy.Attachment) record {
	return append(policyRecord(p), field{"attachments", records(attached, attachmentRecord)})
}

func (c *cli) policyShow() *cobra.Command {
	sample := shownPolicy(policy.Policy{}, make([]policy.Attachment, 1))
	return c.act(action.PolicyShow, "NAME", sample, func(ctx context.Context, s *system, args []string) (answer, error) {
		p, err := s.policies.Get(ctx, args[0])
		if err != nil {
			return answer{}, err
		}
		attached, err := s.policies.Attachments(ctx, args[0])
		if err != nil {
			return answer{}, err
		}
		return answer{value: shownPolicy(p, attached), lines: c.policyLines(p, attached)}, nil
	})
}

// policyLines shows a policy with its document and whom it is attached to.
func (c *cli) policyLines(p policy.Policy, attached []policy.Attachment) []string {
	var head record
	for _, f := range policyRecord(p) {
		if f.Key != "id" && f.Key != "document" && cell(f.Value) != "" {
			head = append(head, f)
		}
	}
	lines := append(c.card(head), "")
	lines = append(lines, strings.Split(strings.TrimRight(string(access.FormatDocument(p.Document)), "\n"), "\n")...)
	if len(attached) > 0 {
		lines = append(lines, "")
		lines = append(lines, c.table(records(attached, attachmentRecord), []string{"user", "type", "attached_at", "attached_by", "until"})...)
	}
	return lines
}

func policyChanged(note string, p policy.Policy) answer {
	return answer{value: policyRecord(p), note: message.Text{ID: note, Args: message.Args{"Name": p.Name, "Count": p.Attached}}}
}

func (c *cli) policyCreate() *cobra.Command {
	var path string
	cmd := c.act(action.PolicyCreate, "NAME", policySample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		document, err := c.readFile(path)
		if err != nil {
			return answer{}, err
		}
		p, err := s.policies.Create(ctx, args[0], string(document))
		return policyChanged("cli.policy.created", p), err
	})
	c.fileFlag(cmd, &path, true)
	return cmd
}

func (c *cli) policyUpdate() *cobra.Command {
	var path string
	var preview bool
	var edit policy.Edit
	cmd := c.act(action.PolicyUpdate, "NAME", policySample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		document, err := c.readFile(path)
		if err != nil {
			return answer{}, err
		}
		edit.Document = string(document)
		if preview {
			o, err := s.policies.PreviewUpdate(ctx, args[0], edit)
			return c.tenantEffect(ctx, s, o, err)
		}
		p, err := s.policies.Update(ctx, args[0], edit)
		return policyChanged("cli.policy.changed", p), err
	})
	c.fileFlag(cmd, &path, true)
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	c.ownLossFlag(cmd, &edit.OwnLoss)
	cmd.Flags().Int64Var(&edit.Version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}

func (c *cli) policyDelete() *cobra.Command {
	var out policy.Removal
	var preview bool
	cmd := c.act(action.PolicyDelete, "NAME", policySample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		if preview {
			o, err := s.policies.PreviewDelete(ctx, args[0], policy.Removal{TakeAway: true, Version: out.Version})
			return c.tenantEffect(ctx, s, o, err)
		}
		p, err := s.policies.Delete(ctx, args[0], out)
		return policyChanged("cli.policy.deleted", p), err
	})
	cmd.Flags().BoolVar(&out.TakeAway, "take-away", false, c.p.Text("cli.policy.take_away"))
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	c.ownLossFlag(cmd, &out.OwnLoss)
	cmd.Flags().Int64Var(&out.Version, "version", 0, c.p.Text("cli.flag.version"))
	return cmd
}

// policyBatch is the command that attaches a policy to users, or detaches it from them.
func (c *cli) policyBatch(
	id action.ID, note string,
	change func(*policy.Service, context.Context, string, policy.Batch) ([]policy.Attachment, error),
	foresee func(*policy.Service, context.Context, string, policy.Batch) (control.Outcome, error),
) *cobra.Command {
	var last lasting
	var preview bool
	sample := attachmentRecord(policy.Attachment{})
	cmd := c.act(id, "NAME USER…", []record{sample}, func(ctx context.Context, s *system, args []string) (answer, error) {
		until, err := last.end(c.env.Now())
		if err != nil {
			return answer{}, err
		}
		batch := policy.Batch{Users: splitValues(args[1:]), Until: until, OwnLoss: last.ownLoss}
		if preview {
			o, err := foresee(s.policies, ctx, args[0], batch)
			return c.tenantEffect(ctx, s, o, err)
		}
		attached, err := change(s.policies, ctx, args[0], batch)
		return answer{value: records(attached, attachmentRecord), note: message.Text{ID: note, Args: message.Args{
			"Name": args[0], "Names": joinNames(batch.Users, func(u string) string { return u })}}}, err
	})
	if id == action.PolicyAttach {
		c.untilFlag(cmd, &last)
	}
	c.previewFlag(cmd, &preview, "cli.flag.preview")
	c.ownLossFlag(cmd, &last.ownLoss)
	return cmd
}

func simulatedRecord(sim policy.Simulated) record {
	var statement any
	if sim.Statement > 0 {
		statement = sim.Statement
	}
	power := ""
	if sim.Power != access.PowerNone {
		power = powerCode(sim.Power)
	}
	return record{
		{"verdict", string(sim.Verdict)}, {"action", sim.Asked.Action}, {"resource", sim.Asked.Resource}, {"scope", sim.Asked.Scope},
		{"policy", sim.Policy}, {"statement", statement}, {"power", power},
	}
}

// powerCode is the code of a power in answers to other programs.
func powerCode(p access.Power) string {
	switch p {
	case access.PowerNone:
		return "none"
	case access.PowerFullAccess:
		return "full_access"
	case access.PowerAccount:
		return "account"
	case access.PowerAdministrator:
		return "administrator_access"
	}
	return "none"
}

func (c *cli) policySimulate() *cobra.Command {
	var path string
	var in policy.Simulation
	cmd := c.act(action.PolicySimulate, "[NAME]", simulatedRecord(policy.Simulated{}), func(ctx context.Context, s *system, args []string) (answer, error) {
		if len(args) > 0 {
			in.Policy = args[0]
		}
		if path != "" {
			document, err := c.readFile(path)
			if err != nil {
				return answer{}, err
			}
			if in.Policy != "" {
				return answer{}, fault.OneField("file", "cli.policy.one", nil)
			}
			in.Document = string(document)
		}
		sim, err := s.policies.Simulate(ctx, in)
		if err != nil {
			return answer{}, err
		}
		a := answer{value: simulatedRecord(sim), lines: c.simulatedLines(sim)}
		if sim.Verdict != policy.Allowed {
			a.code = exitDenied
		}
		return a, nil
	})
	c.fileFlag(cmd, &path, false)
	cmd.Flags().StringVar(&in.Action, "action", "", c.p.Text("cli.access.action"))
	cmd.Flags().StringVar(&in.Resource, "resource", "", c.p.Text("cli.access.resource"))
	cmd.Flags().StringVar(&in.User, "user", "", c.p.Text("cli.policy.user"))
	cmd.Flags().StringVar(&in.Scope, "scope", "", c.p.Text("cli.access.scope"))
	c.need(cmd, "action", "ACTION")
	return cmd
}

// simulatedLines are the verdict and what decides it.
func (c *cli) simulatedLines(sim policy.Simulated) []string {
	lines := []string{c.p.Text("cli.policy.verdict." + string(sim.Verdict))}
	asked := fmt.Sprintf("%s  %s  %s", sim.Asked.Action, sim.Asked.Resource, sim.Asked.Scope)
	lines = append(lines, "  "+asked)
	switch {
	case sim.Power != access.PowerNone:
		lines = append(lines, "  "+c.p.Text("cli.policy.power."+powerCode(sim.Power)))
	case sim.Statement > 0 && sim.Policy == "":
		lines = append(lines, "  "+c.p.With("cli.policy.statement", message.Args{"Number": sim.Statement}))
	case sim.Statement > 0:
		lines = append(lines, "  "+c.p.With("cli.policy.statement_of", message.Args{"Number": sim.Statement, "Name": sim.Policy}))
	}
	return lines
}
