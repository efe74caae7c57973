package leaving

import (
	"context"
	"slices"
	"strings"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
)

// Service is the area's acts.
type Service struct {
	gate  *control.Gate
	store Store
	// disable may be nil: then somebody who left stays known, with nothing.
	disable Disabler
}

// New makes the service. disable may be nil.
func New(gate *control.Gate, store Store, disable Disabler) *Service {
	return &Service{gate: gate, store: store, disable: disable}
}

// Inventory shows all that somebody holds and what would become of it.
func (s *Service) Inventory(ctx context.Context, in Leave) (Inventory, error) {
	return control.Ask(ctx, s.gate, control.Query[Inventory]{
		Action: action.UserInventory,
		Target: at(in.User),
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (Inventory, error) {
			inv, bad, err := s.inventory(ctx, in)
			if err == nil && len(bad) > 0 {
				err = &fault.Invalid{Fields: bad}
			}
			return inv, err
		},
	})
}

// Leave hands everything over or gives it up, in one change.
func (s *Service) Leave(ctx context.Context, in Leave) (Inventory, error) {
	return control.Do(ctx, s.gate, s.leave(in))
}

// PreviewLeave tells who would lose and gain what.
func (s *Service) PreviewLeave(ctx context.Context, in Leave) (control.Outcome, error) {
	return control.Preview(ctx, s.gate, s.leave(in))
}

func at(user string) func(context.Context) (control.Target, error) {
	return func(context.Context) (control.Target, error) { return control.Target{Kind: "user", Name: user}, nil }
}

func (s *Service) leave(in Leave) control.Change[Inventory] {
	return control.Change[Inventory]{
		Action: action.UserLeave,
		Target: at(in.User),
		Check: func(ctx context.Context, _ control.Target) ([]fault.Field, error) {
			_, bad, err := s.inventory(ctx, in)
			return bad, err
		},
		Apply: func(ctx context.Context, t control.Target, by control.Actor) (control.Applied[Inventory], error) {
			none := control.Applied[Inventory]{}
			inv, _, err := s.inventory(ctx, in)
			if err != nil {
				return none, err
			}
			if err := unchanged(in, inv); err != nil {
				return none, err
			}
			if inv.who.ID == by.Principal {
				return none, &fault.Refused{Reason: message.Text{ID: "fault.leaving.self"}, Way: message.Text{ID: "fault.leaving.self.next"}}
			}
			if err := s.may(ctx, by, inv); err != nil {
				return none, err
			}
			if err := s.carryOut(ctx, by, inv); err != nil {
				return none, err
			}
			t.Name = inv.User
			nothing := len(inv.Items) == 0 && s.disable == nil
			return control.Applied[Inventory]{Value: inv, Before: inv, Target: &t, Nothing: nothing}, nil
		},
	}
}

// unchanged refuses to deal with another inventory than the one that was shown, and says what is different.
func unchanged(in Leave, inv Inventory) error {
	if in.Seen == "" || in.Seen == inv.Fingerprint {
		return nil
	}
	now := inv.Stamps()
	var what []string
	for id, stamp := range now {
		if before, had := in.Stamps[id]; in.Stamps != nil && (!had || before != stamp) {
			what = append(what, "+"+id)
		}
	}
	for id, stamp := range in.Stamps {
		if after, has := now[id]; !has || after != stamp {
			what = append(what, "−"+id)
		}
	}
	slices.Sort(what)
	return &fault.Refused{
		Reason: message.Text{ID: "fault.leaving.changed", Args: message.Args{"Name": inv.User, "What": strings.Join(what, ", "), "Count": len(what)}},
		Way:    message.Text{ID: "fault.leaving.changed.next"}, Named: what,
	}
}

// may takes each hand-over and each loss through the act that does it alone. To hand on a policy that makes its holder equal to the
// account, or lets them buy, is the account's.
func (s *Service) may(ctx context.Context, by control.Actor, inv Inventory) error {
	asked := map[string]bool{}
	for _, it := range inv.Items {
		t := control.Target{Region: it.Region, Workspace: it.Place, WorkspaceName: it.Workspace, Kind: string(it.Kind), Name: it.Name}
		for _, id := range acts(it) {
			key := string(id) + " " + it.Region + "/" + it.Workspace
			if asked[key] {
				continue
			}
			asked[key] = true
			if err := s.gate.Also(ctx, id, t); err != nil {
				return err
			}
		}
		if it.Kind == Policy && it.Powerful && it.Receiver != "" {
			snap, err := s.gate.Snapshot(ctx, control.Scope{Principal: by.Principal})
			if err != nil {
				return err
			}
			if snap.Power(by.Principal) != access.PowerAccount {
				return &fault.Denied{Action: string(action.PolicyAttach), Reason: message.Text{ID: "denied.policy.account", Args: message.Args{"Name": it.Name}}}
			}
		}
	}
	return nil
}

// acts are those by which an item is handed over or taken away alone.
func acts(it Item) []action.ID {
	give, take := action.ID(""), action.ID("")
	switch it.Kind {
	case Group:
		give, take = action.UserGroupSetMembers, action.UserGroupSetMembers
	case Membership, Role:
		give, take = action.MemberAdd, action.MemberRemove
	case EngineAccount:
		give, take = action.EngineMapAccount, action.EngineMapAccount
	case TenantRole:
		give, take = action.TenantMemberGrant, action.TenantMemberRevoke
	case Policy:
		give, take = action.PolicyAttach, action.PolicyDetach
	case Login:
		return []action.ID{action.UserMap}
	}
	if it.Receiver == "" {
		return []action.ID{take}
	}
	return []action.ID{give, take}
}

// carryOut gives first and takes afterwards, each in its order, and refuses what leaves a workspace without an administrator or
// raises the rights of whoever does it.
func (s *Service) carryOut(ctx context.Context, by control.Actor, inv Inventory) error {
	now := s.gate.Now()
	w, err := guard.Begin(ctx, s.store, control.Scope{Everything: true}, by, now)
	if err != nil {
		return err
	}
	for _, it := range inv.Items {
		if it.Receiver == "" {
			continue
		}
		if err := s.store.Give(ctx, it, it.to.ID, by.Principal, now); err != nil {
			return err
		}
	}
	for _, it := range slices.Backward(inv.Items) {
		if err := s.store.Take(ctx, it, inv.who.ID); err != nil {
			return err
		}
	}
	if err := s.administered(ctx, inv); err != nil {
		return err
	}
	if s.disable != nil {
		if err := s.disable.SetDisabled(ctx, inv.who.ID, now); err != nil {
			return err
		}
	}
	_, err = w.End(ctx, false)
	return err
}

// administered refuses to leave workspaces without an administrator beside their owner, all of them at once.
func (s *Service) administered(ctx context.Context, inv Inventory) error {
	var bare []string
	for _, it := range inv.Items {
		if it.Kind != Role || !it.Administers || it.Binned {
			continue
		}
		n, err := s.store.AdministratorsBeside(ctx, it.Place, nil)
		if err != nil {
			return err
		}
		if n == 0 {
			bare = append(bare, it.Region+"/"+it.Workspace)
		}
	}
	if len(bare) == 0 {
		return nil
	}
	return &fault.Refused{
		Reason: message.Text{ID: "fault.leaving.last_admin", Args: message.Args{"Name": inv.User, "Where": strings.Join(bare, ", ")}},
		Way:    message.Text{ID: "fault.leaving.last_admin.next"}, Named: bare,
	}
}
