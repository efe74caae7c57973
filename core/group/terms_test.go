package group_test

import (
	"strings"
	"testing"

	"reeve/assets"
	"reeve/core/group"
)

func TestTermsContradictingThemselvesAreRefused(t *testing.T) {
	good := string(assets.Groups())
	if _, err := group.LoadTerms([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"an unknown key":      {"freeze_days:", "freeze_dayz:"},
		"a size below zero":   {"smallest: 2 ", "smallest: -2 "},
		"ceilings":            {"pay_as_you_go_models: 2000", "pay_as_you_go_models: 20"},
		"slots":               {"usual: 50", "usual: 500"},
		"months":              {"month: { least: 1, most: 9 }", "month: { least: 9, most: 1 }"},
		"no time to start":    {"start: 2m", "start: 0s"},
		"an unknown site":     {"site: international", "site: mars"},
		"no price":            {`cu_hour: "0.077399"`, `cu_hour: "0"`},
		"a price with words":  {`cu_month: "28.00"`, `cu_month: "28 dollars"`},
		"no network at all":   {"bindings: 10", "bindings: 1"},
		"a task of no module": {"data-integration: 16", "baking: 16"},
		"a task of nothing":   {"data-integration: 16", "data-integration: 0"},
		"nothing of a number": {"largest: 2000", "largest: lots"},
	} {
		text := strings.Replace(good, change[0], change[1], 1)
		if text == good {
			t.Fatalf("%s: the file no longer has %q", name, change[0])
		}
		if _, err := group.LoadTerms([]byte(text)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
