package member

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
	"reeve/core/text"
)

// planner holds rows against the members as they stand.
type planner struct {
	in    Import
	t     control.Target
	by    control.Actor
	watch *guard.Watch
	now   time.Time
	from  time.Time

	roles   []access.Role
	found   map[string]access.Role // roles by the name they were asked for
	people  map[string]access.Principal
	members map[access.PrincipalID]Member
	names   *text.Names // of everybody in the tenant, once somebody was not found
	offered int
	seen    map[access.PrincipalID]Difference
}

// nearestFor bounds for how many unknown names of one import the nearest ones are looked for.
const nearestFor = 100

// plan compares the rows with the members, in the transaction that the context carries.
func (s *Service) plan(ctx context.Context, t control.Target, by control.Actor, w *guard.Watch, in Import) (Plan, error) {
	p := &planner{in: in, t: t, by: by, watch: w, now: s.gate.Now(), found: map[string]access.Role{}, seen: map[access.PrincipalID]Difference{}}
	if p.from = in.From; p.from.IsZero() {
		p.from = p.now
	}
	if err := s.readFor(ctx, p); err != nil {
		return Plan{}, err
	}
	plan := Plan{Exactly: in.Exactly, Rows: make([]Difference, 0, len(in.Rows))}
	for _, row := range in.Rows {
		d := p.difference(row)
		if d.Result != Rejected {
			p.seen[d.principal.ID] = d
		}
		plan.Rows = append(plan.Rows, d)
	}
	if in.Exactly {
		p.leave(&plan)
	}
	if err := s.keepAdministrators(ctx, p, &plan); err != nil {
		return Plan{}, err
	}
	return plan, plan.count()
}

// readFor reads what rows are held against: those they name, or everybody where the members are to be exactly those.
func (s *Service) readFor(ctx context.Context, p *planner) error {
	var err error
	if p.roles, err = s.store.Roles(ctx, p.t.Workspace); err != nil {
		return err
	}
	names := make([]string, len(p.in.Rows))
	for i, row := range p.in.Rows {
		names[i] = row.User
	}
	people, err := s.store.Known(ctx, names)
	if err != nil {
		return err
	}
	p.people = make(map[string]access.Principal, len(people))
	named := make([]access.PrincipalID, len(people))
	for i, one := range people {
		p.people[text.Fold(one.Name)], named[i] = one, one.ID
	}
	if len(p.people) < len(names) {
		all, err := s.store.Names(ctx)
		if err != nil {
			return err
		}
		p.names = text.NewNames(all)
	}
	if p.in.Exactly {
		named = nil
	}
	members, err := s.store.Among(ctx, p.t.Workspace, named, p.in.Exactly)
	p.members = make(map[access.PrincipalID]Member, len(members))
	for _, m := range members {
		p.members[m.Principal] = m
	}
	return err
}

// difference is what one row does.
func (p *planner) difference(row Row) Difference {
	d := Difference{Row: row, User: row.User, Result: Rejected, Bad: slices.Clone(row.Bad)}
	say := func(field, id string, args message.Args) {
		d.Bad = append(d.Bad, fault.Field{Name: field, Text: message.Text{ID: id, Args: args}})
	}
	who, known := p.people[text.Fold(row.User)]
	switch {
	case row.User == "" && len(row.Bad) == 0:
		say(columnUser, "fault.import.nobody", nil)
	case row.User == "":
	case !known:
		d.Bad = append(d.Bad, p.unknownUser(row.User))
	default:
		d.principal, d.User = who, who.Name
		d.member = p.members[who.ID]
	}
	if known && owner(d.member) {
		return p.ownerRow(d)
	}
	holds, bad := p.holds(row, d.member)
	d.Bad = append(d.Bad, bad...)
	if known && len(d.Bad) == 0 {
		d.holds = p.merged(d.member, holds)
		d.Changes = p.changes(d.member, d.holds)
		d.Bad = append(d.Bad, p.exceeding(d)...)
	}
	if before, twice := p.seen[who.ID]; known && twice && len(d.Bad) == 0 {
		if slices.EqualFunc(before.holds, d.holds, func(a, b Hold) bool { return a.Role == b.Role && a.Until.Equal(b.Until) }) {
			d.Result, d.Changes = Same, nil // the same row again
			return d
		}
		say(columnUser, "fault.import.twice", message.Args{"Name": who.Name, "Line": before.Row.Line})
	}
	if len(d.Bad) > 0 {
		d.Changes = nil
		return d
	}
	switch {
	case d.member.Principal == 0:
		d.Result = Adds
	case len(d.Changes) == 0:
		d.Result = Same
	default:
		d.Result = Changes
	}
	return d
}

