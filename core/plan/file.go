package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"

	"reeve/core/fault"
	"reeve/core/message"
)

// file is a plan as it is kept in a file. The checksum finds what was edited or cut off by accident; it is no proof of who made
// the plan, and needs to be none: to apply one takes the rights to every step.
type file struct {
	Format   string          `json:"format"`
	Version  int             `json:"version"`
	Checksum string          `json:"checksum"`
	Plan     json.RawMessage `json:"plan"`
}

// format tells plan files from other JSON.
const format = "reeve-plan"

// Format writes a plan as a file.
func Format(p Plan) ([]byte, error) {
	body, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(file{Format: format, Version: Version, Checksum: checksum(body), Plan: body}, "", "  ")
}

// checksum is of the plan without the spaces between its parts, which say nothing.
func checksum(body []byte) string {
	var compact bytes.Buffer
	if err := json.Compact(&compact, body); err != nil {
		return ""
	}
	sum := sha256.Sum256(compact.Bytes())
	return hex.EncodeToString(sum[:])
}

// Parse reads what Format wrote. What is no plan file, is one of another version, or was altered, is refused with a fault.
func Parse(data []byte) (Plan, error) {
	var p Plan
	var f file
	if err := strictly(data, &f); err != nil || f.Format != format {
		return p, fault.OneField("plan", "fault.plan.file.form", nil)
	}
	if f.Version != Version {
		return p, fault.OneField("plan", "fault.plan.file.version", message.Args{"Found": f.Version, "Version": Version})
	}
	if f.Checksum != checksum(f.Plan) {
		return p, &fault.Refused{Reason: message.Text{ID: "fault.plan.file.altered"}, Way: message.Text{ID: "fault.plan.file.again"}}
	}
	if err := strictly(f.Plan, &p); err != nil {
		return p, fault.OneField("plan", "fault.plan.file.form", nil)
	}
	return p, nil
}

// strictly reads one JSON value with no key that is not known, and nothing behind it.
func strictly(data []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more behind it")
	}
	return nil
}

func asFault(err error) (fault.Fault, bool) {
	var f fault.Fault
	ok := errors.As(err, &f)
	return f, ok
}
