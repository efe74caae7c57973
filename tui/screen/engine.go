package screen

import (
	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
)

// EngineRight puts a right in an engine into words: through what, and what else one has to know.
func (e *Env) EngineRight(s *access.Snapshot, r access.EngineRight) string {
	out := ""
	switch r.Way {
	case access.ByRoleMapping:
		role, _ := s.Role(r.Role)
		out = e.With("engine.by_role", message.Args{"Role": control.RoleName(role), "EngineRole": r.EngineRole})
		if r.Grants != "" {
			out += ": " + r.Grants
		}
	case access.ByAccountMapping:
		out = e.With("engine.by_account", message.Args{"Account": r.Account})
	case access.ByIdentity:
		out = e.With("engine.by_identity", message.Args{"Account": r.Account})
	case access.NoWay:
		out = e.Text("engine.no_way")
	}
	if r.Note != access.NoteNone {
		out += ". " + e.Text("engine.note."+string(r.Note))
	}
	return out
}
