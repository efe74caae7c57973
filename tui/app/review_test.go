package app_test

import (
	"testing"

	"reeve/core/access"
	"reeve/core/member"
	"reeve/core/role"
	"reeve/core/use"
	"reeve/storage"
)

// reviewed starts a review of what was not used for 60 days in sales_dw, and decides about its first row.
func reviewed(w *world) {
	w.t.Helper()
	ctx := w.ctx(w.t, "zoe.park")
	r, err := w.services.Members.StartReview(ctx, refOf("sales_dw"), 60)
	if err == nil {
		_, err = w.services.Members.DecideReview(ctx, refOf("sales_dw"), r.ID, []member.Verdict{{Number: 1, Decision: member.Keep}}, false)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// reviewedWhole decides about all of it.
func reviewedWhole(w *world) {
	w.t.Helper()
	reviewed(w)
	if _, err := w.services.Members.DecideReview(w.ctx(w.t, "root"), refOf("sales_dw"), 1, []member.Verdict{{Decision: member.Keep}}, false); err != nil {
		w.t.Fatal(err)
	}
}

// reviewedSince goes on after a review was started: s.lindqvist no longer holds Develop, and etl-prod is back.
func reviewedSince(w *world) {
	w.t.Helper()
	reviewed(w)
	_, err := w.services.Members.SetRoles(w.ctx(w.t, "root"), refOf("sales_dw"), member.Batch{Users: []string{"s.lindqvist"}, Roles: []string{"finance_reader"}})
	if err == nil {
		err = use.New(w.gate, storage.NewUses(w.db)).Note(w.ctx(w.t, "etl-prod"), refOf("sales_dw"))
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// reviewScenes are the reviews, templates, copies and further parts of roles and policies.
func reviewScenes() []scene {
	const finance = sales + "/roles?q=finance"
	return []scene{
		{name: "reviews", who: "zoe.park", link: sales + "/reviews", before: reviewed, rows: true},
		{name: "reviews-empty", who: "zoe.park", link: sales + "/reviews"},
		{name: "reviews-start", who: "zoe.park", link: sales + "/reviews", keys: "a"},
		{name: "reviews-start-fault", who: "zoe.park", link: sales + "/reviews", keys: "a ctrl+u text:0 ctrl+s"},
		{name: "reviews-start-nothing", who: "zoe.park", link: sales + "/reviews", keys: "a ctrl+u text:3650 ctrl+s"},
		{name: "reviews-refused", who: "m.ito", link: sales + "/reviews"},
		{name: "review", who: "zoe.park", link: sales + "/reviews/1", before: reviewed, rows: true},
		{name: "review-drafted", who: "zoe.park", link: sales + "/reviews/1", before: reviewed, rows: true,
			keys: "down x down K down t text:2026-12-31 ctrl+s"},
		{name: "review-effect", who: "zoe.park", link: sales + "/reviews/1", before: reviewed, keys: "down x ctrl+s"},
		{name: "review-until", who: "zoe.park", link: sales + "/reviews/1", before: reviewed, keys: "down space space t"},
		{name: "review-decided", who: "zoe.park", link: sales + "/reviews/1", before: reviewed, keys: "K"},
		{name: "review-since", who: "zoe.park", link: sales + "/reviews/1", before: reviewedSince, keys: "end x", rows: true},
		{name: "review-since-effect", who: "zoe.park", link: sales + "/reviews/1", before: reviewedSince, keys: "end x ctrl+s"},
		{name: "review-finished", who: "zoe.park", link: sales + "/reviews/1", before: reviewedWhole, rows: true},
		{name: "review-missing", who: "zoe.park", link: sales + "/reviews/9"},
		{name: "role-templates", who: "zoe.park", link: sales + "/roles", keys: "a text:Night tab right right right right right"},
		{name: "role-copy-targets", who: "root", link: finance, keys: "C"},
		{name: "role-copy", who: "root", link: finance, keys: "C text:risk space ctrl+u text:market space enter", before: copiedElsewhere},
		{name: "role-copy-replace", who: "root", link: finance, keys: "C text:risk space ctrl+u text:market space enter r", before: copiedElsewhere},
		{name: "role-copy-refused", who: "zoe.park", link: finance, keys: "C text:pilot space enter"},
		{name: "role-map", who: "root", link: reader, keys: "m"},
		{name: "policy-edit-simulate", who: "root", link: denying, keys: "m ctrl+r"},
		{name: "policy-edit-simulated", who: "root", link: denying, keys: "m ctrl+r right right ctrl+s"},
	}
}

// copiedElsewhere puts another finance_reader into risk_dw, which k.nowak holds.
func copiedElsewhere(w *world) {
	w.t.Helper()
	ctx := w.ctx(w.t, "root")
	_, err := w.services.Roles.Create(ctx, refOf("risk_dw"), "finance_reader", access.AllWorkspace(access.Read).With(access.DataStudio, access.Write))
	if err == nil {
		_, err = w.services.Members.Add(ctx, refOf("risk_dw"), member.Batch{Users: []string{"m.ito"}, Roles: []string{"finance_reader"}})
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestAReviewIsStartedDecidedAndCarriedOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("zoe.park", sales+"/members").Keys("V")
	has(t, d, "No review yet")
	d.Keys("a ctrl+u text:60 ctrl+s")
	has(t, d, "Review 1", "access unused for 60 days", "etl-prod")
	d.Keys("* K")
	has(t, d, "decisions not carried out", "● keep")
	d.Keys("end x")
	has(t, d, "● remove")
	d.Keys("home u")
	d.Keys("ctrl+s")
	has(t, d, "Effect of these decisions", "remove 1")
	d.Keys("enter")
	has(t, d, "1 of 7 open", "zoe.park · just")
	lacks(t, d, "not carried out")
	has(t, d.Keys("end x !"), "has decided about")
	has(t, d.Keys("esc esc"), "Reviews")
	r, err := w.services.Members.Review(w.ctx(t, "zoe.park"), refOf("sales_dw"), 1)
	if err != nil || r.Open != 1 || r.Found[0].Decision != "" || r.Found[len(r.Found)-1].Decision != member.RemoveIt {
		t.Errorf("the review is %+v (%v)", r, err)
	}
}

func TestWhatChangedSinceAReviewBeganIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reviewedSince(w)
	d := w.open("zoe.park", sales+"/reviews/1")
	has(t, d, "5 of 7 open", "no longer held", "just now")
	has(t, d.Keys("down down down K !"), "s.lindqvist no longer holds this")
	has(t, d.Keys("esc end x ctrl+s"), "what was used since the review was started", "Deploy")
	has(t, d.Keys("enter"), "Carried out 1 decision")
}

func TestDecisionsThatAreNotCarriedOutAreNotLostUnasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reviewed(w)
	d := w.open("zoe.park", sales+"/reviews").Keys("enter down K esc")
	has(t, d, "There are unsaved changes")
	has(t, d.Keys("s"), "1 decision not carried out")
	// What somebody else decides meanwhile is not decided twice.
	if _, err := w.services.Members.DecideReview(w.ctx(t, "root"), refOf("sales_dw"), 1, []member.Verdict{{Number: 2, Decision: member.Keep}}, false); err != nil {
		t.Fatal(err)
	}
	lacks(t, d.Keys("ctrl+r"), "not carried out")
}

func TestARoleIsKeptUntilATimeThatLiesAhead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reviewed(w)
	d := w.open("zoe.park", sales+"/reviews/1").Keys("down t")
	has(t, d.Keys("ctrl+s"), "say until when")
	has(t, d.Keys("text:2026-05-01 ctrl+s"), "must lie in the future")
	has(t, d.Keys("ctrl+u text:2026-12-31 ctrl+s"), "until 2026-12-31")
	has(t, d.Keys("ctrl+s"), "until a time 1")
	has(t, d.Keys("enter"), "Carried out 1 decision")
}

func TestAFinishedReviewIsOnlyRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reviewedWhole(w)
	d := w.open("zoe.park", sales+"/reviews?q=finished")
	has(t, d, "finished")
	has(t, d.Keys("enter"), "7 decided", "root · just now")
	has(t, d.Keys("x !"), "Everything in this review is decided")
	has(t, w.open("m.ito", sales+"/members").Keys("V !"), "This needs Workspace Administrator")
}

func TestARoleBeginsWithATemplate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("zoe.park", sales+"/roles").Keys("a text:Night tab")
	has(t, d, "● None", "nothing in any module")
	has(t, d.Keys("down down down down down"), "● Operator", "runs what is deployed in Operation Center")
	has(t, d.Keys("ctrl+s"), "Night", "Operation Center          ·      ·      ●")
	r, err := w.services.Roles.Get(w.ctx(t, "root"), refOf("sales_dw"), "Night")
	if err != nil || r.Levels != access.AllWorkspace(access.Read).With(access.OperationCenter, access.Write).With(access.ResourceOptimization, access.Write) {
		t.Errorf("the role is %+v (%v)", r, err)
	}
}

