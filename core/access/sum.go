package access

import "slices"

// Part is one of the lists of an effect.
type Part uint8

// The parts in the order in which they are told: losses come first, for they are
// what one has to know.
const (
	PartLosses Part = iota
	PartAdminLosses
	PartUnadministered
	PartTenantLosses
	PartConsoleLosses
	PartGains
	PartAdminGains
	PartTenantGains
	PartConsoleGains
	PartKeeps
)

// Sum tells several single changes at once: whom they are about, where, and what
// they are, each once and in the order in which it comes. Which of the lists are
// filled depends on the part.
type Sum struct {
	// Count is how many single changes it stands for, one for each principal; of
	// what is about no principal, how many workspaces.
	Count      int
	Principals []PrincipalID
	Workspaces []WorkspaceID
	Modules    []Module
	// Level is what is lost, gained or kept; of changes in workspaces only.
	Level        Level
	Regions      []string
	Capabilities []Capability
	Actions      []string
	Scopes       []string
	// Resources are what actions are about, "" for everything.
	Resources []string
}

// Sums tells a part of an effect in few lines, however much it is about: changes
// in workspaces by what level is lost, gained or kept, the highest first, others
// in one. An empty part has none.
func (e Effect) Sums(part Part) []Sum {
	var s summing
	switch part {
	case PartLosses:
		for _, c := range e.Losses {
			s.in(c.From, c.Workspace, c.Module, c.Principals)
		}
	case PartGains:
		for _, c := range e.Gains {
			s.in(c.To, c.Workspace, c.Module, c.Principals)
		}
	case PartKeeps:
		for _, k := range e.Keeps {
			s.in(k.Level, k.Workspace, k.Module, k.Principals)
		}
	case PartAdminLosses:
		s.administered(e.AdminLosses)
	case PartAdminGains:
		s.administered(e.AdminGains)
	case PartUnadministered:
		for _, ws := range e.Unadministered {
			s.of(None, nil).at(ws)
		}
	case PartTenantLosses:
		s.capable(e.TenantLosses)
	case PartTenantGains:
		s.capable(e.TenantGains)
	case PartConsoleLosses:
		s.operated(e.ConsoleLosses)
	case PartConsoleGains:
		s.operated(e.ConsoleGains)
	}
	return s.sums()
}

// Count is how many single changes a part has, one for each principal.
func (e Effect) Count(part Part) (n int) {
	for _, s := range e.Sums(part) {
		n += s.Count
	}
	return n
}

// summing is Sums under way, by level.
type summing [Write + 1]*sum

type sum struct {
	count        int
	principals   set[PrincipalID]
	workspaces   set[WorkspaceID]
	modules      set[Module]
	regions      set[string]
	capabilities set[Capability]
	actions      set[string]
	scopes       set[string]
	resources    set[string]
}

// set keeps what is added once, in the order in which it comes.
type set[T comparable] struct {
	list []T
	has  map[T]bool
}

func (s *set[T]) add(one T) {
	if s.has[one] {
		return
	}
	if s.has == nil {
		s.has = map[T]bool{}
	}
	s.has[one] = true
	s.list = append(s.list, one)
}

func (s *summing) of(level Level, who []PrincipalID) *sum {
	if s[level] == nil {
		s[level] = &sum{}
	}
	one := s[level]
	one.count += len(who)
	for _, p := range who {
		one.principals.add(p)
	}
	return one
}

// at counts a workspace of a change that is about no principal.
func (s *sum) at(ws WorkspaceID) {
	s.count++
	s.workspaces.add(ws)
}

func (s *summing) in(level Level, ws WorkspaceID, m Module, who []PrincipalID) {
	one := s.of(level, who)
	one.workspaces.add(ws)
	one.modules.add(m)
}

func (s *summing) administered(changes []AdminChange) {
	for _, c := range changes {
		s.of(None, c.Principals).workspaces.add(c.Workspace)
	}
}

func (s *summing) capable(changes []TenantChange) {
	for _, c := range changes {
		one := s.of(None, c.Principals)
		one.regions.add(c.Region)
		one.capabilities.add(c.Capability)
	}
}

func (s *summing) operated(changes []ConsoleChange) {
	for _, c := range changes {
		one := s.of(None, c.Principals)
		one.actions.add(c.Action)
		one.scopes.add(c.Scope)
		one.resources.add(c.Resource)
	}
}

func (s *summing) sums() []Sum {
	var all []Sum
	for level, one := range s {
		if one != nil {
			all = append(all, Sum{Count: one.count, Principals: one.principals.list, Workspaces: one.workspaces.list, Modules: one.modules.list,
				Level: Level(level), Regions: one.regions.list, Capabilities: one.capabilities.list, Actions: one.actions.list, Scopes: one.scopes.list, Resources: one.resources.list})
		}
	}
	slices.Reverse(all)
	return all
}
