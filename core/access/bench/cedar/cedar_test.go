// Package cedar lets Cedar answer what core/access answers: a second opinion by
// an engine that was built, and proved, by others.
package cedar

import (
	_ "embed"
	"fmt"
	"os"
	"strings"
	"testing"

	cedargo "github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"

	"reeve/core/access"
)

//go:embed access.cedar
var rules string

const (
	// A million in the long run, which -short leaves out unless REEVE_LONG=1.
	longRun  = 1_000_000
	shortRun = 50_000
	// perWorld keeps worlds many: what differs lies between worlds rather than
	// between the questions about one.
	perWorld = 500
)

// TestCedarAgrees asks both about random worlds, in all three planes.
func TestCedarAgrees(t *testing.T) {
	questions := longRun
	if testing.Short() && os.Getenv("REEVE_LONG") != "1" {
		questions = shortRun
	}
	shipped := loadBuiltins(t)
	asked, allowed := map[string]int{}, map[string]int{}
	worlds := questions / perWorld
	for seed := range worlds {
		c := newChance(seed)
		st := c.world(shipped)
		both := newOpinions(t, st)
		for range perWorld {
			q := c.question(st)
			reeve, cedar := q.reeve(both.snapshot), both.cedar(t, q)
			if reeve != cedar {
				t.Errorf("world %d (policy %d): %s: reeve says %v, Cedar %v", seed, st.Policy, q.about, reeve, cedar)
			}
			asked[q.kind]++
			if reeve {
				allowed[q.kind]++
			}
		}
		if t.Failed() {
			t.Fatal("stopped at the first world with a disagreement")
		}
	}
	total := 0
	for _, kind := range kinds() {
		share := float64(allowed[kind]) / float64(max(asked[kind], 1))
		if share < 0.05 || share > 0.95 {
			t.Errorf("%s: %d of %d allowed: the questions are one-sided", kind, allowed[kind], asked[kind])
		}
		t.Logf("%-20s %8d asked, %4.1f %% allowed", kind, asked[kind], 100*share)
		total += asked[kind]
	}
	t.Logf("%d questions about %d worlds, 0 disagreements", total, worlds)
}

// opinions is one state, ready to be asked about in both ways.
type opinions struct {
	snapshot *access.Snapshot
	policies *cedargo.PolicySet
	entities types.EntityMap
	strict   types.Boolean
}

func newOpinions(t *testing.T, st access.State) opinions {
	t.Helper()
	snapshot, err := access.Compile(st)
	if err != nil {
		t.Fatal(err)
	}
	policies, err := policySet(rules, st)
	if err != nil {
		t.Fatal(err)
	}
	return opinions{snapshot, policies, entitiesOf(st), st.Policy == access.Strict}
}

// cedar asks Cedar. A policy that cannot be evaluated is a fault of this test.
func (o opinions) cedar(t *testing.T, q question) bool {
	t.Helper()
	context := types.RecordMap{"strict": o.strict}
	for key, value := range q.context {
		context[types.String(key)] = types.String(value)
	}
	decision, diagnostic := cedargo.Authorize(o.policies, o.entities, cedargo.Request{
		Principal: q.principal, Action: uid("Action", q.action), Resource: q.resource, Context: types.NewRecord(context),
	})
	if len(diagnostic.Errors) > 0 {
		t.Fatalf("%s: %v", q.about, diagnostic.Errors)
	}
	return decision == cedargo.Allow
}

// question is one question in the words of both.
type question struct {
	kind      string
	about     string
	reeve     func(*access.Snapshot) bool
	principal types.EntityUID
	action    string
	resource  types.EntityUID
	context   map[string]string
}

func kinds() []string {
	return []string{"workspace", "administers", "capability", "global module", "administers tenant", "console"}
}

// question asks about what exists mostly, and about what does not now and then.
func (c chance) question(st access.State) question {
	who := access.PrincipalID(77)
	if !c.oneIn(20) {
		who = pick(c, st.Principals).ID
	}
	q := question{principal: principal(who)}
	switch c.IntN(12) {
	case 0:
		c.askAdministers(&q, st, who)
	case 1, 2:
		c.askCapability(&q, who)
	case 3, 4:
		c.askGlobal(&q, who)
	case 5:
		c.askTenantAdministrator(&q, who)
	case 6, 7:
		c.askConsole(&q, who)
	default:
		c.askWorkspace(&q, st, who)
	}
	return q
}

func (c chance) workspace(st access.State) access.WorkspaceID {
	if c.oneIn(20) {
		return 77
	}
	return pick(c, st.Workspaces).ID
}

func (c chance) region() string { return pick(c, append(regions(), "")) }

func (c chance) level() access.Level {
	return pick(c, []access.Level{access.Read, access.Write, access.Read, access.Write, access.None, access.Write + 1})
}

func (c chance) askWorkspace(q *question, st access.State, who access.PrincipalID) {
	ask := access.Question{Principal: who, Workspace: c.workspace(st), Module: pick(c, access.WorkspaceModules()), Level: c.level()}
	module := ask.Module.Code()
	if c.oneIn(20) { // of another plane: a workspace has no cell for it
		ask.Module = pick(c, access.GlobalModules())
		module = "global " + ask.Module.Code()
	}
	q.kind, q.about = "workspace", fmt.Sprintf("%+v", ask)
	q.reeve = func(s *access.Snapshot) bool { return s.Decide(ask) }
	q.action, q.resource = ask.Level.String(), uid("Cell", in(ask.Workspace, module))
}

func (c chance) askAdministers(q *question, st access.State, who access.PrincipalID) {
	ws := c.workspace(st)
	q.kind, q.about = "administers", fmt.Sprintf("does %d administer workspace %d", who, ws)
	q.reeve = func(s *access.Snapshot) bool { return s.Administers(ws, who) }
	q.action, q.resource = "administer", uid("Workspace", ws)
}

func (c chance) askCapability(q *question, who access.PrincipalID) {
	ask := access.TenantQuestion{Principal: who, Region: c.region(), Capability: pick(c, append(access.AllCapabilities(), 0, 15))}
	q.kind, q.about = "capability", fmt.Sprintf("%+v", ask)
	q.reeve = func(s *access.Snapshot) bool { return s.DecideTenant(ask) }
	q.action, q.resource = "use", uid("TenantCell", in(ask.Region, ask.Capability.Code()))
}

func (c chance) askGlobal(q *question, who access.PrincipalID) {
	ask := access.ModuleQuestion{Principal: who, Region: c.region(), Module: pick(c, access.GlobalModules()), Level: c.level()}
	module := ask.Module.Code()
	if c.oneIn(20) {
		ask.Module = pick(c, access.WorkspaceModules())
		module = "workspace " + ask.Module.Code()
	}
	q.kind, q.about = "global module", fmt.Sprintf("%+v", ask)
	q.reeve = func(s *access.Snapshot) bool { return s.DecideModule(ask) }
	q.action, q.resource = ask.Level.String(), uid("TenantCell", in(ask.Region, module))
}

func (c chance) askTenantAdministrator(q *question, who access.PrincipalID) {
	region := c.region()
	q.kind, q.about = "administers tenant", fmt.Sprintf("does %d administer the tenant in %q", who, region)
	q.reeve = func(s *access.Snapshot) bool { return s.AdministersTenant(region, who) }
	q.action, q.resource = "administer", uid("Region", region)
}

func (c chance) askConsole(q *question, who access.PrincipalID) {
	known := pick(c, access.ConsoleActions())
	ask := access.ConsoleQuestion{
		Principal: who,
		Action:    pick(c, []string{known.Action, known.Action, strings.ToUpper(known.Action), "bss:PayOrder", "ram:ListUsers", "dataworks:", ""}),
		Resource:  access.ARN(pick(c, regions()), known.Entity, pick(c, []string{"", "ws2", "WS7"})),
		Scope:     pick(c, []string{"", access.ScopePage, access.ScopeOpenAPI, "page"}),
	}
	if c.oneIn(20) {
		ask.Resource = pick(c, []string{"", "acs:oss:*:*:bucket/a"})
	}
	scope := ask.Scope
	if scope == "" {
		scope = access.ScopePage
	}
	q.kind, q.about = "console", fmt.Sprintf("%+v", ask)
	q.reeve = func(s *access.Snapshot) bool { return s.DecideConsole(ask) }
	q.action, q.resource = "call", uid("Console", "operations")
	q.context = map[string]string{"operation": strings.ToLower(ask.Action), "arn": ask.Resource, "scope": scope}
}