func TestARoleIsCopiedAfterItsEffectWasShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	copiedElsewhere(w)
	d := w.open("root", sales+"/roles?q=finance").Keys("C text:risk space ctrl+u text:market space enter")
	has(t, d, "cn-hangzhou/marketing_lab: is created", "cn-hangzhou/risk_dw: is there already", "stays as it is", "DataStudio Write → Read")
	lacks(t, d, "loses")
	has(t, d.Keys("r"), "is changed", "loses 1 person Write on DataStudio", "m.ito")
	lacks(t, d.Keys("r"), "loses")
	has(t, d.Keys("r enter"), "created 1, changed 1")
	for _, name := range []string{"risk_dw"} {
		r, err := w.services.Roles.Get(w.ctx(t, "root"), refOf(name), "finance_reader")
		if err != nil || r.Levels.Get(access.DataStudio) != access.Read {
			t.Errorf("%s has %+v (%v)", name, r, err)
		}
	}
	d.Keys("C text:risk space enter")
	has(t, d, "says the same")
	has(t, d.Keys("enter"), "Nothing is to be done")
}

func TestWhatIsCopiedIsWhatWasShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	copiedElsewhere(w)
	d := w.open("root", sales+"/roles?q=finance").Keys("C text:risk space enter")
	has(t, d, "stays as it is")
	has(t, d.Keys("r"), "is changed")
	if _, err := w.services.Roles.Set(w.ctx(t, "root"), refOf("risk_dw"), "finance_reader", role.Edit{Levels: map[access.Module]access.Level{access.DataQuality: access.Write}}); err != nil {
		t.Fatal(err)
	}
	has(t, d.Keys("enter"), "Data Quality Write → Read") // shown anew
	has(t, d.Keys("enter"), "changed 1")
}

