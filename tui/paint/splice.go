package paint

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Pad returns a drawn line cut or filled to exactly w cells.
func Pad(line string, w int) string {
	have := ansi.StringWidth(line)
	switch {
	case have == w:
		return line
	case have < w:
		return line + Empty(w-have)
	default:
		return slice(line, 0, w)
	}
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
		w = max(w, ansi.StringWidth(line))
		h++
	}
	return w, h
}

func spliceLine(under, over string, x int) string {
	total := ansi.StringWidth(under)
	if x < 0 {
		over = slice(over, -x, ansi.StringWidth(over))
		x = 0
	}
	if x >= total {
		return under
	}
	width := ansi.StringWidth(over)
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
		cluster, w := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
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
