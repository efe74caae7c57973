package access

import (
	"cmp"
	"slices"
)

// ExplainConsole answers the question as DecideConsole does and says why.
func (s *Snapshot) ExplainConsole(q ConsoleQuestion) Explanation {
	q, answerable := q.normal()
	e := Explanation{Console: q, Allowed: s.DecideConsole(q), Revision: s.revision}
	if e.Allowed {
		e.Effective = Write
	}
	if _, known := s.Principal(q.Principal); !known {
		e.Because = []Contribution{{Kind: NotInTenant, Effect: Decides}}
		return e
	}
	if !answerable {
		e.Because = []Contribution{{Kind: NoPolicy, Effect: Decides}}
		return e
	}
	e.Because = s.consoleContributions(q)
	if !e.Allowed {
		e.Ways = s.policiesTo(q)
		e.Ask = s.whomToAskForPolicies(q.Principal)
		s.askToEnable(&e, q.Principal)
	}
	return e
}

// consoleContributions gathers what speaks for and against an operation.
func (s *Snapshot) consoleContributions(q ConsoleQuestion) []Contribution {
	list := s.appendPowers(s.appendDisabled(nil, q.Principal), q.Principal)
	for i, c := range list {
		if c.isPower() && !c.power().allows(q.Action) {
			list[i].Level = None // a power that does not reach as far as this
		}
	}
	for _, a := range s.console.held[q.Principal] {
		d := s.console.documents[a.Policy]
		c := fromAttachment(q.Principal, a, PolicyAllow, Write)
		verdict := d.Simulate(q.Action, q.Resource, q.Scope)
		switch {
		case verdict == Denies:
			c.Kind, c.Level = PolicyDeny, None
		case verdict == Silent || d.Power != PowerNone && a.inForce(s.now):
			continue // a power is told already
		}
		if !a.inForce(s.now) {
			c.Effect = Expired
		}
		list = append(list, c)
	}
	list = judgeConsole(list)
	sortContributions(list)
	return list
}

// judgeConsole puts the rule of DecideConsole into words, contribution by
// contribution, and says so where nothing allows or denies.
func judgeConsole(list []Contribution) []Contribution {
	var account, denied, allowed bool
	for _, c := range list {
		if c.Effect != Expired {
			account = account || c.Kind == Account
			denied = denied || c.bars()
			allowed = allowed || c.Level == Write
		}
	}
	for i, c := range list {
		switch {
		case c.Effect == Expired:
		case account && c.Kind == Account:
			list[i].Effect = Decides
		case account && c.Kind == PolicyDeny:
			list[i].Effect = Overridden
		case account:
			list[i].Effect = Weaker
		case c.bars():
			list[i].Effect = Decides
		case denied:
			list[i].Effect = Overridden
		case c.Level == None:
			list[i].Effect = Weaker
		default:
			list[i].Effect = Decides
		}
	}
	if !account && !denied && !allowed {
		list = append(list, Contribution{Kind: NoPolicy, Effect: Decides})
	}
	return raiseEqual(list)
}

// appendPowers appends every way in which the principal got a power. A power
// alone is enough for every module.
func (s *Snapshot) appendPowers(dst []Contribution, p PrincipalID) []Contribution {
	if principal, _ := s.Principal(p); principal.Power != PowerNone {
		dst = append(dst, Contribution{Kind: principal.Power.kind(), Level: Write})
	}
	for _, a := range s.console.held[p] {
		if power := s.console.documents[a.Policy].Power; power != PowerNone && a.inForce(s.now) {
			dst = append(dst, fromAttachment(p, a, power.kind(), Write))
		}
	}
	return dst
}

// appendBars appends what keeps the principal from pages: being disabled, and
// every policy that does.
func (s *Snapshot) appendBars(dst []Contribution, p PrincipalID) []Contribution {
	dst = s.appendDisabled(dst, p)
	for _, a := range s.console.held[p] {
		if a.inForce(s.now) && s.console.documents[a.Policy].bars(ScopePage) {
			dst = append(dst, fromAttachment(p, a, PolicyDeny, None))
		}
	}
	return dst
}

func fromAttachment(p PrincipalID, a Attachment, kind ContributionKind, level Level) Contribution {
	c := Contribution{Kind: kind, Level: level, Policy: a.Policy, Grant: a.ID, By: a.By, At: a.At, Until: a.Until}
	if a.Principal != p {
		c.Through = a.Principal
	}
	return c
}

// kind is a power as a contribution.
func (p Power) kind() ContributionKind {
	switch p {
	case PowerAccount:
		return Account
	case PowerAdministrator:
		return AdministratorAccess
	case PowerFullAccess, PowerNone:
		return FullAccess
	}
	return FullAccess
}

// power is the power that a contribution is.
func (c Contribution) power() Power {
	for _, p := range []Power{PowerAccount, PowerAdministrator, PowerFullAccess} {
		if p.kind() == c.Kind {
			return p
		}
	}
	return PowerNone
}

// policiesTo offers policies that, attached, would allow what was refused. A
// denial cannot be turned by any.
func (s *Snapshot) policiesTo(q ConsoleQuestion) []Way {
	if s.isDisabled(q.Principal) || s.consoleVerdict(q) == Denies {
		return nil
	}
	var candidates []candidate
	for id, d := range s.console.documents {
		if !d.grants(q) {
			continue
		}
		c := candidate{Way: Way{Policy: id, Through: ThroughAdd}, administers: d.Power != PowerNone}
		for _, other := range ConsoleActions() {
			asked := ConsoleQuestion{q.Principal, other.Action, ARN("", other.Entity, AnyName), q.Scope}
			before := s.DecideConsole(asked)
			denied := d.Simulate(asked.Action, asked.Resource, asked.Scope) == Denies
			switch {
			case other.Action == q.Action:
			case before && denied:
				c.Removes++
			case !before && d.grants(asked) && s.consoleVerdict(asked) != Denies:
				c.Adds++
			}
		}
		candidates = append(candidates, c)
	}
	return cheapest(candidates)
}

// grants says whether the policy alone would allow it, by power or statement.
func (d Document) grants(q ConsoleQuestion) bool {
	verdict := d.Simulate(q.Action, q.Resource, q.Scope)
	return verdict == Allows || verdict == Silent && d.Power.allows(q.Action)
}

// consoleVerdict is what the policies in force of the principal say together,
// without any power.
func (s *Snapshot) consoleVerdict(q ConsoleQuestion) Verdict {
	verdict := Silent
	for _, a := range s.console.held[q.Principal] {
		if a.inForce(s.now) {
			d := s.console.documents[a.Policy]
			verdict = max(verdict, d.Simulate(q.Action, q.Resource, q.Scope))
		}
	}
	return verdict
}

// whomToAskForPolicies lists a few who can attach policies: holders of
// AdministratorAccess first, the account last.
func (s *Snapshot) whomToAskForPolicies(asker PrincipalID) []PrincipalID {
	var list []PrincipalID
	for _, p := range s.powerful {
		if p != asker && s.Power(p).above(PowerFullAccess) {
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(a, b PrincipalID) int {
		return cmp.Or(cmp.Compare(s.Power(a).rank(), s.Power(b).rank()), cmp.Compare(a, b))
	})
	return list[:min(len(list), maxAsk)]
}
