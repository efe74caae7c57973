package workspace

import (
	"slices"
	"strings"

	"reeve/core/message"
	"reeve/core/text"
)

// Tag marks a workspace with a value under a key. Keys are told apart by case; filters look at neither case.
type Tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// String is the tag as people write it.
func (t Tag) String() string { return t.Key + "=" + t.Value }

// MaxTags is how many tags a workspace has at most. The documentation of workspaces says nothing of tags but that they are
// a list of keys and values; this number and the rules below are those that the cloud has for tags of other resources.
const MaxTags = 20

var (
	tagKeyRule   = text.Rule{Min: 1, Max: 128}
	tagValueRule = text.Rule{Min: 0, Max: 128}
)

// ParseTag reads key=value; without = the value is empty.
func ParseTag(s string) Tag {
	key, value, _ := strings.Cut(s, "=")
	return Tag{Key: strings.TrimSpace(key), Value: strings.TrimSpace(value)}
}

// tags checks a list of tags and returns it sorted by key.
func (f *faults) tags(field string, list []Tag) []Tag {
	seen := map[string]bool{}
	for _, t := range list {
		switch {
		case seen[t.Key]:
			f.add(field, message.Text{ID: "fault.workspace.tag.twice", Args: message.Args{"Key": t.Key}})
		default:
			f.tag(field, t)
		}
		seen[t.Key] = true
	}
	if len(list) > MaxTags {
		f.add(field, message.Text{ID: "fault.workspace.tag.many", Args: message.Args{"Count": len(list), "Max": MaxTags}})
	}
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b Tag) int { return strings.Compare(a.Key, b.Key) })
	return sorted
}

func (f *faults) tag(field string, t Tag) {
	of := func(what message.Text) message.Text {
		return message.Text{ID: "fault.workspace.tag", Args: message.Args{"Tag": t.String(), "What": what}}
	}
	if what, ok := tagKeyRule.Check(t.Key); !ok {
		f.add(field, of(what))
		return
	}
	if what, ok := tagValueRule.Check(t.Value); !ok {
		f.add(field, of(what))
		return
	}
	key := strings.ToLower(t.Key)
	if strings.HasPrefix(key, "aliyun") || strings.HasPrefix(key, "acs:") {
		f.add(field, of(message.Text{ID: "fault.workspace.tag.reserved"}))
	}
	for _, part := range []string{key, strings.ToLower(t.Value)} {
		if strings.Contains(part, "http://") || strings.Contains(part, "https://") {
			f.add(field, of(message.Text{ID: "fault.workspace.tag.address"}))
			return
		}
	}
}
