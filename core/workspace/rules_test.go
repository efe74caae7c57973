package workspace_test

import (
	"slices"
	"strings"
	"testing"

	"reeve/core/fault"
	"reeve/core/workspace"
)

func TestTheStatesAreThoseOfTheInterface(t *testing.T) {
	words := map[workspace.Status]struct {
		api  string
		code int
	}{
		workspace.Normal: {"Available", 0}, workspace.Deleted: {"Deleted", 1}, workspace.Initializing: {"Initializing", 2},
		workspace.InitFailed: {"InitFailed", 3}, workspace.Disabled: {"Forbidden", 4}, workspace.Deleting: {"Deleting", 5},
		workspace.DeleteFailed: {"DeleteFailed", 6}, workspace.Overdue: {"Frozen", 7}, workspace.Updating: {"Updating", 8},
		workspace.UpdateFailed: {"UpdateFailed", 9},
	}
	states := workspace.States()
	if len(states) != len(words) {
		t.Errorf("%d states, want %d", len(states), len(words))
	}
	reached := map[workspace.Status]bool{workspace.Initializing: true}
	for _, s := range states {
		if want := words[s.Status]; s.API != want.api || s.Code != want.code {
			t.Errorf("%s is %s, %d", s.Status, s.API, s.Code)
		}
		for _, to := range s.Leads {
			reached[to] = true
		}
		if len(s.Leads) == 0 {
			t.Errorf("nothing leads out of %s", s.Status)
		}
	}
	for _, s := range states {
		if !reached[s.Status] {
			t.Errorf("nothing leads to %s", s.Status)
		}
	}
}

func TestAWrongStateSaysItselfAndWhatIsPossible(t *testing.T) {
	for status, c := range map[workspace.Status]struct {
		event workspace.Event
		want  string // the reason, empty for allowed
	}{
		workspace.Normal:       {workspace.EventDisable, ""},
		workspace.Disabled:     {workspace.EventDisable, "fault.workspace.already.disabled"},
		workspace.Overdue:      {workspace.EventEnable, "fault.workspace.state"},
		workspace.Deleted:      {workspace.EventDelete, "fault.workspace.already.deleted"},
		workspace.Updating:     {workspace.EventUpgrade, "fault.workspace.state"},
		workspace.InitFailed:   {workspace.EventDelete, ""},
		workspace.Initializing: {workspace.EventDelete, "fault.workspace.state"},
		workspace.DeleteFailed: {workspace.EventEdit, "fault.workspace.state"},
		"gone":                 {workspace.EventEdit, "fault.workspace.state"},
	} {
		err := workspace.Workspace{Name: "w", Status: status}.Allows(c.event)
		got := ""
		if err != nil {
			refused, ok := err.(*fault.Refused) //nolint:errorlint // Allows returns it as it is
			if !ok {
				t.Fatalf("%s: %v", status, err)
			}
			got = refused.Reason.ID
			possible := len(workspace.StateOf(status).Possible()) > 0
			if got == "fault.workspace.state" && possible != (refused.Way.ID != "") {
				t.Errorf("%s: the way out is %q", status, refused.Way.ID)
			}
		}
		if got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.event, status, got, c.want)
		}
	}
}

func TestAllowedAddresses(t *testing.T) {
	for entry, want := range map[string]string{
		"8.8.8.8": "", "8.8.8.8:443": "", "8.8.8.8:8000-8080": "", "2001:4860:4860::8888": "", "[2001:4860:4860::8888]": "", "[2001:4860:4860::8888]:53": "",
		"example.com": "", "a-b.example.com:1": "", "bücher.example": "", "例え.テスト:65535": "", "example.com.": "", "sub_domain.example.com": "form",
		"": "form", "example": "form", "localhost": "internal", "db.local": "internal", "127.0.0.1": "internal", "10.0.0.1:80": "internal", "192.168.1.1": "internal",
		"172.16.0.1": "internal", "100.64.0.1": "internal", "169.254.1.1": "internal", "0.0.0.0": "internal", "224.0.0.1": "internal", "::1": "internal", "fd00::1": "internal",
		"fe80::1%eth0": "internal", "[::1]:80": "internal", "::ffff:10.0.0.1": "internal", "255.255.255.255": "internal",
		"8.8.8.8:": "form", ":80": "form", "8.8.8.8:0": "port", "8.8.8.8:65536": "port", "8.8.8.8:90-80": "port", "8.8.8.8:80-": "port", "8.8.8.8:+80": "port", "8.8.8.8:080": "port",
		"8.8.8": "form", "8.8.8.8.8": "form", "256.1.1.1": "form", "8.8.8.0/24": "form", "http://example.com": "form", "-a.example": "form", "a..b": "form",
		"[8.8.8.8]": "form", "[2001:db8::1": "form", "[2001:4860::1]x": "form", "2001:zz::1": "form", "*.example.com": "form", "exa mple.com": "form", strings.Repeat("a", 64) + ".com": "form",
	} {
		what, bad := workspace.AllowedFault(entry)
		got := strings.TrimPrefix(what.ID, "fault.workspace.allowed.")
		if got != want || bad != (want != "") {
			t.Errorf("%q: %q, want %q", entry, got, want)
		}
	}
}

