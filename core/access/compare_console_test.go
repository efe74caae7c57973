package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// consoleStory is a world in which ann and bob hold policies, written as a letter for
// each in order, and what they say.
func consoleStory(t *testing.T, policies []Statement, held map[PrincipalID]string) *Snapshot {
	t.Helper()
	st := smallState(t)
	for i, s := range policies {
		st.Documents = append(st.Documents, Document{ID: PolicyID(1000 + i), Statements: []Statement{s}}) //nolint:gosec // few
	}
	for _, p := range []PrincipalID{ann, bob} {
		for _, letter := range held[p] {
			st.Attachments = append(st.Attachments, Attachment{
				ID: GrantID(len(st.Attachments) + 1), Principal: p, Policy: PolicyID(1000 + letter - 'a'), //nolint:gosec // few
			})
		}
	}
	return compiled(t, st)
}

func onPages(deny bool, action string, resources ...string) Statement {
	return Statement{Deny: deny, Actions: []string{"dataworks:" + action}, Resources: resources, Scopes: []string{ScopePage}}
}

// told puts changes of the console into one line, without what all have in common.
func told(e Effect) string {
	var list []string
	for i, changes := range [][]ConsoleChange{e.ConsoleLosses, e.ConsoleGains} {
		for _, c := range changes {
			list = append(list, fmt.Sprint("-+"[i:i+1], strings.TrimPrefix(c.Action, "dataworks:"), " ",
				strings.TrimPrefix(c.Resource, "acs:dataworks:"), " ", c.Principals))
		}
	}
	return strings.Join(list, ", ")
}

// What policies say of a region or of a thing is told, by its name.
func TestPreviewOfPoliciesAboutARegionOrAThing(t *testing.T) {
	const disable = "DisableWorkspace"
	regional := func(region string) Statement {
		return onPages(false, "CreateWorkspace", "acs:dataworks:"+region+":*:workspace/*")
	}
	risk := onPages(true, disable, "acs:dataworks:*:*:workspace/risk_dw")
	everywhere, inHangzhou := onPages(false, disable, "*"), onPages(false, disable, "acs:dataworks:cn-hangzhou:*")
	type who = map[PrincipalID]string
	both := func(s ...Statement) [2][]Statement { return [2][]Statement{s, s} }
	for name, c := range map[string]struct {
		policies [2][]Statement // before and after
		was, is  who
		want     string
	}{
		"an Allow of a region is attached": {both(regional("cn-hangzhou")), nil, who{ann: "a", bob: "a"},
			"+CreateWorkspace cn-hangzhou:*:workspace/* [3 4]"},
		"and detached": {both(regional("cn-hangzhou")), who{ann: "a", bob: "a"}, who{bob: "a"}, "-CreateWorkspace cn-hangzhou:*:workspace/* [3]"},
		"and changed to another": {[2][]Statement{{regional("cn-hangzhou")}, {regional("cn-shanghai")}}, who{ann: "a"}, who{ann: "a"},
			"-CreateWorkspace cn-hangzhou:*:workspace/* [3], +CreateWorkspace cn-shanghai:*:workspace/* [3]"},
		"a Deny on one workspace": {both(everywhere, risk), who{ann: "a", bob: "b"}, who{ann: "ab", bob: "b"}, "-DisableWorkspace *:*:workspace/risk_dw [3]"},
		"and its end":             {both(everywhere, risk), who{ann: "ab"}, who{ann: "a"}, "+DisableWorkspace *:*:workspace/risk_dw [3]"},
		"a Deny takes where an Allow gave": {both(inHangzhou, risk), who{ann: "a"}, who{ann: "ab"},
			"-DisableWorkspace cn-hangzhou:*:workspace/risk_dw [3]"},
		"a Deny takes from who may nothing": {both(risk), nil, who{ann: "a"}, ""},
		"an Allow of what is had":           {both(everywhere, inHangzhou), who{ann: "a"}, who{ann: "ab"}, ""},
		"the wider of two goes":             {both(everywhere, inHangzhou), who{ann: "ab"}, who{ann: "b"}, "-DisableWorkspace  [3]"},
		"a Deny with stars in the middle": {
			both(everywhere, onPages(true, disable, "acs:dataworks:*:*:workspace/risk_*_dw"), onPages(false, disable, "acs:dataworks:*:*:workspace/*_eu_*")),
			who{ann: "a"}, who{ann: "ab"}, "-DisableWorkspace *:*:workspace/risk_*_dw [3]",
		},
		"where two patterns meet": {
			both(onPages(false, disable, "acs:dataworks:*:*:workspace/risk_*"), onPages(true, disable, "acs:dataworks:*:*:workspace/*_dw")),
			who{ann: "a"}, who{ann: "ab"}, "-DisableWorkspace *:*:workspace/risk_*_dw [3], -DisableWorkspace *:*:workspace/risk_dw [3]",
		},
		"a gain with an exception that was had": {
			[2][]Statement{{onPages(false, disable, "*"), onPages(true, disable, "*"), risk}, {onPages(false, disable, "*"), risk, risk}},
			who{ann: "ab"}, who{ann: "ac"}, "+DisableWorkspace  [3]",
		},
		"what is narrower and opposite": {
			[2][]Statement{{onPages(false, disable, "acs:dataworks:*:*:workspace/risk_dw")}, {onPages(false, disable, "*"), risk}},
			who{ann: "a"}, who{ann: "ab"}, "-DisableWorkspace *:*:workspace/risk_dw [3], +DisableWorkspace  [3]",
		},
		"one workspace, of what is never about one": {both(onPages(false, "CreateWorkspace", "acs:dataworks:*:*:workspace/risk_dw")), nil, who{ann: "a"}, ""},
		"another service": {both(onPages(false, disable, "acs:ecs:*:*:workspace/risk_dw")), nil, who{ann: "a"}, ""},
	} {
		got := told(Compare(consoleStory(t, c.policies[0], c.was), consoleStory(t, c.policies[1], c.is)))
		if got != c.want {
			t.Errorf("%s: told %q, want %q", name, got, c.want)
		}
	}
}

