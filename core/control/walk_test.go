package control_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"reeve/assets"
	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/audit/chain"
	"reeve/core/control"
	"reeve/core/edition"
	"reeve/core/fault"
)

// doorkeeper is a store of the gate that writes down which transactions were entered and whose access was read in them.
type doorkeeper struct {
	memory
	visits []visit
	// open is whether a transaction is under way.
	open bool
}

type visit struct {
	writes  bool
	checked access.PrincipalID
}

func (k *doorkeeper) Write(ctx context.Context, fn func(context.Context) error) error {
	return k.enter(visit{writes: true}, func() error { return k.memory.Write(ctx, fn) })
}

func (k *doorkeeper) Rehearse(ctx context.Context, fn func(context.Context) error) error {
	return k.enter(visit{writes: true}, func() error { return k.memory.Rehearse(ctx, fn) })
}

func (k *doorkeeper) Read(ctx context.Context, fn func(context.Context) error) error {
	return k.enter(visit{}, func() error { return k.memory.Read(ctx, fn) })
}

func (k *doorkeeper) enter(v visit, fn func() error) error {
	k.visits, k.open = append(k.visits, v), true
	defer func() { k.open = false }()
	return fn()
}

func (k *doorkeeper) AccessState(ctx context.Context, s control.Scope) (access.State, error) {
	if k.open {
		k.visits[len(k.visits)-1].checked = s.Principal
	}
	return k.memory.AccessState(ctx, s)
}

func newDoor(t *testing.T) (*control.Gate, *doorkeeper) {
	t.Helper()
	d := newDesk(t)
	k := &doorkeeper{memory: memory{kept: d.store.kept}}
	editions, err := edition.Load(assets.Editions())
	if err != nil {
		t.Fatal(err)
	}
	return control.New(k, d.Acts(), editions, control.Seam{Now: func() time.Time { return now }, ID: func() string { return "id" }},
		func(chain.Head) error { return nil }), k
}

// call is what became of one method called with zero values.
type call struct {
	// asked is the act that the gate refused, empty if it refused none.
	asked action.ID
	// past says that the method went on to its area's store, which is not there.
	past  bool
	err   error
	visit []visit
}

// try calls a method with zero values for everything but the context. The stores of the areas are empty interfaces: whoever
// reaches one for anything but finding the target falls into a nil pointer, which is what past reports.
func try(ctx context.Context, k *doorkeeper, m reflect.Value) (c call) {
	k.visits = nil
	args := make([]reflect.Value, m.Type().NumIn())
	for i := range args {
		if args[i] = reflect.Zero(m.Type().In(i)); m.Type().In(i) == reflect.TypeFor[context.Context]() {
			args[i] = reflect.ValueOf(ctx)
		}
	}
	defer func() {
		c.visit = k.visits
		if recover() != nil {
			c.past = true
		}
	}()
	for _, out := range m.Call(args) {
		if err, ok := out.Interface().(error); ok {
			c.err = err
		}
	}
	var denied *fault.Denied
	if errors.As(c.err, &denied) {
		c.asked = action.ID(denied.Action)
	}
	return c
}

// complaint says what is wrong with how a method treats a stranger, empty if nothing is.
func (c call) complaint(stranger access.PrincipalID, act action.Action) string {
	switch {
	case c.past:
		return "reached its store without passing the gate"
	case len(c.visit) == 0:
		return "returned without having been at the gate"
	case act.Need == action.NeedNothing:
		return ""
	case c.visit[0].checked != stranger:
		return fmt.Sprintf("checked the access of %d, not of who asks", c.visit[0].checked)
	case c.asked == "":
		return fmt.Sprintf("was not refused to a stranger (error %v)", c.err)
	case c.asked != act.ID:
		return fmt.Sprintf("was checked as %s, not as %s", c.asked, act.ID)
	}
	return ""
}

// methods are the exported methods of a service by "area.Method".
func methods(area string, service any) map[string]reflect.Value {
	found := map[string]reflect.Value{}
	v := reflect.ValueOf(service)
	for i := range v.NumMethod() {
		found[area+"."+v.Type().Method(i).Name] = v.Method(i)
	}
	return found
}

func TestEveryMethodOfEveryServicePassesTheGate(t *testing.T) {
	gate, k := newDoor(t)
	for area, service := range services(gate) {
		for name, m := range methods(area, service) {
			if helpers[name] != "" {
				continue
			}
			id, listed := actOf[name]
			act, known := gate.Acts().Get(id)
			if !listed || !known {
				t.Errorf("%s: say in actOf which act it is", name)
				continue
			}
			c := try(as(t, ghost), k, m)
			if wrong := c.complaint(ghost, act); wrong != "" {
				t.Errorf("%s %s", name, wrong)
				continue
			}
			preview := strings.Contains(name, ".Preview")
			acting := c.visit[0]
			if asksFirst[name] {
				acting = c.visit[1]
			}
			writes := act.Danger > action.Reads && !asksWhether[name] || preview || name == "audit.Export"
			if acting.writes != writes {
				t.Errorf("%s: %s, of danger %d, in a writing transaction: %v", name, id, act.Danger, c.visit[0].writes)
			}
		}
	}
}

