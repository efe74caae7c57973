package app_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"reeve/tui/tuitest"
)

// fuzzKeys are what a fuzzed byte can be: keys, and what else a terminal sends.
func fuzzKeys() []string {
	return append(strings.Fields("up down left right pgup pgdown home end g G k j enter esc tab shift+tab space backspace delete insert "+
		"ctrl+o ctrl+i ctrl+s ctrl+r ctrl+l ctrl+e ctrl+t ctrl+y ctrl+a ctrl+k ctrl+w ctrl+u alt+b f5 : / ? ! * [ ] 0 1 2 3 4 5 6 7 8 9 "+
		"a b c d e i m n p r s t u v w x y A B D E G N R S V W text:sales text:数据 text:👩‍👩‍👧 text:lab text:mode:simple text:!x text:audit"),
		"click", "wheel up", "wheel down", "paste", "small", "large", "tiny", "light", "mono")
}

// perform does what one fuzzed byte stands for.
func perform(d *tuitest.Driver, name string, n int) {
	switch name {
	case "click":
		d.Send(tea.MouseClickMsg{X: n * 7 % 120, Y: n * 3 % 36, Button: tea.MouseLeft})
	case "wheel up":
		d.Send(tea.MouseWheelMsg{X: 40, Y: 10, Button: tea.MouseWheelUp})
	case "wheel down":
		d.Send(tea.MouseWheelMsg{X: 40, Y: 10, Button: tea.MouseWheelDown})
	case "paste":
		d.Send(tea.PasteMsg{Content: hostileNames()[n%len(hostileNames())]})
	case "small":
		d.Resize(60, 20)
	case "large":
		d.Resize(120, 36)
	case "tiny":
		d.Resize(10, 3)
	case "light", "mono":
		d.Send(looks()[name])
	default:
		if keys, err := tuitest.ParseKeys(name); err == nil {
			for _, k := range keys {
				d.Send(k)
			}
		}
	}
}

// FuzzKeys presses keys in a world of its own and holds that every frame is whole.
func FuzzKeys(f *testing.F) {
	index := map[string]byte{}
	for i, name := range fuzzKeys() {
		index[name] = byte(i)
	}
	for _, walk := range []string{
		"down down enter ] enter down w n ctrl+s enter u esc esc", "/ text:sales enter x text:sales enter y", "a text:数据 tab tab ctrl+s esc esc",
		": text:audit enter V esc enter pgdown esc", "* e enter c space enter s enter y enter", "R down down enter W enter ?", "small down enter tiny enter large esc mono ! esc",
		"paste / paste enter esc esc a paste ctrl+s paste", "click wheel down click 8 enter click ctrl+t esc ctrl+o tab", "7 a paste tab space tab space ctrl+s A enter",
		"down enter space space r space enter enter u x enter u", "R text:lab backspace esc 1 enter B r u enter",
	} {
		seed := []byte{walk[0]}
		for name := range strings.FieldsSeq(walk) {
			seed = append(seed, index[name])
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, walk []byte) {
		if len(walk) == 0 {
			return
		}
		w := newWorld(t)
		names := fuzzKeys()
		places := []string{"cn-hangzhou", sales + "/members", reader, "cn-hangzhou/legacy/members", "overview", "audit", "cn-hangzhou/legacy/roles",
			tenantMembers, tenantRoles, "policies", denying, sales + "/engines", figures, sales + "/permissions", sales + "/members/张伟", "admin"}
		d := w.open("root", places[int(walk[0])%len(places)])
		for i, b := range walk[1:min(len(walk), 60)] {
			perform(d, names[int(b)%len(names)], i+int(b))
			d.Screen()
			if t.Failed() {
				t.Fatalf("after %s", names[int(b)%len(names)])
			}
		}
	})
}

// FuzzNames draws a name wherever a list shows one and holds that no terminal would act on it and that no line grows.
func FuzzNames(f *testing.F) {
	for _, name := range append(hostileNames(), "", " ", "a", "\xff\xfe", "\xed\xa0\x80", strings.Repeat("👩‍👩‍👧‍👦", 40), "a\u0300\u0301\u0302", "ᄒ\u1161\u11ab", "\u202e\u2067", "ﷺ﷽", "…") {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		w := newWorld(t)
		d := w.open("root", "cn-hangzhou", w.listing(50, func(int) string { return name }))
		for _, keys := range []string{"", "y", "esc d", "esc W", "esc / text:x", "esc esc m"} {
			d.Keys(keys)
			for _, size := range []tuitest.Size{{W: 60, H: 20}, {W: 120, H: 36}} {
				d.Resize(size.W, size.H)
				content := d.View().Content
				tuitest.Invariants(t, strings.ReplaceAll(content, "\uFFFD", "?"), size.W, size.H)
			}
		}
	})
}
