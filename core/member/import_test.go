package member_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/audit"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/member"
	"reeve/core/message"
	"reeve/storage"
	"reeve/storage/storagetest"
)

func read(t *testing.T, text string) []member.Row {
	t.Helper()
	rows, _, err := member.ReadRows([]byte(text), member.Guess)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return rows
}

// say puts a message into its id and its values, which is enough to hold a test against.
func say(m message.Text) string { return fmt.Sprint(m.ID, m.Args) }

// told is a plan as one word for each row.
func told(p member.Plan) string {
	var words []string
	for _, d := range p.Rows {
		word := d.User + ":" + string(d.Result)
		for _, c := range d.Changes {
			word += "," + c.Op + " " + c.Code
		}
		for _, f := range d.Bad {
			word += "," + f.Name + " " + f.Text.ID
		}
		words = append(words, word)
	}
	return strings.Join(words, " | ")
}

func TestEveryWayOfWritingARowMeansTheSame(t *testing.T) {
	const end = "2026-12-31"
	want := []member.Row{{User: "zoe", Roles: []member.Wish{{Name: "develop"}, {Name: "o&m"}}, Until: end}, {User: "lin", Roles: []member.Wish{{Name: "Data Analyst"}}}}
	for _, text := range []string{
		"zoe develop, o&m until 2026-12-31\nlin Data Analyst\n",
		"zoe: develop; o&m | 2026-12-31\r\n\r\n# nobody\r\nlin = Data Analyst",
		"zoe\tdevelop,o&m\t2026-12-31\nlin\tData Analyst",
		"zoe,develop|o&m,2026-12-31\nlin,Data Analyst",
		"\ufeffuser,roles,until\nzoe,\"develop, o&m\",2026-12-31\nlin,Data Analyst,\n",
		"Account;Roles;Until\nzoe;develop|o&m;2026-12-31\nlin;Data Analyst",
		"until\trole\tid\tname\n2026-12-31\tdevelop;o&m\t7\tzoe\n\tData Analyst\t8\tlin\n",
		"角色,账号,到期\ndevelop、o&m,zoe,2026-12-31\nData Analyst,lin,",
		`[{"user":"zoe","roles":["develop","o&m"],"until":"2026-12-31"},{"name":"lin","roles":"Data Analyst","until":null}]`,
		`{"user":"zoe","roles":"develop, o&m","until":"2026-12-31"} {"user":"lin","roles":[{"name":"Data Analyst"}]}`,
		`{"members":[{"user":"zoe","roles":["develop, o&m"],"until":"2026-12-31"},{"user":"lin","roles":["Data Analyst"]}]}`,
	} {
		got := read(t, text)
		if len(got) != len(want) {
			t.Errorf("%q: %d rows", text, len(got))
			continue
		}
		for i := range got {
			if got[i].User != want[i].User || !slices.Equal(got[i].Roles, want[i].Roles) || got[i].Until != want[i].Until || len(got[i].Bad) > 0 || got[i].Line == 0 {
				t.Errorf("%q: row %d is %+v", text, i+1, got[i])
			}
		}
	}
}

