package anonymize

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/containerlog"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestPseudonymsOfWhatIsWaitedFor gives a Service its pseudonym where a command names it, too, and leaves logs out:
// nobody knows which names a program writes.
func TestPseudonymsOfWhatIsWaitedFor(t *testing.T) {
	b := cluster.NewBuilder(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	of := func(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Namespace: "shop", Name: name} }
	b.Add("Service", &corev1.Service{ObjectMeta: of("payments-db")})
	b.Add("ContainerLog", &containerlog.ContainerLog{ObjectMeta: of("api.app"), Pod: "api", Container: "app",
		Lines: []string{"hello from acme"}})
	b.Add("Pod", &corev1.Pod{ObjectMeta: of("api"), Spec: corev1.PodSpec{InitContainers: []corev1.Container{
		{Name: "wait", Command: []string{"nslookup", "payments-db"}}}}})
	s, _, err := Pseudonyms(b.Snapshot(), func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range cluster.Kinds {
		raw, err := json.Marshal(s.OfKind(k.Name))
		if err != nil || strings.Contains(string(raw), "payments-db") || strings.Contains(string(raw), "acme") {
			t.Errorf("%s: %s %v", k.Name, raw, err)
		}
	}
}

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
