package access

// This file is about who may do nothing whatever they hold.

// disable notes that a principal may do nothing.
func (s *Snapshot) disable(p Principal) {
	if s.disabled == nil {
		s.disabled = map[PrincipalID]Principal{}
	}
	s.disabled[p.ID] = p
}

func (s *Snapshot) isDisabled(p PrincipalID) bool {
	if len(s.disabled) == 0 {
		return false
	}
	_, disabled := s.disabled[p]
	return disabled
}

// DisabledSince is since when the principal may do nothing, in Unix seconds,
// and whether because it vanished from the directory it came from; 0 for who is
// active and for who is not there.
func (s *Snapshot) DisabledSince(p PrincipalID) (since int64, vanished bool) {
	who := s.disabled[p]
	return who.Disabled, who.Vanished
}

func (s *Snapshot) appendDisabled(dst []Contribution, p PrincipalID) []Contribution {
	switch since, vanished := s.DisabledSince(p); {
	case since == 0:
		return dst
	case vanished:
		return append(dst, Contribution{Kind: Vanished, At: since})
	default:
		return append(dst, Contribution{Kind: Disabled, At: since})
	}
}

// bars says whether the contribution keeps its holder from everything it is
// asked about.
func (c Contribution) bars() bool {
	return c.Kind == PolicyDeny || c.Kind == Disabled || c.Kind == Vanished
}

// askToEnable sends who is disabled to those who can enable: the powers alone.
func (s *Snapshot) askToEnable(e *Explanation, p PrincipalID) {
	if s.isDisabled(p) {
		e.Ask = append([]PrincipalID(nil), s.powerful[:min(len(s.powerful), maxAsk)]...)
	}
}
