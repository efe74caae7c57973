package figure

import (
	"fmt"
	"time"
)

// Date is a day of the calendar, in days since 1970-01-01; which moments belong to it is for a time zone to say.
type Date int32

const secondsOfDay = 24 * 60 * 60

// DateOf is the day that a moment belongs to in a time zone.
func DateOf(at time.Time, zone *time.Location) Date { return hourOf(at, zone).Date() }

// ParseDate reads a day as 2026-03-01.
func ParseDate(s string) (Date, error) {
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("reading the date %q: %w", s, err)
	}
	return DateOf(at, time.UTC), nil
}

func (d Date) String() string { return time.Unix(int64(d)*secondsOfDay, 0).UTC().Format(time.DateOnly) }

// Hour is an hour of the calendar, in hours since 1970-01-01 00:00 as the clocks of a time zone show it. An hour that is there twice,
// when clocks are put back, is one.
type Hour int32

const hoursOfDay = 24

// hourOf is the hour that the clocks of a zone show at a moment.
func hourOf(at time.Time, zone *time.Location) Hour {
	_, offset := at.In(zone).Zone()
	seconds := at.Unix() + int64(offset)
	hours := seconds / 3600
	if seconds%3600 < 0 {
		hours--
	}
	return Hour(hours) // #nosec G115 -- parsing keeps times within some centuries
}

// Date is the day that the hour belongs to.
func (h Hour) Date() Date {
	if h < 0 {
		return Date((h - hoursOfDay + 1) / hoursOfDay)
	}
	return Date(h / hoursOfDay)
}

// OfDay is the hour of the day, 0 to 23.
func (h Hour) OfDay() int { return int(h - h.Date().First()) }

// First is the hour from 00:00 on.
func (d Date) First() Hour { return Hour(d) * hoursOfDay }
