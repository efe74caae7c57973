package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"reeve/core/action"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
	"reeve/storage"
	"reeve/tui/theme"
)

// program is the name people type.
const program = "reeve"

// cli is one run of the program.
type cli struct {
	in       io.Reader
	out, err io.Writer
	env      environ
	p        *message.Printer
	messages *message.Catalogue
	acts     *action.Catalogue
	flags    globals
	look     look
	// asked is the form of output that the command line asks for, known even if the rest of it cannot be parsed.
	asked string
	code  int
	// records takes what a server says beside its log, where that is for programs; nil otherwise.
	records *slog.Logger
	// then is done when the command line is understood. The commands are many hundred kilobytes, which a console that stands open for a
	// day, and on a server two hundred of them, would hold; by then they are let go.
	then func() error
	// detailed says that the exit code 2 is taken by an answer, known even if the rest of the command line cannot be parsed.
	detailed bool
}

// globals are the flags that every command has.
type globals struct {
	db, as, region, lang, output, request string
	readOnly, yes                         bool
	// all shows every single change of a preview.
	all bool
	// onlyRoles are the workspace roles that the session is narrowed to; none for all that one has.
	onlyRoles []string
}

func newCLI(args []string, stdin io.Reader, stdout, stderr io.Writer, env environ) (*cli, error) {
	messages, err := env.Messages()
	if err != nil {
		return nil, err
	}
	acts, err := env.acts()
	if err != nil {
		return nil, err
	}
	lang := peek(args, "--lang")
	if lang == "" {
		lang = env.language()
	}
	c := &cli{in: stdin, out: stdout, err: stderr, env: env, p: messages.Printer(lang), messages: messages, acts: acts, asked: peek(args, "-o", "--output"),
		detailed: slices.Contains(args, "--"+flagDetailed)}
	return c, nil
}

// root builds the tree of commands.
func (c *cli) root() *cobra.Command {
	var showVersion bool
	root := &cobra.Command{
		Use: program, Short: c.p.Text("cli.about"), Args: cobra.ArbitraryArgs,
		SilenceErrors: true, SilenceUsage: true, DisableSuggestions: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if showVersion {
				return c.printVersion()
			}
			if len(args) == 0 {
				return c.console(cmd.Context(), "")
			}
			if !c.asLink(args[0]) {
				return c.unknownCommand(cmd, args[0])
			}
			if err := c.checkArgs(cmd, "[LINK]", args); err != nil {
				return err
			}
			return c.console(cmd.Context(), args[0])
		},
	}
	root.Flags().BoolVar(&showVersion, "version", false, c.p.Text("cli.version.about"))
	root.SetIn(c.in)
	root.SetOut(c.out)
	root.SetErr(c.err)
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpFunc(c.help)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return c.flagFault(cmd, err) })
	c.globalFlags(root.PersistentFlags())
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return c.checkGlobals(cmd) }
	root.AddCommand(
		c.initCommand(), c.tenantCommands(), c.regionCommands(),
		c.userCommands(), c.userGroupCommands(), c.directoryCommands(),
		c.workspaceCommands(), c.memberCommands(), c.reviewCommands(), c.roleCommands(), c.engineCommands(), c.sourceCommands(), c.bootstrapCommands(), c.ingestCommands(),
		c.groupCommands(), c.runCommand(), c.alertCommands(),
		c.tenantRoleCommands(), c.tenantMemberCommands(), c.policyCommands(), c.requestCommands(),
		c.accessCommands(), c.auditCommands(),
		c.exportCommand(), c.planCommand(), c.applyCommand(),
		c.overviewCommand(), c.keeperCommands(), c.demoCommand(), served(c.versionCommand()), served(c.completionCommand()), c.serveCommand(), c.doctorCommand(), c.sessionCommands(), c.tokenCommands(), c.preferenceCommands(),
	)
	root.SetHelpCommand(served(c.helpCommand()))
	return root
}

func (c *cli) globalFlags(f *pflag.FlagSet) {
	f.SortFlags = false
	f.StringVar(&c.flags.db, "db", "", c.p.Text("cli.flag.db"))
	f.StringVar(&c.flags.as, "as", "", c.p.Text("cli.flag.as"))
	f.StringVar(&c.flags.region, "region", "", c.p.Text("cli.flag.region"))
	f.StringVarP(&c.flags.output, "output", "o", "table", c.p.Text("cli.flag.output"))
	f.StringVar(&c.flags.lang, "lang", "", c.p.With("cli.flag.lang", message.Args{"Languages": c.languages()}))
	f.BoolVar(&c.flags.readOnly, "read-only", false, c.p.Text("cli.flag.read_only"))
	f.StringArrayVar(&c.flags.onlyRoles, "only-roles", nil, c.p.Text("cli.flag.only_roles"))
	f.BoolVar(&c.flags.yes, "yes", false, c.p.Text("cli.flag.yes"))
	f.StringVar(&c.flags.request, "request-id", "", c.p.Text("cli.flag.request_id"))
	f.StringVar(&c.look.theme, "theme", themeAuto, c.p.Text("cli.flag.theme"))
	f.BoolVar(&c.look.ascii, "ascii", false, c.p.Text("cli.flag.ascii"))
	f.BoolP("help", "h", false, c.p.Text("cli.flag.help"))
}

