package role

import (
	"strings"

	"reeve/core/access"
	"reeve/core/control"
	"reeve/core/message"
	core "reeve/core/role"
	"reeve/tui/screen"
)

// effect works out, while one paints, whom the painted cells affect. It computes from the state that was loaded with the role;
// saving asks the gate again.
type effect struct {
	state     access.State
	before    *access.Snapshot
	role      access.RoleID
	workspace access.WorkspaceID
	holders   []access.PrincipalID
	outcome   control.Outcome
	known     bool
}

// load takes the state. A disabled workspace is looked at as if it were open: the question is what the role will mean.
func (e *effect) load(_ control.Ref, r core.Role, editing core.Editing) {
	e.state, e.role, e.known = editing.State, r.ID, false
	open := make([]access.Workspace, len(e.state.Workspaces))
	for i, w := range e.state.Workspaces {
		w.Open = true
		open[i], e.workspace = w, w.ID
	}
	e.state.Workspaces = open
	before, err := access.Compile(e.state)
	if err != nil {
		return
	}
	e.before, e.holders, e.known = before, before.HoldersOf(r.ID), true
}

// anybody is the first of the holders, to ask about when nobody is under the cursor.
func (e *effect) anybody() string {
	if !e.known || len(e.holders) == 0 {
		return ""
	}
	p, _ := e.before.Principal(e.holders[0])
	return p.Name
}

// judge compares the state with the levels as painted and says for each module what its holders have afterwards.
func (e *effect) judge(env *screen.Env, levels access.Levels) []string {
	notes := make([]string, len(access.WorkspaceModules()))
	if !e.known {
		return notes
	}
	after, err := access.Compile(e.state.WithRoleLevels(e.role, levels))
	if err != nil {
		return notes
	}
	e.outcome = control.Outcome{Effect: access.Compare(e.before, after), Before: e.before, After: after}
	keeps := map[access.Module][]access.Keep{}
	for _, k := range e.outcome.Effect.Keeps {
		keeps[k.Module] = append(keeps[k.Module], k)
	}
	for i, m := range access.WorkspaceModules() {
		notes[i] = e.note(env, after, m, keeps[m])
	}
	return notes
}

func (e *effect) note(env *screen.Env, after *access.Snapshot, m access.Module, keeps []access.Keep) string {
	if len(e.holders) == 0 {
		return ""
	}
	var counts [3]int
	for _, p := range e.holders {
		counts[after.Level(e.workspace, p, m)]++
	}
	var parts []string
	for _, k := range keeps {
		counts[k.Level] -= len(k.Principals)
	}
	for _, l := range []access.Level{access.None, access.Read, access.Write} {
		if counts[l] > 0 {
			parts = append(parts, env.With("role.count", message.Args{"Count": counts[l], "Level": strings.ToLower(env.Text("level." + l.String()))}))
		}
	}
	for _, k := range keeps {
		through := env.Text("role.through_default")
		if r, ok := after.Role(k.Through); ok {
			through = env.Say.Say(control.RoleName(r))
		}
		parts = append(parts, env.With("role.keep", message.Args{"Count": len(k.Principals), "Level": env.Text("level." + k.Level.String()), "Role": through}))
	}
	return strings.Join(parts, " · ")
}
