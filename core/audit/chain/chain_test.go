package chain_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"reeve/core/audit/chain"
)

// sample is a log of n entries, chained as the store chains them.
func sample(n int) []chain.Entry {
	log := make([]chain.Entry, n)
	for i := range log {
		log[i] = chain.Entry{
			Seq: int64(i + 1), At: time.Date(2026, 5, 4, 12, 0, i, 0, time.UTC), ActorID: 3, Actor: "ada", Face: "console",
			Address: "10.0.0.9:2222", Session: "s-1", Request: "r-1", Action: "role.set", Outcome: chain.Done, Region: "cn-hangzhou",
			WorkspaceID: 7, Workspace: "sales_dw", Kind: "role", Target: "reader",
			Before: json.RawMessage(`{"a":1}`), After: json.RawMessage(`{"a":2}`),
		}
	}
	rechain(log)
	return log
}

// rechain is what whoever can write the database can do: make the chain fit again.
func rechain(log []chain.Entry) {
	var prev []byte
	for i := range log {
		log[i].Prev, log[i].Hash = prev, log[i].Sum(prev)
		prev = log[i].Hash
	}
}

func verify(log []chain.Entry, head *chain.Head) chain.Report {
	v := chain.NewVerifier(head)
	for i := range log {
		v.Next(&log[i])
	}
	return v.Report()
}

func headOf(e chain.Entry) *chain.Head { return &chain.Head{Seq: e.Seq, Hash: e.Hash, At: e.At} }

// found are the ids and numbers of the findings.
func found(r chain.Report) []string {
	var ids []string
	for _, f := range r.Findings {
		ids = append(ids, f.What.ID)
	}
	return ids
}

func TestAnUntouchedLogIsFine(t *testing.T) {
	log := sample(5)
	for name, head := range map[string]*chain.Head{"no head": nil, "the newest": headOf(log[4]), "an older one": headOf(log[1]), "of an empty log": {}} {
		r := verify(log, head)
		if !r.OK() || r.Entries != 5 || !reflect.DeepEqual(r.Head, *headOf(log[4])) {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r := verify(nil, nil); !r.OK() || r.Entries != 0 {
		t.Errorf("an empty log: %+v", r)
	}
}

// TestAnEditOfAnyFieldIsFound goes through the fields by reflection, so that a new one cannot be forgotten in the sum.
func TestAnEditOfAnyFieldIsFound(t *testing.T) {
	for i := range reflect.TypeFor[chain.Entry]().NumField() {
		name := reflect.TypeFor[chain.Entry]().Field(i).Name
		log := sample(4)
		field := reflect.ValueOf(&log[1]).Elem().Field(i)
		switch v := field.Interface().(type) {
		case int64:
			field.SetInt(v + 100)
		case time.Time:
			field.Set(reflect.ValueOf(v.Add(time.Second)))
		case string, chain.Outcome:
			field.SetString(field.String() + "x")
		case json.RawMessage:
			field.SetBytes([]byte(`{"a":3}`))
		case []byte:
			edited := slices.Clone(v)
			edited[0] ^= 1
			field.SetBytes(edited)
		default:
			t.Fatalf("say here how %s is edited", name)
		}
		if r := verify(log, nil); r.OK() {
			t.Errorf("an edit of %s was not found", name)
		}
		log = sample(4)
		reflect.ValueOf(&log[1]).Elem().Field(i).SetZero()
		if r := verify(log, nil); r.OK() {
			t.Errorf("that %s was emptied was not found", name)
		}
	}
}

func TestWhatMovesFromOneFieldToTheNextIsFound(t *testing.T) {
	log := sample(2)
	log[1].Kind, log[1].Target = "roler", "eader"
	if got := found(verify(log, nil)); !slices.Equal(got, []string{"audit.finding.edited"}) {
		t.Errorf("found %v", got)
	}
}

func TestWhatIsFoundIsSaid(t *testing.T) {
	log := sample(6)
	swapped := slices.Clone(log)
	swapped[2], swapped[3] = swapped[3], swapped[2]
	doubled := slices.Insert(slices.Clone(log), 3, log[2])
	renumbered := slices.Delete(slices.Clone(log), 2, 3)
	for i := range renumbered {
		renumbered[i].Seq = int64(i + 1)
	}
	rewritten := slices.Clone(renumbered)
	rechain(rewritten)
	editedAndRehashed := slices.Clone(log)
	editedAndRehashed[2].Actor = "eve"
	editedAndRehashed[2].Hash = editedAndRehashed[2].Sum(editedAndRehashed[2].Prev)
	for name, c := range map[string]struct {
		log  []chain.Entry
		head *chain.Head
		want []string
	}{
		"deleted":                   {slices.Delete(slices.Clone(log), 2, 3), nil, []string{"audit.finding.missing"}},
		"first deleted":             {log[1:], nil, []string{"audit.finding.missing"}},
		"reordered":                 {swapped, nil, []string{"audit.finding.missing", "audit.finding.order", "audit.finding.missing"}},
		"doubled":                   {doubled, nil, []string{"audit.finding.order"}},
		"edited and hashed again":   {editedAndRehashed, nil, []string{"audit.finding.link"}},
		"deleted and renumbered":    {renumbered, nil, []string{"audit.finding.link", "audit.finding.edited", "audit.finding.edited", "audit.finding.edited"}},
		"end cut":                   {log[:4], headOf(log[5]), []string{"audit.finding.cut"}},
		"everything cut":            {nil, headOf(log[5]), []string{"audit.finding.cut"}},
		"end cut, nothing to know":  {log[:4], nil, nil},
		"rewritten, nobody knows":   {rewritten, nil, nil},
		"rewritten, head kept":      {rewritten, headOf(log[4]), []string{"audit.finding.checkpoint"}},
		"rewritten, its end beyond": {rewritten, headOf(log[5]), []string{"audit.finding.cut"}},
	} {
		if got := found(verify(c.log, c.head)); !slices.Equal(got, c.want) {
			t.Errorf("%s: found %v, want %v", name, got, c.want)
		}
	}
}

func TestAReportStaysShort(t *testing.T) {
	log := sample(200)
	for i := range log {
		log[i].Actor = "eve"
	}
	r := verify(log, nil)
	if len(r.Findings) == 0 || len(r.Findings) > 20 || r.Entries != 200 {
		t.Errorf("%d findings about %d entries", len(r.Findings), r.Entries)
	}
}

func TestTheJSONOfAnEntryKeepsTheChainOut(t *testing.T) {
	data, err := json.Marshal(sample(1)[0])
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]any
	if err := json.Unmarshal(data, &keys); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"Prev", "Hash", "prev", "hash"} {
		if _, there := keys[key]; there {
			t.Errorf("%s is in the JSON", key)
		}
	}
	for _, key := range []string{"id", "at", "actor", "face", "address", "action", "outcome", "region", "workspace", "target", "before", "after"} {
		if _, there := keys[key]; !there {
			t.Errorf("%s is not in the JSON", key)
		}
	}
}

// BenchmarkVerify reports what one entry of a verification costs.
func BenchmarkVerify(b *testing.B) {
	const entries = 10_000
	log := sample(entries)
	head := headOf(log[entries-1])
	for b.Loop() {
		if r := verify(log, head); !r.OK() {
			b.Fatal(found(r))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*entries), "ns/entry")
}
