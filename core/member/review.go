package member

import (
	"context"
	"slices"
	"strconv"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
)

// Review is a review of the access in a workspace that was not used for a number of days.
type Review struct {
	ID   int64 `json:"id"`
	Days int   `json:"days"`
	// StartedAt and StartedBy say when and by whom it was started; what it is about is what was unused then.
	StartedAt time.Time `json:"started_at"`
	StartedBy string    `json:"started_by"`
	// Items is how much it is about, Open how much of it is still held and nobody has decided about.
	Items int `json:"items"`
	Open  int `json:"open"`
	// Found is what it is about; lists of reviews leave it out.
	Found []ReviewItem `json:"found,omitempty"`
}

// ReviewItem is one unused role of a review.
type ReviewItem struct {
	// Number names it in its review, from 1.
	Number    int                `json:"number"`
	Principal access.PrincipalID `json:"-"`
	User      string             `json:"user"`
	Role      access.RoleID      `json:"-"`
	Code      string             `json:"role"`
	Name      string             `json:"role_name"`
	GrantedAt time.Time          `json:"granted_at"`
	// LastUsed is as it was when the review was started, nil for never; UsedSince is when it was last used if that was later.
	LastUsed  *time.Time `json:"last_used"`
	UsedSince *time.Time `json:"used_since"`
	// Held says that they hold it still, by the grant that the review found: what is not held any more, or was given anew, is not to be
	// decided about here.
	Held bool `json:"held"`
	// Decision is empty while nobody decided.
	Decision  Decision   `json:"decision"`
	Until     *time.Time `json:"until"`
	DecidedAt *time.Time `json:"decided_at"`
	DecidedBy string     `json:"decided_by"`
}

// Decision is what is decided about an unused role.
type Decision string

// The decisions. Who loses their last role leaves the workspace: without a role they would still read what every member may.
const (
	Keep       Decision = "keep"
	RemoveIt   Decision = "remove"
	KeepsUntil Decision = "until"
)

// Verdict is a decision about one item of a review.
type Verdict struct {
	// Number is that of the item; 0 stands for all about which nobody has decided and that no other verdict is about.
	Number   int
	Decision Decision
	// Until is when the role ends; for KeepsUntil only.
	Until time.Time
	// Used says that whoever decides knows that what is to be removed was used since the review was started.
	Used bool
}

// Reviews keeps reviews.
type Reviews interface {
	// Reviews lists the reviews of a workspace without what they are about, the newest first.
	Reviews(ctx context.Context, ws access.WorkspaceID) ([]Review, error)
	// Review finds one with what it is about; fault.NotFound (what: review) otherwise.
	Review(ctx context.Context, ws access.WorkspaceID, id int64) (Review, error)
	StartReview(ctx context.Context, ws access.WorkspaceID, days int, found []Dormant, by access.PrincipalID, at time.Time) (id int64, err error)
	// Decide notes a decision about an item.
	Decide(ctx context.Context, review int64, v Verdict, by access.PrincipalID, at time.Time) error
}

// Reviews lists the reviews of a workspace, the newest first.
func (s *Service) Reviews(ctx context.Context, ref control.Ref) ([]Review, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Review]{
		Action: action.ReviewList,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]Review, error) {
			return s.store.Reviews(ctx, t.Workspace)
		},
	})
}

// Review shows one with who decided what.
func (s *Service) Review(ctx context.Context, ref control.Ref, id int64) (Review, error) {
	return control.Ask(ctx, s.gate, control.Query[Review]{
		Action: action.ReviewShow,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Review, error) {
			return s.store.Review(ctx, t.Workspace, id)
		},
	})
}

// StartReview writes down what was not used for a number of days, to be decided about.
func (s *Service) StartReview(ctx context.Context, ref control.Ref, days int) (Review, error) {
	return control.Do(ctx, s.gate, control.Change[Review]{
		Action: action.ReviewStart,
		Target: control.At(s.store, ref),
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			if days < 1 || days > MaxDays {
				return fault.OneField("days", "fault.member.days", message.Args{"Most": MaxDays}).Fields, nil
			}
			return nil, nil
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Review], error) {
			none := control.Applied[Review]{}
			now := s.gate.Now()
			found, err := s.store.Dormant(ctx, t.Workspace, now.AddDate(0, 0, -days))
			if err != nil {
				return none, err
			}
			if len(found) == 0 {
				return none, &fault.Refused{Reason: message.Text{ID: "fault.review.nothing", Args: message.Args{"Days": days, "Workspace": t.WorkspaceName}}}
			}
			id, err := s.store.StartReview(ctx, t.Workspace, days, found, by.Principal, now)
			if err != nil {
				return none, err
			}
			r, err := s.store.Review(ctx, t.Workspace, id)
			short := r
			short.Found = nil
			t.Kind, t.Name = "review", strconv.FormatInt(id, 10)
			return control.Applied[Review]{Value: r, After: short, Target: &t}, err
		},
	})
}

