package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by the linker (-X main.version=v1.2.3) in released builds.
var version string

func (c *cli) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: c.p.Text("cli.version.about"), DisableFlagsInUseLine: true,
		Args:        func(cmd *cobra.Command, args []string) error { return c.checkArgs(cmd, "", args) },
		Annotations: map[string]string{annotationJSON: describe(versionRecord())},
		RunE:        func(*cobra.Command, []string) error { return c.printVersion() },
	}
}

func (c *cli) printVersion() error {
	v := versionRecord()
	return c.print(answer{value: v, lines: []string{fmt.Sprintf("%s %s (%s, %s/%s)",
		program, v.get("version"), v.get("go"), v.get("os"), v.get("arch"))}})
}

func versionRecord() record {
	v, commit := version, ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if v == "" {
			v = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	if v == "" {
		v = "(devel)"
	}
	return record{{"version", v}, {"commit", commit}, {"go", runtime.Version()}, {"os", runtime.GOOS}, {"arch", runtime.GOARCH}}
}
