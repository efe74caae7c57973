package paint

import (
	"strings"

	"reeve/tui/theme"
)

// Join makes a block of lines.
func Join(lines ...string) string { return strings.Join(lines, "\n") }

// Lines splits a block into its lines.
func Lines(block string) []string { return strings.Split(block, "\n") }

// Empty returns one line of w empty cells.
func Empty(w int) string { return strings.Repeat(" ", max(w, 0)) }

// Sized returns the lines as a block of exactly h lines, each cut or filled
// to w cells.
func Sized(lines []string, w, h int) string {
	out := make([]string, 0, max(h, 0))
	for i := range max(h, 0) {
		if i < len(lines) {
			out = append(out, Pad(lines[i], w))
			continue
		}
		out = append(out, Empty(w))
	}
	return Join(out...)
}

// Beside puts blocks side by side, each line of a block at its width. A block
// with fewer lines is filled with empty ones.
func Beside(blocks []string, widths []int) string {
	height, size := 0, 0
	for _, b := range blocks {
		height = max(height, strings.Count(b, "\n")+1)
		size += len(b)
	}
	rest := append([]string(nil), blocks...)
	out := make([]byte, 0, size+height)
	for y := range height {
		if y > 0 {
			out = append(out, '\n')
		}
		for i := range rest {
			var line string
			line, rest[i], _ = strings.Cut(rest[i], "\n")
			out = appendPadded(out, line, widths[i])
		}
	}
	return string(out)
}

// Rule returns a horizontal line of w cells.
func Rule(th *theme.Theme, w int) string {
	return NewLine(th, w).Fill(theme.Line, th.Glyphs.BoxH).String()
}

// Box draws lines in a box w cells wide with a title at the left of its upper
// edge and a note at the right. The lines are cut to the inner width, which
// is w-4: an edge and a space on either side.
func Box(th *theme.Theme, title, right string, lines []string, w int) string {
	return box(th, boxLook{title: theme.Muted, line: theme.Line}, title, right, lines, w)
}

// Overlaid draws a box like Box for a dialog that lies over the screen: its
// title and its edge stand out.
func Overlaid(th *theme.Theme, title, right string, lines []string, w int) string {
	return box(th, boxLook{title: theme.Title, line: theme.Muted}, title, right, lines, w)
}

// boxLook is how the title and the edge of a box are drawn.
type boxLook struct{ title, line theme.Role }

func box(th *theme.Theme, look boxLook, title, right string, lines []string, w int) string {
	g := th.Glyphs
	if w < 4 {
		return Sized(lines, w, len(lines)+2)
	}
	out := make([]string, 0, len(lines)+2)
	out = append(out, boxTop(th, look, title, right, w))
	l := NewLine(th, 0)
	left := l.Reset(2).Text(look.line, g.BoxV).String()
	end := l.Reset(2).Gap(1).Text(look.line, g.BoxV).String()
	for _, line := range lines {
		out = append(out, left+Pad(line, w-4)+end)
	}
	l.Reset(w).Text(look.line, g.BoxBL).Repeat(look.line, g.BoxH, w-2).Text(look.line, g.BoxBR)
	return Join(append(out, l.String())...)
}

// boxTop draws the upper edge: ┌ Title ───── note ┐.
func boxTop(th *theme.Theme, look boxLook, title, right string, w int) string {
	g := th.Glyphs
	l := NewLine(th, w).Text(look.line, g.BoxTL)
	inner := w - 2
	noteWidth := 0
	if right != "" {
		noteWidth = min(Width(right), inner/2) + 3
	}
	if title != "" && inner-noteWidth > 4 {
		l.Repeat(look.line, g.BoxH, 1).Gap(1)
		l.Clip(look.title, title, inner-noteWidth-3).Gap(1)
	}
	if right != "" && inner > 8 {
		l.Repeat(look.line, g.BoxH, w-1-noteWidth-l.Used())
		l.Gap(1).Clip(theme.Faint, right, noteWidth-3).Gap(1).Repeat(look.line, g.BoxH, 1)
	}
	return l.Repeat(look.line, g.BoxH, l.Room()-1).Text(look.line, g.BoxTR).String()
}
