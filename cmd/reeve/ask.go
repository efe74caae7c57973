package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"reeve/core/message"
)

// ask prints a question and reads one line. The question goes to stderr, because stdout is for the answer.
func (c *cli) ask(question message.Text) (string, error) {
	if _, err := fmt.Fprint(c.err, c.say(question)+" "); err != nil {
		return "", fmt.Errorf("asking: %w", err)
	}
	line, err := bufio.NewReader(c.in).ReadString('\n')
	if err != nil && err != io.EOF { //nolint:errorlint // readers return io.EOF as it is
		return "", fmt.Errorf("reading the answer: %w", err)
	}
	return strings.TrimSpace(line), nil
}
