package plan

import (
	"cmp"
	"context"
	"slices"

	"reeve/core/message"
	"reeve/core/text"
)

func (b *builder) policySteps(ctx context.Context) error {
	if b.doc.Policies == nil {
		return nil
	}
	policies, err := b.allPolicies(ctx)
	if err != nil {
		return err
	}
	named := map[string]bool{}
	for _, want := range b.doc.Policies.Items {
		have, there := policies[text.Fold(want.Name.Text)]
		named[text.Fold(want.Name.Text)] = true
		s := Step{Verb: Change, Kind: KindPolicy, Name: cmp.Or(have.Name, want.Name.Text), Document: want.Document,
			Differences: field("document", have.Document, want.Document)}
		switch {
		case have.System:
			b.say(want.Name.At, "fault.plan.policy.system", message.Args{"Name": have.Name})
			continue
		case !there:
			s.Verb = Add
		case len(s.Differences) == 0:
			continue
		}
		for _, u := range want.unknown {
			b.unknown(u.At, operationThing, u.Text, u.nearest)
		}
		for _, u := range want.unreachable {
			b.say(u.At, "fault.plan.policy.resource", message.Args{"Resource": u.Text})
		}
		if err := b.put(ctx, makePolicies, s); err != nil {
			return err
		}
	}
	if !b.doc.Policies.Exactly {
		return nil
	}
	for _, key := range gone(policies, named) {
		if p := policies[key]; !p.System {
			s := Step{Verb: Remove, Kind: KindPolicy, Name: p.Name, Differences: field("document", p.Document, "")}
			if err := b.put(ctx, dropPolicies, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// policyCalled finds a policy, of those there are or those the document makes.
func (b *builder) policyCalled(ctx context.Context, w Word) (string, bool, error) {
	if w.Text == "" {
		return "", false, nil
	}
	policies, err := b.allPolicies(ctx)
	if err != nil {
		return "", false, err
	}
	if p, there := policies[text.Fold(w.Text)]; there {
		return p.Name, true, nil
	}
	var known []string
	for _, p := range policies {
		known = append(known, p.Name)
	}
	if b.doc.Policies != nil {
		for _, p := range b.doc.Policies.Items {
			if text.Fold(p.Name.Text) == text.Fold(w.Text) {
				return p.Name.Text, true, nil
			}
		}
	}
	b.unknown(w.At, "policy", w.Text, text.Nearest(w.Text, slices.Sorted(slices.Values(known)), near))
	return "", false, nil
}

func (b *builder) attachmentSteps(ctx context.Context) error {
	if b.doc.Attachments == nil {
		return nil
	}
	attachments, err := b.allAttachments(ctx)
	if err != nil {
		return err
	}
	named := map[string]bool{}
	for _, want := range b.doc.Attachments.Items {
		policy, ok, err := b.policyCalled(ctx, want.Policy)
		if err != nil {
			return err
		}
		user, known, err := b.principal(ctx, want.User)
		if err != nil {
			return err
		}
		if !ok || !known || !want.Until.IsZero() && !want.Until.After(b.now) {
			continue
		}
		key := attachmentKey(policy, user)
		have, there := attachments[key]
		named[key] = true
		s := Step{Verb: Change, Kind: KindAttachment, Name: policy, User: user, Until: want.Until,
			Differences: field("until", end(have.Until), end(want.Until))}
		switch {
		case !there:
			s.Verb = Add
		case have.Until.Equal(want.Until):
			continue
		}
		if err := b.put(ctx, attach, s); err != nil {
			return err
		}
	}
	if !b.doc.Attachments.Exactly {
		return nil
	}
	for _, key := range gone(attachments, named) {
		a := attachments[key]
		s := Step{Verb: Remove, Kind: KindAttachment, Name: a.Policy, User: a.User, Differences: field("until", end(a.Until), "")}
		if err := b.put(ctx, detach, s); err != nil {
			return err
		}
	}
	return nil
}
