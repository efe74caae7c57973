package member

import (
	"context"
	"strings"

	core "reeve/core/member"
	"reeve/core/message"
	"reeve/tui/screen"
	"reeve/tui/widget"
)

// importBox asks for rows: the path of a file, or text that is pasted over it.
type importBox struct {
	*screen.FormBox
	env    *screen.Env
	pasted string
}

// Paste takes text of several lines as the rows; anything else goes to the field under the cursor.
func (b *importBox) Paste(s string) []screen.Event {
	if !strings.Contains(strings.TrimSpace(s), "\n") && !strings.Contains(strings.TrimSpace(s), "\r") {
		return b.FormBox.Paste(s)
	}
	b.pasted = strings.ReplaceAll(s, "\r\n", "\n")
	b.pasted = strings.ReplaceAll(b.pasted, "\r", "\n") // what some terminals paste for the end of a line
	lines := strings.Count(strings.TrimSpace(b.pasted), "\n") + 1
	b.Form().SetDisabled("rows", b.env.With("import.pasted", message.Args{"Count": lines}))
	return nil
}

// importing asks for rows and shows what they would do.
func (s *List) importing() []screen.Event {
	env := s.env
	form := widget.NewForm(
		widget.TextField("rows", env.Text("import.rows"), "").WithHelp(env.Text("import.rows.help")).WithLimit(4096),
		widget.ToggleField("exactly", env.Text("import.exactly"), false).WithWords(env.Text("import.exactly.on"), env.Text("import.exactly.off")),
	)
	box := &importBox{env: env}
	box.FormBox = screen.NewQuestionBox(env, env.With("import.title", message.Args{"Workspace": s.ref.Workspace}), form, func(f *widget.Form) []screen.Event {
		given, typed := box.pasted, box.pasted == ""
		if typed {
			given = f.Value("rows")
		}
		in := core.Import{Exactly: f.On("exactly"), From: env.Now()}
		return []screen.Event{screen.Run("plan", "", func(ctx context.Context) (planned, error) {
			return s.plan(ctx, given, typed, in)
		}, func(p planned, err error) []screen.Event {
			if err != nil {
				return box.Failed(err)
			}
			return []screen.Event{screen.Hide{Overlay: box}, screen.Show{Overlay: newPlanBox(s, p)}}
		})}
	})
	return []screen.Event{screen.Show{Overlay: box}}
}

// planned is an import with what it would do.
type planned struct {
	in     core.Import
	format core.Format
	plan   core.Plan
}

// plan reads the rows, from a file where a path was typed, and asks what they would do.
func (s *List) plan(ctx context.Context, given string, typed bool, in core.Import) (planned, error) {
	data := []byte(given)
	if typed && s.env.ReadFile != nil && isPath(given) {
		var err error
		if data, err = s.env.ReadFile(strings.TrimSpace(given)); err != nil {
			return planned{}, err
		}
	}
	rows, format, err := core.ReadRows(data, core.Guess)
	if err != nil {
		return planned{}, err
	}
	in.Rows = rows
	plan, err := s.env.Members.Plan(ctx, s.ref, in)
	return planned{in, format, plan}, err
}

// isPath tells the path of a file from a row that was typed: a row has something behind its user.
func isPath(given string) bool {
	given = strings.TrimSpace(given)
	if strings.HasPrefix(given, "/") || strings.HasPrefix(given, "~/") || strings.HasPrefix(given, "./") || strings.HasPrefix(given, "../") {
		return true
	}
	for _, ending := range []string{".csv", ".tsv", ".json", ".jsonl", ".txt"} {
		if strings.HasSuffix(strings.ToLower(given), ending) {
			return true
		}
	}
	return given != "" && !strings.ContainsAny(given, " \t,;|:={[")
}
