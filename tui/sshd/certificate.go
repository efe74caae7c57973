package sshd

import (
	"bytes"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// sourceAddress is the one restriction of certificates that is known here: addresses and networks, with commas between them. A
// certificate with any other critical option is refused, as the format asks for.
const sourceAddress = "source-address"

// permitTerminal is the extension of certificates that lets their holders have a terminal; without it they give commands alone.
const permitTerminal = "permit-pty"

// findCertified checks a certificate: of a person, of an authority that is trusted, valid now, for the user name, and for where
// it is used. One without principals would be for everybody, and is refused.
func (a *attempt) findCertified(meta gossh.ConnMetadata, cert *gossh.Certificate) (Identity, map[string]string, Reason) {
	none := Identity{}
	if reason := a.checkCertificate(meta, cert); reason != "" {
		return none, nil, reason
	}
	p, found, err := a.server.config.Directory.Named(a.ctx, meta.User())
	switch {
	case err != nil:
		return none, nil, ReasonDatabase
	case !found:
		return none, nil, ReasonUnknownUser
	case p.Barred != "":
		return none, nil, p.Barred
	}
	who := Identity{Principal: p.ID, Name: p.Name, Fingerprint: gossh.FingerprintSHA256(cert.Key), Certified: true, Certificate: brief(cert.KeyId)}
	_, who.Terminal = cert.Extensions[permitTerminal]
	if cert.ValidBefore < gossh.CertTimeInfinity {
		who.Expires = int64(min(cert.ValidBefore, 1<<62)) // #nosec G115 -- bounded
	}
	return who, cert.CriticalOptions, "" // the library holds the connection to the options once more
}

// checkCertificate says what is wrong with a certificate; empty for nothing. What decides is the library's check at the end: what
// comes before it is there for its reasons, and for the kind and the authority, which that check does not look at.
func (a *attempt) checkCertificate(meta gossh.ConnMetadata, cert *gossh.Certificate) Reason {
	trusted := slices.ContainsFunc(a.server.config.Authorities, func(authority gossh.PublicKey) bool {
		return cert.SignatureKey != nil && bytes.Equal(authority.Marshal(), cert.SignatureKey.Marshal())
	})
	now := a.server.config.Now()
	switch {
	case cert.CertType != gossh.UserCert:
		return ReasonHostCert
	case !trusted:
		return ReasonAuthority
	case len(cert.ValidPrincipals) == 0:
		return ReasonNoPrincipals
	case !begun(cert, now):
		return ReasonNotYet
	case ended(cert, now):
		return ReasonExpired
	case !slices.Contains(cert.ValidPrincipals, meta.User()):
		return ReasonPrincipal
	}
	for option, value := range cert.CriticalOptions {
		switch {
		case option != sourceAddress:
			return ReasonOption
		case !among(meta.RemoteAddr(), value):
			return ReasonElsewhere
		}
	}
	checker := gossh.CertChecker{SupportedCriticalOptions: []string{sourceAddress}, Clock: a.server.config.Now}
	if err := checker.CheckCert(meta.User(), cert); err != nil {
		return ReasonCertificate
	}
	return ""
}

// begun and ended tell of the time of a certificate, whose bounds are Unix seconds and may be beyond any time.
func begun(cert *gossh.Certificate, now time.Time) bool {
	return now.Unix() >= 0 && uint64(now.Unix()) >= cert.ValidAfter // #nosec G115 -- after 1970
}

func ended(cert *gossh.Certificate, now time.Time) bool {
	return cert.ValidBefore != gossh.CertTimeInfinity && (now.Unix() < 0 || uint64(now.Unix()) >= cert.ValidBefore) // #nosec G115 -- after 1970
}

// among says whether an address is one of a list, or in one of its networks. A list that cannot be read has none.
func among(address net.Addr, list string) bool {
	tcp, ok := address.(*net.TCPAddr)
	if !ok {
		return false
	}
	at := tcp.AddrPort().Addr().Unmap().WithZone("")
	in := false
	for part := range strings.SplitSeq(list, ",") {
		if one, err := netip.ParseAddr(part); err == nil {
			in = in || one.Unmap() == at
			continue
		}
		network, err := netip.ParsePrefix(part)
		if err != nil {
			return false
		}
		in = in || network.Contains(at)
	}
	return in
}
