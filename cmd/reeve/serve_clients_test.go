package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// childClients holds, as JSON, the clients that a process of this program is.
const childClients = "REEVE_TEST_CLIENTS"

// clients are consoles over SSH in a process of their own, so that what they need does not count as the server's. They are told what to
// do by lines, and answer each with a line of numbers.
type clients struct {
	Address, User, Key string
	// Link is where the first console opens, in which keys are pressed.
	Link     string
	Sessions int
}

// screenOf is one console as its client sees it.
type screenOf struct {
	keys io.Writer
	came chan int // bytes, as they come
	sent atomic.Int64
	ends chan struct{}
}

// run does what the lines say until there are none.
func (c clients) run(orders io.Reader, answers io.Writer) error {
	data, err := os.ReadFile(c.Key)
	if err != nil {
		return err
	}
	key, err := gossh.ParsePrivateKey(data)
	if err != nil {
		return err
	}
	var sent atomic.Int64
	open := make([]*screenOf, c.Sessions)
	for i := range open {
		link := ""
		if i == 0 {
			link = c.Link
		}
		client, err := c.dial(key)
		if err != nil {
			return err
		}
		if open[i], err = console120(client, link, &sent); err != nil {
			return err
		}
	}
	var all sync.WaitGroup
	for _, one := range open {
		all.Go(func() { one.quiet(500 * time.Millisecond) })
	}
	all.Wait()
	answer := func(numbers ...float64) error { return json.NewEncoder(answers).Encode(numbers) }
	if err := answer(); err != nil {
		return err
	}
	for lines := bufio.NewScanner(orders); lines.Scan(); {
		var n int
		var err error
		switch {
		case lines.Text() == "sent":
			err = answer(float64(sent.Load()))
		case scan(lines.Text(), "keys %d", &n):
			err = answer(open[0].timeKeys(n)...)
		case scan(lines.Text(), "visit %d", &n):
			if err = c.visit(key, n, &sent); err == nil {
				err = answer()
			}
		default:
			err = fmt.Errorf("what is %q?", lines.Text())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func scan(line, form string, n *int) bool {
	_, err := fmt.Sscanf(line, form, n)
	return err == nil
}

// dial tries again while the server says that there are too many connections at once.
func (c clients) dial(key gossh.Signer) (*gossh.Client, error) {
	var client *gossh.Client
	var err error
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(60 * time.Millisecond) {
		client, err = gossh.Dial("tcp", c.Address, &gossh.ClientConfig{User: c.User, Auth: []gossh.AuthMethod{gossh.PublicKeys(key)},
			HostKeyCallback: gossh.InsecureIgnoreHostKey(), Timeout: patience}) // #nosec G106 -- a server of the test's own
		if err == nil {
			return client, nil
		}
	}
	return nil, err
}

// console120 opens a console in a window of 120×40, at its start if link is empty.
func console120(client *gossh.Client, link string, sent *atomic.Int64) (*screenOf, error) {
	session, err := client.NewSession()
	if err != nil {
		return nil, err
	}
	keys, err := session.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := session.StdoutPipe()
	if err != nil {
		return nil, err
	}
	start := session.Shell
	if link != "" {
		start = func() error { return session.Start(link) }
	}
	if err := errors.Join(session.RequestPty("xterm-256color", 40, 120, nil), start()); err != nil {
		return nil, err
	}
	one := &screenOf{keys: keys, came: make(chan int, 1024), ends: make(chan struct{})}
	go func() {
		defer close(one.ends)
		chunk := make([]byte, 64<<10)
		for {
			n, err := out.Read(chunk)
			sent.Add(int64(n))
			one.sent.Add(int64(n))
			if err != nil {
				return
			}
			select {
			case one.came <- n:
			default: // nobody waits
			}
		}
	}()
	return one, nil
}

// quiet waits until nothing has come for a while.
func (s *screenOf) quiet(d time.Duration) {
	for {
		select {
		case <-s.came:
		case <-s.ends:
			return
		case <-time.After(d):
			return
		}
	}
}

// timeKeys presses keys that move the cursor, each when the frame of the one before has come, at times that have nothing to do with
// when the server draws. It returns the 95th percentile in milliseconds, and the bytes of one frame.
func (s *screenOf) timeKeys(n int) []float64 {
	times := make([]time.Duration, n)
	before := s.sent.Load()
	for i := range times {
		begun := time.Now()
		_, _ = io.WriteString(s.keys, []string{"j", "k"}[i%2])
		<-s.came
		times[i] = time.Since(begun)
		s.quiet(time.Duration(31+i*7%23) * time.Millisecond)
	}
	slices.Sort(times)
	return []float64{float64(times[n*95/100].Microseconds()) / 1000, float64(s.sent.Load()-before) / float64(n)}
}

// visit opens and leaves consoles, eight at a time on one connection.
func (c clients) visit(key gossh.Signer, n int, sent *atomic.Int64) error {
	const together = 8
	var all sync.WaitGroup
	failed := make(chan error, n)
	for done := 0; done < n; done += together {
		client, err := c.dial(key)
		if err != nil {
			return err
		}
		for range min(together, n-done) {
			all.Go(func() {
				one, err := console120(client, "", sent)
				if err != nil {
					failed <- err
					return
				}
				<-one.came
				_, err = io.WriteString(one.keys, "q")
				<-one.ends
				failed <- err
			})
		}
		all.Wait()
		if err := client.Close(); err != nil {
			return err
		}
	}
	close(failed)
	var err error
	for one := range failed {
		err = errors.Join(err, one)
	}
	return err
}
