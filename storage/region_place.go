package storage

import (
	"context"

	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/text"
)

// Region finds an activated region as a target; fault.NotFound (what: region) with near ones otherwise.
func (s Places) Region(ctx context.Context, id string) (control.Target, error) {
	active, err := all(ctx, s.db, "reading the regions", value[string], "SELECT id FROM region ORDER BY id")
	if err != nil {
		return control.Target{}, err
	}
	for _, known := range active {
		if known == text.Fold(id) {
			return control.Target{Region: known}, nil
		}
	}
	return control.Target{}, &fault.NotFound{What: "region", Name: id, Nearest: text.Nearest(id, active, nearNames)}
}
