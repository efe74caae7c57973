package main

import (
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reeve/core/fault"
	"reeve/core/message"
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
	at, ok := parseEnd(l.until, now)
	if !ok {
		return at, fault.OneField("until", "cli.until.time", message.Args{"Value": l.until})
	}
	return at, nil
}

// parseEnd reads when something ends: a time (RFC 3339); a day, which still counts as a whole, in local time; or how long
// from now: 30m, 8h, 90d, 2w.
func parseEnd(s string, now time.Time) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at, true
	}
	if at, err := time.ParseInLocation(time.DateOnly, s, now.Location()); err == nil {
		return at.AddDate(0, 0, 1), true
	}
	if s == "" {
		return time.Time{}, false
	}
	if n, err := strconv.Atoi(s[:len(s)-1]); err == nil && n >= 0 {
		switch s[len(s)-1] {
		case 'd':
			return now.AddDate(0, 0, n), true
		case 'w':
			return now.AddDate(0, 0, 7*n), true
		}
	}
	in, err := time.ParseDuration(s)
	return now.Add(in), err == nil && in >= 0
}
