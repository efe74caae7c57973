package tenantrole_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"reeve/core/access"
	"reeve/core/tenantrole"
)

func TestARoleComesBackFromJSON(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, r := range []tenantrole.Role{
		{TenantRole: access.TenantRole{ID: 1000, Code: "tenant_role_rs", Name: "Readers", Kind: access.Custom, Region: "cn-hangzhou",
			Capabilities: access.CapabilitySet(access.DataMapUse, access.ApprovalCenterManage), Assignable: true, GrantedBy: access.TenantAdministrators},
			Holders: 3, CreatedAt: at, CreatedBy: "root", ModifiedAt: at.Add(time.Hour), ModifiedBy: "ann", Version: 4},
		{TenantRole: access.TenantRole{ID: 1, Code: "tenant_owner", Name: "Tenant Owner", Kind: access.Builtin, Everything: true}},
	} {
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var back tenantrole.Role
		if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, r) {
			t.Errorf("%s came back as %+v (%v)", text, back, err)
		}
	}
	var r tenantrole.Role
	if err := json.Unmarshal([]byte(`{"capabilities":["data-map.fly"]}`), &r); err == nil {
		t.Error("took a capability that is none")
	}
}
