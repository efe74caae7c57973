package access

import (
	"runtime"
	"testing"
	"time"
)

// bigState has members in workspaces of the given size, one grant each, of a
// built-in role or one of two custom roles of the workspace. Nothing is sorted.
func bigState(b *testing.B, members, perWorkspace int) State {
	b.Helper()
	rnd := newRand(1)
	principals := max(members/50, perWorkspace)
	st := State{Revision: 1, Now: worldNow, Roles: builtins(b)}
	for i := range principals {
		st.Principals = append(st.Principals, Principal{ID: PrincipalID(i + 1)})
	}
	st.Principals[0].Power = PowerAccount
	for ws := range WorkspaceID(members / perWorkspace) { //nolint:gosec // small
		ws++
		st.Workspaces = append(st.Workspaces, Workspace{ID: ws, Open: true})
		custom := RoleID(1000 + 2*ws)
		for i := range RoleID(2) {
			st.Roles = append(st.Roles, Role{ID: custom + i, Kind: Custom, Workspace: ws, Levels: randomLevels(rnd), Assignable: true})
		}
		first := rnd.IntN(principals)
		for i := range perWorkspace {
			p := st.Principals[(first+i)%principals].ID
			roles := []RoleID{develop, operate, deploy, visitor, custom, custom + 1}
			st.Members = append(st.Members, Member{ws, p})
			st.Grants = append(st.Grants, Grant{ID: GrantID(len(st.Grants) + 1), Workspace: ws, Principal: p, Role: pick(rnd, roles), By: 1})
		}
	}
	rnd.Shuffle(len(st.Grants), func(i, j int) { st.Grants[i], st.Grants[j] = st.Grants[j], st.Grants[i] })
	rnd.Shuffle(len(st.Members), func(i, j int) { st.Members[i], st.Members[j] = st.Members[j], st.Members[i] })
	return st
}

// questionsOf asks about members mostly, and about strangers now and then.
func questionsOf(st State, n int) []Question {
	rnd := newRand(2)
	questions := make([]Question, n)
	for i := range questions {
		member := pick(rnd, st.Members)
		if i%8 == 0 {
			member.Principal = pick(rnd, st.Principals).ID
		}
		questions[i] = Question{member.Principal, member.Workspace, pick(rnd, WorkspaceModules()), Read + Level(i%2)}
	}
	return questions
}

const benchMembers = 200_000

func BenchmarkDecide(b *testing.B) {
	st := bigState(b, benchMembers, 100)
	s, questions := compiled(b, st), questionsOf(st, 1<<14)
	allowed, i := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		if s.Decide(questions[i&(1<<14-1)]) {
			allowed++
		}
		i++
	}
	runtime.KeepAlive(allowed)
}

// bareMap is the look-up that Decide is measured against: same keys, same
// size of values, no rule.
func bareMap(s *Snapshot) map[uint64]uint64 {
	bare := make(map[uint64]uint64, s.masks.used)
	for key, m := range s.masks.all() {
		bare[key] = uint64(m)
	}
	return bare
}

func BenchmarkBareMap(b *testing.B) {
	st := bigState(b, benchMembers, 100)
	s, questions := compiled(b, st), questionsOf(st, 1<<14)
	bare := bareMap(s)
	allowed, i := 0, 0
	for b.Loop() {
		q := questions[i&(1<<14-1)]
		if bare[memberKey(q.Workspace, q.Principal)]&1 != 0 {
			allowed++
		}
		i++
	}
	runtime.KeepAlive(allowed)
}

// BenchmarkDecideAgainstMap takes turns between both in rounds of the same
// questions and reports how many look-ups a decision costs.
func BenchmarkDecideAgainstMap(b *testing.B) {
	st := bigState(b, benchMembers, 100)
	s, questions := compiled(b, st), questionsOf(st, 1<<14)
	bare := bareMap(s)
	var deciding, looking time.Duration
	allowed := 0
	for b.Loop() {
		start := time.Now()
		for _, q := range questions {
			if s.Decide(q) {
				allowed++
			}
		}
		middle := time.Now()
		for _, q := range questions {
			if bare[memberKey(q.Workspace, q.Principal)]&1 != 0 {
				allowed++
			}
		}
		deciding, looking = deciding+middle.Sub(start), looking+time.Since(middle)
	}
	runtime.KeepAlive(allowed)
	b.ReportMetric(float64(deciding)/float64(looking), "x_map")
	b.ReportMetric(float64(deciding.Nanoseconds())/float64(b.N*len(questions)), "ns/decision")
}

func BenchmarkRebuild1M(b *testing.B) {
	const members = 1_000_000
	st := bigState(b, members, 100)
	before := heap()
	s := compiled(b, st)
	size := heap() - before
	for b.Loop() {
		s = compiled(b, st)
	}
	runtime.KeepAlive(s)
	b.ReportMetric(float64(size)/members, "B/member")
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s")
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func BenchmarkWhoCan(b *testing.B) {
	s := compiled(b, bigState(b, 10_000, 100))
	for b.Loop() {
		s.WhoCan(7, DataStudio, Write)
	}
}

func BenchmarkExplain(b *testing.B) {
	st := bigState(b, 10_000, 100)
	s, questions := compiled(b, st), questionsOf(st, 1<<10)
	i := 0
	for b.Loop() {
		s.Explain(questions[i&(1<<10-1)])
		i++
	}
}

// BenchmarkCompare is the preview of a role edit in a workspace of 50,000.
func BenchmarkCompare(b *testing.B) {
	st := bigState(b, 50_000, 50_000)
	edited := st.WithRoleLevels(st.Roles[len(st.Roles)-1].ID, AllWorkspace(Read))
	before, after := compiled(b, st), compiled(b, edited)
	for b.Loop() {
		Compare(before, after)
	}
}

// BenchmarkPreview adds the compiling of the state after the edit.
func BenchmarkPreview(b *testing.B) {
	st := bigState(b, 50_000, 50_000)
	before := compiled(b, st)
	for b.Loop() {
		Compare(before, compiled(b, st.WithRoleLevels(st.Roles[len(st.Roles)-1].ID, AllWorkspace(Read))))
	}
}
