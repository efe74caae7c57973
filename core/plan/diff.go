package plan

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"reeve/core/message"
	"reeve/core/text"
)

// phase orders steps: what is granted is made before, what is removed is taken away before, and nobody loses before others gain,
// so that a workspace is handed over and not left without an administrator.
type phase uint8

const (
	makeGroups phase = iota
	makePolicies
	makeTenantRoles
	makeWorkspaces
	makeRoles
	addMembers
	giveMembers
	takeMembers
	makeTenantMembers
	attach
	detach
	dropTenantMembers
	dropMembers
	dropRoles
	dropTenantRoles
	dropPolicies
	dropWorkspaces
	phases
)

// builder holds a document against what there is.
type builder struct {
	faults
	*state
	now   time.Time
	doc   Document
	steps [phases][]Step
}

// build finds the steps to what a document says, and what they rest on. What was found wrong with it before is told with what is wrong besides.
func build(ctx context.Context, there *state, doc Document, wrong faults, now time.Time) (steps, rests []Step, err error) {
	b := &builder{faults: wrong, state: there, now: now, doc: doc}
	for _, part := range []func(context.Context) error{
		b.commonRegion, b.userGroupSteps, b.policySteps, b.attachmentSteps, b.tenantRoleSteps, b.tenantMemberSteps, b.workspaceSteps,
	} {
		if err := part(ctx); err != nil {
			return nil, nil, err
		}
	}
	if err := b.err(); err != nil {
		return nil, nil, err
	}
	steps = slices.Concat(b.steps[:]...)
	rests, err = b.rests(ctx, steps)
	return steps, rests, err
}

// rests are the custom roles and policies that steps hand out and do not change.
func (b *builder) rests(ctx context.Context, steps []Step) ([]Step, error) {
	type record struct {
		kind                    Kind
		region, workspace, name string
	}
	of := func(s Step) record { return record{s.Kind, s.Region, s.Workspace, text.Fold(s.Name)} }
	known := map[record]bool{}
	for _, s := range steps {
		known[of(s)] = true
	}
	var rests []Step
	rest := func(kind Kind, s Step, name string) error {
		one := Step{Kind: kind, Region: s.Region, Workspace: s.Workspace, Name: name}
		if known[of(one)] {
			return nil
		}
		known[of(one)] = true
		var err error
		if one.Seen, err = b.look(ctx, one); err == nil && one.Seen.State != "" {
			rests = append(rests, one)
		}
		return err
	}
	for _, s := range steps {
		if s.Kind == KindAttachment {
			if err := rest(KindPolicy, s, s.Name); err != nil {
				return nil, err
			}
			continue
		}
		kind := KindRole
		if s.Kind == KindTenantMember {
			kind = KindTenantRole
		}
		for _, h := range s.Roles {
			if err := rest(kind, s, h.Role); err != nil {
				return nil, err
			}
		}
	}
	return rests, nil
}

// put takes a step into the plan, with the record as it is now.
func (b *builder) put(ctx context.Context, at phase, s Step) error {
	var err error
	s.Seen, err = b.look(ctx, s)
	b.steps[at] = append(b.steps[at], s)
	return err
}

// principal finds a user or group by name. One of the document's own groups may be yet to be made.
func (b *builder) principal(ctx context.Context, w Word) (string, bool, error) {
	if w.Text == "" {
		return "", false, nil
	}
	name, ok, err := b.user(ctx, w.Text)
	if ok || err != nil {
		return name, ok, err
	}
	if b.doc.UserGroups != nil {
		for _, g := range b.doc.UserGroups.Items {
			if text.Fold(g.Name.Text) == text.Fold(w.Text) {
				return g.Name.Text, true, nil
			}
		}
	}
	b.unknown(w.At, "user", w.Text, text.Nearest(w.Text, slices.Sorted(maps.Values(b.users)), near))
	return "", false, nil
}

// commonRegion looks whether there is the region of records that name none, whether or not any does: what is wrong at the head of
// a document is wrong once, and not again for each of its records.
func (b *builder) commonRegion(ctx context.Context) error {
	if b.doc.Region.Text == "" {
		return nil
	}
	_, ok, err := b.region(ctx, b.doc.Region.Text)
	if !ok && err == nil {
		b.noRegion(b.doc.Region)
	}
	return err
}

func (b *builder) noRegion(w Word) {
	b.unknown(w.At, "region", w.Text, text.Nearest(w.Text, b.regions, near))
}

// activated finds a region. That the common one is not there is said already.
func (b *builder) activated(ctx context.Context, w Word) (string, bool, error) {
	if w.Text == "" {
		return "", false, nil
	}
	id, ok, err := b.region(ctx, w.Text)
	if !ok && err == nil && w != b.doc.Region {
		b.noRegion(w)
	}
	return id, ok, err
}

// spoken are the regions that exact sections speak of.
func (b *builder) spoken(ctx context.Context) ([]string, error) {
	if b.doc.Region.Text != "" {
		id, ok, err := b.activated(ctx, b.doc.Region)
		if !ok {
			return nil, err
		}
		return []string{id}, err
	}
	_, _, err := b.region(ctx, "")
	return slices.Sorted(slices.Values(b.regions)), err
}

