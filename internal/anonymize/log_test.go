package anonymize

import "testing"

// TestLine takes out of a line what looks like a credential, and leaves what says why something failed.
func TestLine(t *testing.T) {
	for line, want := range map[string]string{
		"\x1b[31mERROR\x1b[0m db\x00":                                  "ERROR db",
		"dial tcp 10.0.0.1:5432: i/o timeout":                          "dial tcp 10.0.0.1:5432: i/o timeout",
		"postgres://app:hunter2@db:5432/x: timeout":                    "postgres://app:REDACTED@db:5432/x: timeout",
		"DB_PASSWORD=hunter2 is wrong":                                 "DB_PASSWORD=REDACTED is wrong",
		"Authorization: Bearer abcdefghijklmnop0123":                   "Authorization: Bearer REDACTED",
		"got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc":                 "got REDACTED",
		"key AKIAIOSFODNN7EXAMPLE is not active":                       "key REDACTED is not active",
		"cannot push with ghp_abcdefghijklmnop0123":                    "cannot push with REDACTED",
		`secret "api-tls" not found`:                                   `secret "api-tls" not found`,
		"MIIEpAIBAAKCAQEA7bq0n1n2n3n4n5n6n7n8n9n0a1b2c3d4e5f6g7h8i9j0": "REDACTED",
	} {
		if got := Line(line); got != want {
			t.Errorf("%q became %q, want %q", line, got, want)
		}
	}
}
