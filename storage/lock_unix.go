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

// hold makes a file and keeps it locked until release, which removes it, or until the process ends.
func hold(path string) (file *os.File, release func() error, err error) {
	unlocked := path + ".new"                                                 // nobody looks at it until it is locked
	file, err = os.OpenFile(unlocked, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) // #nosec G304 -- it stands beside the database
	if err != nil {
		return nil, nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) // #nosec G115 -- a file descriptor is a small number
	if err == nil {
		err = os.Rename(unlocked, path)
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close(), os.Remove(unlocked))
	}
	return file, func() error { return errors.Join(os.Remove(path), file.Close()) }, nil
}

// alive says whether some process holds a file. One that nobody holds was left by a process that was killed, and is removed.
func alive(path string) bool {
	file, err := os.Open(path) // #nosec G304 -- it stands beside the database
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()                                                    // it was only looked at
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); err != nil { // #nosec G115 -- as above
		return true
	}
	_ = os.Remove(path) // if it cannot be removed, it is found dead the next time as well
	return false
}