func (c *cli) checkGlobals(cmd *cobra.Command) error {
	if err := c.checkRemote(cmd); err != nil {
		return err
	}
	if c.look.asked = cmd.Flags().Changed("ascii"); !c.look.asked {
		c.look.ascii = !c.env.unicode()
	}
	// An empty --db is mostly a variable that a script left unset; the database meant is not the usual one then.
	if c.flags.db == "" && cmd.Flags().Changed("db") {
		return c.usage(cmd, message.Text{ID: "cli.usage.db"})
	}
	// The environment may ask for any language and gets the nearest; who names one is told if it is not there.
	if flag := cmd.Flags().Lookup("lang"); flag != nil && flag.Changed && !c.messages.Speaks(c.flags.lang) {
		return c.usage(cmd, message.Text{ID: "cli.usage.lang", Args: message.Args{"Value": c.flags.lang, "Languages": c.languages()}})
	}
	if _, known := theme.ParseKind(c.look.theme); !known && c.look.theme != themeAuto {
		return c.usage(cmd, message.Text{ID: "cli.usage.theme", Args: message.Args{"Value": c.look.theme, "Themes": themes()}})
	}
	switch c.flags.output {
	case formTable, formJSON, formYAML, formCSV:
		return nil
	}
	return &usageFault{what: message.Text{ID: "cli.usage.output", Args: message.Args{"Form": c.flags.output}}}
}

func (c *cli) languages() string { return strings.Join(c.messages.Languages(), ", ") }

// themeAuto lets the terminal choose the look.
const themeAuto = "auto"

func themes() string { return strings.Join(append([]string{themeAuto}, looks()...), ", ") }

// looks are the names of all themes.
func looks() []string {
	names := make([]string, 0, len(theme.Kinds()))
	for _, k := range theme.Kinds() {
		names = append(names, k.String())
	}
	return names
}

// console opens the console at a link, empty for its start, or says why it cannot be opened here.
func (c *cli) console(ctx context.Context, link string) error {
	if err := c.mayOpenConsole(); err != nil {
		return err
	}
	c.then = func() error { return c.showConsole(ctx, link) }
	return nil
}

func (c *cli) showConsole(ctx context.Context, link string) error {
	s, err := c.open(ctx)
	if err == nil && !s.ready {
		s.close() //nolint:contextcheck // closing goes on when ctx has ended
	}
	if err == nil && !s.ready || errors.Is(err, storage.Missing) && !c.flags.readOnly {
		s, err = c.setup(ctx)
	}
	if err != nil {
		return err
	}
	defer s.close() //nolint:contextcheck // closing goes on when ctx has ended
	return runConsole(ctx, s, c, link)
}

// group is a command that only holds others.
func (c *cli) group(name, about string, commands ...*cobra.Command) *cobra.Command {
	g := &cobra.Command{
		Use: name, Short: about, Args: cobra.ArbitraryArgs, DisableSuggestions: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return c.unknownCommand(cmd, args[0])
			}
			return &usageFault{
				what: message.Text{ID: "cli.usage.which", Args: message.Args{"Command": cmd.CommandPath()}},
				next: message.Text{ID: "cli.usage.which.next", Args: message.Args{"Names": strings.Join(c.names(cmd), ", ")}},
			}
		},
	}
	g.AddCommand(commands...)
	return g
}

// doing is what a command does once everything is open: one act of core, and the answer to print.
type doing func(ctx context.Context, s *system, args []string) (answer, error)

// rehearses says whether a command only tells what it would do.
func rehearses(cmd *cobra.Command) bool {
	preview, _ := cmd.Flags().GetBool("preview")
	dry, _ := cmd.Flags().GetBool("dry-run")
	return preview || dry
}

// act is the command of an act: its name, its title and its danger come from the catalogue. words are the arguments as
// help shows them: NAME is one that is needed, NAME… one or more. shape is a sample of what the command answers.
func (c *cli) act(id action.ID, words string, shape any, do doing) *cobra.Command {
	a, _ := c.acts.Get(id)
	cmd := c.command(a, words, shape)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		s, err := c.open(cmd.Context())
		if err != nil {
			return err
		}
		defer s.close()
		if err := s.enter(cmd.Context(), a, rehearses(cmd)); err != nil {
			return err
		}
		if strings.HasPrefix(a.Command, "group ") {
			s.catchUp(cmd.Context())
		}
		got, err := do(s.requested(s.as(cmd.Context()), c.flags.request), s, args)
		if err != nil {
			return err
		}
		if rows := rowsOf(shape); len(rows) > 0 {
			got.keys = rows[0].keys()
		}
		c.code = got.code
		err = c.print(got)
		if a.Danger == action.Reads || rehearses(cmd) {
			return err
		}
		return stands(err)
	}
	return cmd
}

