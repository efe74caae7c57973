package region_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"reeve/assets"
	"reeve/core/edition"
	"reeve/core/fault"
	"reeve/core/region"
)

func TestTheVendorsListIsRead(t *testing.T) {
	known, err := region.Load(assets.Regions())
	if err != nil {
		t.Fatal(err)
	}
	if len(known) != 30 {
		t.Errorf("%d regions, want 30", len(known))
	}
	openLake := 0
	for _, k := range known {
		if k.English == "" || k.Chinese == "" {
			t.Errorf("%s has no name in English or Chinese", k.ID)
		}
		if k.OpenLake {
			openLake++
		}
	}
	i := slices.IndexFunc(known, func(k region.Known) bool { return k.ID == "cn-hangzhou" })
	if i < 0 || known[i].English != "China (Hangzhou)" || known[i].Chinese != "华东1(杭州)" {
		t.Errorf("cn-hangzhou is %+v", known)
	}
	if openLake == 0 || openLake == len(known) {
		t.Errorf("OpenLake is offered in %d of %d regions", openLake, len(known))
	}
}

func TestLoadRefusesWhatIsNoList(t *testing.T) {
	for name, data := range map[string]string{
		"no YAML":  "regions: [",
		"no id":    "regions: [{en: A}]",
		"id twice": "regions: [{id: a, zone: UTC}, {id: b, zone: UTC}, {id: a, zone: UTC}]",
		"no zone":  "regions: [{id: a}]",
		"nowhere":  "regions: [{id: a, zone: Asia/Nowhere}]",
	} {
		if _, err := region.Load([]byte(data)); err == nil || !strings.Contains(err.Error(), "regions") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDaysBeginWhereTheRegionIs(t *testing.T) {
	known, err := region.Load(assets.Regions())
	if err != nil {
		t.Fatal(err)
	}
	zones := region.NewZones(known)
	at := time.Date(2026, 3, 2, 17, 30, 0, 0, time.UTC)
	for id, want := range map[string]string{
		"cn-hangzhou": "2026-03-03 01:30", "CN-Hangzhou": "2026-03-03 01:30", "us-west-1": "2026-03-02 09:30", "nowhere": "2026-03-02 17:30",
	} {
		if got := at.In(zones.Zone(id)).Format("2006-01-02 15:04"); got != want {
			t.Errorf("in %s it is %s, want %s", id, got, want)
		}
	}
}

func TestFindTellsTheNearest(t *testing.T) {
	s := region.New(nil, nil, []region.Known{{ID: "cn-hangzhou"}, {ID: "cn-shanghai"}, {ID: "eu-central-1"}}, nil)
	if k, err := s.Find("CN-Hangzhou"); err != nil || k.ID != "cn-hangzhou" {
		t.Errorf("found %+v (%v)", k, err)
	}
	var missing *fault.NotFound
	if _, err := s.Find("cn-hangzou"); !errors.As(err, &missing) || missing.What != "region" || len(missing.Nearest) == 0 || missing.Nearest[0] != "cn-hangzhou" {
		t.Errorf("failed with %v, near %+v", err, missing)
	}
}

type activated struct {
	region.Store
	ids []string
	err error
}

func (a activated) Active(context.Context) ([]region.Active, error) {
	all := make([]region.Active, len(a.ids))
	for i, id := range a.ids {
		all[i] = region.Active{ID: id, Edition: edition.Basic}
	}
	return all, a.err
}

func TestOffers(t *testing.T) {
	known := []region.Known{{ID: "lake", OpenLake: true}, {ID: "dry"}}
	offers := region.NewOffers(activated{ids: []string{"lake"}}, known)
	for _, c := range []struct {
		region, template string
		active, offered  bool
	}{
		{"lake", "all-features", true, true}, {"LAKE", "openlake", true, true}, {"dry", "all-features", false, true},
		{"dry", "openlake", false, false}, {"elsewhere", "all-features", false, false},
	} {
		active, offered, err := offers.Offers(t.Context(), c.region, c.template)
		if err != nil || active != c.active || offered != c.offered {
			t.Errorf("%s %s: active %v, offered %v (%v)", c.region, c.template, active, offered, err)
		}
	}
	for want, ids := range map[string][]string{"lake": {"lake"}, "": {"lake", "dry"}} {
		if only, err := region.NewOffers(activated{ids: ids}, known).Only(t.Context()); err != nil || only != want {
			t.Errorf("the only one of %v is %q (%v)", ids, only, err)
		}
	}
	broken := region.NewOffers(activated{ids: []string{"lake"}, err: errors.New("no disk")}, known)
	if _, err := broken.Only(t.Context()); err == nil {
		t.Error("an error of the store is lost by Only")
	}
	if _, _, err := broken.Offers(t.Context(), "lake", "openlake"); err == nil {
		t.Error("an error of the store is lost by Offers")
	}
}
