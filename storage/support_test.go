package storage

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"testing"
)

func stat(t *testing.T, path string) fs.FileInfo {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func overwrite(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil { // #nosec G703 -- a file of the test
		t.Fatal(err)
	}
}

func replaceIn(t *testing.T, path, before, after string) {
	t.Helper()
	data, err := os.ReadFile(path) // #nosec G304 -- a file of the test
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(data, []byte(before), []byte(after), 1)
	if bytes.Equal(changed, data) {
		t.Fatalf("%q is not in %s", before, data)
	}
	overwrite(t, path, changed)
}

// seeded makes random numbers that are the same in every run.
func seeded(seed uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, 1)) // #nosec G404 -- a test is to be repeatable
}
