package group

import (
	"fmt"
	"slices"
	"time"

	"github.com/goccy/go-yaml"

	"reeve/core/message"
)

// Terms are the sizes, times and limits of resource groups. They are data: assets/groups.yaml says of each value whether it
// is published.
type Terms struct {
	// Size is in CU: a subscription has Smallest to Largest, pay-as-you-go a ceiling.
	Size struct {
		Smallest         int `yaml:"smallest"`
		Largest          int `yaml:"largest"`
		PayAsYouGo       int `yaml:"pay_as_you_go"`
		PayAsYouGoModels int `yaml:"pay_as_you_go_models"`
	} `yaml:"size"`
	// LargestTask is the most CU that one task may take.
	LargestTask TaskLimits `yaml:"largest_task"`
	// Slots are the scheduling tasks that run at once.
	Slots struct {
		Least int `yaml:"least"`
		Usual int `yaml:"usual"`
		Most  int `yaml:"most"`
	} `yaml:"slots"`
	// Duration says for how long a subscription can be bought at once.
	Duration struct {
		Month Span `yaml:"month"`
		Year  Span `yaml:"year"`
	} `yaml:"duration"`
	Times struct {
		Start   time.Duration `yaml:"start"`
		Update  time.Duration `yaml:"update"`
		Network time.Duration `yaml:"network"`
		Release time.Duration `yaml:"release"`
	} `yaml:"times"`
	// Networks are the most VPC bindings and routes of one group.
	Networks struct {
		Bindings int `yaml:"bindings"`
		Routes   int `yaml:"routes"`
	} `yaml:"networks"`
	// Prices are for one CU.
	Prices struct {
		CUHour  Money `yaml:"cu_hour"`
		CUMonth Money `yaml:"cu_month"`
	} `yaml:"prices"`
	// FreezeDays are the days without use after which a pay-as-you-go group is frozen.
	FreezeDays int `yaml:"freeze_days"`
	// RenewBefore is how long before its end a subscription renews itself.
	RenewBefore time.Duration `yaml:"renew_before"`
	// Site is the one of Sites that the tenant is a customer of.
	Site  string          `yaml:"site"`
	Sites map[string]Site `yaml:"sites"`
	Runs  RunTerms        `yaml:"runs"`
	// Legacy says of each older type what its sizes can do at once.
	Legacy  map[Type]Legacy `yaml:"legacy"`
	Arrears struct {
		ReminderHours []int         `yaml:"reminder_hours"`
		Stop          time.Duration `yaml:"stop"`
	} `yaml:"arrears"`
}

// TaskLimits is the most CU that one task may take: usually, and of modules that have a limit of their own.
type TaskLimits struct {
	Usual   int            `yaml:"usual"`
	Modules map[Module]int `yaml:"modules"`
}

// Of is the most CU that one task of a module may take.
func (l TaskLimits) Of(m Module) int {
	if most, ok := l.Modules[m]; ok {
		return most
	}
	return l.Usual
}

func (l TaskLimits) sound() bool {
	for m, most := range l.Modules {
		if !slices.Contains(Modules(), m) || most < 1 {
			return false
		}
	}
	return l.Usual >= 1
}

// RunTerms are the times of runs.
type RunTerms struct {
	// Beat is how often a process says that its run is alive, and Lease how long a run is taken to be after that. Claim is the
	// lease of one that waited and has just been admitted.
	Beat  time.Duration `yaml:"beat"`
	Lease time.Duration `yaml:"lease"`
	Claim time.Duration `yaml:"claim"`
	// WaitBeat and WaitLease are those of runs that wait.
	WaitBeat  time.Duration `yaml:"wait_beat"`
	WaitLease time.Duration `yaml:"wait_lease"`
	// Minutes is how long what was held is kept by the minute, Ended how long runs that ended are listed.
	Minutes time.Duration `yaml:"minutes"`
	Ended   time.Duration `yaml:"ended"`
	// Trigger is what a run of 0 CU may use.
	Trigger struct {
		CPU    float64 `yaml:"cpu"`    // vCPU
		Memory int     `yaml:"memory"` // MiB
	} `yaml:"trigger"`
}