func (c *cli) command(a action.Action, words string, shape any) *cobra.Command {
	path := strings.Fields(a.Command)
	notes := map[string]string{annotationJSON: describe(shape)}
	if !local(a.ID) {
		notes[annotationServed] = "yes"
	}
	return &cobra.Command{
		Use:                   strings.TrimSpace(path[len(path)-1] + " " + words),
		Short:                 c.p.Text(a.Message()),
		Args:                  func(cmd *cobra.Command, args []string) error { return c.checkArgs(cmd, words, args) },
		DisableFlagsInUseLine: true,
		Annotations:           notes,
	}
}

// checkArgs holds the arguments against the words that help shows for them: NAME, NAME… (one or more), [NAME] (or none).
func (c *cli) checkArgs(cmd *cobra.Command, words string, args []string) error {
	rest := len(args)
	for _, word := range strings.Fields(words) {
		many, optional := strings.HasSuffix(word, "…"), strings.HasPrefix(word, "[")
		switch {
		case rest == 0 && optional:
		case rest == 0:
			return c.usage(cmd, message.Text{ID: "cli.usage.missing", Args: message.Args{"Word": strings.TrimSuffix(word, "…")}})
		case many:
			rest = 0
		default:
			rest--
		}
	}
	if rest > 0 {
		return c.usage(cmd, message.Text{ID: "cli.usage.extra", Args: message.Args{"Word": args[len(args)-rest]}})
	}
	return nil
}

// usage is a mistake in how a command was called.
func (c *cli) usage(cmd *cobra.Command, what message.Text) error {
	return &usageFault{what: what, next: message.Text{ID: "cli.usage.next", Args: message.Args{"Command": cmd.CommandPath()}}}
}

func (c *cli) unknownCommand(cmd *cobra.Command, name string) error {
	known := c.names(cmd)
	next := message.Text{ID: "cli.usage.which.next", Args: message.Args{"Names": strings.Join(known, ", ")}}
	if near := text.Nearest(name, known, 3); len(near) > 0 {
		next = message.Text{ID: "fault.not_found.nearest", Args: message.Args{"Names": strings.Join(near, ", ")}}
	}
	return &usageFault{what: message.Text{ID: "cli.usage.command", Args: message.Args{"Name": name}}, next: next}
}

// flagFault puts what the flag parser says into our words.
func (c *cli) flagFault(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && cmd.HasSubCommands() && cmd.Flags().NArg() > 0: // the flag belongs to a command that is not there
		return c.unknownCommand(cmd, cmd.Flags().Arg(0))
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		letter, _ := utf8.DecodeRuneInString(unknown.GetSpecifiedShortnames())
		return c.usage(cmd, message.Text{ID: "cli.usage.flag", Args: message.Args{"Flag": "-" + string(letter)}})
	case errors.As(err, &unknown):
		return c.usage(cmd, message.Text{ID: "cli.usage.flag", Args: message.Args{"Flag": dashed(unknown.GetSpecifiedName())}})
	case errors.As(err, &bare):
		return c.usage(cmd, message.Text{ID: "cli.usage.flag_value", Args: message.Args{"Flag": dashed(bare.GetSpecifiedName())}})
	case errors.As(err, &wrong):
		if taker, says := wrong.GetFlag().Value.(interface{ takes() message.Text }); says {
			return c.usage(cmd, message.Text{ID: "cli.usage.flag_takes",
				Args: message.Args{"Flag": dashed(wrong.GetFlag().Name), "Value": wrong.GetValue(), "Takes": taker.takes()}})
		}
		return c.usage(cmd, message.Text{ID: "cli.usage.flag_wrong", Args: message.Args{"Flag": dashed(wrong.GetFlag().Name), "Value": wrong.GetValue()}})
	}
	return c.usage(cmd, message.Text{ID: "literal", Args: message.Args{"Text": err.Error()}})
}

func dashed(flag string) string {
	if len(flag) == 1 {
		return "-" + flag
	}
	return "--" + flag
}

// names are the commands under one that are there for whoever asks.
func (c *cli) names(cmd *cobra.Command) []string {
	var list []string
	for _, sub := range cmd.Commands() {
		if c.there(sub) {
			list = append(list, sub.Name())
		}
	}
	return list
}

// usageFault is a command line that cannot be understood.
type usageFault struct{ what, next message.Text }

// kindUsage is the kind of a usageFault; it is the face's own, because only a command line can be misspelt.
const kindUsage fault.Kind = "usage"

func (e *usageFault) Kind() fault.Kind   { return kindUsage }
func (e *usageFault) Error() string      { return fmt.Sprintf("usage: %s", e.what.ID) }
func (e *usageFault) Text() message.Text { return e.what }
func (e *usageFault) Next() message.Text { return e.next }
