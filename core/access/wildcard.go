package access

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// matches says whether a pattern covers a text: "*" any number of characters,
// "?" exactly one, everything else itself. Where fold is set, upper and lower
// case are the same. It takes at most the product of both lengths.
func matches(pattern, text string, fold bool) bool {
	// After a star, the rest of the pattern is tried further and further into
	// the text; an earlier star never has to be tried again.
	restPattern, restText, starred := "", "", false
	for {
		switch {
		case pattern != "" && pattern[0] == '*':
			pattern = pattern[1:]
			restPattern, restText, starred = pattern, text, true
			continue
		case text == "" && pattern == "":
			return true
		case text != "" && pattern != "":
			p, pSize := utf8.DecodeRuneInString(pattern)
			t, tSize := utf8.DecodeRuneInString(text)
			if p == '?' || p == t || fold && unicode.ToLower(p) == unicode.ToLower(t) {
				pattern, text = pattern[pSize:], text[tSize:]
				continue
			}
		}
		if !starred || restText == "" {
			return false
		}
		_, size := utf8.DecodeRuneInString(restText)
		restText = restText[size:]
		pattern, text = restPattern, restText
	}
}

func anyMatches(patterns []string, text string, fold bool) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, text, fold) })
}

// The ways to write all actions, and all resources, of the product.
const productPrefix = "dataworks:"

func everyAction(pattern string) bool {
	rest, _ := strings.CutPrefix(strings.ToLower(pattern), productPrefix)
	return onlyStars(rest)
}

func everyResource(pattern string) bool {
	switch pattern {
	case "acs:*", "acs:dataworks:*", "acs:dataworks:*:*:*", "acs:*:*:*:*":
		return true
	}
	return onlyStars(pattern)
}

func onlyStars(pattern string) bool { return pattern != "" && strings.Trim(pattern, "*") == "" }
