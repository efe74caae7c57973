package question_test

import (
	"strings"
	"testing"

	"reeve/assets"
	"reeve/core/access"
	"reeve/core/question"
)

func TestPointsAreThoseOfTheBuiltinRoles(t *testing.T) {
	table, err := question.LoadPoints(assets.Points())
	if err != nil {
		t.Fatal(err)
	}
	roles, err := access.LoadBuiltins(assets.Roles())
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Points) != 143 || len(table.Roles) != len(roles) {
		t.Fatalf("%d points of %d roles, want 143 of %d", len(table.Points), len(table.Roles), len(roles))
	}
	for i, r := range roles {
		if table.Roles[i] != r.Code {
			t.Errorf("column %d is of %s, want %s", i, table.Roles[i], r.Code)
		}
	}
	ticks := map[question.Tick]int{}
	for _, p := range table.Points {
		for _, tick := range p.Ticks {
			ticks[tick]++
		}
	}
	for _, tick := range []question.Tick{question.Unknown, question.No, question.Yes} {
		if ticks[tick] == 0 {
			t.Errorf("no cell says %s", tick)
		}
	}
	if question.Unknown.Granted() || question.No.Granted() || !question.Yes.Granted() {
		t.Error("something but yes is granted")
	}
}

func TestFaultyPointsAreToldByLine(t *testing.T) {
	const head = "module,module_zh,point,point_zh,basis,a,b\n"
	for text, want := range map[string]string{
		"":                                "no columns of roles",
		"module,x\n":                      "no columns of roles",
		head + "M,模,p,,table,yes,maybe\n": `line 2: a cell says "maybe"`,
		head + "M,模,p,,rumour,yes,no\n":   `line 2: there is no basis "rumour"`,
		head + "M,,p,,table,yes,no\n":     "line 2: a name is missing",
		head + "M,模,p,,table,yes\n":       "wrong number of fields",
		head + "M,模,p,,table,yes,no\nM,模,p,,table,yes,no\n": "line 3: M, p stands twice",
	} {
		if _, err := question.LoadPoints([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