// DecideReview decides about items of a review and carries it out, all of it or nothing: roles are taken away or end, and it is noted
// who decided what.
func (s *Service) DecideReview(ctx context.Context, ref control.Ref, id int64, in []Verdict, ownLoss bool) (Review, error) {
	return control.Do(ctx, s.gate, s.decide(ref, id, in, ownLoss))
}

// PreviewDecideReview tells who would lose what.
func (s *Service) PreviewDecideReview(ctx context.Context, ref control.Ref, id int64, in []Verdict) (control.Outcome, error) {
	return control.Preview(ctx, s.gate, s.decide(ref, id, in, true))
}

func (s *Service) decide(ref control.Ref, id int64, in []Verdict, ownLoss bool) control.Change[Review] {
	return control.Change[Review]{
		Action: action.ReviewDecide,
		Target: control.AtThing(s.store, ref, "review", strconv.FormatInt(id, 10)),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			r, err := s.store.Review(ctx, t.Workspace, id)
			if err != nil {
				return nil, err
			}
			roles, err := s.store.Roles(ctx, t.Workspace)
			_, bad := s.verdicts(r, in, roles)
			return bad, err
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Review], error) {
			none := control.Applied[Review]{}
			r, err := s.store.Review(ctx, t.Workspace, id)
			if err != nil {
				return none, err
			}
			verdicts, _ := s.verdicts(r, in, nil) // what is wrong is found before
			if _, err = s.guarded(ctx, t, by, ownLoss, func(w *guard.Watch) ([]Member, error) {
				return nil, s.decideAll(ctx, t, by, w, r, verdicts)
			}); err != nil {
				return none, err
			}
			after, err := s.store.Review(ctx, t.Workspace, id)
			decided := after
			decided.Found = slices.DeleteFunc(slices.Clone(after.Found), func(it ReviewItem) bool {
				return !slices.ContainsFunc(verdicts, func(v Verdict) bool { return v.Number == it.Number })
			})
			return control.Applied[Review]{Value: after, After: decided}, err
		},
	}
}

// called is how faults name the role of an item; a role that is gone altogether has the name it had.
func (it ReviewItem) called(roles []access.Role) message.Text {
	if i := slices.IndexFunc(roles, func(r access.Role) bool { return r.ID == it.Role }); i >= 0 {
		return control.RoleName(roles[i])
	}
	return message.Text{ID: "literal", Args: message.Args{"Text": it.Name}}
}

// outdated says that a decision about an item would do nothing, or take away what was used meanwhile without saying so.
func (v Verdict) outdated(it ReviewItem, roles []access.Role) (what message.Text, is bool) {
	args := message.Args{"Number": it.Number, "Name": it.User, "Role": it.called(roles)}
	switch {
	case !it.Held && it.Role == 0:
		return message.Text{ID: "fault.review.gone_member", Args: args}, true
	case !it.Held:
		return message.Text{ID: "fault.review.gone", Args: args}, true
	case it.UsedSince != nil && v.Decision == RemoveIt && !v.Used && it.Role == 0:
		return message.Text{ID: "fault.review.used_member", Args: args}, true
	case it.UsedSince != nil && v.Decision == RemoveIt && !v.Used:
		return message.Text{ID: "fault.review.used", Args: args}, true
	}
	return message.Text{}, false
}

