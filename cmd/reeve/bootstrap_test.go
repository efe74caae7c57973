package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// childArgs hands a command line to this test binary when it is started as another process; childTime is the time it is then.
const (
	childArgs = "REEVE_TEST_CHILD"
	childTime = "REEVE_TEST_CHILD_TIME"
	// realTime is that of the machine.
	realTime = "real"
)

func TestMain(m *testing.M) {
	if order := os.Getenv(childClients); order != "" {
		var c clients
		if err := json.Unmarshal([]byte(order), &c); err != nil {
			os.Exit(99)
		}
		if err := c.run(os.Stdin, os.Stdout); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(98)
		}
		os.Exit(0)
	}
	line := os.Getenv(childArgs)
	if line == "" {
		os.Exit(m.Run())
	}
	var args []string
	if json.Unmarshal([]byte(line), &args) != nil {
		os.Exit(99)
	}
	if os.Getenv(childTime) == realTime {
		env := machine()
		env.Get, env.Machine = func(string) string { return "" }, "bench"
		os.Exit(run(context.Background(), args, os.Stdin, os.Stdout, os.Stderr, env))
	}
	began, err := strconv.ParseInt(os.Getenv(childTime), 10, 64)
	if err != nil {
		os.Exit(99)
	}
	os.Exit(run(context.Background(), args, os.Stdin, os.Stdout, os.Stderr, childEnviron(time.Unix(began, 0))))
}

// childEnviron is the surroundings of a process of its own whose time passes only when it waits.
func childEnviron(now time.Time) environ {
	var mu sync.Mutex
	clock := func(d time.Duration) time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(d)
		return now
	}
	env := machine()
	env.Get = func(string) string { return "" }
	env.OSUser = "someone"
	env.Now = func() time.Time { return clock(0) }
	env.Sleep = func(_ context.Context, d time.Duration) error { clock(d); return nil }
	return env
}

// listen answers on a port of this machine until the test ends.
func listen(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	return l.Addr().String()
}

// five is a file that asks for all five parts; %s is an address.
const five = `
workspace: {region: cn-hangzhou, name: orders_dw, display_name: Orders, mode: standard, admins: [zoe, lin]}
resource_group:
  name: rg_orders
  create: {vpc: vpc-1, vswitch: vsw-1}
members:
  - {user: bo, roles: [develop, visitor]}
  - {user: amy, roles: o&m}
engine: {name: odps, type: maxcompute, prod_identity: etl}
data_source:
  name: crm
  type: mysql
  prod: {address: "%[1]s", database: crm, username: reader}
  dev: {address: "%[1]s", database: crm_dev, username: reader}
`

// endState is everything that the five parts made, without times and numbers, and how often each act is in the audit.
func endState(b *bench) string {
	b.t.Helper()
	var all []string
	for _, line := range []string{"workspace show orders_dw", "group show rg_orders", "member list -w orders_dw", "engine list -w orders_dw", "source show crm -w orders_dw"} {
		var value any
		if err := json.Unmarshal([]byte(b.must(append(strings.Fields(line), "-o", "json")...)), &value); err != nil {
			b.t.Fatal(err)
		}
		timeless(value)
		text, err := json.MarshalIndent(value, "", " ")
		if err != nil {
			b.t.Fatal(err)
		}
		all = append(all, string(text))
	}
	var acts []string
	for _, entry := range b.list("audit", "list") {
		// A test that was broken off is made again: it says what is, not what was done.
		if act, ok := entry["action"].(string); ok && act != "source.test" && entry["outcome"] == "done" {
			acts = append(acts, act)
		}
	}
	slices.Sort(acts)
	return strings.Join(append(all, acts...), "\n")
}

// timeless takes out of an answer what differs from one time to the next.
func timeless(value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			if strings.HasSuffix(key, "_at") || key == "at" || key == "milliseconds" || key == "version" || key == "busy_until" || key == "last_active" {
				delete(v, key)
				continue
			}
			timeless(inner)
		}
	case []any:
		for _, inner := range v {
			timeless(inner)
		}
	}
}

