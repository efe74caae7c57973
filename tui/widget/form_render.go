package widget

import (
	"slices"
	"strings"

	"reeve/tui/paint"
	"reeve/tui/theme"
)

// Most options a list field shows at once.
const optionWindow = 6

// Render draws the fields; when the window is short it shows the part around
// the cursor.
func (f *Form) Render(th *theme.Theme, w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	f.cursorOK = false
	d := &formDrawing{th: th, w: w, label: f.labelWidth(w)}
	from, to := 0, 0
	for i, field := range f.fields {
		start := len(d.lines)
		d.field(field, i == f.focus)
		if i == f.focus {
			from, to = start, len(d.lines)
		}
	}
	f.scroll(from, to, len(d.lines), h)
	if d.cursorOK && d.cursorY >= f.top && d.cursorY < f.top+h {
		f.cursorX, f.cursorY, f.cursorOK = d.cursorX, d.cursorY-f.top, true
	}
	last := min(f.top+h, len(d.lines))
	return paint.Sized(d.lines[f.top:last], w, h)
}

// Cursor returns where the cursor stands in the last frame, from its upper
// left corner; ok is false when no text is being typed.
func (f *Form) Cursor() (x, y int, ok bool) { return f.cursorX, f.cursorY, f.cursorOK }

// scroll keeps the lines of the field under the cursor in sight, its first
// ones when it is larger than the window.
func (f *Form) scroll(from, to, n, h int) {
	if to > f.top+h {
		f.top = to - h
	}
	if from < f.top {
		f.top = from
	}
	f.top = max(min(f.top, n-h), 0)
}

// labelWidth is the width of the labels, or 0 when they stand above.
func (f *Form) labelWidth(w int) int {
	if w < 56 {
		return 0
	}
	need := 0
	for _, field := range f.fields {
		if field.kind != fieldNote {
			need = max(need, paint.Width(field.Label))
		}
	}
	return min(need, w/3) + 3
}

// formDrawing collects the lines of a form.
type formDrawing struct {
	th       *theme.Theme
	w, label int
	lines    []string

	cursorX, cursorY int
	cursorOK         bool
}

func (d *formDrawing) field(f *Field, here bool) {
	if f.kind == fieldNote {
		for _, line := range paint.Wrap(f.Label, d.w-2) {
			d.add(d.line(false).Text(theme.Muted, line))
		}
		d.add(d.line(false))
		return
	}
	l := d.line(here)
	role := theme.Muted
	switch {
	case f.Disabled != "":
		role = theme.Disabled
	case here:
		role = theme.Title
	}
	if d.label > 0 {
		l.Cell(role, f.Label, d.label-1, paint.Left).Gap(1)
	} else {
		d.add(l.Text(role, f.Label))
		l = d.line(here)
	}
	d.value(l, f, here)
	d.under(f, here)
	d.add(d.line(false))
}

// line begins a line with the bar of the field under the cursor.
func (d *formDrawing) line(here bool) *paint.Line {
	l := paint.NewLine(d.th, d.w)
	if here {
		return l.Text(theme.Bar, d.th.Glyphs.Bar).Gap(1)
	}
	return l.Gap(2)
}

func (d *formDrawing) add(l *paint.Line) { d.lines = append(d.lines, l.String()) }

// value draws what is filled in.
func (d *formDrawing) value(l *paint.Line, f *Field, here bool) {
	switch {
	case f.Disabled != "":
		d.add(l.Text(theme.Disabled, orDash(f.label(), d.th)))
	case f.kind == fieldText:
		f.input.Draw(l, l.Room()-1, here)
		if here {
			d.cursorX, d.cursorY, d.cursorOK = f.input.Column(), len(d.lines), true
		}
		d.add(l)
	case f.kind == fieldToggle:
		box, role := d.th.Glyphs.CheckOff, theme.Muted
		if len(f.chosen) > 0 {
			box, role = d.th.Glyphs.CheckOn, theme.Accent
		}
		d.add(l.Text(role, box).Gap(1).Text(theme.Text, f.label()))
	case f.kind == fieldSelect && f.fitsInLine(l.Room()):
		f.stacked = false
		d.radios(l, f)
	case here:
		f.stacked = true
		d.options(l, f)
	default:
		d.add(l.Text(theme.Text, orDash(f.label(), d.th)).Gap(1).Text(theme.Faint, d.th.Glyphs.Open))
	}
}

