package sshd

import (
	"net"
	"sync"
	"time"

	"charm.land/ssh"
	"golang.org/x/time/rate"
)

// Limits hold everybody to what one server can bear. All of them are ours.
type Limits struct {
	// PerSecond is how many connections an address may begin in a second, Burst how many at once.
	PerSecond float64
	Burst     int
	// PerAddress is how many connections an address may have open, Connections how many all together.
	PerAddress, Connections int
	// Waiting is how many connections may be open on which nobody has signed in yet. When there are more, the one that has
	// waited longest is closed: so who opens many and says nothing keeps nobody out.
	Waiting int
	// PerUser is how many sessions one person may have, Sessions how many all together, PerConnection how many channels one
	// connection may have.
	PerUser, Sessions, PerConnection int
	// Handshake is how long signing in may take.
	Handshake time.Duration
	// Idle is how long a console is left alone before it is locked, and Grace how long it stays so before it is ended.
	Idle, Grace time.Duration
	// Total is how long a session may last at all.
	Total time.Duration
	// Width and Height bound the window, in cells: a client may name any number, and the screen is held in memory twice.
	Width, Height int
}

// DefaultLimits suit a small machine.
func DefaultLimits() Limits {
	return Limits{
		PerSecond: 20, Burst: 120, PerAddress: 220, Connections: 1000, Waiting: 64,
		PerUser: 20, Sessions: 400, PerConnection: 10,
		Handshake: 20 * time.Second, Idle: 30 * time.Minute, Grace: 5 * time.Minute, Total: 12 * time.Hour,
		Width: 400, Height: 120,
	}
}

// door counts connections.
type door struct {
	limits Limits
	now    func() time.Time

	mu      sync.Mutex
	all     int
	by      map[string]*visitor
	waiting []net.Conn // on which nobody has signed in, the oldest first
}

// visitor is an address.
type visitor struct {
	open    int
	limiter *rate.Limiter
	logged  time.Time // when it was last said that one of its connections was dropped
}

// droppedEvery is how often it is logged at most that connections of one address are dropped: who begins many is not to fill the log.
const droppedEvery = time.Minute

// loud says whether a dropped connection is to be logged.
func (v *visitor) loud(now time.Time) bool {
	if now.Sub(v.logged) < droppedEvery {
		return false
	}
	v.logged = now
	return true
}

func newDoor(l Limits, now func() time.Time) *door {
	return &door{limits: l, now: now, by: map[string]*visitor{}}
}

// addressOf is the address that a limit counts: without the port, and an IPv6 address by its network of 64 bits, because
// whoever has one address of it has all.
func addressOf(a net.Addr) string {
	host, _, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	ip := net.ParseIP(host)
	if ip == nil || ip.To4() != nil {
		return host
	}
	return ip.Mask(net.CIDRMask(64, 128)).String() + "/64"
}

// enter takes a connection, or says which limit is in its way, and whether that is to be logged. drop, if not nil, is another one to be
// closed for it.
func (d *door) enter(conn net.Conn) (drop net.Conn, reason Reason, loud bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	address := addressOf(conn.RemoteAddr())
	v, known := d.by[address]
	if !known {
		d.forget()
		v = &visitor{limiter: rate.NewLimiter(rate.Limit(d.limits.PerSecond), d.limits.Burst)}
		d.by[address] = v
	}
	switch {
	case !v.limiter.AllowN(d.now(), 1):
		return nil, ReasonTooFast, v.loud(d.now())
	case d.all >= d.limits.Connections:
		return nil, ReasonFull, v.loud(d.now())
	case v.open >= d.limits.PerAddress:
		return nil, ReasonAddressFull, v.loud(d.now())
	}
	d.all++
	v.open++
	d.waiting = append(d.waiting, conn)
	if len(d.waiting) > d.limits.Waiting {
		drop, d.waiting = d.waiting[0], d.waiting[1:]
	}
	return drop, "", false
}

// remembered bounds the addresses that are kept in mind. Those with nothing open and their full burst are forgotten first,
// which costs nothing: a new limiter is what they had.
const remembered = 10_000

func (d *door) forget() {
	if len(d.by) < remembered {
		return
	}
	now := d.now()
	for address, v := range d.by {
		if v.open == 0 && v.limiter.TokensAt(now) >= float64(d.limits.Burst) {
			delete(d.by, address)
		}
	}
}

// signedIn says that somebody is known on a connection from now on.
func (d *door) signedIn(conn net.Conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.leave(conn)
}

func (d *door) leave(conn net.Conn) {
	for i, w := range d.waiting {
		if w == conn {
			d.waiting = append(d.waiting[:i], d.waiting[i+1:]...)
			return
		}
	}
}

// closed says that a connection has ended.
func (d *door) closed(conn net.Conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.leave(conn)
	d.all--
	if v := d.by[addressOf(conn.RemoteAddr())]; v != nil {
		v.open--
	}
}

// shut closes the connections on which nobody has signed in.
func (d *door) shut() {
	d.mu.Lock()
	waiting := append([]net.Conn(nil), d.waiting...)
	d.mu.Unlock()
	for _, conn := range waiting {
		_ = conn.Close()
	}
}

// accept is the first thing that happens to a connection, before a byte of it is read.
func (s *Server) accept(ctx ssh.Context, conn net.Conn) net.Conn {
	drop, reason, loud := s.door.enter(conn)
	if drop != nil {
		s.tell(Event{Kind: EventDropped, Reason: ReasonWaiting, Address: drop.RemoteAddr().String()})
		_ = drop.Close()
	}
	if reason != "" {
		if loud {
			s.config.Log.Warn("connections are dropped", "address", conn.RemoteAddr().String(), "reason", string(reason))
		}
		s.tell(Event{Kind: EventDropped, Reason: reason, Address: conn.RemoteAddr().String()})
		return nil
	}
	s.tell(Event{Kind: EventConnected, Address: conn.RemoteAddr().String()})
	c := &counted{Conn: conn}
	c.leave = sync.OnceFunc(func() { s.closed(c) })
	ctx.SetValue(connKey{}, c)
	return c
}

// connKey is where a connection's context keeps the connection itself.
type connKey struct{}

// counted is a connection that says when it is closed, once.
type counted struct {
	net.Conn
	leave func()
	gone  bool // held by the server's lock
}

// Close implements net.Conn.
func (c *counted) Close() error {
	c.leave()
	return c.Conn.Close()
}
