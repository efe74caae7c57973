package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"reeve/core/fault"
	"reeve/core/message"
)

// here refuses to touch a file for somebody who is not on this machine: it would be read and written as whoever runs the
// server. What they have comes and goes through the connection.
func (c *cli) here(field, path string) error {
	if c.env.Remote == nil {
		return nil
	}
	return fault.OneField(field, "cli.remote.file", message.Args{"Path": path})
}

// newFile makes a file, never over one that is there, for its owner alone.
func (c *cli) newFile(field, path string) (*os.File, error) {
	if err := c.here(field, path); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // #nosec G304 -- the path is the person's choice
}

// fileFlag adds -f, which names the file that a document is read from, or - for stdin.
func (c *cli) fileFlag(cmd *cobra.Command, path *string, needed bool) {
	cmd.Flags().StringVarP(path, "file", "f", "", c.p.Text("cli.flag.file"))
	if needed {
		c.need(cmd, "file", "FILE")
	}
}

// fileLimit bounds, in bytes, what is read with -f.
const fileLimit = 16 << 20

// planLimit bounds, in bytes, documents of whole tenants and their plans. To plan 32 MiB takes half a minute and 2 GiB of memory.
const planLimit = 128 << 20

// openFile opens the file of that name, or stdin for -.
func (c *cli) openFile(path string) (io.ReadCloser, error) {
	if path == "-" {
		if c.env.Remote.typed() { // which has no key that ends the input
			return nil, &usageFault{what: message.Text{ID: "cli.remote.typed"}, next: message.Text{ID: "cli.remote.typed.next"}}
		}
		return io.NopCloser(c.in), nil
	}
	if err := c.here("file", path); err != nil {
		return nil, err
	}
	f, err := os.Open(path) // #nosec G304 -- the file that the person names
	if err != nil {
		return nil, fault.OneField("file", "cli.file.cannot", message.Args{"Evidence": err.Error()})
	}
	return f, nil
}

// readFile reads what -f names.
func (c *cli) readFile(path string) ([]byte, error) { return c.readUpTo(path, fileLimit) }

// readPlanned reads a document to plan, or a plan. From elsewhere no more comes than with all commands: the memory that a longer one takes
// is that of whoever runs the server.
func (c *cli) readPlanned(path string) ([]byte, error) {
	if c.env.Remote != nil {
		return c.readFile(path)
	}
	return c.readUpTo(path, planLimit)
}

func (c *cli) readUpTo(path string, limit int64) ([]byte, error) {
	from, err := c.openFile(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = from.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(from, limit+1))
	if err != nil {
		return nil, fault.OneField("file", "cli.file.cannot", message.Args{"Evidence": err.Error()})
	}
	if int64(len(data)) > limit {
		return nil, fault.OneField("file", "cli.file.large", message.Args{"Path": path, "Limit": limit >> 20})
	}
	return data, nil
}

// readTyped reads the file of a path typed in the console, where ~ is the home of whoever runs it and stdin is the keyboard.
func (c *cli) readTyped(path string) ([]byte, error) {
	if rest, home := strings.CutPrefix(path, "~/"); home {
		path = filepath.Join(c.env.Get("HOME"), rest)
	}
	if path == "-" {
		path = "./-"
	}
	return c.readFile(path)
}

// replaceable refuses to write a file where something else stands: what is no file, or a file that is not ours to replace. Of one that is
// longer than any of ours only the beginning is looked at.
func (c *cli) replaceable(field, path string, ours func([]byte) bool) error {
	if err := c.here(field, path); err != nil {
		return err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return cannotWrite(field, err)
	case !info.Mode().IsRegular():
		return fault.OneField(field, "cli.file.other", message.Args{"Path": path})
	}
	file, err := os.Open(path) // #nosec G304 -- the path is the person's choice
	if err != nil {
		return cannotWrite(field, err)
	}
	defer func() { _ = file.Close() }() // it was only read
	there, err := io.ReadAll(io.LimitReader(file, planLimit))
	if err != nil {
		return cannotWrite(field, err)
	}
	if !ours(there) {
		return fault.OneField(field, "cli.file.other", message.Args{"Path": path})
	}
	return nil
}

// replace writes a file whole or not at all, for its owner alone, where it is replaceable.
func (c *cli) replace(field, path string, ours func([]byte) bool, write func(io.Writer) error) (err error) {
	if err := c.replaceable(field, path, ours); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".reeve-*")
	if err != nil {
		return cannotWrite(field, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	if err := errors.Join(write(file), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return cannotWrite(field, err)
	}
	return nil
}

func cannotWrite(field string, err error) error {
	return fault.OneField(field, "cli.file.cannot_write", message.Args{"Evidence": err.Error()})
}
