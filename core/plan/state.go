package plan

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/text"
)

// state is what there is, read when it is first asked for, within one transaction.
type state struct {
	areas Areas
	// names reads the names of all users.
	names func(context.Context) ([]string, error)

	users       map[string]string // by folded name
	regions     []string
	groups      map[string]UserGroupState
	policies    map[string]PolicyState
	attachments map[string]AttachmentState
	places      map[control.Ref]*place
	tenants     map[string]*tenantPlace
}

// place is a workspace with what is in it.
type place struct {
	WorkspaceState
	there   bool
	all     []access.Role
	roles   map[string]RoleState // custom ones, by folded name
	members map[string]MemberState
}

// tenantPlace is the tenant plane of a region.
type tenantPlace struct {
	roles   []TenantRoleState
	members map[string]TenantMemberState
}

func (s *Service) now() *state {
	return &state{areas: s.areas, names: s.store.Names, places: map[control.Ref]*place{}, tenants: map[string]*tenantPlace{}}
}

// indexed is a list by folded name.
func indexed[T any](list []T, err error, name func(T) string) (map[string]T, error) {
	by := make(map[string]T, len(list))
	for _, item := range list {
		by[text.Fold(name(item))] = item
	}
	return by, err
}

func (s *state) user(ctx context.Context, name string) (string, bool, error) {
	if s.users == nil {
		names, err := s.names(ctx)
		if err != nil {
			return "", false, err
		}
		if s.users, err = indexed(names, nil, func(n string) string { return n }); err != nil {
			return "", false, err
		}
	}
	found, ok := s.users[text.Fold(name)]
	return found, ok, nil
}

func (s *state) region(ctx context.Context, id string) (string, bool, error) {
	if s.regions == nil {
		var err error
		if s.regions, err = s.areas.Regions.Active(ctx); err != nil {
			return "", false, err
		}
	}
	i := slices.IndexFunc(s.regions, func(r string) bool { return strings.EqualFold(r, id) })
	if i < 0 {
		return id, false, nil
	}
	return s.regions[i], true, nil
}

func (s *state) userGroups(ctx context.Context) (_ map[string]UserGroupState, err error) {
	if s.groups == nil {
		all, err := s.areas.Users.Groups(ctx)
		if s.groups, err = indexed(all, err, func(g UserGroupState) string { return g.Name }); err != nil {
			return nil, err
		}
	}
	return s.groups, nil
}

func (s *state) allPolicies(ctx context.Context) (map[string]PolicyState, error) {
	if s.policies == nil {
		all, err := s.areas.Policies.All(ctx)
		if s.policies, err = indexed(all, err, func(p PolicyState) string { return p.Name }); err != nil {
			return nil, err
		}
	}
	return s.policies, nil
}

// attachmentKey is the name of an attachment in maps.
func attachmentKey(policy, user string) string { return text.Fold(policy) + "\x00" + text.Fold(user) }

func (s *state) allAttachments(ctx context.Context) (map[string]AttachmentState, error) {
	if s.attachments == nil {
		all, err := s.areas.Policies.Attachments(ctx)
		if err != nil {
			return nil, err
		}
		s.attachments = map[string]AttachmentState{}
		for _, a := range all {
			s.attachments[attachmentKey(a.Policy, a.User)] = a
		}
	}
	return s.attachments, nil
}

// tenant is the tenant plane of an activated region.
func (s *state) tenant(ctx context.Context, region string) (*tenantPlace, error) {
	if t, known := s.tenants[region]; known {
		return t, nil
	}
	t := &tenantPlace{}
	var err error
	if t.roles, err = s.areas.TenantRoles.All(ctx, region); err != nil {
		return nil, err
	}
	all, err := s.areas.TenantRoles.Members(ctx, region)
	if t.members, err = indexed(all, err, func(m TenantMemberState) string { return m.Name }); err != nil {
		return nil, err
	}
	s.tenants[region] = t
	return t, nil
}

func (t *tenantPlace) role(name string) (TenantRoleState, bool) {
	for _, same := range []func(TenantRoleState) bool{
		func(r TenantRoleState) bool { return strings.EqualFold(r.Code, name) },
		func(r TenantRoleState) bool {
			return text.Fold(r.Name) == text.Fold(name) || r.NameZH == name && name != ""
		},
	} {
		if i := slices.IndexFunc(t.roles, same); i >= 0 {
			return t.roles[i], true
		}
	}
	return TenantRoleState{}, false
}

// tenantRoleCalled is how documents name a tenant role.
func tenantRoleCalled(r access.TenantRole) string {
	if r.Kind == access.Builtin {
		return r.Code
	}
	return r.Name
}

// RoleCalled is how documents name a role of a workspace: a built-in one by its code, a custom one by its name.
func RoleCalled(r access.Role) string {
	if r.Kind == access.Builtin {
		return r.Code
	}
	return r.Name
}

