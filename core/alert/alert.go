// Package alert is the alert resources of a region: how many text messages and phone calls may be sent in a day, what was sent
// today and this month, and by which module. Whatever sends alerts asks here first and is told how many it may send.
package alert

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/goccy/go-yaml"

	"reeve/core/control"
	"reeve/core/edition"
)

// Channel is a way to send alerts that costs money.
type Channel string

// The channels.
const (
	SMS  Channel = "sms"
	Call Channel = "call"
)

// Unlimited is the limit of a channel that has none.
const Unlimited = -1

// MostPerDay bounds a limit, and what may be asked for at once. It is ours: no bound is published.
const MostPerDay = 1_000_000

// Known describes a channel.
type Known struct {
	ID Channel `yaml:"id"`
	// From is the lowest edition in which the channel can be used.
	From edition.Edition `yaml:"from"`
	// Free is how many cost nothing in a month, by edition.
	Free map[edition.Edition]int `yaml:"free_per_month"`
}

// Offer is what there is to send by, and who sends.
type Offer struct {
	Channels []Known  `yaml:"channels"`
	Modules  []string `yaml:"modules"`
}

// Load reads the offer from YAML and fails on one that is incomplete.
func Load(data []byte, editions edition.Catalogue) (Offer, error) {
	var o Offer
	if err := yaml.UnmarshalWithOptions(data, &o, yaml.Strict()); err != nil {
		return Offer{}, fmt.Errorf("reading the alert resources: %w", err)
	}
	var faults []error
	if len(o.Channels) == 0 || len(o.Modules) == 0 {
		faults = append(faults, errors.New("there are no channels or no modules"))
	}
	for _, c := range o.Channels {
		if _, known := editions.Find(c.From); !known {
			faults = append(faults, fmt.Errorf("channel %q starts at the unknown edition %q", c.ID, c.From))
		}
		for _, e := range editions.All() {
			if n, said := c.Free[e.ID]; !said || n < 0 {
				faults = append(faults, fmt.Errorf("channel %q says nothing for edition %q", c.ID, e.ID))
			}
		}
	}
	if err := errors.Join(faults...); err != nil {
		return Offer{}, fmt.Errorf("reading the alert resources: %w", err)
	}
	return o, nil
}

func (o Offer) channel(id Channel) (Known, bool) {
	i := slices.IndexFunc(o.Channels, func(k Known) bool { return k.ID == id })
	if i < 0 {
		return Known{}, false
	}
	return o.Channels[i], true
}

// Budget is a channel of a region with its limit and its use.
type Budget struct {
	Region  string  `json:"region"`
	Channel Channel `json:"channel"`
	// PerDay is the limit of a day, or Unlimited. When it is reached nothing more is sent that day.
	PerDay int `json:"per_day"`
	// Today and Month count what was sent on the current day and in the current month of the region.
	Today int `json:"today"`
	Month int `json:"month"`
	// Free is how many of a month cost nothing in the region's edition.
	Free int `json:"free_per_month"`
	// Usable says whether the region's edition has the channel.
	Usable  bool  `json:"usable"`
	Version int64 `json:"version"`
}

// Left is how many can still be sent today, or Unlimited.
func (b Budget) Left() int {
	switch {
	case !b.Usable:
		return 0
	case b.PerDay == Unlimited:
		return Unlimited
	}
	return max(0, b.PerDay-b.Today)
}

// Sent is what one module sent in a day by one channel.
type Sent struct {
	Channel Channel `json:"channel"`
	Module  string  `json:"module"`
	Count   int     `json:"count"`
}

// Limit is the stored part of a budget.
type Limit struct {
	PerDay  int
	Version int64
}

// Store is what this area needs of storage. Days are days of the region, as 2026-03-02.
type Store interface {
	// Region finds an activated region; fault.NotFound otherwise.
	Region(ctx context.Context, id string) (control.Target, error)
	// Limit is the limit of a channel; Unlimited with version 0 if none was ever set.
	Limit(ctx context.Context, region string, c Channel) (Limit, error)
	// SetLimit keeps a limit if the stored version still is l.Version; otherwise ok is false.
	SetLimit(ctx context.Context, region string, c Channel, l Limit) (ok bool, err error)
	// Sent counts what was sent on the days from first to last, both included, by module.
	Sent(ctx context.Context, region, first, last string) ([]Sent, error)
	// Add counts more sent on a day.
	Add(ctx context.Context, region, day string, s Sent) error
}

// Regions answers what this area needs to know of regions.
type Regions interface {
	// Zone is the time zone in which the days of a region begin.
	Zone(id string) *time.Location
}
