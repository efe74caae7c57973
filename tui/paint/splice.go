package paint

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"reeve/tui/theme"
)

// Pad returns a drawn line cut or filled to exactly w cells.
func Pad(line string, w int) string {
	have := cells(line)
	switch {
	case have == w:
		return line
	case have < w:
		return line + Empty(w-have)
	default:
		return slice(line, 0, w)
	}
}

// appendPadded adds a drawn line to dst as Pad returns it.
func appendPadded(dst []byte, line string, w int) []byte {
	have := cells(line)
	if have > w {
		return append(dst, slice(line, 0, w)...)
	}
	dst = append(dst, line...)
	for range w - have {
		dst = append(dst, ' ')
	}
	return dst
}

// cells returns the width of a drawn line.
func cells(line string) int {
	n := 0
	for line != "" {
		if seq := leadingSGR(line); seq != "" {
			line = line[len(seq):]
			continue
		}
		cluster, w := nextCell(line)
		if cluster == "" {
			break
		}
		n += w
		line = line[len(cluster):]
	}
	return n
}

// nextCell returns the first character of s as a terminal draws it, with what
// combines with it, and its width. Plain ASCII and the glyphs of boxes and
// bars, which most of a frame is made of, need no look at the tables.
func nextCell(s string) (cluster string, w int) {
	if s[0] >= 0x20 && s[0] < 0x7f && (len(s) == 1 || s[1] < 0x80) {
		return s[:1], 1
	}
	if isBoxGlyph(s) && (len(s) == 3 || s[3] < 0x80 || isBoxGlyph(s[3:])) {
		return s[:3], 1
	}
	return ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
}

// isBoxGlyph is true when s begins with U+2500 to U+259F.
func isBoxGlyph(s string) bool {
	return len(s) >= 3 && s[0] == 0xe2 && (s[1] == 0x94 || s[1] == 0x95 || s[1] == 0x96) && (s[1] != 0x96 || s[2] < 0xa0)
}

// Overlay lays a drawn box over a drawn frame with its upper left corner at
// column x and line y, both counted from 0. What sticks out of the frame is
// cut; the frame keeps its size.
func Overlay(base, box string, x, y int) string {
	under, over := Lines(base), Lines(box)
	for i, line := range over {
		at := y + i
		if at < 0 || at >= len(under) {
			continue
		}
		under[at] = spliceLine(under[at], line, x)
	}
	return Join(under...)
}

// Centered lays a box over the middle of a frame w×h cells large and returns
// the frame and where the box begins.
func Centered(base, box string, w, h int) (frame string, x, y int) {
	bw, bh := Size(box)
	x, y = max((w-bw)/2, 0), max((h-bh)/2, 0)
	return Overlay(base, box, x, y), x, y
}

// Size returns the width in cells of the widest line of a drawn block, and
// how many lines it has.
func Size(block string) (w, h int) {
	for line := range strings.SplitSeq(block, "\n") {
		w = max(w, cells(line))
		h++
	}
	return w, h
}

func spliceLine(under, over string, x int) string {
	total := cells(under)
	if x < 0 {
		over = slice(over, -x, cells(over))
		x = 0
	}
	if x >= total {
		return under
	}
	width := cells(over)
	if x+width > total {
		over = slice(over, 0, total-x)
		width = total - x
	}
	return slice(under, 0, x) + over + slice(under, x+width, total)
}

// slice returns the cells [from, to) of a drawn line in the styles they have
// there. Half of a wide character becomes an empty cell.
func slice(line string, from, to int) string {
	if from >= to {
		return ""
	}
	var out strings.Builder
	out.Grow(len(line))
	pending, styled, at := "", false, 0
	for rest := line; rest != "" && at < to; {
		if seq := leadingSGR(rest); seq != "" {
			rest = rest[len(seq):]
			if at >= from {
				out.WriteString(seq)
			} else if resets(seq) {
				pending = seq
			} else {
				pending += seq
			}
			styled = true
			continue
		}
		cluster, w := nextCell(rest)
		if cluster == "" {
			break
		}
		rest = rest[len(cluster):]
		if pending != "" && at+w > from {
			out.WriteString(pending)
			pending = ""
		}
		switch {
		case at >= from && at+w <= to:
			out.WriteString(cluster)
		case at+w > from:
			out.WriteString(Empty(min(at+w, to) - max(at, from)))
		}
		at += w
	}
	if styled {
		out.WriteString("\x1b[m")
	}
	if at < to {
		out.WriteString(Empty(to - max(at, from)))
	}
	return out.String()
}

// leadingSGR returns the style sequence s begins with, empty if none.
func leadingSGR(s string) string {
	if !strings.HasPrefix(s, "\x1b[") {
		return ""
	}
	for i := 2; i < len(s); i++ {
		c := s[i]
		if c == 'm' {
			return s[:i+1]
		}
		if (c < '0' || c > '9') && c != ';' && c != ':' {
			return ""
		}
	}
	return ""
}

// resets tells whether a sequence forgets the styles before it.
func resets(seq string) bool {
	return seq == "\x1b[m" || strings.HasPrefix(seq, "\x1b[0m") || strings.HasPrefix(seq, "\x1b[0;")
}

// Dim draws a frame again in the faint style only, for what lies behind a
// dialog and does not have the keys.
func Dim(th *theme.Theme, frame string) string {
	open := th.Open(theme.Faint, theme.Plain)
	out := make([]byte, 0, len(frame))
	for y, line := range Lines(frame) {
		if y > 0 {
			out = append(out, '\n')
		}
		out = append(out, open...)
		for line != "" {
			if seq := leadingSGR(line); seq != "" {
				line = line[len(seq):]
				continue
			}
			text, _, _ := strings.Cut(line[1:], "\x1b")
			n := 1 + len(text)
			out = append(out, line[:n]...)
			line = line[n:]
		}
		out = append(out, theme.Reset...)
	}
	return string(out)
}
