// Package leaving is the one act by which somebody leaves the tenant: all that they hold is shown, each thing is handed to a
// successor or given up, and it is done in one go, or not at all.
package leaving

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"reeve/core/access"
	"reeve/core/control"
)

// Kind is a kind of thing that somebody holds.
type Kind string

// The kinds, in the order in which they are handed over. They are taken away in the opposite order: an engine account is nobody's
// without the membership, a role is not held without it either.
const (
	Group         Kind = "group"       // is in a user group, and holds what it holds
	Membership    Kind = "member"      // of a workspace
	Role          Kind = "role"        // in a workspace
	EngineAccount Kind = "account"     // of an engine, for the member
	Identity      Kind = "identity"    // as which the tasks of an engine run in an environment
	TenantRole    Kind = "tenant-role" // in a region
	Policy        Kind = "policy"      // attached
	Login         Kind = "login"       // the operating-system user who acts as them
	Key           Kind = "key"         // by which they sign in
	Contact       Kind = "contact"     // the e-mail address or the phone number by which they are reached
	Request       Kind = "request"     // for access, which waits to be decided
	Token         Kind = "token"       // of another program, which they made
)

// personal tells of what is nobody else's to have. The documentation of the vendor's entity transfer knows of none of it; that keys,
// contacts and requests go with the person is ours.
func (k Kind) personal() bool {
	return k == Login || k == Key || k == Contact || k == Request || k == Token
}

// Kinds are all of them in order.
func Kinds() []Kind {
	return []Kind{Group, Membership, Role, EngineAccount, Identity, TenantRole, Policy, Login, Key, Contact, Request, Token}
}

// Item is one thing that somebody holds.
type Item struct {
	// ID names it among what one person holds: role:cn-hangzhou/sales_dw/role_project_dev.
	ID   string `json:"id"`
	Kind Kind   `json:"kind"`
	// Region and Workspace say where, as far as it is anywhere.
	Region    string             `json:"region"`
	Workspace string             `json:"workspace"`
	Place     access.WorkspaceID `json:"-"`
	// Binned says that the workspace is in the bin.
	Binned bool `json:"binned"`
	// Name is what it is called: a role's code, a policy's, a group's, an engine's name, a login, the fingerprint of
	// a key, email or phone, the number of a request, a token's name. Detail is the account of an engine, dev or prod for an identity, the
	// name of a custom role, the comment of a key, an address or a number, what a request asks for, what a token is for.
	Name   string     `json:"name"`
	Detail string     `json:"detail"`
	Until  *time.Time `json:"until"`
	// Thing is the id of the role, policy, group, engine or request.
	Thing int64 `json:"-"`
	// Administers marks a role that manages its workspace without an end.
	Administers bool `json:"-"`
	// Upstream says that it is what the directory source of the person says, which is changed there.
	Upstream bool `json:"-"`

	// Receiver is who gets it, empty where it is given up; Why says by which rule.
	Receiver string `json:"receiver"`
	Why      Why    `json:"why"`
	to       access.Principal
}

// Why is the rule by which a receiver was found.
type Why string

// The rules, in their order. The documentation of the vendor's entity transfer states it for what a removed member owns: the
// member designated, a workspace administrator, a tenant administrator, who never is the account, and the account; among several
// the one added first.
const (
	Designated     Why = "designated"
	WorkspaceAdmin Why = "workspace-admin"
	TenantAdmin    Why = "tenant-admin"
	// GivenUp is everything that ends with the person: nobody needs it but them, or nobody is there to have it.
	GivenUp Why = "given-up"
	// Needed is the role of the last administrator of a workspace, for which nobody is named or found: it cannot be given up.
	Needed Why = "needed"
	// HasOwn is an engine account whose receiver has one already, which stays.
	HasOwn Why = "has-own"
	// Upstream is a contact that stays, for it comes from the directory source of the person.
	Upstream Why = "upstream"
	// LivesOn is a token: the program that uses it needs it whoever made it, so it goes on until it is over or is taken away.
	LivesOn Why = "lives-on"
)

// Choice says what is to become of one item.
type Choice struct {
	// Item is the id of an item; To a name, or empty to give it up.
	Item, To string
}

// Leave is how somebody leaves.
type Leave struct {
	User string
	// To gets everything that can be handed over and that no choice is about; empty for nobody.
	To      string
	Choices []Choice
	// Seen is the fingerprint of the inventory that was shown, and Stamps what Inventory.Stamps said of it: when they hold something
	// else now, nothing is done. Without Seen whatever they hold is dealt with.
	Seen   string
	Stamps map[string]string
}

