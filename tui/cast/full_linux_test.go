package cast_test

import (
	"bytes"
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"reeve/tui/cast"
)

// limit bounds the size of files for the rest of the test, so that writing beyond it fails as on a disk that is full. No test of this
// package runs beside another.
func limit(t *testing.T, bytes uint64) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Skip(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: before.Max}); err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			t.Fatal(err)
		}
	})
}

// On a disk that is full a recording says so, and is whole up to there.
func TestADiskThatIsFullIsTold(t *testing.T) {
	f, err := cast.OpenFolder(filepath.Join(t.TempDir(), "r"), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Begin("THREE", head, ticking())
	if err != nil {
		t.Fatal(err)
	}
	limit(t, 300)
	for n := 0; err == nil && n < 100; n++ {
		err = r.Output([]byte(strings.Repeat("x", 50)))
	}
	if err == nil || errors.Is(err, cast.ErrFull) {
		t.Fatalf("it goes on: %v", err)
	}
	sum, _, err := r.Finish()
	if err = errors.Join(err, r.Keep()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(r.Path)
	if err != nil || sum != sumOf(t, r.Path) {
		t.Errorf("the sum is another (%v)", err)
	}
	if _, events, err := cast.Read(bytes.NewReader(data)); err != nil || len(events) == 0 {
		t.Errorf("%v (%v)", events, err)
	}
}
