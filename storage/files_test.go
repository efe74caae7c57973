package storage

import (
	"bytes"
	"io/fs"
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
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func replaceIn(t *testing.T, path, before, after string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(data, []byte(before), []byte(after), 1)
	if bytes.Equal(changed, data) {
		t.Fatalf("%q is not in %s", before, data)
	}
	overwrite(t, path, changed)
}