func TestLinksAreAddressesOfTheWeb(t *testing.T) {
	for template, good := range map[string]bool{
		"https://example.com/{region}/{workspace}?id={workspace_id}": true, "http://example.com": true, "https://{region}.example.com:8443/x#y": true,
		"": false, "example.com": false, "ftp://example.com": false, "javascript:alert(1)": false, "https://": false, "https:///x": false,
		"https://example.com/{place}": false, "https://example.com/{region": false, "https://a:b@example.com/": false, "https://example.com/a b": false,
		"https://example.com/\x1b": false, "file:///etc/passwd": false, "https://example.com/" + strings.Repeat("a", 2000): false,
	} {
		if _, bad := workspace.LinkFault(template); bad == good {
			t.Errorf("%q is good: %v", template, !bad)
		}
	}
	l := workspace.Link{URL: "https://{region}.example.com/{workspace}/{workspace_id}"}
	if got := l.At(workspace.Workspace{ID: 7, Region: "cn-hangzhou", Name: "sales_dw"}); got != "https://cn-hangzhou.example.com/sales_dw/7" {
		t.Errorf("the address is %s", got)
	}
}

func TestSettingsHaveRulesAndTexts(t *testing.T) {
	w := workspace.Workspace{Name: "w", Settings: workspace.DefaultSettings()}
	w.DisplayName = "W"
	for key, values := range map[string]map[string]bool{
		"display_name":            {"Sales": true, "": false, strings.Repeat("x", 61): false, "a\tb": false},
		"periodic_scheduling":     {"on": true, "OFF": true, "true": true, "0": true, "maybe": false, "": false},
		"cycle_time":              {"": true, "00:00": true, "23:59": true, "24:00": false, "1:30": false, "12:60": false, "+1:00": false, "noon": false},
		"rerun_policy":            {"all-allowed": true, "FAILURE_ALLOWED": true, "all-denied": true, "sometimes": false},
		"reruns":                  {"1": true, "10": true, "0": false, "11": false, "-1": false, "3.5": false, "": false},
		"rerun_interval":          {"1": true, "30": true, "31": false, "0": false},
		"personal_dev_shutdown":   {"off": true, "0": true, "10": true, "10080": true, "9": false, "10081": false, "soon": false, "": false},
		"sandbox_allowlist":       {"": true, "example.com, 8.8.8.8:80": true, "example.com,here": false},
		"tags":                    {"": true, "a=b,c=d": true, "a": true, "=b": false, "aliyun=1": false, "acs:x=1": false, "a=https://x": false, "a=b,a=c": false},
		"download_select_results": {"yes": true, "perhaps": false},
	} {
		for value, good := range values {
			if _, bad := workspace.SettingFault(w, key, value); bad == good {
				t.Errorf("%s=%q is good: %v", key, value, !bad)
			}
		}
	}
	seen := map[string]bool{}
	for _, s := range workspace.AllSettings() {
		if seen[s.Key] {
			t.Errorf("%s is there twice", s.Key)
		}
		seen[s.Key] = true
		// What a setting is can be written back.
		if what, bad := workspace.SettingFault(w, s.Key, s.Text(w)); bad && s.Key != "personal_dev_shutdown" {
			t.Errorf("%s is %q, which is not taken: %s", s.Key, s.Text(w), what.ID)
		}
	}
	if _, ok := workspace.FindSetting("ReRuns"); !ok {
		t.Error("keys are told apart by case")
	}
}

func TestManyTagsAreRefused(t *testing.T) {
	var words []string
	for i := range workspace.MaxTags + 1 {
		words = append(words, strings.Repeat("k", i+1)+"=v")
	}
	if _, bad := workspace.SettingFault(workspace.Workspace{}, "tags", strings.Join(words, ",")); !bad {
		t.Error("more tags than there may be are taken")
	}
	if _, bad := workspace.SettingFault(workspace.Workspace{}, "tags", strings.Join(words[:workspace.MaxTags], ",")); bad {
		t.Error("as many tags as there may be are refused")
	}
}

// fields are the names of the fields that an error is about.
func fields(err error) []string {
	invalid, ok := err.(*fault.Invalid) //nolint:errorlint // services return it as it is
	if !ok {
		return nil
	}
	var names []string
	for _, f := range invalid.Fields {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
