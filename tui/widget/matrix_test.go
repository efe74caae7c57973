package widget_test

import (
	"testing"

	"reeve/tui/widget"
)

func levels(m *widget.Matrix) string {
	s := ""
	for _, r := range m.Rows() {
		s += [...]string{"n", "r", "w"}[r.Level]
	}
	return s
}

func TestMatrixPaints(t *testing.T) {
	rows := []widget.MatrixRow{{Label: "a"}, {Label: "b", Level: 1, Original: 1}, {Label: "c", Level: 2, Original: 2}}
	for name, tc := range map[string]struct {
		keys, want string
		changed    int
	}{
		"one level":                       {"w", "wrw", 1},
		"in another row":                  {"down n", "nnw", 1},
		"back to the stored one":          {"w n", "nrw", 0},
		"all":                             {"R", "rrr", 2},
		"under the cursor":                {"right right space", "wrw", 1},
		"the next one":                    {"tab tab tab", "nrw", 0},
		"undo of one":                     {"w down n u", "wrw", 1},
		"undo of all is one step":         {"w R u", "wrw", 1},
		"undo of nothing":                 {"u u", "nrw", 0},
		"what changes nothing is no step": {"r r u", "nrw", 0},
		"the cursor stays inside":         {"up up left left space G down w", "nrw", 0},
	} {
		t.Run(name, func(t *testing.T) {
			m := widget.NewMatrix(rows)
			press(t, tc.keys, m.HandleKey)
			if levels(m) != tc.want || m.Changed() != tc.changed {
				t.Errorf("got %s with %d changed, want %s with %d", levels(m), m.Changed(), tc.want, tc.changed)
			}
		})
	}
}

func TestReadOnlyMatrixMovesOnly(t *testing.T) {
	m := widget.NewMatrix([]widget.MatrixRow{{Label: "a"}, {Label: "b"}})
	m.ReadOnly = true
	if press(t, "w", m.HandleKey) {
		t.Errorf("w was taken")
	}
	if !press(t, "down", m.HandleKey) {
		t.Errorf("down was left")
	}
	if row, _ := m.Cursor(); row != 1 || m.SetAll(widget.LevelRead) || levels(m) != "nn" {
		t.Errorf("row %d, levels %s", row, levels(m))
	}
}

func TestMatrixSurvivesWrongLevels(t *testing.T) {
	m := widget.NewMatrix([]widget.MatrixRow{{Label: "a", Level: 9, Original: 7}})
	if m.SetLevel(0, 3) || m.SetLevel(-1, 1) || m.SetLevel(1, 1) || levels(m) != "n" {
		t.Errorf("got %s", levels(m))
	}
	if row, _ := widget.NewMatrix(nil).Cursor(); row != -1 {
		t.Errorf("cursor %d in an empty matrix", row)
	}
}
