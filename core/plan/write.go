package plan

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"reeve/core/access"
	"reeve/core/text"
)

// writer writes block YAML, line by line, so that a document of any size takes no more memory than a line of it.
type writer struct {
	out *bufio.Writer
	err error
}

func newWriter(to io.Writer) *writer { return &writer{out: bufio.NewWriter(to)} }

// line writes a line at a depth; only the first error counts, and is told at the end.
func (w *writer) line(depth int, parts ...string) {
	if w.err == nil {
		_, w.err = w.out.WriteString(strings.Repeat("  ", depth) + strings.Join(parts, "") + "\n")
	}
}

func (w *writer) value(depth int, key, value string) { w.line(depth, key, ": ", text.YAML(value)) }

// list writes a key and what stands in the list under it, which is written on demand.
func (w *writer) list(depth int, key string, n int, items func()) {
	if n == 0 {
		w.line(depth, key, ": []")
		return
	}
	w.line(depth, key, ":")
	items()
}

func (w *writer) flush() error {
	if w.err != nil {
		return w.err
	}
	return w.out.Flush()
}

// held writes the roles that somebody holds.
func (w *writer) held(depth int, roles []Held) {
	w.list(depth, "roles", len(roles), func() {
		for _, h := range sortHeld(roles) {
			if h.Until.IsZero() {
				w.line(depth+1, "- ", text.YAML(h.Role))
				continue
			}
			w.line(depth+1, "- role: ", text.YAML(h.Role))
			w.value(depth+2, "until", end(h.Until))
		}
	})
}

// export writes what a scope has. A section of the scope is written also where it is empty, so that the document says what is
// not there as well; whose records who asks may not see is not there for them.
func (s *Service) export(ctx context.Context, scope Scope, w *writer) error {
	w.line(0, "version: 1")
	if scope.Workspace.Workspace != "" {
		ws, _, err := s.workspaceOf(ctx, scope)
		if err != nil {
			return err
		}
		return s.exportWorkspaces(ctx, []WorkspaceState{ws}, w)
	}
	now := s.now()
	_, _, err := now.region(ctx, "")
	if err != nil {
		return err
	}
	regions := slices.Sorted(slices.Values(now.regions))
	if scope.Region != "" {
		w.value(0, "region", scope.Region)
		regions = []string{scope.Region}
	} else if err := exportTenant(ctx, now, w); err != nil {
		return err
	}
	if err := exportTenantRoles(ctx, now, regions, w); err != nil {
		return err
	}
	all, err := s.areas.Workspaces.All(ctx, scope.Region)
	if err != nil {
		return err
	}
	return s.exportWorkspaces(ctx, all, w)
}

// workspaceOf finds the one workspace of a scope; one that is not there is refused with the names that come nearest.
func (s *Service) workspaceOf(ctx context.Context, scope Scope) (WorkspaceState, bool, error) {
	t, err := s.store.Place(ctx, scope.Workspace)
	if err != nil {
		return WorkspaceState{}, false, err
	}
	ref := scope.Workspace
	ref.Region, ref.Workspace = t.Region, t.WorkspaceName
	return s.areas.Workspaces.Find(ctx, ref)
}

