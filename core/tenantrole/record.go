package tenantrole

import (
	"encoding/json"
	"time"

	"reeve/core/access"
)

// record is a role as JSON.
type record struct {
	ID           uint32     `json:"id"`
	Code         string     `json:"code"`
	Name         string     `json:"name"`
	Kind         string     `json:"type"`
	Region       string     `json:"region"`
	Capabilities []string   `json:"capabilities"`
	Everything   bool       `json:"everything"`
	Assignable   bool       `json:"assignable"`
	Holders      int        `json:"members"`
	CreatedAt    *time.Time `json:"created_at"`
	CreatedBy    string     `json:"created_by"`
	Modified     *time.Time `json:"modified_at"`
	By           string     `json:"modified_by"`
	Version      int64      `json:"version"`
}

// The kinds of roles in JSON.
const (
	kindBuiltin = "built-in"
	kindCustom  = "custom"
)

// MarshalJSON writes the role with the codes of its capabilities, for the audit and for commands.
func (r Role) MarshalJSON() ([]byte, error) {
	codes := []string{}
	for _, c := range r.Capabilities.List() {
		codes = append(codes, c.Code())
	}
	kind := kindCustom
	if r.Kind == access.Builtin {
		kind = kindBuiltin
	}
	return json.Marshal(record{uint32(r.ID), r.Code, r.Name, kind, r.Region, codes, r.Everything, r.Assignable, r.Holders,
		orNil(r.CreatedAt), r.CreatedBy, orNil(r.ModifiedAt), r.ModifiedBy, r.Version})
}

// UnmarshalJSON reads what MarshalJSON wrote, for answers kept under a request id.
func (r *Role) UnmarshalJSON(data []byte) error {
	var v record
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	*r = Role{TenantRole: access.TenantRole{ID: access.TenantRoleID(v.ID), Code: v.Code, Name: v.Name, Kind: access.Custom,
		Region: v.Region, Everything: v.Everything, Assignable: v.Assignable},
		Holders: v.Holders, CreatedBy: v.CreatedBy, ModifiedBy: v.By, Version: v.Version}
	if v.Kind == kindBuiltin {
		r.Kind = access.Builtin
	}
	if v.Assignable {
		r.GrantedBy = access.TenantAdministrators
	}
	if v.CreatedAt != nil {
		r.CreatedAt = *v.CreatedAt
	}
	if v.Modified != nil {
		r.ModifiedAt = *v.Modified
	}
	for _, code := range v.Capabilities {
		c, err := access.ParseCapability(code)
		if err != nil {
			return err
		}
		r.Capabilities = r.Capabilities.With(c)
	}
	return nil
}

func orNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
