package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/creack/pty"
)

// BenchmarkFirstFrame starts the program on a database with 10,000 workspaces in a terminal of its own and waits for the list of
// workspaces. The metric "ms_more" is how much longer that takes than until a program that only prints has printed, which
// here is the program's own version; 150 is meant.
func BenchmarkFirstFrame(b *testing.B) {
	dir := b.TempDir()
	program, db := filepath.Join(dir, "reeve"), filepath.Join(dir, "large.db")
	build := exec.CommandContext(b.Context(), "go", "build", "-o", program, ".") // #nosec G204 -- a path of the test's own
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("building: %v\n%s", err, out)
	}
	sample := exec.CommandContext(b.Context(), program, "demo", "--db", db, "--workspaces", "10000", "--members", "20000") // #nosec G204 -- as above
	if out, err := sample.CombinedOutput(); err != nil {
		b.Fatalf("making the sample: %v\n%s", err, out)
	}
	var printing, drawing time.Duration
	for b.Loop() {
		printing += until(b, "reeve", program, "version")
		drawing += until(b, "ads_", program, "--db", db)
	}
	more := (drawing - printing) / time.Duration(b.N)
	b.ReportMetric(float64(more.Microseconds())/1000, "ms_more")
}

// until runs a program in a terminal and returns how long it took to print a text.
func until(b *testing.B, text, program string, args ...string) time.Duration {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), program, args...) // #nosec G204 -- as above
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "COLORTERM=truecolor")
	begun := time.Now()
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 120})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_, _ = io.Copy(io.Discard, terminal)
		_ = terminal.Close()
		_ = cmd.Wait()
	}()
	var seen bytes.Buffer
	chunk := make([]byte, 64<<10)
	for {
		n, err := terminal.Read(chunk)
		seen.Write(chunk[:n])
		if bytes.Contains(seen.Bytes(), []byte(text)) {
			return time.Since(begun)
		}
		if err != nil {
			b.Fatalf("the program ended without printing %q: %v", text, err)
		}
	}
}
