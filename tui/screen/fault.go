package screen

import (
	"errors"

	"reeve/core/fault"
)

// Fault finds the fault in an error.
func Fault(err error) (fault.Fault, bool) {
	var f fault.Fault
	ok := errors.As(err, &f)
	return f, ok
}
