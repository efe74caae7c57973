package sshd

import (
	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"
)

// The algorithms that are offered, the best first. The library's own lists also have curves of NIST and codes of SHA-1.
var (
	keyExchanges = []string{gossh.KeyExchangeMLKEM768X25519, gossh.KeyExchangeCurve25519}
	ciphers      = []string{gossh.CipherChaCha20Poly1305, gossh.CipherAES256GCM, gossh.CipherAES128GCM}
	codes        = []string{gossh.HMACSHA256ETM, gossh.HMACSHA512ETM}
	// signatures are those by which people prove their keys. RSA only with SHA-2.
	signatures = []string{
		gossh.KeyAlgoED25519, gossh.KeyAlgoSKED25519, gossh.KeyAlgoECDSA256, gossh.KeyAlgoSKECDSA256, gossh.KeyAlgoECDSA384, gossh.KeyAlgoECDSA521,
		gossh.KeyAlgoRSASHA512, gossh.KeyAlgoRSASHA256,
	}
)

// maxTries is how many keys may be tried on one connection: agents offer all they hold.
const maxTries = 6

// serverConfig makes the configuration of one connection.
func (s *Server) serverConfig(ctx ssh.Context) *gossh.ServerConfig {
	a := &attempt{server: s, ctx: ctx}
	c := &gossh.ServerConfig{
		Config:                    gossh.Config{KeyExchanges: keyExchanges, Ciphers: ciphers, MACs: codes},
		PublicKeyAuthAlgorithms:   signatures,
		MaxAuthTries:              maxTries,
		PublicKeyCallback:         a.offered,
		VerifiedPublicKeyCallback: a.proven,
		AuthLogCallback:           a.tried,
	}
	if s.config.Passwords != nil {
		c.PasswordCallback, c.KeyboardInteractiveCallback = a.password, a.asked
	}
	return c
}
