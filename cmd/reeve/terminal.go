package main

import (
	"strings"

	"reeve/core/message"
	"reeve/tui/route"
)

// unicode reports whether the locale of the environment writes UTF-8, looked up as C libraries do. An environment that says
// nothing about it says nothing against it either: most of those (containers, remote sessions) end in a terminal that does.
func (e environ) unicode() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		locale := e.Get(name)
		if locale == "" {
			continue
		}
		locale, _, _ = strings.Cut(locale, "@")
		_, charset, _ := strings.Cut(locale, ".")
		return strings.ReplaceAll(strings.ToLower(charset), "-", "") == "utf8"
	}
	return true
}

// dumb reports whether the terminal says of itself that it cannot move a cursor.
func (e environ) dumb() bool { return e.Get("TERM") == "dumb" }

// mayOpenConsole says why the console cannot be opened here, if it cannot.
func (c *cli) mayOpenConsole() error {
	switch {
	case c.flags.output != formTable:
		return c.noRecords("cli.usage.output.console")
	case c.env.Remote != nil && !c.env.Remote.session.Terminal():
		return &usageFault{what: message.Text{ID: "cli.remote.no_terminal"}, next: message.Text{ID: "cli.remote.no_terminal.next"}}
	case c.env.Remote == nil && (!c.env.Terminal(c.in) || !c.env.Terminal(c.out)):
		return &usageFault{what: message.Text{ID: "cli.no_terminal"}, next: message.Text{ID: "cli.no_terminal.next"}}
	case c.env.Remote != nil && c.env.dumb():
		return &usageFault{what: message.Text{ID: "cli.dumb_terminal"}, next: message.Text{ID: "cli.remote.dumb_terminal.next"}}
	case c.env.dumb():
		return &usageFault{what: message.Text{ID: "cli.dumb_terminal"}, next: message.Text{ID: "cli.dumb_terminal.next"}}
	}
	return nil
}

// noRecords refuses an output form where screens are shown and no records are printed.
func (c *cli) noRecords(id string) error {
	return &usageFault{what: message.Text{ID: id, Args: message.Args{"Form": c.flags.output}}}
}

// link reads a link to a place of the console.
func link(s string) (route.Route, error) {
	r, err := route.Parse(s)
	if err != nil {
		return r, &usageFault{what: message.Text{ID: "cli.usage.link", Args: message.Args{"Link": s}}}
	}
	return r, nil
}

// asLink reports whether a word that is no command is meant as a link. Any word could be the name of a region; only those
// that are one are, so that a mistyped command is told as such.
func (c *cli) asLink(s string) bool {
	r, err := route.Parse(s)
	if err != nil {
		return false
	}
	if r.Kind != route.Workspaces || strings.Contains(s, "/") {
		return true
	}
	catalogues, err := c.catalogues()
	return err == nil && catalogues.findRegion(r.Region) == nil
}
