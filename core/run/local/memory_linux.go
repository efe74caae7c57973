package local

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// mostOf is the most memory that a process which has ended used, or one that it waited for, in MiB.
func mostOf(ended *os.ProcessState) int {
	use, ok := ended.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return int(use.Maxrss >> 10) // in KiB
}

// roughly is by how many MiB the system may be wrong: it counts what is used on each processor and seldom adds it up.
const roughly = 4

// ownMost is the most memory that this program has used, in MiB, which the system counts to what it starts.
func ownMost() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, most, _ := bytes.Cut(status, []byte("\nVmHWM:"))
	fields := bytes.Fields(most)
	if len(fields) == 0 {
		return 0
	}
	kib, err := strconv.Atoi(string(fields[0]))
	if err != nil {
		return 0
	}
	return kib>>10 + roughly
}
