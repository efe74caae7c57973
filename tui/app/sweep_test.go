package app_test

import (
	"image/color"
	"regexp"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"reeve/tui/app"
	"reeve/tui/tuitest"
)

// looks are the themes, each as what the terminal says to have it chosen.
func looks() map[string]tea.Msg {
	return map[string]tea.Msg{
		"dark":  tea.BackgroundColorMsg{Color: color.Black},
		"light": tea.BackgroundColorMsg{Color: color.White},
		"16":    tea.ColorProfileMsg{Profile: colorprofile.ANSI},
		"mono":  tea.ColorProfileMsg{Profile: colorprofile.ASCII},
	}
}

// variants are more of what a place can be full of, beside the scenes: very many rows.
func variants() []scene {
	return []scene{
		{name: "members-many", who: "root", link: "cn-hangzhou/crowd/members", rows: true},
		{name: "members-many-end", who: "root", link: "cn-hangzhou/crowd/members", keys: "end", rows: true},
		{name: "members-many-middle", who: "root", link: "cn-hangzhou/crowd/members", keys: "pgdown pgdown pgdown pgdown", rows: true},
		{name: "members-many-marked", who: "root", link: "cn-hangzhou/crowd/members", keys: "*", rows: true},
	}
}

// inLanguages opens a scene in English and in wide letters; texts typed to find a word of the catalogue are widened too.
func inLanguages(t *testing.T, s scene, f func(t *testing.T, d *tuitest.Driver, widely bool)) {
	t.Helper()
	kept := smallWorld
	if strings.Contains(s.link, "crowd") {
		kept = largeWorld
	}
	for _, widely := range []bool{false, true} {
		name, w := "en", worldOf(t, kept)
		if widely {
			name = "wide"
			say, err := wideLanguage()
			if err != nil {
				t.Fatal(err)
			}
			w.say = say
			for _, typed := range []string{"develop", "remove"} {
				s.keys = strings.ReplaceAll(s.keys, "text:"+typed, "text:"+wideLetters(typed))
			}
		}
		t.Run(name, func(t *testing.T) { f(t, s.show(w, tuitest.Size{W: 120, H: 36}, ""), widely) })
	}
}

func TestEveryScreenFitsEveryWindow(t *testing.T) {
	t.Parallel()
	for _, s := range append(scenes(), variants()...) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			inLanguages(t, s, func(t *testing.T, d *tuitest.Driver, widely bool) {
				for name, look := range looks() {
					// What the terminal can show is said anew before each look: 16 colours and none win over dark and light.
					d.Send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor}, look)
					for _, size := range tuitest.Sizes() {
						d.Resize(size.W, size.H)
						plain := checkFrame(t, name+" "+size.String(), s, d, size)
						if name == "dark" { // the words are the same in every look
							checkWords(t, size, plain, widely)
						}
					}
				}
			})
		})
	}
}

var unfinished = regexp.MustCompile(`\[[a-z_]+\.[a-z_.]+\]|\[\{|map\[|%!|\{\{|<nil>`)

// checkFrame checks one frame and returns its text.
func checkFrame(t *testing.T, where string, s scene, d *tuitest.Driver, size tuitest.Size) string {
	t.Helper()
	view := d.View()
	content := view.Content
	tuitest.Invariants(t, content, size.W, size.H)
	if c := view.Cursor; c != nil && (c.X < 0 || c.Y < 0 || c.X >= size.W || c.Y >= size.H) {
		t.Errorf("%s: the cursor is at %d,%d", where, c.X, c.Y)
	}
	plain := ansi.Strip(content)
	if got := strings.Count(plain, "\n") + 1; got != size.H {
		t.Errorf("%s: the frame has %d lines", where, got)
	}
	if s.rows {
		cells := newCells(content, size)
		if !cells.selected() {
			t.Errorf("%s: the selected row is not to be seen:\n%s", where, plain)
		}
		cells.straight(t, where)
	}
	return plain
}

// checkWords checks that everything said is finished, and in the wide language that it is said in that language.
func checkWords(t *testing.T, size tuitest.Size, plain string, widely bool) {
	t.Helper()
	if bad := unfinished.FindString(plain); bad != "" {
		t.Errorf("%v: %q is no text for people: %s", size, bad, lineWith(plain, bad))
	}
	if !widely {
		return
	}
	for _, word := range foreignWords(plain) {
		t.Errorf("%v: %q is not from the catalogue: %s", size, word, lineWith(plain, word))
	}
}

