package edition_test

import (
	"errors"
	"strings"
	"testing"

	"reeve/assets"
	"reeve/core/edition"
	"reeve/core/message"
)

func shipped(t *testing.T) edition.Catalogue {
	t.Helper()
	c, err := edition.Load(assets.Editions())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The rows are those of the vendor's comparison of editions: from which edition on a feature is included.
func TestFeaturesByEdition(t *testing.T) {
	c := shipped(t)
	for _, tt := range []struct {
		feature                          edition.Feature
		basic, standard, pro, enterprise bool
		first                            edition.Edition
	}{
		{edition.CustomWorkspaceRoles, false, false, false, true, edition.Enterprise},
		{edition.CustomTenantRoles, false, false, false, true, edition.Enterprise},
		{edition.Extensions, false, false, false, true, edition.Enterprise},
		{edition.CustomWebhookAlerts, false, false, false, true, edition.Enterprise},
		{edition.ShiftSchedules, false, false, true, true, edition.Professional},
		{edition.CodeReview, false, false, true, true, edition.Professional},
		{edition.DataMasking, false, false, true, true, edition.Professional},
		{edition.SmartBaselines, false, true, true, true, edition.Standard},
		{edition.Lineage, false, true, true, true, edition.Standard},
		{"time-travel", false, false, false, false, ""},
	} {
		for e, want := range map[edition.Edition]bool{
			edition.Basic: tt.basic, edition.Standard: tt.standard, edition.Professional: tt.pro,
			edition.Enterprise: tt.enterprise, "ultimate": false, "": false,
		} {
			if got := c.Includes(e, tt.feature); got != want {
				t.Errorf("%q includes %s: %t, want %t", e, tt.feature, got, want)
			}
		}
		if got := c.First(tt.feature); got != tt.first {
			t.Errorf("first edition with %s: %q, want %q", tt.feature, got, tt.first)
		}
	}
}

func TestShippedEntries(t *testing.T) {
	want := []edition.Entry{
		{ID: edition.Basic, Order: 1, English: "Basic", Chinese: "基础版", PriceUSDMonth: 0},
		{ID: edition.Standard, Order: 2, English: "Standard", Chinese: "标准版", PriceUSDMonth: 387},
		{ID: edition.Professional, Order: 3, English: "Professional", Chinese: "专业版", PriceUSDMonth: 774},
		{ID: edition.Enterprise, Order: 4, English: "Enterprise", Chinese: "企业版", PriceUSDMonth: 3096},
	}
	c := shipped(t)
	got := c.All()
	if len(got) != len(want) {
		t.Fatalf("%d editions, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("edition %d is %+v, want %+v", i, got[i], want[i])
		}
		if e, ok := c.Find(want[i].ID); !ok || e != want[i] {
			t.Errorf("Find(%q) = %+v, %t", want[i].ID, e, ok)
		}
	}
	got[0].English = "changed"
	if e, _ := c.Find(edition.Basic); e.English != "Basic" {
		t.Error("changing the result of All changed the catalogue")
	}
	if _, ok := c.Find("ultimate"); ok {
		t.Error("found an edition that is not there")
	}
}

func TestMessagesCallEditionsTheSame(t *testing.T) {
	messages, err := message.Load(assets.Messages())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range shipped(t).All() {
		if got := messages.Printer("en").Text("edition." + string(e.ID)); got != e.English {
			t.Errorf("the messages call %s %q, the data %q", e.ID, got, e.English)
		}
	}
}

func TestCompare(t *testing.T) {
	c := shipped(t)
	if c.Compare(edition.Basic, edition.Enterprise) >= 0 || c.Compare(edition.Enterprise, edition.Standard) <= 0 ||
		c.Compare(edition.Standard, edition.Standard) != 0 || c.Compare("", edition.Basic) >= 0 {
		t.Error("editions are not in order")
	}
}

func TestParse(t *testing.T) {
	c := shipped(t)
	for text, want := range map[string]edition.Edition{
		"basic": edition.Basic, " Enterprise ": edition.Enterprise, "PROFESSIONAL": edition.Professional,
		"标准版": edition.Standard,
	} {
		if got, err := c.Parse(text); err != nil || got != want {
			t.Errorf("Parse(%q) = %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "ultimate", "basics"} {
		_, err := c.Parse(text)
		if !errors.Is(err, edition.ErrUnknown) || !strings.Contains(err.Error(), "basic, standard") {
			t.Errorf("Parse(%q) fails with %v", text, err)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	good := string(assets.Editions())
	for name, data := range map[string]string{
		"nothing":              "",
		"no YAML":              "editions: [",
		"unknown key":          good + "\nprices: 1\n",
		"no Chinese name":      strings.Replace(good, "zh: 基础版, ", "", 1),
		"order":                strings.Replace(good, "order: 3", "order: 5", 1),
		"edition twice":        strings.Replace(good, "id: standard", "id: basic", 1),
		"unknown edition":      strings.Replace(good, "from: standard", "from: ultimate", 1),
		"feature not declared": strings.Replace(good, "id: lineage", "id: lineages", 1),
		"feature twice":        good + "\n  - {id: lineage, from: basic}\n",
	} {
		if _, err := edition.Load([]byte(data)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
