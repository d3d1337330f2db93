package pasted

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// TestUnwrapped reads a description that was copied out of a terminal of 80 columns, which breaks words.
func TestUnwrapped(t *testing.T) {
	const said = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network: ` +
		`no IP addresses available in range set: 10.1.0.1-10.1.0.2`
	text := "Name:         api\nNamespace:    shop\nNode:         n1/10.0.0.1\nStatus:       Pending\nEvents:\n" +
		"  Type     Reason                  Age  From     Message\n" +
		"  ----     ------                  ---- ----     -------\n" +
		"  Warning  FailedCreatePodSandBox  2m   kubelet  " + said + "\n"
	var wrapped strings.Builder
	for line := range strings.Lines(text) {
		for len(line) > 81 {
			wrapped.WriteString(line[:80] + "\n")
			line = line[80:]
		}
		wrapped.WriteString(line)
	}
	for _, text := range []string{text, wrapped.String()} {
		for _, o := range Parse([]byte(text), time.Time{}).Objects {
			if e, ok := o.Object.(*corev1.Event); ok && e.Message != said {
				t.Errorf("from\n%s\n%s", text, e.Message)
			}
		}
	}
}
