package paint

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Wrap breaks s into lines of at most w cells: at spaces, between East Asian
// characters, and inside a word only when the word alone is wider than a
// line. Line breaks in s stay. The lines are cleaned.
func Wrap(s string, w int) []string {
	if w <= 0 {
		return nil
	}
	var out []string
	for paragraph := range strings.SplitSeq(s, "\n") {
		out = append(out, wrapParagraph(Clean(strings.TrimSuffix(paragraph, "\r")), w)...)
	}
	return out
}

// wrapParagraph breaks clean text without line breaks.
func wrapParagraph(s string, w int) []string {
	var lines []string
	var line strings.Builder
	used := 0
	flush := func() {
		lines = append(lines, line.String())
		line.Reset()
		used = 0
	}
	for s != "" {
		spaces := len(s) - len(strings.TrimLeft(s, " "))
		s = s[spaces:]
		word := nextWord(s)
		s = s[len(word):]
		width := ansi.StringWidth(word)
		if used > 0 && used+spaces+width > w {
			flush()
		}
		if used == 0 {
			spaces = 0
		}
		for width > w {
			end, cells := prefix(word, w)
			if end == 0 {
				break
			}
			line.WriteString(word[:end])
			flush()
			word, width = word[end:], width-cells
		}
		if width > w {
			continue // a wide character in a line of one cell
		}
		line.WriteString(Empty(spaces))
		line.WriteString(word)
		used += spaces + width
	}
	if used > 0 || len(lines) == 0 {
		flush()
	}
	return lines
}

// nextWord returns the part of s that must stay together: up to the next
// space, or one wide character.
func nextWord(s string) string {
	end := 0
	for end < len(s) && s[end] != ' ' {
		cluster, w := ansi.FirstGraphemeCluster(s[end:], ansi.GraphemeWidth)
		if cluster == "" {
			return s
		}
		if w == 2 && end > 0 {
			break
		}
		end += len(cluster)
		if w == 2 {
			break
		}
	}
	return s[:end]
}
