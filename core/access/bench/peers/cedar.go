package peers

import (
	"fmt"

	cedargo "github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"

	"reeve/core/access"
)

// cedar has two policies; what roles give are attributes of the modules of a
// workspace. One policy for each role and module would be a thousand times slower,
// because every policy is looked at for every question.
type cedar struct {
	policies *cedargo.PolicySet
	entities types.EntityMap
}

const cedarPolicies = `
permit (principal, action == Action::"read", resource) when { principal in resource.readers };
permit (principal, action == Action::"write", resource) when { principal in resource.writers };
`

func (c *cedar) Build(w World) error {
	policies, err := cedargo.NewPolicySetFromBytes("workload.cedar", []byte(cedarPolicies))
	if err != nil {
		return fmt.Errorf("build cedar: %w", err)
	}
	c.policies, c.entities = policies, types.EntityMap{}
	held := make(map[access.PrincipalID][]types.EntityUID, len(w.State.Principals))
	for _, g := range w.State.Grants {
		held[g.Principal] = append(held[g.Principal], cedarRole(g.Workspace, g.Role))
	}
	for p, roles := range held {
		id := cedarUser(p)
		c.entities[id] = types.Entity{UID: id, Parents: types.NewEntityUIDSet(roles...)}
	}
	for ws, roles := range w.rolesByWorkspace() {
		c.addCells(ws, roles)
	}
	return nil
}

func (c *cedar) addCells(ws access.WorkspaceID, roles []access.Role) {
	readers, writers := map[access.Module][]types.Value{}, map[access.Module][]types.Value{}
	for _, r := range roles {
		for _, cell := range CellsOf(r) {
			readers[cell.Module] = append(readers[cell.Module], cedarRole(ws, r.ID))
			if cell.Write {
				writers[cell.Module] = append(writers[cell.Module], cedarRole(ws, r.ID))
			}
		}
	}
	for _, m := range access.WorkspaceModules() {
		id := cedarCell(ws, m)
		c.entities[id] = types.Entity{UID: id, Attributes: types.NewRecord(types.RecordMap{
			"readers": types.NewSet(readers[m]...), "writers": types.NewSet(writers[m]...),
		})}
	}
}

func (c *cedar) Prepare(questions []access.Question) (func(int) (bool, error), error) {
	requests := make([]cedargo.Request, len(questions))
	for i, q := range questions {
		requests[i] = cedargo.Request{
			Principal: cedarUser(q.Principal),
			Action:    types.NewEntityUID("Action", types.String(q.Level.String())),
			Resource:  cedarCell(q.Workspace, q.Module),
		}
	}
	return func(i int) (bool, error) {
		decision, diagnostic := cedargo.Authorize(c.policies, c.entities, requests[i])
		if len(diagnostic.Errors) > 0 {
			return false, fmt.Errorf("ask cedar: %v", diagnostic.Errors)
		}
		return decision == cedargo.Allow, nil
	}, nil
}

func (c *cedar) Close() { c.policies, c.entities = nil, nil }

func cedarUser(p access.PrincipalID) types.EntityUID {
	return types.NewEntityUID("User", types.String(fmt.Sprint(p)))
}

func cedarRole(ws access.WorkspaceID, r access.RoleID) types.EntityUID {
	return types.NewEntityUID("Role", types.String(fmt.Sprintf("%d/%d", ws, r)))
}

func cedarCell(ws access.WorkspaceID, m access.Module) types.EntityUID {
	return types.NewEntityUID("Cell", types.String(fmt.Sprintf("%d/%s", ws, m.Code())))
}
