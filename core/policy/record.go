package policy

import (
	"encoding/json"
	"time"

	"reeve/core/access"
)

// record is a policy as JSON.
type record struct {
	ID        uint32          `json:"id"`
	Name      string          `json:"name"`
	Kind      string          `json:"type"`
	Document  json.RawMessage `json:"document"`
	Attached  int             `json:"attached"`
	CreatedAt *time.Time      `json:"created_at"`
	CreatedBy string          `json:"created_by"`
	Modified  *time.Time      `json:"modified_at"`
	By        string          `json:"modified_by"`
	Version   int64           `json:"version"`
}

// The kinds of policies in JSON, as the vendor calls them.
const (
	kindSystem = "system"
	kindCustom = "custom"
)

// MarshalJSON writes the policy with its document, for the audit and for commands.
func (p Policy) MarshalJSON() ([]byte, error) {
	kind := kindCustom
	if p.System {
		kind = kindSystem
	}
	return json.Marshal(record{uint32(p.ID), p.Name, kind, access.FormatDocument(p.Document), p.Attached,
		orNil(p.CreatedAt), p.CreatedBy, orNil(p.ModifiedAt), p.ModifiedBy, p.Version})
}

// UnmarshalJSON reads what MarshalJSON wrote, for answers kept under a request id.
func (p *Policy) UnmarshalJSON(data []byte) error {
	var v record
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	doc, err := access.ParseDocument(v.Document)
	if err != nil {
		return err
	}
	doc.ID, doc.Name, doc.System = access.PolicyID(v.ID), v.Name, v.Kind == kindSystem
	*p = Policy{Document: doc, Attached: v.Attached, CreatedBy: v.CreatedBy, ModifiedBy: v.By, Version: v.Version}
	if v.CreatedAt != nil {
		p.CreatedAt = *v.CreatedAt
	}
	if v.Modified != nil {
		p.ModifiedAt = *v.Modified
	}
	return nil
}

func orNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