func TestWhatCannotBeReadIsSaidOfItsRowOrOfAll(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "fault.import.empty",
		" \n# only this\n":                    "fault.import.empty",
		"user,roles,utnil\nzoe,develop,":      "fault.import.column",
		"user,roles,name\nzoe,develop,zoe":    "fault.import.column.twice",
		"[{\"user\":\"zoe\"":                  "fault.import.json",
		"\xff\xfeu\x00":                       "fault.import.utf8",
		strings.Repeat("u develop\n", 50_001): "fault.import.many",
	} {
		if _, _, err := member.ReadRows([]byte(text), member.Guess); reason(err) != want {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	if _, _, err := member.ReadRows([]byte("zoe develop"), "xlsx"); reason(err) != "fault.import.format" {
		t.Error(err)
	}
	for text, want := range map[string]string{
		"[7]":                                  "fault.import.object",
		`[null]`:                               "fault.import.object",
		`[{"user":"zoe","rolse":["develop"]}]`: "fault.import.column",
		`{"user":"zoe","user":"lin"}`:          "fault.import.key.twice",
		`{"user":"zoe","name":"lin"}`:          "fault.import.key.twice",
		`[{"user":"zoe","roles":[{"name":"o&m","until":null,"until":"90d"}]}]`: "fault.import.key.twice",
		`[{"user":7,"roles":["develop"]}]`:                                     "fault.import.value",
		`[{"user":"zoe","roles":[{"until":null}]}]`:                            "fault.import.value",
		`[{"user":"zoe","roles":["develop"],"until":12}]`:                      "fault.import.value",
		"user,roles\nzoe,develop,o&m,visitor":                                  "fault.import.cells",
		"user,roles\nzoe,dev\"elop":                                            "fault.import.csv",
	} {
		rows := read(t, text)
		if len(rows) != 1 || len(rows[0].Bad) == 0 || rows[0].Bad[0].Text.ID != want {
			t.Errorf("%q: %+v", text, rows)
		}
	}
}

// TestALineThatIsNoJSONIsHandedBackAlone holds that objects on lines of their own are rows of which each is read by itself, and that
// what is handed back of them can be mended where it stands.
func TestALineThatIsNoJSONIsHandedBackAlone(t *testing.T) {
	s := open(t, "bob", "cid", "dan", "eve")
	const broken = `{"user":"cid","roles":["develop"}`
	plan := s.importing(t, "ann", `{"user":"bob","roles":["develop"]}`+"\n\n"+broken+"\n"+`{"user":"dan","roles":["develop"]}`+"\n"+
		`{"user":"evy","roles":["develop"]}`+"\n"+`{"user":"eve","roles":["dev`, false)
	if got := told(plan); got != "bob:add,gain role_project_dev | :rejected,row fault.import.json.row | dan:add,gain role_project_dev | "+
		"evy:rejected,user fault.user.unknown | :rejected,row fault.import.json.row" {
		t.Error(got)
	}
	if plan.Rows[1].Row.Line != 3 || plan.Rows[2].Row.Line != 4 {
		t.Errorf("the rows stand on lines %d and %d", plan.Rows[1].Row.Line, plan.Rows[2].Row.Line)
	}
	data, err := member.WriteRows(plan.Written(say), member.JSON)
	if err != nil || !strings.Contains(string(data), "\n"+broken+"\n") || !member.HandedBack(data) {
		t.Fatalf("handed back %s (%v)", data, err)
	}
	if got := told(s.importing(t, "ann", string(data), false)); strings.Count(got, "rejected") != 3 {
		t.Errorf("what is handed back is read as %s", got)
	}
	mended := strings.NewReplacer(`["develop"}`, `["develop"]}`, "evy", "eve", `["dev`+"\n", `["develop"]}`).Replace(string(data))
	if got := told(s.importing(t, "ann", mended, false)); got != "cid:add,gain role_project_dev | eve:add,gain role_project_dev | eve:same" {
		t.Errorf("mended: %s\n%s", got, mended)
	}
}

func TestAListThatIsNoJSONIsRefusedOnItsLine(t *testing.T) {
	for text, line := range map[string]int{
		"[\n{\"user\":\"bob\"},\n{\"user\": cid},\n{\"user\":\"dan\"}\n]":         3,
		"[\n{\"user\":\"bob\"},\n{\"user\":\"cid\"}\n":                            3,
		"{\"members\": [\n{\"user\":\"bob\"},\n{\"user\":\"cid\",}\n]}":           3,
		"{\"user\":\"bob\",\"roles\":[\n{\"name\":\"develop\"}\n],,\n}":           3,
		"{\n\"user\": \"bob\",\n\"roles\": [develop]\n}\n{\n\"user\": \"cid\"\n}": 3,
	} {
		_, _, err := member.ReadRows([]byte(text), member.Guess)
		var wrong *fault.Invalid
		if !errors.As(err, &wrong) || wrong.Fields[0].Text.ID != "fault.import.json" || wrong.Fields[0].Text.Args["Line"] != line {
			t.Errorf("%s\nis refused with %v", text, err)
		}
	}
}

func (s story) importing(t *testing.T, by, text string, exactly bool) member.Plan {
	t.Helper()
	in := member.Import{Rows: read(t, text), Exactly: exactly}
	plan, err := s.members.Plan(s.As(by), s.ref, in)
	if err != nil {
		t.Fatal(err)
	}
	in.Seen = plan.Fingerprint
	done, err := s.members.Import(s.As(by), s.ref, in)
	if err != nil || told(done) != told(plan) {
		t.Fatalf("carried out %s (%v), shown was %s", told(done), err, told(plan))
	}
	return plan
}

func TestAnImportAddsAndTakesNothingAway(t *testing.T) {
	s := open(t, "bob", "cid", "dan")
	s.add(t, "ann", "bob", "develop")
	s.add(t, "ann", "cid", "develop", "visitor")
	got := told(s.importing(t, "ann", "bob visitor\ncid develop\ndan o&m until 2026-12-31\nann workspace administrator until 2026-12-31\nroot role_project_owner", false))
	want := "bob:change,gain role_project_guest | cid:same | dan:add,gain role_project_pe | ann:same | root:same"
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if held := s.held(t, "bob"); len(held) != 2 {
		t.Errorf("bob holds %+v", held)
	}
	if held := s.held(t, "dan"); len(held) != 1 || held[0].Until == nil || held[0].Until.Format(time.DateOnly) != "2027-01-01" {
		t.Errorf("dan holds %+v", held)
	}
	if again := s.importing(t, "ann", "bob visitor\ndan o&m until 2026-12-31", false); !again.Empty() || told(again) != "bob:same | dan:same" {
		t.Errorf("the second time: %s", told(again))
	}
}

func TestAnImportMakesItExactlyThis(t *testing.T) {
	s := open(t, "bob", "cid", "dan", "eve")
	for _, who := range []string{"bob", "cid", "dan"} {
		s.add(t, "ann", who, "develop")
	}
	got := told(s.importing(t, "ann", "ann,role_project_admin\nbob,visitor\ncid,develop,2026-12-31\neve,develop", true))
	want := "ann:same | bob:change,lose role_project_dev,gain role_project_guest | cid:change,until role_project_dev | " +
		"eve:add,gain role_project_dev | dan:remove,lose role_project_dev"
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	page, err := s.members.List(s.As("ann"), s.ref, list.Query{})
	if err != nil || len(page.Items) != 5 { // root, ann, bob, cid, eve
		t.Errorf("members %+v (%v)", page.Items, err)
	}
}

func TestBadRowsAreHandedBackAndTheOthersStand(t *testing.T) {
	s := open(t, "bob", "cid", "dan")
	s.add(t, "ann", "dan", "develop")
	text := "user,roles,until\nbob,develop,\nbobb,develop,\ncid,develp,\nbob,visitor,\nbob,develop,\ncid,develop,2020-01-01\ncid,project owner,\ncid,,\n,develop,\n" +
		"root,develop,\ncid,develop,soon\ncid,develop;develop (2027-01-01),\n"
	plan := s.importing(t, "ann", text, true)
	got := told(plan)
	want := strings.Join([]string{"bob:add,gain role_project_dev", "bobb:rejected,user fault.user.unknown", "cid:rejected,roles fault.role.unknown",
		"bob:rejected,user fault.import.twice", "bob:same", "cid:rejected,until fault.until.past", "cid:rejected,roles fault.role.not_assignable",
		"cid:rejected,roles fault.member.no_role", ":rejected,user fault.import.nobody", "root:rejected,roles fault.member.owner",
		"cid:rejected,until fault.import.until", "cid:rejected,roles fault.import.role.twice"}, " | ")
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if plan.HeldBack != 2 { // ann and dan: bobb and the row without a name may be either
		t.Errorf("%d are held back", plan.HeldBack)
	}
	if why := plan.Rejects()[0].Why(say); !strings.Contains(why, "bob") || !strings.Contains(why, "import.nearest") {
		t.Errorf("the first is handed back with %s", why)
	}
	for _, format := range member.Formats() {
		data, err := member.WriteRows(plan.Written(say), format)
		if err != nil {
			t.Fatal(err)
		}
		back, _, err := member.ReadRows(data, format)
		if err != nil || len(back) != len(plan.Rejects()) || back[1].User != "cid" || back[1].Roles[0].Name != "develp" {
			t.Errorf("%s: handed back %s, which is read as %+v (%v)", format, data, back, err)
		}
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	s := open(t, "bob", "cid")
	s.add(t, "ann", "cid", "develop")
	if got := told(s.importing(t, "root", "bob develop", true)); got != "bob:add,gain role_project_dev | ann:kept,roles fault.member.last_admin | cid:remove,lose role_project_dev" {
		t.Error(got)
	}
	if got := told(s.importing(t, "root", "ann develop\nbob develop", true)); got != "ann:rejected,roles fault.member.last_admin | bob:same" {
		t.Error(got)
	}
	if got := told(s.importing(t, "root", "bob workspace administrator", true)); got != "bob:change,lose role_project_dev,gain role_project_admin | ann:remove,lose role_project_admin" {
		t.Error(got)
	}
}

func TestWhoImportsHandsOutNoMoreThanTheyHold(t *testing.T) {
	s := open(t, "bob", "cid")
	in := member.Import{Rows: read(t, "cid develop")}
	if _, err := s.members.Import(s.As("bob"), s.ref, in); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("a stranger: %v", err)
	}
	s.strict(t)
	if _, err := s.roles.Create(s.As(storagetest.Owner), s.ref, "closed", none()); err != nil {
		t.Fatal(err)
	}
	s.add(t, storagetest.Owner, "bob", "workspace administrator")
	if _, err := s.members.SetRoles(s.As(storagetest.Owner), s.ref, member.Batch{Users: []string{"bob"}, Roles: []string{"workspace administrator", "closed"}}); err != nil {
		t.Fatal(err)
	}
	got := told(s.importing(t, "bob", "cid develop", false))
	if !strings.Contains(got, "fault.own.exceeds") {
		t.Error(got)
	}
	lift := member.Import{Rows: read(t, "bob workspace administrator\nann workspace administrator"), Exactly: true}
	if _, err := s.members.Import(s.As("bob"), s.ref, lift); reason(err) != "fault.own.raise" {
		t.Errorf("lifting oneself: %v", err)
	}
	loss := member.Import{Rows: read(t, "bob workspace administrator"), Exactly: true}
	if _, err := s.members.Import(s.As("ann"), s.ref, loss); reason(err) != "fault.own.loss" {
		t.Errorf("taking oneself out: %v", err)
	}
}

func TestNothingIsDoneWhenItIsNoLongerWhatWasShown(t *testing.T) {
	s := open(t, "bob")
	in := member.Import{Rows: read(t, "bob develop")}
	plan, err := s.members.Plan(s.As("ann"), s.ref, in)
	if err != nil {
		t.Fatal(err)
	}
	s.add(t, "ann", "bob", "visitor")
	in.Seen = plan.Fingerprint
	if _, err := s.members.Import(s.As("ann"), s.ref, in); reason(err) != "fault.import.changed" || fault.KindOf(err) != fault.KindConflict {
		t.Errorf("%v", err)
	}
}

func TestTwoThousandRowsWithThreeBadOnesAreOneEntry(t *testing.T) {
	var names, lines []string
	for i := range 2000 {
		name := fmt.Sprintf("user%04d", i)
		if i == 7 || i == 1900 {
			lines = append(lines, name+"x develop")
			continue
		}
		names, lines = append(names, name), append(lines, name+" develop, visitor")
	}
	lines[42] = names[41] + " no such role"
	s := open(t, names...)
	plan := s.importing(t, "ann", strings.Join(lines, "\n"), false)
	if plan.Count[member.Adds] != 1997 || plan.Count[member.Rejected] != 3 {
		t.Fatalf("%v", plan.Count)
	}
	entries, err := audit.New(s.Gate, storage.NewAudit(s.DB), nil).List(s.As(storagetest.Owner), audit.Search{})
	if err != nil || len(entries.Items) != 1 || entries.Items[0].Action != "member.import" {
		t.Errorf("%d entries (%v)", len(entries.Items), err)
	}
	exported, err := s.members.Export(s.As("ann"), s.ref, nil)
	if err != nil || len(exported) != 1999 {
		t.Fatalf("%d rows (%v)", len(exported), err)
	}
	for _, format := range member.Formats() {
		data := writtenAs(t, exported, format)
		if again := s.importing(t, "ann", data, true); again.Count[member.Same] != 1999 || len(again.Rows) != 1999 {
			t.Errorf("%s: importing what was exported is %v", format, again.Count)
		}
	}
}

func TestAnExportKeepsEveryEnd(t *testing.T) {
	s := open(t, "bob", "cid")
	until := s.Now().Add(time.Hour)
	in := member.Batch{Users: []string{"bob"}, Roles: []string{"develop", "o&m", "data analyst"}, Ends: map[string]time.Time{"o&m": until, "data analyst": until.Add(time.Hour)}}
	if _, err := s.members.Add(s.As("ann"), s.ref, in); err != nil {
		t.Fatal(err)
	}
	in = member.Batch{Users: []string{"cid"}, Roles: []string{"develop", "o&m"}, Until: until}
	if _, err := s.members.Add(s.As("ann"), s.ref, in); err != nil {
		t.Fatal(err)
	}
	exported, err := s.members.Export(s.As("ann"), s.ref, list.ParseFilter("role:develop"))
	if err != nil || len(exported) != 2 {
		t.Fatalf("%+v (%v)", exported, err)
	}
	for _, format := range member.Formats() {
		data, err := member.WriteRows([]member.Written{{Row: exported[0]}, {Row: exported[1]}, {Row: member.Row{User: "ann", Roles: []member.Wish{{Name: "Workspace Administrator"}}}}}, format)
		if err != nil {
			t.Fatal(err)
		}
		if got := told(s.importing(t, "ann", string(data), true)); got != "bob:same | cid:same | ann:same" {
			t.Errorf("%s: %s\n%s", format, got, data)
		}
	}
}

// TestARoleWhoseNameReadsLikeAnEndComesBackAsItself holds that no format takes a part of a name for when a role ends.
func TestARoleWhoseNameReadsLikeAnEndComesBackAsItself(t *testing.T) {
	s := open(t, "bob", "cid", "dan")
	until := s.Now().Add(time.Hour)
	for _, name := range []string{"ops1", "ops1 until 2027-12-31", "İops", "until 2028"} {
		if _, err := s.roles.Create(s.As("ann"), s.ref, name, none()); err != nil {
			t.Fatal(err)
		}
	}
	for who, in := range map[string]member.Batch{
		"bob": {Roles: []string{"ops1 until 2027-12-31"}},
		"cid": {Roles: []string{"ops1 until 2027-12-31", "ops1", "until 2028", "develop"}, Ends: map[string]time.Time{"ops1": until}},
		"dan": {Roles: []string{"İops", "develop"}, Until: until},
	} {
		in.Users = []string{who}
		if _, err := s.members.Add(s.As("ann"), s.ref, in); err != nil {
			t.Fatal(err)
		}
	}
	exported, err := s.members.Export(s.As("ann"), s.ref, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range member.Formats() {
		data := writtenAs(t, exported, format)
		if got := told(s.importing(t, "ann", data, true)); got != "ann:same | bob:same | cid:same | dan:same | root:same" {
			t.Errorf("%s: %s\n%s", format, got, data)
		}
		if strings.Contains(string(data), "base_role_") != (format == member.Lines) || !strings.Contains(string(data), "ops1 (until") && format != member.JSON {
			t.Errorf("%s names roles by their codes where it need not, or not where it must:\n%s", format, data)
		}
	}
}

// TestTheFirstEndOfAListIsNoEndOfTheOtherRoles holds that what a list of members says of a row is told from what an import says.
func TestTheFirstEndOfAListIsNoEndOfTheOtherRoles(t *testing.T) {
	const head, row = "name,roles,until,added_at\n", "bob,\"develop (until 2026-12-31), o&m\","
	for text, want := range map[string]string{
		head + row + "2026-12-31,":                        "",
		head + row + ",":                                  "",
		head + "bob,\"develop, o&m\",2026-12-31,":         "2026-12-31",
		"name,roles,until\n" + row + "2026-12-31":         "2026-12-31",
		"name,roles,until,status\n" + row + "2027-06-30,": "2027-06-30",
	} {
		if rows := read(t, text); len(rows) != 1 || rows[0].Until != want || len(rows[0].Bad) > 0 || len(rows[0].Roles) != 2 {
			t.Errorf("%q: %+v", text, rows)
		}
	}
	if rows := read(t, head+row+"2027-06-30,"); len(rows[0].Bad) != 1 || rows[0].Bad[0].Text.ID != "fault.import.until.list" {
		t.Errorf("an end that was changed in the list: %+v", rows)
	}
}

func TestAPreviewOfAnImportSaysWhoLosesWhat(t *testing.T) {
	s := open(t, "bob")
	s.add(t, "ann", "bob", "develop")
	out, err := s.members.PreviewImport(s.As("ann"), s.ref, member.Import{Rows: read(t, "ann workspace administrator"), Exactly: true})
	if err != nil || len(out.Effect.Losses) == 0 {
		t.Errorf("%+v (%v)", out.Effect, err)
	}
	if held := s.held(t, "bob"); len(held) != 1 {
		t.Errorf("the preview was carried out: %+v", held)
	}
	var denied *fault.Denied
	if _, err := s.members.Export(control.WithActor(context.Background(), control.Actor{}), s.ref, nil); !errors.As(err, &denied) {
		t.Errorf("an export by nobody: %v", err)
	}
}

func none() access.Levels { return access.AllWorkspace(access.None) }

// writtenAs is what an export has in a format.
func writtenAs(t *testing.T, exported []member.Row, format member.Format) string {
	t.Helper()
	rows := make([]member.Written, len(exported))
	for i, r := range exported {
		rows[i].Row = r
	}
	data, err := member.WriteRows(rows, format)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
