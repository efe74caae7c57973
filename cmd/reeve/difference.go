package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// difference lists the fields in which two records of the audit differ, with both values: all of them where one record
// is missing, none where both are the same. Nested fields are named by their path.
func difference(before, after json.RawMessage) [][]string {
	left, right := flatten(before), flatten(after)
	var keys []string
	for key := range left {
		keys = append(keys, key)
	}
	for key := range right {
		if _, both := left[key]; !both {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	var rows [][]string
	for _, key := range keys {
		if left[key] != right[key] {
			rows = append(rows, []string{key, left[key], right[key]})
		}
	}
	return rows
}

// flatten gives every value of a record its path. What is no JSON is one value without a path.
func flatten(data json.RawMessage) map[string]string {
	flat := map[string]string{}
	if len(data) == 0 {
		return flat
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber() // an id must not turn into a power of ten
	var value any
	if err := dec.Decode(&value); err != nil {
		flat[""] = string(data)
		return flat
	}
	flattenInto(flat, nil, value)
	return flat
}

func flattenInto(flat map[string]string, path []string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			flattenInto(flat, append(slices.Clone(path), key), inner)
		}
	case []any:
		for i, inner := range v {
			flattenInto(flat, append(slices.Clone(path), fmt.Sprint(i+1)), inner)
		}
	case nil:
	default:
		flat[strings.Join(path, ".")] = fmt.Sprint(v)
	}
}
