package screen

import (
	"testing"

	"reeve/assets"
	"reeve/core/message"
)

func TestSentencesAreEnded(t *testing.T) {
	all, err := message.Load(assets.Messages())
	if err != nil {
		t.Fatal(err)
	}
	env := &Env{Say: all.Printer("en")}
	for said, want := range map[string]string{
		"unknown authority": "unknown authority.", "It is so.": "It is so.", "so (a b)": "so (a b)", "": "", "端末": "端末.", "5": "5.", "what?": "what?",
	} {
		if got := env.ended(said); got != want {
			t.Errorf("%q becomes %q, want %q", said, got, want)
		}
	}
	if got := (&Env{Say: all.Printer("zh-CN")}).ended("证书无效"); got != "证书无效。" {
		t.Errorf("in Chinese: %q", got)
	}
}
