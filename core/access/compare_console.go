package access

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
)

// This file is about what differs on the console plane. The rule is told at
// ConsoleChange.

// console compares everybody. Who holds the same as somebody else, in both states,
// is not asked about again: many hold their policies through few groups.
func (c *comparison) console(people []PrincipalID) {
	found := consoleChanges{}
	for _, one := range c.alike(people) {
		c.consoleOf(one, found)
	}
	c.effect.ConsoleLosses, c.effect.ConsoleGains = found.sorted(false), found.sorted(true)
}

// alike are people who hold the same before, and the same after.
type alike struct {
	people []PrincipalID // sorted
	// wholly says that more than statements differs: a power, or whether they may do
	// anything at all.
	wholly bool
}

type alikeKey struct{ was, is string }

// alike finds those whom the console plane may tell anything else after than before,
// in the order of the first of each.
func (c *comparison) alike(people []PrincipalID) []*alike {
	rewritten := c.rewritten()
	known := map[alikeKey]*alike{}
	var all []*alike
	var was, is []byte
	for _, p := range people {
		if !c.before.mayHaveConsole(p) && !c.after.mayHaveConsole(p) {
			continue
		}
		was, is = c.before.appendHolding(was[:0], p), c.after.appendHolding(is[:0], p)
		if string(was) == string(is) && !c.before.holdsAny(p, rewritten) {
			continue
		}
		one, found := known[alikeKey{string(was), string(is)}]
		if !found {
			one = &alike{wholly: was[0] != is[0]}
			known[alikeKey{string(was), string(is)}] = one
			all = append(all, one)
		}
		one.people = append(one.people, p)
	}
	return all
}

// rewritten are the policies of both states whose statements differ.
func (c *comparison) rewritten() map[PolicyID]bool {
	ids := map[PolicyID]bool{}
	for id, was := range c.before.console.documents {
		if is, remains := c.after.console.documents[id]; remains && !slices.EqualFunc(was.Statements, is.Statements, Statement.same) {
			ids[id] = true
		}
	}
	return ids
}

func (s Statement) same(other Statement) bool {
	return s.Deny == other.Deny && slices.Equal(s.Actions, other.Actions) && slices.Equal(s.Resources, other.Resources) &&
		slices.Equal(s.Scopes, other.Scopes)
}

// mayHaveConsole says whether anything at all speaks for a console operation.
func (s *Snapshot) mayHaveConsole(p PrincipalID) bool {
	return s.Power(p) != PowerNone || len(s.console.held[p]) > 0
}

// appendHolding adds all that DecideConsole looks at of a principal: first whether it
// may do anything and its power, then the policies in force.
func (s *Snapshot) appendHolding(dst []byte, p PrincipalID) []byte {
	if _, known := s.Principal(p); !known || s.isDisabled(p) {
		return append(dst, 0)
	}
	dst = append(dst, 1+byte(s.Power(p)))
	for _, a := range s.console.held[p] {
		if a.inForce(s.now) {
			dst = binary.BigEndian.AppendUint32(dst, uint32(a.Policy))
		}
	}
	return dst
}

func (s *Snapshot) holdsAny(p PrincipalID, policies map[PolicyID]bool) bool {
	return len(policies) > 0 && slices.ContainsFunc(s.console.held[p], func(a Attachment) bool { return policies[a.Policy] })
}

// statementsInForce are those of the policies that the principal holds in force.
func (s *Snapshot) statementsInForce(p PrincipalID) []Statement {
	var list []Statement
	for _, a := range s.AttachmentsOf(p) {
		list = append(list, s.console.documents[a.Policy].Statements...)
	}
	return list
}

// consoleOf adds what differs for people who hold the same.
func (c *comparison) consoleOf(one *alike, found consoleChanges) {
	p := one.people[0]
	was, is := c.before.statementsInForce(p), c.after.statementsInForce(p)
	differing := append(statementsWithout(was, is), statementsWithout(is, was)...)
	all := append(was, statementsWithout(is, was)...)
	for i, action := range ConsoleActions() {
		for k, scope := range []string{ScopePage, ScopeOpenAPI} {
			asked := areas(areasOf(differing, action, scope), areasOf(all, action, scope), one.wholly)
			for _, change := range c.differing(p, action, scope, asked) {
				key := consoleKey{i, k, change.gain, ""}
				if change.area != everyArea {
					key.resource = ARN(change.region, action.Entity, change.name)
				}
				found[key] = append(found[key], one.people...)
			}
		}
	}
}

func statementsWithout(list, others []Statement) []Statement {
	return slices.DeleteFunc(slices.Clone(list), func(s Statement) bool { return slices.ContainsFunc(others, s.same) })
}

// area is a part of all that an action can be about, by patterns of the region and
// of the name. Neither has separators.
type area struct{ region, name string }

var everyArea = area{AnyName, AnyName}

// sample is something in the area, that no area is about but those that cover it.
func (a area) sample(action ConsoleAction) area {
	if action.Any {
		return area{sample(a.region), a.name}
	}
	return area{sample(a.region), sample(a.name)}
}

// areasOf are the areas that the statements name for an action in a scope, in order.
func areasOf(statements []Statement, action ConsoleAction, scope string) []area {
	var list []area
	for _, s := range statements {
		if !s.inScope(scope) || !anyMatches(s.Actions, action.Action, true) {
			continue
		}
		for _, resource := range s.Resources {
			list = append(list, areasNamed(resource, action)...)
		}
	}
	return distinct(list)
}

