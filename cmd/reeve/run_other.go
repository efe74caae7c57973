//go:build !unix

package main

import (
	"os"
	"syscall"
)

// passedOn are the signals that a run passes on.
func passedOn() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }

func numberOf(s os.Signal) int {
	n, _ := s.(syscall.Signal)
	return int(n)
}