// asksFirst are the changes that ask for something in a transaction of their own before theirs: what to test, for the network is
// asked in no transaction; what a plan comes to, for the areas answer one by one.
var asksFirst = map[string]bool{"source.Test": true, "bootstrap.Begin": true, "bootstrap.Edit": true}

// asksWhether are the changes that find out by the same act whether there is anything to change, so that nothing waits for the writer
// where there is not.
var asksWhether = map[string]bool{"use.Note": true}

// TestNobodyAndReadersAreRefused calls every method as nobody, and every changing one in a read-only session of the account, which may
// rehearse what it may not do.
func TestNobodyAndReadersAreRefused(t *testing.T) {
	gate, k := newDoor(t)
	reading := control.WithActor(t.Context(), control.Actor{Principal: root, Name: "root", ReadOnly: true})
	for area, service := range services(gate) {
		for name, m := range methods(area, service) {
			act, _ := gate.Acts().Get(actOf[name])
			if helpers[name] != "" || act.Need == action.NeedNothing {
				continue
			}
			if c := try(t.Context(), k, m); reasonOf(t, c.err) != "denied.nobody" || c.past {
				t.Errorf("%s by nobody: %v, past the gate %v", name, c.err, c.past)
			}
			if act.Danger == action.Reads {
				continue
			}
			c := try(reading, k, m)
			if strings.Contains(name, ".Preview") {
				var denied *fault.Denied
				if errors.As(c.err, &denied) {
					t.Errorf("%s cannot be rehearsed in a read-only session: %v", name, c.err)
				}
				continue
			}
			if reasonOf(t, c.err) != "denied.read_only" || c.past {
				t.Errorf("%s in a read-only session: %v, past the gate %v", name, c.err, c.past)
			}
		}
	}
}

// TestTheWalkSeesWhoGetsPast shows that it is the stranger who is refused: the account gets past the gate with every method.
func TestTheWalkSeesWhoGetsPast(t *testing.T) {
	gate, k := newDoor(t)
	for area, service := range services(gate) {
		for name, m := range methods(area, service) {
			if helpers[name] == "" {
				ctx := as(t, root)
				if act, _ := gate.Acts().Get(actOf[name]); act.Need == action.NeedKeeper {
					ctx = control.WithActor(t.Context(), control.Actor{Face: control.FaceKeeper})
				}
				if c := try(ctx, k, m); c.asked != "" || len(c.visit) == 0 {
					t.Errorf("%s by the account: refused %q, %d transactions", name, c.asked, len(c.visit))
				}
			}
		}
	}
}

func TestTheListsOfTheWalkNameNothingElse(t *testing.T) {
	gate, _ := newDoor(t)
	there := map[string]bool{}
	for area, service := range services(gate) {
		for name := range methods(area, service) {
			there[name] = true
		}
	}
	for name := range actOf {
		if !there[name] {
			t.Errorf("actOf names %s, which is not there", name)
		}
	}
	for name, reason := range helpers {
		if !there[name] || len(reason) < 10 {
			t.Errorf("helpers names %s (%s)", name, reason)
		}
	}
}

// leaky is a service that does everything wrong.
type leaky struct {
	gate  *control.Gate
	store interface{ Secrets() []string }
}

// Peek asks nobody.
func (l *leaky) Peek(context.Context) []string { return l.store.Secrets() }

// Idle answers without asking.
func (l *leaky) Idle(context.Context) error { return nil }

// Early reads first and asks then.
func (l *leaky) Early(ctx context.Context) error {
	_ = l.store.Secrets()
	return l.Wrong(ctx)
}

// Wrong asks for something else than it does.
func (l *leaky) Wrong(ctx context.Context) error {
	_, err := control.Ask(ctx, l.gate, control.Query[int]{Action: action.WorkspaceList,
		Do: func(context.Context, control.Target, control.Viewer) (int, error) { return 0, nil }})
	return err
}

// Other asks on behalf of somebody who may.
func (l *leaky) Other(ctx context.Context) error {
	return l.Wrong(control.WithActor(ctx, control.Actor{Principal: root}))
}

// Deaf asks and goes on whatever the answer.
func (l *leaky) Deaf(ctx context.Context) error {
	_ = l.Wrong(ctx)
	return nil
}

func TestTheWalkFindsWhatGoesAroundTheGate(t *testing.T) {
	gate, k := newDoor(t)
	act, _ := gate.Acts().Get(action.AuditList)
	found := methods("leaky", &leaky{gate: gate})
	for name, says := range map[string]string{
		"leaky.Peek":  "reached its store",
		"leaky.Idle":  "without having been at the gate",
		"leaky.Early": "reached its store",
		"leaky.Wrong": "checked as workspace.list",
		"leaky.Other": "not of who asks",
		"leaky.Deaf":  "not refused",
	} {
		m, ok := found[name]
		if !ok {
			t.Fatalf("no %s", name)
		}
		if got := try(as(t, ghost), k, m).complaint(ghost, act); !strings.Contains(got, says) {
			t.Errorf("%s: %q, want %q", name, got, says)
		}
	}
}
