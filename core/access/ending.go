package access

import (
	"cmp"
	"slices"
)

// NextEnd is when the next grant or attachment ends, in Unix seconds, and 0
// where none of those in force does: from then on the snapshot is out of date,
// and the state has to be compiled anew.
func (s *Snapshot) NextEnd() int64 { return s.nextEnd }

// sooner is the earlier of two ends, where 0 is no end and what is over at now
// no longer counts.
func sooner(end, other, now int64) int64 {
	if other > now && (end == 0 || other < end) {
		return other
	}
	return end
}

// addEnds finds the earliest end of all planes.
func (s *Snapshot) addEnds() {
	s.nextEnd = sooner(s.console.nextEnd, s.tenant.nextEnd, s.now)
	for _, pl := range s.workspaces {
		s.nextEnd = sooner(s.nextEnd, pl.nextEnd, s.now)
	}
}

// Endings are grants and attachments that will end, each list by end and id.
type Endings struct {
	Grants       []Grant
	TenantGrants []TenantGrant
	Attachments  []Attachment
}

// Ending lists what is in force and ends before the given time, in Unix seconds.
func (s *Snapshot) Ending(before int64) Endings {
	var e Endings
	for _, pl := range s.workspaces {
		if pl.nextEnd == 0 || pl.nextEnd >= before {
			continue
		}
		for _, g := range pl.grants {
			if s.endsBefore(g.Until, before) {
				e.Grants = append(e.Grants, g)
			}
		}
	}
	for _, g := range s.tenant.grants {
		if s.endsBefore(g.Until, before) {
			e.TenantGrants = append(e.TenantGrants, g)
		}
	}
	for _, a := range s.console.attachments {
		if s.endsBefore(a.Until, before) {
			e.Attachments = append(e.Attachments, a)
		}
	}
	slices.SortFunc(e.Grants, func(a, b Grant) int { return cmp.Or(cmp.Compare(a.Until, b.Until), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(e.TenantGrants, func(a, b TenantGrant) int {
		return cmp.Or(cmp.Compare(a.Until, b.Until), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(e.Attachments, func(a, b Attachment) int {
		return cmp.Or(cmp.Compare(a.Until, b.Until), cmp.Compare(a.ID, b.ID))
	})
	return e
}

func (s *Snapshot) endsBefore(until, before int64) bool { return until > s.now && until < before }
