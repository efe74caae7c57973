package access

import (
	"bytes"
	"encoding/json"
)

// The form of a policy in JSON, in the order in which it is written.
type documentForm struct {
	Version   string          `json:"Version"`
	Statement []statementForm `json:"Statement"`
}

type statementForm struct {
	Effect    string                          `json:"Effect"`
	Action    oneOrMany                       `json:"Action"`
	Resource  oneOrMany                       `json:"Resource"`
	Condition map[string]map[string]oneOrMany `json:"Condition,omitempty"`
}

// oneOrMany is written as one text where there is one, as a list otherwise.
type oneOrMany []string

// MarshalJSON writes the texts as they are, without the escapes of HTML.
func (l oneOrMany) MarshalJSON() ([]byte, error) {
	if len(l) == 1 {
		return plainJSON(l[0], "")
	}
	return plainJSON([]string(l), "")
}

// FormatDocument writes the statements in their one canonical form, which
// ParseDocument reads back as they are.
func FormatDocument(d Document) []byte {
	form := documentForm{Version: documentVersion, Statement: []statementForm{}}
	for _, s := range d.Statements {
		one := statementForm{Effect: effectAllow, Action: s.Actions, Resource: s.Resources}
		if s.Deny {
			one.Effect = effectDeny
		}
		if len(s.Scopes) > 0 {
			one.Condition = map[string]map[string]oneOrMany{conditionEquals: {conditionScope: s.Scopes}}
		}
		form.Statement = append(form.Statement, one)
	}
	text, err := plainJSON(form, "  ")
	if err != nil {
		// Texts, lists and objects of texts can always be written.
		return nil
	}
	return text
}

func plainJSON(value any, indent string) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	err := encoder.Encode(value)
	return buffer.Bytes(), err
}
