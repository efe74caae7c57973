package widget

import (
	"reeve/tui/paint"
	"reeve/tui/theme"
)

// Least size of the window, in cells.
const (
	LeastWidth  = 60
	LeastHeight = 20
)

// TooSmall tells whether a window is too small for the console.
func TooSmall(w, h int) bool { return w < LeastWidth || h < LeastHeight }

// TooSmallNotice fills the window with one sentence that says how large it
// must be.
func TooSmallNotice(th *theme.Theme, sentence string, w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	return centered(th, []styledLine{{theme.Warning, sentence}}, w, h)
}

// Empty says what an empty list is for and how to fill it.
type Empty struct {
	// Title says that there is nothing, Purpose what would be here.
	Title, Purpose string
	// Keys are the acts that fill it.
	Keys []FooterKey
}

// Render draws the notice in the upper middle of the pane.
func (e Empty) Render(th *theme.Theme, w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	width := min(w-4, 60)
	lines := []string{paint.NewLine(th, w).Cell(theme.Title, e.Title, w, paint.Center).String(), paint.Empty(w)}
	for _, line := range paint.Wrap(e.Purpose, max(width, 1)) {
		lines = append(lines, paint.NewLine(th, w).Cell(theme.Muted, line, w, paint.Center).String())
	}
	if len(e.Keys) > 0 {
		lines = append(lines, paint.Empty(w))
	}
	for _, k := range e.Keys {
		n := footerWidth(k) - footerGap
		l := paint.NewLine(th, w).Gap(max((w-n)/2, 0))
		lines = append(lines, l.Text(theme.Key, k.Key).Gap(1).Text(theme.KeyTitle, k.Title).String())
	}
	above := max((h-len(lines))/3, 0)
	blank := make([]string, above)
	return paint.Sized(append(blank, lines...), w, h)
}

// ErrorBox says what happened, the evidence, and what to do next.
type ErrorBox struct {
	// Title is the heading, What one sentence about what happened.
	Title, What string
	// Evidence are lines as the other system said them.
	Evidence []string
	// Next says what to do; Keys are the acts that do it.
	Next string
	Keys []FooterKey
}

// Render draws the box at the top of a pane w×h cells large.
func (e ErrorBox) Render(th *theme.Theme, w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	inner := max(min(w, 96)-4, 1)
	l := paint.NewLine(th, inner)
	var lines []string
	add := func(role theme.Role, indent int, text string) {
		for _, line := range paint.Wrap(text, max(inner-indent, 1)) {
			lines = append(lines, l.Reset(inner).Gap(indent).Text(role, line).String())
		}
	}
	sign := th.Glyphs.Cross + " "
	for i, line := range paint.Wrap(e.What, max(inner-2, 1)) {
		if i > 0 {
			sign = "  "
		}
		lines = append(lines, l.Reset(inner).Text(theme.DangerStrong, sign).Text(theme.Text, line).String())
	}
	if len(e.Evidence) > 0 {
		lines = append(lines, paint.Empty(inner))
	}
	for _, text := range e.Evidence {
		add(theme.Muted, 2, text)
	}
	if e.Next != "" {
		lines = append(lines, paint.Empty(inner))
		add(theme.Accent, 2, e.Next)
	}
	if len(e.Keys) > 0 {
		lines = append(lines, paint.Empty(inner), keyLine(th, e.Keys, inner))
	}
	if len(lines) > max(h-2, 0) {
		lines = lines[:max(h-2, 0)]
	}
	box := paint.Box(th, e.Title, "", lines, min(w, 96))
	return paint.Sized(paint.Lines(box), w, h)
}

// keyLine draws acts in a line of a box.
func keyLine(th *theme.Theme, keys []FooterKey, w int) string {
	l := paint.NewLine(th, w).Gap(2)
	for _, k := range keys {
		if footerWidth(k)-footerGap > l.Room() {
			break
		}
		l.Text(theme.Key, k.Key).Gap(1).Text(theme.Faint, k.Title).Gap(footerGap)
	}
	return l.String()
}

type styledLine struct {
	role theme.Role
	text string
}

// centered puts texts in the middle of a window.
func centered(th *theme.Theme, texts []styledLine, w, h int) string {
	var lines []string
	for _, t := range texts {
		for _, line := range paint.Wrap(t.text, w) {
			lines = append(lines, paint.NewLine(th, w).Cell(t.role, line, w, paint.Center).String())
		}
	}
	return paint.Sized(append(make([]string, max((h-len(lines))/2, 0)), lines...), w, h)
}
