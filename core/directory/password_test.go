package directory_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"reeve/core/access"
	"reeve/core/directory"
	"reeve/core/fault"
)

// proofs is a store with people and one source, and the source itself.
type proofs struct {
	sources map[string]directory.Source
	asked   []string
	fails   error
	block   chan struct{} // takes a word for each that is asked, if it is set
}

func (p *proofs) Source(_ context.Context, name string) (directory.Source, error) {
	s, ok := p.sources[name]
	if !ok {
		return s, &fault.NotFound{What: "directory_source", Name: name}
	}
	return s, nil
}

func (p *proofs) Origin(_ context.Context, name string) (access.Principal, int64, string, bool, error) {
	switch strings.ToLower(name) {
	case "ada":
		return access.Principal{ID: 1, Name: "ada"}, 7, "id-ada", true, nil
	case "gone":
		return access.Principal{ID: 2, Name: "gone", Disabled: 5}, 7, "id-gone", true, nil
	case "here": // made here
		return access.Principal{ID: 3, Name: "here"}, 0, "", true, nil
	case "far": // of a source that is not asked
		return access.Principal{ID: 4, Name: "far"}, 8, "id-far", true, nil
	case "team":
		return access.Principal{ID: 5, Name: "team", Group: true}, 7, "id-team", true, nil
	}
	return access.Principal{}, 0, "", false, nil
}

func (p *proofs) Provable(in directory.Settings) error {
	if in.Plaintext {
		return &fault.Unavailable{}
	}
	return nil
}

func (p *proofs) Prove(ctx context.Context, _ directory.Settings, id, password string) (bool, error) {
	if p.block != nil {
		p.block <- struct{}{}
		<-ctx.Done()
		return false, ctx.Err()
	}
	p.asked = append(p.asked, id)
	return password == "right", p.fails
}

func TestOnlyTheSourceOfAPersonIsAsked(t *testing.T) {
	p := &proofs{sources: map[string]directory.Source{"corp": {ID: 7, Name: "corp"}, "clear": {ID: 9, Name: "clear", Settings: directory.Settings{Plaintext: true}}, "other": {ID: 8}}}
	for _, names := range [][]string{{"nosuch"}, {"clear"}, {"corp", "clear"}} {
		if _, err := directory.NewPasswords(t.Context(), p, p, names); err == nil {
			t.Errorf("%v are taken", names)
		}
	}
	passwords, err := directory.NewPasswords(t.Context(), p, p, []string{"corp"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		user, password string
		want           directory.Proof
		asked          bool
	}{
		"right":                {"ada", "right", directory.Proven, true},
		"in other letters":     {"ADA", "right", directory.Proven, true},
		"wrong":                {"ada", "wrong", directory.Unproven, true},
		"none":                 {"ada", "", directory.Unproven, false},
		"one too long":         {"ada", strings.Repeat("x", 1025), directory.Unproven, false},
		"of who is disabled":   {"gone", "right", directory.Unproven, false},
		"of who was made here": {"here", "right", directory.Foreign, false},
		"of who is of another": {"far", "right", directory.Foreign, false},
		"of a group":           {"team", "right", directory.Foreign, false},
		"of nobody":            {"nobody", "right", directory.Foreign, false},
	} {
		p.asked = nil
		_, source, proof, err := passwords.Prove(t.Context(), c.user, c.password)
		if err != nil || proof != c.want || (len(p.asked) > 0) != c.asked || c.want == directory.Proven && source != "corp" {
			t.Errorf("%s: %v by %q, asked %v (%v)", name, proof, source, p.asked, err)
		}
	}
	p.fails = errors.New("down")
	if _, _, proof, err := passwords.Prove(t.Context(), "ada", "right"); proof == directory.Proven || err == nil {
		t.Errorf("a source that fails proves: %v, %v", proof, err)
	}
	p.fails = nil
	delete(p.sources, "corp") // removed while the server runs
	if _, _, proof, err := passwords.Prove(t.Context(), "ada", "right"); proof != directory.Foreign || err != nil {
		t.Errorf("a source that was removed proves: %v, %v", proof, err)
	}
}

// A source that does not answer is not asked by more than a few at a time; the others leave when they have waited.
func TestASlowSourceHoldsUpFew(t *testing.T) {
	p := &proofs{sources: map[string]directory.Source{"corp": {ID: 7, Name: "corp"}}, block: make(chan struct{}, 40)}
	passwords, err := directory.NewPasswords(t.Context(), p, p, []string{"corp"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	ended := make(chan error, 40)
	for range 40 {
		go func() {
			_, _, _, err := passwords.Prove(ctx, "ada", "right")
			ended <- err
		}()
	}
	for range 16 {
		<-p.block
	}
	select {
	case <-p.block:
		t.Error("a seventeenth is asked for")
	default:
	}
	leave()
	for range 40 {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("it ends with %v", err)
		}
	}
}