// verdicts are the decisions with the one for all spelt out, and what is wrong with them. The one for all is about what is still held.
func (s *Service) verdicts(r Review, in []Verdict, roles []access.Role) (all []Verdict, bad []fault.Field) {
	say := func(id string, args message.Args) {
		bad = append(bad, fault.Field{Name: "item", Text: message.Text{ID: id, Args: args}})
	}
	if len(in) == 0 {
		say("fault.review.undecided", nil)
	}
	var rest *Verdict
	seen := map[int]bool{}
	for _, v := range in {
		v.Until = guard.End(v.Until)
		switch {
		case v.Decision != Keep && v.Decision != RemoveIt && v.Decision != KeepsUntil:
			say("fault.review.decision", message.Args{"Decision": string(v.Decision)})
			continue
		case v.Decision == KeepsUntil && v.Until.IsZero():
			bad = append(bad, fault.Field{Name: "until", Text: message.Text{ID: "fault.until.past"}})
		case v.Decision == KeepsUntil:
			bad = append(bad, guard.Until(s.gate.Now(), v.Until)...)
		}
		if v.Number == 0 {
			rest = &v
			continue
		}
		at := slices.IndexFunc(r.Found, func(it ReviewItem) bool { return it.Number == v.Number })
		switch {
		case at < 0:
			say("fault.review.item", message.Args{"Number": v.Number, "Last": len(r.Found)})
		case r.Found[at].Decision != "":
			say("fault.review.decided", message.Args{"Number": v.Number, "By": r.Found[at].DecidedBy})
		case seen[v.Number]:
			say("fault.review.twice", message.Args{"Number": v.Number})
		case v.Decision == KeepsUntil && r.Found[at].Role == 0:
			say("fault.review.no_role", message.Args{"Number": v.Number, "Name": r.Found[at].User})
		default:
			if what, is := v.outdated(r.Found[at], roles); is {
				bad = append(bad, fault.Field{Name: "item", Text: what})
			}
		}
		seen[v.Number] = true
		all = append(all, v)
	}
	if rest != nil {
		for _, it := range r.Found {
			if it.Decision != "" || !it.Held || seen[it.Number] || it.Role == 0 && rest.Decision == KeepsUntil {
				continue
			}
			if what, is := rest.outdated(it, roles); is {
				bad = append(bad, fault.Field{Name: "item", Text: what})
			}
			all = append(all, Verdict{Number: it.Number, Decision: rest.Decision, Until: rest.Until, Used: rest.Used})
		}
	}
	return all, bad
}

// decideAll carries decisions out, person by person, and notes them.
func (s *Service) decideAll(ctx context.Context, t control.Target, by control.Actor, w *guard.Watch, r Review, verdicts []Verdict) error {
	of := map[access.PrincipalID]map[access.RoleID]Verdict{}
	var people []access.PrincipalID
	for _, v := range verdicts {
		it := r.Found[slices.IndexFunc(r.Found, func(it ReviewItem) bool { return it.Number == v.Number })]
		if v.Decision != Keep {
			if of[it.Principal] == nil {
				of[it.Principal] = map[access.RoleID]Verdict{}
				people = append(people, it.Principal)
			}
			of[it.Principal][it.Role] = v
		}
		if err := s.store.Decide(ctx, r.ID, v, by.Principal, s.gate.Now()); err != nil {
			return err
		}
	}
	members, err := s.store.Among(ctx, t.Workspace, people, false) // who has left meanwhile needs nothing more
	if err != nil {
		return err
	}
	after := make([][]Hold, len(members))
	for i, m := range members {
		after[i] = decided(m, of[m.Principal])
		if err := noMoreThanHeld(w, t, by, m.Roles, after[i]); err != nil {
			return err
		}
	}
	if err := s.keepsSomeAdministrator(ctx, t, members, after); err != nil {
		return err
	}
	return s.carryDecided(ctx, t, by, members, after)
}

// decided are the roles that a member holds afterwards.
func decided(m Member, verdicts map[access.RoleID]Verdict) []Hold {
	var holds []Hold
	for _, have := range m.Roles {
		v, is := verdicts[have.ID]
		switch {
		case is && v.Decision == RemoveIt:
		case is:
			holds = append(holds, Hold{Role: have.ID, Until: v.Until})
		default:
			holds = append(holds, Hold{Role: have.ID, Until: end(have)})
		}
	}
	return holds
}

// carryDecided gives members the roles they keep, and takes out whom none is left.
func (s *Service) carryDecided(ctx context.Context, t control.Target, by control.Actor, members []Member, after [][]Hold) error {
	var list []Assignment
	var staying []Member
	var leaving []access.PrincipalID
	for i, m := range members {
		if len(after[i]) == 0 {
			leaving = append(leaving, m.Principal)
			continue
		}
		list, staying = append(list, Assignment{Member: m.Principal, Roles: after[i], Version: m.Version}), append(staying, m)
	}
	if err := s.store.RemoveAll(ctx, t.Workspace, leaving); err != nil {
		return err
	}
	return s.assign(ctx, t, by, list, staying)
}

// keepsSomeAdministrator is keepsAdministrator for members who are to hold different roles.
func (s *Service) keepsSomeAdministrator(ctx context.Context, t control.Target, members []Member, after [][]Hold) error {
	roles, err := s.store.Roles(ctx, t.Workspace)
	if err != nil {
		return err
	}
	administers := map[access.RoleID]bool{}
	for _, r := range roles {
		administers[r.ID] = r.Administers
	}
	var losing []access.PrincipalID
	var names []string
	for i, m := range members {
		if losesAdministration(m, after[i], administers) {
			losing, names = append(losing, m.Principal), append(names, m.Name)
		}
	}
	return s.othersAdminister(ctx, t, losing, names)
}
