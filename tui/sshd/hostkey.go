package sshd

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/charmbracelet/keygen"
	gossh "golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// minHostRSABits is the least of an RSA key, as ssh-keygen makes it: clients refuse short ones, each below a length of its own.
const minHostRSABits = 3072

// LoadHostKey reads a server's key, and makes one where there is none: ed25519, readable by its owner alone. made says that it
// is new, so that its fingerprint is to be handed to people. It refuses what ReadHostKey refuses.
func LoadHostKey(path string) (key gossh.Signer, made bool, err error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		if _, err := keygen.New(path, keygen.WithKeyType(keygen.Ed25519), keygen.WithWrite()); err != nil {
			return nil, false, fmt.Errorf("making it: %w", err)
		}
		made = true
	}
	key, err = ReadHostKey(path)
	return key, made, err
}

// ReadHostKey reads a server's key. It refuses one that others can read (*OpenKeyError), what is no file, and RSA of fewer than
// 3,072 bits.
func ReadHostKey(path string) (gossh.Signer, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("looking for it: %w", err)
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no file")
	case info.Mode().Perm()&0o077 != 0:
		return nil, &OpenKeyError{Path: path, Mode: info.Mode().Perm()}
	}
	data, err := os.ReadFile(path) // #nosec G304 -- whoever starts the server names its key
	if err != nil {
		return nil, fmt.Errorf("reading it: %w", err)
	}
	key, err := gossh.ParsePrivateKey(data)
	if err != nil {
		return nil, fmt.Errorf("reading it: %w", err)
	}
	if public, ok := key.PublicKey().(gossh.CryptoPublicKey); ok {
		if r, ok := public.CryptoPublicKey().(*rsa.PublicKey); ok && r.N.BitLen() < minHostRSABits {
			return nil, fmt.Errorf("it has %d bits, and RSA needs %d", r.N.BitLen(), minHostRSABits)
		}
	}
	return key, nil
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
