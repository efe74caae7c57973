package control

import (
	"errors"

	"reeve/core/access"
	"reeve/core/fault"
)

// ActionNamed finds the operation that a question is about, as access.FindAction does; fault.NotFound with near names otherwise.
func ActionNamed(name, scope string) (string, error) {
	found, err := access.FindAction(name, scope)
	var unknown *access.UnknownError
	if errors.As(err, &unknown) {
		return "", &fault.NotFound{What: "action", Name: name, Nearest: unknown.Nearest}
	}
	return found, err
}
