package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
)

// readKey reads a private key for signatures: ed25519 or ECDSA, unencrypted, in PEM. The key is given at release time
// and never kept.
func readKey(file string) (crypto.Signer, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("%s holds no key in PEM", file)
	}
	var key any
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	default:
		err = fmt.Errorf("a key of the form %q is not read: give an unencrypted one, as openssl genpkey writes it",
			block.Type)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	switch key := key.(type) {
	case ed25519.PrivateKey:
		return key, nil
	case *ecdsa.PrivateKey:
		return key, nil
	}
	return nil, fmt.Errorf("%s: ed25519 and ECDSA are known, and this is %T", file, key)
}

// signature signs bytes as cosign does: ed25519 over the bytes, ECDSA over their SHA-256 sum.
func signature(key crypto.Signer, message []byte) ([]byte, error) {
	if _, ok := key.(ed25519.PrivateKey); ok {
		return key.Sign(rand.Reader, message, crypto.Hash(0))
	}
	sum := sha256.Sum256(message)
	return key.Sign(rand.Reader, sum[:], crypto.SHA256)
}

// verify reports whether a signature is that of a key's owner.
func verify(public crypto.PublicKey, message, sig []byte) error {
	ok := false
	switch public := public.(type) {
	case ed25519.PublicKey:
		ok = ed25519.Verify(public, message, sig)
	case *ecdsa.PublicKey:
		sum := sha256.Sum256(message)
		ok = ecdsa.VerifyASN1(public, sum[:], sig)
	}
	if !ok {
		return errors.New("the signature is not that of this key")
	}
	return nil
}

// signFile writes the detached signature of a file beside it, in base64, so that
//
//	cosign verify-blob --key stuck.pub --signature checksums.txt.sig --insecure-ignore-tlog checksums.txt
//
// takes it, and checks it at once.
func signFile(key crypto.Signer, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	sig, err := signature(key, data)
	if err != nil {
		return err
	}
	if err := verify(key.Public(), data, sig); err != nil {
		return err
	}
	return os.WriteFile(file+".sig", []byte(base64.StdEncoding.EncodeToString(sig)+"\n"), 0o644)
}

const payloadType = "application/vnd.in-toto+json"

// envelope wraps a statement with its signature, as DSSE has it.
func envelope(key crypto.Signer, statement []byte) ([]byte, error) {
	sig, err := signature(key, preauth(statement))
	if err != nil {
		return nil, err
	}
	type signed struct {
		Sig string `json:"sig"`
	}
	e := struct {
		PayloadType string   `json:"payloadType"`
		Payload     string   `json:"payload"`
		Signatures  []signed `json:"signatures"`
	}{payloadType, base64.StdEncoding.EncodeToString(statement), []signed{{base64.StdEncoding.EncodeToString(sig)}}}
	b, err := json.Marshal(e)
	return append(b, '\n'), err
}

// preauth is what of a statement is signed: with its type and the lengths, so that nothing else can be read from it.
func preauth(statement []byte) []byte {
	return fmt.Appendf(nil, "DSSEv1 %d %s %d %s", len(payloadType), payloadType, len(statement), statement)
}
