// Package assets carries the data the program is shipped with: what the platform it administers is made of and the
// sentences a person reads. It hands out raw bytes and files; the packages of core that own a subject parse them.
// Only data enters here, and the package imports nothing of the program.
package assets

import (
	"embed"
	"io/fs"
)

//go:embed *.yaml *.csv messages
var files embed.FS

// Regions is the list of regions with their names and what is sold in them, as YAML.
func Regions() []byte { return data("regions.yaml") }

// Editions is the list of editions and the features each of them includes, as YAML.
func Editions() []byte { return data("editions.yaml") }

// Roles is the list of built-in roles with their permission points, as YAML.
func Roles() []byte { return data("roles.yaml") }

// Points is the table of single permission points of the built-in workspace roles, as CSV: a line for each point with its
// module, the names of both in English and Chinese, what the line rests on (table, api or prose: a published table, the
// description of an interface, or prose), and yes, no or unknown for each role.
func Points() []byte { return data("points.csv") }

// RoleTemplates is the list of templates for custom roles of a workspace with their levels, as YAML.
func RoleTemplates() []byte { return data("role_templates.yaml") }

// TenantRoles is the list of built-in tenant roles with their capabilities, as YAML.
func TenantRoles() []byte { return data("tenant_roles.yaml") }

// Policies is the list of system policies with their statements, as YAML.
func Policies() []byte { return data("policies.yaml") }

// EngineRoles is the list of the roles of a compute engine with what they are granted, as YAML.
func EngineRoles() []byte { return data("engine_roles.yaml") }

// Alerts is the list of channels that alerts are sent by, what of them costs nothing, and who sends, as YAML.
func Alerts() []byte { return data("alerts.yaml") }

// Groups is the terms of resource groups (sizes, times and limits), as YAML.
func Groups() []byte { return data("groups.yaml") }

// SourceTypes is the list of types of data sources with the connection properties of each, as YAML.
func SourceTypes() []byte { return data("source_types.yaml") }

// Releases is what is new in each version of the program, newest first, as YAML.
func Releases() []byte { return data("releases.yaml") }

// Messages is the tree of message files: one folder for each language, named by its language tag, with one file for
// each area of the program.
func Messages() fs.FS {
	sub, err := fs.Sub(files, "messages")
	if err != nil {
		// Only an invalid path can fail here, and this one is constant.
		return files
	}
	return sub
}

// data returns the content of an embedded file, or nothing when there is no such file; whoever parses it says so.
func data(name string) []byte {
	content, err := files.ReadFile(name)
	if err != nil {
		return nil
	}
	return content
}
