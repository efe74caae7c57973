package theme

// Glyphs are the characters the console draws with. Every one is one cell
// wide; none is an emoji or has an emoji form.
type Glyphs struct {
	Bar      string // left bar of the selected row
	Marker   string // cursor in a plain list
	Check    string // marked, passed
	Cross    string // failed, refused
	Warn     string // needs attention
	Dot      string // a filled state dot
	Circle   string // an empty state dot
	Ring     string // where a value was before
	Speck    string // an empty place, a separator between words
	Plus     string // more than before
	Minus    string // less than before
	Ellipsis string // text was cut here
	Arrow    string // leads to
	Crumb    string // between two places
	Up, Down string // sort order
	Left     string // more to the left
	Right    string // more to the right
	Open     string // a list that can be opened

	BoxTL, BoxTR, BoxBL, BoxBR string
	BoxH, BoxV                 string
	BoxLeftT, BoxRightT        string // a rule inside a box

	CheckOn, CheckOff string // a check box, both of the same width

	Block  string   // the used part of a bar
	Rest   string   // the free part of a bar
	Halves []string // eighths of Block from the left, without the full one
	Floor  string   // guaranteed amount in a bar
	Limit  string   // maximum in a bar
	Spark  []rune   // levels of a chart column from low to full
}

// UnicodeGlyphs returns the usual set.
func UnicodeGlyphs() Glyphs {
	return Glyphs{
		Bar: "▌", Marker: "▸", Check: "✓", Cross: "✗", Warn: "▲",
		Dot: "●", Circle: "○", Ring: "◌", Speck: "·", Plus: "+", Minus: "−",
		Ellipsis: "…", Arrow: "→", Crumb: "›", Up: "↑", Down: "↓", Left: "‹", Right: "›", Open: "▾",
		BoxTL: "┌", BoxTR: "┐", BoxBL: "└", BoxBR: "┘", BoxH: "─", BoxV: "│", BoxLeftT: "├", BoxRightT: "┤",
		CheckOn: "[x]", CheckOff: "[ ]",
		Block: "█", Rest: "·", Halves: []string{"▏", "▎", "▍", "▌", "▋", "▊", "▉"},
		Floor: "┃", Limit: "╎", Spark: []rune("▁▂▃▄▅▆▇█"),
	}
}

// ASCIIGlyphs returns the set for terminals and readers that cannot use box
// and block characters.
func ASCIIGlyphs() Glyphs {
	return Glyphs{
		Bar: ">", Marker: ">", Check: "*", Cross: "x", Warn: "!",
		Dot: "*", Circle: "o", Ring: "o", Speck: ".", Plus: "+", Minus: "-",
		Ellipsis: "~", Arrow: ">", Crumb: ">", Up: "^", Down: "v", Left: "<", Right: ">", Open: "v",
		BoxTL: "+", BoxTR: "+", BoxBL: "+", BoxBR: "+", BoxH: "-", BoxV: "|", BoxLeftT: "+", BoxRightT: "+",
		CheckOn: "[x]", CheckOff: "[ ]",
		Block: "#", Rest: ".", Halves: nil,
		Floor: "|", Limit: "!", Spark: []rune("_.-:=+*#"),
	}
}
