package directory

import (
	"context"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// ImportKeys adds what can be added of a file such as authorized_keys, and says of each line what became of it. Lines that are rejected
// keep no other out. It is for whoever may add keys to the user.
func (s *Service) ImportKeys(ctx context.Context, name, lines string) ([]KeyLine, error) {
	var u User
	var all []KeyLine
	return control.Do(ctx, s.gate, control.Change[[]KeyLine]{
		Action: action.UserKeyImport,
		Target: onUser(name),
		Check: func(ctx context.Context, t control.Target) (bad []fault.Field, err error) {
			if u, err = s.touch(ctx, t, name); err != nil {
				return nil, err
			}
			all, bad, err = s.compareKeys(ctx, u, lines)
			return bad, err
		},
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[[]KeyLine], error) {
			var added []Key
			for i := range all {
				if all[i].Result != KeyAdded {
					continue
				}
				all[i].Key.AddedAt, all[i].Key.AddedBy = s.gate.Now(), by.Name
				if err := s.store.AddKey(ctx, u.ID, all[i].Key, by.Principal); err != nil {
					return control.Applied[[]KeyLine]{}, err
				}
				added = append(added, all[i].Key)
			}
			return control.Applied[[]KeyLine]{Value: all, After: added, Nothing: len(added) == 0}, nil
		},
	})
}

// CompareKeys says what ImportKeys would do, to whoever may do it.
func (s *Service) CompareKeys(ctx context.Context, name, lines string) ([]KeyLine, error) {
	return control.Ask(ctx, s.gate, control.Query[[]KeyLine]{
		Action: action.UserKeyList,
		Target: onUser(name),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) ([]KeyLine, error) {
			if err := s.gate.Also(ctx, action.UserKeyImport, t); err != nil {
				return nil, err // it would say whose keys they are
			}
			u, err := s.touch(ctx, t, name)
			if err != nil {
				return nil, err
			}
			all, bad, err := s.compareKeys(ctx, u, lines)
			if err == nil && len(bad) > 0 {
				err = &fault.Invalid{Fields: bad}
			}
			return all, err
		},
	})
}

// compareKeys holds each line against the keys that are there. bad is what is wrong with all of it.
func (s *Service) compareKeys(ctx context.Context, u User, lines string) (all []KeyLine, bad []fault.Field, err error) {
	if u.Kind == UserGroup {
		return nil, []fault.Field{{Name: "user", Text: message.Text{ID: "fault.key.group", Args: message.Args{"Name": u.Name}}}}, nil
	}
	all = ReadKeys(lines)
	if len(all) == 0 {
		return nil, []fault.Field{{Name: "key", Text: message.Text{ID: "fault.key.none"}}}, nil
	}
	held := u.Keys
	for i := range all {
		l := &all[i]
		if l.Result != KeyAdded {
			continue
		}
		var owner access.Principal
		var taken bool
		if owner, taken, err = s.store.KeyOwner(ctx, l.Key.Fingerprint); err != nil {
			return nil, nil, err
		}
		switch {
		case taken && owner.ID == u.ID:
			l.Result = KeySame
		case taken:
			l.Result, l.Why = KeyRejected, message.Text{ID: "fault.key.taken_by", Args: message.Args{"Name": owner.Name}}
		case held >= maxKeysOfOne:
			l.Result, l.Why = KeyRejected, message.Text{ID: "fault.key.many", Args: message.Args{"Max": maxKeysOfOne}}
		default:
			held++
		}
	}
	return all, nil, nil
}
