package screen

import (
	"errors"

	"reeve/core/fault"
)

// Wrong are the fields that an error is about, in the order in which they are said; nil if it is about none.
func Wrong(err error) []fault.Field {
	var invalid *fault.Invalid
	if f, ok := Fault(err); !ok || !errors.As(f, &invalid) {
		return nil
	}
	return invalid.Fields
}

// Fault finds the fault in an error.
func Fault(err error) (fault.Fault, bool) {
	var f fault.Fault
	ok := errors.As(err, &f)
	return f, ok
}