func lineWith(text, part string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, part) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// cells is a frame cell by cell.
type cells struct {
	uv.ScreenBuffer
	size tuitest.Size
}

func newCells(content string, size tuitest.Size) cells {
	buf := uv.NewScreenBuffer(size.W, size.H)
	buf.Method = ansi.GraphemeWidth
	uv.NewStyledString(content).Draw(buf, buf.Bounds())
	return cells{buf, size}
}

func (c cells) at(x, y int) string {
	if cell := c.CellAt(x, y); cell != nil {
		return cell.Content
	}
	return ""
}

// left is where the screen begins: after the navigation's line, if it is shown.
func (c cells) left() int {
	for x := range c.size.W / 2 {
		if c.at(x, 3) == "│" && c.at(x, c.size.H-4) == "│" {
			return x + 1
		}
	}
	return 0
}

// selected tells whether a row carries the bar of the selected one.
func (c cells) selected() bool {
	for y := 3; y < c.size.H-2; y++ {
		if c.at(c.left(), y) == "▌" {
			return true
		}
	}
	return false
}

// header is the line with the titles of the columns: the one above the first row.
func (c cells) header() int {
	for y := 2; y < c.size.H-3; y++ {
		if first := c.at(c.left()+3, y+1); first != "" && first != " " && c.at(c.left()+1, y+1) != "─" && c.at(c.left()+3, y) != "─" && c.at(c.left()+1, y) == " " {
			return y
		}
	}
	return -1
}

// straight checks that in every row the cell before each column is blank, so that all columns begin under their titles.
func (c cells) straight(t *testing.T, where string) {
	t.Helper()
	head := c.header()
	if head < 0 {
		t.Errorf("%s: there are no titles over the columns", where)
		return
	}
	for x := c.left() + 3; x < c.size.W; x++ {
		begins := c.at(x, head) != " " && c.at(x, head) != "" && c.at(x-1, head) == " " && c.at(x-2, head) == " "
		if !begins {
			continue
		}
		for y := head + 1; y < c.size.H-3 && c.at(c.left()+1, y) != "┌"; y++ { // a box below the table has no columns
			if cell := c.CellAt(x-1, y); cell != nil && cell.Width > 0 && cell.Content != " " && cell.Content != "" {
				t.Errorf("%s: in line %d something stands between two columns, at %d: %q", where, y, x-1, cell.Content)
				return
			}
		}
	}
}

func TestTheFooterOffersOnlyWhatTheHelpLists(t *testing.T) {
	t.Parallel()
	for _, s := range scenes() {
		if s.keys != "" || s.then != "" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			d := s.show(newWorld(t), tuitest.Size{W: 200, H: 60}, "dark")
			lines := d.Screen().Text
			var offered []string
			footer, _, _ := strings.Cut(lines[len(lines)-1], "▲") // what is announced stands beside it
			for _, entry := range strings.Split(strings.TrimSpace(footer), "   ") {
				key, _, _ := strings.Cut(strings.TrimSpace(entry), " ")
				offered = append(offered, key)
			}
			if len(offered) < 2 {
				t.Fatalf("the footer offers too little: %q", lines[len(lines)-1])
			}
			d.Keys("?")
			help := d.Text()
			for _, key := range offered {
				listed := regexp.MustCompile(`│[ ▌]+(\S+ )*` + regexp.QuoteMeta(key) + ` `)
				if !listed.MatchString(help) {
					t.Errorf("the footer offers %s, the help does not list it:\n%s", key, help)
				}
			}
		})
	}
}

// TestASCIIDrawsWithoutBoxesAndBlocks looks at every screen as terminals without such characters get it.
func TestASCIIDrawsWithoutBoxesAndBlocks(t *testing.T) {
	t.Parallel()
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if s.before != nil {
				s.before(w)
			}
			d := w.open(s.who, s.link, func(o *app.Options) { o.Theme.ASCII = true }).Keys(s.keys)
			if s.between != nil {
				s.between(w)
			}
			text := d.Keys(s.then).Text()
			if i := strings.IndexFunc(text, func(r rune) bool { return r >= 0x2500 && r < 0x2600 }); i >= 0 {
				t.Errorf("%q is drawn: %s", text[i:i+3], lineWith(text, text[i:i+3]))
			}
		})
	}
}
