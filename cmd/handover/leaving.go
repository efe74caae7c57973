package handover

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/engine"
	"reeve/core/leaving"
	"reeve/core/member"
	"reeve/core/policy"
	"reeve/core/request"
	"reeve/core/tenantrole"
	"reeve/storage"
)

// Leaving are the services by which what somebody holds is handed over and taken away.
type Leaving struct {
	Members     *member.Service
	MemberStore storage.Members
	Engines     *engine.Service
	TenantRoles *tenantrole.Service
	Policies    *policy.Service
	Users       *directory.Service
	Requests    *request.Service
}

var _ leaving.Areas = Leaving{}

// Join implements leaving.Areas.
func (l Leaving) Join(ctx context.Context, ref control.Ref, user string, roles []leaving.Given) error {
	in := member.Batch{Users: []string{user}, Ends: map[string]time.Time{}, Besides: true, Longer: true, NoRoles: true}
	for _, r := range roles {
		in.Roles = append(in.Roles, r.Name)
		in.Ends[r.Name] = r.Until
	}
	t, err := l.MemberStore.Place(ctx, ref)
	if err != nil {
		return err
	}
	people, err := l.MemberStore.Principals(ctx, in.Users)
	if err != nil {
		return err
	}
	joined, err := l.MemberStore.Joined(ctx, t.Workspace, []access.PrincipalID{people[0].ID})
	switch {
	case err != nil:
		return err
	case !joined[people[0].ID]:
		_, err = l.Members.Add(ctx, ref, in)
	case len(roles) > 0:
		_, err = l.Members.SetRoles(ctx, ref, in)
	}
	return err
}

// Part implements leaving.Areas.
func (l Leaving) Part(ctx context.Context, ref control.Ref, user string) error {
	_, err := l.Members.Remove(ctx, ref, member.Removal{Users: []string{user}})
	return err
}

// MapAccount implements leaving.Areas.
func (l Leaving) MapAccount(ctx context.Context, ref control.Ref, name, user, account string) error {
	_, err := l.Engines.MapAccount(ctx, ref, engine.AccountMap{Engine: name, User: user, Account: account})
	return err
}

// Identify implements leaving.Areas.
func (l Leaving) Identify(ctx context.Context, ref control.Ref, name, environment, user string) error {
	in := engine.IdentityChange{Engine: name, Prod: &user}
	if environment == "dev" {
		in.Dev, in.Prod = &user, nil
	}
	_, err := l.Engines.SetIdentities(ctx, ref, in)
	return err
}

// GrantTenantRole implements leaving.Areas.
func (l Leaving) GrantTenantRole(ctx context.Context, region, user string, role leaving.Given) error {
	_, err := l.TenantRoles.Grant(ctx, region, tenantrole.Batch{Users: []string{user}, Roles: []string{role.Name}, Until: role.Until, Longer: true})
	return err
}

// RevokeTenantRoles implements leaving.Areas.
func (l Leaving) RevokeTenantRoles(ctx context.Context, region, user string, roles []string) error {
	_, err := l.TenantRoles.Revoke(ctx, region, tenantrole.Batch{Users: []string{user}, Roles: roles})
	return err
}

// Attach implements leaving.Areas.
func (l Leaving) Attach(ctx context.Context, p leaving.Given, user string) error {
	_, err := l.Policies.Attach(ctx, p.Name, policy.Batch{Users: []string{user}, Until: p.Until, Longer: true})
	return err
}

// Detach implements leaving.Areas.
func (l Leaving) Detach(ctx context.Context, name, user string) error {
	_, err := l.Policies.Detach(ctx, name, policy.Batch{Users: []string{user}})
	return err
}

// Regroup implements leaving.Areas.
func (l Leaving) Regroup(ctx context.Context, group, out, in string) error {
	change := directory.GroupMembers{Group: group, Remove: []string{out}}
	if in != "" {
		change.Add = []string{in}
	}
	_, err := l.Users.SetGroupMembers(ctx, change)
	return err
}

// Unmap implements leaving.Areas.
func (l Leaving) Unmap(ctx context.Context, user string) error {
	_, err := l.Users.Map(ctx, user, "")
	return err
}

// RemoveKey implements leaving.Areas.
func (l Leaving) RemoveKey(ctx context.Context, user, fingerprint string) error {
	_, err := l.Users.RemoveKey(ctx, user, fingerprint)
	return err
}

// ClearContacts implements leaving.Areas.
func (l Leaving) ClearContacts(ctx context.Context, user string) error {
	none := ""
	_, err := l.Users.Update(ctx, user, directory.Edit{Email: &none, Phone: &none})
	return err
}

// Withdraw implements leaving.Areas.
func (l Leaving) Withdraw(ctx context.Context, id int64) error {
	_, err := l.Requests.WithdrawLeaver(ctx, request.ID(id))
	return err
}

// Disable implements leaving.Areas.
func (l Leaving) Disable(ctx context.Context, user string) (bool, error) {
	disabled, err := l.Users.Disable(ctx, directory.Batch{Names: []string{user}})
	return len(disabled) > 0, err
}

// Delete implements leaving.Areas.
func (l Leaving) Delete(ctx context.Context, users []string) error {
	_, err := l.Users.Delete(ctx, users)
	return err
}
