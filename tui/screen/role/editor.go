package role

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/engine"
	"reeve/core/fault"
	"reeve/core/message"
	core "reeve/core/role"
	"reeve/tui/route"
	"reeve/tui/screen"
	"reeve/tui/widget"
)

// Editor is the matrix of one role: painted by keyboard, with what saving would do beside it.
type Editor struct {
	acts
	at     route.Route
	matrix *widget.Matrix
	effect effect

	loaded bool
	failed error
	role   core.Role // as it was read
	// newer is the role as somebody else left it while cells are changed here; its Version is 0 if nobody did.
	newer core.Role
	// engines are those of the workspace that know roles.
	engines []engine.Engine
	// gone says that somebody deleted the role that stands here.
	gone bool
}

// NewEditor makes the screen.
func NewEditor(env *screen.Env, at route.Route) *Editor {
	s := &Editor{acts: newActs(env, at), at: at, matrix: widget.NewMatrix(nil)}
	s.matrix.Titles = [5]string{env.Text("column.module"), env.Text("level.none"), env.Text("level.read"), env.Text("level.write"), env.Text("role.members_after")}
	return s
}

// Start implements screen.Screen.
func (s *Editor) Start() []screen.Event { return s.Refresh() }

// Refresh implements screen.Screen. Changed cells are never painted over: what is newer is kept aside and shown on saving.
func (s *Editor) Refresh() []screen.Event {
	return []screen.Event{screen.Run("edit", "", s.open, func(o opened, err error) []screen.Event {
		e := o.Editing
		s.failed, s.gone = err, s.loaded && fault.KindOf(err) == fault.KindNotFound
		if err != nil {
			return []screen.Event{screen.Changed{}}
		}
		s.engines = o.engines
		if s.loaded && s.Unsaved() {
			if e.Role.Version != s.role.Version {
				s.newer = e.Role
			}
			s.effect.load(s.ref, s.role, e)
		} else {
			s.show(e, e.Role.Levels)
		}
		s.judge()
		return []screen.Event{screen.Changed{}}
	})}
}

// show fills the matrix: the stored levels, with the chosen ones painted over them.
func (s *Editor) show(e core.Editing, chosen access.Levels) {
	row, _ := s.matrix.Cursor()
	s.role, s.loaded, s.newer = e.Role, true, core.Role{}
	s.effect.load(s.ref, e.Role, e)
	var rows []widget.MatrixRow
	for _, m := range access.WorkspaceModules() {
		rows = append(rows, widget.MatrixRow{Label: s.env.Text("module." + m.Code()), Level: widget.Level(chosen.Get(m)), Original: widget.Level(e.Role.Levels.Get(m))})
	}
	s.matrix.ReadOnly = e.Role.Kind == access.Builtin
	s.matrix.SetRows(rows)
	s.matrix.Goto(max(row, 0))
}

// levels are what the matrix says now.
func (s *Editor) levels() access.Levels {
	levels := s.role.Levels
	rows := s.matrix.Rows()
	for i, m := range access.WorkspaceModules() {
		if i < len(rows) {
			levels = levels.With(m, access.Level(rows[i].Level))
		}
	}
	return levels
}

// changes are the painted cells by module.
func (s *Editor) changes() map[access.Module]access.Level {
	out := map[access.Module]access.Level{}
	levels := s.levels()
	for _, m := range access.WorkspaceModules() {
		if l := levels.Get(m); l != s.role.Levels.Get(m) {
			out[m] = l
		}
	}
	return out
}

// judge works out anew whom the painted cells affect.
func (s *Editor) judge() {
	levels := s.levels()
	if s.newer.Version != 0 {
		// Only the painted cells are saved; what somebody else changed meanwhile is not part of their effect.
		levels = merged(s.role.Levels, levels, s.newer.Levels)
	}
	notes := s.effect.judge(s.env, levels)
	for i, note := range notes {
		s.matrix.SetNote(i, note)
	}
}

// Title implements screen.Screen.
func (s *Editor) Title() string {
	if s.loaded {
		return s.env.Say.Say(control.RoleName(s.role.Role))
	}
	return s.at.Item
}

// Scopes implements screen.Screen.
func (s *Editor) Scopes() []action.Scope { return []action.Scope{action.ScopeRole} }

// Unsaved implements screen.Unsaved.
func (s *Editor) Unsaved() bool { return s.loaded && !s.gone && s.matrix.Changed() > 0 }

// Verdict implements screen.Screen.
func (s *Editor) Verdict(id action.ID) control.Verdict {
	if !s.loaded {
		return control.Impossible("list.loading", nil)
	}
	if s.gone && strings.HasPrefix(string(id), "role.") {
		return control.Impossible("role.gone", s.goneArgs())
	}
	switch id {
	case action.RoleNone, action.RoleRead, action.RoleWrite, action.RoleNoneAll, action.RoleReadAll, action.RoleAll:
		if v := s.env.May(action.RoleSet); !v.OK {
			return v
		}
		return s.acts.verdict(action.RoleSet, s.role)
	case action.RoleSet, action.RolePreview, action.RoleUndo:
		if v := s.acts.verdict(id, s.role); !v.OK {
			return v
		}
		if !s.Unsaved() {
			return control.Impossible("role.unchanged", nil)
		}
	}
	if id == action.EngineMapRole {
		return s.mappable()
	}
	if id == action.RoleCopy && s.Unsaved() {
		return control.Impossible("role.copy.unsaved", nil)
	}
	return s.acts.verdict(id, s.role)
}

// goneArgs name a role that was deleted as people know it.
func (s *Editor) goneArgs() message.Args { return message.Args{"Role": control.RoleName(s.role.Role)} }