// leftOpen stands for the star in place of the account in an ARN, and of the name
// where an action is never about one thing by name: a pattern has to match it, and
// not to meet it.
const leftOpen = "\uE002"

// areasNamed are what a resource of a statement comes to for an action: one area as a
// rule, none where it is about something else, and several where a star may stand for
// a part of the region or of the name.
func areasNamed(resource string, action ConsoleAction) []area {
	name := AnyName
	if action.Any {
		name = leftOpen
	}
	before, between := "acs:dataworks:", ":"+leftOpen+":"+action.Entity+"/"
	var list []area
	for _, one := range meet(resource, before+AnyName+between+name) {
		region, name, _ := strings.Cut(strings.TrimPrefix(one, before), between)
		if action.Any {
			name = AnyName
		}
		list = append(list, area{region, name})
	}
	return list
}

func distinct(list []area) []area {
	slices.SortFunc(list, func(a, b area) int { return cmp.Or(cmp.Compare(a.region, b.region), cmp.Compare(a.name, b.name)) })
	return slices.Compact(list)
}

// maxAreas bounds the areas of one action that are asked about for where statements
// meet; those that the statements themselves name are all asked about. It is far
// beyond what is written by hand, and keeps a preview from taking forever.
const maxAreas = 1000

// areas are those in which something may differ: what the differing statements name,
// and where that meets what any statement names, again and again. The smallest of
// them that a resource is in is covered by the very statements that are about the
// resource, so that what is answered of one holds for the other, and none is left out.
func areas(differing, all []area, wholly bool) []area {
	if wholly {
		differing = append(differing, everyArea)
	}
	list := distinct(differing)
	known := make(map[area]bool, len(list))
	for _, a := range list {
		known[a] = true
	}
	most := len(list) + maxAreas
	for i := 0; i < len(list) && len(list) < most; i++ {
		for _, other := range all {
			for _, a := range list[i].meet(other) {
				if !known[a] && len(list) < most {
					known[a] = true
					list = append(list, a)
				}
			}
		}
	}
	return list
}

func (a area) meet(other area) []area {
	var list []area
	regions := meet(a.region, other.region)
	if len(regions) == 0 {
		return nil
	}
	for _, name := range meet(a.name, other.name) {
		for _, region := range regions {
			list = append(list, area{region, name})
		}
	}
	return list
}

// areaChange is what differs in an area.
type areaChange struct {
	area
	gain bool
	// sample is something in it, and coveredBy how many areas cover it in which
	// something differs, itself included.
	sample    area
	coveredBy int
}

func (a areaChange) within(other area) bool {
	return matches(other.region, a.sample.region, false) && matches(other.name, a.sample.name, false)
}

// differing asks both states about everything and about every area, and keeps what
// is not told already, the wider before the narrower.
func (c *comparison) differing(p PrincipalID, action ConsoleAction, scope string, asked []area) []areaChange {
	if len(asked) == 0 {
		return nil
	}
	var found []areaChange
	ask := func(a, about area) {
		q := ConsoleQuestion{p, action.Action, ARN(about.region, action.Entity, about.name), scope}
		if was, is := c.before.DecideConsole(q), c.after.DecideConsole(q); was != is {
			found = append(found, areaChange{area: a, gain: is, sample: about})
		}
	}
	ask(everyArea, everyArea)
	for _, a := range asked {
		if a != everyArea {
			ask(a, a.sample(action))
		}
	}
	for i := range found {
		for _, other := range found {
			if found[i].within(other.area) {
				found[i].coveredBy++
			}
		}
	}
	slices.SortFunc(found, func(a, b areaChange) int {
		return cmp.Or(cmp.Compare(a.coveredBy, b.coveredBy), cmp.Compare(a.region, b.region), cmp.Compare(a.name, b.name))
	})
	var told []areaChange
	for _, change := range found {
		if !change.toldBy(told) {
			told = append(told, change)
		}
	}
	return told
}

// toldBy says whether wider changes tell this one: there are some, and the narrowest
// of them all say the same.
func (a areaChange) toldBy(told []areaChange) bool {
	var wider []areaChange
	for _, t := range told {
		if a.within(t.area) {
			wider = slices.DeleteFunc(wider, func(w areaChange) bool { return t.within(w.area) })
			wider = append(wider, t)
		}
	}
	return len(wider) > 0 && !slices.ContainsFunc(wider, func(w areaChange) bool { return w.gain != a.gain })
}

// consoleKey is a change without the people, by the places of action and scope.
type consoleKey struct {
	action, scope int
	gain          bool
	resource      string
}

// consoleChanges are what was found so far.
type consoleChanges map[consoleKey][]PrincipalID

// sorted are the losses, or the gains.
func (f consoleChanges) sorted(gain bool) []ConsoleChange {
	actions, scopes := ConsoleActions(), []string{ScopePage, ScopeOpenAPI}
	keys := slices.SortedFunc(maps.Keys(f), func(a, b consoleKey) int {
		return cmp.Or(cmp.Compare(a.action, b.action), cmp.Compare(a.scope, b.scope), cmp.Compare(a.resource, b.resource))
	})
	var list []ConsoleChange
	for _, k := range keys {
		if k.gain == gain {
			slices.Sort(f[k])
			list = append(list, ConsoleChange{actions[k.action].Action, scopes[k.scope], k.resource, f[k]})
		}
	}
	return list
}
