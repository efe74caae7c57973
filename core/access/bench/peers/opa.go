package peers

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"reeve/core/access"
)

// opa has the world as its document, kept in the form it evaluates, and one
// query that is prepared once.
type opa struct{ query rego.PreparedEvalQuery }

const opaPolicy = `package workload

default allow := false

allow if {
	some role in data.grants[input.workspace][input.principal]
	data.levels[role][input.module] >= input.level
}
`

func (o *opa) Build(w World) error {
	levels := make(map[string]any, len(w.State.Roles))
	for _, r := range w.State.Roles {
		cells := map[string]any{}
		for _, cell := range CellsOf(r) {
			cells[cell.Module.Code()] = opaLevel(cell.Write)
		}
		levels[fmt.Sprint(r.ID)] = cells
	}
	grants := make(map[string]any, len(w.State.Workspaces))
	for _, ws := range w.State.Workspaces {
		grants[fmt.Sprint(ws.ID)] = map[string]any{}
	}
	for _, g := range w.State.Grants {
		members, _ := grants[fmt.Sprint(g.Workspace)].(map[string]any)
		held, _ := members[fmt.Sprint(g.Principal)].([]any)
		members[fmt.Sprint(g.Principal)] = append(held, fmt.Sprint(g.Role))
	}
	store := inmem.NewFromObjectWithOpts(map[string]any{"levels": levels, "grants": grants},
		inmem.OptRoundTripOnWrite(false), inmem.OptReturnASTValuesOnRead(true))
	query, err := rego.New(
		rego.Query("data.workload.allow"), rego.Module("workload.rego", opaPolicy), rego.Store(store),
	).PrepareForEval(context.Background())
	if err != nil {
		return fmt.Errorf("build OPA: %w", err)
	}
	o.query = query
	return nil
}

func opaLevel(write bool) int {
	if write {
		return int(access.Write)
	}
	return int(access.Read)
}

func (o *opa) Prepare(questions []access.Question) (func(int) (bool, error), error) {
	inputs := make([]ast.Value, len(questions))
	for i, q := range questions {
		input, err := ast.InterfaceToValue(map[string]any{
			"workspace": fmt.Sprint(q.Workspace), "principal": fmt.Sprint(q.Principal),
			"module": q.Module.Code(), "level": opaLevel(q.Level == access.Write),
		})
		if err != nil {
			return nil, fmt.Errorf("prepare OPA: %w", err)
		}
		inputs[i] = input
	}
	ctx := context.Background()
	return func(i int) (bool, error) {
		result, err := o.query.Eval(ctx, rego.EvalParsedInput(inputs[i]))
		if err != nil {
			return false, fmt.Errorf("ask OPA: %w", err)
		}
		return result.Allowed(), nil
	}, nil
}

func (o *opa) Close() { o.query = rego.PreparedEvalQuery{} }