// place is a workspace as it is, without what is in it.
func (s *state) place(ctx context.Context, ref control.Ref) (*place, error) {
	key := control.Ref{Region: ref.Region, Workspace: text.Fold(ref.Workspace)}
	if p, known := s.places[key]; known {
		return p, nil
	}
	p := &place{}
	var err error
	if p.WorkspaceState, p.there, err = s.areas.Workspaces.Find(ctx, ref); err != nil {
		return nil, err
	}
	s.places[key] = p
	return p, nil
}

// rolesOf are the roles of a workspace; of one that is not there the built-in ones.
func (s *state) rolesOf(ctx context.Context, p *place) error {
	switch {
	case p.roles != nil:
		return nil
	case !p.there:
		p.all, p.roles = slices.Clone(s.areas.Builtin), map[string]RoleState{}
		return nil
	}
	all, err := s.areas.Roles.All(ctx, p.Ref())
	if err != nil {
		return err
	}
	p.roles = map[string]RoleState{}
	for _, r := range all {
		p.all = append(p.all, r.Role)
		if r.Kind == access.Custom {
			p.roles[text.Fold(r.Name)] = r
		}
	}
	return nil
}

// membersOf are the members of a workspace without its owner.
func (s *state) membersOf(ctx context.Context, p *place) error {
	if p.members != nil {
		return nil
	}
	p.members = map[string]MemberState{}
	if !p.there {
		return nil
	}
	return s.areas.Members.Walk(ctx, p.Ref(), func(page []MemberState) error {
		for _, m := range page {
			p.members[text.Fold(m.Name)] = m
		}
		return nil
	})
}

// sortHeld puts roles into the order in which they are written and compared.
func sortHeld(roles []Held) []Held {
	sorted := slices.Clone(roles)
	slices.SortFunc(sorted, func(a, b Held) int {
		return cmp.Or(strings.Compare(text.Fold(a.Role), text.Fold(b.Role)), a.Until.Compare(b.Until))
	})
	return sorted
}

// fingerprint is a fingerprint of what a record says.
func fingerprint(values ...any) string {
	data, err := json.Marshal(values)
	if err != nil {
		return "" // texts, numbers, times and maps of them can always be written
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// look is the record of a step as it is now.
func (s *state) look(ctx context.Context, step Step) (Seen, error) {
	switch step.Kind {
	case KindUserGroup:
		groups, err := s.userGroups(ctx)
		if g, there := groups[text.Fold(step.Name)]; there {
			members := slices.Clone(g.Members)
			slices.Sort(members)
			return Seen{g.Version, fingerprint(members)}, err
		}
		return Seen{}, err
	case KindPolicy:
		policies, err := s.allPolicies(ctx)
		if p, there := policies[text.Fold(step.Name)]; there {
			return Seen{p.Version, fingerprint(p.Document)}, err
		}
		return Seen{}, err
	case KindAttachment:
		attachments, err := s.allAttachments(ctx)
		if a, there := attachments[attachmentKey(step.Name, step.User)]; there {
			return Seen{0, fingerprint(a.Until)}, err
		}
		return Seen{}, err
	case KindTenantRole, KindTenantMember:
		t, err := s.tenant(ctx, step.Region)
		if err != nil {
			return Seen{}, err
		}
		return t.look(step), nil
	case KindWorkspace, KindRole, KindMember:
		return s.lookIn(ctx, step)
	}
	return Seen{}, nil
}

func (t *tenantPlace) look(step Step) Seen {
	if step.Kind == KindTenantMember {
		if m, there := t.members[text.Fold(step.Name)]; there {
			return Seen{0, fingerprint(sortHeld(m.Roles))}
		}
		return Seen{}
	}
	if r, there := t.role(step.Name); there {
		return Seen{r.Version, fingerprint(r.Capabilities)}
	}
	return Seen{}
}

// lookIn is look for what is in a workspace, and for the workspace itself.
func (s *state) lookIn(ctx context.Context, step Step) (Seen, error) {
	name := step.Workspace
	if step.Kind == KindWorkspace {
		name = step.Name
	}
	p, err := s.place(ctx, control.Ref{Region: step.Region, Workspace: name})
	if err != nil || !p.there {
		return Seen{}, err
	}
	switch step.Kind {
	case KindRole:
		if err := s.rolesOf(ctx, p); err != nil {
			return Seen{}, err
		}
		if r, there := p.roles[text.Fold(step.Name)]; there {
			return Seen{r.Version, fingerprint(r.Levels, r.Engines)}, nil
		}
		return Seen{}, nil
	case KindMember:
		if err := s.membersOf(ctx, p); err != nil {
			return Seen{}, err
		}
		if m, there := p.members[text.Fold(step.Name)]; there {
			return Seen{m.Version, fingerprint(sortHeld(m.Roles))}, nil
		}
		return Seen{}, nil
	default: // the workspace itself
	}
	seen := Seen{p.Version, fingerprint(p.Facts, p.Settings, p.Tags)}
	if step.Verb == Remove { // what goes with it counts as well
		contents, err := s.areas.Workspaces.Contents(ctx, p.Ref())
		if err != nil {
			return Seen{}, err
		}
		seen.State = fingerprint(p.Facts, p.Settings, p.Tags, contents)
	}
	return seen, nil
}
