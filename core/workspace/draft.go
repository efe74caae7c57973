package workspace

import (
	"context"
	"slices"
	"strings"

	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
)

// Draft is a workspace as it would be, with everything that is wrong with what was asked. A fault of a setting has its key for
// its name, one of a single tag the key behind "tags.".
type Draft struct {
	Workspace Workspace
	Faults    []fault.Field
}

// TrySet tells what setting would come to, and writes nothing. tags are all that there are to be; nil leaves them.
func (s *Service) TrySet(ctx context.Context, ref control.Ref, in SettingsUpdate, tags []Tag) (Draft, error) {
	return control.Ask(ctx, s.gate, control.Query[Draft]{
		Action: action.WorkspaceShow,
		Target: control.At(s.store, ref),
		Do: func(ctx context.Context, t control.Target, _ control.Viewer) (Draft, error) {
			before, err := s.store.Get(ctx, t.Workspace)
			if err != nil {
				return Draft{}, err
			}
			e, err := s.edited(ctx, before, in)
			if tags != nil {
				e.w.Tags = e.bad.eachTag(tags)
			}
			return Draft{e.w, e.bad}, err
		},
	})
}

// TryCreate tells what a form and the settings beside it would make, and makes nothing. Who has the name is not told: not
// everybody who asks may know it.
func (s *Service) TryCreate(ctx context.Context, in Create, values []SettingValue) (Draft, error) {
	return control.Ask(ctx, s.gate, control.Query[Draft]{
		Action: action.WorkspaceList,
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) (Draft, error) {
			var each faults
			tags := each.eachTag(in.Tags)
			in.Tags = nil
			rest := in.Take(values)
			bad, err := s.checkCreate(ctx, &in)
			if err != nil {
				return Draft{}, err
			}
			bad = slices.DeleteFunc(bad, func(f fault.Field) bool { return f.Taken })
			e, err := s.edited(ctx, in.record(s.gate.Now()), SettingsUpdate{Values: rest, Irreversible: true})
			e.w.Tags, e.w.DefaultGroup = tags, in.DefaultGroup
			return Draft{e.w, slices.Concat(bad, each, e.bad)}, err
		},
	})
}

// eachTag is tags with a fault of its own for each tag.
func (f *faults) eachTag(list []Tag) []Tag {
	for _, t := range list {
		f.tag("tags."+t.Key, t)
	}
	if len(list) > MaxTags {
		f.add("tags", message.Text{ID: "fault.workspace.tag.many", Args: message.Args{"Count": len(list), "Max": MaxTags}})
	}
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b Tag) int { return strings.Compare(a.Key, b.Key) })
	return sorted
}

// Take moves the settings that are decided when a workspace is made into the form, and returns the others, which are set once it
// is there.
func (in *Create) Take(values []SettingValue) (rest []SettingValue) {
	for _, v := range values {
		on, isSwitch := ParseSwitch(v.Value)
		switch {
		case v.Key == "default_resource_group":
			in.DefaultGroup = strings.TrimSpace(v.Value)
		case v.Key == "new_data_studio" && isSwitch:
			in.NewDataStudio = &on
		case v.Key == "pai_scheduling" && isSwitch:
			in.AIWorkspace = &on
		case v.Key == "dev_role_disabled" && isSwitch:
			in.DevRoleDisabled = on
		default:
			rest = append(rest, v)
		}
	}
	return rest
}
