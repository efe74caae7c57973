package widget

import "strconv"

// Grouped writes a number with spaces between the thousands: 1 284.
func Grouped(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return sign + s
}

// countOf writes a position in a list: 3 / 12.
func countOf(at, n int) string { return Grouped(at) + " / " + Grouped(n) }
