package main

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	gossh "golang.org/x/crypto/ssh"

	"reeve/core/fault"
	"reeve/core/message"
	"reeve/storage"
	"reeve/tui/sshd"
)

// The results of an examination.
const (
	resultOK      = "ok"
	resultWarning = "warning"
	resultFailed  = "failed"
)

// finding is one thing that was looked at: how it is, and what to do if it is not well.
type finding struct {
	check, result string
	what, next    message.Text
}

func (c *cli) findingRecord(f finding) record {
	next := ""
	if f.next.ID != "" {
		next = c.say(f.next)
	}
	return record{{"check", f.check}, {"result", f.result}, {"found", c.say(f.what)}, {"next", next}}
}

func (c *cli) doctorCommand() *cobra.Command {
	sample := []record{{{"check", ""}, {"result", ""}, {"found", ""}, {"next", ""}}}
	monitor := ""
	cmd := &cobra.Command{
		Use: "doctor", Short: c.p.Text("cli.doctor.about"), Long: c.p.Text("cli.doctor.long"), DisableFlagsInUseLine: true,
		Args:        func(cmd *cobra.Command, args []string) error { return c.checkArgs(cmd, "", args) },
		Annotations: map[string]string{annotationJSON: describe(sample)},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if monitor != "" {
				return c.printFindings([]finding{askMonitor(cmd.Context(), monitor)})
			}
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			defer s.close()
			found, err := c.examine(cmd.Context(), s)
			if err != nil {
				return err
			}
			return c.printFindings(found)
		},
	}
	cmd.Flags().StringVar(&monitor, "monitor", "", c.p.Text("cli.doctor.monitor"))
	return cmd
}

// printFindings prints what was found, and has the program end with a failure where there is one.
func (c *cli) printFindings(found []finding) error {
	for _, f := range found {
		if f.result == resultFailed {
			c.code = exitFailed
		}
	}
	return c.print(answer{value: records(found, c.findingRecord), keys: c.findingRecord(finding{what: message.Text{ID: "doctor.keys"}}).keys()})
}

// patienceOfMonitor is how long a server may take to say that it is well.
const patienceOfMonitor = 5 * time.Second

// askMonitor asks a server that runs how it is.
func askMonitor(ctx context.Context, address string) finding {
	failed := func(evidence string) finding {
		return finding{check: "server", result: resultFailed, what: message.Text{ID: "doctor.server.bad", Args: message.Args{"Address": address, "Evidence": evidence}},
			next: message.Text{ID: "doctor.server.next", Args: message.Args{"Address": address}}}
	}
	ctx, done := context.WithTimeout(ctx, patienceOfMonitor)
	defer done()
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/healthz", nil)
	if err != nil {
		return failed(err.Error())
	}
	got, err := http.DefaultClient.Do(ask)
	if err != nil {
		return failed(err.Error())
	}
	defer func() { _ = got.Body.Close() }()
	if got.StatusCode != http.StatusOK {
		return failed(got.Status)
	}
	return finding{check: "server", result: resultOK, what: message.Text{ID: "doctor.server", Args: message.Args{"Address": address}}}
}

// examine looks at everything that a server rests on.
func (c *cli) examine(ctx context.Context, s *system) ([]finding, error) {
	h, err := s.db.Health(ctx)
	if err != nil {
		return nil, err
	}
	v := versionRecord()
	found := []finding{{check: "program", result: resultOK, what: message.Text{ID: "doctor.program", Args: message.Args{
		"Version": v.get("version"), "Go": v.get("go"), "Engine": h.Engine, "Schema": h.Schema}}}}
	found = append(found, database(s, h)...)
	if !s.ready {
		found = append(found, finding{check: "tenant", result: resultFailed, what: message.Text{ID: "cli.no_tenant"}, next: message.Text{ID: "cli.no_tenant.next"}})
	}
	found = append(found, rights(s)...)
	found = append(found, clock(h, c.env.Now()))
	if s.ready {
		log, err := c.auditFinding(ctx, s)
		if err != nil {
			return nil, err
		}
		found = append(found, log)
	}
	due, err := keeperFindings(ctx, s)
	if err != nil {
		return nil, err
	}
	door, err := doorFindings(ctx, s)
	return append(append(found, due...), door...), err
}

func database(s *system, h storage.Health) []finding {
	if len(h.Damage)+len(h.Loose)+len(h.Strange) == 0 {
		return []finding{{check: "database", result: resultOK, what: message.Text{ID: "doctor.database", Args: message.Args{"Path": s.db.Path(), "Size": h.Size >> 10}}}}
	}
	var bad []finding
	for _, d := range append(h.Damage, h.Loose...) {
		bad = append(bad, finding{check: "database", result: resultFailed, what: message.Text{ID: "doctor.damage", Args: message.Args{"Damage": d}}, next: message.Text{ID: "doctor.damage.next"}})
	}
	for _, name := range h.Strange {
		bad = append(bad, finding{check: "database", result: resultFailed, what: message.Text{ID: "doctor.strange", Args: message.Args{"Name": name}}, next: message.Text{ID: "doctor.damage.next"}})
	}
	return bad
}