func (p *planner) unknownUser(name string) fault.Field {
	var nearest []string
	if p.names != nil && p.offered < nearestFor {
		p.offered++
		nearest = p.names.Nearest(name, nearNames)
	}
	args := message.Args{"Name": name, "Nearest": strings.Join(nearest, ", ")}
	return fault.Field{Name: columnUser, Unknown: true, Text: message.Text{ID: "fault.user.unknown", Args: args}}
}

// nearNames is how many near names are offered for one that is not known.
const nearNames = 3

// ownerRow is the row of the workspace's owner, whose role an export names like any other: it says nothing new.
func (p *planner) ownerRow(d Difference) Difference {
	other := slices.ContainsFunc(d.Row.Roles, func(w Wish) bool {
		r, err := access.FindRole(p.roles, w.Name)
		return err != nil || r.Code != OwnerRole
	})
	if other {
		d.Bad = append(d.Bad, fault.Field{Name: columnRoles, Text: message.Text{ID: "fault.member.owner", Args: message.Args{"Name": d.User}}})
		return d
	}
	d.Result = Same
	return d
}

// holds are the roles that a row asks for, and what is wrong with them.
func (p *planner) holds(row Row, m Member) (holds []Hold, bad []fault.Field) {
	wishes := row.Roles
	if len(wishes) == 0 {
		for _, name := range p.in.Roles {
			wishes = append(wishes, Wish{Name: name})
		}
	}
	if len(wishes) == 0 && len(row.Bad) == 0 && (m.Principal == 0 || len(m.Roles) > 0) {
		bad = append(bad, fault.Field{Name: columnRoles, Text: message.Text{ID: "fault.member.no_role"}})
	}
	late, wrong := p.end(row.Until)
	bad = append(bad, wrong...)
	for _, w := range wishes {
		r, wrong := p.role(w.Name)
		if len(wrong) > 0 {
			bad = append(bad, wrong...)
			continue
		}
		until := late
		if w.Own {
			if until, wrong = p.end(w.Until); len(wrong) > 0 {
				bad = append(bad, wrong...)
			}
		}
		at := slices.IndexFunc(holds, func(h Hold) bool { return h.Role == r.ID })
		switch {
		case at < 0:
			holds = append(holds, Hold{Role: r.ID, Until: until})
		case !holds[at].Until.Equal(until):
			bad = append(bad, fault.Field{Name: columnRoles, Text: message.Text{ID: "fault.import.role.twice", Args: message.Args{"Role": control.RoleName(r)}}})
		}
	}
	return holds, bad
}

func (p *planner) role(name string) (access.Role, []fault.Field) {
	if r, known := p.found[name]; known {
		return r, nil
	}
	r, err := access.FindRole(p.roles, strings.TrimSuffix(name, "*")) // the star marks custom roles in tables
	var unknown *access.UnknownError
	switch {
	case errors.As(err, &unknown):
		return r, []fault.Field{{Name: columnRoles, Unknown: true, Text: message.Text{ID: "fault.role.unknown",
			Args: message.Args{"Name": name, "Nearest": strings.Join(unknown.Nearest, ", ")}}}}
	case err != nil || !r.Assignable:
		return r, []fault.Field{{Name: columnRoles, Text: message.Text{ID: "fault.role.not_assignable", Args: message.Args{"Role": control.RoleName(r)}}}}
	}
	p.found[name] = r
	return r, nil
}

func (p *planner) end(s string) (time.Time, []fault.Field) {
	if strings.TrimSpace(s) == "" {
		return time.Time{}, nil
	}
	at, ok := text.ParseEnd(s, p.from)
	if !ok {
		return at, []fault.Field{{Name: columnUntil, Text: message.Text{ID: "fault.import.until", Args: message.Args{"Text": s}}}}
	}
	at = guard.End(at)
	return at, guard.Until(p.now, at)
}