// What two patterns come to matches exactly what both of them match.
func TestMeet(t *testing.T) {
	var texts []string
	for n, last := 0, []string{""}; n < 6; n++ {
		texts = append(texts, last...)
		var next []string
		for _, text := range last {
			next = append(next, text+"a", text+"b")
		}
		last = next
	}
	rnd := newRand(7)
	some := func() (pattern string) {
		for range rnd.IntN(6) {
			pattern += pick(rnd, []string{"a", "b", "?", "*", "*"})
		}
		return pattern
	}
	for range 2000 {
		a, b := some(), some()
		list := meet(a, b)
		for _, text := range texts {
			in := func(pattern string) bool { return naiveMatch([]rune(pattern), []rune(text), false) }
			if got, want := slices.ContainsFunc(list, in), in(a) && in(b); got != want {
				t.Fatalf("%q and %q come to %q: %q is %v", a, b, list, text, got)
			}
		}
	}
}

// Policies that nobody writes by hand do not keep a preview waiting.
func TestCompareOfManyResources(t *testing.T) {
	var regions, names []string
	for i := range 300 {
		regions = append(regions, fmt.Sprintf("acs:dataworks:cn-%d:*", i))
		names = append(names, fmt.Sprintf("acs:dataworks:*:*:workspace/*%d*", i))
	}
	policies := []Statement{onPages(false, "DisableWorkspace", regions...), onPages(true, "DisableWorkspace", names...)}
	e := Compare(consoleStory(t, policies, map[PrincipalID]string{ann: "b"}), consoleStory(t, policies, map[PrincipalID]string{ann: "ab"}))
	if len(e.ConsoleGains) != 300 || len(e.ConsoleLosses) != 0 {
		t.Errorf("%d gains and %d losses", len(e.ConsoleGains), len(e.ConsoleLosses))
	}
}
