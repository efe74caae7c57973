//go:build !linux && !darwin

package local

import "os"

// mostOf is nothing: the system does not say here what memory a process used that has ended, or each in a unit of its own.
func mostOf(*os.ProcessState) int { return 0 }

// ownMost is nothing, as mostOf is.
func ownMost() int { return 0 }
