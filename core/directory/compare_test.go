package directory_test

import (
	"testing"

	"reeve/core/access"
	"reeve/core/directory"
)

// TestNamesOfADirectoryAreNormalised holds that a name comes in as people have to type it, that one kept otherwise before is still known
// and is made so, and that groups which name their members still find them.
func TestNamesOfADirectoryAreNormalised(t *testing.T) {
	const typed, decomposed = "Am\u00e9lie", "Ame\u0301lie"
	reading := directory.Reading{Full: true, Users: []directory.Entry{{ID: "1", DN: "uid=1", Name: decomposed}, {ID: "2", DN: "uid=2", Name: "ｂo"}},
		Groups: []directory.GroupEntry{{ID: "3", DN: "cn=3", Name: "ｇroup", Members: []string{"uid:am\u00e9lie", "uid:bo"}}}}
	fresh := directory.Compare(directory.Stand{}, reading, true)
	if len(fresh.Add) != 2 || fresh.Add[0].Name != typed || fresh.Add[1].Name != "bo" || fresh.AddGroups[0].Name != "group" || len(fresh.Faults)+fresh.Unknown != 0 {
		t.Errorf("new are %+v", fresh)
	}
	old := directory.Known{ID: 7, Entry: directory.Entry{ID: "1", DN: "uid=1", Name: decomposed}}
	again := directory.Compare(directory.Stand{Known: []directory.Known{old}, Names: map[string]access.PrincipalID{"ame\u0301lie": 7}}, reading, true)
	if len(again.Vanish) != 0 || len(again.Change) != 1 || again.Change[0].Now.Name != typed {
		t.Errorf("who was kept otherwise: %+v", again)
	}
}
