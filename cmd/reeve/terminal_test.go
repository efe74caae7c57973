package main

import (
	"strings"
	"testing"

	"reeve/core/text"
)

func TestWhichLocalesWriteUnicode(t *testing.T) {
	for _, c := range []struct {
		all, ctype, lang string
		want             bool
	}{
		{"", "", "", true}, // nothing said
		{"", "", "en_US.UTF-8", true},
		{"", "", "C.utf8", true},
		{"", "", "de_DE.UTF-8@euro", true},
		{"", "", "C", false},
		{"", "", "POSIX", false},
		{"", "", "en_US", false},
		{"", "", "en_US.ISO-8859-1", false},
		{"", "C", "en_US.UTF-8", false},
		{"C.UTF-8", "C", "C", true},
		{"POSIX", "en_US.UTF-8", "en_US.UTF-8", false},
	} {
		b := newBench(t)
		b.lang, b.env = c.lang, map[string]string{"LC_ALL": c.all, "LC_CTYPE": c.ctype}
		if got := b.environ().unicode(); got != c.want {
			t.Errorf("LC_ALL=%q LC_CTYPE=%q LANG=%q: %v", c.all, c.ctype, c.lang, got)
		}
	}
}

// sample is a database with a small sample tenant.
func sample(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	b.must("demo", "overview", "--db", b.db, "--workspaces", "1", "--members", "1")
	return b
}

func TestTheDemoPrintsThePlaceOfALink(t *testing.T) {
	t.Parallel()
	b := sample(t)
	out := b.must("demo", "cn-hangzhou/"+storyWorkspace+"/members", "--db", b.db)
	if strings.Count(out, "reeve  ") != 1 || !strings.Contains(out, storyWorkspace+" › Members") || !strings.Contains(out, "┌") && !strings.Contains(out, "│") {
		t.Errorf("it prints %s", out)
	}
	for _, env := range []map[string]string{{"LC_ALL": "C"}, {"LC_CTYPE": "POSIX"}} {
		b.env = env
		plain := b.must("demo", "cn-hangzhou/"+storyWorkspace+"/members", "--db", b.db)
		if !strings.Contains(plain, "Members") || strings.ContainsAny(plain, "│─›▌") {
			t.Errorf("in the locale %v it prints %s", env, plain)
		}
		if unicode := b.must("demo", "cn-hangzhou/"+storyWorkspace+"/members", "--db", b.db, "--ascii=false"); !strings.Contains(unicode, "›") {
			t.Errorf("--ascii=false does not win over the locale: %s", unicode)
		}
	}
	b.env, b.terminal = map[string]string{"TERM": "dumb"}, true
	if out := b.must("demo", "overview", "--db", b.db); !strings.Contains(out, "Overview") {
		t.Errorf("a dumb terminal shows %s", out)
	}
	b.fails(exitUsage, []string{"-o json", "the demo prints screens"}, "demo", "-o", "json", "--db", b.db)
	b.fails(exitUsage, []string{"not a link"}, "demo", "a//b")
}

func TestWhereTheConsoleCannotOpen(t *testing.T) {
	b := newTenant(t)
	for _, link := range []string{"cn-hangzhou/sales_dw/members", "cn-hangzhou", "regions", "audit/4?q=x"} {
		b.fails(exitUsage, []string{"needs a terminal"}, link)
	}
	b.fails(exitUsage, []string{"no command nosuch"}, "nosuch")
	b.fails(exitUsage, []string{"more is one word too many"}, "regions", "more")
	b.fails(exitUsage, []string{"-o yaml", "prints no records"}, "-o", "yaml")
	b.terminal, b.env = true, map[string]string{"TERM": "dumb"}
	for _, args := range [][]string{{}, {"regions"}} {
		o := b.fails(exitUsage, []string{"TERM=dumb", "xterm-256color"}, args...)
		if _, acts := text.FirstUnsafe(strings.ReplaceAll(o.out, "\n", "")); acts || o.out != "" {
			t.Errorf("a dumb terminal is sent %q", o.out)
		}
	}
}
