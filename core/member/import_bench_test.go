package member_test

import (
	"fmt"
	"strings"
	"testing"

	"reeve/core/member"
	"reeve/core/role"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// BenchmarkImport10k holds 10,000 rows, a hundred of which name nobody, against a workspace of 20,000 members, and carries them out.
func BenchmarkImport10k(b *testing.B) {
	w := storagetest.Open(b)
	names := make([]string, 30_000)
	lines := make([]string, len(names))
	for i := range names {
		names[i] = fmt.Sprintf("person.%05d", i)
		lines[i] = names[i] + " develop"
	}
	w.Crowd(names...)
	w.Users("ann")
	s := story{w, member.New(w.Gate, storage.NewMembers(w.DB, w.Builtins)), role.New(w.Gate, storage.NewRoles(w.DB, w.Builtins)), w.Workspace("sales", "ann")}
	rowsOf := func(lines []string) []member.Row {
		rows, _, err := member.ReadRows([]byte(strings.Join(lines, "\n")), member.Guess)
		if err != nil {
			b.Fatal(err)
		}
		return rows
	}
	if _, err := s.members.Import(s.As("ann"), s.ref, member.Import{Rows: rowsOf(lines[:20_000])}); err != nil {
		b.Fatal(err)
	}
	for i := 15_000; i < 20_000; i++ {
		lines[i] = names[i] + " visitor until 90d"
	}
	for i := 24_900; i < 25_000; i++ {
		lines[i] = "x" + names[i] + "y develop"
	}
	text := []byte(strings.Join(lines[15_000:25_000], "\n"))
	in := member.Import{}
	b.Run("plan", func(b *testing.B) {
		for b.Loop() {
			rows, _, err := member.ReadRows(text, member.Guess)
			if err != nil {
				b.Fatal(err)
			}
			in.Rows = rows
			plan, err := s.members.Plan(s.As("ann"), s.ref, in)
			if err != nil || plan.Count[member.Adds] != 4900 || plan.Count[member.Changes] != 5000 || plan.Count[member.Rejected] != 100 {
				b.Fatalf("%v (%v)", plan.Count, err)
			}
		}
	})
	b.Run("effect", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.members.PreviewImport(s.As("ann"), s.ref, in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("apply", func(b *testing.B) {
		for range b.N { // only the first changes anything
			if _, err := s.members.Import(s.As("ann"), s.ref, in); err != nil {
				b.Fatal(err)
			}
		}
	})
}
