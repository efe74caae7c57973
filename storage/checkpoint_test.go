package storage

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"reeve/core/audit/chain"
)

func TestCheckpoint(t *testing.T) {
	head := chain.Head{Seq: 5, Hash: []byte{1, 2, 3}, At: sampleTime}
	same := func(a, b chain.Head) bool { return a.Seq == b.Seq && bytes.Equal(a.Hash, b.Hash) && a.At.Equal(b.At) }
	c := NewCheckpoint(filepath.Join(t.TempDir(), "a.db"))
	if _, ok, err := c.Load(); ok || err != nil {
		t.Fatalf("there is a checkpoint already: %v", err)
	}
	older := chain.Head{Seq: 4, Hash: []byte{9}, At: sampleTime}
	for _, h := range []chain.Head{older, head, older, {Seq: 5, Hash: []byte{7}}} {
		if err := c.Keep(h); err != nil {
			t.Fatal(err)
		}
	}
	if got, ok, err := c.Load(); err != nil || !ok || !same(got, head) {
		t.Errorf("kept %+v %v %v, want the newest", got, ok, err)
	}
	if got, err := ReadCheckpoint(c.path + checkpointSuffix); err != nil || !same(got, head) {
		t.Errorf("read %+v %v", got, err)
	}
	for _, name := range []string{checkpointSuffix, keySuffix} {
		if info := stat(t, c.path+name); info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v", name, info.Mode())
		}
	}
	if info := stat(t, c.path+keySuffix); info.Size() != keySize {
		t.Errorf("the key has %d bytes", info.Size())
	}
}

func TestCheckpointTampering(t *testing.T) {
	head := chain.Head{Seq: 5, Hash: []byte{1, 2, 3}, At: sampleTime}
	for name, tamper := range map[string]func(t *testing.T, path string){
		"another number": func(t *testing.T, path string) { replaceIn(t, path+checkpointSuffix, `"seq":5`, `"seq":3`) },
		"another hash":   func(t *testing.T, path string) { replaceIn(t, path+checkpointSuffix, "010203", "010204") },
		"another time":   func(t *testing.T, path string) { replaceIn(t, path+checkpointSuffix, "2026", "2027") },
		"no signature":   func(t *testing.T, path string) { replaceIn(t, path+checkpointSuffix, `"mac"`, `"x"`) },
		"no JSON":        func(t *testing.T, path string) { replaceIn(t, path+checkpointSuffix, "{", "") },
		"another key":    func(t *testing.T, path string) { overwrite(t, path+keySuffix, bytes.Repeat([]byte{7}, keySize)) },
		"half the key":   func(t *testing.T, path string) { overwrite(t, path+keySuffix, []byte{7}) },
	} {
		t.Run(name, func(t *testing.T) {
			c := NewCheckpoint(filepath.Join(t.TempDir(), "a.db"))
			if err := c.Keep(head); err != nil {
				t.Fatal(err)
			}
			tamper(t, c.path)
			if _, _, err := c.Load(); err == nil {
				t.Error("it was loaded")
			}
			if _, err := ReadCheckpoint(c.path + checkpointSuffix); err == nil {
				t.Error("it was read")
			}
			if err := c.Keep(chain.Head{Seq: 9, Hash: []byte{1}}); err == nil {
				t.Error("the next head hid it")
			}
		})
	}
}

func TestCheckpointKeptElsewhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "note.json")
	data, err := FormatCheckpoint(chain.Head{Seq: 5, Hash: []byte{1, 2, 3}, At: sampleTime})
	if err != nil {
		t.Fatal(err)
	}
	overwrite(t, path, data)
	h, err := ReadCheckpoint(path)
	if err != nil || h.Seq != 5 || !bytes.Equal(h.Hash, []byte{1, 2, 3}) {
		t.Errorf("read %+v %v", h, err)
	}
	for _, bad := range []string{"", "{", `{"seq":1,"hash":"zz"}`, `{"seq":-1,"hash":""}`} {
		overwrite(t, path, []byte(bad))
		if _, err := ReadCheckpoint(path); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestCheckpointOfManyAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	failed := make(chan error)
	const writers, each = 8, 20
	for w := range writers {
		go func() {
			var err error
			for i := range each {
				n := int64(i*writers + w + 1)
				err = errors.Join(err, NewCheckpoint(path).Keep(chain.Head{Seq: n, Hash: []byte{7}, At: sampleTime}))
			}
			failed <- err
		}()
	}
	for range writers {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	if h, ok, err := NewCheckpoint(path).Load(); err != nil || !ok || h.Seq != writers*each {
		t.Errorf("kept %d %v %v, want the newest", h.Seq, ok, err)
	}
}