// field is a difference of a single value, none where there is none.
func field(name, before, after string) []Difference {
	if before == after {
		return nil
	}
	return []Difference{{Field: name, Before: before, After: after}}
}

// names is a difference of two sets of names.
func names(field string, before, after []string) []Difference {
	taken, given := without(before, after), without(after, before)
	if len(taken)+len(given) == 0 {
		return nil
	}
	return []Difference{{Field: field, Taken: taken, Given: given}}
}

// without are the names of a list that another does not have, in any case.
func without(list, other []string) []string {
	have := map[string]bool{}
	for _, o := range other {
		have[text.Fold(o)] = true
	}
	var rest []string
	for _, l := range list {
		if !have[text.Fold(l)] {
			rest = append(rest, l)
		}
	}
	slices.Sort(rest)
	return rest
}

// end is an end as people and programs read it.
func end(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// spelled are roles with their ends, as differences show them.
func spelled(roles []Held) []string {
	out := make([]string, len(roles))
	for i, h := range roles {
		if out[i] = h.Role; !h.Until.IsZero() {
			out[i] = fmt.Sprintf("%s (until %s)", h.Role, end(h.Until))
		}
	}
	return out
}

// sameHeld says whether two lists of roles are the same, in any order.
func sameHeld(a, b []Held) bool {
	return slices.EqualFunc(sortHeld(a), sortHeld(b), func(x, y Held) bool { return text.Fold(x.Role) == text.Fold(y.Role) && x.Until.Equal(y.Until) })
}

// takes says whether going from one list of roles to another takes something away, or lets it end earlier.
func takes(before, after []Held) bool {
	return slices.ContainsFunc(before, func(was Held) bool {
		return !slices.ContainsFunc(after, func(is Held) bool {
			return text.Fold(is.Role) == text.Fold(was.Role) && (is.Until.IsZero() || !was.Until.IsZero() && !is.Until.Before(was.Until))
		})
	})
}

// wanted are the roles that grants come to, and whether all of them are known. One that has ended grants nothing, as it does where it is
// kept.
func (b *builder) wanted(grants []Grant, find func(w Word) (string, bool)) (held []Held, known bool) {
	held, known = []Held{}, true
	seen := map[string]bool{}
	for _, g := range grants {
		name, ok := find(g.Role)
		switch {
		case !ok:
			known = false
		case seen[text.Fold(name)]:
			b.say(g.Role.At, "fault.plan.role.twice", message.Args{"Role": name})
		case g.Until.IsZero() || g.Until.After(b.now):
			held = append(held, Held{name, g.Until})
		}
		seen[text.Fold(name)] = true
	}
	return sortHeld(held), known
}

// gone are the keys of what there is that a document does not name, in order.
func gone[T any](there map[string]T, named map[string]bool) []string {
	return slices.Sorted(func(yield func(string) bool) {
		for k := range there {
			if !named[k] && !yield(k) {
				return
			}
		}
	})
}

func (b *builder) userGroupSteps(ctx context.Context) error {
	if b.doc.UserGroups == nil {
		return nil
	}
	groups, err := b.userGroups(ctx)
	if err != nil {
		return err
	}
	for _, want := range b.doc.UserGroups.Items {
		have, there := groups[text.Fold(want.Name.Text)]
		s := Step{Verb: Change, Kind: KindUserGroup, Name: cmp.Or(have.Name, want.Name.Text)}
		if !there {
			s.Verb = Add
			if _, taken, err := b.user(ctx, want.Name.Text); err != nil {
				return err
			} else if taken {
				b.say(want.Name.At, "fault.plan.group.user", message.Args{"Name": want.Name.Text})
			}
		}
		if want.Members != nil {
			var members []string
			for _, w := range want.Members.Items {
				name, ok, err := b.principal(ctx, w)
				if err != nil {
					return err
				}
				if ok {
					members = append(members, name)
				}
			}
			s.Enter = without(members, have.Members)
			if want.Members.Exactly {
				s.Leave = without(have.Members, members)
			}
		}
		if len(s.Enter)+len(s.Leave) > 0 {
			s.Differences = []Difference{{Field: "members", Given: s.Enter, Taken: s.Leave}}
		} else if there {
			continue
		}
		if err := b.put(ctx, makeGroups, s); err != nil {
			return err
		}
	}
	return nil
}

// called are the names of roles without their ends.
func called(roles []Held) []string {
	out := make([]string, len(roles))
	for i, h := range roles {
		out[i] = h.Role
	}
	return out
}

// newHeld are the roles wanted that are not held, or not until the same time.
func newHeld(have, want []Held) []Held {
	var out []Held
	for _, w := range want {
		if !slices.ContainsFunc(have, func(h Held) bool { return text.Fold(h.Role) == text.Fold(w.Role) && h.Until.Equal(w.Until) }) {
			out = append(out, w)
		}
	}
	return out
}