func TestWhoMayNotIsToldAndKeepsTheMarks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("zoe.park", sales+"/roles?q=finance").Keys("C text:pilot space enter")
	has(t, d, "[x] pilot")
	has(t, d.Keys("esc esc !"), "cannot be copied to cn-shanghai/pilot")
	d = w.open("zoe.park", reader).Keys("n C !")
	has(t, d, "Save the changed cells first")
	has(t, w.open("zoe.park", sales+"/roles").Keys("C !"), "built in and never changes")
}

func TestARoleIsMappedInItsEditorByWhoMay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("root", reader)
	has(t, d, "Engine roles")
	d.Keys("m tab down ctrl+s")
	has(t, d, "→ Role_Project_")
	has(t, w.open("zoe.park", reader).Keys("m !"), "AliyunDataWorksFullAccess")
	has(t, w.open("root", sales+"/roles/role_project_dev").Keys("m !"), "Develop")
}

func TestTheHoldersOfARoleAreAKeyAway(t *testing.T) {
	t.Parallel()
	d := newWorld(t).open("zoe.park", sales+"/roles?q=finance").Keys("p")
	has(t, d, "Members", "m.ito", "s.lindqvist")
	lacks(t, d, "etl-prod")
}

func TestAPolicyIsTriedBeforeItIsSaved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("root", denying).Keys("m down down end text:x ctrl+r")
	has(t, d, "line 3, column")
	lacks(t, d, "document:")
	d.Keys("delete ctrl+r")
	has(t, d, "Account", "Scope")
	has(t, d.Keys("right right ctrl+s"), "decides")
	has(t, d.Keys("esc"), "ctrl+r simulate")
	p, err := w.services.Policies.Get(w.ctx(t, "root"), "KeepWorkspaces")
	if err != nil || p.Version != 1 {
		t.Errorf("trying changed the policy: %+v (%v)", p, err)
	}
}

func TestTheCursorGoesToWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.open("root", denying).Keys("m down end text:x ctrl+s")
	has(t, d, "line 2, column")
	has(t, d.Keys("delete ctrl+s"), "Effect of saving")
	// 佐 is one letter of three bytes: the column of the fault counts bytes, the cursor goes by letters.
	d = w.open("root", denying).Keys("m")
	has(t, d, "Statement")
	d.Keys("down down down down down down down down down end backspace text:佐\"x ctrl+s")
	has(t, d, "line 10, column", "佐\"x")
	lacks(t, d.Keys("delete"), "佐\"x")
	has(t, d, "佐\" ")
	d = w.open("zoe.park", reader).Keys("t down down text:x down down text:y ctrl+s")
	has(t, d, "line 3: there is no module", "line 5")
	d.Keys("delete ctrl+s")
	has(t, d, "line 5")
	lacks(t, d, "line 3:")
}
