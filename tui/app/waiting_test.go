package app_test

import (
	"reflect"
	"testing"

	tea "charm.land/bubbletea/v2"

	"reeve/tui/tuitest"
)

// waiting drives a model whose work does not finish before the test says so.
type waiting struct {
	t     testing.TB
	model tea.Model
	w, h  int
	held  []tea.Cmd
}

// hold keeps a command, taking batches apart: those are made of the commands of the work.
func (m *waiting) hold(cmd tea.Cmd) {
	if cmd != nil {
		m.held = append(m.held, cmd)
	}
}

func (m *waiting) send(msg tea.Msg) *waiting {
	var cmd tea.Cmd
	m.model, cmd = m.model.Update(msg)
	m.hold(cmd)
	return m
}

func (m *waiting) keys(names string) *waiting {
	m.t.Helper()
	presses, err := tuitest.ParseKeys(names)
	if err != nil {
		m.t.Fatal(err)
	}
	for _, k := range presses {
		m.send(k)
	}
	return m
}

func (m *waiting) resize(w, h int) *waiting {
	m.w, m.h = w, h
	return m.send(tea.WindowSizeMsg{Width: w, Height: h})
}

// take returns what is held and holds nothing any more.
func (m *waiting) take() []tea.Cmd {
	held := m.held
	m.held = nil
	return held
}

// finish runs commands and those they stand for, in order, and all that follows from them.
func (m *waiting) finish(commands ...tea.Cmd) *waiting {
	for len(commands) > 0 {
		cmd := commands[0]
		commands = commands[1:]
		if cmd == nil {
			continue
		}
		msg := cmd()
		if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
			for i := range v.Len() {
				c, _ := v.Index(i).Interface().(tea.Cmd)
				commands = append(commands, c)
			}
			continue
		}
		if msg != nil {
			m.send(msg)
			commands = append(commands, m.take()...)
		}
	}
	return m
}

// finishAll finishes everything that is held.
func (m *waiting) finishAll() *waiting { return m.finish(m.take()...) }

func (m *waiting) screen() tuitest.Planes {
	m.t.Helper()
	content := m.model.View().Content
	tuitest.Invariants(m.t, content, m.w, m.h)
	return tuitest.Grid(content, m.w, m.h)
}
