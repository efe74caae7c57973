package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// asks sends a question to the face of a server for other programs.
func (s *serverBench) asks(client *http.Client, secret, path, body string) (int, string) {
	s.t.Helper()
	at := regexp.MustCompile(`API as (\S+)\.\n`).FindStringSubmatch(s.log.String())
	if at == nil {
		s.t.Fatalf("it does not say where: %s", s.log.String())
	}
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, at[1]+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+secret)
	r.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(data)
}

const mayZoe = `{"subject":{"type":"user","id":"zoe"},"action":{"name":"write"},"resource":{"type":"module","id":"cn-hangzhou/sales_dw/data-studio"}}`

func (b *bench) made(name string, args ...string) string {
	b.t.Helper()
	secret, _ := b.one(append([]string{"token", "create", name, "--until", "300d"}, args...)...)["token"].(string)
	return secret
}

func TestOtherProgramsAskAndSeeWhatCommandsChange(t *testing.T) {
	b := newTenant(t)
	b.now = time.Now() // as the server's
	secret, why := b.made("web"), b.made("why", "--scope", "evaluate,reasons")
	s := b.serve([]string{"zoe"}, "--http", "127.0.0.1:0")
	if status, said := s.asks(http.DefaultClient, secret, "/access/v1/evaluation", mayZoe); status != http.StatusOK || said != `{"decision":true}` {
		t.Fatalf("%d %s", status, said)
	}
	_, said := s.asks(http.DefaultClient, why, "/access/v1/evaluation", mayZoe)
	if !strings.Contains(said, `"reason_admin":{"en":"decides: `) || !strings.Contains(said, "Workspace Administrator") || !strings.Contains(said, "You may do this.") {
		t.Errorf("the reasons are %s", said)
	}
	_, said = s.asks(http.DefaultClient, why, "/access/v1/evaluation", strings.Replace(mayZoe, "zoe", "n\\u001b[31mobody", 1))
	if !strings.Contains(said, "There is no user n") || strings.Contains(said, "\\u001b") || !strings.Contains(said, "You may not do this.") {
		t.Errorf("nobody: %s", said)
	}
	until := func(want string) {
		t.Helper()
		for begun := time.Now(); ; {
			status, said := s.asks(http.DefaultClient, secret, "/access/v1/evaluation", mayZoe)
			if said == want {
				return
			}
			if time.Since(begun) > patience {
				t.Fatalf("%d %s, want %s", status, said, want)
			}
		}
	}
	b.must("user", "disable", "zoe") // another process, for all the server knows
	until(`{"decision":false}`)
	b.must("token", "revoke", "web")
	until(`{"error":{"status":401,"message":"the token is not known, or has ended"}}`)
	if code := s.stop(); code != exitDone {
		t.Errorf("the server ends with %d: %s", code, s.log.String())
	}
	if strings.Contains(s.log.String(), secret) {
		t.Error("the log has a secret")
	}
}

func TestTheFaceForProgramsIsOpenToOthersByHTTPSAlone(t *testing.T) {
	b := newTenant(t)
	b.now = time.Now()
	secret := b.made("web")
	b.must("user", "key", "add", "zoe", "--key", (&serverBench{bench: b, folder: t.TempDir()}).key("zoe"))
	start := func(args ...string) []string { return append([]string{"serve", "--listen", "127.0.0.1:0"}, args...) }
	b.fails(exitFailed, []string{"unprotected", "--http-cert"}, start("--http", "0.0.0.0:0")...)
	b.fails(exitFailed, []string{"listen"}, start("--http", "127.0.0.1:99999")...)
	b.fails(exitUsage, []string{"--http-url", "--http"}, start("--http-url", "https://pdp.example.com")...)
	b.fails(exitUsage, []string{"--http-key"}, start("--http", "127.0.0.1:0", "--http-cert", "x")...)
	b.fails(exitUsage, []string{"--http-cert"}, start("--http", "127.0.0.1:0", "--http-key", "x")...)
	for _, url := range []string{"pdp", "https://pdp/tenant", "https://pdp?", "https://u@pdp", "ftp://pdp", "https://pdp#x", "https://"} {
		b.fails(exitUsage, []string{"--http-url"}, start("--http", "127.0.0.1:0", "--http-url", url)...)
	}
	b.fails(exitFailed, []string{"cannot be used"}, start("--http", "127.0.0.1:0", "--http-cert", b.file("c", "x"), "--http-key", b.file("k", "y"))...)

	certificate, key, roots := selfSigned(t)
	s := b.serve([]string{"lin"}, "--http", "127.0.0.1:0", "--http-cert", certificate, "--http-key", key)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	defer client.CloseIdleConnections()
	if status, said := s.asks(client, secret, "/access/v1/evaluation", mayZoe); status != http.StatusOK || said != `{"decision":true}` {
		t.Errorf("by HTTPS: %d %s", status, said)
	}
}

// selfSigned makes a certificate for 127.0.0.1 and returns the files of it and of its key, and who trusts it.
func selfSigned(t *testing.T) (certificate, key string, roots *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	made, err := x509.CreateCertificate(rand.Reader, about, about, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	certificate, key = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	write(t, certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made}))
	write(t, key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
	parsed, err := x509.ParseCertificate(made)
	if err != nil {
		t.Fatal(err)
	}
	roots = x509.NewCertPool()
	roots.AddCert(parsed)
	return certificate, key, roots
}

// TestAServerMayAnswerProgramsAlone has no key of anybody, makes none of its own, and ends as others do.
func TestAServerMayAnswerProgramsAlone(t *testing.T) {
	b := newTenant(t)
	b.now = time.Now()
	secret := b.made("web")
	s := b.serve(nil, "--listen", "none", "--http", "127.0.0.1:0", "--monitor", "127.0.0.1:0")
	if status, said := s.asks(http.DefaultClient, secret, "/access/v1/evaluation", mayZoe); status != http.StatusOK || said != `{"decision":true}` {
		t.Errorf("%d %s", status, said)
	}
	if code := s.stop(); code != exitDone || strings.Contains(s.log.String(), "Serving on") {
		t.Errorf("it ends with %d: %s", code, s.log.String())
	}
	if _, err := os.Stat(hostKeyPath(b.db)); err == nil {
		t.Error("it made a host key")
	}
}
