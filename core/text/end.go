package text

import (
	"strconv"
	"strings"
	"time"
)

// ParseEnd reads when something ends, as people type it: a time (RFC 3339, or 2026-01-31 18:00 in now's time zone); a day
// there, which still counts as a whole; or how long from now: 30m, 8h, 90d, 2w. Whether it lies in the future is not asked.
func ParseEnd(s string, now time.Time) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at, true
	}
	if at, err := time.ParseInLocation(time.DateOnly, s, now.Location()); err == nil {
		return at.AddDate(0, 0, 1), true
	}
	for _, form := range []string{"2006-01-02 15:04", time.DateTime} {
		if at, err := time.ParseInLocation(form, s, now.Location()); err == nil {
			return at, true
		}
	}
	if s == "" {
		return time.Time{}, false
	}
	if n, err := strconv.Atoi(s[:len(s)-1]); err == nil && n >= 0 {
		switch s[len(s)-1] {
		case 'd':
			return now.AddDate(0, 0, n), true
		case 'w':
			return now.AddDate(0, 0, 7*n), true
		}
	}
	in, err := time.ParseDuration(s)
	return now.Add(in), err == nil && in >= 0
}

// ParseLength reads how long something lasts, as people type it: 30m, 8h, 90d, 2w. A day is 24 hours. It is more than nothing and,
// so that no end is beyond what can be written down, at most 100 years.
func ParseLength(s string) (time.Duration, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, false
	}
	const day = 24 * time.Hour
	unit := time.Duration(0)
	switch s[len(s)-1] {
	case 'd':
		unit = day
	case 'w':
		unit = 7 * day
	}
	longest := 100 * 365 * day
	if unit == 0 {
		length, err := time.ParseDuration(s)
		return length, err == nil && length >= time.Second && length <= longest
	}
	n, err := strconv.Atoi(s[:len(s)-1])
	if err != nil || n <= 0 || n > int(longest/unit) {
		return 0, false
	}
	return time.Duration(n) * unit, true
}
