package live

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/containerlog"
)

const sidecarPod = "frontend-758d9865bc-v6fx8"

// logsAsked are the requests for logs.
func logsAsked(s *server) []string {
	return slices.DeleteFunc(slices.Clone(s.asked), func(uri string) bool {
		return !strings.Contains(uri, "/log?")
	})
}

// TestLastWordsAreRead reads the end of the log of the container that crashes, and of no other, without what looks
// like a credential.
func TestLastWordsAreRead(t *testing.T) {
	s := recordCase(t, "container-crashing/port.txtar")
	delete(s.objects, "containerlogs")
	s.logs = map[string]string{
		sidecarPod + "/app": "all is well\n",
		sidecarPod + "/sidecar": "\x1b[31mpostgres://app:hunter2@db/x\x1b[0m\n" +
			"listen tcp :8080: bind: address already in use\n",
	}
	at := time.Date(2026, 11, 28, 12, 24, 59, 0, time.UTC)
	snap, err := collect(t, s, Scope{Namespace: "sg-s-sidecar-port"}, at)
	if err != nil {
		t.Fatal(err)
	}
	asked := logsAsked(s)
	if len(asked) != 1 || !strings.Contains(asked[0], "container=sidecar&limitBytes=65536&tailLines=20") {
		t.Errorf("asked for %v", asked)
	}
	l, _ := cluster.Get[containerlog.ContainerLog](snap, "sg-s-sidecar-port", sidecarPod+".sidecar")
	if l == nil {
		t.Fatalf("no log was kept; gaps: %v", snap.Gaps)
	}
	want := []string{"postgres://app:REDACTED@db/x", "listen tcp :8080: bind: address already in use"}
	if diff := cmp.Diff(want, l.Lines); diff != "" {
		t.Error(diff)
	}
}

// TestLogsThatMayNotBeRead makes a gap of them that names the right, and asks no more often than once.
func TestLogsThatMayNotBeRead(t *testing.T) {
	s := recordCase(t, "container-crashing/port.txtar")
	s.logs, s.forbidden = map[string]string{}, []string{"pods/log"}
	at := time.Date(2026, 11, 28, 12, 24, 59, 0, time.UTC)
	snap, err := collect(t, s, Scope{Namespace: "sg-s-sidecar-port"}, at)
	if err != nil {
		t.Fatal(err)
	}
	if asked := logsAsked(s); len(asked) != 1 {
		t.Errorf("asked for %v", asked)
	}
	i := slices.IndexFunc(snap.Gaps, func(g cluster.Gap) bool { return g.What.Code == "gap.log" })
	if i < 0 {
		t.Fatalf("no gap among %v", snap.Gaps)
	}
	if _, _, needs := snap.Gaps[i].Text("en"); needs != "the right to get pods/log in namespace sg-s-sidecar-port" {
		t.Errorf("needs %q", needs)
	}
}
