package main

import (
	"strings"
	"testing"
)

// TestAPreviewOfEverythingIsShort holds that a preview which touches everything is told in few lines to people, and whole where it is
// asked for.
func TestAPreviewOfEverythingIsShort(t *testing.T) {
	b := newTenant(t)
	for _, name := range []string{"one_dw", "two_dw", "three_dw"} {
		b.must("workspace", "create", name, "--region", "cn-hangzhou")
	}
	attach := []string{"policy", "attach", "AliyunDataWorksFullAccess", "amy", "--preview"}
	short, whole := b.must(attach...), b.must(append(attach, "--all")...)
	if n := strings.Count(short, "\n"); n > 60 {
		t.Errorf("the preview has %d lines:\n%s", n, short)
	}
	for _, want := range []string{
		" gains:\n  USER  LEVEL  MODULE", "amy   write  data-integration, data-studio, operation-center, and ", "/one_dw, cn-hangzhou/two_dw, and 1 more",
		"--all shows every one",
	} {
		if !strings.Contains(short, want) {
			t.Errorf("the preview lacks %q:\n%s", want, short)
		}
	}
	effect := b.one(attach...)
	gains := rows(effect["gains"])
	if n := strings.Count(whole, "none  write"); n != len(gains) || n < 40 {
		t.Errorf("--all has %d gains, JSON %d", n, len(gains))
	}
	if strings.Contains(whole, "and 1 more") || strings.Contains(whole, "--all") {
		t.Errorf("--all leaves some out:\n%s", whole)
	}
}
