package sshd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/charmbracelet/keygen"
	gossh "golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// LoadHostKey reads a server's key, and makes one where there is none: ed25519, readable by its owner alone. made says that it
// is new, so that its fingerprint is to be handed to people. A key that others can read is refused.
func LoadHostKey(path string) (key gossh.Signer, made bool, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := keygen.New(path, keygen.WithKeyType(keygen.Ed25519), keygen.WithWrite()); err != nil {
			return nil, false, fmt.Errorf("making a host key: %w", err)
		}
		made = true
	case err != nil:
		return nil, false, fmt.Errorf("looking for the host key: %w", err)
	case info.Mode().Perm()&0o077 != 0:
		return nil, false, &OpenKeyError{Path: path, Mode: info.Mode().Perm()}
	}
	data, err := os.ReadFile(path) // #nosec G304 -- whoever starts the server names its key
	if err != nil {
		return nil, false, fmt.Errorf("reading the host key: %w", err)
	}
	key, err = gossh.ParsePrivateKey(data)
	if err != nil {
		return nil, false, fmt.Errorf("reading the host key %s: %w", path, err)
	}
	return key, made, nil
}

// OpenKeyError says that others than its owner can read a private key.
type OpenKeyError struct {
	Path string
	Mode fs.FileMode
}

// Error implements error.
func (e *OpenKeyError) Error() string {
	return fmt.Sprintf("%s can be read by others: %v", e.Path, e.Mode)
}

// KnownHosts is the line by which a client knows the server at an address host:port.
func KnownHosts(address string, key gossh.PublicKey) string {
	return knownhosts.Line([]string{address}, key)
}
