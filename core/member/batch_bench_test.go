package member_test

import (
	"fmt"
	"testing"

	"reeve/core/member"
	"reeve/core/role"
	"reeve/storage"
	"reeve/storage/storagetest"
)

// BenchmarkSetRoles5k gives 5,000 of 50,000 members other roles at once: what would come of it, the change itself, and taking them out.
func BenchmarkSetRoles5k(b *testing.B) {
	w := storagetest.Open(b)
	names := make([]string, 50_000)
	for i := range names {
		names[i] = fmt.Sprintf("person.%05d", i)
	}
	w.Crowd(names...)
	w.Users("ann")
	s := story{w, member.New(w.Gate, storage.NewMembers(w.DB, w.Builtins)), role.New(w.Gate, storage.NewRoles(w.DB, w.Builtins)), w.Workspace("sales", "ann")}
	if _, err := s.members.Add(s.As("ann"), s.ref, member.Batch{Users: names, Roles: []string{"develop"}}); err != nil {
		b.Fatal(err)
	}
	in := member.Batch{Users: names[20_000:25_000], Roles: []string{"visitor", "deploy"}}
	b.Run("effect", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.members.PreviewSetRoles(s.As("ann"), s.ref, in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("apply", func(b *testing.B) {
		for turn := 0; b.Loop(); turn++ {
			in.Roles = [][]string{{"visitor"}, {"develop", "o&m"}}[turn%2]
			if _, err := s.members.SetRoles(s.As("ann"), s.ref, in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("effect of removing", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.members.PreviewRemove(s.As("ann"), s.ref, member.Removal{Users: in.Users}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("remove", func(b *testing.B) { // and put back
		for b.Loop() {
			if _, err := s.members.Remove(s.As("ann"), s.ref, member.Removal{Users: in.Users}); err != nil {
				b.Fatal(err)
			}
			if _, err := s.members.Add(s.As("ann"), s.ref, in); err != nil {
				b.Fatal(err)
			}
		}
	})
}
