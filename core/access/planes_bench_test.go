package access

import (
	"runtime"
	"testing"
)

// BenchmarkWhoCan100k lists who may read in a workspace of 100,000 members.
func BenchmarkWhoCan100k(b *testing.B) {
	s := compiled(b, bigState(b, 100_000, 100_000))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for range s.Holding(1, DataStudio, Read) {
			n++
		}
		if n < 50_000 {
			b.Fatal("too few")
		}
	}
}

// BenchmarkUpdateRole1M is the edit of one role among 1,000,000 memberships.
func BenchmarkUpdateRole1M(b *testing.B) {
	st := bigState(b, 1_000_000, 100)
	s := compiled(b, st)
	role := st.Roles[len(st.Roles)-1].ID
	edited := st.WithRoleLevels(role, AllWorkspace(Read))
	for b.Loop() {
		if _, err := s.Update(edited, Touched{Roles: []RoleID{role}}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkUpdateRole100k is the same with 100,000 members in its workspace.
func BenchmarkUpdateRole100k(b *testing.B) {
	st := bigState(b, 1_000_000, 100_000)
	s := compiled(b, st)
	role := st.Roles[len(st.Roles)-1].ID
	edited := st.WithRoleLevels(role, AllWorkspace(Read))
	for b.Loop() {
		if _, err := s.Update(edited, Touched{Roles: []RoleID{role}}); err != nil {
			b.Fatal(err)
		}
	}
}

func planesState(b *testing.B) State {
	b.Helper()
	st := bigState(b, 10_000, 100)
	st.TenantRoles, st.Documents = realTenantRoles(), append(ownDocuments(realPolicies()), randomDocument(newRand(3), 1000))
	for i, p := range st.Principals {
		if i%10 == 0 {
			st.TenantGrants = append(st.TenantGrants, TenantGrant{ID: GrantID(i + 1), Region: "cn-a", Principal: p.ID, Role: 4})
			st.Attachments = append(st.Attachments,
				Attachment{ID: GrantID(2*i + 1), Principal: p.ID, Policy: 4}, Attachment{ID: GrantID(2*i + 2), Principal: p.ID, Policy: 1000})
		}
	}
	return st
}

func BenchmarkDecideTenant(b *testing.B) {
	st := planesState(b)
	s := compiled(b, st)
	allowed, i := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		if s.DecideTenant(TenantQuestion{st.Principals[i%len(st.Principals)].ID, "cn-a", SecurityCenterManage}) {
			allowed++
		}
		i++
	}
	runtime.KeepAlive(allowed)
}

func BenchmarkDecideConsole(b *testing.B) {
	st := planesState(b)
	s := compiled(b, st)
	resource := ARN("cn-a", EntityContacts, "")
	allowed, i := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		p := st.Principals[i/10*10%len(st.Principals)].ID
		if s.DecideConsole(ConsoleQuestion{p, "dataworks:ListContacts", resource, ScopePage}) {
			allowed++
		}
		i++
	}
	runtime.KeepAlive(allowed)
}
