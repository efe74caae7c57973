package region

import (
	"context"
	"strings"
)

// openLake is the one template that is offered in some regions only.
const openLake = "openlake"

// Offers is what other areas may know of regions without asking as somebody.
type Offers struct {
	store Store
	known []Known
}

// NewOffers makes it.
func NewOffers(store Store, known []Known) Offers { return Offers{store: store, known: known} }

// Offers says whether a region is activated and whether a template is offered there.
func (o Offers) Offers(ctx context.Context, id, template string) (active, offered bool, err error) {
	all, err := o.store.Active(ctx)
	if err != nil {
		return false, false, err
	}
	for _, a := range all {
		active = active || strings.EqualFold(a.ID, id)
	}
	for _, k := range o.known {
		if strings.EqualFold(k.ID, id) {
			offered = template != openLake || k.OpenLake
		}
	}
	return active, offered, nil
}

// Sells says whether a region is activated, and whether serverless resource groups are sold there.
func (o Offers) Sells(ctx context.Context, id string) (active, sold bool, err error) {
	active, sold, err = o.Offers(ctx, id, "")
	for _, k := range o.known {
		if strings.EqualFold(k.ID, id) && k.Serverless != nil {
			sold = *k.Serverless
		}
	}
	return active, sold, err
}

// Known fails with fault.NotFound, naming near ones, for a region that the vendor's list does not have.
func (o Offers) Known(id string) error {
	_, err := find(o.known, id)
	return err
}

// Only is the single activated region, empty if there are several.
func (o Offers) Only(ctx context.Context) (string, error) {
	all, err := o.store.Active(ctx)
	if err != nil || len(all) != 1 {
		return "", err
	}
	return all[0].ID, nil
}

// Zone is the time zone of a region, as an IANA name; empty for a region that the vendor's list does not have.
func (o Offers) Zone(id string) string { return o.find(id).Zone }

// PersonalDev says whether personal development environments are offered in a region. Only "some regions" is published; ours
// is wherever serverless resource groups are sold, for they run on those.
func (o Offers) PersonalDev(id string) bool {
	k := o.find(id)
	return k.ID != "" && (k.Serverless == nil || *k.Serverless)
}

func (o Offers) find(id string) Known {
	for _, k := range o.known {
		if strings.EqualFold(k.ID, id) {
			return k
		}
	}
	return Known{}
}
