package screen

import "testing"

func TestSentencesAreEnded(t *testing.T) {
	for said, want := range map[string]string{"unknown authority": "unknown authority.", "It is so.": "It is so.", "so (a b)": "so (a b)", "": "", "端末": "端末.", "5": "5.", "what?": "what?"} {
		if got := ended(said); got != want {
			t.Errorf("%q becomes %q, want %q", said, got, want)
		}
	}
}
