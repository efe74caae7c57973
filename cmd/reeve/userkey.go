package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/directory"
	"reeve/core/message"
)

var keyColumns = []string{"type", "fingerprint", "comment", "added_at", "added_by"}

func keyRecord(k directory.Key) record {
	return record{{"type", k.Type}, {"key", k.Key}, {"fingerprint", k.Fingerprint}, {"comment", k.Comment}, {"added_at", k.AddedAt}, {"added_by", k.AddedBy}}
}

func keySample() record { return keyRecord(directory.Key{}) }

func (c *cli) userKeyList() *cobra.Command {
	return c.act(action.UserKeyList, "NAME", []record{keySample()}, func(ctx context.Context, s *system, args []string) (answer, error) {
		keys, err := s.users.KeysOf(ctx, args[0])
		return answer{value: records(keys, keyRecord), columns: keyColumns}, err
	})
}

func (c *cli) userKeyAdd() *cobra.Command {
	var path, line string
	var cmd *cobra.Command
	cmd = c.act(action.UserKeyAdd, "NAME [FILE]", []record{keySample()}, func(ctx context.Context, s *system, args []string) (answer, error) {
		if len(args) > 1 && path == "" {
			path = args[1]
		} else if len(args) > 1 {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.user.key.which"})
		}
		if (path == "") == (line == "") {
			return answer{}, c.usage(cmd, message.Text{ID: "cli.user.key.which"})
		}
		if path != "" {
			data, err := c.readFile(path)
			if err != nil {
				return answer{}, err
			}
			line = string(data)
		}
		keys, err := s.users.AddKeys(ctx, args[0], line)
		return answer{value: records(keys, keyRecord), note: message.Text{ID: "cli.user.key.added", Args: message.Args{
			"Name": args[0], "Count": len(keys), "Fingerprints": joinNames(keys, func(k directory.Key) string { return k.Fingerprint })}}}, err
	})
	c.fileFlag(cmd, &path, false)
	cmd.Flags().StringVar(&line, "key", "", c.p.Text("cli.user.key.key"))
	return cmd
}

func keyLineRecord(l directory.KeyLine, why string) record {
	return record{{"line", l.Line}, {"result", string(l.Result)}, {"type", l.Key.Type}, {"fingerprint", l.Key.Fingerprint}, {"comment", l.Key.Comment}, {"reason", why}}
}

// why says why a line is rejected; nothing for one that is not.
func (c *cli) why(l directory.KeyLine) string {
	if l.Why.ID == "" {
		return ""
	}
	return c.say(l.Why)
}

// keyLines are the lines of a file as a table for people.
func (c *cli) keyLines(lines []directory.KeyLine) []string {
	grid := [][]string{{c.heading("line"), c.heading("result"), c.heading("fingerprint"), c.heading("comment"), c.heading("reason")}}
	for _, l := range lines {
		grid = append(grid, []string{fmt.Sprint(l.Line), c.p.Text("import.result." + string(l.Result)), cell(l.Key.Fingerprint), cell(l.Key.Comment), c.why(l)})
	}
	return align(grid)
}

func (c *cli) userKeyImport() *cobra.Command {
	var dryRun bool
	cmd := c.act(action.UserKeyImport, "NAME FILE", []record{keyLineRecord(directory.KeyLine{}, "")}, func(ctx context.Context, s *system, args []string) (answer, error) {
		data, err := c.readFile(args[1])
		if err != nil {
			return answer{}, err
		}
		does, id := s.users.ImportKeys, "cli.user.key.imported"
		if dryRun {
			does, id = s.users.CompareKeys, "cli.user.key.would_import"
		}
		lines, err := does(ctx, args[0], string(data))
		if err != nil {
			return answer{}, err
		}
		count := map[directory.KeyResult]int{}
		for _, l := range lines {
			count[l.Result]++
		}
		a := answer{value: records(lines, func(l directory.KeyLine) record { return keyLineRecord(l, c.why(l)) }), lines: append(c.keyLines(lines), "",
			c.p.With(id, message.Args{"Name": args[0], "Added": count[directory.KeyAdded], "Same": count[directory.KeySame], "Rejected": count[directory.KeyRejected]}))}
		if count[directory.KeyRejected] > 0 {
			a.code = exitFailed
		}
		return a, nil
	})
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, c.p.Text("cli.user.key.dry_run"))
	return cmd
}

func (c *cli) userKeyRemove() *cobra.Command {
	return c.act(action.UserKeyRemove, "NAME FINGERPRINT", keySample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		k, err := s.users.RemoveKey(ctx, args[0], args[1])
		return answer{value: keyRecord(k), note: message.Text{ID: "cli.user.key.removed", Args: message.Args{"Name": args[0], "Fingerprint": k.Fingerprint}}}, err
	})
}
