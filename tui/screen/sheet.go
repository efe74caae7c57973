package screen

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"reeve/core/control"
	"reeve/tui/paint"
)

// Sheet is what the screens about one thing share: they load it, say so until it is there or why it is not, and below a head that stays
// they scroll what there is to say of it.
type Sheet[T any] struct {
	// Thing is what the screen is about, from when it is Loaded. It stays where a later load fails.
	Thing  T
	Loaded bool
	failed error
	scroll Scroll
}

// Load gets the thing; kind names the work, and took is called when it is there, if it is not nil.
func (s *Sheet[T]) Load(kind string, get func(context.Context) (T, error), took func()) Event {
	return Run(kind, "", get, func(thing T, err error) []Event {
		if s.failed = err; err == nil {
			s.Thing, s.Loaded = thing, true
			if took != nil {
				took()
			}
		}
		return []Event{Changed{}}
	})
}

// Verdict says that nothing can be done before the thing is there, and otherwise what then says.
func (s *Sheet[T]) Verdict(then func() control.Verdict) control.Verdict {
	if !s.Loaded {
		return control.Impossible("list.loading", nil)
	}
	return then()
}

// Key implements Screen: it scrolls.
func (s *Sheet[T]) Key(k tea.KeyPressMsg) ([]Event, bool) { return nil, s.scroll.Key(k) }

// Draw draws the sheet with what draw says of the thing: lines of the head, and those below it.
func (s *Sheet[T]) Draw(env *Env, w, h int, draw func() (head, body []string)) string {
	switch {
	case s.failed != nil && !s.Loaded:
		return env.ErrorBox(s.failed, w, h)
	case !s.Loaded:
		return env.Loading(w, h)
	}
	head, body := draw()
	return paint.Sized(append(head, s.scroll.InSight(body, h-len(head))...), w, h)
}