// exportTenant writes what is of the whole tenant.
func exportTenant(ctx context.Context, now *state, w *writer) error {
	groups, err := now.userGroups(ctx)
	if err != nil {
		return err
	}
	w.list(0, "user_groups", len(groups), func() {
		for _, key := range slices.Sorted(maps.Keys(groups)) {
			g := groups[key]
			w.line(1, "- name: ", text.YAML(g.Name))
			w.list(2, "members", len(g.Members), func() {
				for _, m := range sorted(g.Members) {
					w.line(3, "- ", text.YAML(m))
				}
			})
		}
	})
	policies, err := now.allPolicies(ctx)
	if err != nil {
		return err
	}
	custom := maps.Clone(policies)
	maps.DeleteFunc(custom, func(_ string, p PolicyState) bool { return p.System })
	w.list(0, "policies", len(custom), func() {
		for _, key := range slices.Sorted(maps.Keys(custom)) {
			w.line(1, "- name: ", text.YAML(custom[key].Name))
			w.line(2, "document:")
			w.json(3, []byte(custom[key].Document))
		}
	})
	attachments, err := now.allAttachments(ctx)
	w.list(0, "attachments", len(attachments), func() {
		for _, key := range slices.Sorted(maps.Keys(attachments)) {
			a := attachments[key]
			w.line(1, "- policy: ", text.YAML(a.Policy))
			w.value(2, "user", a.User)
			if !a.Until.IsZero() {
				w.value(2, "until", end(a.Until))
			}
		}
	})
	return err
}

func sorted(names []string) []string {
	out := slices.Clone(names)
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(text.Fold(a), text.Fold(b)) })
	return out
}

func exportTenantRoles(ctx context.Context, now *state, regions []string, w *writer) error {
	var roles []TenantRoleState
	type member struct {
		region string
		TenantMemberState
	}
	var members []member
	for _, region := range regions {
		t, err := now.tenant(ctx, region)
		if err != nil {
			return err
		}
		for _, r := range t.roles {
			if r.Kind == access.Custom {
				r.Region = region
				roles = append(roles, r)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(t.members)) {
			if m := t.members[key]; len(m.Roles) > 0 {
				members = append(members, member{region, m})
			}
		}
	}
	slices.SortStableFunc(roles, func(a, b TenantRoleState) int {
		return strings.Compare(a.Region+"\x00"+text.Fold(a.Name), b.Region+"\x00"+text.Fold(b.Name))
	})
	w.list(0, "tenant_roles", len(roles), func() {
		for _, r := range roles {
			w.line(1, "- region: ", text.YAML(r.Region))
			w.value(2, "name", r.Name)
			granted := codes(r.Capabilities)
			w.list(2, "capabilities", len(granted), func() {
				for _, code := range granted {
					w.line(3, "- ", text.YAML(code))
				}
			})
		}
	})
	w.list(0, "tenant_members", len(members), func() {
		for _, m := range members {
			w.line(1, "- region: ", text.YAML(m.region))
			w.value(2, "name", m.Name)
			w.held(2, m.Roles)
		}
	})
	return nil
}

func (s *Service) exportWorkspaces(ctx context.Context, all []WorkspaceState, w *writer) (err error) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b WorkspaceState) int {
		return strings.Compare(a.Region+"\x00"+text.Fold(a.Name), b.Region+"\x00"+text.Fold(b.Name))
	})
	w.list(0, "workspaces", len(all), func() {
		for _, ws := range all {
			if err == nil {
				err = s.exportWorkspace(ctx, ws, w)
			}
		}
	})
	return err
}

func (s *Service) exportWorkspace(ctx context.Context, ws WorkspaceState, w *writer) error {
	// A list of workspaces leaves out what is long.
	ws, there, err := s.areas.Workspaces.Find(ctx, ws.Ref())
	if err != nil || !there {
		return err
	}
	w.line(1, "- region: ", text.YAML(ws.Region))
	w.value(2, "name", ws.Name)
	for _, fact := range Facts() {
		if value, ok := ws.Facts[fact]; ok {
			w.value(2, fact, value)
		}
	}
	w.settings(ws)
	roles, err := s.areas.Roles.All(ctx, ws.Ref())
	if err != nil {
		return err
	}
	roles = slices.DeleteFunc(roles, func(r RoleState) bool { return r.Kind == access.Builtin })
	slices.SortStableFunc(roles, func(a, b RoleState) int { return strings.Compare(text.Fold(a.Name), text.Fold(b.Name)) })
	w.list(2, "roles", len(roles), func() {
		for _, r := range roles {
			w.role(r)
		}
	})
	none := true
	err = s.areas.Members.Walk(ctx, ws.Ref(), func(page []MemberState) error {
		for _, m := range page {
			if m.Owner {
				continue
			}
			if none {
				none = false
				w.line(2, "members:")
			}
			w.line(3, "- name: ", text.YAML(m.Name))
			w.held(4, m.Roles)
		}
		return w.err
	})
	if none {
		w.line(2, "members: []")
	}
	return err
}

