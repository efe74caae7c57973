//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package storage

import (
	"errors"
	"os"
	"syscall"
)

// lock waits until no other process and no other goroutine holds the lock of an existing file. The lock ends with
// unlock, or with the process.
func lock(path string) (unlock func() error, err error) {
	file, err := os.Open(path) // #nosec G304 -- it stands beside the database
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX) // #nosec G115 -- a file descriptor is a small number
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file.Close, nil
}
