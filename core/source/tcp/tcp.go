// Package tcp is the network as data sources are tested on it: names are looked up, and connections are opened and closed
// again without a byte being sent.
package tcp

import (
	"context"
	"net"
	"net/netip"
	"time"
)

// Network reaches what the machine it runs on reaches.
type Network struct{}

// Resolve finds the addresses of a host; an address is its own.
func (Network) Resolve(ctx context.Context, host string) ([]netip.Addr, time.Duration, error) {
	began := time.Now()
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	for i := range addrs {
		addrs[i] = addrs[i].Unmap()
	}
	return addrs, time.Since(began), err
}

// Connect opens a TCP connection and closes it again.
func (Network) Connect(ctx context.Context, to netip.AddrPort) (time.Duration, error) {
	began := time.Now()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", to.String())
	took := time.Since(began)
	if err != nil {
		return took, err
	}
	return took, conn.Close()
}
