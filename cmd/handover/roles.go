package handover

import (
	"context"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/engine"
	"reeve/core/role"
	"reeve/core/text"
)

// RoleEngines are the engines of workspaces as copying a role knows them.
func RoleEngines(engines *engine.Service) role.Engines { return roleEngines{engines} }

type roleEngines struct{ service *engine.Service }

func (e roleEngines) Mapped(ctx context.Context, ref control.Ref, name string) ([]role.Mapped, error) {
	all, err := e.service.List(ctx, ref)
	var out []role.Mapped
	for _, one := range all {
		if one.Type != access.MaxCompute { // only MaxCompute knows the roles of workspaces
			continue
		}
		m := role.Mapped{Engine: one.Name}
		for _, mapping := range one.Roles {
			if text.Fold(mapping.Name) == text.Fold(name) && !mapping.Fixed() {
				m.EngineRole = mapping.EngineRole
			}
		}
		out = append(out, m)
	}
	return out, err
}

func (e roleEngines) Map(ctx context.Context, ref control.Ref, name string, m role.Mapped) error {
	_, err := e.service.MapRole(ctx, ref, engine.RoleMap{Engine: m.Engine, Role: name, EngineRole: m.EngineRole})
	return err
}
