package pasted

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// TestLongMessages reads messages that go on over very many lines, as whoever wants to keep a reader busy writes them.
func TestLongMessages(t *testing.T) {
	const n = 200_000
	const described = "Name:         app\nNamespace:    shop\nNode:         n1/10.0.0.1\nStatus:       Pending\nEvents:\n"
	for name, text := range map[string]string{
		"a description": described + "  Warning  FailedMount  10s   kubelet  begins\n" + strings.Repeat("      goes on\n", n),
		"one that a terminal broke": described + "  Warning  FailedMount  10s   kubelet  begins" + strings.Repeat("x", 39) +
			"\n" + strings.Repeat(strings.Repeat("y", 80)+"\n", n),
		"Events alone": "Warning  FailedMount  10s  kubelet  begins\n" + strings.Repeat("  goes on\n", n),
		"a table": "LAST SEEN   TYPE      REASON        OBJECT    MESSAGE\n" +
			"10s         Warning   FailedMount   pod/app   begins\n" + strings.Repeat("  goes on\n", n),
	} {
		found := 0
		for _, o := range Parse([]byte(text), time.Unix(1e9, 0)).Objects {
			if e, ok := o.Object.(*corev1.Event); ok && strings.HasPrefix(e.Message, "begins") {
				if found++; len(e.Message) < n*len(" goes on") {
					t.Errorf("%s: %d bytes of a message", name, len(e.Message))
				}
			}
		}
		if found != 1 {
			t.Errorf("%s: %d Events", name, found)
		}
	}
}
