package paint

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"reeve/core/text"
)

// Clean returns s as it may be drawn: control and direction characters become
// visible marks, and so does whatever terminals do not agree on how wide it
// is (variation selectors, skin tones, joined emoji). Printable ASCII comes
// back as it is and costs nothing.
func Clean(s string) string {
	if isASCII(s) {
		return s
	}
	return steady(text.Clean(s))
}

// Width returns the cells s takes once it is cleaned.
func Width(s string) int {
	if isASCII(s) {
		return len(s)
	}
	return ansi.StringWidth(Clean(s))
}

// Cut returns s, cleaned, in at most w cells; a cut one ends in the ellipsis
// given, which is one cell wide.
func Cut(s string, w int, ellipsis string) string {
	f := fit(s, w)
	if f.cut {
		return f.text + ellipsis
	}
	return f.text
}

// isASCII tells whether s is printable ASCII only.
func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// steady spells out the clusters on whose width terminals disagree. One half
// of the terminals adds up the widths of the characters, the other takes the
// cluster as a whole; a line drawn for one would break on the other. A mark
// that combines with nothing would change the cell before it and is spelled
// out too.
func steady(s string) string {
	at := 0
	for at < len(s) {
		cluster, agreed := nextAgreed(s[at:])
		if !agreed {
			break
		}
		at += len(cluster)
	}
	if at == len(s) {
		return s
	}
	var b strings.Builder
	b.WriteString(s[:at])
	for at < len(s) {
		cluster, agreed := nextAgreed(s[at:])
		if agreed {
			b.WriteString(cluster)
		} else {
			writeSteady(&b, cluster)
		}
		at += len(cluster)
	}
	return b.String()
}

// nextAgreed returns the first cluster of s and whether all terminals give it
// the same width, which is not none.
func nextAgreed(s string) (cluster string, agreed bool) {
	cluster, w := nextCell(s)
	if cluster == "" {
		return s, true
	}
	return cluster, w > 0 && (len(cluster) == 1 || w == ansi.StringWidthWc(cluster))
}

// writeSteady writes the first character of a cluster and the numbers of the
// others.
func writeSteady(b *strings.Builder, cluster string) {
	for i, r := range cluster {
		one := string(r)
		if w := ansi.StringWidth(one); i == 0 && w > 0 && w == ansi.StringWidthWc(one) {
			b.WriteString(one)
			continue
		}
		fmt.Fprintf(b, "<%04X>", r)
	}
}

// fitting is the part of a text that fits.
type fitting struct {
	text  string
	width int
	cut   bool
}

// fit cleans s and takes what fits in w cells, leaving one for the ellipsis
// when it must cut.
func fit(s string, w int) fitting {
	if w <= 0 {
		return fitting{cut: false}
	}
	if isASCII(s) {
		if len(s) <= w {
			return fitting{text: s, width: len(s)}
		}
		return fitting{text: s[:w-1], width: w - 1, cut: true}
	}
	s = Clean(s)
	if full := ansi.StringWidth(s); full <= w {
		return fitting{text: s, width: full}
	}
	end, width := prefix(s, w-1)
	return fitting{text: s[:end], width: width, cut: true}
}

// prefix returns the length in bytes and the width in cells of the longest
// part of clean text, from its start, that fits in w cells.
func prefix(s string, w int) (end, width int) {
	for end < len(s) {
		cluster, cw := nextCell(s[end:])
		if cluster == "" || width+cw > w {
			break
		}
		end += len(cluster)
		width += cw
	}
	return end, width
}

// firstMatch returns where the first match of any term begins and ends in s,
// or -1. Of terms that begin at the same place the longest wins.
func firstMatch(s string, terms []string) (from, to int) {
	for i := 0; i < len(s); {
		longest := 0
		for _, t := range terms {
			if n := foldPrefix(s[i:], t); n > longest {
				longest = n
			}
		}
		if longest > 0 {
			return i, i + longest
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return -1, -1
}

// foldPrefix returns how many bytes of s equal term without regard to case,
// 0 when s does not begin with it.
func foldPrefix(s, term string) int {
	n := 0
	for _, want := range term {
		if n >= len(s) {
			return 0
		}
		got, size := utf8.DecodeRuneInString(s[n:])
		if got != want && unicode.ToLower(got) != unicode.ToLower(want) {
			return 0
		}
		n += size
	}
	return n
}
