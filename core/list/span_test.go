package list_test

import (
	"testing"
	"time"

	"reeve/core/list"
)

func TestSpansOfTime(t *testing.T) {
	at := func(year int, month time.Month, day int) int64 {
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()
	}
	for word, want := range map[string][2]int64{
		"2026-01..2026-03":       {at(2026, 1, 1), at(2026, 4, 1)},
		"2026-03-05..2026-03-05": {at(2026, 3, 5), at(2026, 3, 6)},
		"..2026":                 {1, at(2027, 1, 1)},
		"2026-02..":              {at(2026, 2, 1), int64(1) << 62},
		"..":                     {1, int64(1) << 62},
		"<2026-03-01":            {1, at(2026, 3, 1)},
		"<=2026-03-01":           {1, at(2026, 3, 2)},
		">2026-02":               {at(2026, 3, 1), int64(1) << 62},
		">=2024-02-29":           {at(2024, 2, 29), int64(1) << 62},
		// Dates that are none find nothing.
		">2025-02-29": {}, "<": {}, "2026-13..": {}, "..soon": {}, ">=26": {},
	} {
		from, to, is := list.Span(word)
		if !is || from != want[0] || to != want[1] {
			t.Errorf("%s is from %d to %d, %v; want %d", word, from, to, is, want)
		}
	}
	if from, to, _ := list.Span("2026-03..2026-01"); from < to {
		t.Errorf("a span that ends before it begins is from %d to %d", from, to)
	}
	for _, word := range []string{"2026", "2026-03", "never", "x", ""} {
		if _, _, is := list.Span(word); is {
			t.Errorf("%q is a span", word)
		}
	}
}
