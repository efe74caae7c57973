package use_test

import (
	"testing"
	"time"

	"reeve/core/audit"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/overview"
	"reeve/core/use"
	"reeve/storage"
	"reeve/storage/storagetest"
)

func TestOneUseIsBothAVisitAndTheLastUseOfTheMembership(t *testing.T) {
	w := storagetest.Open(t)
	w.Users("ann", "bob")
	ref := w.Workspace("sales", "ann")
	log := audit.New(w.Gate, storage.NewAudit(w.DB), nil)
	entries := func() int {
		t.Helper()
		page, err := log.List(w.As(storagetest.Owner), audit.Search{Query: list.Query{Count: true}})
		if err != nil {
			t.Fatal(err)
		}
		return page.Total
	}
	before := entries()
	service := use.New(w.Gate, storage.NewUses(w.DB))
	for range 3 {
		for day := range 2 {
			for range 2 {
				if err := service.Note(w.As("ann"), ref); err != nil {
					t.Fatal(err)
				}
			}
			w.Pass(time.Duration(1+day) * 24 * time.Hour)
		}
	}
	if err := service.Note(w.As("bob"), ref); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who is no member uses it: %v", err)
	}
	if after := entries(); after != before {
		t.Errorf("%d entries of the audit are about uses", after-before)
	}
	shown, err := overview.New(w.Gate, storage.NewOverviews(w.DB)).Show(w.As("ann"), "", 5)
	if err != nil || len(shown.Checklists) != 1 || shown.Checklists[0].Visits != 6 {
		t.Errorf("visits are %+v (%v)", shown.Checklists, err)
	}
	members, err := member.New(w.Gate, storage.NewMembers(w.DB, w.Builtins)).List(w.As("ann"), ref, list.Query{Filter: list.ParseFilter("name:ann")})
	if err != nil || members.Items[0].Active == nil || w.Now().Sub(*members.Items[0].Active) != 2*24*time.Hour {
		t.Errorf("ann was active %v (%v)", members.Items[0].Active, err)
	}
	w.Pass((use.KeepDays + 1) * 24 * time.Hour)
	if err := service.Note(w.As("ann"), ref); err != nil {
		t.Fatal(err)
	}
	if shown, err := overview.New(w.Gate, storage.NewOverviews(w.DB)).Show(w.As("ann"), "", 5); err != nil || shown.Checklists[0].Visits != 1 {
		t.Errorf("visits are %+v (%v)", shown.Checklists, err)
	}
}
