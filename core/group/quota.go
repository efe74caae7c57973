package group

import (
	"slices"
	"strings"

	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Module is what work in a group is of; each has its own share.
type Module string

// The modules, in the order in which they are shown. The documentation names rows for all but data analysis, which the
// details list without saying whether it can be limited: here it can.
const (
	Scheduling      Module = "scheduling" // and data computing
	DataIntegration Module = "data-integration"
	DataService     Module = "data-service"
	DataAnalysis    Module = "data-analysis"
	PersonalDev     Module = "personal-dev"
	ModelService    Module = "model-service"
)

// Modules lists them.
func Modules() []Module {
	return []Module{Scheduling, DataIntegration, DataService, DataAnalysis, PersonalDev, ModelService}
}

// ParseModule finds a module by its code; the error names the near ones.
func ParseModule(s string) (Module, error) {
	codes := make([]string, 0, len(Modules()))
	for _, m := range Modules() {
		if text.Fold(s) == string(m) {
			return m, nil
		}
		codes = append(codes, string(m))
	}
	return "", &fault.NotFound{What: "module", Name: s, Nearest: text.Nearest(s, codes, len(codes))}
}

// Quota is the share of a module in CU.
type Quota struct {
	Module Module `json:"module"`
	// Min is what is kept for it.
	Min int `json:"min"`
	// Max is the most it may use; nil is no cap.
	Max *int `json:"max"`
}

// cap is the most CU that the module may use in a group of a size.
func (q Quota) cap(size int) int {
	if q.Max == nil {
		return size
	}
	return *q.Max
}

// Shares are the quotas of a group, one for each module in their order.
type Shares []Quota

// whole is the shares with a quota for each module; what was never limited has none.
func (s Shares) whole() Shares {
	out := make(Shares, 0, len(Modules()))
	for _, m := range Modules() {
		out = append(out, s.Of(m))
	}
	return out
}

// Of is the quota of a module.
func (s Shares) Of(m Module) Quota {
	if i := slices.IndexFunc(s, func(q Quota) bool { return q.Module == m }); i >= 0 {
		return s[i]
	}
	return Quota{Module: m}
}

// Guaranteed is the sum of what is kept.
func (s Shares) Guaranteed() int {
	sum := 0
	for _, q := range s {
		sum += q.Min
	}
	return sum
}

// Faults says everything that is wrong with the shares in a group of a size: each field is named min or max and its module.
func (s Shares) Faults(size int) []fault.Field {
	var bad faults
	seen := map[Module]bool{}
	for _, q := range s {
		name := strings.ReplaceAll(string(q.Module), "-", "_")
		label := message.Text{ID: "group.module." + string(q.Module)}
		switch {
		case !slices.Contains(Modules(), q.Module):
			bad.add("module", message.Text{ID: "fault.group.module", Args: message.Args{"Module": string(q.Module)}})
			continue
		case seen[q.Module]:
			bad.add("module", message.Text{ID: "fault.group.module.twice", Args: message.Args{"Module": label}})
		}
		seen[q.Module] = true
		if q.Min < 0 || q.Min > size {
			bad.add("min_"+name, message.Text{ID: "fault.group.quota.min", Args: message.Args{"Module": label, "Given": q.Min, "Size": size}})
		}
		switch {
		case q.Max == nil:
		case q.Min > size: // no maximum would do: what is kept is wrong already
			if *q.Max > size {
				bad.add("max_"+name, message.Text{ID: "fault.group.quota.max.size", Args: message.Args{"Module": label, "Given": *q.Max, "Size": size}})
			}
		case *q.Max < q.Min || *q.Max > size:
			bad.add("max_"+name, message.Text{ID: "fault.group.quota.max", Args: message.Args{"Module": label, "Given": *q.Max, "Min": q.Min, "Size": size}})
		}
	}
	misfit := slices.ContainsFunc(bad, func(f fault.Field) bool { return strings.HasPrefix(f.Name, "min_") || f.Name == "module" })
	if sum := s.Guaranteed(); sum > size && !misfit {
		bad.add("min", message.Text{ID: "fault.group.quota.sum", Args: message.Args{"Sum": sum, "Size": size}})
	}
	return bad
}

// Starved are the modules whose guarantee others can use up while it is idle: what is lent is not taken back from work that
// runs.
func (g Group) Starved() []Module {
	var out []Module
	if !g.Lends {
		return nil
	}
	shares := g.Shares.whole()
	for _, q := range shares {
		others := 0
		for _, o := range shares {
			if o.Module != q.Module {
				others += o.cap(g.Size)
			}
		}
		if q.Min > 0 && others > g.Size-q.Min {
			out = append(out, q.Module)
		}
	}
	return out
}
