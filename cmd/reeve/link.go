package main

import (
	"context"
	"os/exec"
	"runtime"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"reeve/core/action"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/workspace"
)

func linkRecord(l workspace.Link) record { return record{{"module", l.Module}, {"url", l.URL}} }

func (c *cli) tenantLinks() *cobra.Command {
	return c.act(action.TenantLinks, "", []record{linkRecord(workspace.Link{})}, func(ctx context.Context, s *system, _ []string) (answer, error) {
		links, err := s.workspaces.Links(ctx)
		return answer{value: records(links, linkRecord)}, err
	})
}

func (c *cli) tenantSetLink() *cobra.Command {
	return c.act(action.TenantSetLink, "MODULE URL", linkRecord(workspace.Link{}), func(ctx context.Context, s *system, args []string) (answer, error) {
		l, err := s.workspaces.SetLink(ctx, args[0], args[1])
		return answer{value: linkRecord(l), note: message.Text{ID: "cli.link.set", Args: message.Args{"Module": l.Module, "URL": l.URL}}}, err
	})
}

func (c *cli) tenantRemoveLink() *cobra.Command {
	return c.act(action.TenantRemoveLink, "MODULE", linkRecord(workspace.Link{}), func(ctx context.Context, s *system, args []string) (answer, error) {
		l, err := s.workspaces.RemoveLink(ctx, args[0])
		return answer{value: linkRecord(l), note: message.Text{ID: "cli.link.removed", Args: message.Args{"Module": l.Module}}}, err
	})
}

func (c *cli) workspaceGoTo() *cobra.Command {
	var open, copied bool
	cmd := c.act(action.WorkspaceGoTo, "NAME [MODULE]", []record{linkRecord(workspace.Link{})}, func(ctx context.Context, s *system, args []string) (answer, error) {
		ref, err := c.entered(ctx, s, args[0])
		if err != nil {
			return answer{}, err
		}
		module := ""
		if len(args) > 1 {
			module = args[1]
		}
		links, err := s.workspaces.GoTo(ctx, ref, module)
		if err != nil {
			return answer{}, err
		}
		a := answer{value: records(links, linkRecord)}
		if len(links) != 1 {
			return a, nil
		}
		a.lines = []string{links[0].URL}
		if copied && c.env.Terminal(c.err) {
			// The terminal takes the text over; what goes to stdout stays as it is.
			if _, err := c.err.Write([]byte(ansi.SetSystemClipboard(links[0].URL))); err != nil {
				return a, err
			}
		}
		if open {
			return a, c.env.Browse(ctx, links[0].URL)
		}
		return a, nil
	})
	cmd.Flags().BoolVar(&open, "open", false, c.p.Text("cli.link.open"))
	cmd.Flags().BoolVar(&copied, "copy", false, c.p.Text("cli.link.copy"))
	return cmd
}

// browse opens an address, which has been checked to be one of the web, with what this machine opens such addresses with.
func browse(ctx context.Context, url string) error {
	opener := "xdg-open"
	if runtime.GOOS == "darwin" {
		opener = "open"
	}
	if err := exec.CommandContext(ctx, opener, url).Run(); err != nil { // #nosec G204 G702 -- one argument, and no shell
		return &fault.Unavailable{What: message.Text{ID: "cli.link.not_opened", Args: message.Args{"Program": opener}}, Evidence: err.Error(),
			Way: message.Text{ID: "cli.link.not_opened.next"}, Err: err}
	}
	return nil
}
