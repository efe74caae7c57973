package group_test

import (
	"slices"
	"testing"

	"reeve/core/fault"
	"reeve/core/group"
)

// What is wrong with quotas in a size is said in the order of the modules, and never as a range that nothing is in.
func TestFaultsOfQuotasStandInOrderAndNameWhatFits(t *testing.T) {
	s := open(t)
	s.subscribed("rg", 32, 1, false)
	if _, err := s.groups.SetQuota(s.As("kim"), s.ref("rg"), group.QuotaEdit{Set: group.Shares{
		{Module: group.Scheduling, Min: 12, Max: most(24)}, {Module: group.DataService, Min: 3, Max: most(16)}, {Module: group.DataIntegration, Max: most(8)},
	}}); err != nil {
		t.Fatal(err)
	}
	_, err := s.groups.PreviewScale(s.As("lin"), s.ref("rg"), group.Scaling{Size: 8})
	checkFaults(t, err, "min_scheduling fault.group.quota.min", "max_scheduling fault.group.quota.max.size", "max_data_service fault.group.quota.max")
	_, err = s.groups.PreviewScale(s.As("lin"), s.ref("rg"), group.Scaling{Size: 2})
	checkFaults(t, err, "min_scheduling fault.group.quota.min", "max_scheduling fault.group.quota.max.size", "max_data_integration fault.group.quota.max",
		"min_data_service fault.group.quota.min", "max_data_service fault.group.quota.max.size")
}

func checkFaults(t *testing.T, err error, want ...string) {
	t.Helper()
	invalid, ok := err.(*fault.Invalid) //nolint:errorlint // it is answered as it is
	if !ok {
		t.Fatalf("it is %v", err)
	}
	var got []string
	for _, f := range invalid.Fields {
		got = append(got, f.Name+" "+f.Text.ID)
		least, _ := f.Text.Args["Min"].(int)
		if size, ok := f.Text.Args["Size"].(int); ok && least > size {
			t.Errorf("%s tells of a range from %d to %d", f.Name, least, size)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("wrong are %q, want %q", got, want)
	}
}
