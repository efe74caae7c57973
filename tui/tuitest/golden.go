package tuitest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// GoldenVariable is the environment variable that, set to "update", makes
// Golden write the files instead of comparing. It is a variable and not a flag
// because the golden package that teatest brings along registers -update for
// the whole test binary, and a second flag of that name panics.
const GoldenVariable = "REEVE_GOLDEN"

// Golden compares planes with testdata/<name>.golden.
func Golden(t testing.TB, name string, p Planes) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name)+".golden")
	got := p.String()
	if os.Getenv(GoldenVariable) == "update" {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatalf("make the folder of a golden file: %v", err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatalf("write a golden file: %v", err)
		}
		return
	}
	want, err := os.ReadFile(path) //nolint:gosec // the name is the test's own
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("there is no %s; write it with %s=update and look at it\n%s", path, GoldenVariable, got)
	}
	if err != nil {
		t.Fatalf("read a golden file: %v", err)
	}
	if string(want) != got {
		t.Errorf("%s differs (%s=update writes it):\n%s", path, GoldenVariable, difference(string(want), got))
	}
}

// difference shows the lines that differ, want above got.
func difference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	var out strings.Builder
	for i := range max(len(a), len(b)) {
		var x, y string
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			out.WriteString("- " + x + "\n+ " + y + "\n")
		}
	}
	return out.String()
}

// Invariants checks what must hold for every frame: no line wider than w, no
// more than h lines, no broken text, and no sequence but those of styles.
func Invariants(t testing.TB, content string, w, h int) {
	t.Helper()
	lines := strings.Split(content, "\n")
	if len(lines) > h {
		t.Errorf("%d lines in a window of %d", len(lines), h)
	}
	for y, line := range lines {
		if n := ansi.StringWidth(line); n > w {
			t.Errorf("line %d is %d cells wide in a window of %d: %q", y, n, w, ansi.Strip(line))
		}
		// Terminals that do not know grapheme clusters add up characters.
		if n := ansi.StringWidthWc(line); n > w {
			t.Errorf("line %d is %d cells wide, counted by characters, in a window of %d: %q", y, n, w, ansi.Strip(line))
		}
	}
	if strings.ContainsRune(content, '\uFFFD') {
		t.Errorf("the frame contains a replacement character")
	}
	if bad := ForeignSequence(content); bad != "" {
		t.Errorf("the frame contains a sequence that is no style: %q", bad)
	}
}

// ForeignSequence returns the first control character or escape sequence in s
// that is neither a line break nor a style, empty when there is none.
func ForeignSequence(s string) string {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\n' || c >= 0x20 && c != 0x7f:
		case c == 0x1b:
			end := styleEnd(s[i:])
			if end == 0 {
				return s[i:min(i+8, len(s))]
			}
			i += end - 1
		default:
			return s[i : i+1]
		}
	}
	return ""
}

// styleEnd returns the length of the style sequence s begins with, else 0.
func styleEnd(s string) int {
	if !strings.HasPrefix(s, "\x1b[") {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c == 'm':
			return i + 1
		case c != ';' && c != ':' && (c < '0' || c > '9'):
			return 0
		}
	}
	return 0
}
