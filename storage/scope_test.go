package storage

import (
	"context"
	"testing"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/directory"
)

// scopesAgree asks the state read for one principal what the state of all members answers, in a random world.
func scopesAgree(t *testing.T, s stores) {
	random := seeded(4)
	s.do(t, func(ctx context.Context) error {
		u, err := s.directory.Insert(ctx, directory.User{Name: "full", Kind: directory.RAMUser, CreatedAt: sampleTime})
		if err == nil {
			_, err = s.directory.AttachFullAccess(ctx, u.ID, 1, sampleTime)
		}
		return err
	})
	compile := func(scope control.Scope) *access.Snapshot {
		state, err := s.gate.AccessState(t.Context(), scope)
		if err != nil {
			t.Fatal(err)
		}
		state.Now = sampleTime.Unix()
		snapshot, err := access.Compile(state)
		if err != nil {
			t.Fatal(err)
		}
		return snapshot
	}
	yes, no := 0, 0
	for range 60 {
		ws := access.WorkspaceID(1 + random.Uint32N(240))
		full := compile(control.Scope{Workspace: ws})
		for _, p := range []access.PrincipalID{1, 302, access.PrincipalID(2 + random.Uint32N(300)), access.PrincipalID(2 + random.Uint32N(300))} {
			scoped := compile(control.Scope{Workspace: ws, Principal: p})
			if a, b := scoped.Administers(ws, p), full.Administers(ws, p); a != b {
				t.Errorf("workspace %d principal %d administers: %v, of all members %v", ws, p, a, b)
			}
			if a, b := scoped.IsMember(ws, p), full.IsMember(ws, p); a != b {
				t.Errorf("workspace %d principal %d is a member: %v, of all members %v", ws, p, a, b)
			}
			if _, known := scoped.Principal(p); !known {
				t.Errorf("principal %d is missing", p)
			}
			// All members of a workspace say nothing of who is none, also not that they are disabled and whom that sends them to.
			_, known := full.Principal(p)
			disabled, _ := scoped.DisabledSince(p)
			if a, b := scoped.ExplainAdministers(ws, p).Ask, full.ExplainAdministers(ws, p).Ask; len(a) != len(b) && (known || disabled == 0) {
				t.Errorf("workspace %d principal %d asks %v, of all members %v", ws, p, a, b)
			}
			for _, m := range access.WorkspaceModules() {
				for _, l := range []access.Level{access.Read, access.Write} {
					q := access.Question{Principal: p, Workspace: ws, Module: m, Level: l}
					if scoped.Decide(q) != full.Decide(q) {
						t.Errorf("%+v: %v, of all members %v", q, scoped.Decide(q), full.Decide(q))
					}
					if full.Decide(q) {
						yes++
					} else {
						no++
					}
				}
			}
		}
	}
	if yes < 100 || no < 100 {
		t.Errorf("%d yes and %d no: the world is too simple", yes, no)
	}
	tenantWide, err := s.gate.AccessState(t.Context(), control.Scope{Principal: 5})
	if err != nil || len(tenantWide.Principals) > 6 || len(tenantWide.Workspaces)+len(tenantWide.Members)+len(tenantWide.Grants) != 0 {
		t.Errorf("without a workspace: %+v %v", tenantWide, err)
	}
}
