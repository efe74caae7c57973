package role

import (
	"fmt"
	"strings"

	"reeve/core/access"
	"reeve/core/fault"
	"reeve/core/message"
)

// Text writes levels as people edit them: a line for each module, `data-studio: write`, in the order of the matrix.
func Text(levels access.Levels) string {
	var b strings.Builder
	for _, m := range access.WorkspaceModules() {
		fmt.Fprintf(&b, "%s: %s\n", m.Code(), levels.Get(m))
	}
	return b.String()
}

// ParseText reads what Text wrote and somebody edited: modules in any order and spelling, any level word, # comments. A module
// that is not there keeps its level in base. Everything wrong is said at once, by line.
func ParseText(text string, base access.Levels) (access.Levels, error) {
	var bad []fault.Field
	seen := map[access.Module]int{}
	levels := base
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		say := func(id string, args message.Args) {
			args["Line"] = i + 1
			bad = append(bad, fault.Field{Name: fmt.Sprintf("line_%d", i+1), Text: message.Text{ID: id, Args: args}})
		}
		name, value, ok := cutAssignment(line)
		if !ok {
			say("fault.role.text.form", message.Args{"Text": line})
			continue
		}
		m, err := access.ParseModule(access.PlaneWorkspace, name)
		if err != nil {
			say("fault.role.text.module", message.Args{"Module": name})
			continue
		}
		l, err := access.ParseLevel(value)
		if err != nil {
			say("fault.role.text.level", message.Args{"Level": value})
			continue
		}
		if before, twice := seen[m]; twice {
			say("fault.role.text.twice", message.Args{"Module": m.Code(), "Before": before})
			continue
		}
		seen[m] = i + 1
		levels = levels.With(m, l)
	}
	if len(bad) > 0 {
		return base, &fault.Invalid{Fields: bad}
	}
	return levels, nil
}

func cutAssignment(line string) (name, value string, ok bool) {
	for _, sep := range []string{":", "="} {
		if name, value, ok = strings.Cut(line, sep); ok {
			return strings.TrimSpace(name), strings.TrimSpace(value), true
		}
	}
	return "", "", false
}
