package engine

import (
	"encoding/json"

	"reeve/core/access"
	"reeve/core/text"
)

// types are the codes of the kinds of engines, as they stand in commands and files.
func types() map[access.EngineType]string {
	return map[access.EngineType]string{
		access.MaxCompute: "maxcompute", access.EMR: "emr", access.CDH: "cdh", access.OtherEngine: "other",
	}
}

// TypeCode is the code of a kind of engine: maxcompute, emr, cdh or other; empty for none of them.
func TypeCode(t access.EngineType) string { return types()[t] }

// ParseType finds a kind of engine by its code, in any case.
func ParseType(code string) (access.EngineType, bool) {
	for t, c := range types() {
		if text.Fold(code) == c {
			return t, true
		}
	}
	return 0, false
}

// record is an engine as JSON.
type record struct {
	ID           uint32           `json:"id"`
	Name         string           `json:"name"`
	Type         string           `json:"type"`
	DevIdentity  string           `json:"dev_identity"`
	ProdIdentity string           `json:"prod_identity"`
	Roles        []roleRecord     `json:"role_mappings"`
	Accounts     []AccountMapping `json:"account_mappings"`
	Version      int64            `json:"version"`
}

type roleRecord struct {
	RoleMapping
	Fixed bool `json:"fixed"`
}

// MarshalJSON writes the engine with its mappings, for the audit and for commands.
func (e Engine) MarshalJSON() ([]byte, error) {
	r := record{e.ID, e.Name, TypeCode(e.Type), e.DevIdentity, e.ProdIdentity, []roleRecord{}, []AccountMapping{}, e.Version}
	for _, m := range e.Roles {
		r.Roles = append(r.Roles, roleRecord{m, m.Fixed()})
	}
	r.Accounts = append(r.Accounts, e.Accounts...)
	return json.Marshal(r)
}

// UnmarshalJSON reads what MarshalJSON wrote, for answers kept under a request id.
func (e *Engine) UnmarshalJSON(data []byte) error {
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		return err
	}
	kind, _ := ParseType(r.Type)
	*e = Engine{Engine: access.Engine{ID: r.ID, Name: r.Name, Type: kind, DevIdentity: r.DevIdentity, ProdIdentity: r.ProdIdentity},
		Accounts: r.Accounts, Version: r.Version}
	for _, m := range r.Roles {
		m.Kind = access.Custom
		if m.Fixed {
			m.Kind = access.Builtin
		}
		e.Roles = append(e.Roles, m.RoleMapping)
	}
	return nil
}
