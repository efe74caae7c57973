package cast_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"reeve/tui/cast"
)

func ticking() func() time.Time {
	at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	return func() time.Time {
		at = at.Add(250 * time.Millisecond)
		return at
	}
}

var head = cast.Header{Width: 80, Height: 24, Begun: time.Unix(1_800_000_000, 0), Title: "zoe <x>", Term: "xterm-256color"}

func TestARecordingIsReadAsItWasWritten(t *testing.T) {
	var b bytes.Buffer
	w, err := cast.NewWriter(&b, head, ticking(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	// A letter in two parts, an escape, a control of C1, a byte that is no letter, and what JSON would write otherwise.
	for _, p := range []string{"\x1b[2J\xe4\xb8", "\xad <&>\u2028", "\x9b\"\\", "\xf0\x9f", "\x98\x80!"} {
		if err := w.Output([]byte(p)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Resize(120, 36), w.Mark("the end")); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if !strings.HasSuffix(line, "\n") {
			t.Errorf("no line: %q", line)
		}
	}
	if !strings.HasPrefix(b.String(), `{"version":2,"width":80,"height":24,"timestamp":1800000000,"title":"zoe <x>","env":{"TERM":"xterm-256color"}}`+"\n"+`[0.250000,"o","\u001b[2J"]`+"\n") {
		t.Errorf("it begins %q", b.String())
	}
	h, events, err := cast.Read(&b)
	if err != nil || h != (cast.Header{Width: 80, Height: 24, Begun: head.Begun, Title: head.Title, Term: head.Term}) {
		t.Fatalf("%+v (%v)", h, err)
	}
	got := ""
	for _, e := range events {
		got += fmt.Sprintf("%.2f %s %q\n", e.At, e.Kind, e.Data)
	}
	if want := `0.25 o "\x1b[2J"
0.50 o "中 <&>\u2028"
0.75 o "` + "\ufffd" + `\"\\"
1.00 o "😀!"
1.25 r "120x36"
1.50 m "the end"
`; got != want {
		t.Errorf("read\n%s, want\n%s", got, want)
	}
}

func TestTimesNeverGoBack(t *testing.T) {
	var b bytes.Buffer
	at := time.Unix(1000, 0)
	w, err := cast.NewWriter(&b, head, func() time.Time { return at }, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []time.Duration{time.Second, -time.Hour, 2 * time.Second} {
		at = at.Add(d)
		if err := w.Output([]byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	if _, events, err := cast.Read(&b); err != nil || len(events) != 3 || events[1].At != 1 || events[2].At != 1 {
		t.Errorf("%v (%v)", events, err)
	}
}

func TestARecordingIsAsLongAsItMayBe(t *testing.T) {
	var b bytes.Buffer
	w, err := cast.NewWriter(&b, head, ticking(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		err = w.Output([]byte(strings.Repeat("x", 50)))
	}
	if !errors.Is(err, cast.ErrFull) || b.Len() > 1000 || b.Len() < 900 {
		t.Errorf("it ends at %d bytes: %v", b.Len(), err)
	}
	if err := w.Mark("full"); err != nil {
		t.Errorf("there is no room for a note: %v", err)
	}
	if _, events, err := cast.Read(&b); err != nil || events[len(events)-1].Data != "full" {
		t.Errorf("%v (%v)", events, err)
	}
}

func TestWhatIsNoRecordingIsNotRead(t *testing.T) {
	for _, text := range []string{"", "x", `{"version":1,"width":80,"height":24}`, `{"version":2,"width":0,"height":24}`, `{"version":2,"width":80,"height":24}` + "\n[1]\n",
		`{"version":2,"width":80,"height":24}` + "\n[2,\"o\",\"\"]\n[1,\"o\",\"\"]\n", `{"version":2,"width":80,"height":24}` + "\n[2,\"o\""} {
		if _, _, err := cast.Read(strings.NewReader(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}

func sumOf(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path) // #nosec G304 -- a folder of the test
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func TestAFolderKeepsRecordingsForItsOwner(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	f, err := cast.OpenFolder(dir, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Begin("ONE", head, ticking())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Output([]byte("hello")); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Begin("ONE", head, ticking()); err == nil {
		t.Error("there are two of one name")
	}
	if left, err := f.Left(); err != nil || len(left) != 0 {
		t.Errorf("one that goes on is taken as left: %v (%v)", left, err)
	}
	sum, size, err := r.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Keep(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(r.Path)
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != size || filepath.Base(r.Path) != "20270115T080000Z-ONE.cast" || sum != sumOf(t, r.Path) {
		t.Errorf("%v of %d at %s: %s, %s (%v)", info, size, r.Path, sum, sumOf(t, r.Path), err)
	}
	if info, err = os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v (%v)", info.Mode(), err)
	}
	if err := os.Chmod(dir, 0o750); err != nil { // #nosec G302 -- on purpose
		t.Fatal(err)
	}
	var open *cast.OpenError
	if _, err := cast.OpenFolder(dir, 1); !errors.As(err, &open) {
		t.Errorf("an open folder: %v", err)
	}
}

// A process that is killed leaves a recording behind; its last line may be half of one.
func TestWhatIsLeftBehindIsFoundAndMadeWhole(t *testing.T) {
	f, err := cast.OpenFolder(filepath.Join(t.TempDir(), "r"), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Begin("TWO", head, ticking())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Output([]byte("hello")); err != nil {
		t.Fatal(err)
	}
	r.Drop()
	open := r.Path + ".open"
	file, err := os.OpenFile(open, os.O_APPEND|os.O_WRONLY, 0) // #nosec G304 -- a folder of the test
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.WriteString(`[9.0,"o","ha`)
	if err = errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	left, err := f.Left()
	if err != nil || len(left) != 1 || left[0].ID != "TWO" {
		t.Fatalf("left: %v (%v)", left, err)
	}
	if again, err := f.Left(); err != nil || len(again) != 0 {
		t.Errorf("another takes it as well: %v (%v)", again, err)
	}
	sum, size, err := left[0].Finish()
	if err = errors.Join(err, left[0].Keep()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(r.Path)
	if err != nil || sum != sumOf(t, r.Path) || int64(len(data)) != size {
		t.Errorf("kept %q of %d (%v)", data, size, err)
	}
	if _, events, err := cast.Read(bytes.NewReader(data)); err != nil || len(events) != 1 || events[0].Data != "hello" {
		t.Errorf("%v (%v)", events, err)
	}
	if left, err := f.Left(); err != nil || len(left) != 0 {
		t.Errorf("left are still %v (%v)", left, err)
	}
}
