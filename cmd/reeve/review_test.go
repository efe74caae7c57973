package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestUnusedAccessIsReviewed(t *testing.T) {
	b := newTenant(t)
	b.must(inSales("member", "add", "bo", "--role", "develop", "o&m")...)
	b.must(inSales("member", "add", "amy", "--role", "visitor")...)
	b.fails(exitConflict, []string{"no access that was not used for 90 days"}, inSales("review", "start")...)
	b.now = b.now.Add(100 * 24 * time.Hour)
	b.must(inSales("member", "list", "--as", "amy")...) // amy comes back
	b.must(inSales("member", "list", "--as", "zoe")...)
	unused := b.list(inSales("member", "dormant")...)
	if len(unused) != 3 || unused[0]["user"] != "lin" || unused[1]["user"] != "bo" || unused[0]["days"] != float64(100) || unused[0]["last_used"] != nil {
		t.Fatalf("unused: %v", unused)
	}
	if text := b.must(inSales("review", "start", "--as", "zoe")...); !strings.Contains(text, "Review 1") || strings.Contains(text, "amy") {
		t.Error(text)
	}
	b.fails(exitUsage, []string{"there is no item 9", "is none of keep"}, inSales("review", "decide", "1", "--item", "9=keep", "--item", "1=drop")...)
	b.fails(exitUsage, []string{"NUMBER=DECISION"}, inSales("review", "decide", "1", "--item", "first=keep")...)
	b.fails(exitUsage, []string{"is no time"}, inSales("review", "decide", "1", "--item", "1=until:soon")...)
	b.fails(exitNotFound, []string{"review"}, inSales("review", "show", "7")...)
	b.fails(exitDenied, nil, inSales("review", "list", "--as", "amy")...)
	if text := b.must(inSales("review", "decide", "1", "--item", "2=remove", "--preview")...); !strings.Contains(text, "bo") {
		t.Error(text)
	}
	text := b.must(inSales("review", "decide", "1", "--item", "2=until:30d", "--item", "1=keep", "--as", "zoe")...)
	if !strings.Contains(text, "zoe") || !strings.Contains(text, "open: 1") {
		t.Error(text)
	}
	b.fails(exitUsage, []string{"zoe has decided about item 1 already"}, inSales("review", "decide", "1", "--item", "1=remove")...)
	b.must(inSales("review", "decide", "1", "--item", "all=remove")...)
	m := b.list(inSales("member", "list", "--filter", "name:bo")...)[0]
	if held := rows(m["roles"]); len(held) != 1 || held[0]["code"] != "role_project_dev" || held[0]["until"] == nil {
		t.Errorf("bo holds %v", held)
	}
	if shown := b.list(inSales("review", "list")...); len(shown) != 1 || shown[0]["open"] != float64(0) || shown[0]["started_by"] != "zoe" {
		t.Errorf("%v", shown)
	}
	if text := b.must("audit", "list", "--what", "review.decide"); strings.Count(text, "review.decide") != 2 {
		t.Error(text)
	}
}

func TestWhatChangedSinceAReviewBeganIsRefused(t *testing.T) {
	b := newTenant(t)
	b.must(inSales("member", "add", "bo", "--role", "develop")...)
	b.must(inSales("member", "add", "amy", "--role", "visitor")...)
	b.now = b.now.Add(100 * 24 * time.Hour)
	b.must(inSales("member", "list", "--as", "zoe")...)
	b.must(inSales("review", "start", "--as", "zoe")...)
	b.must(inSales("member", "set-roles", "amy", "--role", "develop")...)
	b.must(inSales("member", "list", "--as", "bo")...)
	number := map[string]string{}
	for _, it := range rows(b.one(inSales("review", "show", "1")...)["found"]) {
		number[it["user"].(string)] = fmt.Sprint(it["number"])
		if it["held"] != (it["user"] != "amy") || (it["used_since"] != nil) != (it["user"] == "bo") {
			t.Errorf("%v", it)
		}
	}
	b.fails(exitUsage, []string{"amy no longer holds Visitor"}, inSales("review", "decide", "1", "--item", number["amy"]+"=until:9d")...)
	b.fails(exitUsage, []string{"bo has used Develop", "--used"}, inSales("review", "decide", "1", "--item", number["bo"]+"=remove")...)
	b.must(inSales("review", "decide", "1", "--item", number["bo"]+"=remove", "--used")...)
}

func TestWhoLosesTheLastRoleInAReviewLeavesTheWorkspace(t *testing.T) {
	b := newTenant(t)
	b.must(inSales("member", "add", "bo", "--role", "develop")...)
	b.now = b.now.Add(100 * 24 * time.Hour)
	b.must(inSales("review", "start")...)
	o := b.run(inSales("review", "decide", "1", "--item", "all=remove")...)
	if o.code != exitConflict || !strings.Contains(o.errors, "last administrator") {
		t.Errorf("exit %d: %s", o.code, o.errors)
	}
	if found := b.list(inSales("review", "list")...); found[0]["open"] != found[0]["items"] {
		t.Errorf("what was refused was noted: %v", found)
	}
	b.must(inSales("review", "decide", "1", "--item", "1,2=keep", "--item", "all=remove")...)
	if names := b.must(inSales("member", "list")...); strings.Contains(names, "bo ") || !strings.Contains(names, "zoe") {
		t.Error(names)
	}
}
