package plan

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
	"reeve/core/text"
)

// administratorRole is the role that the administrators of a new workspace are given.
const administratorRole = "role_project_admin"

func (b *builder) workspaceSteps(ctx context.Context) error {
	if b.doc.Workspaces == nil {
		return nil
	}
	named := map[control.Ref]bool{}
	for _, want := range b.doc.Workspaces.Items {
		region, ok, err := b.activated(ctx, want.Region)
		if err != nil {
			return err
		}
		if !ok || want.Name.Text == "" {
			continue
		}
		named[control.Ref{Region: region, Workspace: text.Fold(want.Name.Text)}] = true
		p, err := b.place(ctx, control.Ref{Region: region, Workspace: want.Name.Text})
		if err != nil {
			return err
		}
		if !p.there {
			p.Region, p.Name = region, want.Name.Text
		}
		admins, err := b.workspaceStep(ctx, p, want)
		if err != nil {
			return err
		}
		if err := b.roleSteps(ctx, p, want.Roles); err != nil {
			return err
		}
		if err := b.memberSteps(ctx, p, want, admins); err != nil {
			return err
		}
	}
	if !b.doc.Workspaces.Exactly {
		return nil
	}
	return b.unnamedWorkspaces(ctx, named)
}

func (b *builder) unnamedWorkspaces(ctx context.Context, named map[control.Ref]bool) error {
	regions, err := b.spoken(ctx)
	if err != nil {
		return err
	}
	for _, region := range regions {
		all, err := b.areas.Workspaces.All(ctx, region)
		if err != nil {
			return err
		}
		for _, w := range all {
			if named[control.Ref{Region: region, Workspace: text.Fold(w.Name)}] {
				continue
			}
			contents, err := b.areas.Workspaces.Contents(ctx, w.Ref())
			if err != nil {
				return err
			}
			s := Step{Verb: Remove, Kind: KindWorkspace, Region: region, Name: w.Name, Differences: field("contents", contents, "")}
			if err := b.put(ctx, dropWorkspaces, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// newGroup finds a group that the document makes.
func (b *builder) newGroup(name string) (string, bool) {
	if b.doc.UserGroups == nil {
		return "", false
	}
	i := slices.IndexFunc(b.doc.UserGroups.Items, func(g UserGroup) bool { return text.Fold(g.Name.Text) == text.Fold(name) })
	if i < 0 {
		return "", false
	}
	return b.doc.UserGroups.Items[i].Name.Text, true
}

func (b *builder) roleSteps(ctx context.Context, p *place, section *Section[Role]) error {
	if err := b.rolesOf(ctx, p); err != nil || section == nil {
		return err
	}
	named := map[string]bool{}
	builtin := slices.DeleteFunc(slices.Clone(p.all), func(r access.Role) bool { return r.Kind == access.Custom })
	for _, want := range section.Items {
		if r, err := access.FindRole(builtin, want.Name.Text); err == nil {
			b.say(want.Name.At, "fault.plan.role.builtin", message.Args{"Name": r.Code})
			continue
		}
		key := text.Fold(want.Name.Text)
		have, there := p.roles[key]
		named[key] = true
		s := Step{Verb: Change, Kind: KindRole, Region: p.Region, Workspace: p.Name, Name: cmp.Or(have.Name, want.Name.Text), Modules: map[string]string{}}
		for _, m := range access.WorkspaceModules() {
			before := ""
			if there {
				before = have.Levels.Get(m).String()
			}
			if level, given := want.Modules[m.Code()]; given && level != before {
				s.Modules[m.Code()] = level
				s.Differences = append(s.Differences, field(m.Code(), before, level)...)
			}
		}
		b.engineRoles(&s, have, want)
		if !there {
			s.Verb = Add
			p.all = append(p.all, access.Role{Name: want.Name.Text, Kind: access.Custom, Assignable: true})
		} else if len(s.Differences) == 0 {
			continue
		}
		if err := b.put(ctx, makeRoles, s); err != nil {
			return err
		}
	}
	if !section.Exactly {
		return nil
	}
	for _, key := range gone(p.roles, named) {
		r := p.roles[key]
		s := Step{Verb: Remove, Kind: KindRole, Region: p.Region, Workspace: p.Name, Name: r.Name}
		for _, m := range access.WorkspaceModules() {
			if l := r.Levels.Get(m); l != access.None {
				s.Differences = append(s.Differences, field(m.Code(), l.String(), "")...)
			}
		}
		for _, engine := range slices.Sorted(maps.Keys(r.Engines)) {
			s.Differences = append(s.Differences, field(engineField(engine), r.Engines[engine], "")...)
		}
		p.all = slices.DeleteFunc(p.all, func(a access.Role) bool { return a.ID == r.ID })
		if err := b.put(ctx, dropRoles, s); err != nil {
			return err
		}
	}
	return nil
}

// engineField is what a mapping in an engine is called among the fields of a role.
func engineField(engine string) string { return "engine_roles." + engine }

// engineRoles finds which mappings of a role change. All that a document names are all there are to be.
func (b *builder) engineRoles(s *Step, have RoleState, want Role) {
	if want.Engines == nil {
		return
	}
	s.Engines = map[string]string{}
	named := map[string]bool{}
	for _, engine := range slices.Sorted(maps.Keys(want.Engines)) {
		name := engine
		for known := range have.Engines {
			if strings.EqualFold(known, engine) {
				name = known
			}
		}
		named[name] = true
		if w := want.Engines[engine]; !strings.EqualFold(w.Text, have.Engines[name]) {
			s.Engines[name] = w.Text
		}
	}
	for engine := range have.Engines {
		if !named[engine] {
			s.Engines[engine] = ""
		}
	}
	for _, engine := range slices.Sorted(maps.Keys(s.Engines)) {
		s.Differences = append(s.Differences, field(engineField(engine), have.Engines[engine], s.Engines[engine])...)
	}
}

func (b *builder) memberSteps(ctx context.Context, p *place, want Workspace, admins []string) error {
	if want.Members == nil {
		return nil
	}
	if err := b.membersOf(ctx, p); err != nil {
		return err
	}
	found := map[string]string{}
	role := func(w Word) (string, bool) {
		if name, known := found[w.Text]; known {
			return name, true
		}
		name, ok := b.assignable(p, w)
		if ok {
			found[w.Text] = name
		}
		return name, ok
	}
	named := map[string]bool{}
	for _, m := range want.Members.Items {
		have, there := p.members[text.Fold(m.Name.Text)]
		name, ok := have.Name, there
		if !there {
			var err error
			if name, ok, err = b.principal(ctx, m.Name); err != nil {
				return err
			}
		}
		held, known := b.wanted(m.Roles, role)
		ended := len(m.Roles) > 0 && known && len(held) == 0
		if !ok || !known {
			named[text.Fold(name)] = true
			continue
		}
		switch {
		case have.Owner:
			b.say(m.Name.At, "fault.plan.owner", message.Args{"Name": name})
			continue
		case ended, !there && m.Roles != nil && len(held) == 0:
			continue // what has ended counts as not named
		case len(held) == 0 && (!there || len(have.Roles) > 0 && m.Roles != nil):
			b.say(m.Name.At, "fault.plan.roleless", message.Args{"Name": name})
			continue
		}
		named[text.Fold(name)] = true
		if err := b.memberStep(ctx, p, have, there, name, held, m.Roles == nil, slices.Contains(admins, name)); err != nil {
			return err
		}
	}
	if !want.Members.Exactly {
		return nil
	}
	for _, key := range gone(p.members, named) {
		if m := p.members[key]; !m.Owner {
			s := Step{Verb: Remove, Kind: KindMember, Region: p.Region, Workspace: p.Name, Name: m.Name, Differences: names("roles", spelled(m.Roles), nil)}
			if err := b.put(ctx, dropMembers, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// memberStep is about one member. Whoever administers a workspace from its beginning is a member by then.
func (b *builder) memberStep(ctx context.Context, p *place, have MemberState, there bool, name string, held []Held, asIs, admin bool) error {
	s := Step{Verb: Change, Kind: KindMember, Region: p.Region, Workspace: p.Name, Name: name, Roles: held}
	switch {
	case admin:
		have.Roles = []Held{{Role: administratorRole}}
		if sameHeld(have.Roles, held) {
			return nil // the workspace's own step says so
		}
	case !there:
		s.Verb, s.Differences = Add, names("roles", nil, spelled(held))
		return b.put(ctx, addMembers, s)
	case asIs || sameHeld(have.Roles, held):
		return nil
	}
	s.Differences = names("roles", spelled(have.Roles), spelled(held))
	at := giveMembers
	if takes(have.Roles, held) {
		at = takeMembers
	}
	return b.put(ctx, at, s)
}

// assignable finds a role that members can be given, of those there are or those the document makes.
func (b *builder) assignable(p *place, w Word) (string, bool) {
	r, err := access.FindRole(p.all, w.Text)
	var unknown *access.UnknownError
	switch {
	case errors.As(err, &unknown):
		b.unknown(w.At, "role", w.Text, nearestOf(err))
		return "", false
	case !r.Assignable:
		b.say(w.At, "fault.plan.role.assignable", message.Args{"Role": control.RoleName(r)})
		return "", false
	}
	return RoleCalled(r), true
}