// settings writes the settings and tags of a workspace.
func (w *writer) settings(ws WorkspaceState) {
	w.line(2, "settings:")
	for _, s := range ws.Settings {
		if !s.List {
			w.value(3, s.Key, s.Value)
			continue
		}
		entries := strings.FieldsFunc(s.Value, func(r rune) bool { return r == ',' })
		w.list(3, s.Key, len(entries), func() {
			for _, e := range entries {
				w.line(4, "- ", text.YAML(e))
			}
		})
	}
	if len(ws.Tags) == 0 {
		w.line(2, "tags: {}")
		return
	}
	w.line(2, "tags:")
	for _, key := range slices.Sorted(maps.Keys(ws.Tags)) {
		w.value(3, text.YAML(key), ws.Tags[key])
	}
}

func (w *writer) role(r RoleState) {
	w.line(3, "- name: ", text.YAML(r.Name))
	w.line(4, "modules:")
	for _, m := range access.WorkspaceModules() {
		w.value(5, m.Code(), r.Levels.Get(m).String())
	}
	if len(r.Engines) == 0 {
		w.line(4, "engine_roles: {}")
		return
	}
	w.line(4, "engine_roles:")
	for _, engine := range slices.Sorted(maps.Keys(r.Engines)) {
		w.value(5, text.YAML(engine), r.Engines[engine])
	}
}

// json writes JSON as YAML from a depth on, with its keys in their order. Every scalar is text, as everything in a policy is.
func (w *writer) json(depth int, data []byte) {
	value, err := ordered(json.NewDecoder(bytes.NewReader(data)))
	if err != nil {
		w.err = errors.Join(w.err, err)
		return
	}
	indent := 2 * depth
	w.yaml(value, strings.Repeat(" ", indent), indent, false)
}

// named is a key of an object with its value: a text, a list of values, or a list of named ones.
type named struct {
	key   string
	value any
}

// ordered reads one value of JSON, keeping the order of keys.
func ordered(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	delim, composed := token.(json.Delim)
	if !composed {
		return fmt.Sprint(token), nil
	}
	list, object := []any{}, []named{}
	for d.More() {
		var key any
		if delim == '{' {
			if key, err = d.Token(); err != nil {
				return nil, err
			}
		}
		value, err := ordered(d)
		if err != nil {
			return nil, err
		}
		list, object = append(list, value), append(object, named{fmt.Sprint(key), value})
	}
	if _, err = d.Token(); delim == '{' {
		return object, err
	}
	return list, err
}

// yaml writes a value. first is what its first line begins with, indent how far its other lines are indented; behind says that
// it stands behind a key.
func (w *writer) yaml(value any, first string, indent int, behind bool) {
	list, isList := value.([]any)
	object, isObject := value.([]named)
	switch {
	case isList && len(list) == 0:
		w.line(0, first, "[]")
		return
	case isObject && len(object) == 0:
		w.line(0, first, "{}")
		return
	case !isList && !isObject:
		w.line(0, first, text.YAML(fmt.Sprint(value)))
		return
	case behind:
		w.line(0, strings.TrimRight(first, " "))
		indent += 2
		first = strings.Repeat(" ", indent)
	}
	for i, v := range list {
		if i > 0 {
			first = strings.Repeat(" ", indent)
		}
		w.yaml(v, first+"- ", indent+2, false)
	}
	for i, o := range object {
		if i > 0 {
			first = strings.Repeat(" ", indent)
		}
		w.yaml(o.value, first+text.YAML(o.key)+": ", indent, true)
	}
}
