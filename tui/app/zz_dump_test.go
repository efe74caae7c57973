package app_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"reeve/tui/tuitest"
)

func TestDump(t *testing.T) {
	want := strings.Fields(os.Getenv("DUMP"))
	for _, s := range rightsScenes() {
		if len(want) > 0 {
			ok := false
			for _, n := range want {
				ok = ok || n == s.name
			}
			if !ok {
				continue
			}
		}
		t.Run(s.name, func(t *testing.T) {
			d := s.show(newWorld(t), tuitest.Size{W: 120, H: 30}, "dark")
			fmt.Println("=====", s.name)
			for _, l := range d.Screen().Text {
				if strings.TrimSpace(l) != "" {
					fmt.Println(l)
				}
			}
		})
	}
}
