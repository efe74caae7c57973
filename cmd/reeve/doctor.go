package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	gossh "golang.org/x/crypto/ssh"

	"reeve/core/message"
	"reeve/storage"
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
	return &cobra.Command{
		Use: "doctor", Short: c.p.Text("cli.doctor.about"), Long: c.p.Text("cli.doctor.long"), DisableFlagsInUseLine: true,
		Args:        func(cmd *cobra.Command, args []string) error { return c.checkArgs(cmd, "", args) },
		Annotations: map[string]string{annotationJSON: describe(sample)},
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			defer s.close()
			found, err := c.examine(cmd.Context(), s)
			if err != nil {
				return err
			}
			for _, f := range found {
				if f.result == resultFailed {
					c.code = exitFailed
				}
			}
			return c.print(answer{value: records(found, c.findingRecord), keys: sample[0].keys()})
		},
	}
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
	found = append(found, rights(s)...)
	found = append(found, clock(h, c.env.Now()))
	log, err := c.auditFinding(ctx, s)
	if err != nil {
		return nil, err
	}
	due, err := keeperFindings(ctx, s)
	if err != nil {
		return nil, err
	}
	door, err := doorFindings(ctx, s)
	return append(append(append(found, log), due...), door...), err
}

func database(s *system, h storage.Health) []finding {
	if len(h.Damage)+len(h.Loose) == 0 {
		return []finding{{check: "database", result: resultOK, what: message.Text{ID: "doctor.database", Args: message.Args{"Path": s.db.Path(), "Size": h.Size >> 10}}}}
	}
	var bad []finding
	for _, d := range append(h.Damage, h.Loose...) {
		bad = append(bad, finding{check: "database", result: resultFailed, what: message.Text{ID: "doctor.damage", Args: message.Args{"Damage": d}}, next: message.Text{ID: "doctor.damage.next"}})
	}
	return bad
}

// rights looks at who can read what is for the owner alone, and at who could put another file in its place.
func rights(s *system) []finding {
	var bad []finding
	for _, path := range append(s.db.Files(), hostKeyPath(s.db.Path())) {
		info, err := os.Stat(path) // #nosec G703 -- files of the database
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			bad = append(bad, finding{check: "rights", result: resultFailed, what: message.Text{ID: "doctor.unreadable", Args: message.Args{"Path": path, "Evidence": err.Error()}}})
		case info.Mode().Perm()&0o077 != 0:
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
	switch {
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
	path := hostKeyPath(s.db.Path())
	data, err := os.ReadFile(path) // #nosec G304 -- beside the database
	if errors.Is(err, fs.ErrNotExist) {
		return append(found, finding{check: "host key", result: resultOK, what: message.Text{ID: "doctor.host_key.none"}}), nil
	}
	if err == nil {
		var key gossh.Signer
		if key, err = gossh.ParsePrivateKey(data); err == nil {
			return append(found, finding{check: "host key", result: resultOK,
				what: message.Text{ID: "cli.serve.fingerprint", Args: message.Args{"Fingerprint": gossh.FingerprintSHA256(key.PublicKey())}}}), nil
		}
	}
	return append(found, finding{check: "host key", result: resultFailed, what: message.Text{ID: "doctor.unreadable", Args: message.Args{"Path": path, "Evidence": err.Error()}}}), nil
}
