package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/question"
)

// item is one question of a batch, as its line says it. The keys are those of the flags of `access check`.
type item struct {
	User          string `json:"user"`
	Workspace     string `json:"workspace"`
	Region        string `json:"region"`
	Module        string `json:"module"`
	Level         string `json:"level"`
	Capability    string `json:"capability"`
	Action        string `json:"action"`
	Resource      string `json:"resource"`
	WorkspaceName string `json:"workspace_name"`
	Scope         string `json:"scope"`
}

func (i item) subject() subject {
	return subject{user: i.User, workspace: i.Workspace, region: i.Region, module: i.Module, level: i.Level, capability: i.Capability,
		action: i.Action, resource: i.Resource, workspaceName: i.WorkspaceName, scope: i.Scope}
}

// parseItem reads one line; a key that no question has is a mistake and not left out.
func parseItem(line []byte) (item, error) {
	var i item
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&i); err != nil {
		return i, fault.OneField("line", "cli.access.batch.line", message.Args{"Evidence": err.Error()})
	}
	if _, err := dec.Token(); err != io.EOF { //nolint:errorlint // decoders return io.EOF as it is
		return i, fault.OneField("line", "cli.access.batch.more", nil)
	}
	if i.User == "" {
		return i, fault.OneField("user", "fault.text.empty", nil)
	}
	return i, nil
}

func (c *cli) itemRecord(a question.Item) record {
	if a.Err != nil {
		t := c.tell(a.Err)
		return record{{"decision", false}, {"revision", nil}, {"because", []record{}}, {"error", record{{"kind", string(t.kind)}, {"message", t.message}, {"next", t.next}}}}
	}
	return append(decisionRecord(a.Answer), field{"error", nil})
}

func (c *cli) accessBatch() *cobra.Command {
	var path string
	sample := append(decisionRecord(answerSample()), field{"error", record{{"kind", ""}, {"message", ""}, {"next", ""}}})
	cmd := c.act(action.AccessBatch, "", []record{sample}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		data, err := c.readFile(path)
		if err != nil {
			return answer{}, err
		}
		lines := nonEmpty(data)
		items, err := c.askAll(ctx, s, lines)
		if err != nil {
			return answer{}, err
		}
		return answer{value: records(items, c.itemRecord), lines: c.itemLines(lines, items)}, nil
	})
	c.fileFlag(cmd, &path, true)
	return cmd
}

// nonEmpty are the lines that say anything.
func nonEmpty(data []byte) [][]byte {
	var lines [][]byte
	for line := range bytes.Lines(data) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

// askAll answers every line, in order; a line that is no question is answered with what is wrong with it.
func (c *cli) askAll(ctx context.Context, s *system, lines [][]byte) ([]question.Item, error) {
	answers := make([]question.Item, len(lines))
	var subjects []question.Subject
	var at []int
	for n, line := range lines {
		q, err := parseItem(line)
		var asked question.Subject
		if err == nil {
			asked, err = c.read(ctx, s, q.subject())
		}
		if err != nil {
			answers[n].Err = err
			continue
		}
		subjects, at = append(subjects, asked), append(at, n)
	}
	got, err := s.questions.Batch(ctx, subjects)
	if err != nil {
		return nil, err
	}
	for i, n := range at {
		answers[n] = got[i]
	}
	return answers, nil
}

// itemLines are the answers beside what was asked.
func (c *cli) itemLines(lines [][]byte, items []question.Item) []string {
	if len(items) == 0 {
		return []string{c.p.Text("cli.nothing")}
	}
	grid := make([][]string, len(items))
	for i, a := range items {
		said := c.p.Text("cli.access.denied")
		switch {
		case a.Err != nil:
			said += ": " + c.tell(a.Err).message
		case a.Answer.Allowed:
			said = c.p.Text("cli.access.allowed")
		}
		grid[i] = []string{fmt.Sprint(i + 1), string(lines[i]), said}
	}
	return align(grid)
}
