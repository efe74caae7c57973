package text_test

import (
	"testing"
	"time"

	"reeve/core/text"
)

func TestEnds(t *testing.T) {
	here := time.FixedZone("here", 2*60*60)
	now := time.Date(2026, 3, 1, 9, 30, 0, 0, here)
	for typed, want := range map[string]time.Time{
		"2026-03-01":           time.Date(2026, 3, 2, 0, 0, 0, 0, here), // the day still counts
		"2026-03-01T12:00:00Z": time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		"2026-03-01 18:00":     time.Date(2026, 3, 1, 18, 0, 0, 0, here),
		"2026-03-01 18:00:05":  time.Date(2026, 3, 1, 18, 0, 5, 0, here),
		"8h":                   now.Add(8 * time.Hour),
		"90d":                  now.AddDate(0, 0, 90),
		"2w":                   now.AddDate(0, 0, 14),
		" 30m ":                now.Add(30 * time.Minute),
	} {
		if got, ok := text.ParseEnd(typed, now); !ok || !got.Equal(want) {
			t.Errorf("%q is read as %v, %v, want %v", typed, got, ok, want)
		}
	}
	for _, typed := range []string{"", " ", "-1d", "-8h", "tomorrow", "d", "1y", "2026-02-30"} {
		if got, ok := text.ParseEnd(typed, now); ok {
			t.Errorf("%q is read as %v", typed, got)
		}
	}
}

func TestParseLength(t *testing.T) {
	for typed, want := range map[string]time.Duration{"8h": 8 * time.Hour, " 30m ": 30 * time.Minute, "2w": 336 * time.Hour, "90d": 90 * 24 * time.Hour, "1h30m": 90 * time.Minute} {
		if got, ok := text.ParseLength(typed); !ok || got != want {
			t.Errorf("%q is read as %v, %v, want %v", typed, got, ok, want)
		}
	}
	for _, typed := range []string{"", " ", "0d", "-1d", "-8h", "0s", "1ms", "d", "w", "1y", "2026-01-31", "36501d", "99999999999999999999d", "9999999h"} {
		if got, ok := text.ParseLength(typed); ok {
			t.Errorf("%q is read as %v", typed, got)
		}
	}
}
