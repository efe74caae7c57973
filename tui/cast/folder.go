package cast

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Folder is where recordings are kept, for their owner alone.
type Folder struct {
	path string
	most int64
}

// A recording that goes on has a name of its own, so that one that a process left behind when it was killed is found.
const (
	suffix     = ".cast"
	suffixOpen = ".cast.open"
)

// OpenFolder makes the folder if it is missing. One that others can look into is refused. most bounds a recording, in bytes.
func OpenFolder(path string, most int64) (*Folder, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("looking for the folder of recordings: %w", err)
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of recordings: %w", err)
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("looking for the folder of recordings: %w", err)
	case info.Mode().Perm()&0o077 != 0:
		return nil, &OpenError{Path: path, Mode: info.Mode().Perm()}
	}
	return &Folder{path: path, most: most}, nil
}

// Path is where the folder is.
func (f *Folder) Path() string { return f.path }

// OpenError says that others than its owner can look into the folder.
type OpenError struct {
	Path string
	Mode fs.FileMode
}

// Error implements error.
func (e *OpenError) Error() string {
	return fmt.Sprintf("%s can be read by others: %v", e.Path, e.Mode)
}

// Recording is one that goes on, or was left behind.
type Recording struct {
	*Writer
	file  *os.File
	open  string
	sum   hash.Hash
	whole int64 // up to where the file has whole lines
	// Path is where it is when it is kept.
	Path string
	// ID is what it was begun with.
	ID string
}

// Begin begins a recording. id becomes part of the name of the file, and has letters and digits and dashes alone.
func (f *Folder) Begin(id string, h Header, now func() time.Time) (*Recording, error) {
	name := h.Begun.UTC().Format("20060102T150405Z") + "-" + id
	r := &Recording{sum: sha256.New(), Path: filepath.Join(f.path, name+suffix), ID: id}
	r.open = filepath.Join(f.path, name+suffixOpen)
	for _, path := range []string{r.open, r.Path} {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("beginning a recording: %w", errors.Join(fs.ErrExist, err))
		}
	}
	unheld := r.open + ".new"                                                // nobody looks at it until it is held
	file, err := os.OpenFile(unheld, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) // #nosec G304 -- the folder is a setting, the name is ours
	if err != nil {
		return nil, fmt.Errorf("beginning a recording: %w", err)
	}
	r.file = file
	if !hold(file) {
		err = errors.New("the file is held by another process")
	}
	if err == nil {
		r.Writer, err = NewWriter(r, h, now, f.most)
	}
	if err == nil {
		err = os.Rename(unheld, r.open)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("beginning a recording: %w", err), file.Close(), os.Remove(unheld))
	}
	return r, nil
}

// Write implements io.Writer for the lines of the recording. Of a line that did not find room nothing stays.
func (r *Recording) Write(line []byte) (int, error) {
	n, err := r.file.Write(line)
	if err != nil {
		_ = r.file.Truncate(r.whole)
		_, _ = r.file.Seek(r.whole, io.SeekStart)
		return 0, err
	}
	r.sum.Write(line)
	r.whole += int64(n)
	return n, nil
}

// Finish ends the recording on the disk and returns the SHA-256 of the file. It stays held until it is kept.
func (r *Recording) Finish() (sum string, size int64, err error) {
	if err := r.file.Sync(); err != nil {
		return "", 0, fmt.Errorf("ending a recording: %w", err)
	}
	return hex.EncodeToString(r.sum.Sum(nil)), r.whole, nil
}

// Keep gives the file the name of a recording that has ended, and lets go of it.
func (r *Recording) Keep() error {
	if err := errors.Join(os.Rename(r.open, r.Path), r.file.Close()); err != nil {
		return fmt.Errorf("keeping a recording: %w", err)
	}
	return nil
}

// Drop lets go of the file and leaves it as it is, to be found as one that was left behind.
func (r *Recording) Drop() { _ = r.file.Close() }

// Left are the recordings that nobody goes on with, because their process was killed. Of the last line of each, what is not whole is cut
// off. They are held as those that go on are.
func (f *Folder) Left() ([]*Recording, error) {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return nil, fmt.Errorf("looking for recordings: %w", err)
	}
	var left []*Recording
	for _, e := range entries {
		name, open := strings.CutSuffix(e.Name(), suffixOpen)
		if !open || !e.Type().IsRegular() {
			continue
		}
		r, err := f.leftBehind(name)
		if err != nil {
			return left, fmt.Errorf("looking at the recording %s: %w", e.Name(), err)
		}
		if r != nil {
			left = append(left, r)
		}
	}
	return left, nil
}

func (f *Folder) leftBehind(name string) (*Recording, error) {
	r := &Recording{sum: sha256.New(), Path: filepath.Join(f.path, name+suffix), open: filepath.Join(f.path, name+suffixOpen)}
	if _, id, ok := strings.Cut(name, "-"); ok {
		r.ID = id
	}
	file, err := os.OpenFile(r.open, os.O_RDWR, 0) // #nosec G304 -- in the folder of recordings
	if err != nil {
		return nil, err
	}
	// Whoever held it may have kept it a moment ago: then it is another file, or none, that has the name.
	if !hold(file) {
		return nil, file.Close()
	}
	there, gone := os.Stat(r.open)
	if same, err := file.Stat(); gone != nil || err != nil || !os.SameFile(there, same) {
		return nil, file.Close()
	}
	r.file = file
	data, err := io.ReadAll(io.LimitReader(file, f.most+reserve))
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	data = data[:bytes.LastIndexByte(data, '\n')+1]
	r.whole = int64(len(data))
	r.sum.Write(data)
	if err := file.Truncate(r.whole); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return r, nil
}
