package main

import (
	"time"

	"github.com/spf13/cobra"

	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// lasting are the flags of what is granted: until when, and that to lose rights of one's own is meant.
type lasting struct {
	until   string
	ownLoss bool
}

func (c *cli) untilFlag(cmd *cobra.Command, l *lasting) {
	cmd.Flags().StringVar(&l.until, "until", "", c.p.Text("cli.flag.until"))
}

func (c *cli) ownLossFlag(cmd *cobra.Command, meant *bool) {
	cmd.Flags().BoolVar(meant, "own-loss", false, c.p.Text("cli.flag.own_loss"))
}

// end is when what is granted ends; zero is never. Whether it lies in the future is for the areas to say.
func (l lasting) end(now time.Time) (time.Time, error) {
	if l.until == "" {
		return time.Time{}, nil
	}
	at, ok := text.ParseEnd(l.until, now)
	if !ok {
		return at, fault.OneField("until", "cli.until.time", message.Args{"Value": l.until})
	}
	return at, nil
}
