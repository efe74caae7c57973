package app_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// held is a model whose work is held back until the next message is being handled, so that the race detector sees what work
// reads of the console while it goes on.
type held struct {
	tea.Model
	mu   sync.Mutex
	next chan struct{} // closed when the next message is about to be handled
}

func (m *held) turn() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.next
}

func (m *held) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m.mu.Lock()
	close(m.next)
	m.next = make(chan struct{})
	m.mu.Unlock()
	var cmd tea.Cmd
	m.Model, cmd = m.Model.Update(msg)
	return m, m.hold(cmd)
}

func (m *held) hold(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	next := m.turn()
	return func() tea.Msg {
		select {
		case <-next:
		case <-time.After(20 * time.Millisecond): // nobody presses a key any more
		}
		msg := cmd()
		if all, ok := msg.(tea.BatchMsg); ok {
			for i, one := range all {
				all[i] = m.hold(one)
			}
		}
		return msg
	}
}

// TestWorkReadsNothingThatChangesMeanwhile says something under the race detector alone.
func TestWorkReadsNothingThatChangesMeanwhile(t *testing.T) {
	t.Parallel()
	for seed, link := range []string{"policies/KeepWorkspaces", sales + "/members", "cn-hangzhou", "audit", tenantRoles, reader} {
		t.Run(link, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(seed), 11)) //nolint:gosec // random keys, the same in every run
			w := newWorld(t)
			r := run(t, &held{Model: w.session("root", link), next: make(chan struct{})}, 100, 30)
			all := append(randomKeys(), "enter", "enter", "enter", "e enter ctrl+e", "e enter ctrl+l", "esc e enter ctrl+e", "e down enter ctrl+e", "* enter", "p", "p", "ctrl+s")
			for range 150 {
				r.press(all[random.IntN(len(all))])
				time.Sleep(time.Duration(random.IntN(4)) * time.Millisecond) // some answers come between two keys, some do not
			}
			eventually(t, "taking all keys", func() bool {
				_, keys := r.model.seen()
				return keys == r.sent
			}, r.term.text)
		})
	}
}