// Inventory is all that somebody holds, with what is to become of it.
type Inventory struct {
	User  string `json:"user"`
	Items []Item `json:"items"`
	// Fingerprint stands for what they hold, whatever is to become of it.
	Fingerprint string `json:"fingerprint"`

	who access.Principal
}

// Stamps are what an inventory holds by the ids of its items, to find out what changed.
func (i Inventory) Stamps() map[string]string {
	stamps := make(map[string]string, len(i.Items))
	for _, it := range i.Items {
		end := ""
		if it.Until != nil {
			end = it.Until.UTC().Format(time.RFC3339)
		}
		stamps[it.ID] = it.Detail + "|" + end
	}
	return stamps
}

func (i *Inventory) stamp() error {
	data, err := json.Marshal(i.Stamps()) // the keys of a map are written in order
	sum := sha256.Sum256(data)
	i.Fingerprint = hex.EncodeToString(sum[:8])
	return err
}

// Store is what this area needs of storage. Every method takes part in the transaction that its context carries.
type Store interface {
	// Named finds a principal by name; fault.NotFound (what: user) with near names otherwise.
	Named(ctx context.Context, name string) (access.Principal, error)
	// Holdings are what somebody holds themselves, by grants in force at now, in the order of Kinds and then by place and name.
	Holdings(ctx context.Context, p access.PrincipalID, now time.Time) ([]Item, error)
	// Administrator is who was added first among the active people who administer a workspace without an end by a role of their own, without
	// its owner and without one person; ok is false if there is nobody.
	Administrator(ctx context.Context, ws access.WorkspaceID, without access.PrincipalID) (p access.Principal, ok bool, err error)
	// TenantAdministrator is which active person was first made tenant administrator of a region without an end, without the account and
	// without one person.
	TenantAdministrator(ctx context.Context, region string, without access.PrincipalID) (p access.Principal, ok bool, err error)
	// AdministratorsBeside is as in the area of members.
	AdministratorsBeside(ctx context.Context, ws access.WorkspaceID, without []access.PrincipalID) (int, error)
	// OwnsWorkspace says whether somebody owns a workspace, and HasAccount whether they work with an account of an engine.
	OwnsWorkspace(ctx context.Context, ws access.WorkspaceID, p access.PrincipalID) (bool, error)
	HasAccount(ctx context.Context, engine int64, p access.PrincipalID) (bool, error)
	// TakeBinned takes somebody out of a workspace that is in the bin, and out of the identities of its engines: no act reaches it there.
	TakeBinned(ctx context.Context, ws access.WorkspaceID, p access.Principal) error
}

// Given is a role or a policy with its end; zero is open ended.
type Given struct {
	Name  string
	Until time.Time
}

// Areas are the acts by which things are handed over and taken away one by one. Each goes through the gate by itself, with its own
// check of rights and its own entry.
type Areas interface {
	// Join makes somebody a member with the roles, which may be none, besides those they hold; of two ends the later one stays.
	Join(ctx context.Context, ref control.Ref, user string, roles []Given) error
	// Part takes a member out of a workspace, with the roles and the accounts of engines there.
	Part(ctx context.Context, ref control.Ref, user string) error
	MapAccount(ctx context.Context, ref control.Ref, engine, user, account string) error
	// Identify makes the tasks of an engine run as somebody in an environment, dev or prod, or as nobody said where user is empty.
	Identify(ctx context.Context, ref control.Ref, engine, environment, user string) error
	// GrantTenantRole and Attach leave the later of two ends.
	GrantTenantRole(ctx context.Context, region, user string, role Given) error
	RevokeTenantRoles(ctx context.Context, region, user string, roles []string) error
	Attach(ctx context.Context, policy Given, user string) error
	Detach(ctx context.Context, policy, user string) error
	// Regroup takes somebody out of a user group, and puts another in their place unless that is empty.
	Regroup(ctx context.Context, group, out, in string) error
	// Unmap takes the login from somebody, RemoveKey a key, and ClearContacts the e-mail address and the phone number.
	Unmap(ctx context.Context, user string) error
	RemoveKey(ctx context.Context, user, fingerprint string) error
	ClearContacts(ctx context.Context, user string) error
	// Withdraw takes back what somebody has asked for.
	Withdraw(ctx context.Context, request int64) error
	// Delete takes principals away who hold nothing more.
	Delete(ctx context.Context, users []string) error
	// Disable disables who holds nothing more; changed is false for who was disabled already.
	Disable(ctx context.Context, user string) (changed bool, err error)
}
