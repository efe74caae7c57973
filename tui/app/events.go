package app

import (
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"reeve/core/message"
	"reeve/tui/screen"
	"reeve/tui/widget"
)

// job is work that is shown while it runs.
type job struct{ title string }

// done is work that has finished.
type done struct {
	place      *place
	key        string
	generation uint64
	job        *job
	value      any
	err        error
	then       func(any, error) []screen.Event
}

// carryOut does what a screen wants, in order.
func (a *App) carryOut(p *place, events []screen.Event) tea.Cmd {
	var cmds []tea.Cmd
	for _, e := range events {
		cmds = append(cmds, a.carry(p, e))
	}
	return tea.Batch(cmds...)
}

func (a *App) carry(p *place, event screen.Event) tea.Cmd {
	switch e := event.(type) {
	case screen.Open:
		return a.open(e.Route, e.Replace)
	case screen.Leave:
		return a.back()
	case screen.Work:
		return a.begin(p, e)
	case screen.Say:
		return a.say(e.Level, a.opts.Say.Say(e.Text))
	case screen.Show:
		a.overlays = append(a.overlays, e.Overlay)
	case screen.Hide:
		a.overlays = slices.DeleteFunc(a.overlays, func(o screen.Overlay) bool { return o == e.Overlay })
	case screen.Copy:
		return a.copied(e.Text)
	case screen.Browse:
		return a.browse(e.URL)
	case screen.Begin:
		return a.act(e.Action)
	case screen.Save:
		return a.save(e)
	case screen.Did:
		return a.did(e)
	case screen.Changed:
	}
	return nil
}

// begin starts work. Newer work of the same key at the same place ends the older.
func (a *App) begin(p *place, w screen.Work) tea.Cmd {
	if p == nil || p.ctx == nil {
		return nil
	}
	if before := p.work[w.Key]; before != nil {
		before.stop()
	}
	a.begun++ // one count for all, so that no answer is taken for that of work begun after one came back
	generation := a.begun
	ctx, stop := context.WithCancel(p.ctx)
	p.work[w.Key] = &running{generation: generation, stop: stop}
	var j *job
	if w.Job != "" {
		j = &job{title: w.Job}
		a.jobs = append(a.jobs, j)
		ctx = context.WithoutCancel(ctx) // a change that was begun is finished, wherever one goes meanwhile
	}
	return func() tea.Msg {
		value, err := w.Do(ctx)
		stop()
		return done{place: p, key: w.Key, generation: generation, job: j, value: value, err: err, then: w.Then}
	}
}

// finish hands an answer to whoever asked, unless nobody waits for it any more.
func (a *App) finish(d done) tea.Cmd {
	if d.job != nil {
		a.jobs = slices.DeleteFunc(a.jobs, func(j *job) bool { return j == d.job })
	}
	newest := d.place.work[d.key]
	stale := newest == nil || newest.generation != d.generation || d.place != a.at()
	if stale {
		return a.late(d)
	}
	delete(d.place.work, d.key)
	if errors.Is(d.err, context.Canceled) {
		return nil
	}
	cmd := a.carryOut(d.place, d.then(d.value, d.err))
	if d.key == standingKey {
		return tea.Batch(cmd, a.endsLater(d.place))
	}
	return cmd
}

// late tells of a change that was finished after one had left its place; other answers nobody waits for any more.
func (a *App) late(d done) tea.Cmd {
	switch {
	case d.job == nil:
		return nil
	case d.err != nil:
		return a.say(widget.ToastDanger, d.job.title+": "+a.env.Sentence(d.err))
	}
	events := slices.DeleteFunc(d.then(d.value, nil), func(e screen.Event) bool {
		switch e.(type) {
		case screen.Did, screen.Say, screen.Save, screen.Hide:
			return false
		}
		return true
	})
	return a.carryOut(a.at(), events)
}

func (a *App) save(e screen.Save) tea.Cmd {
	if a.opts.Save == nil {
		return a.copied(string(e.Data))
	}
	path, err := a.opts.Save(e.Name, e.Data)
	if err != nil {
		return a.say(widget.ToastDanger, a.env.Sentence(err))
	}
	return a.say(widget.ToastGood, a.env.With("export.saved", message.Args{"Path": path}))
}

// browse opens an address, away from the loop that draws.
func (a *App) browse(url string) tea.Cmd {
	if a.opts.Browse == nil {
		return a.carry(a.at(), screen.Copy{Text: url})
	}
	return a.begin(a.at(), screen.Work{Key: "browse", Do: func(ctx context.Context) (any, error) {
		return nil, a.opts.Browse(ctx, url)
	}, Then: func(_ any, err error) []screen.Event {
		if err != nil {
			return a.env.Fail(err)
		}
		return []screen.Event{screen.Say{Level: widget.ToastInfo, Text: message.Text{ID: "goto.opened"}}}
	}})
}

func (a *App) did(e screen.Did) tea.Cmd {
	text := a.opts.Say.Say(e.Text)
	a.undo = nil
	if e.Undo != nil {
		a.undo = &undoable{back: e.Undo, until: a.opts.Now().Add(undoFor)}
		text += "  " + a.env.Text("undo.hint")
	}
	return tea.Batch(a.say(widget.ToastGood, text), a.refresh())
}
