package access

import (
	"math/bits"
	"strings"
)

// Capability is one named grant of the tenant plane. A tenant role is a set of
// them, not a matrix of levels. The zero value is no capability.
type Capability uint8

// The capabilities, module by module.
const (
	DataMapUse Capability = iota + 1
	DataMapManageDirectories
	DataMapCollectMetadata
	SecurityCenterUse
	SecurityCenterManage
	ApprovalCenterUse
	ApprovalCenterManage
	DataSecurityGuardRead
	DataSecurityGuardManage
	DataGovernanceUse
	DataGovernanceManage
	DataAnalysisUse
	OpenPlatformManage
	ComplianceManage
)

const lastCapability = ComplianceManage

// Pseudo-modules: the subjects of two built-in tenant roles. They are known by
// their names only, belong to neither list of modules and cannot be parsed as
// modules.
const (
	OpenPlatform Module = iota + lastModule + 1
	Compliance
)

// capabilityFacts is what is published about a capability.
type capabilityFacts struct {
	module Module
	verb   string
	level  Level
	// custom says that the editor of custom tenant roles offers it.
	custom bool
}

var capabilityTable = [lastCapability + 1]capabilityFacts{
	DataMapUse:               {DataMap, "use", Read, true},
	DataMapManageDirectories: {DataMap, "manage-directories", Write, false},
	DataMapCollectMetadata:   {DataMap, "collect-metadata", Write, false},
	SecurityCenterUse:        {SecurityCenter, "use", Read, true},
	SecurityCenterManage:     {SecurityCenter, "manage", Write, false},
	ApprovalCenterUse:        {ApprovalCenter, "use", Read, true},
	ApprovalCenterManage:     {ApprovalCenter, "manage", Write, true},
	DataSecurityGuardRead:    {DataSecurityGuard, "read", Read, true},
	DataSecurityGuardManage:  {DataSecurityGuard, "manage", Write, true},
	DataGovernanceUse:        {DataGovernance, "use", Read, true},
	DataGovernanceManage:     {DataGovernance, "manage", Write, true},
	DataAnalysisUse:          {GlobalDataAnalysis, "use", Read, true},
	OpenPlatformManage:       {OpenPlatform, "manage", Write, false},
	ComplianceManage:         {Compliance, "manage", Write, false},
}

func (c Capability) valid() bool { return c >= 1 && c <= lastCapability }

func (c Capability) facts() capabilityFacts {
	if !c.valid() {
		return capabilityFacts{}
	}
	return capabilityTable[c]
}

// Code names the capability in commands and files: the code of its module and
// what may be done there, as in "data-map.use". It is "invalid" for none.
func (c Capability) Code() string {
	if !c.valid() {
		return "invalid"
	}
	return c.Module().Code() + "." + c.facts().verb
}

// String is the code.
func (c Capability) String() string { return c.Code() }

// Module is the global module, or pseudo-module, the capability is of.
func (c Capability) Module() Module { return c.facts().module }

// Level is Read for using or reading, Write for managing and collecting, None
// for no capability.
func (c Capability) Level() Level { return c.facts().level }

// AllCapabilities lists every capability, module by module.
func AllCapabilities() []Capability {
	list := make([]Capability, 0, lastCapability)
	for c := Capability(1); c <= lastCapability; c++ {
		list = append(list, c)
	}
	return list
}

// CustomCapabilities lists those that a custom tenant role can be given.
func CustomCapabilities() []Capability {
	var list []Capability
	for _, c := range AllCapabilities() {
		if c.facts().custom {
			list = append(list, c)
		}
	}
	return list
}

// ParseCapability finds a capability by its code, in upper or lower case. The
// error is an *UnknownError with the nearest codes.
func ParseCapability(s string) (Capability, error) {
	given := strings.ToLower(strings.TrimSpace(s))
	var near nearest
	for _, c := range AllCapabilities() {
		if c.Code() == given {
			return c, nil
		}
		near.consider(foldName(given), c.Code(), c.Code())
	}
	return 0, &UnknownError{Kind: "capability", Given: s, Nearest: near.labels()}
}

// Capabilities is a set of capabilities. The zero value is empty. The bits are
// an inner matter: keep sets by Capability.Code, not by number.
type Capabilities uint32

const everyCapability = Capabilities(1)<<(lastCapability+1) - 2

// CapabilitySet is the set of the given capabilities.
func CapabilitySet(list ...Capability) Capabilities {
	var set Capabilities
	for _, c := range list {
		set = set.With(c)
	}
	return set
}

// Has says whether the capability is in the set; what is no capability never is.
func (s Capabilities) Has(c Capability) bool { return c.valid() && s>>c&1 != 0 }

// With is the set with one more. What is no capability changes nothing.
func (s Capabilities) With(c Capability) Capabilities {
	if !c.valid() {
		return s
	}
	return s | 1<<c
}

// Without is the set with one less.
func (s Capabilities) Without(c Capability) Capabilities {
	if !c.valid() {
		return s
	}
	return s &^ (1 << c)
}

// List are the capabilities of the set, module by module.
func (s Capabilities) List() []Capability {
	var list []Capability
	for _, c := range AllCapabilities() {
		if s.Has(c) {
			list = append(list, c)
		}
	}
	return list
}

// count is the number of capabilities in the set.
func (s Capabilities) count() int { return bits.OnesCount32(uint32(s)) }

// ofModule are all capabilities of a module, and 0 for a workspace module.
func ofModule(m Module) Capabilities {
	var set Capabilities
	for c := Capability(1); c <= lastCapability; c++ {
		if capabilityTable[c].module == m {
			set = set.With(c)
		}
	}
	return set
}

// enough are the capabilities of which any one gives the level on the module.
func enough(m Module, level Level) Capabilities {
	if level != Read && level != Write {
		return 0
	}
	var set Capabilities
	for c := Capability(1); c <= lastCapability; c++ {
		if capabilityTable[c].module == m && capabilityTable[c].level >= level {
			set = set.With(c)
		}
	}
	return set
}
