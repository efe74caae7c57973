package workspace

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// SettingValue is one setting as it was written.
type SettingValue struct{ Key, Value string }

// SettingsUpdate is what is to be set.
type SettingsUpdate struct {
	Values []SettingValue
	// Irreversible says that whoever asks knows of the switches that cannot be switched back.
	Irreversible bool
	// Version is the version that was read; 0 takes whatever stands.
	Version int64
}

// editing is a workspace under way from what it was to what it is to be.
type editing struct {
	w    Workspace
	bad  faults
	zone string
	// group says that the default resource group is to be looked up.
	group bool
}

// Settings reads the settings of a workspace: the record has them all.
func (s *Service) Settings(ctx context.Context, ref control.Ref) (Workspace, error) {
	return control.Ask(ctx, s.gate, control.Query[Workspace]{
		Action: action.WorkspaceSettings,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Workspace, error) {
			return s.store.Get(ctx, t.Workspace)
		},
	})
}

// Set changes settings, all of them or none.
func (s *Service) Set(ctx context.Context, ref control.Ref, in SettingsUpdate) (Workspace, error) {
	return control.Do(ctx, s.gate, s.setting(ref, in))
}

// PreviewSet tells who loses what by it: switching the Develop role off takes what it gives.
func (s *Service) PreviewSet(ctx context.Context, ref control.Ref, in SettingsUpdate) (control.Outcome, error) {
	return control.Preview(ctx, s.gate, s.setting(ref, in))
}

func (s *Service) setting(ref control.Ref, in SettingsUpdate) control.Change[Workspace] {
	var before, after Workspace
	c := edit{id: action.WorkspaceSet, event: EventEdit, version: in.Version, target: s.at(ref)}
	c.check = func(ctx context.Context, t control.Target) (bad []fault.Field, err error) {
		if before, err = s.store.Get(ctx, t.Workspace); err != nil {
			return nil, err
		}
		e, err := s.edited(ctx, before, in)
		after = e.w
		return e.bad, err
	}
	c.apply = func(_ context.Context, w *Workspace) error {
		*w = after
		return nil
	}
	return s.editing(c)
}

// edited writes the values into a copy of a workspace.
func (s *Service) edited(ctx context.Context, before Workspace, in SettingsUpdate) (editing, error) {
	e := editing{w: before, zone: s.regions.Zone(before.Region)}
	seen := map[string]bool{}
	for _, v := range in.Values {
		setting, known := FindSetting(v.Key)
		switch {
		case !known:
			e.bad = append(e.bad, unknownSetting(v.Key))
		case seen[setting.Key]:
			e.bad.add(setting.Key, message.Text{ID: "fault.workspace.setting.twice"})
		default:
			e.set(setting, v.Value)
		}
		seen[setting.Key] = true
	}
	for _, setting := range AllSettings() {
		e.oneWay(setting, before, in.Irreversible)
	}
	e.personalDev(before, s.regions.PersonalDev(before.Region))
	return e, e.findGroup(ctx, s.near.Groups)
}

func unknownSetting(key string) fault.Field {
	all := AllSettings()
	keys := make([]string, len(all))
	for i, s := range all {
		keys[i] = s.Key
	}
	id := "fault.workspace.setting.unknown"
	near := text.Nearest(key, keys, 3)
	if len(near) == 0 {
		id, near = "fault.workspace.setting.unknown.all", keys
	}
	return fault.Field{Name: text.Clean(key), Unknown: true, Text: message.Text{ID: id, Args: message.Args{"Key": key, "Keys": strings.Join(near, ", ")}}}
}

// set reads a value as its kind is written, and takes it over.
func (e *editing) set(s Setting, value string) {
	wrong := func(id string, args message.Args) { e.bad.add(s.Key, message.Text{ID: id, Args: args}) }
	if bad, found := text.FirstUnsafe(strings.ReplaceAll(value, "\n", " ")); found {
		wrong("fault.text.unsafe", message.Args{"Mark": text.Mark(bad)})
		return
	}
	switch s.Kind {
	case KindSwitch:
		on, ok := ParseSwitch(value)
		if !ok {
			wrong("fault.workspace.setting.switch", message.Args{"Given": value})
			return
		}
		s.write(e, on)
	case KindChoice:
		choice := strings.ReplaceAll(text.Fold(strings.TrimSpace(value)), "_", "-")
		if !slices.Contains(s.Options, choice) {
			wrong("fault.workspace.setting.choice", message.Args{"Given": value, "Options": strings.Join(s.Options, ", ")})
			return
		}
		s.write(e, choice)
	case KindNumber:
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < s.Min || n > s.Max {
			wrong("fault.workspace.setting.number", message.Args{"Given": value, "Min": s.Min, "Max": s.Max})
			return
		}
		s.write(e, n)
	case KindList:
		s.write(e, SplitList(value))
	default:
		s.write(e, value)
	}
}

