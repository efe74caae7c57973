package workspace

import (
	"slices"
	"strconv"
	"strings"

	"reeve/core/message"
	"reeve/core/text"
)

// RerunPolicy says when a task may run again by default.
type RerunPolicy string

// The policies, named as the OpenAPI names them (ALL_ALLOWED, FAILURE_ALLOWED, ALL_DENIED).
const (
	RerunAlways  RerunPolicy = "all-allowed"
	RerunFailure RerunPolicy = "failure-allowed"
	RerunNever   RerunPolicy = "all-denied"
)

// Settings are what administrators of a workspace decide about it. Those of scheduling hold for new tasks only.
type Settings struct {
	// DefaultGroup is the resource group that tasks run on unless they name another; empty for none.
	DefaultGroup   string `json:"default_resource_group"`
	DefaultGroupID uint32 `json:"-"`

	// PeriodicScheduling off: what was generated for today still runs, and tonight nothing is generated for tomorrow.
	PeriodicScheduling bool `json:"periodic_scheduling"`
	// TimeZone is an IANA name; empty is the zone of the region.
	TimeZone string `json:"time_zone"`
	// CycleTime is HH:MM, when tasks of a day are due; empty picks a time from 00:00 to 00:30 for each.
	CycleTime   string      `json:"cycle_time"`
	RerunPolicy RerunPolicy `json:"rerun_policy"`
	Reruns      int         `json:"reruns"`         // 1 to 10
	RerunPause  int         `json:"rerun_interval"` // 1 to 30 minutes
	// AutoParse finds the inputs and outputs of a node when it is committed.
	AutoParse bool `json:"auto_parse"`

	DownloadSelect   bool     `json:"download_select_results"`
	ChangeNodeOwner  bool     `json:"change_node_owner"`
	SandboxAllowlist []string `json:"sandbox_allowlist"`

	// DevRoleDisabled, once set, stays: the Develop role then gives nothing in the workspace.
	DevRoleDisabled bool `json:"dev_role_disabled"`
	// PaiScheduling, once set, stays.
	PaiScheduling bool `json:"pai_scheduling"`
	// NewDataStudio, once set, stays. It decides whether clusters are managed in the workspace: only without it.
	NewDataStudio bool `json:"new_data_studio"`
	// PersonalDevShutdown is after how many idle minutes instances of personal development environments are shut down; 0 is never.
	PersonalDevShutdown int `json:"personal_dev_shutdown"`
}

// DefaultSettings are those of a new workspace. Allowing downloads is the default of the API; of the others none is
// documented, and they are ours.
func DefaultSettings() Settings {
	return Settings{PeriodicScheduling: true, RerunPolicy: RerunAlways, Reruns: 3, RerunPause: 2, AutoParse: true, DownloadSelect: true,
		SandboxAllowlist: []string{}}
}

// Section is a part of the settings that belongs together.
type Section string

// The sections, in the order in which they are shown.
const (
	SectionGeneral     Section = "general"
	SectionScheduling  Section = "scheduling"
	SectionSecurity    Section = "security"
	SectionDevelopment Section = "development"
)

// SettingKind says how a setting is written.
type SettingKind uint8

// The kinds.
const (
	KindText   SettingKind = iota
	KindSwitch             // on or off
	KindChoice
	KindNumber
	KindList // entries with commas or line ends between them
)

// Setting is one of the settings: a key with what it may be. What it does is the message setting.<key>.about, its
// name setting.<key>.
type Setting struct {
	Key     string
	Section Section
	Kind    SettingKind
	Options []string
	// Min and Max bound a number.
	Min, Max int
	// OneWay says that the setting, once on, is never off again.
	OneWay bool
	read   func(w *Workspace) any
	// write takes a value of the right kind over, or says what is wrong with it.
	write func(e *editing, value any)
}

// Value is what the setting is: a string, a bool, an int or a []string.
func (s Setting) Value(w Workspace) any { return s.read(&w) }

