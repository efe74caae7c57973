package access

import (
	"slices"
	"strconv"
	"strings"
)

// Plane is where a module is governed. The planes never answer for one
// another: a role of a workspace says nothing about a global module.
type Plane uint8

const (
	// PlaneWorkspace has the modules that show a workspace in their top bar.
	PlaneWorkspace Plane = iota
	// PlaneGlobal has the modules that show none.
	PlaneGlobal
)

// Module is a service module of the platform. The zero value is no module.
type Module uint8

// The workspace modules, in the order in which a role's matrix shows them.
const (
	DataIntegration Module = iota + 1
	DataStudio
	OperationCenter
	DataService
	DataQuality
	DataModeling
	IntelligentModeling
	DataAnalysis
	Deployment
	MigrationAssistant
	ResourceOptimization
	HoloStudio
	StreamStudio
)

// The global modules. DataAnalysis is published as a module of both planes.
const (
	DataMap Module = iota + lastWorkspaceModule + 1
	SecurityCenter
	ApprovalCenter
	DataSecurityGuard
	DataGovernance
	GlobalDataAnalysis
)

const (
	lastWorkspaceModule = StreamStudio
	lastModule          = GlobalDataAnalysis
)

// moduleFacts is what is published about a module: the number is the one by
// which the OpenAPI for project roles names it.
type moduleFacts struct {
	code    string
	name    string
	number  int
	aliases []string
}

var modules = [lastModule + 1]moduleFacts{
	DataIntegration:      {"data-integration", "Data Integration", 9, nil},
	DataStudio:           {"data-studio", "DataStudio", 11, []string{"Data Development"}},
	OperationCenter:      {"operation-center", "Operation Center", 14, nil},
	DataService:          {"data-service", "DataService Studio", 8, []string{"DataService"}},
	DataQuality:          {"data-quality", "Data Quality", 12, nil},
	DataModeling:         {"data-modeling", "Data Modeling", 10, []string{"DataBlau DDM"}},
	IntelligentModeling:  {"intelligent-modeling", "Intelligent Modeling", 20, []string{"Intelligent Data Modeling"}},
	DataAnalysis:         {"data-analysis", "DataAnalysis", 17, []string{"Data Analytics"}},
	Deployment:           {"deployment", "Deployment", 4, []string{"Deployment Center", "Deploy Management", "Deployment Management"}},
	MigrationAssistant:   {"migration-assistant", "Migration Assistant", 16, nil},
	ResourceOptimization: {"resource-optimization", "Resource Optimization", 15, nil},
	HoloStudio:           {"holo-studio", "HoloStudio", 2, nil},
	StreamStudio:         {"stream-studio", "StreamStudio", 3, nil},
	DataMap:              {"data-map", "Data Map", 7, nil},
	SecurityCenter:       {"security-center", "Security Center", 19, nil},
	ApprovalCenter:       {"approval-center", "Approval Center", 18, nil},
	DataSecurityGuard:    {"data-security-guard", "Data Security Guard", 6, []string{"Data Protection Umbrella"}},
	DataGovernance: {"data-governance", "Data Governance Center", 13,
		[]string{"Data Governance", "Data Asset Governance", "Comprehensive Data Governance"}},
	GlobalDataAnalysis: {"data-analysis", "DataAnalysis", 17, []string{"Data Analytics"}},
}

// WorkspaceModules lists the modules of a role's matrix, in its order.
func WorkspaceModules() []Module { return moduleRange(DataIntegration, lastWorkspaceModule) }

// GlobalModules lists the modules of the tenant.
func GlobalModules() []Module { return moduleRange(lastWorkspaceModule+1, lastModule) }

func moduleRange(from, to Module) []Module {
	list := make([]Module, 0, to-from+1)
	for m := from; m <= to; m++ {
		list = append(list, m)
	}
	return list
}

func (m Module) valid() bool { return m >= 1 && m <= lastModule }

func (m Module) facts() moduleFacts {
	switch {
	case m == OpenPlatform:
		return moduleFacts{code: "open-platform", name: "Open Platform"}
	case m == Compliance:
		return moduleFacts{code: "compliance", name: "Compliance"}
	case !m.valid():
		return moduleFacts{code: "invalid", name: "Invalid"}
	}
	return modules[m]
}

// Code names the module in commands and files; it is unique within its plane.
func (m Module) Code() string { return m.facts().code }

// Name is the English name of the module.
func (m Module) Name() string { return m.facts().name }

// Number is the module's number in the OpenAPI, 2 to 20; 0 for no module.
func (m Module) Number() int { return m.facts().number }

// String is the code.
func (m Module) String() string { return m.Code() }

// Plane is where the module is governed.
func (m Module) Plane() Plane {
	if m > lastWorkspaceModule {
		return PlaneGlobal
	}
	return PlaneWorkspace
}

// ParseModule finds a module of a plane by its code, by an English name in
// any spelling ("DataStudio", "data studio"), or by its number in the
// OpenAPI. The error is an *UnknownError with the nearest codes.
func ParseModule(plane Plane, s string) (Module, error) {
	list := WorkspaceModules()
	if plane == PlaneGlobal {
		list = GlobalModules()
	}
	if number, err := strconv.Atoi(strings.TrimSpace(s)); err == nil {
		if i := slices.IndexFunc(list, func(m Module) bool { return m.Number() == number }); i >= 0 {
			return list[i], nil
		}
	}
	var near nearest
	given := foldName(s)
	for _, m := range list {
		for _, name := range append([]string{m.Code(), m.Name()}, m.facts().aliases...) {
			if given != "" && foldName(name) == given {
				return m, nil
			}
			near.consider(given, name, m.Code())
		}
	}
	return 0, &UnknownError{Kind: "module", Given: s, Nearest: near.labels()}
}
