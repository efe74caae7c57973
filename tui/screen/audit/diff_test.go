package audit

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// apply reads one side back out of a comparison.
func apply(lines []line, without byte) string {
	var out []string
	for _, l := range lines {
		if l.sign != without {
			out = append(out, l.text)
		}
	}
	return strings.Join(out, " ")
}

func TestAComparisonHasBothSides(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same texts in every run
	text := func() []string {
		out := make([]string, random.IntN(12))
		for i := range out {
			out[i] = "abcd"[random.IntN(4):][:1]
		}
		return out
	}
	for range 2000 {
		before, after := text(), text()
		d := diff(before, after)
		if got := apply(d, '+'); got != strings.Join(before, " ") {
			t.Fatalf("%v to %v: before is %q", before, after, got)
		}
		if got := apply(d, '-'); got != strings.Join(after, " ") {
			t.Fatalf("%v to %v: after is %q", before, after, got)
		}
	}
}

func TestAComparisonMarksOnlyWhatDiffers(t *testing.T) {
	for texts, want := range map[[2]string]string{
		{"a b c", "a b c"}:   " a  b  c",
		{"a b c", "a x c"}:   " a -b +x  c",
		{"", "a b"}:          "+a +b",
		{"a b", ""}:          "-a -b",
		{"a b c d", "b c e"}: "-a  b  c -d +e",
	} {
		var got []string
		for _, l := range diff(strings.Fields(texts[0]), strings.Fields(texts[1])) {
			got = append(got, fmt.Sprintf("%c%s", l.sign, l.text))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q to %q is %q, want %q", texts[0], texts[1], strings.Join(got, " "), want)
		}
	}
}

func TestAVeryLongComparisonIsWholeAndQuick(t *testing.T) {
	var before, after []string
	for i := range diffLimit + 1 {
		before, after = append(before, fmt.Sprint(i)), append(after, fmt.Sprint(-i))
	}
	if d := diff(before, after); len(d) != 2*(diffLimit+1) || d[0].sign != '-' || d[len(d)-1].sign != '+' {
		t.Errorf("%d lines", len(d))
	}
}
