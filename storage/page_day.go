package storage

import "reeve/core/list"

// day matches a stored time, which is 0 for never: by the digits of it as they are shown (2026, 2026-03, 2026-03-01), by the word
// never, as a span from the first to the last of two dates (2026-01..2026-03, either of which may be left out), and against a date
// (<2026-03-01, >=2026-03). Dates are in UTC, as the digits are; what has no time is in no span.
func day(column string) matcher {
	digits := contains("CASE WHEN " + column + " = 0 THEN '' ELSE date(" + column + ", 'unixepoch') END")
	return func(word string, plain bool) (string, []any) {
		if word == list.Never {
			return column + " = 0", nil
		}
		from, to, is := list.Span(word)
		switch {
		case !is:
			return digits(word, plain)
		case from >= to:
			return "1 = 0", nil // one of the dates is none
		}
		return "(" + column + " <> 0 AND " + column + " >= ? AND " + column + " < ?)", []any{from, to}
	}
}
