package main

import (
	"io"
	"net/http"
	"regexp"
	"testing"
	"time"
)

// healthz asks a server how it is, by the address that it says it answers on.
func (s *serverBench) healthz() (status int, said string) {
	s.t.Helper()
	at := regexp.MustCompile(`/metrics on (\S+)\.\n`).FindStringSubmatch(s.log.String())
	if at == nil {
		s.t.Fatalf("it does not say where: %s", s.log.String())
	}
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://"+at[1]+"/healthz", nil)
	s.try(err)
	answer, err := http.DefaultClient.Do(r)
	s.try(err)
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	s.try(err)
	return answer.StatusCode, string(data)
}

// While a server waits for those who are there, they are still told what others do, and can still be ended from elsewhere.
func TestSessionsGoOnWhileTheirServerIsStopped(t *testing.T) {
	b := newTenant(t)
	s := b.serve([]string{"zoe", "lin"}, "--drain", "1h", "--monitor", "127.0.0.1:0")
	zoe, lin := s.sit("zoe", 100, 30), s.sit("lin", 100, 30)
	zoe.shows("sales_dw")
	lin.shows("sales_dw")
	if status, said := s.healthz(); status != http.StatusOK {
		t.Errorf("before, it says %d %s", status, said)
	}
	ended := make(chan int, 1)
	go func() { ended <- s.stop() }()
	zoe.shows("is being stopped")
	if status, said := s.healthz(); status != http.StatusServiceUnavailable {
		t.Errorf("meanwhile it says %d %s", status, said)
	}
	b.must("session", "message", "what I say now")
	zoe.shows("what I say now")
	zoe.types("q")
	zoe.leaves()
	for begun := time.Now(); len(b.list("session", "list")) > 1; time.Sleep(time.Millisecond) {
		if time.Since(begun) > patience {
			t.Fatal("zoe is still there")
		}
	}
	b.must("session", "end", column(b.list("session", "list"), "id"))
	lin.leaves()
	select {
	case code := <-ended:
		if code != exitDone {
			t.Errorf("it ends with %d: %s", code, s.log.String())
		}
	case <-time.After(patience):
		t.Error("it waits for nobody")
	}
}

// Consoles of two servers on one database are listed, told and ended from anywhere.
func TestSessionsOfTwoServersAreReachedFromAnywhere(t *testing.T) {
	b := newTenant(t)
	one := b.serve([]string{"zoe"})
	two := b.serve([]string{"lin"})
	zoe, lin := one.sit("zoe", 100, 30), two.sit("lin", 100, 30)
	zoe.shows("sales_dw")
	lin.shows("sales_dw")
	b.must("session", "message", "to all of you")
	zoe.shows("to all of you")
	lin.shows("to all of you")
	for _, x := range b.list("session", "list") {
		if x["user"] == "lin" {
			if o := one.remotely("zoe", "", "session end "+x["id"].(string)); o.code != exitDenied {
				t.Errorf("zoe ends lin's session: %d %s", o.code, o.errors)
			}
			b.must("session", "end", x["id"].(string))
		}
	}
	lin.leaves()
	if got := b.list("session", "list"); len(got) != 1 || column(got, "user") != "zoe" {
		t.Errorf("open are %v", got)
	}
}
