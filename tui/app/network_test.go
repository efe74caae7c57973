package app_test

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"time"
)

// fakeNetwork is a network in which every name is known and what is called closed does not answer.
type fakeNetwork struct{}

func (fakeNetwork) Resolve(_ context.Context, host string) ([]netip.Addr, time.Duration, error) {
	addr := "10.0.0.7"
	if strings.Contains(host, "closed") {
		addr = "10.0.0.8"
	}
	return []netip.Addr{netip.MustParseAddr(addr)}, 3 * time.Millisecond, nil
}

func (fakeNetwork) Connect(_ context.Context, to netip.AddrPort) (time.Duration, error) {
	if to.Addr() == netip.MustParseAddr("10.0.0.8") {
		return 5 * time.Second, errors.New("dial tcp 10.0.0.8:6379: connect: connection refused")
	}
	return 12 * time.Millisecond, nil
}
