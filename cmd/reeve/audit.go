package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/audit"
	"reeve/core/audit/chain"
	"reeve/core/fault"
	"reeve/core/list"
	"reeve/core/message"
	"reeve/core/text"
	"reeve/storage"
)

func (c *cli) auditCommands() *cobra.Command {
	return c.group("audit", c.p.Text("cli.group.audit"), c.auditList(), c.auditShow(), c.auditVerify(), c.auditExport(), c.auditCheckpoint())
}

func entryRecord(e chain.Entry) record {
	return record{
		{"id", e.Seq}, {"at", e.At}, {"actor_id", e.ActorID}, {"actor", e.Actor}, {"face", e.Face}, {"address", e.Address},
		{"session", e.Session}, {"request", e.Request}, {"action", e.Action}, {"outcome", string(e.Outcome)}, {"region", e.Region},
		{"workspace_id", e.WorkspaceID}, {"workspace", e.Workspace}, {"target_kind", e.Kind}, {"target", e.Target},
		{"before", document(e.Before)}, {"after", document(e.After)}, {"prev", hex.EncodeToString(e.Prev)}, {"hash", hex.EncodeToString(e.Hash)},
	}
}

// document is a record of the log as JSON; what somebody made no JSON of is shown as text.
func document(data json.RawMessage) any {
	if len(data) > 0 && !json.Valid(data) {
		return string(data)
	}
	return data
}

// search are the flags that narrow the log.
type search struct {
	who, what, where, since, until, filter string
}

func (c *cli) searchFlags(cmd *cobra.Command, f *search) {
	cmd.Flags().StringVar(&f.who, "who", "", c.p.Text("cli.audit.who"))
	cmd.Flags().StringVar(&f.what, "what", "", c.p.Text("cli.audit.what"))
	cmd.Flags().StringVar(&f.where, "where", "", c.p.Text("cli.audit.where"))
	cmd.Flags().StringVar(&f.since, "since", "", c.p.Text("cli.audit.since"))
	cmd.Flags().StringVar(&f.until, "until", "", c.p.Text("cli.audit.until"))
	c.filterFlag(cmd, &f.filter, "who", "what", "where")
}

// query turns the flags into a search, telling every time that cannot be read.
func (f search) query(c *cli) (audit.Search, error) {
	q := audit.Search{Who: f.who, What: f.what, Where: f.where, Query: list.Query{Filter: list.ParseFilter(f.filter)}}
	var bad []fault.Field
	now := c.env.Now()
	read := func(name, value string) time.Time {
		if value == "" {
			return time.Time{}
		}
		at, ok := parseTime(value, now)
		if !ok {
			bad = append(bad, fault.Field{Name: name, Text: message.Text{ID: "cli.audit.time", Args: message.Args{"Value": value}}})
		}
		return at
	}
	q.Since, q.Until = read("since", f.since), read("until", f.until)
	if len(bad) == 0 && !q.Since.IsZero() && !q.Until.IsZero() && !q.Since.Before(q.Until) {
		bad = append(bad, fault.Field{Name: "since", Text: message.Text{ID: "cli.audit.reversed", Args: message.Args{"Since": f.since, "Until": f.until}}})
	}
	if len(bad) > 0 {
		return q, &fault.Invalid{Fields: bad}
	}
	return q, nil
}

// nothingCalled is what a search for what that found nothing says if no act is called so either: then the word is more
// likely mistyped than that nobody ever did it.
func (f search) nothingCalled(c *cli) error {
	if f.what == "" {
		return nil
	}
	var ids []string
	for _, a := range c.acts.All() {
		ids = append(ids, string(a.ID))
		if strings.Contains(string(a.ID), text.Fold(f.what)) {
			return nil
		}
	}
	return fault.OneField("what", "cli.audit.what.unknown", message.Args{"What": f.what, "Nearest": strings.Join(text.Nearest(f.what, ids, nearestActs), ", ")})
}

// nearestActs bounds the acts that are named for one that is not there.
const nearestActs = 3

