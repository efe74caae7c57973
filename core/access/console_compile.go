package access

import (
	"cmp"
	"fmt"
	"slices"
)

// consolePlane is what policies come to.
type consolePlane struct {
	documents   map[PolicyID]Document
	attachments []Attachment // by principal, then id; ended ones included
	// held are the attachments of every principal and of its groups, by id.
	held map[PrincipalID][]Attachment
	// barredPages and barredCalls are those kept out by a policy, by scope.
	barredPages map[PrincipalID]bool
	barredCalls map[PrincipalID]bool
	nextEnd     int64
}

// addPolicies settles what documents and attachments come to, powers included.
func (s *Snapshot) addPolicies(st State) error {
	if err := s.addDocuments(st.Documents); err != nil {
		return err
	}
	if err := s.addAttachments(st.Attachments); err != nil {
		return err
	}
	for p, attachments := range s.console.held {
		for _, a := range attachments {
			if a.inForce(s.now) {
				s.attach(p, s.console.documents[a.Policy])
			}
		}
	}
	for p := range s.powers {
		if !s.isGroup(p) {
			s.powerful = append(s.powerful, p)
		}
	}
	slices.Sort(s.powerful)
	for p, power := range s.powers {
		if power == PowerAccount {
			delete(s.console.barredPages, p)
			delete(s.console.barredCalls, p)
		}
	}
	return nil
}

func (s *Snapshot) addDocuments(documents []Document) error {
	s.console.documents = make(map[PolicyID]Document, len(documents))
	for _, d := range documents {
		if _, taken := s.console.documents[d.ID]; taken || d.ID == 0 {
			return fmt.Errorf("policy %d: id is 0 or used twice", d.ID)
		}
		if d.Power != PowerNone && (!d.System || d.Power != PowerFullAccess && d.Power != PowerAdministrator) {
			return fmt.Errorf("policy %d %q: it cannot give power %d", d.ID, d.Name, d.Power)
		}
		d.Statements = slices.Clone(d.Statements)
		for i, statement := range d.Statements {
			if problem := statement.problem(); problem != "" {
				return fmt.Errorf("policy %d %q: statement %d: %s", d.ID, d.Name, i+1, problem)
			}
			d.Statements[i] = statement.clone()
		}
		s.console.documents[d.ID] = d
	}
	return nil
}

func (s *Snapshot) addAttachments(attachments []Attachment) error {
	list := slices.Clone(attachments)
	slices.SortFunc(list, func(a, b Attachment) int {
		return cmp.Or(cmp.Compare(a.Principal, b.Principal), cmp.Compare(a.ID, b.ID))
	})
	seen := make(map[GrantID]bool, len(list))
	s.console.held = map[PrincipalID][]Attachment{}
	for _, a := range list {
		if a.ID == 0 || seen[a.ID] {
			return fmt.Errorf("attachment %d: id is 0 or used twice", a.ID)
		}
		seen[a.ID] = true
		if _, found := s.console.documents[a.Policy]; !found {
			return fmt.Errorf("attachment %d: there is no policy %d", a.ID, a.Policy)
		}
		if _, known := s.Principal(a.Principal); !known {
			return fmt.Errorf("attachment %d: there is no principal %d", a.ID, a.Principal)
		}
		s.console.nextEnd = sooner(s.console.nextEnd, a.Until, s.now)
		if s.isGroup(a.Principal) {
			s.console.held[a.Principal] = append(s.console.held[a.Principal], a)
		}
		for _, p := range s.reach(a.Principal) {
			s.console.held[p] = append(s.console.held[p], a)
		}
	}
	for _, held := range s.console.held {
		slices.SortFunc(held, func(a, b Attachment) int { return cmp.Compare(a.ID, b.ID) })
	}
	s.console.attachments = list
	return nil
}

// attach notes the power that a policy in force gives, and what it bars.
func (s *Snapshot) attach(p PrincipalID, d Document) {
	if d.Power != PowerNone && d.Power.above(s.powers[p]) && !s.isDisabled(p) {
		s.powers[p] = d.Power
	}
	if d.bars(ScopePage) {
		s.console.barredPages = withBarred(s.console.barredPages, p)
	}
	if d.bars(ScopeOpenAPI) {
		s.console.barredCalls = withBarred(s.console.barredCalls, p)
	}
}

func withBarred(set map[PrincipalID]bool, p PrincipalID) map[PrincipalID]bool {
	if set == nil {
		set = map[PrincipalID]bool{}
	}
	set[p] = true
	return set
}

// above orders the powers: the account above AdministratorAccess above
// AliyunDataWorksFullAccess above none.
func (p Power) above(other Power) bool { return p.rank() > other.rank() }

func (p Power) rank() int {
	switch p {
	case PowerNone:
		return 0
	case PowerFullAccess:
		return 1
	case PowerAdministrator:
		return 2
	case PowerAccount:
		return 3
	}
	return 0
}
