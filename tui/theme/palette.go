package theme

// tone is a colour by its meaning. Two greys, one accent and three colours
// with a meaning are all there are; line is the grey of rules and boxes.
type tone uint8

const (
	toneNone tone = iota
	toneText
	toneMuted
	toneFaint
	toneLine
	toneAccent
	toneGood
	toneWarning
	toneDanger
	toneCount
)

// palette says how a look shows each tone. A tone has either an exact colour
// or an SGR code of its own.
type palette struct {
	hex        [toneCount]string
	code       [toneCount]string
	selectedFg [toneCount]string
	selectedBg string
	mono       bool
}

// paletteOf returns the palette of a look.
func paletteOf(k Kind) palette {
	switch k {
	case Dark:
		return exact("#22344a", [toneCount]string{
			toneText: "#d1d7e0", toneMuted: "#9198a1", toneFaint: "#656c76", toneLine: "#3d444d",
			toneAccent: "#6cb6ff", toneGood: "#6bc46d", toneWarning: "#daaa3f", toneDanger: "#ff938a",
		})
	case Light:
		return exact("#ddf4ff", [toneCount]string{
			toneText: "#1f2328", toneMuted: "#59636e", toneFaint: "#818b98", toneLine: "#d1d9e0",
			toneAccent: "#0969da", toneGood: "#1a7f37", toneWarning: "#9a6700", toneDanger: "#cf222e",
		})
	case ANSI256:
		return indexed("236", [toneCount]string{
			toneText: "253", toneMuted: "247", toneFaint: "242", toneLine: "238",
			toneAccent: "75", toneGood: "77", toneWarning: "179", toneDanger: "210",
		})
	case ANSI256Light:
		return indexed("254", [toneCount]string{
			toneText: "235", toneMuted: "241", toneFaint: "245", toneLine: "252",
			toneAccent: "26", toneGood: "28", toneWarning: "94", toneDanger: "160",
		})
	case ANSI16:
		return palette{
			code: [toneCount]string{
				toneMuted: "37", toneFaint: "90", toneLine: "90",
				toneAccent: "94", toneGood: "92", toneWarning: "93", toneDanger: "91",
			},
			selectedFg: [toneCount]string{
				toneText: "97", toneMuted: "97", toneFaint: "37", toneLine: "37",
				toneAccent: "96", toneGood: "92", toneWarning: "93", toneDanger: "91",
			},
			selectedBg: "44",
		}
	case ANSI16Light:
		return palette{
			code: [toneCount]string{
				toneMuted: "90", toneFaint: "90", toneLine: "37",
				toneAccent: "34", toneGood: "32", toneWarning: "33", toneDanger: "31",
			},
			selectedFg: [toneCount]string{
				toneText: "30", toneMuted: "30", toneFaint: "90", toneLine: "90",
				toneAccent: "34", toneGood: "32", toneWarning: "35", toneDanger: "31",
			},
			selectedBg: "47",
		}
	case Mono:
		return palette{mono: true}
	default:
		return paletteOf(Dark)
	}
}

// exact builds a palette of exact colours; on the selected row the colours
// stay and only the background changes.
func exact(selected string, hex [toneCount]string) palette {
	p := palette{hex: hex, selectedBg: trueColor("48", selected)}
	for t, h := range hex {
		if h != "" {
			p.selectedFg[t] = trueColor("38", h)
		}
	}
	return p
}

// indexed builds a palette of the 256 fixed colours, by their numbers.
func indexed(selected string, number [toneCount]string) palette {
	p := palette{selectedBg: "48;5;" + selected}
	for t, n := range number {
		if n != "" {
			p.code[t] = "38;5;" + n
			p.selectedFg[t] = p.code[t]
		}
	}
	return p
}

// raised is the tone a text takes on the selected row: all ordinary text is
// equally strong there, because the fill costs contrast, and because one run
// of one style is little to send for every move of the cursor.
func raised(t tone) tone {
	switch t {
	case toneMuted, toneFaint:
		return toneText
	case toneLine:
		return toneFaint
	case toneNone, toneText, toneAccent, toneGood, toneWarning, toneDanger, toneCount:
		return t
	default:
		return t
	}
}

// monoAttrs are the attributes that stand in for a colour.
type monoAttrs struct{ bold, faint bool }

// monoOf returns what a tone looks like without colours. Good has no look of
// its own: meaning is never carried by colour alone.
func monoOf(t tone) monoAttrs {
	switch t {
	case toneFaint, toneLine:
		return monoAttrs{faint: true}
	case toneAccent, toneWarning, toneDanger:
		return monoAttrs{bold: true}
	case toneNone, toneText, toneMuted, toneGood, toneCount:
		return monoAttrs{}
	default:
		return monoAttrs{}
	}
}
