package storage

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"reeve/core/audit"
	"reeve/core/audit/chain"
)

const (
	checkpointSuffix = ".checkpoint"
	keySuffix        = ".key"
	keySize          = 32 // bytes
)

// Checkpoint keeps the newest head of the audit log in a file beside the database, so that a log whose end was cut off
// is found out. A key of its own in a second file signs it: whoever can write the database alone cannot make the two
// agree again.
//
// The file is not forced to the disk: after a power cut it may be a few entries behind the log, which verifying allows,
// and it is replaced as a whole, so that it is never half of one.
type Checkpoint struct{ path string }

var _ audit.Checkpoints = Checkpoint{}

// NewCheckpoint keeps the checkpoint of the database at a path.
func NewCheckpoint(database string) Checkpoint { return Checkpoint{path: database} }

// kept is the form of the file. The MAC is missing in what people keep elsewhere.
type kept struct {
	Seq  int64     `json:"seq"`
	Hash string    `json:"hash"` // hexadecimal digits
	At   time.Time `json:"at"`
	// Since is the entry that the first head kept here was of; missing in files of versions that did not say so.
	Since int64  `json:"since,omitempty"`
	MAC   string `json:"mac,omitempty"` // HMAC-SHA256, hexadecimal digits
}

func (k kept) head() (chain.Head, error) {
	hash, err := hex.DecodeString(k.Hash)
	if err != nil || k.Seq < 0 {
		return chain.Head{}, errors.Join(errors.New("it is no checkpoint"), err)
	}
	return chain.Head{Seq: k.Seq, Hash: hash, At: k.At, Since: k.Since}, nil
}

// mac signs everything else that the file says.
func (k kept) mac(key []byte) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("reeve checkpoint 1\n" + strconv.FormatInt(k.Seq, 10) + "\n" + k.Hash + "\n" + k.At.UTC().Format(time.RFC3339Nano)))
	if k.Since != 0 {
		h.Write([]byte("\nsince " + strconv.FormatInt(k.Since, 10)))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (k kept) check(key []byte) error {
	if !hmac.Equal([]byte(k.MAC), []byte(k.mac(key))) {
		return errors.New("it does not carry the signature of its key")
	}
	return nil
}

func newKept(h chain.Head) kept {
	return kept{Seq: h.Seq, Hash: hex.EncodeToString(h.Hash), At: h.At.UTC()}
}

// FormatCheckpoint writes a head in the form that ReadCheckpoint reads, without a signature, to be kept elsewhere.
func FormatCheckpoint(h chain.Head) ([]byte, error) { return json.Marshal(newKept(h)) }

// ReadCheckpoint reads a head kept in a file, by FormatCheckpoint or as a copy of the one beside a database. Its
// signature is verified if the key lies beside the file.
func ReadCheckpoint(path string) (chain.Head, error) {
	head, err := readCheckpoint(path)
	if err != nil {
		return head, fmt.Errorf("reading the checkpoint %s: %w", path, err)
	}
	return head, nil
}

func readCheckpoint(path string) (chain.Head, error) {
	k, err := readKept(path)
	if err != nil {
		return chain.Head{}, err
	}
	key, err := readKey(strings.TrimSuffix(path, checkpointSuffix) + keySuffix)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return k.head()
	case err != nil:
		return chain.Head{}, err
	}
	if err := k.check(key); err != nil {
		return chain.Head{}, err
	}
	return k.head()
}

func readKept(path string) (k kept, err error) {
	data, err := os.ReadFile(path) // #nosec G304 -- the path is the user's choice
	if err != nil {
		return k, err
	}
	if err := json.Unmarshal(data, &k); err != nil {
		return k, fmt.Errorf("it is no checkpoint: %w", err)
	}
	return k, nil
}

// Files names the file of the head and that of its key.
func (c Checkpoint) Files() (head, key string) { return c.path + checkpointSuffix, c.path + keySuffix }

// CheckKey says why the key cannot be used.
func (c Checkpoint) CheckKey() error {
	if _, err := readKey(c.path + keySuffix); err != nil {
		return fmt.Errorf("reading the key of the checkpoint: %w", err)
	}
	return nil
}

// Load reads the kept head; ok is false if none is kept. A kept head that was tampered with is an error.
func (c Checkpoint) Load() (h chain.Head, ok bool, err error) {
	k, err := readKept(c.path + checkpointSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return h, false, nil
	}
	if err == nil {
		var key []byte
		if key, err = readKey(c.path + keySuffix); err == nil {
			err = k.check(key)
		}
	}
	if err == nil {
		h, err = k.head()
	}
	if err != nil {
		return chain.Head{}, false, fmt.Errorf("reading the checkpoint %s: %w", c.path+checkpointSuffix, err)
	}
	return h, true, nil
}

// Keep replaces the kept head by a newer one; one that is not newer changes nothing. The first
// one says that keeping began with it, so that a file that was removed cannot come back as if it had always been there. A kept head that was tampered with
// stays, as an error: keeping the next one over it would hide what happened.
func (c Checkpoint) Keep(h chain.Head) (err error) {
	if err := makeKey(c.path + keySuffix); err != nil {
		return fmt.Errorf("making the key of the checkpoint: %w", err)
	}
	unlock, err := lock(c.path + keySuffix)
	if err != nil {
		return fmt.Errorf("locking the checkpoint: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	before, ok, err := c.Load()
	if err != nil || ok && before.Seq >= h.Seq {
		return err
	}
	key, err := readKey(c.path + keySuffix)
	if err != nil {
		return fmt.Errorf("reading the key of the checkpoint: %w", err)
	}
	k := newKept(h)
	k.Since = h.Seq
	if ok {
		k.Since = before.Since
	}
	k.MAC = k.mac(key)
	data, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("writing the checkpoint: %w", err)
	}
	if err := replaceFile(c.path+checkpointSuffix, data, os.Rename); err != nil {
		return fmt.Errorf("writing the checkpoint: %w", err)
	}
	return nil
}

func readKey(path string) ([]byte, error) {
	key, err := os.ReadFile(path) // #nosec G304 -- it stands beside the database
	if err == nil && len(key) != keySize {
		err = fmt.Errorf("%s is no key of %d bytes", path, keySize)
	}
	return key, err
}

// makeKey makes the key where there is none. Of several processes that do so, one wins; none sees half a key.
func makeKey(path string) error {
	if _, err := os.Stat(path); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	key := make([]byte, keySize)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	err := replaceFile(path, key, os.Link) // unlike renaming, linking fails when the name is taken
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// replaceFile writes a file under another name, for its owner alone, and lets put give it its own.
func replaceFile(path string, data []byte, put func(from, to string) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	name := file.Name()
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err == nil {
		err = put(name, path)
	}
	if rest := os.Remove(name); rest != nil && !errors.Is(rest, fs.ErrNotExist) {
		err = errors.Join(err, rest)
	}
	return err
}
