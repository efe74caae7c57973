package directory

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/control"
	"reeve/core/fault"
	"reeve/core/message"
	"reeve/core/text"
)

// Key is a public key that somebody signs in with.
type Key struct {
	// Type is as in authorized_keys: ssh-ed25519, ecdsa-sha2-nistp256, ssh-rsa…
	Type string `json:"type"`
	// Key is base64, as in authorized_keys.
	Key string `json:"key"`
	// Fingerprint is SHA256:…, as OpenSSH prints it.
	Fingerprint string    `json:"fingerprint"`
	Comment     string    `json:"comment"`
	AddedAt     time.Time `json:"added_at"`
	AddedBy     string    `json:"added_by"`
}

// Keys keeps the keys of principals.
type Keys interface {
	// KeysOf lists the keys of a principal, the oldest first.
	KeysOf(ctx context.Context, id access.PrincipalID) ([]Key, error)
	// KeyOwner finds whose a key is, by its fingerprint; ok is false if it is nobody's.
	KeyOwner(ctx context.Context, fingerprint string) (p access.Principal, ok bool, err error)
	AddKey(ctx context.Context, id access.PrincipalID, k Key, by access.PrincipalID) error
	// RemoveKey takes a key from a principal.
	RemoveKey(ctx context.Context, id access.PrincipalID, fingerprint string) error
}

// Bounds of keys; ours. A comment is for people, and a key of 16,384 bits is 3 KB long.
const (
	minRSABits   = 2048
	maxKeyLine   = 16 * 1024
	maxKeyLines  = 100
	maxComment   = 128
	maxKeysOfOne = 100
)

// keyTypes are the types that are taken. DSA is broken, and certificates are not keys.
var keyTypes = [...]string{
	ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521, ssh.KeyAlgoRSA,
	ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKECDSA256,
}

// KeyLine is a line of authorized_keys, and what becomes of it.
type KeyLine struct {
	// Line counts from 1.
	Line   int
	Key    Key
	Result KeyResult
	// Why says why a line is rejected.
	Why message.Text
}

// KeyResult is what becomes of a line.
type KeyResult string

// What becomes of lines.
const (
	KeyAdded    KeyResult = "add"
	KeySame     KeyResult = "same" // the user has the key
	KeyRejected KeyResult = "rejected"
)

// ReadKeys reads lines of authorized_keys: type, key and comment. Empty lines and those that begin with # are passed over; options before
// the key are refused, because nobody here would follow them.
func ReadKeys(lines string) []KeyLine {
	var all []KeyLine
	seen := map[string]int{}
	for i, line := range strings.Split(strings.TrimPrefix(lines, "\ufeff"), "\n") {
		line, n := strings.TrimSpace(line), i+1
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		one := KeyLine{Line: n, Result: KeyAdded}
		id, args := "fault.key.many", message.Args{"Max": maxKeyLines}
		if len(all) < maxKeyLines {
			one.Key, id, args = parseKey(line)
		}
		if id == "" {
			if first, twice := seen[one.Key.Fingerprint]; twice {
				id, args = "fault.key.twice", message.Args{"First": first}
			} else {
				seen[one.Key.Fingerprint] = n
			}
		}
		if id != "" {
			one.Result, one.Why = KeyRejected, message.Text{ID: id, Args: args}
		}
		if all = append(all, one); len(all) > maxKeyLines {
			break
		}
	}
	return all
}

// ParseKeys reads lines of authorized_keys as ReadKeys does. Every fault names its line.
func ParseKeys(lines string) (keys []Key, bad []fault.Field) {
	all := ReadKeys(lines)
	for _, l := range all {
		if l.Result == KeyRejected {
			bad = append(bad, l.fault())
		} else {
			keys = append(keys, l.Key)
		}
	}
	if len(all) == 0 {
		bad = append(bad, fault.Field{Name: "key", Text: message.Text{ID: "fault.key.none"}})
	}
	return keys, bad
}

func (l KeyLine) fault() fault.Field {
	return fault.Field{Name: "key", Text: message.Text{ID: "fault.key.line", Args: message.Args{"Line": l.Line, "What": l.Why}}}
}

// parseKey reads one line, or says what is wrong with it.
func parseKey(line string) (k Key, fault string, args message.Args) {
	if len(line) > maxKeyLine {
		return k, "fault.key.long", message.Args{"Max": maxKeyLine}
	}
	if strings.Contains(line, "PRIVATE KEY") {
		return k, "fault.key.private", nil
	}
	public, comment, options, _, err := ssh.ParseAuthorizedKey([]byte(line))
	switch {
	case err != nil:
		return k, "fault.key.form", nil
	case len(options) > 0:
		return k, "fault.key.options", nil
	}
	known := false
	for _, t := range keyTypes {
		known = known || t == public.Type()
	}
	if !known {
		return k, "fault.key.type", message.Args{"Type": text.Clean(public.Type())}
	}
	if crypto, ok := public.(ssh.CryptoPublicKey); ok {
		if r, ok := crypto.CryptoPublicKey().(*rsa.PublicKey); ok && r.N.BitLen() < minRSABits {
			return k, "fault.key.short", message.Args{"Bits": r.N.BitLen(), "Min": minRSABits}
		}
	}
	return Key{
		Type: public.Type(), Key: base64.StdEncoding.EncodeToString(public.Marshal()), Fingerprint: ssh.FingerprintSHA256(public),
		Comment: shortened(text.Clean(strings.TrimSpace(comment)), maxComment),
	}, "", nil
}

