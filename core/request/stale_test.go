package request_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/fault"
	"reeve/core/member"
	"reeve/core/request"
	"reeve/core/role"
	"reeve/core/tenantrole"
	"reeve/storage"
	"reeve/storage/storagetest"
)

func TestStaleDecisions(t *testing.T) {
	s := open(t)
	root := s.As(storagetest.Owner)
	waiting := s.ask(t, "ann", develop(request.End{}))
	// Who waits for an answer does not leave without one, but may be disabled.
	if _, err := s.users.Delete(root, []string{"ann"}); reason(err) != "fault.user.holds" {
		t.Errorf("whoever waits for an answer is deleted: %v", err)
	}
	if _, err := s.users.Disable(root, directory.Batch{Names: []string{"ann"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.requests.Grant(s.As("adam"), waiting.ID, request.Decision{}); reason(err) != "fault.request.disabled" {
		t.Errorf("somebody disabled is granted a role: %v", err)
	}
	if _, err := s.requests.Refuse(s.As("adam"), waiting.ID, request.Decision{Note: "no longer here"}); err != nil {
		t.Errorf("it cannot be refused: %v", err)
	}
	if _, err := s.requests.Grant(s.As("eve"), waiting.ID, request.Decision{}); reason(err) != "fault.request.refused" {
		t.Errorf("decided twice: %v", err)
	}
	if _, err := s.users.Delete(root, []string{"ann"}); err != nil {
		t.Errorf("whoever has an answer cannot be deleted: %v", err)
	}
	made := s.ask(t, "carol", develop(request.End{}))
	if _, err := s.workspaces.Delete(root, s.sales, 0, "sales"); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{storagetest.Owner, "adam"} {
		if _, err := s.requests.Grant(s.As(who), made.ID, request.Decision{}); reason(err) != "fault.request.workspace" {
			t.Errorf("%s at a workspace in the bin: %v", who, err)
		}
	}
	if _, err := s.requests.Withdraw(s.As("carol"), made.ID, 0); err != nil {
		t.Error(err)
	}
}

// A request for a role that has been deleted says so, and can be refused or answered with another role.
func TestTheRoleThatWasAskedForIsGone(t *testing.T) {
	s := open(t)
	root := s.As(storagetest.Owner)
	loader, err := s.roles.Create(root, s.sales, "Night loader", access.Levels(0))
	if err != nil {
		t.Fatal(err)
	}
	auditors, err := s.tenantRoles.Create(root, storagetest.Home, "Auditors", 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.members.Add(root, s.sales, member.Batch{Users: []string{"carol"}, Roles: []string{"role_project_guest"}}); err != nil {
		t.Fatal(err)
	}
	first := s.ask(t, "carol", request.Wanted{Kind: request.WorkspaceRole, Region: storagetest.Home, Workspace: "sales", Role: loader.Name, Why: "at night"})
	second := s.ask(t, "ann", request.Wanted{Kind: request.TenantRole, Region: storagetest.Home, Role: auditors.Name, Why: "the audit"})
	if _, err := s.roles.Delete(root, s.sales, loader.Code, role.Removal{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.tenantRoles.Delete(root, storagetest.Home, auditors.Code, tenantrole.Removal{}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []request.ID{first.ID, second.ID} {
		if _, err := s.requests.Grant(root, id, request.Decision{}); reason(err) != "fault.request.role_gone" {
			t.Errorf("request %d for a role that is gone: %v", id, err)
		}
	}
	if _, err := s.requests.Grant(root, first.ID, request.Decision{Role: "develop"}); err != nil {
		t.Errorf("it cannot be granted with another role: %v", err)
	}
	if _, err := s.requests.Refuse(root, second.ID, request.Decision{Note: "no such role any more"}); err != nil {
		t.Errorf("it cannot be refused: %v", err)
	}
}

func TestRequestsExpire(t *testing.T) {
	s := open(t)
	long := s.ask(t, "ann", develop(request.End{}))
	short := s.ask(t, "bob", develop(request.End{At: s.Now().Add(48 * time.Hour)}))
	if next, err := s.requests.NextDue(keeping(t)); err != nil || !next.Equal(s.Now().Add(48*time.Hour)) {
		t.Errorf("next due %v (%v)", next, err)
	}
	if moved, err := s.requests.MoveDue(keeping(t)); moved || err != nil {
		t.Errorf("moved early: %v (%v)", moved, err)
	}
	s.Pass(48 * time.Hour)
	// What is due is over even before the keeper comes.
	if _, err := s.requests.Grant(s.As("adam"), short.ID, request.Decision{}); reason(err) != "fault.request.expired" {
		t.Errorf("granted too late: %v", err)
	}
	if waiting := s.names(t, "adam", request.ToDecide); !slices.Equal(waiting, []string{"ann"}) {
		t.Errorf("adam is to decide %v", waiting)
	}
	if moved, err := s.requests.MoveDue(keeping(t)); !moved || err != nil {
		t.Errorf("not moved: %v", err)
	}
	if _, err := s.requests.MoveDue(s.As(storagetest.Owner)); reason(err) != "denied.keeper" {
		t.Errorf("moved by hand: %v", err)
	}
	s.Pass((request.Days - 2) * 24 * time.Hour)
	s.ask(t, "ann", develop(request.End{})) // the first one no longer waits
	if moved, err := s.requests.MoveDue(keeping(t)); !moved || err != nil {
		t.Errorf("not moved: %v", err)
	}
	if got, err := s.requests.Get(s.As("ann"), long.ID); err != nil || got.State != request.Expired || got.Version != 2 {
		t.Errorf("it is %+v (%v)", got, err)
	}
}

// Of several who decide at once one does, and the others are told.
func TestTwoDecideAtOnce(t *testing.T) {
	s := open(t)
	made := s.ask(t, "ann", develop(request.End{}))
	people := []context.Context{s.As("adam"), s.As("eve"), s.As(storagetest.Owner)}
	errs := make([]error, 3*len(people))
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			if i%3 == 2 {
				_, errs[i] = s.requests.Refuse(people[i/3], made.ID, request.Decision{Note: "not now"})
				return
			}
			_, errs[i] = s.requests.Grant(people[i/3], made.ID, request.Decision{Version: made.Version})
		})
	}
	all.Wait()
	done := 0
	for _, err := range errs {
		switch reason(err) {
		case "":
			done++
		case "fault.request.granted", "fault.request.refused", "fault.conflict":
		default:
			t.Errorf("told %v", err)
		}
	}
	if done != 1 {
		t.Errorf("%d decided", done)
	}
}

// A request id makes the same request once.
func TestARequestIsMadeOnce(t *testing.T) {
	s := open(t)
	ctx := control.WithRequest(s.As("ann"), "r-1")
	first, err1 := s.requests.Create(ctx, develop(request.End{}))
	again, err2 := s.requests.Create(ctx, develop(request.End{}))
	if err1 != nil || err2 != nil || first.ID != again.ID {
		t.Errorf("made %d and %d (%v, %v)", first.ID, again.ID, err1, err2)
	}
}

// TestWhatARefusalOffersIsEnough holds the promise of fault.Denied: each of the grants that a refusal names, granted alone, takes
// that refusal away. It is asked of every act, by somebody who is nobody.
func TestWhatARefusalOffersIsEnough(t *testing.T) {
	s := open(t)
	at, err := storage.NewWorkspaces(s.DB).Place(t.Context(), s.sales)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[fault.GrantKind]bool{}
	for _, act := range action.All() {
		for i := 0; ; i++ {
			target := at
			if act.Need == action.NeedFullAccess || act.Need == action.NeedPower || act.Need == action.NeedOrder {
				target = control.Target{Region: storagetest.Home}
			}
			st, err := s.Gate.Standing(s.As("ann"), target)
			if err != nil {
				t.Fatal(err)
			}
			v := st.May(act.ID)
			if i >= len(v.Grants) {
				if act.Need == action.NeedWorkspaceAdmin && i == 0 && !v.OK && act.Console == "" {
					t.Errorf("%s: nothing can be asked for", act.ID)
				}
				break
			}
			g := v.Grants[i]
			kinds[g.Kind] = true
			made := s.ask(t, "ann", request.Wanted{Kind: g.Kind, Region: g.Region, Workspace: g.Workspace, Role: g.Role, Why: "I was refused"})
			if _, err := s.requests.Grant(s.As(storagetest.Owner), made.ID, request.Decision{End: request.End{After: time.Minute}}); err != nil {
				t.Fatal(err)
			}
			if st, err = s.Gate.Standing(s.As("ann"), target); err != nil || !st.May(act.ID).OK && reason(&fault.Denied{Reason: st.May(act.ID).Reason}) != "denied.edition" {
				t.Errorf("%s is still refused with %+v: %+v", act.ID, g, st.May(act.ID))
			}
			s.Pass(time.Hour) // the grant ends
		}
	}
	if len(kinds) != 3 {
		t.Errorf("refusals offer only %v", kinds)
	}
}