// merged are the roles a person holds afterwards: those of the row, and where an import only adds, what they hold besides and
// the later of two ends.
func (p *planner) merged(m Member, holds []Hold) []Hold {
	if p.in.Exactly {
		return holds
	}
	var all []Hold
	for _, have := range m.Roles {
		all = append(all, Hold{Role: have.ID, Until: end(have)})
	}
	for _, h := range holds {
		at := slices.IndexFunc(all, func(a Hold) bool { return a.Role == h.Role })
		switch {
		case at < 0:
			all = append(all, h)
		case outlasts(h.Until, all[at].Until):
			all[at].Until = h.Until
		}
	}
	return all
}

// changes are what becomes of each role.
func (p *planner) changes(m Member, holds []Hold) []RoleChange {
	var all []RoleChange
	for _, have := range m.Roles {
		at := slices.IndexFunc(holds, func(h Hold) bool { return h.Role == have.ID })
		switch {
		case at < 0:
			all = append(all, p.change(have.ID, Loses, have.Until, nil))
		case !holds[at].Until.Equal(end(have)):
			all = append(all, p.change(have.ID, Moves, have.Until, some(holds[at].Until)))
		}
	}
	for _, h := range holds {
		if !slices.ContainsFunc(m.Roles, func(have Held) bool { return have.ID == h.Role }) {
			all = append(all, p.change(h.Role, Gains, nil, some(h.Until)))
		}
	}
	return all
}

func (p *planner) change(id access.RoleID, op string, from, to *time.Time) RoleChange {
	r := access.Role{ID: id}
	if i := slices.IndexFunc(p.roles, func(r access.Role) bool { return r.ID == id }); i >= 0 {
		r = p.roles[i]
	}
	return RoleChange{Role: r, Code: r.Code, Op: op, From: from, To: to}
}

func some(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// exceeding says which roles of a row give more than whoever imports holds.
func (p *planner) exceeding(d Difference) []fault.Field {
	err := noMoreThanHeld(p.watch, p.t, p.by, d.member.Roles, d.holds)
	var refused *fault.Refused
	if !errors.As(err, &refused) {
		return nil
	}
	return []fault.Field{{Name: columnRoles, Text: refused.Reason}}
}

// leave adds those who are in no row. Where a rejected row may mean any of them, nobody is taken out.
func (p *planner) leave(plan *Plan) {
	spoken := map[access.PrincipalID]bool{}
	unclear := false
	for _, d := range plan.Rows {
		spoken[d.principal.ID] = true
		unclear = unclear || d.principal.ID == 0
	}
	var out []Difference
	for id, m := range p.members {
		if spoken[id] || owner(m) {
			continue
		}
		d := Difference{User: m.Name, Result: Removes, member: m, principal: access.Principal{ID: id, Name: m.Name, Group: m.Kind == "group"}}
		d.Changes = p.changes(m, nil)
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b Difference) int { return strings.Compare(text.Fold(a.User), text.Fold(b.User)) })
	if unclear {
		plan.HeldBack = len(out)
		return
	}
	plan.Rows = append(plan.Rows, out...)
}

func owner(m Member) bool {
	return slices.ContainsFunc(m.Roles, func(r Held) bool { return r.Code == OwnerRole })
}

// keepAdministrators rejects the rows that would leave the workspace without an administrator beside its owner, and keeps whom
// Exactly would take out for the same reason; see keepsAdministrator.
func (s *Service) keepAdministrators(ctx context.Context, p *planner, plan *Plan) error {
	administers := map[access.RoleID]bool{}
	for _, r := range p.roles {
		administers[r.ID] = r.Administers
	}
	var losing []int
	var without []access.PrincipalID
	gained := false
	for i, d := range plan.Rows {
		switch {
		case !d.Result.does():
		case losesAdministration(d.member, d.holds, administers):
			losing, without = append(losing, i), append(without, d.principal.ID)
		default:
			gained = gained || !d.principal.Group && d.principal.Disabled == 0 && slices.ContainsFunc(d.holds, func(h Hold) bool { return administers[h.Role] && h.Until.IsZero() })
		}
	}
	if len(losing) == 0 || gained {
		return nil
	}
	rest, err := s.store.AdministratorsBeside(ctx, p.t.Workspace, without)
	if err != nil || rest > 0 {
		return err
	}
	for _, i := range losing {
		d := &plan.Rows[i]
		d.Bad = []fault.Field{{Name: columnRoles, Text: message.Text{ID: "fault.member.last_admin",
			Args: message.Args{"Name": d.User, "Workspace": p.t.WorkspaceName, "Count": 1}}}}
		if d.Changes = nil; d.Result == Removes {
			d.Result = Kept
			continue
		}
		d.Result = Rejected
	}
	return nil
}