// radios draws all options in the line.
func (d *formDrawing) radios(l *paint.Line, f *Field) {
	g := &d.th.Glyphs
	for i, o := range f.options {
		if i > 0 {
			l.Gap(3)
		}
		switch {
		case slices.Contains(f.chosen, o.ID):
			l.Text(theme.Accent, g.Dot).Gap(1).Text(theme.Text, o.Label)
		case o.Disabled != "":
			l.Text(theme.Disabled, g.Speck+" "+o.Label)
		default:
			l.Text(theme.Faint, g.Circle).Gap(1).Text(theme.Muted, o.Label)
		}
	}
	d.add(l)
}

// options draws the options in sight, one a line.
func (d *formDrawing) options(l *paint.Line, f *Field) {
	n := len(f.options)
	f.top = scrollWindow(f.top, f.hover, n, min(optionWindow, n))
	at := l.Used()
	if n == 0 {
		d.add(l.Text(theme.Faint, orDash("", d.th)))
	}
	for i := f.top; i < min(f.top+optionWindow, n); i++ {
		if i > f.top {
			l = d.line(true).To(at)
		}
		d.option(l, f, i)
		d.add(l)
	}
	if n > optionWindow {
		d.add(d.line(true).To(at).Text(theme.Faint, countOf(f.hover+1, n)))
	}
}

func (d *formDrawing) option(l *paint.Line, f *Field, i int) {
	g := &d.th.Glyphs
	o := f.options[i]
	on := slices.Contains(f.chosen, o.ID)
	role, sign := theme.Text, g.Circle
	switch {
	case f.kind == fieldMulti && on:
		sign = g.CheckOn
	case f.kind == fieldMulti:
		sign = g.CheckOff
	case on:
		sign = g.Dot
	}
	if i == f.hover {
		l.On(theme.Selected)
		role = theme.Title
	}
	signRole := theme.Muted
	if on {
		signRole = theme.Accent
	}
	if o.Disabled != "" {
		l.Text(theme.Disabled, sign+" "+o.Label).Gap(2).Text(theme.Disabled, o.Disabled)
		return
	}
	l.Text(signRole, sign).Gap(1).Text(role, o.Label).Gap(2)
	if f.detailsFit(d.w - 2 - d.label) {
		l.Text(theme.Faint, o.Detail)
	}
}

// under draws the line below a field: what is wrong, why it is closed, or
// what it is for.
func (d *formDrawing) under(f *Field, here bool) {
	text, role := "", theme.Faint
	switch {
	case f.err != "":
		text, role = d.th.Glyphs.Cross+" "+f.err, theme.Danger
	case f.Disabled != "":
		text = f.Disabled
	case here:
		text = f.Help
		if w := d.w - 2 - d.label; f.kind == fieldSelect && f.hover < len(f.options) && f.options[f.hover].Detail != "" && (f.fitsInLine(w) || !f.detailsFit(w)) {
			text = f.options[f.hover].Detail
		}
	}
	if text == "" {
		return
	}
	for _, line := range paint.Wrap(text, d.w-2-d.label) {
		d.add(d.line(here).Gap(d.label).Text(role, line))
	}
}

// label returns what is chosen or typed, in words.
func (f *Field) label() string {
	switch f.kind {
	case fieldText:
		if f.input.Secret {
			return strings.Repeat("*", len([]rune(f.input.Value())))
		}
		return f.input.Value()
	case fieldToggle:
		if len(f.chosen) > 0 {
			return f.yesNo[0]
		}
		return f.yesNo[1]
	case fieldSelect, fieldMulti, fieldNote:
	}
	var labels []string
	for _, id := range f.values() {
		if i := f.indexOf(id); i >= 0 {
			labels = append(labels, f.options[i].Label)
		} else {
			labels = append(labels, id)
		}
	}
	return strings.Join(labels, ", ")
}

// detailsFit tells whether every option can stand in a line with its detail; if not, that of the one under the cursor is said
// below them in full.
func (f *Field) detailsFit(w int) bool {
	return !slices.ContainsFunc(f.options, func(o Option) bool { return paint.Width(o.Label)+paint.Width(o.Detail)+4 > w })
}

// fitsInLine tells whether all options can stand in one line.
func (f *Field) fitsInLine(w int) bool {
	need := -3
	for _, o := range f.options {
		need += paint.Width(o.Label) + 5
	}
	return len(f.options) > 0 && need <= w
}

func orDash(s string, th *theme.Theme) string {
	if s == "" {
		return th.Glyphs.BoxH
	}
	return s
}
