package tenant

import (
	"context"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// Rule is how several roles of one principal add up in the tenant. The documentation is silent on a role that says None
// beside one that gives more, so that it is a choice of the tenant.
type Rule string

// The rules.
const (
	// Additive lets None of a custom role take away only what everybody has anyway.
	Additive Rule = "additive"
	// Strict lets None of a custom role beat every other role.
	Strict Rule = "strict"
)

// RuleOf is the rule by which a policy of the evaluation goes.
func RuleOf(p access.Policy) Rule {
	if p == access.Strict {
		return Strict
	}
	return Additive
}

// policy is the other way around; ok is false for what is no rule.
func (r Rule) policy() (p access.Policy, ok bool) {
	switch Rule(strings.ToLower(strings.TrimSpace(string(r)))) {
	case Additive:
		return access.Additive, true
	case Strict:
		return access.Strict, true
	}
	return access.Additive, false
}

// ruled is the rule as the audit keeps it.
type ruled struct {
	Rule Rule `json:"rule"`
}

// Rule is how roles add up in this tenant. Whoever may see which regions the tenant has may see it.
func (s *Service) Rule(ctx context.Context) (Rule, error) {
	return control.Ask(ctx, s.gate, control.Query[Rule]{
		Action: action.RegionList,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (Rule, error) {
			p, err := s.store.Rule(ctx)
			return RuleOf(p), err
		},
	})
}

// SetRule changes how roles add up, for everybody in every workspace and region.
func (s *Service) SetRule(ctx context.Context, rule Rule) (Rule, error) {
	return control.Do(ctx, s.gate, s.setRule(rule))
}

// PreviewSetRule tells who in the tenant would lose and gain what.
func (s *Service) PreviewSetRule(ctx context.Context, rule Rule) (control.Outcome, error) {
	return control.Preview(ctx, s.gate, s.setRule(rule))
}

func (s *Service) setRule(rule Rule) control.Change[Rule] {
	return control.Change[Rule]{
		Action: action.TenantSetRule,
		Target: func(context.Context) (control.Target, error) {
			return control.Target{Kind: "tenant", Name: "rule"}, nil
		},
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			if _, ok := rule.policy(); !ok {
				return []fault.Field{{Name: "rule", Text: message.Text{ID: "fault.tenant.rule", Args: message.Args{"Rule": string(rule)}}}}, nil
			}
			return nil, nil
		},
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[Rule], error) {
			before, err := s.store.Rule(ctx)
			if err != nil {
				return control.Applied[Rule]{}, err
			}
			after, _ := rule.policy()
			if before == after {
				return control.Applied[Rule]{Value: RuleOf(after), Nothing: true}, nil
			}
			err = s.store.SetRule(ctx, after)
			return control.Applied[Rule]{Value: RuleOf(after), Before: ruled{RuleOf(before)}, After: ruled{RuleOf(after)}}, err
		},
	}
}