// Text is the value as people write it: on and off, lists with commas.
func (s Setting) Text(w Workspace) string {
	switch v := s.read(&w).(type) {
	case bool:
		return onOff(v)
	case int:
		return strconv.Itoa(v)
	case []string:
		return strings.Join(v, ",")
	case string:
		return v
	}
	return ""
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// FindSetting finds a setting by its key.
func FindSetting(key string) (Setting, bool) {
	all := AllSettings()
	if i := slices.IndexFunc(all, func(s Setting) bool { return s.Key == text.Fold(key) }); i >= 0 {
		return all[i], true
	}
	return Setting{}, false
}

// AllSettings are the settings by section.
func AllSettings() []Setting {
	return slices.Concat(generalSettings(), schedulingSettings(), securitySettings(), developmentSettings())
}

func generalSettings() []Setting {
	return []Setting{
		{Key: "display_name", Section: SectionGeneral,
			read: func(w *Workspace) any { return w.DisplayName },
			write: func(e *editing, v any) {
				e.w.DisplayName = strings.TrimSpace(v.(string))
				e.bad.rule("display_name", displayRule, e.w.DisplayName)
			}},
		{Key: "description", Section: SectionGeneral,
			read: func(w *Workspace) any { return w.Description },
			write: func(e *editing, v any) {
				e.w.Description = v.(string)
				e.bad.rule("description", aboutRule, e.w.Description)
			}},
		{Key: "default_resource_group", Section: SectionGeneral,
			read:  func(w *Workspace) any { return w.DefaultGroup },
			write: func(e *editing, v any) { e.w.DefaultGroup, e.group = strings.TrimSpace(v.(string)), true }},
		{Key: "tags", Section: SectionGeneral, Kind: KindList,
			read: func(w *Workspace) any {
				tags := make([]string, len(w.Tags))
				for i, t := range w.Tags {
					tags[i] = t.String()
				}
				return tags
			},
			write: func(e *editing, v any) {
				var tags []Tag
				for _, word := range v.([]string) {
					tags = append(tags, ParseTag(word))
				}
				e.w.Tags = e.bad.tags("tags", tags)
			}},
	}
}

func schedulingSettings() []Setting {
	return []Setting{
		{Key: "periodic_scheduling", Section: SectionScheduling, Kind: KindSwitch,
			read: func(w *Workspace) any { return w.PeriodicScheduling }, write: func(e *editing, v any) { e.w.PeriodicScheduling = v.(bool) }},
		{Key: "time_zone", Section: SectionScheduling, read: func(w *Workspace) any { return w.TimeZone }, write: writeTimeZone},
		{Key: "cycle_time", Section: SectionScheduling, read: func(w *Workspace) any { return w.CycleTime }, write: writeCycleTime},
		{Key: "rerun_policy", Section: SectionScheduling, Kind: KindChoice,
			Options: []string{string(RerunAlways), string(RerunFailure), string(RerunNever)},
			read:    func(w *Workspace) any { return string(w.RerunPolicy) },
			write:   func(e *editing, v any) { e.w.RerunPolicy = RerunPolicy(v.(string)) }},
		{Key: "reruns", Section: SectionScheduling, Kind: KindNumber, Min: 1, Max: 10,
			read: func(w *Workspace) any { return w.Reruns }, write: func(e *editing, v any) { e.w.Reruns = v.(int) }},
		{Key: "rerun_interval", Section: SectionScheduling, Kind: KindNumber, Min: 1, Max: 30,
			read: func(w *Workspace) any { return w.RerunPause }, write: func(e *editing, v any) { e.w.RerunPause = v.(int) }},
		{Key: "auto_parse", Section: SectionScheduling, Kind: KindSwitch,
			read: func(w *Workspace) any { return w.AutoParse }, write: func(e *editing, v any) { e.w.AutoParse = v.(bool) }},
	}
}

// secondZone is the zone that regions elsewhere may switch to, as the documentation has it.
const secondZone = "Asia/Shanghai"

// writeTimeZone takes the zone of the region, or UTC+8, which regions elsewhere may switch to.
func writeTimeZone(e *editing, v any) {
	zone := strings.TrimSpace(v.(string))
	switch {
	case zone == "" || strings.EqualFold(zone, e.zone):
		e.w.TimeZone = ""
	case strings.EqualFold(zone, secondZone) || strings.EqualFold(zone, "UTC+8"):
		e.w.TimeZone = secondZone
	case strings.EqualFold(e.zone, secondZone):
		e.bad.add("time_zone", message.Text{ID: "fault.workspace.setting.time_zone.one", Args: message.Args{"Given": zone, "Zone": e.zone}})
	default:
		e.bad.add("time_zone", message.Text{ID: "fault.workspace.setting.time_zone", Args: message.Args{"Given": zone, "Zone": e.zone}})
	}
}

// writeCycleTime takes HH:MM, or nothing.
func writeCycleTime(e *editing, v any) {
	s := strings.TrimSpace(v.(string))
	hours, minutes, ok := strings.Cut(s, ":")
	h, m := -1, -1
	if ok && len(hours) == 2 && len(minutes) == 2 {
		h, m = digits(hours), digits(minutes)
	}
	if s != "" && (h < 0 || h > 23 || m < 0 || m > 59) {
		e.bad.add("cycle_time", message.Text{ID: "fault.workspace.setting.cycle_time", Args: message.Args{"Given": s}})
		return
	}
	e.w.CycleTime = s
}

// digits reads a number without a sign, or -1.
func digits(s string) int {
	if strings.Trim(s, "0123456789") != "" {
		return -1
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

func securitySettings() []Setting {
	return []Setting{
		{Key: "download_select_results", Section: SectionSecurity, Kind: KindSwitch,
			read: func(w *Workspace) any { return w.DownloadSelect }, write: func(e *editing, v any) { e.w.DownloadSelect = v.(bool) }},
		{Key: "change_node_owner", Section: SectionSecurity, Kind: KindSwitch,
			read: func(w *Workspace) any { return w.ChangeNodeOwner }, write: func(e *editing, v any) { e.w.ChangeNodeOwner = v.(bool) }},
		{Key: "sandbox_allowlist", Section: SectionSecurity, Kind: KindList,
			read:  func(w *Workspace) any { return slices.Clone(w.SandboxAllowlist) },
			write: writeAllowlist},
	}
}

func writeAllowlist(e *editing, v any) {
	entries := []string{}
	for _, entry := range strings.Fields(strings.Join(v.([]string), " ")) {
		if what, bad := AllowedFault(entry); bad {
			e.bad.add("sandbox_allowlist", what)
		} else if lower := strings.ToLower(entry); !slices.Contains(entries, lower) {
			entries = append(entries, lower)
		}
	}
	if len(entries) > MaxAllowed {
		e.bad.add("sandbox_allowlist", message.Text{ID: "fault.workspace.allowed.many", Args: message.Args{"Count": len(entries), "Max": MaxAllowed}})
	}
	e.w.SandboxAllowlist = entries
}

// The bounds of the auto-shutdown of personal development environments, in minutes. They are not documented, and are ours.
const (
	minShutdown = 10
	maxShutdown = 10080 // a week
)

func developmentSettings() []Setting {
	return []Setting{
		{Key: "dev_role_disabled", Section: SectionDevelopment, Kind: KindSwitch, OneWay: true,
			read: func(w *Workspace) any { return w.DevRoleDisabled }, write: func(e *editing, v any) { e.w.DevRoleDisabled = v.(bool) }},
		{Key: "pai_scheduling", Section: SectionDevelopment, Kind: KindSwitch, OneWay: true,
			read: func(w *Workspace) any { return w.PaiScheduling }, write: func(e *editing, v any) { e.w.PaiScheduling = v.(bool) }},
		{Key: "new_data_studio", Section: SectionDevelopment, Kind: KindSwitch, OneWay: true,
			read: func(w *Workspace) any { return w.NewDataStudio }, write: func(e *editing, v any) { e.w.NewDataStudio = v.(bool) }},
		{Key: "personal_dev_shutdown", Section: SectionDevelopment, Kind: KindText,
			read: func(w *Workspace) any {
				if w.PersonalDevShutdown == 0 {
					return onOff(false)
				}
				return strconv.Itoa(w.PersonalDevShutdown)
			},
			write: func(e *editing, v any) {
				s := strings.TrimSpace(v.(string))
				n := digits(s)
				switch {
				case strings.EqualFold(s, "off") || s == "0":
					n = 0
				case s == "" || n < minShutdown || n > maxShutdown:
					e.bad.add("personal_dev_shutdown", message.Text{ID: "fault.workspace.setting.shutdown",
						Args: message.Args{"Given": s, "Min": minShutdown, "Max": maxShutdown}})
					return
				}
				e.w.PersonalDevShutdown = n
			}},
	}
}
