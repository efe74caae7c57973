package theme

// Role is what a piece of text is, not how it looks.
type Role uint8

// The roles.
const (
	// Text is ordinary text.
	Text Role = iota
	// Muted is secondary text: notes, values beside a label.
	Muted
	// Faint is text one reads only when looking for it: headers, hints.
	Faint
	// Line is for rules and boxes.
	Line
	// Accent marks what is chosen or can be followed.
	Accent
	// Good is a state that needs nothing.
	Good
	// Warning is a state that needs attention, and every unsaved change.
	Warning
	// Danger is a failure, a refusal or a loss.
	Danger
	// Title is the name of the thing shown.
	Title
	// AccentStrong, GoodStrong, WarningStrong and DangerStrong are the bold
	// forms, for the one word that carries the meaning of a line.
	AccentStrong
	GoodStrong
	WarningStrong
	DangerStrong
	// Logo is the name of the program.
	Logo
	// Crumb is a place on the way, CrumbHere the place itself.
	Crumb
	CrumbHere
	// Production colours the line of places in a production workspace.
	Production
	// Key is a key in the footer or the help, KeyTitle what it does.
	Key
	KeyTitle
	// Bar is the bar at the left of the selected row.
	Bar
	// Mark is the sign of a marked row.
	Mark
	// Match is the part of a cell the filter found.
	Match
	// Header is a column title, HeaderSort the one the table is sorted by.
	Header
	HeaderSort
	// Disabled is an act or option that is not possible now.
	Disabled
	// Placeholder is the text of an empty input.
	Placeholder
	// Skeleton stands for a row that is still loading.
	Skeleton
	// GaugeUsed, GaugeHigh, GaugeFull and GaugeRest are the parts of a bar:
	// the used part in three degrees, and what is free.
	GaugeUsed
	GaugeHigh
	GaugeFull
	GaugeRest
	// TabIdle and TabHere are the tabs.
	TabIdle
	TabHere
	// Blank is the empty space between texts.
	Blank

	roleCount
)

// spec is how a role is drawn in every look.
type spec struct {
	tone      tone
	bold      bool
	underline bool
	reverse   bool
}

// specOf returns the look of a role.
func specOf(r Role) spec {
	switch r {
	case Text:
		return spec{tone: toneText}
	case Muted, Crumb, KeyTitle, TabIdle:
		return spec{tone: toneMuted}
	case Faint, Header, Placeholder, Disabled:
		return spec{tone: toneFaint}
	case Line, Skeleton, GaugeRest:
		return spec{tone: toneLine}
	case Accent, Bar, GaugeUsed, Mark:
		return spec{tone: toneAccent}
	case Good:
		return spec{tone: toneGood}
	case Warning, GaugeHigh:
		return spec{tone: toneWarning}
	case Danger, GaugeFull:
		return spec{tone: toneDanger}
	case Title, CrumbHere:
		return spec{tone: toneText, bold: true}
	case AccentStrong, Logo, Key, TabHere:
		return spec{tone: toneAccent, bold: true}
	case GoodStrong:
		return spec{tone: toneGood, bold: true}
	case WarningStrong, Production:
		return spec{tone: toneWarning, bold: true}
	case DangerStrong:
		return spec{tone: toneDanger, bold: true}
	case Match:
		return spec{tone: toneAccent, bold: true, underline: true}
	case HeaderSort:
		return spec{tone: toneMuted, bold: true}
	case Blank, roleCount:
		return spec{}
	default:
		return spec{}
	}
}
