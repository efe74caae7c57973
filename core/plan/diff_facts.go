package plan

import (
	"context"
	"maps"
	"slices"
	"strings"

	"reeve/core/access"
	"reeve/core/message"
	"reeve/core/text"
)

// What the keys of settings and tags stand behind among the fields of a workspace.
const (
	settingField = "settings."
	tagField     = "tags."
)

// workspaceStep is about a workspace without what is in it. It returns who administers one that is yet to be made.
func (b *builder) workspaceStep(ctx context.Context, p *place, want Workspace) (admins []string, err error) {
	s := Step{Verb: Change, Kind: KindWorkspace, Region: p.Region, Name: p.Name, Facts: map[string]string{}}
	said := b.said(p, want)
	after, wrong, err := b.areas.Workspaces.Try(ctx, p.Ref(), p.there, said)
	if err != nil {
		return nil, err
	}
	b.wrongIn(want, wrong)
	b.factSteps(&s, p, want)
	b.settingSteps(&s, p, want, after)
	b.tagSteps(&s, p, want, after)
	if p.there {
		if len(s.Differences) == 0 {
			return nil, nil
		}
		return nil, b.put(ctx, makeWorkspaces, s)
	}
	s.Verb = Add
	if admins, err = b.admins(ctx, want); err != nil {
		return nil, err
	}
	s.Admins = admins
	s.Differences = append(s.Differences, names("admins", nil, admins)...)
	return admins, b.put(ctx, makeWorkspaces, s)
}

// said is what a document says of a workspace. A setting that there is not is told of and left out.
func (b *builder) said(p *place, want Workspace) WorkspaceDraft {
	d := WorkspaceDraft{Facts: map[string]string{}, Settings: map[string]string{}, Tags: values(want.Tags)}
	for fact, w := range want.Facts {
		if fixed := fact == Mode || fact == Template || fact == AliyunGroup; !p.there || !fixed {
			d.Facts[fact] = strings.TrimSpace(w.Text)
		}
	}
	var known []string
	for _, s := range b.areas.Workspaces.Settings() {
		known = append(known, s.Key)
	}
	for _, key := range slices.Sorted(maps.Keys(want.Settings)) {
		if s := want.Settings[key]; slices.Contains(known, key) {
			d.Settings[key] = s.Value.Text
		} else {
			b.unknown(s.Key.At, "setting", key, text.Nearest(key, known, near))
		}
	}
	return d
}

// values are what settings or tags are set to; nil for nil.
func values(of map[string]Setting) map[string]string {
	if of == nil {
		return nil
	}
	out := make(map[string]string, len(of))
	for key, s := range of {
		out[key] = s.Value.Text
	}
	return out
}

// wrongIn tells what is wrong with the facts, settings and tags of a workspace, each at its place.
func (b *builder) wrongIn(want Workspace, wrong map[string][]message.Text) {
	for _, field := range slices.Sorted(maps.Keys(wrong)) {
		place := want.Name.At
		setting, isSetting := strings.CutPrefix(field, settingField)
		tag, isTag := strings.CutPrefix(field, tagField)
		switch fact, isFact := want.Facts[field]; {
		case isFact:
			place = fact.At
		case field == "tags":
			place = want.TagsAt
		case isSetting && want.Settings[setting].Key.Text != "":
			place = want.Settings[setting].Value.At
		case isTag:
			place = want.Tags[tag].Key.At
		}
		for _, what := range wrong[field] {
			b.say(place, "fault.plan.field", message.Args{"Field": field, "What": what})
		}
	}
}

func (b *builder) factSteps(s *Step, p *place, want Workspace) {
	for _, fact := range Facts() {
		w, given := want.Facts[fact]
		value := strings.TrimSpace(w.Text)
		if !given || p.there && value == strings.TrimSpace(p.Facts[fact]) {
			continue
		}
		if p.there && (fact == Mode || fact == Template || fact == AliyunGroup) {
			b.say(w.At, "fault.plan.fixed", message.Args{"Field": fact, "Before": p.Facts[fact], "After": value})
			continue
		}
		s.Facts[fact] = value
		s.Differences = append(s.Differences, field(fact, p.Facts[fact], value)...)
	}
}

// settingSteps finds which settings change; they are compared as they would be kept, however the document spells them.
func (b *builder) settingSteps(s *Step, p *place, want Workspace, after WorkspaceState) {
	s.Settings = map[string]string{}
	for _, is := range after.Settings {
		if _, given := want.Settings[is.Key]; !given {
			continue
		}
		was, _ := p.setting(is.Key)
		if p.there && was.Value == is.Value {
			continue
		}
		s.Settings[is.Key] = is.Value
		if is.List {
			s.Differences = append(s.Differences, names(settingField+is.Key, entries(was.Value), entries(is.Value))...)
			continue
		}
		d := field(settingField+is.Key, was.Value, is.Value)
		for i := range d {
			d[i].Irreversible = p.there && is.OneWay
		}
		s.Differences = append(s.Differences, d...)
	}
}

// entries are the entries of a list that is written with commas.
func entries(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' })
}

// tagSteps finds which tags come and go. All that a document names are all there are to be.
func (b *builder) tagSteps(s *Step, p *place, want Workspace, after WorkspaceState) {
	if want.Tags == nil {
		return
	}
	s.Tags = map[string]string{}
	var d Difference
	for _, key := range slices.Sorted(maps.Keys(p.Tags)) {
		value, stays := after.Tags[key]
		if !stays {
			s.Untag = append(s.Untag, key)
		}
		if !stays || value != p.Tags[key] {
			d.Taken = append(d.Taken, key+"="+p.Tags[key])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(after.Tags)) {
		if value, was := p.Tags[key]; !was || value != after.Tags[key] {
			s.Tags[key] = after.Tags[key]
			d.Given = append(d.Given, key+"="+after.Tags[key])
		}
	}
	if len(d.Taken)+len(d.Given) > 0 {
		d.Field = "tags"
		s.Differences = append(s.Differences, d)
	}
}

// admins are who administers a workspace that is yet to be made.
func (b *builder) admins(ctx context.Context, want Workspace) (admins []string, err error) {
	if want.Members == nil {
		return nil, nil
	}
	for _, m := range want.Members.Items {
		administers := slices.ContainsFunc(m.Roles, func(g Grant) bool {
			r, err := access.FindRole(b.areas.Builtin, g.Role.Text)
			return err == nil && r.Code == administratorRole && g.Until.IsZero()
		})
		if !administers {
			continue
		}
		name, ok, err := b.user(ctx, m.Name.Text)
		if err != nil {
			return nil, err
		}
		if ok { // a group that the document makes is there by then
			admins = append(admins, name)
		} else if group, ok := b.newGroup(m.Name.Text); ok {
			admins = append(admins, group)
		}
	}
	return admins, nil
}

// draft is what a step makes of a workspace.
func (s Step) draft() WorkspaceDraft {
	return WorkspaceDraft{Facts: s.Facts, Settings: s.Settings, Tags: s.Tags, Untag: s.Untag, Admins: s.Admins}
}
