package tcp_test

import (
	"net"
	"net/netip"
	"testing"

	"reeve/core/source/tcp"
)

func TestNetwork(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	to := netip.MustParseAddrPort(l.Addr().String())
	var n tcp.Network
	if addrs, _, err := n.Resolve(t.Context(), "127.0.0.1"); err != nil || len(addrs) != 1 || addrs[0] != to.Addr() {
		t.Errorf("an address resolves to %v (%v)", addrs, err)
	}
	if _, err := n.Connect(t.Context(), to); err != nil {
		t.Errorf("what listens was not reached: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Connect(t.Context(), to); err == nil {
		t.Error("what no longer listens was reached")
	}
	if _, _, err := n.Resolve(t.Context(), "no-such-host.invalid"); err == nil {
		t.Error("a name of nothing resolves")
	}
}
