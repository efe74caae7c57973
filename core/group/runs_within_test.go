package group_test

import (
	"slices"
	"testing"

	"reeve/core/control"
	"reeve/core/group"
	"reeve/storage/storagetest"
)

// What is asked for from within a run is refused when it could only start once that run has ended, which may wait for it.
func TestWorkWithinARunThatCouldNeverStartIsToldAtOnce(t *testing.T) {
	y := newYard(t)
	y.pool("rg", 4, group.Quota{Module: group.DataService, Max: most(1)})
	y.pool("other", 4)
	_, outer := y.enter("rg", group.DataIntegration, 2)
	within := func(at group.Ticket, pool string, m group.Module, cu float64, token string) (group.Standing, error) {
		return y.runs.Enter(y.As("ann"), group.Entry{Group: pool, Workspace: control.Ref{Region: storagetest.Home, Workspace: "sales"}, Module: string(m),
			CU: cu, Name: "load", Machine: "here", Token: token, Within: at})
	}
	if _, err := within(outer, "rg", group.DataIntegration, 2.5, "a"); !slices.Equal(fieldsOf(err), []string{"cu"}) || reason(err) != "fault.group.run.within" {
		t.Errorf("what does not fit beside it: %v", err)
	}
	if st, err := within(group.Ticket{ID: outer.ID, Token: "guessed"}, "rg", group.DataIntegration, 2.5, "b"); err != nil || st.Within != nil {
		t.Errorf("from outside: %+v %v", st, err)
	} else {
		y.end(group.Ticket{ID: st.Run.ID, Token: "b"})
	}
	if st, err := within(outer, "other", group.DataIntegration, 4, "c"); err != nil || st.Within != nil || st.Run.State != group.RunRunning {
		t.Errorf("in another group: %+v %v", st, err)
	}
	st, err := within(outer, "rg", group.DataIntegration, 1.5, "d")
	if err != nil || st.Run.State != group.RunRunning {
		t.Fatalf("what fits beside it: %+v %v", st, err)
	}
	if _, err := within(group.Ticket{ID: st.Run.ID, Token: "d"}, "rg", group.Scheduling, 1, "e"); reason(err) != "fault.group.run.within" {
		t.Errorf("what does not fit beside both: %v", err)
	}
	y.enter("rg", group.DataIntegration, 0.5)
	if st, err = within(group.Ticket{ID: st.Run.ID, Token: "d"}, "rg", group.Scheduling, 0.5, "f"); err != nil || st.Run.State != group.RunWaiting || st.Within == nil {
		t.Errorf("what waits for somebody else: %+v %v", st, err)
	}
}