// Legacy is an older type of groups.
type Legacy struct {
	// Unit is what is counted: instances, threads, queries, nodes; none for what has ended.
	Unit  string         `yaml:"unit"`
	Specs map[string]int `yaml:"specs"`
}

// Span is a least and a most, both included.
type Span struct {
	Least int `yaml:"least"`
	Most  int `yaml:"most"`
}

// Site is what a site of the vendor does around the end of a subscription.
type Site struct {
	// ReminderDays are the days before the end at which one is reminded.
	ReminderDays []int `yaml:"reminder_days"`
	// Grace is the time after the end in which it can still be renewed; then it is released.
	Grace time.Duration `yaml:"grace"`
}

// LoadTerms reads the terms from YAML. It fails on an unknown key and on values that contradict one another.
func LoadTerms(data []byte) (Terms, error) {
	var t Terms
	if err := yaml.UnmarshalWithOptions(data, &t, yaml.Strict()); err != nil {
		return Terms{}, fmt.Errorf("reading the terms of resource groups: %w", err)
	}
	if err := t.check(); err != nil {
		return Terms{}, fmt.Errorf("reading the terms of resource groups: %w", err)
	}
	return t, nil
}

func (t Terms) check() error {
	site, known := t.Sites[t.Site]
	switch {
	case t.Size.Smallest < 1 || t.Size.Largest < t.Size.Smallest || t.Size.PayAsYouGo < 1 || t.Size.PayAsYouGoModels < t.Size.PayAsYouGo:
		return fmt.Errorf("the sizes %+v do not go together", t.Size)
	case t.Slots.Least < 1 || t.Slots.Usual < t.Slots.Least || t.Slots.Most < t.Slots.Usual:
		return fmt.Errorf("the slots %+v do not go together", t.Slots)
	case t.Duration.Month.Least < 1 || t.Duration.Month.Most < t.Duration.Month.Least:
		return fmt.Errorf("the months %+v do not go together", t.Duration.Month)
	case t.Duration.Year.Least < 1 || t.Duration.Year.Most < t.Duration.Year.Least:
		return fmt.Errorf("the years %+v do not go together", t.Duration.Year)
	case t.Times.Start <= 0 || t.Times.Update <= 0 || t.Times.Release <= 0 || t.Times.Network <= 0 || t.Networks.Bindings < 2 || t.Networks.Routes < 0 || t.Prices.CUHour <= 0 || t.Prices.CUMonth <= 0 || t.FreezeDays < 1 || t.RenewBefore < 0 || t.Arrears.Stop <= 0:
		return fmt.Errorf("a time or a limit is missing")
	case t.Runs.Beat < time.Second || t.Runs.Lease < 2*t.Runs.Beat || t.Runs.Claim < time.Second || t.Runs.WaitBeat < time.Second ||
		t.Runs.WaitLease < 2*t.Runs.WaitBeat || t.Runs.Minutes < time.Hour || t.Runs.Ended < time.Hour || t.Runs.Trigger.CPU <= 0 || t.Runs.Trigger.Memory < 1:
		return fmt.Errorf("the times of runs %+v do not go together", t.Runs)
	case !t.LargestTask.sound():
		return fmt.Errorf("the largest tasks %+v are none, or of no module", t.LargestTask)
	case !known || site.Grace <= 0:
		return fmt.Errorf("there is no site %q, or it has no grace", t.Site)
	}
	return nil
}

// NoTime says that 0 was asked for, which forms leave out when nothing is: for how long a subscription can be ordered in a unit.
func (t Terms) NoTime(unit Unit) message.Text {
	in := t.Duration.Month
	if unit == Year {
		in = t.Duration.Year
	}
	return outside(0, in)
}

// outside says that a number is not in a span.
func outside(n int, in Span) message.Text {
	return message.Text{ID: "fault.group.span", Args: message.Args{"Least": in.Least, "Most": in.Most, "Given": n}}
}

// Here is what the tenant's own site does.
func (t Terms) Here() Site { return t.Sites[t.Site] }
