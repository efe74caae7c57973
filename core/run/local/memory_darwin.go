package local

import (
	"os"
	"syscall"
)

// mostOf is the most memory that a process which has ended used, or one that it waited for, in MiB.
func mostOf(ended *os.ProcessState) int {
	use, ok := ended.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return int(use.Maxrss >> 20) // in bytes
}

// ownMost is nothing: the system does not count what this program uses to what it starts.
func ownMost() int { return 0 }