// parseTime reads a time (RFC 3339), a day in local time, or how long ago: 30m, 2h, 7d, 2w.
func parseTime(s string, now time.Time) (time.Time, bool) {
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at, true
	}
	if at, err := time.ParseInLocation(time.DateOnly, s, now.Location()); err == nil {
		return at, true
	}
	if s == "" {
		return time.Time{}, false
	}
	if n, err := strconv.Atoi(s[:len(s)-1]); err == nil && n >= 0 {
		switch s[len(s)-1] {
		case 'd':
			return now.AddDate(0, 0, -n), true
		case 'w':
			return now.AddDate(0, 0, -7*n), true
		}
	}
	ago, err := time.ParseDuration(s)
	return now.Add(-ago), err == nil && ago >= 0
}

// auditLimit is how many entries a list shows unless told otherwise.
const auditLimit = 50

func (c *cli) auditList() *cobra.Command {
	var f search
	limit := rowLimit(auditLimit)
	var after int64
	cmd := c.act(action.AuditList, "", []record{entryRecord(chain.Entry{})}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		q, err := f.query(c)
		if err != nil {
			return answer{}, err
		}
		var from *list.Key
		if after > 0 {
			from = &list.Key{Value: after, ID: after}
		}
		entries, err := walk(listing{filter: f.filter, limit: limit}, func(page list.Query) (list.Page[chain.Entry], error) {
			if page.From == nil {
				page.From = from
			}
			q.Query = page
			return s.audit.List(ctx, q)
		})
		if err == nil && len(entries) == 0 {
			err = f.nothingCalled(c)
		}
		return answer{value: records(entries, entryRecord), columns: []string{"id", "at", "actor", "action", "outcome", "region", "workspace", "target"}}, err
	})
	c.searchFlags(cmd, &f)
	cmd.Flags().Var(&limit, "limit", c.p.Text("cli.audit.limit"))
	cmd.Flags().Int64Var(&after, "after", 0, c.p.Text("cli.audit.after"))
	return cmd
}

func (c *cli) auditShow() *cobra.Command {
	return c.act(action.AuditShow, "ID", entryRecord(chain.Entry{}), func(ctx context.Context, s *system, args []string) (answer, error) {
		seq, err := strconv.ParseInt(args[0], 10, 64)
		if err != nil {
			return answer{}, &fault.NotFound{What: "audit_entry", Name: args[0]}
		}
		e, err := s.audit.Show(ctx, seq)
		if err != nil {
			return answer{}, err
		}
		return answer{value: entryRecord(e), lines: c.entryLines(e)}, nil
	})
}

// entryLines shows an entry with what it changed.
func (c *cli) entryLines(e chain.Entry) []string {
	var head record
	for _, f := range entryRecord(e) {
		if f.Key != "before" && f.Key != "after" && cell(f.Value) != "" {
			head = append(head, f)
		}
	}
	lines := c.card(head)
	if changes := difference(e.Before, e.After); len(changes) > 0 {
		lines = append(lines, "")
		lines = append(lines, align(append([][]string{{c.heading("field"), c.heading("before"), c.heading("after")}}, changes...))...)
	}
	return lines
}

func reportRecord(r chain.Report, found []record, unchecked, notes []string) record {
	var known, file any
	if r.Checkpoint != nil {
		known, file = r.Checkpoint.Seq, r.Source
	}
	return record{{"ok", r.OK()}, {"entries", r.Entries}, {"checkpoint", known}, {"checkpoint_file", file},
		{"unchecked", unchecked}, {"notes", notes}, {"findings", found}}
}

// reportLines says the verdict, what was found, and what the log was held against: a verdict is worth no more than that.
func (c *cli) reportLines(r chain.Report, found []record, unchecked, notes []string) []string {
	verdict := "cli.audit.sound"
	switch {
	case len(found) > 0:
		verdict = "cli.audit.broken"
	case len(unchecked) > 0:
		verdict = "cli.audit.unchecked"
	}
	lines := []string{c.p.With(verdict, message.Args{"Count": r.Entries})}
	for _, f := range found {
		lines = append(lines, "  "+cell(f.get("message")))
	}
	for _, u := range unchecked {
		lines = append(lines, "  "+u)
	}
	for _, n := range notes {
		lines = append(lines, "  "+n)
	}
	if r.Checkpoint != nil {
		return append(lines, c.p.With("cli.audit.held", message.Args{"Path": r.Source, "Seq": r.Checkpoint.Seq}))
	}
	return append(lines, c.p.Text("fault.audit.checkpoint.next"))
}

