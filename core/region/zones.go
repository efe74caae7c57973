package region

import (
	"strings"
	"time"
)

// Zones are the time zones of the regions.
type Zones map[string]*time.Location

// NewZones makes them from a list that Load has read.
func NewZones(known []Known) Zones {
	zones := make(Zones, len(known))
	for _, k := range known {
		if at, err := time.LoadLocation(k.Zone); err == nil {
			zones[k.ID] = at
		}
	}
	return zones
}

// Zone is the time zone of a region, UTC for one that the list does not know.
func (z Zones) Zone(id string) *time.Location {
	if at, ok := z[strings.ToLower(id)]; ok {
		return at
	}
	return time.UTC
}
