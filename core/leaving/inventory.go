package leaving

import (
	"context"
	"errors"
	"strings"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// inventory reads what somebody holds and decides what becomes of each item, saying everything that is wrong with the choices.
func (s *Service) inventory(ctx context.Context, in Leave) (inv Inventory, bad []fault.Field, err error) {
	who, unknown, err := s.person(ctx, "user", in.User)
	if err != nil || len(unknown) > 0 {
		return inv, unknown, err
	}
	say := func(field, id string, args message.Args) {
		bad = append(bad, fault.Field{Name: field, Text: message.Text{ID: id, Args: args}})
	}
	if who.Power == access.PowerAccount {
		say("user", "fault.leaving.account", message.Args{"Name": who.Name})
		return inv, bad, nil
	}
	inv = Inventory{User: who.Name, who: who}
	if inv.Items, err = s.store.Holdings(ctx, who.ID, s.gate.Now()); err != nil {
		return inv, nil, err
	}
	if err := inv.stamp(); err != nil {
		return inv, nil, err
	}
	var all access.Principal
	if in.To != "" {
		if all, bad, err = s.successor(ctx, "to", in.To, who); err != nil {
			return inv, nil, err
		}
	}
	chosen := map[string]Choice{}
	people := map[string]access.Principal{}
	for _, c := range in.Choices {
		at := find(inv, c.Item)
		switch {
		case at < 0:
			say("item", "fault.leaving.item", message.Args{"Name": c.Item, "User": who.Name, "Nearest": strings.Join(text.Nearest(c.Item, ids(inv), 3), ", ")})
			continue
		case inv.Items[at].Kind == Token:
			say("item", "fault.leaving.token", message.Args{"Name": inv.Items[at].Name})
			continue
		case inv.Items[at].Kind.personal() && c.To != "":
			say("item", "fault.leaving.personal", message.Args{"Item": inv.Items[at].ID})
			continue
		case inv.Items[at].Binned && c.To != "":
			say("item", "fault.leaving.binned", message.Args{"Item": inv.Items[at].ID})
			continue
		}
		if before, twice := chosen[inv.Items[at].ID]; twice && before.To != c.To {
			say("item", "fault.leaving.twice", message.Args{"Name": c.Item})
		}
		chosen[inv.Items[at].ID] = c
		if c.To == "" {
			continue
		}
		to, wrong, err := s.successor(ctx, "item", c.To, who)
		if err != nil {
			return inv, nil, err
		}
		bad, people[inv.Items[at].ID] = append(bad, wrong...), to
	}
	for i := range inv.Items {
		it := &inv.Items[i]
		c, is := chosen[it.ID]
		switch {
		case is && c.To != "":
			it.to = people[it.ID]
		case is || it.Kind.personal() || it.Binned:
		case all.ID != 0:
			it.to = all
		default:
			if err := s.byRule(ctx, it, who); err != nil {
				return inv, nil, err
			}
		}
		wrong, err := s.settle(ctx, it, is, who)
		if err != nil {
			return inv, nil, err
		}
		bad = append(bad, wrong...)
	}
	return inv, bad, nil
}

// find finds an item by its id, or by its id without the region where only one is meant by it; -1 otherwise.
func find(inv Inventory, id string) int {
	found, without := -1, 0
	for i, it := range inv.Items {
		if strings.EqualFold(it.ID, id) {
			return i
		}
		if it.Region != "" && strings.EqualFold(strings.Replace(it.ID, it.Region+"/", "", 1), id) {
			found, without = i, without+1
		}
	}
	if without != 1 {
		return -1
	}
	return found
}

func ids(inv Inventory) []string {
	var all []string
	for _, it := range inv.Items {
		all = append(all, it.ID)
	}
	return all
}

// byRule finds the receiver of what somebody has to have: the account of an engine, and the last administration of a workspace.
// Everything else ends with the person.
func (s *Service) byRule(ctx context.Context, it *Item, who access.Principal) error {
	if it.Kind != EngineAccount && (it.Kind != Role || !it.Administers) || it.Binned {
		return nil
	}
	if it.Kind == Role {
		n, err := s.store.AdministratorsBeside(ctx, it.Place, []access.PrincipalID{who.ID})
		if err != nil || n > 0 {
			return err
		}
	}
	p, ok, err := s.store.Administrator(ctx, it.Place, who.ID)
	if err != nil {
		return err
	}
	if ok && it.Kind == EngineAccount {
		it.to, it.Why = p, WorkspaceAdmin
		return nil
	}
	if it.Kind == EngineAccount {
		return nil // whoever is no member can work with no account
	}
	if p, ok, err = s.store.TenantAdministrator(ctx, it.Region, who.ID); err == nil && ok {
		it.to, it.Why = p, TenantAdmin
	}
	return err
}

// settle says who gets an item, or that it is given up; chosen says that a choice was about it alone.
func (s *Service) settle(ctx context.Context, it *Item, chosen bool, who access.Principal) ([]fault.Field, error) {
	if it.to.ID != 0 && (it.Kind == Membership || it.Kind == Role || it.Kind == EngineAccount) {
		owns, err := s.store.OwnsWorkspace(ctx, it.Place, it.to.ID)
		if err != nil {
			return nil, err
		}
		if owns && chosen {
			return []fault.Field{{Name: "item", Text: message.Text{ID: "fault.member.owner", Args: message.Args{"Name": it.to.Name}}}}, nil
		}
		if owns {
			it.to = access.Principal{}
		}
	}
	if it.to.ID != 0 && it.Kind == EngineAccount {
		has, err := s.store.HasAccount(ctx, it.Thing, it.to.ID)
		if err != nil {
			return nil, err
		}
		if has {
			it.to, it.Why = access.Principal{}, HasOwn
			return nil, nil
		}
	}
	switch {
	case it.Upstream:
		it.Why = Upstream
	case it.Kind == Token:
		it.Why = LivesOn
	case it.to.ID == 0 && it.Kind == Role && it.Administers && !it.Binned:
		n, err := s.store.AdministratorsBeside(ctx, it.Place, []access.PrincipalID{who.ID})
		if err != nil {
			return nil, err
		}
		if it.Why = GivenUp; n == 0 {
			it.Why = Needed
		}
	case it.to.ID == 0:
		it.Why = GivenUp
	case it.Why == "":
		it.Why = Designated
	}
	it.Receiver = it.to.Name
	return nil, nil
}

// successor finds who gets something: somebody else, who can work with it.
func (s *Service) successor(ctx context.Context, field, name string, who access.Principal) (access.Principal, []fault.Field, error) {
	p, bad, err := s.person(ctx, field, name)
	if err != nil || len(bad) > 0 {
		return p, bad, err
	}
	why := ""
	switch {
	case p.ID == who.ID:
		why = "fault.leaving.to_self"
	case p.Vanished:
		why = "fault.leaving.to_vanished"
	case p.Disabled != 0:
		why = "fault.leaving.to_disabled"
	default:
		return p, nil, nil
	}
	return p, []fault.Field{{Name: field, Text: message.Text{ID: why, Args: message.Args{"Name": p.Name}}}}, nil
}

// person finds a user or a RAM role.
func (s *Service) person(ctx context.Context, field, name string) (access.Principal, []fault.Field, error) {
	p, err := s.store.Named(ctx, name)
	var missing *fault.NotFound
	switch {
	case errors.As(err, &missing):
		return p, []fault.Field{{Name: field, Unknown: true, Text: message.Text{ID: "fault.user.unknown",
			Args: message.Args{"Name": name, "Nearest": strings.Join(missing.Nearest, ", ")}}}}, nil
	case err != nil:
		return p, nil, err
	case p.Group:
		return p, []fault.Field{{Name: field, Text: message.Text{ID: "fault.leaving.group", Args: message.Args{"Name": p.Name}}}}, nil
	}
	return p, nil, nil
}
