package main

import (
	"context"

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
	cmd = c.act(action.UserKeyAdd, "NAME", []record{keySample()}, func(ctx context.Context, s *system, args []string) (answer, error) {
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

func (c *cli) userKeyRemove() *cobra.Command {
	return c.act(action.UserKeyRemove, "NAME FINGERPRINT", keySample(), func(ctx context.Context, s *system, args []string) (answer, error) {
		k, err := s.users.RemoveKey(ctx, args[0], args[1])
		return answer{value: keyRecord(k), note: message.Text{ID: "cli.user.key.removed", Args: message.Args{"Name": args[0], "Fingerprint": k.Fingerprint}}}, err
	})
}