// ParseSwitch reads on and off and the words that mean the same.
func ParseSwitch(s string) (on, ok bool) {
	switch text.Fold(strings.TrimSpace(s)) {
	case "on", "true", "yes", "1":
		return true, true
	case "off", "false", "no", "0":
		return false, true
	}
	return false, false
}

// SplitList reads entries with commas or line ends between them.
func SplitList(s string) []string {
	var list []string
	for _, entry := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '\n' }) {
		if entry = strings.TrimSpace(entry); entry != "" {
			list = append(list, entry)
		}
	}
	return list
}

// oneWay holds a switch that is never off again against what it was.
func (e *editing) oneWay(s Setting, before Workspace, known bool) {
	if !s.OneWay {
		return
	}
	was, is := s.Value(before).(bool), s.Value(e.w).(bool)
	switch {
	case was && !is:
		e.bad.add(s.Key, message.Text{ID: "fault.workspace.setting.one_way"})
	case is && !was && !known:
		e.bad.add(s.Key, message.Text{ID: "fault.workspace.setting.irreversible"})
	}
}

// personalDev: the documentation offers the auto-shutdown in some regions only, and only with the new Data Studio.
func (e *editing) personalDev(before Workspace, offered bool) {
	switch {
	case e.w.PersonalDevShutdown == 0 || e.w.PersonalDevShutdown == before.PersonalDevShutdown:
	case !offered:
		e.bad.add("personal_dev_shutdown", message.Text{ID: "fault.workspace.setting.shutdown.region", Args: message.Args{"Region": before.Region}})
	case !e.w.NewDataStudio:
		e.bad.add("personal_dev_shutdown", message.Text{ID: "fault.workspace.setting.shutdown.studio"})
	}
}

// findGroup looks the default resource group up among those associated with the workspace.
func (e *editing) findGroup(ctx context.Context, groups Groups) error {
	if !e.group {
		return nil
	}
	e.w.DefaultGroupID = 0
	if e.w.DefaultGroup == "" {
		return nil
	}
	if groups == nil {
		e.bad.add("default_resource_group", message.Text{ID: "fault.workspace.group.none", Args: message.Args{"Name": e.w.DefaultGroup}})
		return nil
	}
	g, err := groups.Usable(ctx, e.w.ID, e.w.DefaultGroup)
	var missing *fault.NotFound
	if errors.As(err, &missing) {
		e.bad = append(e.bad, groupFault("fault.workspace.group.unknown", "fault.workspace.group.unknown.near", e.w.DefaultGroup, missing.Nearest))
		return nil
	}
	e.w.DefaultGroupID, e.w.DefaultGroup = g.ID, g.Name
	return err
}

// groupFault is the fault of naming a group that is not there: id says so, withNear also names near ones.
func groupFault(id, withNear, name string, near []string) fault.Field {
	if len(near) > 0 {
		id = withNear
	}
	return fault.Field{Name: "default_resource_group", Unknown: true,
		Text: message.Text{ID: id, Args: message.Args{"Name": name, "Near": strings.Join(near, ", ")}}}
}

// same tells of two records that differ in nothing that can be changed.
func same(a, b Workspace) bool { return reflect.DeepEqual(a, b) }

// SettingFault says what is wrong with the value of a setting by itself, for forms that answer while one types. What only
// other areas know, such as the names of resource groups, is left to the change itself.
func SettingFault(w Workspace, key, value string) (message.Text, bool) {
	setting, known := FindSetting(key)
	if !known || key == "time_zone" {
		return message.Text{}, false
	}
	e := editing{w: w}
	e.set(setting, value)
	if len(e.bad) == 0 {
		return message.Text{}, false
	}
	return e.bad[0].Text, true
}
