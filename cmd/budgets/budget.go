package main

import "strings"

// budget is a bound on what a benchmark measures: the value of Metric must be at most Bound.
type budget struct {
	// What is said of it in the table.
	What string
	// Package is the folder from the root of the repository, Benchmark the name in it: the function's, or Function/case.
	Package, Benchmark string
	// Metric is the unit as the benchmark prints it.
	Metric string
	Bound  float64
}

// function is the name of the benchmark's function.
func (b budget) function() string {
	name, _, _ := strings.Cut(b.Benchmark, "/")
	return name
}

// budgets are what the console promises. Where the machine matters the bound is a ratio of two things measured in the
// same run; the few plain times are far above what a small computer of today needs.
func budgets() []budget {
	return []budget{
		{"a decision allocates nothing", "core/access", "BenchmarkDecide", "allocs/op", 0},
		{"a decision against a bare map look-up", "core/access", "BenchmarkDecideAgainstMap", "x_map", 2},
		{"compile 1,000,000 memberships", "core/access", "BenchmarkRebuild1M", "s", 1},
		{"memory of one membership", "core/access", "BenchmarkRebuild1M", "B/member", 100},
		{"an edited role among 1,000,000 memberships, seen by decisions", "core/access", "BenchmarkUpdateRole1M", "ns/op", 50_000_000},
		{"who may, in a workspace of 100,000 members", "core/access", "BenchmarkWhoCan100k", "ns/op", 5_000_000},
		{"a page of members among 1,000,000 against the SQL by hand", "storage", "BenchmarkPage1M/members", "ratio", 1.5},
		{"a page of workspaces among 10,000 against the SQL by hand", "storage", "BenchmarkPage1M/workspaces", "ratio", 1.5},
		{"the differences of 10,000 rows that are imported", "core/member", "BenchmarkImport10k/plan", "ns/op", 3_000_000_000},
		{"a run ends and lets in the next of 1,000 that wait", "core/group", "BenchmarkAdmission/next", "ns/op", 5_000_000},
		{"a run comes while 1,000 wait", "core/group", "BenchmarkAdmission/enter", "ns/op", 5_000_000},
		{"each of 1,000 that are let in together: 1 ms are 1,000 a second", "core/group", "BenchmarkThousandAdmissions", "ms/admission", 1},
		{"what other roles for 5,000 of 50,000 members come to", "core/member", "BenchmarkSetRoles5k/effect", "ns/op", 3_000_000_000},
		{"one key in a table: 1,000,000 rows against 100", "tui/widget", "BenchmarkTableKey", "large/small", 1.2},
		{"one key in the console: 1,000,000 rows against 100", "tui/app", "BenchmarkKeyRows/ratio", "ratio", 1.2},
		{"a frame of workspaces at 120×40: time", "tui/app", "BenchmarkView120x40/workspaces", "ns/op", 300_000},
		{"a frame of workspaces at 120×40: allocations", "tui/app", "BenchmarkView120x40/workspaces", "allocs/op", 200},
		{"a frame of the role editor at 120×40: time", "tui/app", "BenchmarkView120x40/editor", "ns/op", 300_000},
		{"a frame of a resource group with 31 days of minutes: time", "tui/app", "BenchmarkView120x40/group", "ns/op", 300_000},
		{"bytes to the terminal for a move of the cursor", "tui/app", "BenchmarkCursorMoveBytes", "bytes/move", 350},
		{"a question over HTTP against a handler that decides nothing", "cmd/authzen", "BenchmarkLoopback", "x_idle", 1.3},
		{"a decision over HTTP, a hundred at once: 50 µs are 20,000 a second", "cmd/authzen", "BenchmarkLoopback", "us/decision", 50},
		{"heap of a session over SSH against a bare Bubble Tea program: 200 at once, 120×40", "cmd/reeve", "BenchmarkServedSessions", "x_bare", 1.25},
		{"milliseconds from a key to its frame over SSH, 95 of 100, beside 200 sessions", "cmd/reeve", "BenchmarkServedSessions", "ms_p95", 25},
		{"bytes over SSH for a move of the cursor", "cmd/reeve", "BenchmarkServedSessions", "bytes/move", 350},
		{"bytes that 200 idle sessions are sent", "cmd/reeve", "BenchmarkServedSessions", "idle_B", 0},
		{"bytes that 200 idle sessions write to the database", "cmd/reeve", "BenchmarkServedSessions", "idle_db_B", 0},
		{"goroutines left after 1,000 sessions", "cmd/reeve", "BenchmarkServedSessions", "left", 0},
		{"milliseconds from start to 10,000 workspaces, above printing", "cmd/reeve", "BenchmarkFirstFrame", "ms_more", 150},
	}
}