// child runs a command in a process of its own. kill is called with each line it prints and says whether to end it there.
func (b *bench) child(kill func(line int) bool, after time.Duration, args ...string) (code int, killed bool) {
	b.t.Helper()
	line, err := json.Marshal(append(args, "--db", b.db))
	if err != nil {
		b.t.Fatal(err)
	}
	cmd := exec.CommandContext(b.t.Context(), os.Args[0]) // #nosec G204 G702 -- this test itself
	cmd.Env = append(os.Environ(), childArgs+"="+string(line), childTime+"="+strconv.FormatInt(b.now.Unix(), 10))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	if after > 0 {
		timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
	}
	lines := bufio.NewScanner(out)
	for n := 1; lines.Scan(); n++ {
		if kill(n) {
			_ = cmd.Process.Kill()
		}
	}
	_ = cmd.Wait()
	b.now = b.now.Add(10 * time.Minute) // the next process begins later than anything this one waited for
	return cmd.ProcessState.ExitCode(), !cmd.ProcessState.Exited()
}

func spared(int) bool { return false }

// TestKilledRunsGoOn kills the process that carries a run out, with SIGKILL, after each line it prints and at random moments, as
// often as it takes, and holds what then stands against a run that nothing disturbed.
func TestKilledRunsGoOn(t *testing.T) {
	address := listen(t)
	fresh := func(t *testing.T) (*bench, string) {
		b := newBench(t)
		b.must("init", "--tenant", "acme", "--owner", "root", "--region", "cn-hangzhou=enterprise")
		b.must("user", "add", "zoe", "lin", "bo", "amy")
		return b, b.file("orders.yaml", fmt.Sprintf(five, address))
	}
	b, file := fresh(t)
	began := time.Now() // how long it takes here, to kill within that
	if code, _ := b.child(spared, 0, "workspace", "bootstrap", "-f", file); code != exitDone {
		t.Fatalf("undisturbed, it ends with %d: %s", code, b.run("bootstrap", "show", "1").out)
	}
	whole := time.Since(began)
	want := endState(b)

	goOn := func(t *testing.T, b *bench, kill func(int) bool, delay func() time.Duration) (kills int) {
		for try := 0; try < 100; try++ {
			if len(b.list("bootstrap", "list")) == 0 { // killed before there was a run
				return -1
			}
			if b.one("bootstrap", "show", "1")["state"] == "done" {
				return kills
			}
			if _, killed := b.child(kill, delay(), "workspace", "bootstrap", "--resume", "1"); killed {
				kills++
			}
		}
		t.Fatal("it does not come to an end")
		return 0
	}
	t.Run("after each line", func(t *testing.T) {
		b, file := fresh(t)
		_, killed := b.child(func(line int) bool { return line == 1 }, 0, "workspace", "bootstrap", "-f", file)
		kills := goOn(t, b, func(line int) bool { return line == 1 }, func() time.Duration { return 0 })
		if !killed || kills < 2 {
			t.Errorf("it was killed only %d times", kills)
		}
		if got := endState(b); got != want {
			t.Errorf("in the end there is\n%s\nundisturbed there was\n%s", got, want)
		}
	})
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("at random %d", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 7)) // #nosec G404 -- moments to kill at
			b, file := fresh(t)
			// Somewhere in the time it takes; later from try to try, so that it comes to an end on a machine of any load.
			share := 0.3
			moment := func() time.Duration {
				share *= 1.1
				return time.Duration(float64(whole) * share * (0.5 + random.Float64()))
			}
			kills := -1
			for kills < 0 {
				b.child(spared, moment(), "workspace", "bootstrap", "-f", file)
				kills = goOn(t, b, spared, moment)
			}
			t.Logf("killed %d times", kills)
			if got := endState(b); got != want {
				t.Errorf("in the end there is\n%s\nundisturbed there was\n%s", got, want)
			}
		})
	}
}
