package plan

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"reeve/core/access"
	"reeve/core/message"
	"reeve/core/text"
)

func (b *builder) tenantRoleSteps(ctx context.Context) error {
	if b.doc.TenantRoles == nil {
		return nil
	}
	named := map[string]bool{}
	for _, want := range b.doc.TenantRoles.Items {
		region, ok, err := b.activated(ctx, want.Region)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		t, err := b.tenant(ctx, region)
		if err != nil {
			return err
		}
		have, there := t.role(want.Name.Text)
		if there && have.Kind == access.Builtin {
			b.say(want.Name.At, "fault.plan.role.builtin", message.Args{"Name": have.Code})
			continue
		}
		named[region+"\x00"+text.Fold(want.Name.Text)] = true
		s := Step{Verb: Change, Kind: KindTenantRole, Region: region, Name: cmp.Or(have.Name, want.Name.Text), Capabilities: want.Capabilities,
			Differences: names("capabilities", codes(have.Capabilities), want.Capabilities)}
		switch {
		case !there:
			s.Verb = Add
		case len(s.Differences) == 0:
			continue
		}
		if err := b.put(ctx, makeTenantRoles, s); err != nil {
			return err
		}
	}
	if !b.doc.TenantRoles.Exactly {
		return nil
	}
	regions, err := b.spoken(ctx)
	if err != nil {
		return err
	}
	for _, region := range regions {
		t, err := b.tenant(ctx, region)
		if err != nil {
			return err
		}
		for _, r := range t.roles {
			if r.Kind == access.Builtin || named[region+"\x00"+text.Fold(r.Name)] {
				continue
			}
			s := Step{Verb: Remove, Kind: KindTenantRole, Region: region, Name: r.Name, Differences: names("capabilities", codes(r.Capabilities), nil)}
			if err := b.put(ctx, dropTenantRoles, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// codes are the codes of what a tenant role grants.
func codes(c access.Capabilities) []string {
	var out []string
	for _, one := range c.List() {
		out = append(out, one.Code())
	}
	return out
}

func (b *builder) tenantMemberSteps(ctx context.Context) error {
	if b.doc.TenantMembers == nil {
		return nil
	}
	named := map[string]bool{}
	for _, want := range b.doc.TenantMembers.Items {
		region, ok, err := b.activated(ctx, want.Region)
		if err != nil {
			return err
		}
		user, known, err := b.principal(ctx, want.Name)
		if err != nil {
			return err
		}
		if !ok || !known {
			continue
		}
		t, err := b.tenant(ctx, region)
		if err != nil {
			return err
		}
		held, _ := b.wanted(want.Roles, func(w Word) (string, bool) { return b.tenantRole(t, region, w) })
		have := t.members[text.Fold(user)]
		named[region+"\x00"+text.Fold(user)] = true
		if sameHeld(have.Roles, held) {
			continue
		}
		s := Step{Verb: Change, Kind: KindTenantMember, Region: region, Name: user, Differences: names("roles", spelled(have.Roles), spelled(held))}
		at := makeTenantMembers
		switch {
		case len(have.Roles) == 0:
			s.Verb = Add
		case len(held) == 0:
			s.Verb, at = Remove, dropTenantMembers
		}
		s.Roles, s.TakenRoles = newHeld(have.Roles, held), without(called(have.Roles), called(held))
		if err := b.put(ctx, at, s); err != nil {
			return err
		}
	}
	if !b.doc.TenantMembers.Exactly {
		return nil
	}
	return b.unnamedTenantMembers(ctx, named)
}

// unnamedTenantMembers takes away what those hold whom the document does not name.
func (b *builder) unnamedTenantMembers(ctx context.Context, named map[string]bool) error {
	regions, err := b.spoken(ctx)
	if err != nil {
		return err
	}
	for _, region := range regions {
		t, err := b.tenant(ctx, region)
		if err != nil {
			return err
		}
		for _, key := range slices.Sorted(maps.Keys(t.members)) {
			m := t.members[key]
			if named[region+"\x00"+key] || len(m.Roles) == 0 {
				continue
			}
			s := Step{Verb: Remove, Kind: KindTenantMember, Region: region, Name: m.Name, TakenRoles: called(m.Roles),
				Differences: names("roles", spelled(m.Roles), nil)}
			if err := b.put(ctx, dropTenantMembers, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// tenantRole finds a tenant role, of those there are or those the document makes.
func (b *builder) tenantRole(t *tenantPlace, region string, w Word) (string, bool) {
	if r, there := t.role(w.Text); there {
		if !r.Assignable || r.GrantedBy == access.Nobody {
			b.say(w.At, "fault.plan.role.assignable", message.Args{"Role": tenantRoleCalled(r.TenantRole)})
			return "", false
		}
		return tenantRoleCalled(r.TenantRole), true
	}
	if b.doc.TenantRoles != nil {
		for _, r := range b.doc.TenantRoles.Items {
			if strings.EqualFold(r.Region.Text, region) && text.Fold(r.Name.Text) == text.Fold(w.Text) {
				return r.Name.Text, true
			}
		}
	}
	var known []string
	for _, r := range t.roles {
		known = append(known, tenantRoleCalled(r.TenantRole))
	}
	b.unknown(w.At, "tenant_role", w.Text, text.Nearest(w.Text, known, near))
	return "", false
}
