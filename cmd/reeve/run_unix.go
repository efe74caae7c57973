//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// passedOn are the signals that a run passes on. One that is ignored, as under nohup, stays so.
func passedOn() []os.Signal {
	var list []os.Signal
	for _, s := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGTSTP, syscall.SIGCONT} {
		if !signal.Ignored(s) {
			list = append(list, s)
		}
	}
	return list
}

func numberOf(s os.Signal) int {
	n, _ := s.(syscall.Signal)
	return int(n)
}
