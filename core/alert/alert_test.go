package alert_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"reeve/assets"
	"reeve/core/alert"
	"reeve/core/edition"
	"reeve/core/fault"
	"reeve/core/region"
	"reeve/storage"
	"reeve/storage/storagetest"
)

func open(t *testing.T) (*storagetest.World, *alert.Service) {
	t.Helper()
	w := storagetest.Open(t)
	known, err := region.Load(assets.Regions())
	if err != nil {
		t.Fatal(err)
	}
	offer, err := alert.Load(assets.Alerts(), w.Gate.Editions())
	if err != nil {
		t.Fatal(err)
	}
	return w, alert.New(w.Gate, storage.NewAlerts(w.DB), region.NewZones(known), offer)
}

func sms(count int) alert.Sent {
	return alert.Sent{Channel: alert.SMS, Module: "data-quality", Count: count}
}

func TestWhatIsOverTheLimitOfTheDayIsNotSent(t *testing.T) {
	w, alerts := open(t)
	owner := w.As(storagetest.Owner)
	if _, err := alerts.SetLimit(owner, storagetest.Home, alert.SMS, 10, 0); err != nil {
		t.Fatal(err)
	}
	for i, step := range []struct{ ask, get, left int }{{4, 4, 6}, {7, 6, 0}, {1, 0, 0}} {
		got, err := alerts.Spend(owner, storagetest.Home, sms(step.ask))
		if err != nil || got.Granted != step.get || got.Budget.Left() != step.left {
			t.Errorf("step %d: %+v (%v), want %d with %d left", i, got, err, step.get, step.left)
		}
	}
	// In Hangzhou the next day begins at 16:00 UTC; it is 09:00.
	w.Pass(7*time.Hour - time.Second)
	if got, err := alerts.Spend(owner, storagetest.Home, sms(1)); err != nil || got.Granted != 0 {
		t.Errorf("a second before midnight: %+v (%v)", got, err)
	}
	w.Pass(time.Second)
	got, err := alerts.Spend(owner, storagetest.Home, sms(1))
	if err != nil || got.Granted != 1 || got.Budget.Today != 1 || got.Budget.Month != 11 {
		t.Errorf("at midnight: %+v (%v)", got, err)
	}
}

func TestTheEditionSaysWhatThereIs(t *testing.T) {
	w, alerts := open(t)
	owner := w.As(storagetest.Owner)
	for _, want := range []struct {
		region string
		sms    alert.Budget
		call   alert.Budget
	}{
		{storagetest.Home, alert.Budget{PerDay: alert.Unlimited, Free: 10000, Usable: true}, alert.Budget{PerDay: alert.Unlimited, Free: 1000, Usable: true}},
		{storagetest.Small, alert.Budget{PerDay: alert.Unlimited, Free: 100, Usable: true}, alert.Budget{PerDay: alert.Unlimited}},
	} {
		got, err := alerts.Budgets(owner, want.region)
		want.sms.Region, want.sms.Channel, want.call.Region, want.call.Channel = want.region, alert.SMS, want.region, alert.Call
		if err != nil || len(got) != 2 || got[0] != want.sms || got[1] != want.call {
			t.Errorf("%s has %+v (%v), want %+v and %+v", want.region, got, err, want.sms, want.call)
		}
	}
	got, err := alerts.Spend(owner, storagetest.Small, alert.Sent{Channel: alert.Call, Module: "data-quality", Count: 1})
	if err != nil || got.Granted != 0 {
		t.Errorf("Basic Edition called %+v (%v)", got, err)
	}
}

func TestEverythingWrongIsToldAtOnce(t *testing.T) {
	w, alerts := open(t)
	w.Users("zoe")
	_, err := alerts.Spend(w.As(storagetest.Owner), storagetest.Home, alert.Sent{Channel: "fax", Module: "weather", Count: 0})
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) || len(invalid.Fields) != 3 {
		t.Errorf("%v", err)
	}
	for _, perDay := range []int{-2, alert.MostPerDay + 1} {
		if _, err := alerts.SetLimit(w.As(storagetest.Owner), storagetest.Home, alert.SMS, perDay, 0); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("a limit of %d: %v", perDay, err)
		}
	}
	if _, err := alerts.SetLimit(w.As("zoe"), storagetest.Home, alert.SMS, 1, 0); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("zoe limits: %v", err)
	}
	if _, err := alerts.Spend(w.As("zoe"), storagetest.Home, sms(1)); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("zoe sends: %v", err)
	}
	if _, err := alerts.Budgets(w.As("zoe"), "cn-nowhere"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("a region that is not there: %v", err)
	}
}

func TestTheLimitHoldsForManyAtOnce(t *testing.T) {
	w, alerts := open(t)
	owner := w.As(storagetest.Owner)
	if _, err := alerts.SetLimit(owner, storagetest.Home, alert.SMS, 7, 0); err != nil {
		t.Fatal(err)
	}
	granted := make(chan int, 10)
	var senders sync.WaitGroup
	for range cap(granted) {
		senders.Go(func() {
			got, err := alerts.Spend(owner, storagetest.Home, sms(1))
			if err != nil {
				t.Error(err)
			}
			granted <- got.Granted
		})
	}
	senders.Wait()
	close(granted)
	sum := 0
	for n := range granted {
		sum += n
	}
	if sum != 7 {
		t.Errorf("%d were granted, want 7", sum)
	}
}

func TestALimitThatAnotherSetMeanwhileIsAConflict(t *testing.T) {
	w, alerts := open(t)
	owner := w.As(storagetest.Owner)
	first, err := alerts.SetLimit(owner, storagetest.Home, alert.SMS, 5, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := alerts.SetLimit(owner, storagetest.Home, alert.SMS, alert.Unlimited, first.Version); err != nil {
		t.Fatal(err)
	}
	if _, err := alerts.SetLimit(owner, storagetest.Home, alert.SMS, 6, first.Version); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("with the version read before: %v", err)
	}
}

func TestLoadRefusesAnOfferThatIsIncomplete(t *testing.T) {
	editions, err := edition.Load(assets.Editions())
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"nothing":    "channels: []",
		"no edition": "{modules: [a], channels: [{id: sms, from: gold, free_per_month: {basic: 1, standard: 1, professional: 1, enterprise: 1}}]}",
		"no number":  "{modules: [a], channels: [{id: sms, from: basic, free_per_month: {basic: 1}}]}",
		"more":       "{modules: [a], channel: []}",
	} {
		if _, err := alert.Load([]byte(data), editions); err == nil || !strings.Contains(err.Error(), "alert resources") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
