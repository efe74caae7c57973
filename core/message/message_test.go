package message_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"reeve/assets"
	"reeve/core/message"
)

func load(t *testing.T, files map[string]string) *message.Catalogue {
	t.Helper()
	c, err := message.Load(folder(files))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func folder(files map[string]string) fstest.MapFS {
	tree := fstest.MapFS{}
	for name, content := range files {
		tree[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return tree
}

var twoLanguages = map[string]string{
	"en/frame.yaml": `
frame.help: Help
frame.quit: Quit
frame.in: "{{.Role}} in {{.Workspace}}"
`,
	"en/member.yaml": `
member.count:
  one: "{{.Count}} member"
  other: "{{.Count}} members"
member.gone:
  one: The member is gone.
  other: "{{.Count}} members are gone."
role.dev: Develop
`,
	"zh-CN/all.yaml": `
frame.help: 帮助
frame.in: "{{.Workspace}}的{{.Role}}"
member.count: "{{.Count}}位成员"
role.dev: 开发
`,
	"README": "not a language",
}

func TestPrint(t *testing.T) {
	c := load(t, twoLanguages)
	role := message.Text{ID: "role.dev"}
	for _, tt := range []struct {
		lang, id string
		args     message.Args
		want     string
	}{
		{"en", "frame.help", nil, "Help"},
		{"zh-CN", "frame.help", nil, "帮助"},
		{"zh-CN", "frame.quit", nil, "Quit"},
		{"en", "frame.in", message.Args{"Role": role, "Workspace": "sales_dw"}, "Develop in sales_dw"},
		{"zh-CN", "frame.in", message.Args{"Role": role, "Workspace": "sales_dw"}, "sales_dw的开发"},
		{"en", "frame.in", message.Args{"Role": "x"}, "x in {Workspace}"},
		{"en", "frame.in", nil, "{Role} in {Workspace}"},
		{"en", "frame.in", message.Args{"Role": "{{.Workspace}}", "Workspace": "<b>"}, "{{.Workspace}} in <b>"},
		{"en", "member.count", message.Args{"Count": 1}, "1 member"},
		{"en", "member.count", message.Args{"Count": int64(2)}, "2 members"},
		{"en", "member.count", message.Args{"Count": "1"}, "1 member"},
		{"en", "member.count", message.Args{"Count": "1 284"}, "1 284 members"},
		{"en", "member.count", message.Args{"Count": uint8(1)}, "1 members"},
		{"en", "member.count", nil, "{Count} members"},
		{"zh-CN", "member.count", message.Args{"Count": 1}, "1位成员"},
		{"en", "member.gone", message.Args{"Count": 1}, "The member is gone."},
		{"zh-CN", "member.gone", message.Args{"Count": 1}, "The member is gone."},
		{"zh-CN", "member.gone", message.Args{"Count": 3}, "3 members are gone."},
		{"en", "frame.none", nil, "[frame.none]"},
		{"en", "frame.none", message.Args{"Count": 1}, "[frame.none]"},
	} {
		if got := c.Printer(tt.lang).With(tt.id, tt.args); got != tt.want {
			t.Errorf("%s %s %v: %q, want %q", tt.lang, tt.id, tt.args, got, tt.want)
		}
		if got := c.Printer(tt.lang).Say(message.Text{ID: tt.id, Args: tt.args}); got != tt.want {
			t.Errorf("%s saying %s %v: %q, want %q", tt.lang, tt.id, tt.args, got, tt.want)
		}
	}
}

func TestPrintLeavesArgsAlone(t *testing.T) {
	c := load(t, twoLanguages)
	args := message.Args{"Role": message.Text{ID: "role.dev"}}
	c.Printer("en").With("frame.in", args)
	if _, ok := args["Role"].(message.Text); !ok || len(args) != 1 {
		t.Errorf("the caller's args became %v", args)
	}
}

func TestText(t *testing.T) {
	p := load(t, twoLanguages).Printer("zh")
	for id, want := range map[string]string{
		"frame.help": "帮助", "frame.quit": "Quit", "frame.none": "[frame.none]", "frame.in": "[frame.in]",
		"member.gone": "[member.gone]",
	} {
		if got := p.Text(id); got != want {
			t.Errorf("Text(%q) = %q, want %q", id, got, want)
		}
	}
	for id, want := range map[string]bool{"frame.help": true, "frame.quit": true, "frame.in": true, "frame.none": false} {
		if p.Has(id) != want {
			t.Errorf("Has(%q) = %t", id, !want)
		}
	}
	if allocations := testing.AllocsPerRun(100, func() { p.Text("frame.help") }); allocations != 0 {
		t.Errorf("Text allocates %v times", allocations)
	}
	if got := p.Say(message.Text{}); got != "" {
		t.Errorf("the zero Text says %q", got)
	}
}

func TestMatch(t *testing.T) {
	c := load(t, twoLanguages)
	for lang, want := range map[string]string{
		"zh_CN.UTF-8": "zh-CN", "zh": "zh-CN", "zh-CN": "zh-CN", "zh-Hans": "zh-CN", "zh_SG.GB18030@pinyin": "zh-CN",
		"en": "en", "en-GB": "en", "en_US.UTF-8": "en", "": "en", "C": "en", "C.UTF-8": "en", "POSIX": "en",
		"de_DE.UTF-8": "en", "!": "en", " zh ": "zh-CN",
	} {
		if got := c.Match(lang); got != want {
			t.Errorf("Match(%q) = %q, want %q", lang, got, want)
		}
		if got := c.Printer(lang).Language(); got != want {
			t.Errorf("Printer(%q) speaks %q, want %q", lang, got, want)
		}
	}
	if got := c.Languages(); !slices.Equal(got, []string{"en", "zh-CN"}) {
		t.Errorf("languages %v", got)
	}
}

func TestEnglishComesFirst(t *testing.T) {
	c := load(t, map[string]string{"de/a.yaml": "a.a: A", "en/a.yaml": "a.a: A", "fr/a.yaml": "a.a: A"})
	if got := c.Languages(); !slices.Equal(got, []string{"en", "de", "fr"}) {
		t.Errorf("languages %v", got)
	}
}

func TestCheck(t *testing.T) {
	c := load(t, map[string]string{
		"en/a.yaml": "a.same: A\na.missing: M\na.names: \"{{.One}} {{.Two}}\"\na.many: {one: one, other: \"{{.Count}}\"}",
		"zh/a.yaml": "a.same: B\na.extra: E\na.names: \"{{.Two}} {{.Three}}\"\na.many: \"{{.Count}}\"",
	})
	want := []string{
		"zh: a.missing is missing",
		"zh: a.names has the placeholders [Three Two], English [One Two]",
		"zh: a.extra is not in English",
	}
	if got := c.Check(); !slices.Equal(got, want) {
		t.Errorf("check found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		files map[string]string
		says  []string
	}{
		"no English":          {map[string]string{"zh/a.yaml": "a: b"}, []string{"no folder en"}},
		"no language":         {map[string]string{"en/a.yaml": "a: b", "not a tag/a.yaml": "a: b"}, []string{"not a tag"}},
		"no YAML":             {map[string]string{"en/a.yaml": "a: [", "en/b.yaml": "b: {"}, []string{"en/a.yaml", "en/b.yaml"}},
		"twice in a file":     {map[string]string{"en/a.yaml": "a.b: A\na.b: B"}, []string{"en/a.yaml", "a.b"}},
		"twice in a language": {map[string]string{"en/a.yaml": "a.b: A", "en/b.yaml": "a.b: B"}, []string{"a.b", "another file"}},
		"nested":              {map[string]string{"en/a.yaml": "a:\n  b: B"}, []string{"no plural form"}},
		"a list":              {map[string]string{"en/a.yaml": "a: [b]"}, []string{"wants a text"}},
		"a number":            {map[string]string{"en/a.yaml": "a: 1"}, []string{"wants a text"}},
		"empty":               {map[string]string{"en/a.yaml": "a: ''"}, []string{"no text"}},
		"empty form":          {map[string]string{"en/a.yaml": "a: {one: '', other: b}"}, []string{"one has no text"}},
		"no other":            {map[string]string{"en/a.yaml": "a: {one: b}"}, []string{"no text"}},
		"open braces":         {map[string]string{"en/a.yaml": "a: 'b {{.C'"}, []string{"b {{.C"}},
		"code":                {map[string]string{"en/a.yaml": "a: '{{if .C}}d{{end}}'"}, []string{"no placeholder"}},
		"a pipeline":          {map[string]string{"en/a.yaml": "a: '{{.C | .D}}'"}, []string{"no placeholder"}},
		"a path":              {map[string]string{"en/a.yaml": "a: '{{.C.D}}'"}, []string{"no placeholder"}},
	} {
		_, err := message.Load(folder(tt.files))
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, part := range tt.says {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %v does not say %q", name, err, part)
			}
		}
	}
}

func TestEmptyFileHasNoMessages(t *testing.T) {
	c := load(t, map[string]string{"en/a.yaml": "# only a comment\n", "en/b.yaml": "", "en/c.yaml": "c.c: C"})
	if got := c.IDs(); !slices.Equal(got, []string{"c.c"}) {
		t.Errorf("ids %v", got)
	}
}

func TestShippedMessages(t *testing.T) {
	c, err := message.Load(assets.Messages())
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range c.Check() {
		t.Error(fault)
	}
	for id, want := range map[string]string{
		"role.role_project_dev": "Develop", "module.data-studio": "DataStudio", "edition.enterprise": "Enterprise",
	} {
		if got := c.Printer("en").Text(id); got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
}
