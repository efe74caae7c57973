package peers

import (
	"fmt"

	casbin "github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"reeve/core/access"
)

// casbinModel is roles with domains; a workspace is a domain. The comparisons
// stand before the look-up of the role, because they are cheaper.
const casbinModel = `
[request_definition]
r = sub, dom, obj, act

[policy_definition]
p = sub, obj, act

[role_definition]
g = _, _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.obj == p.obj && r.act == p.act && g(r.sub, p.sub, r.dom)
`

// casbinOne has everything in one enforcer, as its documentation shows it.
type casbinOne struct{ enforcer *casbin.Enforcer }

func (c *casbinOne) Build(w World) error {
	enforcer, err := newEnforcer(w.State.Roles, w.State.Grants)
	if err != nil {
		return err
	}
	c.enforcer = enforcer
	return nil
}

func (c *casbinOne) Prepare(questions []access.Question) (func(int) (bool, error), error) {
	requests := casbinRequests(questions)
	return func(i int) (bool, error) { return c.enforcer.Enforce(requests[i]...) }, nil
}

func (c *casbinOne) Close() { c.enforcer = nil }

// casbinEach has an enforcer for each workspace, which somebody who knows that
// the cost grows with the rows would build.
type casbinEach struct {
	enforcers map[access.WorkspaceID]*casbin.Enforcer
}

func (c *casbinEach) Build(w World) error {
	grants := make(map[access.WorkspaceID][]access.Grant, len(w.State.Workspaces))
	for _, g := range w.State.Grants {
		grants[g.Workspace] = append(grants[g.Workspace], g)
	}
	c.enforcers = make(map[access.WorkspaceID]*casbin.Enforcer, len(w.State.Workspaces))
	for ws, roles := range w.rolesByWorkspace() {
		enforcer, err := newEnforcer(roles, grants[ws])
		if err != nil {
			return err
		}
		c.enforcers[ws] = enforcer
	}
	return nil
}

func (c *casbinEach) Prepare(questions []access.Question) (func(int) (bool, error), error) {
	requests := casbinRequests(questions)
	return func(i int) (bool, error) { return c.enforcers[questions[i].Workspace].Enforce(requests[i]...) }, nil
}

func (c *casbinEach) Close() { c.enforcers = nil }

func newEnforcer(roles []access.Role, grants []access.Grant) (*casbin.Enforcer, error) {
	text, err := model.NewModelFromString(casbinModel)
	if err != nil {
		return nil, fmt.Errorf("read the casbin model: %w", err)
	}
	enforcer, err := casbin.NewEnforcer(text)
	if err != nil {
		return nil, fmt.Errorf("build casbin: %w", err)
	}
	var rows [][]string
	for _, r := range roles {
		for _, cell := range CellsOf(r) {
			rows = append(rows, []string{fmt.Sprint("role", r.ID), cell.Module.Code(), access.Read.String()})
			if cell.Write {
				rows = append(rows, []string{fmt.Sprint("role", r.ID), cell.Module.Code(), access.Write.String()})
			}
		}
	}
	if _, err := enforcer.AddPolicies(rows); err != nil {
		return nil, fmt.Errorf("build casbin: policies: %w", err)
	}
	held := make([][]string, 0, len(grants))
	for _, g := range grants {
		held = append(held, []string{fmt.Sprint("user", g.Principal), fmt.Sprint("role", g.Role), fmt.Sprint("ws", g.Workspace)})
	}
	if _, err := enforcer.AddGroupingPolicies(held); err != nil {
		return nil, fmt.Errorf("build casbin: roles: %w", err)
	}
	return enforcer, nil
}

func casbinRequests(questions []access.Question) [][]any {
	requests := make([][]any, len(questions))
	for i, q := range questions {
		requests[i] = []any{fmt.Sprint("user", q.Principal), fmt.Sprint("ws", q.Workspace), q.Module.Code(), q.Level.String()}
	}
	return requests
}
