package storage

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// childTask names what this test binary does when it is started as another process.
const childTask = "STORAGE_TEST_CHILD"

func TestMain(m *testing.M) {
	task := os.Getenv(childTask)
	if task == "" {
		os.Exit(m.Run())
	}
	if err := runChild(task, os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// runChild opens the database at path and writes the entries from first on: one, fifty, or without end. It prints
// the number of each entry once it is committed.
func runChild(task, path, first string) error {
	ctx := context.Background()
	db, err := open(ctx, Options{Path: path}, entries)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	limit := map[string]int{"one": 1, "fifty": 50, "endless": 1 << 30}[task]
	for i := range limit {
		err := db.Write(ctx, func(ctx context.Context) error { return insert(ctx, db, n+i, strings.Repeat("x", 2000)) })
		if err != nil {
			return err
		}
		fmt.Println(n + i)
	}
	return db.Close()
}

type child struct {
	cmd    *exec.Cmd
	output *bufio.Scanner
	stderr *strings.Builder
}

func startChild(t *testing.T, task, path string, first int) child {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], path, strconv.Itoa(first)) // #nosec G204 G702 -- the test binary itself
	cmd.Env = append(os.Environ(), childTask+"="+task)
	stderr := &strings.Builder{}
	cmd.Stderr = stderr
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return child{cmd: cmd, output: bufio.NewScanner(output), stderr: stderr}
}

// wait reads what the child still has to say and expects it to end well.
func (c child) wait(t *testing.T) {
	t.Helper()
	for c.output.Scan() {
		continue
	}
	if err := c.cmd.Wait(); err != nil {
		t.Fatalf("the other process: %v: %s", err, c.stderr)
	}
}

func TestProcessesOpenANewFileTogether(t *testing.T) {
	for round := range 3 {
		path := filepath.Join(t.TempDir(), "test.db")
		var children []child
		for i := range 3 {
			children = append(children, startChild(t, "fifty", path, i*1000))
		}
		db := openAt(t, path, entries)
		for n := range 50 {
			write(t, db, 9000+n)
		}
		for _, c := range children {
			c.wait(t)
		}
		wantCount(t, db, 200)
		t.Log("round", round)
	}
}

func TestWatchSeesAnotherProcess(t *testing.T) {
	db := openNew(t)
	w := startWatching(t.Context(), db)
	startChild(t, "one", db.Path(), 1).wait(t)
	w.tick()
	if !w.signalled() {
		t.Error("a commit of another process is not signalled")
	}
	wantCount(t, db, 1)
}

func TestKillLosesNothingAcknowledged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	sealed(t, openAt(t, path, entries))
	random := rand.New(rand.NewPCG(1, 2)) // #nosec G404 -- repeatable moments are wanted
	next := 0
	for round := range 10 {
		c := startChild(t, "endless", path, next)
		acknowledged := next - 1
		for range 1 + random.IntN(60) {
			if !c.output.Scan() {
				t.Fatalf("round %d: the other process ended: %s", round, c.stderr)
			}
			acknowledged = number(t, c.output.Text())
		}
		if err := c.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		// What it had acknowledged before the signal reached it counts too.
		for c.output.Scan() {
			acknowledged = number(t, c.output.Text())
		}
		if err := c.cmd.Wait(); err == nil {
			t.Fatal("the other process ended well although it was killed")
		}
		next = checkAfterKill(t, path, acknowledged)
	}
}

func number(t *testing.T, line string) int {
	t.Helper()
	n, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// checkAfterKill expects every entry up to acknowledged, at most one more, and a whole file. It returns the number of
// the next entry.
func checkAfterKill(t *testing.T, path string, acknowledged int) int {
	t.Helper()
	db := openAt(t, path, entries)
	var n, last int
	query := "SELECT count(*), max(n) FROM entry WHERE length(text) = 2000"
	if err := db.readers.QueryRowContext(t.Context(), query).Scan(&n, &last); err != nil {
		t.Fatal(err)
	}
	if n != last+1 || last != acknowledged && last != acknowledged+1 {
		t.Errorf("%d entries up to %d, acknowledged up to %d", n, last, acknowledged)
	}
	var health string
	if err := db.readers.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&health); err != nil || health != "ok" {
		t.Errorf("the file is not whole: %s (%v)", health, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return last + 1
}
