package main

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryHeadingIsInTheCatalogue(t *testing.T) {
	c, err := newCLI(nil, strings.NewReader(""), nil, nil, machine())
	if err != nil {
		t.Fatal(err)
	}
	var missing []string
	for _, cmd := range leaves(t) {
		if shape := cmd.Annotations[annotationJSON]; shape != "" {
			for _, key := range strings.Fields(keysOf(t, sampleOf(shape))) {
				if !c.p.Has("cli.column."+key) && !slices.Contains(missing, key) {
					missing = append(missing, key)
				}
			}
		}
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		t.Errorf("no cli.column for %s", strings.Join(missing, " "))
	}
}
