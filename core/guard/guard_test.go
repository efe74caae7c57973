package guard_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/guard"
	"reeve/core/message"
)

const (
	root access.PrincipalID = 1
	ann  access.PrincipalID = 2
	ws   access.WorkspaceID = 1
)

var now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// states answers with one state after another, and remembers what was asked for.
type states struct {
	answers []access.State
	asked   []control.Scope
	err     error
}

func (s *states) AccessState(_ context.Context, scope control.Scope) (access.State, error) {
	s.asked = append(s.asked, scope)
	if s.err != nil {
		return access.State{}, s.err
	}
	next := s.answers[0]
	s.answers = s.answers[1:]
	return next, nil
}

// holding is a workspace in which a principal holds roles of these levels.
func holding(p access.PrincipalID, levels ...access.Level) access.State {
	st := access.State{
		Principals: []access.Principal{{ID: root, Name: "root", Power: access.PowerAccount}, {ID: ann, Name: "ann"}},
		Workspaces: []access.Workspace{{ID: ws, Name: "sales", Open: true}},
		Members:    []access.Member{{Workspace: ws, Principal: p}},
	}
	for i, l := range levels {
		id := access.RoleID(1000 + i)
		st.Roles = append(st.Roles, access.Role{ID: id, Name: l.String(), Kind: access.Custom, Workspace: ws, Levels: access.AllWorkspace(l), Assignable: true})
		st.Grants = append(st.Grants, access.Grant{ID: access.GrantID(i + 1), Workspace: ws, Principal: p, Role: id})
	}
	return st
}

func reason(err error) string {
	var refused *fault.Refused
	if !errors.As(err, &refused) {
		return ""
	}
	return refused.Reason.ID
}

func TestEnd(t *testing.T) {
	nothing, reads, writes := holding(ann, access.None), holding(ann, access.Read), holding(ann, access.Write)
	for name, c := range map[string]struct {
		actor         access.PrincipalID
		before, after access.State
		ownLoss       bool
		want          string
	}{
		"more":                  {ann, reads, writes, true, "fault.own.raise"},
		"more than nothing":     {ann, nothing, reads, true, "fault.own.raise"},
		"the same":              {ann, reads, reads, false, ""},
		"less":                  {ann, writes, reads, false, "fault.own.loss"},
		"less, as meant":        {ann, writes, nothing, true, ""},
		"the account, anything": {root, holding(root), holding(root, access.Write), false, ""},
		"somebody else gains":   {root, reads, writes, false, ""},
	} {
		s := &states{answers: []access.State{c.before, c.after}}
		w, err := guard.Begin(t.Context(), s, control.Scope{Workspace: ws}, control.Actor{Principal: c.actor}, now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.End(t.Context(), c.ownLoss); reason(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		for _, scope := range s.asked {
			if scope != (control.Scope{Workspace: ws, Principal: c.actor}) {
				t.Errorf("%s: read %+v, more than is about the actor", name, scope)
			}
		}
	}
}

func TestARoleThatHasEndedIsNoLoss(t *testing.T) {
	before := holding(ann, access.Write)
	before.Grants[0].Until = now.Unix()
	s := &states{answers: []access.State{before, holding(ann)}}
	w, err := guard.Begin(t.Context(), s, control.Scope{Workspace: ws}, control.Actor{Principal: ann}, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.End(t.Context(), false); err != nil {
		t.Errorf("refused: %v", err)
	}
}

func TestFailuresAreHandedOn(t *testing.T) {
	broken := errors.New("disk on fire")
	if _, err := guard.Begin(t.Context(), &states{err: broken}, control.Scope{}, control.Actor{Principal: ann}, now); !errors.Is(err, broken) {
		t.Errorf("began with %v", err)
	}
	wrong := holding(ann, access.Read)
	wrong.Grants[0].Role = 7
	if _, err := guard.Begin(t.Context(), &states{answers: []access.State{wrong}}, control.Scope{}, control.Actor{Principal: ann}, now); err == nil {
		t.Error("a state that makes no sense was taken")
	}
}

func TestUntil(t *testing.T) {
	for until, right := range map[time.Time]bool{
		{}:                      true,
		now.Add(time.Second):    true,
		now:                     false,
		now.Add(-time.Second):   false,
		now.AddDate(7973, 0, 0): true,
		now.AddDate(7974, 0, 0): false,
	} {
		if bad := guard.Until(now, until); (len(bad) == 0) != right {
			t.Errorf("until %v: %+v", until, bad)
		}
	}
}

func TestExceedsNamesTheRole(t *testing.T) {
	err := guard.Exceeds(message.Text{ID: "role.role_project_dev"})
	var refused *fault.Refused
	if !errors.As(err, &refused) || refused.Reason.ID != "fault.own.exceeds" {
		t.Fatalf("refused with %v", err)
	}
	if role, ok := refused.Reason.Args["Role"].(message.Text); !ok || role.ID != "role.role_project_dev" {
		t.Errorf("names %+v", refused.Reason.Args)
	}
}