// shortened cuts text to a number of characters.
func shortened(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// KeysOf lists the keys that a principal signs in with.
func (s *Service) KeysOf(ctx context.Context, name string) ([]Key, error) {
	return control.Ask(ctx, s.gate, control.Query[[]Key]{
		Action: action.UserKeyList,
		Target: onUser(name),
		Do: func(ctx context.Context, _ control.Target, _ control.Viewer) ([]Key, error) {
			p, err := s.store.Named(ctx, name)
			if err != nil {
				return nil, err
			}
			return s.store.KeysOf(ctx, p.ID)
		},
	})
}

// AddKeys adds keys to a user, given as lines of authorized_keys: all of them, or none if anything is wrong. Whoever holds a
// key of somebody acts as them, so that adding one to who stands above takes what attaching a policy takes.
func (s *Service) AddKeys(ctx context.Context, name, lines string) ([]Key, error) {
	return control.Do(ctx, s.gate, control.Change[[]Key]{
		Action: action.UserKeyAdd,
		Target: onUser(name),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			u, err := s.touch(ctx, t, name)
			if err != nil {
				return nil, err
			}
			return s.checkKeys(ctx, u, lines)
		},
		Apply: func(ctx context.Context, _ control.Target, by control.Actor) (control.Applied[[]Key], error) {
			none := control.Applied[[]Key]{}
			u, err := s.store.User(ctx, name)
			if err != nil {
				return none, err
			}
			keys, _ := ParseKeys(lines)
			for i := range keys {
				keys[i].AddedAt, keys[i].AddedBy = s.gate.Now(), by.Name
				if err := s.store.AddKey(ctx, u.ID, keys[i], by.Principal); err != nil {
					return none, err
				}
			}
			return control.Applied[[]Key]{Value: keys, After: keys}, nil
		},
	})
}

func (s *Service) checkKeys(ctx context.Context, u User, lines string) ([]fault.Field, error) {
	if u.Kind == UserGroup {
		return []fault.Field{{Name: "user", Text: message.Text{ID: "fault.key.group", Args: message.Args{"Name": u.Name}}}}, nil
	}
	keys, bad := ParseKeys(lines)
	for _, k := range keys {
		owner, taken, err := s.store.KeyOwner(ctx, k.Fingerprint)
		if err != nil {
			return nil, err
		}
		if taken {
			bad = append(bad, fault.Field{Name: "key", Taken: true, Text: message.Text{ID: "fault.key.taken",
				Args: message.Args{"Fingerprint": k.Fingerprint, "Name": owner.Name}}})
		}
	}
	if u.Keys+len(keys) > maxKeysOfOne {
		bad = append(bad, fault.Field{Name: "key", Text: message.Text{ID: "fault.key.many", Args: message.Args{"Max": maxKeysOfOne}}})
	}
	return bad, nil
}

// RemoveKey takes a key from a user, named by its fingerprint with or without SHA256:, or by the beginning of it.
func (s *Service) RemoveKey(ctx context.Context, name, fingerprint string) (Key, error) {
	return control.Do(ctx, s.gate, control.Change[Key]{
		Action: action.UserKeyRemove,
		Target: onUser(name),
		Check: func(ctx context.Context, t control.Target) ([]fault.Field, error) {
			_, err := s.touch(ctx, t, name)
			return nil, err
		},
		Apply: func(ctx context.Context, _ control.Target, _ control.Actor) (control.Applied[Key], error) {
			none := control.Applied[Key]{}
			u, err := s.store.User(ctx, name)
			if err != nil {
				return none, err
			}
			keys, err := s.store.KeysOf(ctx, u.ID)
			if err != nil {
				return none, err
			}
			k, err := findKey(keys, fingerprint)
			if err != nil {
				return none, err
			}
			return control.Applied[Key]{Value: k, Before: k}, s.store.RemoveKey(ctx, u.ID, k.Fingerprint)
		},
	})
}

func findKey(keys []Key, fingerprint string) (Key, error) {
	const prefix = "SHA256:"
	wanted := strings.TrimPrefix(strings.TrimSpace(fingerprint), prefix)
	var found []Key
	var all []string
	for _, k := range keys {
		if rest := strings.TrimPrefix(k.Fingerprint, prefix); wanted != "" && strings.HasPrefix(rest, wanted) {
			found = append(found, k)
		}
		all = append(all, k.Fingerprint)
	}
	switch len(found) {
	case 0:
		return Key{}, &fault.NotFound{What: "key", Name: fingerprint, Nearest: all[:min(len(all), 3)]}
	case 1:
		return found[0], nil
	}
	return Key{}, fault.OneField("key", "fault.key.several", message.Args{"Fingerprint": fingerprint, "Count": len(found)})
}
