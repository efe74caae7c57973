package storage

import (
	"context"

	"reeve/core/access"
)

const tenantGrantColumns = "g.id, g.region, g.principal_id, g.role_id, g.granted_by, g.granted_at, g.until"

func scanTenantGrant(row scanner) (g access.TenantGrant, err error) {
	err = row.Scan(&g.ID, &g.Region, &g.Principal, &g.Role, &g.By, &g.At, &g.Until)
	return g, err
}

// scopedTenantGrants are the grants of some principals and those of some roles, in one region or, if it is empty, in all.
const scopedTenantGrants = `SELECT ` + tenantGrantColumns + ` FROM region r CROSS JOIN json_each(?2) p
		CROSS JOIN tenant_grant g ON g.region = r.id AND g.principal_id = p.value WHERE ?1 IN ('', r.id) UNION
	SELECT ` + tenantGrantColumns + ` FROM region r CROSS JOIN json_each(?3) k
		CROSS JOIN tenant_grant g ON g.region = r.id AND g.role_id = k.value WHERE ?1 IN ('', r.id)`

// addTenantPlane reads the custom tenant roles and what is granted in the region of the scope, or in all.
func (l *loading) addTenantPlane(ctx context.Context) error {
	region := l.scope.Region
	if l.scope.Everything {
		region = ""
	} else if region == "" {
		return nil
	}
	customs, err := l.db.customTenantRoles(ctx, region)
	if err != nil {
		return err
	}
	for _, r := range customs {
		l.st.TenantRoles = append(l.st.TenantRoles, r.TenantRole)
	}
	const doing = "reading the grants of tenant roles"
	if l.about() {
		l.st.TenantGrants, err = all(ctx, l.db, doing, scanTenantGrant,
			scopedTenantGrants, region, set(l.own), set(l.builtins.governing()))
	} else {
		l.st.TenantGrants, err = all(ctx, l.db, doing, scanTenantGrant,
			"SELECT "+tenantGrantColumns+" FROM tenant_grant g WHERE ? IN ('', g.region)", region)
	}
	governing := map[access.TenantRoleID]bool{}
	for _, id := range l.builtins.governing() {
		governing[id] = true
	}
	for _, g := range l.st.TenantGrants {
		if !l.about() || governing[g.Role] {
			l.helpers[g.Principal] = true
		}
	}
	return err
}

const attachmentColumns = "a.id, a.principal_id, a.policy_id, a.attached_by, a.attached_at, a.until"

func scanAttachment(row scanner) (a access.Attachment, err error) {
	err = row.Scan(&a.ID, &a.Principal, &a.Policy, &a.By, &a.At, &a.Until)
	return a, err
}

// scopedAttachments are the attachments of some principals and those of some policies.
const scopedAttachments = `SELECT ` + attachmentColumns + ` FROM policy_attachment a WHERE a.principal_id IN (SELECT value FROM json_each(?)) UNION
	SELECT ` + attachmentColumns + ` FROM policy_attachment a WHERE a.policy_id IN (SELECT value FROM json_each(?))`

// addPolicies reads who has which policy attached, and the custom documents among them.
func (l *loading) addPolicies(ctx context.Context) (err error) {
	const doing = "reading the attachments of policies"
	if l.about() {
		l.st.Attachments, err = all(ctx, l.db, doing, scanAttachment, scopedAttachments, set(l.own), set(l.builtins.powerful()))
	} else {
		l.st.Attachments, err = all(ctx, l.db, doing, scanAttachment, "SELECT "+attachmentColumns+" FROM policy_attachment a")
	}
	if err != nil {
		return err
	}
	powerful := map[access.PolicyID]bool{}
	for _, id := range l.builtins.powerful() {
		powerful[id] = true
	}
	var attached []access.PolicyID
	for _, a := range l.st.Attachments {
		if !l.about() || powerful[a.Policy] {
			l.helpers[a.Principal] = true
		}
		if a.Policy >= firstCustom {
			attached = append(attached, a.Policy)
		}
	}
	if len(attached) == 0 {
		return nil
	}
	customs, err := l.db.customPolicies(ctx, where{}.with("y.id IN (SELECT value FROM json_each(?))", set(attached)))
	for _, p := range customs {
		l.st.Documents = append(l.st.Documents, p.Document)
	}
	return err
}

// firstCustom is the first id of what is a row; what has a lower one is data of the program.
const firstCustom = 1000
