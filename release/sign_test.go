package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// keyFile writes a key as openssl does.
func keyFile(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestAttest signs checksums and provenance with a key of each kind; what is signed is what is there, and one changed
// byte is found.
func TestAttest(t *testing.T) {
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []crypto.Signer{ed, ec} {
		key, err := readKey(keyFile(t, private))
		if err != nil {
			t.Fatal(err)
		}
		out := t.TempDir()
		if err := os.WriteFile(filepath.Join(out, "a.tar.gz"), []byte("a"), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := attest("v1.2.3", strings.Repeat("c", 40), out, key); err != nil {
			t.Fatal(err)
		}
		read := func(name string) []byte {
			b, err := os.ReadFile(filepath.Join(out, name))
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		sums := read("checksums.txt")
		sig, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(read("checksums.txt.sig"))))
		if err != nil || verify(private.Public(), sums, sig) != nil {
			t.Errorf("%T: the signature of the checksums: %v", private, err)
		}
		if verify(private.Public(), append(sums, 'x'), sig) == nil {
			t.Errorf("%T: changed checksums are taken", private)
		}
		if text := string(sums); !strings.Contains(text, "  a.tar.gz\n") || !strings.Contains(text, "  provenance.json\n") {
			t.Errorf("checksums: %s", text)
		}
		var e struct {
			PayloadType, Payload string
			Signatures           []struct{ Sig string }
		}
		if err := json.Unmarshal(read("provenance.intoto.jsonl"), &e); err != nil {
			t.Fatal(err)
		}
		payload, _ := base64.StdEncoding.DecodeString(e.Payload)
		sig, _ = base64.StdEncoding.DecodeString(e.Signatures[0].Sig)
		if string(payload) != string(read("provenance.json")) || e.PayloadType != payloadType ||
			verify(private.Public(), preauth(payload), sig) != nil {
			t.Errorf("%T: the envelope %s", private, e.PayloadType)
		}
	}
}

// TestProvenance says of each file how it was made, and nothing of when and where.
func TestProvenance(t *testing.T) {
	commit, sum := strings.Repeat("c", 40), strings.Repeat("a", 64)
	b, err := provenance("v1.2.3", commit, map[string]string{"x.tar.gz": sum, "b.zip": sum})
	if err != nil {
		t.Fatal(err)
	}
	var s statement
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	d := s.Predicate.BuildDefinition
	if s.Type != "https://in-toto.io/Statement/v1" || s.PredicateType != "https://slsa.dev/provenance/v1" ||
		len(s.Subject) != 2 || s.Subject[0].Name != "b.zip" || s.Subject[0].Digest["sha256"] != sum ||
		d.ResolvedDependencies[0].Digest["gitCommit"] != commit || d.ExternalParameters["version"] != "v1.2.3" ||
		d.BuildType == "" || s.Predicate.RunDetails.Builder.ID == "" {
		t.Errorf("%s", b)
	}
}

// TestReadKey refuses what cannot sign, and says what to give.
func TestReadKey(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	sealed := filepath.Join(t.TempDir(), "cosign.key")
	locked := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED SIGSTORE PRIVATE KEY"})
	if err := os.WriteFile(sealed, locked, 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{keyFile(t, weak): "rsa", sealed: "unencrypted", "main.go": "no key in PEM",
		"gone.pem": "no such file"} {
		if _, err := readKey(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", file, err, want)
		}
	}
}
