package member

import (
	"context"
	"sync"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// UseStore keeps when members last used a workspace.
type UseStore interface {
	control.Places
	// Used notes that somebody uses a workspace at a time: in their membership and in those of their groups, where none is noted
	// since a time. It writes only if there is something to note.
	Used(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID, at, since time.Time) error
}

// Uses notes when somebody uses a workspace: at most once on each day (UTC) for one person in one workspace, however often they
// come. Only what a person does counts as use; what a console does by itself does not. It may be used by several goroutines.
type Uses struct {
	store UseStore
	now   func() time.Time
	mu    sync.Mutex
	noted map[use]time.Time // the days noted by this process
}

type use struct {
	ref control.Ref
	who access.PrincipalID
}

// NewUses makes it.
func NewUses(store UseStore, now func() time.Time) *Uses {
	return &Uses{store: store, now: now, noted: map[use]time.Time{}}
}

// Note notes a use. A session that may only read notes none.
func (u *Uses) Note(ctx context.Context, by control.Actor, ref control.Ref) error {
	now := u.now().UTC().Truncate(time.Second)
	today := now.Truncate(24 * time.Hour)
	key := use{ref, by.Principal}
	u.mu.Lock()
	known := u.noted[key].Equal(today)
	u.mu.Unlock()
	if known || by.ReadOnly {
		return nil
	}
	t, err := u.store.Place(control.WithActor(ctx, by), ref)
	if err != nil {
		return err
	}
	if err := u.store.Used(ctx, t.Workspace, by.Principal, now, today); err != nil {
		return err
	}
	u.mu.Lock()
	u.noted[key] = today
	u.mu.Unlock()
	return nil
}

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
