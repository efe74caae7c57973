package workspace

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode"

	"reeve/core/message"
)

// MaxAllowed is how many addresses the sandbox allow-list takes. The number is ours.
const MaxAllowed = 200

// AllowedFault says what is wrong with an entry of the sandbox allow-list: an IPv4 or IPv6 address or a domain, if wanted
// with a port or a range of ports behind it (an IPv6 address then in brackets). Tasks on the shared group reach public
// addresses only; the documentation sends whoever needs internal ones to a serverless or exclusive group, so these are
// refused. That an entry may have a port is ours.
func AllowedFault(entry string) (message.Text, bool) {
	wrong := func(id string) (message.Text, bool) {
		return message.Text{ID: id, Args: message.Args{"Entry": entry}}, true
	}
	host, ports, ok := splitAllowed(entry)
	if !ok || strings.Contains(ports, "/") {
		return wrong("fault.workspace.allowed.form")
	}
	if ports != "" && !portRange(ports) {
		return message.Text{ID: "fault.workspace.allowed.port", Args: message.Args{"Entry": entry, "Port": ports}}, true
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		if ip.Zone() != "" || !public(ip) {
			return wrong("fault.workspace.allowed.internal")
		}
		return message.Text{}, false
	}
	if !domain(host) {
		return wrong("fault.workspace.allowed.form")
	}
	if lower := strings.ToLower(host); lower == "localhost" || strings.HasSuffix(lower, ".localhost") || strings.HasSuffix(lower, ".local") {
		return wrong("fault.workspace.allowed.internal")
	}
	return message.Text{}, false
}

// splitAllowed takes an entry apart. ok is false for brackets that do not fit.
func splitAllowed(entry string) (host, ports string, ok bool) {
	if rest, bracketed := strings.CutPrefix(entry, "["); bracketed {
		host, ports, ok = strings.Cut(rest, "]")
		if !ok || strings.Count(host, ":") < 2 {
			return "", "", false
		}
		if ports == "" {
			return host, "", true
		}
		ports, ok = strings.CutPrefix(ports, ":")
		return host, ports, ok && ports != ""
	}
	if strings.Count(entry, ":") > 1 { // an IPv6 address by itself
		return entry, "", true
	}
	host, ports, found := strings.Cut(entry, ":")
	return host, ports, host != "" && (!found || ports != "")
}

// portRange reads 443 or 8000-8080.
func portRange(s string) bool {
	first, last, isRange := strings.Cut(s, "-")
	from, ok := port(first)
	if !isRange {
		return ok
	}
	to, okay := port(last)
	return ok && okay && from <= to
}

func port(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 1 && n <= 65535 && strconv.Itoa(n) == s
}

// public tells of addresses that the internet routes.
func public(ip netip.Addr) bool {
	ip = ip.Unmap()
	shared := netip.MustParsePrefix("100.64.0.0/10") // of carriers, and inside the cloud
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !ip.IsLoopback() && !shared.Contains(ip)
}

// domain tells of a name of at least two labels, in letters of any script.
func domain(s string) bool {
	name := strings.TrimSuffix(strings.ToLower(s), ".")
	if name == "localhost" {
		return true // said to be internal, which it is
	}
	labels := strings.Split(name, ".")
	if len(labels) < 2 || len(name) > 253 {
		return false
	}
	for _, label := range labels {
		other := func(r rune) bool {
			return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
		}
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, other) || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
	}
	// A name that ends in a number is an address that was mistyped.
	return strings.Trim(labels[len(labels)-1], "0123456789") != ""
}
