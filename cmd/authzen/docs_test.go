package authzen_test

import (
	"encoding/json"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"testing"
)

// What the page shows is what is answered.
func TestThePageSaysWhatIsAnswered(t *testing.T) {
	page, err := os.ReadFile("../../docs/authzen.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)POST (/\\S+)\n\n```json\n(.*?)```\n\n```json\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(examples) != 5 {
		t.Fatalf("there are %d examples", len(examples))
	}
	f := newFixture(t)
	for _, example := range examples {
		a := f.ask(example[1], example[2])
		var got, want any
		if err := json.Unmarshal([]byte(example[3]), &want); err != nil {
			t.Fatalf("%v in %s", err, example[3])
		}
		if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.status != http.StatusOK || !reflect.DeepEqual(got, want) {
			t.Errorf("%s %s is answered with %d %s", example[1], example[2], a.status, a.body)
		}
	}
}
