package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/session"
	"reeve/core/text"
	"reeve/storage"
	"reeve/tui/cast"
	"reeve/tui/sshd"
)

// recordServing says which consoles a server records, and where: everybody's if it names no users.
type recordServing struct {
	folder string
	users  []string
	// size bounds a recording, in mebibytes.
	size int
}

// recordingSize is the bound of who names none; ours. A busy hour is a megabyte or two.
const recordingSize = 64

// recordings records the consoles of a server. What is recorded is what they show and how large their windows are, never what is typed.
// A console that cannot be recorded is not shown: otherwise whoever fills the disk, or the recording, would act unseen.
type recordings struct {
	folder *cast.Folder
	users  map[string]bool // by folded name; empty for everybody
	system *system
	now    func() time.Time
	say    *message.Printer
	log    *slog.Logger
}

// recordings opens the folder and brings into the audit what a server that was killed left there. It is nil where nothing is recorded.
func (c *cli) recordings(ctx context.Context, s *system, how recordServing, log *slog.Logger) (*recordings, error) {
	if how.folder == "" {
		return nil, nil //nolint:nilnil // nothing is recorded
	}
	r := &recordings{users: map[string]bool{}, system: s, now: c.env.Now, say: c.p, log: log}
	for _, name := range how.users {
		p, err := storage.NewDirectory(s.db).Named(ctx, name)
		if err != nil {
			return nil, err
		}
		r.users[text.Fold(p.Name)] = true
	}
	var err error
	if r.folder, err = cast.OpenFolder(how.folder, int64(how.size)<<20); err != nil {
		var open *cast.OpenError
		if errors.As(err, &open) {
			return nil, &fault.Unavailable{What: message.Text{ID: "cli.serve.record.open", Args: message.Args{"Path": open.Path}},
				Way: message.Text{ID: "doctor.folder.next", Args: message.Args{"Path": open.Path}}, Err: err}
		}
		return nil, &fault.Unavailable{What: message.Text{ID: "cli.serve.record.bad", Args: message.Args{"Path": how.folder}}, Evidence: err.Error(), Err: err}
	}
	return r, r.takeLeft(ctx)
}

// of says whether somebody's consoles are recorded.
func (r *recordings) of(name string) bool {
	return r != nil && (len(r.users) == 0 || r.users[text.Fold(name)])
}

// as is who tells the audit of a recording: the server, in the session that is recorded. Whoever is recorded cannot.
func (r *recordings) as(ctx context.Context, id string) context.Context {
	return control.WithActor(ctx, control.Actor{Name: "server", Face: control.FaceKeeper, Session: id})
}

// takeLeft brings into the audit what was left behind.
func (r *recordings) takeLeft(ctx context.Context) error {
	left, err := r.folder.Left()
	for _, one := range left {
		r.end(ctx, one, session.Recording{Session: one.ID, End: session.EndLeft})
	}
	if err != nil {
		return &fault.Unavailable{What: message.Text{ID: "cli.serve.record.bad", Args: message.Args{"Path": r.folder.Path()}}, Evidence: err.Error(), Err: err}
	}
	return nil
}

// end ends a recording. One that does not get into the audit keeps the name of one that goes on, so that the next server tries again.
func (r *recordings) end(ctx context.Context, one *cast.Recording, about session.Recording) {
	sum, size, err := one.Finish()
	if err == nil {
		about.Path, about.SHA256, about.Size = one.Path, sum, size
		_, err = r.system.sessions.Recorded(r.as(context.WithoutCancel(ctx), about.Session), about)
	}
	if err != nil {
		one.Drop()
		r.log.Error("a recording could not be ended", "session", about.Session, "path", one.Path, "error", err.Error())
		return
	}
	if err := one.Keep(); err != nil {
		r.log.Error("a recording could not be kept", "session", about.Session, "path", one.Path, "error", err.Error())
		return
	}
	r.log.Info("recorded", "session", about.Session, "user", about.User, "path", one.Path, "sha256", sum, "bytes", size, "end", string(about.End))
}

// run runs a console that is recorded, which its user reads before anything else.
func (r *recordings) run(ctx context.Context, one *sshd.Session, c sshd.Console, first string) error {
	taking := &recorder{session: one, about: session.Recording{Session: one.ID, User: one.Who.Name, End: session.EndOfSession}, log: r.log}
	c.First = first
	c.Record = func(size sshd.Size) (sshd.Recorder, error) {
		var err error
		taking.to, err = r.folder.Begin(one.ID, cast.Header{Width: size.Width, Height: size.Height, Begun: r.now(), Title: "reeve: " + one.Who.Name,
			Term: one.Variable("TERM")}, r.now)
		if err == nil {
			_, err = r.system.sessions.Record(r.as(ctx, one.ID), session.Recording{Session: one.ID, User: one.Who.Name, Path: taking.to.Path})
		}
		if err == nil {
			return taking, nil
		}
		r.log.Error("a recording could not be begun", "session", one.ID, "user", one.Who.Name, "error", err.Error())
		return nil, &fault.Unavailable{What: message.Text{ID: "session.recorded.not"}, Way: message.Text{ID: "session.recorded.not.next"}, Err: err}
	}
	err := one.Run(ctx, c)
	if taking.to != nil {
		r.end(ctx, taking.to, taking.about)
	}
	return err
}

// recorder writes a recording, and ends the session when it cannot.
type recorder struct {
	session *sshd.Session
	to      *cast.Recording
	about   session.Recording
	log     *slog.Logger
	over    bool
}

// Output implements sshd.Recorder.
func (t *recorder) Output(p []byte) {
	if !t.over {
		t.check(t.to.Output(p))
	}
}

// Resize implements sshd.Recorder.
func (t *recorder) Resize(s sshd.Size) {
	if !t.over {
		t.check(t.to.Resize(s.Width, s.Height))
	}
}

func (t *recorder) check(err error) {
	if err == nil {
		return
	}
	t.over = true
	why := sshd.EndedByLength
	t.about.End = session.EndFull
	if !errors.Is(err, cast.ErrFull) {
		why, t.about.End = sshd.EndedByRecord, session.EndFailed
		t.log.Error("a recording could not be written", "session", t.about.Session, "path", t.to.Path, "error", err.Error())
	}
	_ = t.to.Mark("the recording ends here: " + string(t.about.End)) // a disk that is full takes no note either
	t.session.End(why)
}