// sentences are texts in words, never nil: JSON has an empty list then, not null.
func (c *cli) sentences(texts []message.Text) []string {
	said := make([]string, len(texts))
	for i, t := range texts {
		said[i] = c.say(t)
	}
	return said
}

func (c *cli) auditVerify() *cobra.Command {
	var path string
	sample := reportRecord(chain.Report{}, []record{{{"id", 0}, {"message", ""}}}, []string{}, []string{})
	cmd := c.act(action.AuditVerify, "", sample, func(ctx context.Context, s *system, _ []string) (answer, error) {
		var known *chain.Head
		if path != "" {
			head, err := storage.ReadCheckpoint(path)
			if err != nil {
				return answer{}, fault.OneField("checkpoint", "cli.audit.checkpoint.unreadable", message.Args{"Evidence": err.Error()})
			}
			known = &head
		}
		r, err := s.audit.Verify(ctx, known)
		if err != nil {
			return answer{}, err
		}
		if known != nil {
			r.Source = path
		}
		found := records(r.Findings, func(f chain.Finding) record { return record{{"id", f.Seq}, {"message", c.say(f.What)}} })
		unchecked, notes := c.sentences(r.Unchecked), c.sentences(r.Notes)
		a := answer{value: reportRecord(r, found, unchecked, notes), lines: c.reportLines(r, found, unchecked, notes)}
		if !r.OK() {
			a.code = exitFailed
		}
		return a, nil
	})
	cmd.Flags().StringVar(&path, "checkpoint", "", c.p.Text("cli.audit.checkpoint"))
	return cmd
}

func (c *cli) auditExport() *cobra.Command {
	var f search
	var format, path string
	var cmd *cobra.Command
	cmd = c.act(action.AuditExport, "", describe(entryRecord(chain.Entry{}))+"\\n…", func(ctx context.Context, s *system, _ []string) (a answer, err error) {
		if format != "jsonl" {
			return a, c.usage(cmd, message.Text{ID: "cli.audit.format.unknown", Args: message.Args{"Form": format}})
		}
		q, err := f.query(c)
		if err != nil {
			return a, err
		}
		count, err := c.export(ctx, s, q, path)
		if err != nil {
			return a, err
		}
		if path == "" {
			return answer{silent: true}, nil
		}
		return answer{value: record{{"file", path}, {"entries", count}},
			note: message.Text{ID: "cli.audit.exported", Args: message.Args{"Count": count, "Path": path}}}, nil
	})
	c.searchFlags(cmd, &f)
	cmd.Flags().StringVar(&format, "format", "jsonl", c.p.Text("cli.audit.format"))
	cmd.Flags().StringVar(&path, "out", "", c.p.Text("cli.audit.out"))
	return cmd
}

// export writes the entries found, one JSON object a line, to a new file or to stdout, and counts them.
func (c *cli) export(ctx context.Context, s *system, q audit.Search, path string) (count int, err error) {
	target := c.out
	if path != "" {
		file, err := c.newFile("out", path)
		if _, told := errors.AsType[fault.Fault](err); told {
			return 0, err
		}
		if err != nil {
			return 0, fault.OneField("out", "cli.audit.out.cannot", message.Args{"Evidence": err.Error()})
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		target = file
	}
	w := bufio.NewWriter(target)
	err = s.audit.Export(ctx, q, func(e *chain.Entry) error {
		line, err := marshal(entryRecord(*e))
		if err != nil {
			return err
		}
		count++
		_, err = w.Write(append(escapeUnsafe(line, jsonEscape), '\n'))
		return err
	})
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return count, fmt.Errorf("exporting the audit: %w", err)
	}
	return count, nil
}

func headRecord(h chain.Head) record {
	return record{{"seq", h.Seq}, {"hash", hex.EncodeToString(h.Hash)}, {"at", h.At}}
}

func (c *cli) auditCheckpoint() *cobra.Command {
	return c.act(action.AuditCheckpoint, "", headRecord(chain.Head{}), func(ctx context.Context, s *system, _ []string) (answer, error) {
		h, err := s.audit.Checkpoint(ctx)
		if err != nil {
			return answer{}, err
		}
		line, err := storage.FormatCheckpoint(h)
		// The text is the very file that verify reads back, so that printing it into a file is enough.
		return answer{value: headRecord(h), lines: []string{string(line)}}, err
	})
}
