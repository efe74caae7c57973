package widget

import (
	"reeve/tui/paint"
	"reeve/tui/theme"
)

// FooterKey is one act in the footer.
type FooterKey struct{ Key, Title string }

// Footer draws what can be done here, the most useful first; entries that do
// not fit are left out whole, the last first, except that keep entries at the
// end (the palette and the help) stay as long as there is room for them. right
// is said at the right end in its role.
func Footer(th *theme.Theme, keys []FooterKey, keep int, right string, role theme.Role, w int) string {
	l := paint.NewLine(th, w)
	keep = max(min(keep, len(keys)), 0)
	first, kept := keys[:len(keys)-keep], keys[len(keys)-keep:]
	room := w - 2
	note := paint.Width(right)
	if note > 0 {
		note = min(note, max(w/2, 12))
		room -= note + 3
	}
	reserved := 0
	for _, k := range kept {
		reserved += footerWidth(k)
	}
	if reserved > room {
		reserved = 0
	}
	l.Gap(1)
	used := 0
	put := func(k FooterKey) {
		if n := footerWidth(k); used+n <= room+footerGap {
			l.Text(theme.Key, k.Key).Gap(1).Text(theme.KeyTitle, k.Title).Gap(footerGap)
			used += n
		}
	}
	for _, k := range first {
		if used+footerWidth(k)+reserved > room+footerGap {
			break
		}
		put(k)
	}
	for _, k := range kept {
		put(k)
	}
	if note > 0 && l.Room() > note {
		l.To(w-1-note).Clip(role, right, note)
	}
	return l.String()
}

// Cells between two entries.
const footerGap = 3

func footerWidth(k FooterKey) int { return paint.Width(k.Key) + 1 + paint.Width(k.Title) + footerGap }
