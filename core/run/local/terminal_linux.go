package local

import (
	"io"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// terminal is the descriptor of the terminal that this program was started at, if the command reads it; none if it does not.
type terminal int

// none is no terminal.
const none terminal = -1

// terminalOf is the terminal that a command reads. This program may be behind it now and be given it later, as by fg of a shell.
func terminalOf(in io.Reader) terminal {
	file, ok := in.(*os.File)
	if !ok {
		return none
	}
	tty := terminal(file.Fd()) // #nosec G115 -- descriptors are small
	if _, err := tty.holder(); err != nil {
		return none
	}
	return tty
}

// holder is the process group that has the terminal.
func (t terminal) holder() (group int, err error) { return unix.IoctlGetInt(int(t), unix.TIOCGPGRP) }

// held says whether a process group has the terminal.
func (t terminal) held(group int) bool {
	holder, err := t.holder()
	return t != none && err == nil && holder == group
}

// pass gives the terminal to a process group if another one has it: what somebody else was given meanwhile stays theirs.
func (t terminal) pass(from, to int) {
	if !t.held(from) {
		return
	}
	signal.Ignore(syscall.SIGTTOU)
	_ = unix.IoctlSetPointerInt(int(t), unix.TIOCSPGRP, to)
	signal.Reset(syscall.SIGTTOU)
}
