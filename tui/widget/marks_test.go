package widget_test

import (
	"fmt"
	"testing"

	"reeve/tui/widget"
)

func TestMarks(t *testing.T) {
	var m widget.Marks[string]
	m.Toggle("b")
	m.Toggle("a")
	m.Add("a", "c")
	m.Toggle("b")
	if got := fmt.Sprint(m.Keys()); got != "[a c]" || m.Len() != 2 || m.Has("b") || !m.Has("c") {
		t.Errorf("marked %s", got)
	}
	if _, _, done := m.Range(9); done || !m.Ranging() {
		t.Errorf("one end made a range")
	}
	if from, to, done := m.Range(4); !done || from != 4 || to != 9 || m.Ranging() {
		t.Errorf("the range is %d to %d, %v", from, to, done)
	}
	m.Clear()
	if m.Len() != 0 || len(m.Keys()) != 0 {
		t.Errorf("marks stayed: %v", m.Keys())
	}
}
