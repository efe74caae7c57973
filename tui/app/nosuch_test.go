package app_test

import "testing"

// A link to what is not there says so on the screen it opens, whatever the place.
func TestALinkToNothingSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for link, want := range map[string]string{
		"cn-hangzhou/nosuch":                  "no workspace nosuch",
		"cn-hangzhou/nosuch/members":          "no workspace nosuch",
		"cn-hangzhou/nosuch/members/zoe":      "no workspace nosuch",
		"cn-hangzhou/nosuch/roles":            "no workspace nosuch",
		"cn-hangzhou/nosuch/roles/develop":    "no workspace nosuch",
		"cn-hangzhou/nosuch/engines":          "no workspace nosuch",
		"cn-hangzhou/nosuch/permissions":      "no workspace nosuch",
		"cn-hangzhou/sales_dw/members/nobody": "nobody here",
		"cn-hangzhou/sales_dw/roles/nosuch":   "no role nosuch",
		"nosuch":                              "no region nosuch",
		"nosuch/-/bin":                        "no region nosuch",
		"nosuch/-/tenant-roles":               "no region nosuch",
		"nosuch/-/tenant-members":             "no region nosuch",
		"nosuch/sales_dw/members":             "no workspace sales_dw",
		"policies/nosuch":                     "no policy nosuch",
		"audit/99999":                         "99999 here",
	} {
		has(t, w.open("root", link), "That did not work", want)
	}
}
