package source

import (
	"fmt"
	"strings"
	"testing"
)

func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		read  func(string) (place, bool)
		value string
		want  string // empty for what is none
	}{
		{hostPort, "db:3306", "db:3306"}, {hostPort, "db.internal.:1", "db.internal.:1"}, {hostPort, "10.0.0.1:65535", "10.0.0.1:65535"},
		{hostPort, "[::1]:5432", "[::1]:5432"}, {hostPort, "a_b:1", "a_b:1"},
		{hostPort, "", ""}, {hostPort, "db", ""}, {hostPort, ":3306", ""}, {hostPort, "db:", ""}, {hostPort, "db:0", ""}, {hostPort, "db:65536", ""},
		{hostPort, "db:-1", ""}, {hostPort, "db:+1", ""}, {hostPort, "db:http", ""}, {hostPort, "::1:5432", ""}, {hostPort, "[::1:5432", ""},
		{hostPort, "[10.0.0.1]:1", ""}, {hostPort, "-a:1", ""}, {hostPort, "a..b:1", ""}, {hostPort, "a b:1", ""}, {hostPort, "a/b:1", ""},
		{hostPort, "u@h:1", ""}, {hostPort, strings.Repeat("a", 64) + ":1", ""}, {hostPort, "datenbank-größe:1", ""},
		{endpointPlace, "oss.com", "oss.com:443"}, {endpointPlace, "http://oss.com", "oss.com:80"}, {endpointPlace, "HTTPS://oss.com/", "oss.com:443"},
		{endpointPlace, "https://oss.com:8443", "oss.com:8443"}, {endpointPlace, "minio:9000", "minio:9000"}, {endpointPlace, "https://[::1]:9000", "[::1]:9000"},
		{endpointPlace, "ftp://oss.com", ""}, {endpointPlace, "https://u@oss.com", ""}, {endpointPlace, "https://oss.com/b", ""}, {endpointPlace, "https://", ""},
		{endpointPlace, "https://oss.com?x=1", ""}, {endpointPlace, "https://oss.com:99999", ""},
		{jdbcPlace, "jdbc:oracle:thin:@db:1521:ORCL", "db:1521"}, {jdbcPlace, "jdbc:oracle:thin:@//db:1521/sales", "db:1521"},
		{jdbcPlace, "jdbc:oracle:thin:@//[::1]:1521/sales", "[::1]:1521"}, {jdbcPlace, "jdbc:oracle:thin:@db:1521/sales", "db:1521"},
		{jdbcPlace, "jdbc:oracle:thin:@db:1521:", ""}, {jdbcPlace, "jdbc:oracle:thin:@//db:1521/", ""}, {jdbcPlace, "jdbc:oracle:thin:@", ""},
		{jdbcPlace, "jdbc:mysql://db:3306/x", ""}, {jdbcPlace, "jdbc:oracle:thin:@db", ""},
	} {
		got, ok := c.read(c.value)
		if said := fmt.Sprint(got); ok != (c.want != "") || ok && said != c.want {
			t.Errorf("%q is %s %v, want %q", c.value, said, ok, c.want)
		}
	}
}

func TestTypesAreRead(t *testing.T) {
	for name, c := range map[string]string{
		"no code":        "types: [{name: x, properties: [{name: a, kind: host}]}]",
		"code twice":     "types: [{code: x, properties: [{name: a, kind: host}]}, {code: x, properties: [{name: a, kind: host}]}]",
		"no such kind":   "types: [{code: x, properties: [{name: a, kind: number}]}]",
		"no choices":     "types: [{code: x, properties: [{name: h, kind: host}, {name: a, kind: choice}]}]",
		"nowhere":        "types: [{code: x, properties: [{name: a, kind: text}]}]",
		"twice":          "types: [{code: x, properties: [{name: a, kind: host}, {name: a, kind: host}]}]",
		"an odd key":     "types: [{code: x, propertys: []}]",
		"no YAML at all": "types: [",
	} {
		if _, err := LoadTypes([]byte(c)); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}
