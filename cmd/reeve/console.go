package main

import (
	"context"

	"reeve/core/fault"
	"reeve/core/message"
)

// runConsole opens the console at a place; an empty route is its start.
func runConsole(_ context.Context, _ *system, _ string) error {
	return &fault.Refused{Reason: message.Text{ID: "cli.console.missing"}}
}
