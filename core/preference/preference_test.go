package preference_test

import (
	"slices"
	"testing"

	"reeve/core/fault"
	"reeve/core/preference"
	"reeve/storage"
	"reeve/storage/storagetest"
)

func TestPreferencesAreOnesOwnAndChecked(t *testing.T) {
	w := storagetest.Open(t)
	w.Users("ann", "bob")
	service := preference.New(w.Gate, storage.NewPreferences(w.DB), preference.Offer{Themes: []string{"dark", "mono"}, Languages: []string{"en"}})
	value := func(who string, name preference.Name) string {
		t.Helper()
		list, err := service.List(w.As(who))
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(list, func(p preference.Preference) bool { return p.Name == name })
		return list[i].Value
	}
	if v := value("ann", preference.Theme); v != preference.Auto {
		t.Errorf("what was never set is %q", v)
	}
	if _, err := service.Set(w.As("ann"), preference.Values{preference.Theme: "mono", preference.Mouse: preference.MouseOn}); err != nil {
		t.Fatal(err)
	}
	if got := value("ann", preference.Theme) + value("ann", preference.Mouse) + value("bob", preference.Theme); got != "mono"+"on"+"auto" {
		t.Errorf("the preferences are %s", got)
	}
	// One that is wrong keeps all from being set, and every wrong one is named.
	_, err := service.Set(w.As("ann"), preference.Values{preference.Theme: "dark", preference.Mouse: "perhaps", "size": "big"})
	var fields []string
	if f, ok := err.(*fault.Invalid); ok { //nolint:errorlint // a fault comes as it is
		for _, field := range f.Fields {
			fields = append(fields, field.Name)
		}
	}
	slices.Sort(fields)
	if !slices.Equal(fields, []string{"mouse", "name"}) || value("ann", preference.Theme) != "mono" {
		t.Errorf("faults are %v (%v), the theme is %s", fields, err, value("ann", preference.Theme))
	}
	if _, err := service.Set(w.As("ann"), preference.Values{preference.Theme: preference.Auto}); err != nil || value("ann", preference.Theme) != preference.Auto {
		t.Errorf("the theme is %s (%v)", value("ann", preference.Theme), err)
	}
	// A look that this build does not have is left to the terminal.
	other := preference.New(w.Gate, storage.NewPreferences(w.DB), preference.Offer{Themes: []string{"solarized"}})
	if _, err := other.Set(w.As("bob"), preference.Values{preference.Theme: "solarized"}); err != nil {
		t.Fatal(err)
	}
	if v := value("bob", preference.Theme); v != preference.Auto {
		t.Errorf("a look that is not there is %q", v)
	}
}
