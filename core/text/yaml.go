package text

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// bareYAML is text that no reader of YAML can take for anything but text; the words that some take for truth are excluded below.
var bareYAML = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./@-]*$`)

// YAML writes text as one scalar of YAML on one line: as it is where nothing can take it for anything else, otherwise in double
// quotes, with characters that a terminal acts on or that cannot be seen escaped.
func YAML(s string) string {
	if bareYAML.MatchString(s) {
		switch strings.ToLower(s) {
		case "true", "false", "yes", "no", "on", "off", "null", "y", "n":
		default:
			return s
		}
	}
	data, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	var b strings.Builder
	for _, r := range string(data) {
		if Unsafe(r) {
			b.WriteString(YAMLEscape(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// YAMLEscape writes a character as YAML does, which knows no halves.
func YAMLEscape(r rune) string {
	if r > 0xffff {
		return fmt.Sprintf(`\U%08X`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
