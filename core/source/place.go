package source

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// place is a host and a port to be reached.
type place struct {
	host string
	port uint16
}

func (p place) String() string {
	if strings.Contains(p.host, ":") {
		return "[" + p.host + "]:" + strconv.Itoa(int(p.port))
	}
	return p.host + ":" + strconv.Itoa(int(p.port))
}

// addressPlaces reads host:port with commas between them; an IPv6 address stands in brackets.
func addressPlaces(value string) ([]place, bool) {
	var places []place
	for part := range strings.SplitSeq(value, ",") {
		p, ok := hostPort(strings.TrimSpace(part))
		if !ok {
			return nil, false
		}
		places = append(places, p)
	}
	return places, true
}

func hostPort(s string) (place, bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return place{}, false
	}
	host, okHost := hostOf(s[:i])
	port, okPort := portOf(s[i+1:])
	return place{host, port}, okHost && okPort
}

// hostOf reads a name or an address; an IPv6 address may stand in brackets and is taken out of them.
func hostOf(s string) (string, bool) {
	if inner, ok := strings.CutPrefix(s, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		addr, err := netip.ParseAddr(inner)
		return inner, ok && err == nil && addr.Is6()
	}
	if len(s) == 0 || len(s) > 253 {
		return "", false
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(s, "."), ".") {
		if !hostLabel(label) {
			return "", false
		}
	}
	return s, true
}

// hostLabel is a part of a host name: at most 63 letters, digits, hyphens and underscores, no hyphen at either end. Letters
// beyond ASCII have to be written as punycode.
func hostLabel(s string) bool {
	if len(s) == 0 || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for _, c := range s {
		if !letter(c) && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

func portOf(s string) (uint16, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	return uint16(n), err == nil && n > 0 && s[0] != '+'
}

// endpointPlace reads a host, a host:port, or a URL of http or https. Without a port it is the one of the protocol, and
// https without one.
func endpointPlace(value string) (place, bool) {
	port := uint16(443)
	if strings.Contains(value, "://") {
		u, err := url.Parse(value)
		if err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
			return place{}, false
		}
		switch strings.ToLower(u.Scheme) {
		case "https":
		case "http":
			port = 80
		default:
			return place{}, false
		}
		value = u.Host
	}
	if p, ok := hostPort(value); ok {
		return p, true
	}
	host, ok := hostOf(value)
	return place{host, port}, ok
}

// jdbcPlace reads a JDBC URL of Oracle's thin driver without user and password: @host:port:sid, or @//host:port/service.
func jdbcPlace(value string) (place, bool) {
	rest, ok := strings.CutPrefix(value, "jdbc:oracle:thin:@")
	if !ok {
		return place{}, false
	}
	end := "/"
	if service, ok := strings.CutPrefix(rest, "//"); ok {
		rest = service
	} else if !strings.Contains(rest, "/") {
		end = ":"
	}
	i := strings.LastIndex(rest, end)
	if i < 0 || i+1 == len(rest) {
		return place{}, false
	}
	return hostPort(rest[:i])
}

// places are where a connection leads to, by what its properties say. Only what was checked has any.
func (t Type) places(p Properties) []place {
	var found []place
	for _, field := range t.Properties {
		value := p[field.Name]
		if value == "" {
			continue
		}
		switch field.Kind {
		case KindAddresses:
			several, _ := addressPlaces(value)
			found = append(found, several...)
		case KindEndpoint:
			if one, ok := endpointPlace(value); ok {
				found = append(found, one)
			}
		case KindJDBC:
			if one, ok := jdbcPlace(value); ok {
				found = append(found, one)
			}
		case KindHost:
			if port, ok := t.port(p); ok {
				host, _ := hostOf(value)
				found = append(found, place{host, port})
			}
		case KindText, KindPort, KindChoice:
		}
	}
	return found
}

// port is what the property of kind port says.
func (t Type) port(p Properties) (uint16, bool) {
	for _, field := range t.Properties {
		if field.Kind == KindPort {
			return portOf(p[field.Name])
		}
	}
	return 0, false
}
