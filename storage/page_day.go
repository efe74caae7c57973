package storage

import (
	"strings"
	"time"
)

// never is the word that finds what has no time.
const never = "never"

// day matches a stored time, which is 0 for never: by the digits of it as they are shown (2026, 2026-03, 2026-03-01), by the word
// never, as a span from the first to the last of two dates (2026-01..2026-03, either of which may be left out), and against a date
// (<2026-03-01, >=2026-03). Dates are in UTC, as the digits are; what has no time is in no span.
func day(column string) matcher {
	digits := contains("CASE WHEN " + column + " = 0 THEN '' ELSE date(" + column + ", 'unixepoch') END")
	return func(word string, plain bool) (string, []any) {
		if word == never {
			return column + " = 0", nil
		}
		from, to, is := span(word)
		switch {
		case !is:
			return digits(word, plain)
		case from == to:
			return "1 = 0", nil // one of the dates is none
		}
		return "(" + column + " <> 0 AND " + column + " >= ? AND " + column + " < ?)", []any{from, to}
	}
}

// farAway is later than any time that is kept.
const farAway = int64(1) << 62

// span reads a span of time: the first second in it, and the first behind it. is is false for a word that writes no span; from and
// to are the same where it does, with dates that are none.
func span(word string) (from, to int64, is bool) {
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
		return from, max(from, to), true
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
