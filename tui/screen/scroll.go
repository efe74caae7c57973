package screen

import tea "charm.land/bubbletea/v2"

// Scroll is how far a text is scrolled of which only some lines fit.
type Scroll struct{ top, last, page int }

// Key scrolls; false says that the key does not.
func (s *Scroll) Key(k tea.KeyPressMsg) bool {
	switch k.String() {
	case "up", "k":
		s.top--
	case "down", "j":
		s.top++
	case "pgup":
		s.top -= s.page
	case "pgdown", "space":
		s.top += s.page
	case "home", "g":
		s.top = 0
	case "end", "G":
		s.top = s.last
	default:
		return false
	}
	s.top = max(0, min(s.top, s.last))
	return true
}

// InSight are the lines that are in sight where h of them fit.
func (s *Scroll) InSight(lines []string, h int) []string {
	s.page = max(1, h)
	s.last = max(0, len(lines)-s.page)
	s.top = max(0, min(s.top, s.last))
	return lines[s.top:min(len(lines), s.top+s.page)]
}
