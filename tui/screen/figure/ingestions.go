package figure

import (
	"context"
	"fmt"
	"strings"

	core "reeve/core/figure"
	"reeve/core/message"
	"reeve/tui/paint"
	"reeve/tui/screen"
	"reeve/tui/theme"
)

// sent is what was sent lately, with the problems of the newest.
type sent struct {
	all    []core.Ingestion
	newest core.Ingestion
}

// ingestions shows what was sent lately and what became of it.
func (s *Figures) ingestions() []screen.Event {
	env := s.env
	return []screen.Event{screen.Run("ingestions", "", func(ctx context.Context) (l sent, err error) {
		if l.all, err = env.Figures.Ingestions(ctx); err != nil || len(l.all) == 0 {
			return l, err
		}
		l.newest, err = env.Figures.Ingestion(ctx, l.all[0].ID)
		return l, err
	}, func(l sent, err error) []screen.Event {
		if err != nil {
			return env.Fail(err)
		}
		return []screen.Event{screen.Show{Overlay: &screen.Pages{Title: env.Text("ingestions.title"), Width: 96,
			Lines: func(th *theme.Theme, w int) []string { return l.lines(env, th, w) }}}}
	})}
}

// shownIngestions bounds the list above the problems.
const shownIngestions = 8

func (l sent) lines(env *screen.Env, th *theme.Theme, w int) []string {
	var lines []string
	say := func(role theme.Role, indent int, text string) {
		for _, part := range paint.Wrap(text, max(w-indent, 1)) {
			lines = append(lines, paint.NewLine(th, w).Gap(indent).Text(role, part).String())
		}
	}
	if len(l.all) == 0 {
		say(theme.Muted, 0, env.Text("ingestions.empty"))
		return lines
	}
	for _, in := range l.all[:min(len(l.all), shownIngestions)] {
		role := theme.Muted
		if in.Lost() > 0 {
			role = theme.Warning
		}
		lines = append(lines, paint.NewLine(th, w).Cell(theme.Muted, env.Ago(in.BeganAt), 12, paint.Left).Gap(1).Cell(theme.Text, in.ByName, 14, paint.Left).Gap(1).
			Cell(theme.Text, in.Source, max(10, w-66), paint.Left).Gap(1).Text(role, counts(env, in)).String())
	}
	section := core.ProblemKind("")
	for _, p := range l.newest.Problems {
		if p.Kind != section {
			section = p.Kind
			lines = append(lines, paint.Empty(w))
			say(theme.Title, 0, env.Text("ingestions."+string(p.Kind)))
		}
		var words []string
		for _, r := range p.Reasons {
			words = append(words, env.Text("figure.reason."+string(r)))
		}
		said := strings.Join(words, "; ")
		switch p.Kind {
		case core.ProblemMalformed:
			say(theme.Text, 2, fmt.Sprintf("%d: %s", p.Line, said))
			say(theme.Faint, 4, p.Text)
		case core.ProblemReason:
			say(theme.Text, 2, screen.Number(p.Count)+"× "+said)
		case core.ProblemUnknown, core.ProblemRefused:
			say(theme.Text, 2, screen.Number(p.Count)+"× "+p.Text)
		}
	}
	return lines
}

// counts says what became of the lines of an ingestion, without what there was none of.
func counts(env *screen.Env, in core.Ingestion) string {
	parts := []string{env.With("ingestions.lines", message.Args{"Count": in.Lines, "N": screen.Number(in.Lines)})}
	for _, c := range []struct {
		id string
		n  int64
	}{{"malformed", in.Malformed}, {"unknown", in.Unknown}, {"refused", in.Refused}, {"late", in.Late}} {
		if c.n > 0 {
			parts = append(parts, env.With("ingestions.n."+c.id, message.Args{"N": screen.Number(c.n)}))
		}
	}
	return strings.Join(parts, " · ")
}