// rights looks at who can read what is for the owner alone, and at who could put another file in its place.
func rights(s *system) []finding {
	var bad []finding
	for _, path := range s.db.Files() {
		info, err := os.Stat(path) // #nosec G703 -- files of the database
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			bad = append(bad, finding{check: "rights", result: resultFailed, what: message.Text{ID: "doctor.unreadable", Args: message.Args{"Path": path, "Evidence": err.Error()}}})
		case !info.IsDir() && info.Mode().Perm()&0o077 != 0:
			bad = append(bad, finding{check: "rights", result: resultFailed, what: message.Text{ID: "doctor.open", Args: message.Args{"Path": path, "Mode": info.Mode().Perm().String()}},
				next: message.Text{ID: "doctor.open.next", Args: message.Args{"Path": path}}})
		}
	}
	folder := filepath.Dir(s.db.Path())
	if info, err := os.Stat(folder); err == nil && info.Mode().Perm()&0o022 != 0 && info.Mode()&fs.ModeSticky == 0 { // #nosec G703 -- the folder of the database
		bad = append(bad, finding{check: "rights", result: resultFailed, what: message.Text{ID: "doctor.folder", Args: message.Args{"Path": folder, "Mode": info.Mode().Perm().String()}},
			next: message.Text{ID: "doctor.folder.next", Args: message.Args{"Path": folder}}})
	}
	if len(bad) == 0 {
		return []finding{{check: "rights", result: resultOK, what: message.Text{ID: "doctor.rights"}}}
	}
	return bad
}

// behind is how much earlier than the newest entry of the audit the clock may be: other machines write into it too.
const behind = 5 * time.Second

func clock(h storage.Health, now time.Time) finding {
	if h.Newest.After(now.Add(behind)) {
		return finding{check: "clock", result: resultFailed, what: message.Text{ID: "doctor.clock.behind", Args: message.Args{
			"Now": now.UTC().Format(time.RFC3339), "Newest": h.Newest.Format(time.RFC3339)}}, next: message.Text{ID: "doctor.clock.next"}}
	}
	return finding{check: "clock", result: resultOK, what: message.Text{ID: "doctor.clock", Args: message.Args{"Now": now.UTC().Format(time.RFC3339)}}}
}

func (c *cli) auditFinding(ctx context.Context, s *system) (finding, error) {
	r, err := s.audit.Verify(s.as(ctx), nil)
	var untrusted *fault.Unavailable
	switch {
	case errors.As(err, &untrusted): // the checkpoint, or its key: all else is still to be looked at
		return finding{check: "audit", result: resultFailed, what: message.Text{ID: "doctor.audit.untrusted", Args: message.Args{
			"What": c.say(untrusted.What), "Evidence": untrusted.Evidence}}, next: untrusted.Way}, nil
	case err != nil:
		return finding{}, err
	case len(r.Findings) > 0:
		return finding{check: "audit", result: resultFailed, what: r.Findings[0].What, next: message.Text{ID: "doctor.audit.next"}}, nil
	case !r.OK():
		return finding{check: "audit", result: resultWarning, what: message.Text{ID: "literal", Args: message.Args{"Text": strings.Join(c.sentences(r.Unchecked), " ")}},
			next: message.Text{ID: "doctor.audit.next"}}, nil
	}
	return finding{check: "audit", result: resultOK, what: message.Text{ID: "audit.report.ok", Args: message.Args{"Count": r.Entries}}}, nil
}

func keeperFindings(ctx context.Context, s *system) ([]finding, error) {
	troubles, err := storage.NewKeepers(s.db).Troubles(ctx)
	if err != nil || len(troubles) == 0 {
		return []finding{{check: "keeper", result: resultOK, what: message.Text{ID: "doctor.keeper"}}}, err
	}
	var bad []finding
	for _, t := range troubles {
		bad = append(bad, finding{check: "keeper", result: resultWarning, what: message.Text{ID: "cli.keeper.failed", Args: message.Args{
			"Area": t.Area, "Times": t.Times, "Since": cell(t.Since), "Error": t.Error}}})
	}
	return bad, nil
}

// doorFindings looks at what people need to sign in over SSH.
func doorFindings(ctx context.Context, s *system) ([]finding, error) {
	someone, err := storage.NewDirectory(s.db).AnyKey(ctx)
	if err != nil {
		return nil, err
	}
	found := []finding{{check: "keys", result: resultOK, what: message.Text{ID: "doctor.keys"}}}
	if !someone {
		found = []finding{{check: "keys", result: resultWarning, what: message.Text{ID: "cli.serve.nobody"}, next: message.Text{ID: "cli.serve.nobody.next"}}}
	}
	return append(found, hostKeyFinding(hostKeyPath(s.db.Path()))), nil
}

// hostKeyFinding looks at the key that a server has if none is named.
func hostKeyFinding(path string) finding {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return finding{check: "host key", result: resultOK, what: message.Text{ID: "doctor.host_key.none"}}
	}
	key, err := sshd.ReadHostKey(path)
	var loose *sshd.OpenKeyError
	switch {
	case errors.As(err, &loose):
		return finding{check: "host key", result: resultFailed, what: message.Text{ID: "cli.serve.host_key.open", Args: message.Args{"Path": path}},
			next: message.Text{ID: "cli.serve.host_key.open.next", Args: message.Args{"Path": path}}}
	case err != nil:
		return finding{check: "host key", result: resultFailed, what: message.Text{ID: "doctor.host_key.bad", Args: message.Args{"Path": path, "Evidence": err.Error()}},
			next: message.Text{ID: "cli.serve.host_key.bad.next", Args: message.Args{"Path": path}}}
	}
	return finding{check: "host key", result: resultOK,
		what: message.Text{ID: "cli.serve.fingerprint", Args: message.Args{"Fingerprint": gossh.FingerprintSHA256(key.PublicKey())}}}
}
