package widget

// choices is the part a help, a palette and a picker have in common: a list
// that an input narrows, with a cursor that stays in sight.
type choices struct {
	found  []int // indexes of the items that pass, best first
	cursor int   // position in found
	top    int   // first position shown
	height int   // positions shown last
}

// set replaces what was found and puts the cursor on the first.
func (c *choices) set(found []int) {
	c.found, c.cursor, c.top = found, 0, 0
}

// at returns the item under the cursor, -1 when nothing was found.
func (c *choices) at() int {
	if c.cursor < 0 || c.cursor >= len(c.found) {
		return -1
	}
	return c.found[c.cursor]
}

// move moves the cursor by n without leaving the list.
func (c *choices) move(n int) { c.jump(c.cursor + n) }

func (c *choices) jump(to int) {
	c.cursor = max(min(to, len(c.found)-1), 0)
}

// window returns the positions to show in h lines.
func (c *choices) window(h int) (from, to int) {
	c.height = max(h, 1)
	c.top = scrollWindow(c.top, c.cursor, len(c.found), h)
	return c.top, min(c.top+max(h, 0), len(c.found))
}

// moveKey moves by the keys that are free while an input has the letters.
func (c *choices) moveKey(key string) bool {
	switch key {
	case "up", "ctrl+p":
		c.move(-1)
	case "down", "ctrl+n":
		c.move(1)
	case "pgup":
		c.move(-max(c.height, 1))
	case "pgdown":
		c.move(max(c.height, 1))
	case "ctrl+home":
		c.jump(0)
	case "ctrl+end":
		c.jump(len(c.found) - 1)
	default:
		return false
	}
	return true
}

// scrollWindow returns the first of h shown positions so that the cursor is
// shown and no room is wasted at the end.
func scrollWindow(top, cursor, n, h int) int {
	if h <= 0 {
		return cursor
	}
	top = min(top, cursor)
	top = max(top, cursor-h+1)
	return max(min(top, n-h), 0)
}
