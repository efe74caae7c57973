package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"reeve/core/message"
)

// help prints what a command is for and how it is called. It is our own because every word of it comes from the messages.
func (c *cli) help(cmd *cobra.Command, _ []string) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n  %s\n", cmd.Short, c.p.Text("cli.help.usage"), c.useLine(cmd))
	if cmd.Long != "" {
		fmt.Fprintf(&b, "\n%s\n", cmd.Long)
	}
	if subs := c.subcommands(cmd); len(subs) > 0 {
		fmt.Fprintf(&b, "\n%s\n%s\n", c.p.Text("cli.help.commands"), strings.Join(align(subs), "\n"))
	}
	if own := flagLines(cmd.NonInheritedFlags(), cmd.HasParent()); len(own) > 0 {
		fmt.Fprintf(&b, "\n%s\n%s\n", c.p.Text("cli.help.flags"), strings.Join(align(own), "\n"))
	}
	if global := flagLines(cmd.InheritedFlags(), true); len(global) > 0 {
		fmt.Fprintf(&b, "\n%s\n%s\n", c.p.Text("cli.help.global"), strings.Join(align(global), "\n"))
	}
	_, _ = io.WriteString(c.out, b.String())
}

func (c *cli) useLine(cmd *cobra.Command) string {
	line := cmd.UseLine()
	if len(c.subcommands(cmd)) > 0 {
		line = cmd.CommandPath() + " " + c.p.Text("cli.help.command")
		if !cmd.HasParent() {
			line = cmd.CommandPath() + " [" + c.p.Text("cli.help.command_or_link") + "]"
		}
	}
	return strings.TrimSuffix(line, " [flags]") + needed(cmd)
}

// needed are the flags without which a command cannot do anything, as its usage line shows them.
func needed(cmd *cobra.Command) string {
	var b strings.Builder
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if _, ok := f.Annotations[annotationNeeded]; ok {
			name := "--" + f.Name
			if f.Shorthand != "" {
				name = "-" + f.Shorthand
			}
			b.WriteString(" " + name + " " + f.Annotations[annotationNeeded][0])
		}
	})
	return b.String()
}

// annotationNeeded marks a flag that must be given; its value is the word that stands for the flag's value.
const annotationNeeded = "reeve_needed"

// need marks a flag as one that must be given.
func (c *cli) need(cmd *cobra.Command, flag, word string) {
	f := cmd.Flags().Lookup(flag)
	f.Annotations = map[string][]string{annotationNeeded: {word}}
	check := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if check != nil {
			if err := check(cmd, args); err != nil {
				return err
			}
		}
		if !cmd.Flags().Changed(flag) {
			return c.usage(cmd, message.Text{ID: "cli.usage.needed", Args: message.Args{"Flag": dashed(flag), "Word": word}})
		}
		return nil
	}
}

func (c *cli) subcommands(cmd *cobra.Command) [][]string {
	var rows [][]string
	for _, sub := range cmd.Commands() {
		if c.there(sub) {
			rows = append(rows, []string{"  " + sub.Name(), sub.Short})
		}
	}
	return rows
}

func flagLines(flags *pflag.FlagSet, withHelp bool) [][]string {
	var rows [][]string
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" && !withHelp {
			return
		}
		name := "      --" + f.Name
		if f.Shorthand != "" {
			name = "  -" + f.Shorthand + ", --" + f.Name
		}
		rows = append(rows, []string{name, f.Usage})
	})
	return rows
}

func (c *cli) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: c.p.Text("cli.help.about"), Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			target, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return c.unknownCommand(target, rest[0])
			}
			return target.Help()
		},
	}
}

func (c *cli) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "completion bash|zsh|fish|powershell", Short: c.p.Text("cli.completion.about"), DisableFlagsInUseLine: true,
		Args: func(cmd *cobra.Command, args []string) error { return c.checkArgs(cmd, "SHELL", args) },
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(c.out, true)
			case "zsh":
				return root.GenZshCompletion(c.out)
			case "fish":
				return root.GenFishCompletion(c.out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(c.out)
			}
			return c.usage(cmd, message.Text{ID: "cli.completion.shell", Args: message.Args{"Shell": args[0]}})
		},
	}
}
