package app

import (
	"slices"

	"reeve/tui/route"
	"reeve/tui/widget"
)

// titled is a place under the message that names it.
type titled struct {
	at    route.Route
	title string
}

// placesHere are the places that the palette offers: those of the console, of the region, and of the workspace or group one is in.
func (a *App) placesHere() []titled {
	region := a.region()
	var places []titled
	for _, n := range areas {
		if n.kind != "" {
			places = append(places, titled{route.Route{Kind: n.kind, Region: a.regionFor(n.kind)}, n.title})
		}
	}
	places = append(places, titled{route.Route{Kind: route.Regions}, "regions.title"})
	if r := a.at().route; r.InWorkspace() {
		in := func(kind route.Kind, title string) titled {
			return titled{route.Route{Kind: kind, Region: r.Region, Workspace: r.Workspace}, title}
		}
		for _, kind := range tabSets[0] {
			places = append(places, in(kind, "tab."+string(kind)))
		}
		places = append(places, in(route.Joining, "joining.title"), in(route.Reviews, "reviews.title"))
	}
	if r := a.at().route; r.Kind == route.Group || r.Kind == route.Runs {
		places = append(places, titled{route.Route{Kind: route.Runs, Region: r.Region, Item: r.Item}, "nav.runs"})
	}
	for _, kind := range tabSets[1] {
		places = append(places, titled{a.complete(route.Route{Kind: kind}), "tab." + string(kind)})
	}
	for _, view := range []string{route.ViewOwn, route.ViewToDecide} {
		places = append(places, titled{route.Route{Kind: route.Requests, Item: view}, "requests.title." + view})
	}
	return append(places, titled{route.Route{Kind: route.Bin, Region: region}, "bin.title"},
		titled{route.Route{Kind: route.Bootstraps, Region: region}, "bootstraps.title"})
}

// placeItems are the places as items of the palette, found by their titles, their links, and what they are and hold: policies by policy.
func (a *App) placeItems() []widget.PaletteItem {
	var items []widget.PaletteItem
	for _, p := range a.placesHere() {
		link := p.at.String()
		item := widget.PaletteItem{ID: "go:" + link, Title: a.env.Text(p.title), Detail: link, Names: []string{string(p.at.Kind)}}
		if p.at.Kind == route.Admin { // its commands, and those who come from elsewhere, call what it lists otherwise
			item.Names = append(item.Names, "users", "directory")
		}
		if i := slices.IndexFunc(areas[:], func(n area) bool { return n.title == p.title }); i >= 0 {
			item.Keys = areas[i].key
		}
		for _, kind := range []route.Kind{route.Policy, route.Request, route.Group, route.Role, route.Member, route.Review, route.Entry} {
			if up, ok := parent(route.Route{Kind: kind}); ok && up.Kind == p.at.Kind {
				item.Names = append(item.Names, string(kind))
			}
		}
		items = append(items, item)
	}
	return items
}
