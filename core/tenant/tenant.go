// Package tenant is the tenant itself: one to a database, owned by the account, made once.
package tenant

import (
	"context"
	"fmt"
	"strings"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/edition"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Tenant is the record.
type Tenant struct {
	Name      string             `json:"name"`
	Owner     string             `json:"owner"`
	OwnerID   access.PrincipalID `json:"-"`
	CreatedAt time.Time          `json:"created_at"`
	Regions   []Region           `json:"regions"`
}

// Region is a region to activate.
type Region struct {
	ID      string          `json:"id"`
	Edition edition.Edition `json:"edition"`
	// Default makes the default workspace of the region, too.
	Default bool `json:"default_workspace"`
}

// Setup is what the first run asks for.
type Setup struct {
	Tenant, Owner string
	Regions       []Region
	// OSUser, if not empty, is the operating-system user who acts as the owner by default.
	OSUser string
}

// Store is what this area needs of storage.
type Store interface {
	// Get returns the tenant; ok is false in a new database.
	Get(ctx context.Context) (t Tenant, ok bool, err error)
	// Init makes the tenant, the account and the regions, and returns the account.
	Init(ctx context.Context, s Setup, at time.Time) (owner access.Principal, err error)
	// Acting finds who acts when nobody says so: the principal mapped to an operating-system user, else the owner.
	Acting(ctx context.Context, osUser string) (access.Principal, error)
	// Named finds a principal by name; fault.NotFound with near names otherwise.
	Named(ctx context.Context, name string) (access.Principal, error)
	// Rule is how several roles add up in this tenant.
	Rule(ctx context.Context) (access.Policy, error)
	// SetRule changes it.
	SetRule(ctx context.Context, rule access.Policy) error
}

// Service is the area's acts.
type Service struct {
	gate  *control.Gate
	store Store
	// known says whether a region id exists; near gives near ones.
	known    func(id string) error
	defaults Defaults
}

// Defaults makes the default workspace of a region, and returns its name; empty if there is one.
type Defaults interface {
	Make(ctx context.Context, region string, by access.PrincipalID) (name string, err error)
}

// New makes the service. known fails with fault.NotFound for a region that the vendor's list does not have. defaults may be
// nil: regions then have no default workspaces.
func New(gate *control.Gate, store Store, known func(id string) error, defaults Defaults) *Service {
	return &Service{gate: gate, store: store, known: known, defaults: defaults}
}

// nameRule is ours: what a tenant is called is not part of the console.
var nameRule = text.Rule{Min: 1, Max: 60}

// NameFault says what is wrong with a tenant's name by itself.
func NameFault(name string) (message.Text, bool) {
	t, ok := nameRule.Check(strings.TrimSpace(name))
	return t, !ok
}

// Init makes the tenant in a new database. It is the one act that nobody needs to be anybody for; it works once.
func (s *Service) Init(ctx context.Context, in Setup) (Tenant, error) {
	return control.Do(ctx, s.gate, control.Change[Tenant]{
		Action: action.TenantInit,
		Check: func(context.Context, control.Target) ([]fault.Field, error) {
			return in.Check(s.gate.Editions(), s.known), nil
		},
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[Tenant], error) {
			none := control.Applied[Tenant]{}
			there, ok, err := s.store.Get(ctx)
			if err != nil {
				return none, err
			}
			if ok {
				return none, &fault.Refused{Reason: message.Text{ID: "fault.tenant.exists", Args: message.Args{"Name": there.Name}},
					Way: message.Text{ID: "fault.tenant.exists.next"}}
			}
			owner, err := s.store.Init(ctx, in, s.gate.Now())
			if err != nil {
				return none, err
			}
			for _, r := range in.Regions {
				if !r.Default || s.defaults == nil {
					continue
				}
				if _, err := s.defaults.Make(ctx, r.ID, owner.ID); err != nil {
					return none, err
				}
			}
			t := Tenant{Name: in.Tenant, Owner: owner.Name, OwnerID: owner.ID, CreatedAt: s.gate.Now(), Regions: in.Regions}
			return control.Applied[Tenant]{Value: t, After: t, Target: &control.Target{Kind: "tenant", Name: in.Tenant}}, nil
		},
	})
}

// Check lists what is wrong with the input. It needs no database, so that a face can ask before it makes one.
func (in Setup) Check(editions edition.Catalogue, known func(region string) error) []fault.Field {
	var bad []fault.Field
	if what, wrong := NameFault(in.Tenant); wrong {
		bad = append(bad, fault.Field{Name: "tenant", Text: what})
	}
	if what, ok := control.PrincipalName().Check(in.Owner); !ok {
		bad = append(bad, fault.Field{Name: "owner", Text: what})
	}
	if len(in.Regions) == 0 {
		bad = append(bad, fault.Field{Name: "region", Text: message.Text{ID: "fault.region.none"}})
	}
	seen := map[string]bool{}
	for _, r := range in.Regions {
		switch _, err := editions.Parse(string(r.Edition)); {
		case seen[r.ID]:
			bad = append(bad, fault.Field{Name: "region", Text: message.Text{ID: "fault.region.twice", Args: message.Args{"Region": r.ID}}})
		case known(r.ID) != nil:
			bad = append(bad, fault.Field{Name: "region", Text: message.Text{ID: "fault.region.unknown", Args: message.Args{"Region": r.ID}}})
		case err != nil:
			bad = append(bad, fault.Field{Name: "region", Text: message.Text{ID: "fault.edition.unknown", Args: message.Args{"Edition": string(r.Edition)}}})
		}
		seen[r.ID] = true
	}
	return bad
}

// Who finds the principal that a face acts as when it has no proof of its own: the one named, or the one mapped to the
// operating-system user, or the owner. It decides nothing; whoever can open the database file can be anybody in it. ok is
// false in a database without a tenant.
func Who(ctx context.Context, store Store, named, osUser string) (p access.Principal, t Tenant, ok bool, err error) {
	if t, ok, err = store.Get(ctx); err != nil || !ok {
		return p, t, ok, err
	}
	if named != "" {
		p, err = store.Named(ctx, named)
	} else {
		p, err = store.Acting(ctx, osUser)
	}
	if err != nil {
		return p, t, ok, fmt.Errorf("finding who is asking: %w", err)
	}
	return p, t, ok, nil
}
