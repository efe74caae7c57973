//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package storage

import (
	"errors"
	"os"
)

// lock does nothing where files cannot be locked this way. Two processes may then keep their heads at the same moment,
// and the older of the two may stay until the next act; that is behind the log, which verifying allows.
func lock(string) (unlock func() error, err error) {
	return func() error { return nil }, nil
}

// hold keeps a file that says that the process lives, until release. A process that is killed leaves it there.
func hold(path string) (file *os.File, release func() error, err error) {
	file, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // #nosec G304 -- it stands beside the database
	if err != nil {
		return nil, nil, err
	}
	return file, func() error { return errors.Join(file.Close(), os.Remove(path)) }, nil
}

// alive says whether the file is there.
func alive(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