// Act implements screen.Screen.
func (s *Editor) Act(id action.ID) []screen.Event {
	row, _ := s.matrix.Cursor()
	switch id {
	case action.RoleNone:
		s.matrix.SetLevel(row, widget.LevelNone)
	case action.RoleRead:
		s.matrix.SetLevel(row, widget.LevelRead)
	case action.RoleWrite:
		s.matrix.SetLevel(row, widget.LevelWrite)
	case action.RoleNoneAll:
		s.matrix.SetAll(widget.LevelNone)
	case action.RoleReadAll:
		s.matrix.SetAll(widget.LevelRead)
	case action.RoleAll:
		s.matrix.SetAll(widget.LevelWrite)
	case action.RoleUndo:
		s.matrix.Undo()
	case action.RolePreview:
		return s.preview(nil)
	case action.RoleSet:
		return s.preview(s.save)
	case action.EngineMapRole:
		return s.mapRole()
	case action.RoleCopy:
		return s.copy(s.role)
	case action.RoleClone:
		return s.clone(s.role)
	case action.RoleCompare:
		return s.compare(s.role)
	case action.RoleText:
		return s.text()
	default:
		return nil
	}
	s.judge()
	return []screen.Event{screen.Changed{}}
}

// Key implements screen.Screen: what is left are the keys that move, and those that paint the level under the cursor.
func (s *Editor) Key(k tea.KeyPressMsg) ([]screen.Event, bool) {
	if !s.loaded {
		return nil, false
	}
	before := s.levels()
	if paints(k) && !s.Verdict(action.RoleWrite).OK {
		return []screen.Event{screen.Say{Level: widget.ToastWarning, Text: s.Verdict(action.RoleWrite).Reason}}, true
	}
	if !s.matrix.HandleKey(k) {
		return nil, false
	}
	if s.levels() != before {
		s.judge()
	}
	return []screen.Event{screen.Changed{}}, true
}

func paints(k tea.KeyPressMsg) bool { return k.String() == "space" || k.String() == "tab" }

// Question implements screen.Asked.
func (s *Editor) Question() (screen.Question, bool) {
	row, level := s.matrix.Cursor()
	if !s.loaded || row < 0 {
		return screen.Question{}, false
	}
	if level == widget.LevelNone {
		level = widget.LevelRead
	}
	return screen.Question{Module: access.WorkspaceModules()[row].Code(), Level: access.Level(level).String(), User: s.effect.anybody(), Role: s.role.Code}, true
}

// preview asks the gate what saving would do; save, if not nil, is what a yes begins.
func (s *Editor) preview(save func() []screen.Event) []screen.Event {
	code, edit := s.role.Code, core.Edit{Levels: s.changes(), Version: s.role.Version}
	return []screen.Event{screen.Run("preview", "", func(ctx context.Context) (control.Outcome, error) {
		return s.env.Roles.PreviewSet(ctx, s.ref, code, edit)
	}, func(o control.Outcome, err error) []screen.Event {
		if err != nil {
			return s.conflictOr(err)
		}
		return []screen.Event{screen.Show{Overlay: s.env.Preview(o, s.env.Text("effect.title"), s.env.Text("form.save"), save)}}
	})}
}

func (s *Editor) save() []screen.Event {
	before, edit := s.role, core.Edit{Levels: s.changes(), Version: s.role.Version}
	edit.OwnLoss = true // the preview has said so
	return []screen.Event{screen.Run("save", s.env.With("role.saving", message.Args{"Name": s.role.Name}), func(ctx context.Context) (core.Role, error) {
		return s.env.Roles.Set(ctx, s.ref, before.Code, edit)
	}, func(after core.Role, err error) []screen.Event {
		if err != nil {
			return s.conflictOr(err)
		}
		s.role = after
		s.take(after.Levels)
		return append([]screen.Event{screen.Did{Text: message.Text{ID: "role.saved", Args: message.Args{"Name": after.Name, "Count": len(edit.Levels)}},
			Undo: func() []screen.Event { return s.undo(before, after.Version) }}}, s.Refresh()...)
	})}
}

// take makes levels the stored ones, so that nothing counts as changed.
func (s *Editor) take(levels access.Levels) {
	rows := s.matrix.Rows()
	for i, m := range access.WorkspaceModules() {
		rows[i].Level = widget.Level(levels.Get(m))
		rows[i].Original = rows[i].Level
	}
	row, _ := s.matrix.Cursor()
	s.matrix.SetRows(rows)
	s.matrix.Goto(row)
}

// undo sets the role back to what it was, unless somebody changed it since.
func (s *Editor) undo(before core.Role, version int64) []screen.Event {
	edit := core.Edit{Levels: map[access.Module]access.Level{}, Version: version}
	for _, m := range access.WorkspaceModules() {
		edit.Levels[m] = before.Levels.Get(m)
	}
	edit.OwnLoss = true
	return []screen.Event{screen.Run("undo", s.env.Text("job.saving"), func(ctx context.Context) (core.Role, error) {
		return s.env.Roles.Set(ctx, s.ref, before.Code, edit)
	}, func(after core.Role, err error) []screen.Event {
		if err != nil {
			return s.env.Fail(err)
		}
		if s.loaded && after.ID == s.role.ID {
			s.role = after
			s.take(after.Levels)
		}
		return append([]screen.Event{screen.Did{Text: message.Text{ID: "undo.done"}}}, s.Refresh()...)
	})}
}

var (
	_ screen.Screen  = (*Editor)(nil)
	_ screen.Unsaved = (*Editor)(nil)
	_ screen.Asked   = (*Editor)(nil)
)
