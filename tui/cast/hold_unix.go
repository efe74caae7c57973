//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package cast

import (
	"os"
	"syscall"
)

// hold locks a file until it is closed or the process ends; false if somebody else has it.
func hold(file *os.File) bool {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil // #nosec G115 -- a file descriptor is a small number
}
