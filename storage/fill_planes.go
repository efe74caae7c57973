package storage

import (
	"context"
	"errors"

	"reeve/core/access"
	"reeve/core/directory"
	"reeve/core/text"
)

// What the sample has beside workspaces: a little of everything that grants or denies.

// groupsFrom is how many people a sample has at least if it has groups and what is held above workspaces.
const groupsFrom = 40

func groupNames() []string { return []string{"data_platform", "analysts", "contractors"} }

// addGroups makes the user groups, each with a handful of people, with ids after the last one.
func (w *filler) addGroups(ctx context.Context, names *namer, last access.PrincipalID) error {
	if w.Principals < groupsFrom {
		return nil
	}
	for _, name := range groupNames() {
		last++
		name = names.once(name, "_")
		g := sampleMember{last, text.Fold(name)}
		w.groups = append(w.groups, g)
		if err := errors.Join(
			w.tables.principals.add(ctx, g.id, name, g.key, "", "", string(directory.UserGroup), w.before(1000), "", "", 0, string(directory.Active)),
			w.tables.principalText.add(ctx, g.id, g.key, "", ""),
		); err != nil {
			return err
		}
	}
	if err := w.tables.principals.flush(ctx); err != nil {
		return err
	}
	for _, g := range w.groups {
		for _, person := range w.choose(5 + w.random.IntN(10)) {
			if err := w.insert(ctx, "group_member (group_id, principal_id, added_at, added_by) VALUES (?, ?, ?, ?)",
				g.id, w.people[person].id, w.before(500), w.Owner); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *filler) insert(ctx context.Context, into string, values ...any) error {
	_, err := w.tables.db.exec(ctx, "filling the database", "INSERT INTO "+into, values...)
	return err
}

// soon is an end in the weeks after the sample, or for every fourth one in those before.
func (w *filler) soon() int64 {
	end := int64(1 + w.random.IntN(45*86400))
	if w.random.IntN(4) == 0 {
		return w.At.Unix() - end
	}
	return w.At.Unix() + end
}

// addGroupMember makes a group a member of the workspace with a role.
func (w *filler) addGroupMember(ctx context.Context, ws access.WorkspaceID, created int64, role access.RoleID) error {
	if len(w.groups) == 0 {
		return nil
	}
	g := pick(w.random, w.groups)
	return errors.Join(
		w.tables.members.add(ctx, ws, g.id, g.key, created, w.Owner, int64(0)),
		w.tables.grants.add(ctx, ws, g.id, role, created, w.Owner),
	)
}

// addEngines binds two engines to the workspace and maps a custom role in the one that has roles.
func (w *filler) addEngines(ctx context.Context, ws access.WorkspaceID, role access.RoleID) error {
	types, first := engineTypes(), w.nextEngine
	w.nextEngine += 2
	if err := errors.Join(
		w.tables.engines.add(ctx, first, ws, "odps_main", "odps_main", types[access.MaxCompute], "dev_runner", "prod_runner"),
		w.tables.engines.add(ctx, first+1, ws, "emr_main", "emr_main", types[access.EMR], "", ""),
	); err != nil {
		return err
	}
	for _, r := range w.Builtins.EngineRoles {
		if r.Mappable {
			return w.tables.engineRoles.add(ctx, first, role, r.Code)
		}
	}
	return nil
}

// addPlanes grants tenant roles in the region and attaches policies.
func (w *filler) addPlanes(ctx context.Context) error {
	there, _, err := one(ctx, w.tables.db, "reading the policies", value[bool],
		"SELECT EXISTS (SELECT 1 FROM policy) OR EXISTS (SELECT 1 FROM tenant_role)")
	if err != nil || there || len(w.groups) == 0 { // a database that is filled again keeps those of the first time
		return err
	}
	if err := w.addTenantRoles(ctx); err != nil {
		return err
	}
	policies := []struct {
		name      string
		statement access.Statement
		holder    access.PrincipalID
	}{
		{"workspace_makers", access.Statement{Actions: []string{"dataworks:CreateWorkspace"}, Resources: []string{access.ARN("", access.EntityWorkspace, "")}}, w.groups[0].id},
		{"keep_workspaces", access.Statement{Deny: true, Actions: []string{"dataworks:DeleteWorkspace", "dataworks:DisableWorkspace"}, Resources: []string{"*"}}, w.groups[2].id},
	}
	for _, p := range policies {
		at := w.before(300)
		document := access.FormatDocument(access.Document{Statements: []access.Statement{p.statement}})
		row, err := w.tables.db.insertRow(ctx, "filling the database",
			"INSERT INTO policy (name, name_key, document, created_at, created_by, modified_at, modified_by) VALUES (?, ?, ?, ?, ?, ?, ?)",
			p.name, p.name, string(document), at, w.Owner, at, w.Owner)
		if err != nil {
			return err
		}
		id := access.PolicyID(row) // #nosec G115 -- ids count up from 1000
		if err := w.tables.db.attach(ctx, id, p.holder, w.Owner, w.At, w.At.AddDate(0, 0, 90)); err != nil {
			return err
		}
	}
	return nil
}

func (w *filler) addTenantRoles(ctx context.Context) error {
	at := w.before(300)
	id, err := w.tables.db.insertRow(ctx, "filling the database",
		`INSERT INTO tenant_role (region, name, name_key, code, created_at, created_by, modified_at, modified_by)
		VALUES (?, 'map_readers', 'map_readers', 'sample/' || ?, ?, ?, ?, ?)`, w.Region, w.Region, at, w.Owner, at, w.Owner)
	if err != nil {
		return err
	}
	if err := errors.Join(
		w.insert(ctx, "tenant_role_capability (role_id, capability) VALUES (?, ?)", id, access.DataMapUse.Code()),
		w.grantTenant(ctx, w.groups[1].id, id, 0),
	); err != nil {
		return err
	}
	people := w.choose(min(6, len(w.people)-1))
	for i, r := range w.Builtins.TenantRoles {
		if !r.Assignable {
			continue
		}
		var until int64
		if i%3 == 0 {
			until = w.At.Unix() + int64(1+w.random.IntN(45*86400))
		}
		if err := w.grantTenant(ctx, w.people[people[i%len(people)]].id, int64(r.ID), until); err != nil {
			return err
		}
	}
	return nil
}

func (w *filler) grantTenant(ctx context.Context, p access.PrincipalID, role, until int64) error {
	return w.insert(ctx, "tenant_grant (region, principal_id, role_id, granted_at, granted_by, until) VALUES (?, ?, ?, ?, ?, ?)",
		w.Region, p, role, w.before(300), w.Owner, until)
}
