package screen

import (
	"context"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/core/tenant"
	"reeve/tui/widget"
)

// SetRule asks how several roles are to add up in the tenant, shows whom that touches, and sets it. Everybody is looked at, which
// takes a while in a large tenant.
func (e *Env) SetRule() []Event {
	current := string(tenant.Additive)
	if e.Standing.Rule == access.Strict {
		current = string(tenant.Strict)
	}
	items := []widget.Item{
		{ID: string(tenant.Additive), Cells: []string{string(tenant.Additive), e.Text("rule.additive")}},
		{ID: string(tenant.Strict), Cells: []string{string(tenant.Strict), e.Text("rule.strict")}},
	}
	return []Event{Show{Overlay: Pick(widget.NewPicker(e.Text("rule.title"), items, current), func(p *widget.Picker) []Event {
		rule := tenant.Rule(p.Chosen())
		return e.Confirm(e.Fail, nil, e.Text("form.save"),
			func(ctx context.Context) (control.Outcome, error) { return e.Tenants.PreviewSetRule(ctx, rule) },
			func() []Event {
				return []Event{Run("rule", e.Text("job.saving"), func(ctx context.Context) (tenant.Rule, error) { return e.Tenants.SetRule(ctx, rule) },
					func(set tenant.Rule, err error) []Event {
						if err != nil {
							return e.Fail(err)
						}
						return []Event{Did{Text: message.Text{ID: "rule.set", Args: message.Args{"Rule": string(set)}}}}
					})}
			})
	})}}
}
