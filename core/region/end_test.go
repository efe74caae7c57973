package region_test

import (
	"testing"
	"time"

	"reeve/assets"
	"reeve/core/edition"
	"reeve/core/fault"
	"reeve/core/keeper"
	"reeve/core/region"
	"reeve/storage"
	"reeve/storage/storagetest"
)

func openEnding(t *testing.T) (*storagetest.World, *region.Service, *keeper.Keeper) {
	t.Helper()
	w := storagetest.Open(t)
	known, err := region.Load(assets.Regions())
	if err != nil {
		t.Fatal(err)
	}
	regions := region.New(w.Gate, storage.NewRegions(w.DB), known, nil)
	return w, regions, keeper.New(w.Gate, storage.NewKeepers(w.DB), "a", []keeper.Area{{Name: "region", Mover: regions}})
}

func find(t *testing.T, w *storagetest.World, regions *region.Service, id string) region.Region {
	t.Helper()
	all, err := regions.List(w.As(storagetest.Owner))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("there is no %s", id)
	return region.Region{}
}

func TestAnEditionThatIsNotRenewedFallsBackAfterItsGrace(t *testing.T) {
	w, regions, k := openEnding(t)
	end := w.Now().Add(10 * 24 * time.Hour)
	r, err := regions.SetEnd(w.As(storagetest.Owner), storagetest.Home, &end, 0)
	if err != nil || r.EndsAt == nil || !r.EndsAt.Equal(end) || r.FallsBackAt == nil || !r.FallsBackAt.Equal(end.AddDate(0, 0, 15)) {
		t.Fatalf("%+v (%v)", r, err)
	}
	w.Pass(25*24*time.Hour - time.Second)
	if moved, next, err := k.Catch(t.Context()); moved != 0 || err != nil || !next.Equal(*r.FallsBackAt) {
		t.Errorf("a second early: moved %d, next %v (%v)", moved, next, err)
	}
	if got := find(t, w, regions, storagetest.Home); got.Edition != edition.Enterprise {
		t.Errorf("in its grace it has %s", got.Edition)
	}
	w.Pass(7 * 24 * time.Hour) // nobody looked for a week
	if moved, next, err := k.Catch(t.Context()); moved != 1 || err != nil || !next.IsZero() {
		t.Errorf("after it: moved %d, next %v (%v)", moved, next, err)
	}
	if got := find(t, w, regions, storagetest.Home); got.Edition != edition.Basic || got.EndsAt != nil {
		t.Errorf("fallen back: %+v", got)
	}
}

func TestARenewedEditionStays(t *testing.T) {
	w, regions, k := openEnding(t)
	end := w.Now().Add(24 * time.Hour)
	r, err := regions.SetEnd(w.As(storagetest.Owner), storagetest.Home, &end, 0)
	if err != nil {
		t.Fatal(err)
	}
	w.Pass(10 * 24 * time.Hour)
	later := w.Now().Add(365 * 24 * time.Hour)
	if _, err := regions.SetEnd(w.As(storagetest.Owner), storagetest.Home, &later, r.Version); err != nil {
		t.Fatal(err)
	}
	w.Pass(30 * 24 * time.Hour)
	if moved, _, err := k.Catch(t.Context()); moved != 0 || err != nil {
		t.Errorf("moved %d (%v)", moved, err)
	}
	if _, err := regions.SetEnd(w.As(storagetest.Owner), storagetest.Home, nil, r.Version); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("with the version read before: %v", err)
	}
	// Basic costs nothing, so it has no end.
	after, err := regions.Activate(w.As(storagetest.Owner), region.Activation{ID: storagetest.Home, Edition: edition.Basic})
	if err != nil || after.EndsAt != nil {
		t.Errorf("made Basic: %+v (%v)", after, err)
	}
}

func TestAnEndThatCannotBe(t *testing.T) {
	w, regions, _ := openEnding(t)
	w.Users("zoe")
	past, future := w.Now(), w.Now().Add(time.Hour)
	for name, try := range map[string]struct {
		by, region string
		end        *time.Time
		want       fault.Kind
	}{
		"in the past":  {storagetest.Owner, storagetest.Home, &past, fault.KindInvalid},
		"of Basic":     {storagetest.Owner, storagetest.Small, &future, fault.KindInvalid},
		"not active":   {storagetest.Owner, "cn-beijing", &future, fault.KindInvalid},
		"unknown":      {storagetest.Owner, "cn-nowhere", nil, fault.KindNotFound},
		"by zoe":       {"zoe", storagetest.Home, &future, fault.KindDenied},
		"never at all": {storagetest.Owner, storagetest.Small, nil, ""},
	} {
		_, err := regions.SetEnd(w.As(try.by), try.region, try.end, 0)
		if try.want == "" && err != nil || try.want != "" && fault.KindOf(err) != try.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
