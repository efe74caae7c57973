package list

import (
	"strings"
	"time"
)

// Never is the word that finds what has no time.
const Never = "never"

// farAway is later than any time that is kept.
const farAway = int64(1) << 62

// Span reads a span of time: the first second in it, and the first behind it. is is false for a word that writes no span; from and
// to are the same where it does, with dates that are none.
func Span(word string) (from, to int64, is bool) {
	first, last, ranged := strings.Cut(word, "..")
	if ranged {
		from, to = 1, farAway
		if first != "" {
			start, _, ok := dates(first)
			if !ok {
				return 0, 0, true
			}
			from = start
		}
		if last != "" {
			_, end, ok := dates(last)
			if !ok {
				return 0, 0, true
			}
			to = end
		}
		return from, to, true
	}
	for _, sign := range []string{"<=", ">=", "<", ">"} {
		date, compared := strings.CutPrefix(word, sign)
		if !compared {
			continue
		}
		start, end, ok := dates(date)
		switch {
		case !ok:
			return 0, 0, true
		case sign == "<":
			return 1, start, true
		case sign == "<=":
			return 1, end, true
		case sign == ">":
			return end, farAway, true
		}
		return start, farAway, true
	}
	return 0, 0, false
}

// dates reads a year, a month or a day: its first second and the first behind it.
func dates(s string) (start, end int64, ok bool) {
	for _, form := range []struct {
		layout              string
		years, months, days int
	}{{time.DateOnly, 0, 0, 1}, {"2006-01", 0, 1, 0}, {"2006", 1, 0, 0}} {
		if t, err := time.Parse(form.layout, s); err == nil {
			return t.Unix(), t.AddDate(form.years, form.months, form.days).Unix(), true
		}
	}
	return 0, 0, false
}

// partOfDate says whether a word can stand in a date as dates are shown, 2026-03-01: a month or a day that is whole must be one that
// there is.
func partOfDate(word string) bool {
	if word == "" || strings.Trim(word, "0123456789-") != "" {
		return false
	}
	if len(word) == len("2006-01") && word[4] == '-' || len(word) >= len(time.DateOnly) {
		_, _, ok := dates(word)
		return ok
	}
	return true
}
