package message

import (
	"testing"
	"testing/fstest"
)

func TestListsOfMessagesAreJoined(t *testing.T) {
	c, err := Load(fstest.MapFS{"en/a.yaml": {Data: []byte("hold: \"you hold {{.Roles}}\"\none: Develop\ntwo: Deploy\n")}})
	if err != nil {
		t.Fatal(err)
	}
	got := c.Printer("en").With("hold", Args{"Roles": []Text{{ID: "one"}, {ID: "two"}}})
	if want := "you hold Develop, Deploy"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
