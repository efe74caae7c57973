package main

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/core/plan"
	"reeve/core/workspace"
)

// planWorkspaces hands workspaces over to plans.
type planWorkspaces struct{ *workspace.Service }

// inSettings tells of the settings of a workspace that documents name among its settings; the others are facts of it, or its tags.
func inSettings(s workspace.Setting) bool {
	return s.Key != plan.DisplayName && s.Key != plan.Description && s.Key != "tags"
}

func workspaceState(w workspace.Workspace) plan.WorkspaceState {
	facts := map[string]string{
		plan.DisplayName: w.DisplayName, plan.Description: w.Description, plan.Mode: string(w.Mode), plan.Template: string(w.Template),
		plan.AliyunGroup: w.AliyunGroup}
	if w.Status == workspace.Normal || w.Status == workspace.Disabled { // the others come and go by themselves
		facts[plan.Status] = string(w.Status)
	}
	state := plan.WorkspaceState{Region: w.Region, Name: w.Name, Version: w.Version, Facts: facts, Tags: map[string]string{}}
	for _, s := range workspace.AllSettings() {
		if inSettings(s) {
			state.Settings = append(state.Settings, plan.SettingState{Key: s.Key, Value: s.Text(w), List: s.Kind == workspace.KindList, OneWay: s.OneWay})
		}
	}
	for _, t := range w.Tags {
		state.Tags[t.Key] = t.Value
	}
	return state
}

func (p planWorkspaces) All(ctx context.Context, region string) ([]plan.WorkspaceState, error) {
	all, err := walk(listing{}, func(q list.Query) (list.Page[workspace.Workspace], error) { return p.List(ctx, region, q) })
	states := make([]plan.WorkspaceState, len(all))
	for i, w := range all {
		states[i] = workspaceState(w)
	}
	return states, err
}

func (p planWorkspaces) Find(ctx context.Context, ref control.Ref) (plan.WorkspaceState, bool, error) {
	w, err := p.Get(ctx, ref)
	if fault.KindOf(err) == fault.KindNotFound && err != nil {
		return plan.WorkspaceState{}, false, nil
	}
	return workspaceState(w), err == nil, err
}

func (p planWorkspaces) Contents(ctx context.Context, ref control.Ref) (string, error) {
	c, err := p.Service.Contents(ctx, ref)
	return fmt.Sprintf("members: %d, roles: %d, grants: %d", c.Members, c.CustomRoles, c.Grants), err
}

func (p planWorkspaces) Settings() []plan.SettingState {
	return workspaceState(workspace.Workspace{}).Settings
}

// tagList are tags as workspaces have them; nil for nil.
func tagList(tags map[string]string) []workspace.Tag {
	if tags == nil {
		return nil
	}
	out := []workspace.Tag{}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, workspace.Tag{Key: key, Value: tags[key]})
	}
	return out
}

// settingValues are settings in an order of their own.
func settingValues(of ...map[string]string) (values []workspace.SettingValue) {
	for _, settings := range of {
		for _, key := range slices.Sorted(maps.Keys(settings)) {
			values = append(values, workspace.SettingValue{Key: key, Value: settings[key]})
		}
	}
	return values
}

func createForm(ref control.Ref, d plan.WorkspaceDraft) workspace.Create {
	return workspace.Create{Region: ref.Region, Name: ref.Workspace, DisplayName: d.Facts[plan.DisplayName],
		Description: d.Facts[plan.Description], Mode: workspace.Mode(d.Facts[plan.Mode]), Template: workspace.Template(d.Facts[plan.Template]),
		AliyunGroup: d.Facts[plan.AliyunGroup], Tags: tagList(d.Tags), Admins: d.Admins}
}

func (p planWorkspaces) Try(ctx context.Context, ref control.Ref, there bool, d plan.WorkspaceDraft) (plan.WorkspaceState, map[string][]message.Text, error) {
	var draft workspace.Draft
	var err error
	if there {
		facts := maps.Clone(d.Facts)
		maps.DeleteFunc(facts, func(key, _ string) bool { return key != plan.DisplayName && key != plan.Description })
		draft, err = p.TrySet(ctx, ref, workspace.SettingsUpdate{Values: settingValues(facts, d.Settings), Irreversible: true}, tagList(d.Tags))
	} else {
		draft, err = p.TryCreate(ctx, createForm(ref, d), settingValues(d.Settings))
	}
	wrong := map[string][]message.Text{}
	for _, f := range draft.Faults {
		name := f.Name
		if s, known := workspace.FindSetting(name); known && inSettings(s) {
			name = "settings." + name
		}
		wrong[name] = append(wrong[name], f.Text)
	}
	return workspaceState(draft.Workspace), wrong, err
}

func (p planWorkspaces) Create(ctx context.Context, ref control.Ref, d plan.WorkspaceDraft) error {
	form := createForm(ref, d)
	rest := form.Take(settingValues(d.Settings))
	_, err := p.Service.Create(ctx, form)
	if err == nil && len(rest) > 0 {
		_, err = p.Set(ctx, ref, workspace.SettingsUpdate{Values: rest, Irreversible: true})
	}
	if err == nil && d.Facts[plan.Status] == plan.Disabled {
		_, err = p.Disable(ctx, ref, 0)
	}
	return err
}

// Update also turns switches on that stay on: who applies a plan has seen that they do.
func (p planWorkspaces) Update(ctx context.Context, ref control.Ref, d plan.WorkspaceDraft) error {
	in := workspace.Update{Tag: tagList(d.Tags), Untag: d.Untag}
	if display, given := d.Facts[plan.DisplayName]; given {
		in.DisplayName = &display
	}
	if about, given := d.Facts[plan.Description]; given {
		in.Description = &about
	}
	if in.DisplayName != nil || in.Description != nil || len(in.Tag)+len(in.Untag) > 0 {
		if _, err := p.Service.Update(ctx, ref, in); err != nil {
			return err
		}
	}
	if len(d.Settings) > 0 {
		if _, err := p.Set(ctx, ref, workspace.SettingsUpdate{Values: settingValues(d.Settings), Irreversible: true}); err != nil {
			return err
		}
	}
	var err error
	switch d.Facts[plan.Status] {
	case plan.Disabled:
		_, err = p.Disable(ctx, ref, 0)
	case plan.Normal:
		_, err = p.Enable(ctx, ref, 0)
	}
	return err
}

// Delete confirms by name: who applies a plan has seen that the workspace goes, and what goes with it.
func (p planWorkspaces) Delete(ctx context.Context, ref control.Ref) error {
	_, err := p.Service.Delete(ctx, ref, 0, ref.Workspace)
	return err
}
