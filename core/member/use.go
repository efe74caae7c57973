package member

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// Dormant is a role that nobody used for long: whoever holds it did not use the workspace while they did.
type Dormant struct {
	Principal access.PrincipalID `json:"-"`
	User      string             `json:"user"`
	// Kind is as of Member. A group is as active as the most active of those in it.
	Kind string        `json:"type"`
	ID   access.RoleID `json:"-"`
	// Code and Name are the role's; empty for a member without a role, who reads what every member may.
	Code      string          `json:"role"`
	Name      string          `json:"role_name"`
	Role      access.RoleKind `json:"-"`
	GrantedAt time.Time       `json:"granted_at"`
	Until     *time.Time      `json:"until"`
	// LastUsed is when its holder last used the workspace while holding it; nil for never.
	LastUsed *time.Time `json:"last_used"`
	// Days is for how many whole days it was not used: since then, or since it was granted.
	Days int `json:"days"`
}

// MaxDays bounds for how long access can be asked to be unused.
const MaxDays = 3650

// Dormant lists the roles in a workspace that were not used for a number of days, the longest unused first. Roles granted since, and the
// owner's, are not among them.
func (s *Service) Dormant(ctx context.Context, ref control.Ref, days int) ([]Dormant, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Dormant]{
		Action: action.MemberDormant,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Dormant, error) {
			if days < 1 || days > MaxDays {
				return nil, fault.OneField("days", "fault.member.days", message.Args{"Most": MaxDays})
			}
			now := s.gate.Now()
			all, err := s.store.Dormant(ctx, t.Workspace, now.AddDate(0, 0, -days))
			for i := range all {
				since := all[i].GrantedAt
				if all[i].LastUsed != nil {
					since = *all[i].LastUsed
				}
				all[i].Days = int(now.Sub(since).Hours() / 24)
			}
			return all, err
		},
	})
}
