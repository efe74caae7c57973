package peers

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Table writes the results in Markdown, with their time as a multiple of the
// first, which is reeve's.
func Table(results []Result) string {
	var text strings.Builder
	text.WriteString("| engine | workspaces | answers compared | ns/op | B/op | allocs/op | build | heap | × reeve |\n")
	text.WriteString("|---|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, r := range results {
		fmt.Fprintf(&text, "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n",
			strings.TrimSpace(r.Contender.Name+" "+Version(r.Contender.Module)),
			grouped(float64(r.Workspaces)), grouped(float64(r.Agreed)), decimals(r.NsPerOp),
			grouped(float64(r.BytesPerOp)), grouped(float64(r.AllocsPerOp)),
			r.Build.Round(time.Millisecond), mebibytes(r.Heap), decimals(r.NsPerOp/results[0].NsPerOp))
	}
	return text.String()
}

// decimals keeps one digit of what is small.
func decimals(x float64) string {
	if x < 100 {
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return grouped(x)
}

// grouped rounds and sets a comma before every three digits.
func grouped(x float64) string {
	digits := strconv.FormatFloat(x, 'f', 0, 64)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

func mebibytes(n uint64) string { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }
