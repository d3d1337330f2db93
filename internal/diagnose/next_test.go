package diagnose_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/dump"
)

// deadEnds diagnoses a dump with no cause at all, so that all that is stuck is a dead end.
func deadEnds(t *testing.T, text string) *diagnose.Report {
	t.Helper()
	s, err := dump.Read(fstest.MapFS{"pods.yaml": {Data: []byte(text)}}, time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	c, err := diagnose.NewCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	return diagnose.Run(s, c, diagnose.Options{})
}

const lonely = `apiVersion: v1
kind: Pod
metadata: {name: NAME, namespace: shop, uid: UID, creationTimestamp: "2026-03-02T10:00:00Z"}
spec:
  nodeName: n1
  containers: [{name: app, image: nginx}]
status:
  phase: Pending
  startTime: "2026-03-02T10:00:01Z"
  containerStatuses: [{name: app, state: {waiting: {reason: ContainerCreating}}}]
`

func pod(name, uid string) string {
	return strings.NewReplacer("NAME", name, "UID", uid).Replace(lonely)
}

// TestDeadEnd has one Pod alone be told what was not read, what to look at and how to hand it on.
func TestDeadEnd(t *testing.T) {
	r := deadEnds(t, pod("api", "u-1")+"---\n"+pod("web", "u-2"))
	if len(r.DeadEnds) != 1 || r.DeadEnds[0].Alike != 1 {
		t.Fatalf("one dead end stands for both: %+v", r.DeadEnds)
	}
	steps := r.DeadEnds[0].Steps
	first, last := steps[0].Run, steps[len(steps)-1].Run
	if want := `kubectl -n shop get pods,events,nodes -o yaml | kubectl stuck -f - pod/api`; first != want {
		t.Errorf("got %s, want %s", first, want)
	}
	if want := `kubectl stuck capture --pseudonyms -n shop`; last != want {
		t.Errorf("got %s, want %s", last, want)
	}
	onNode := false
	for _, s := range steps {
		onNode = onNode || strings.HasPrefix(s.Run, "crictl ")
	}
	if !onNode {
		t.Error("nothing is looked at on the node")
	}
	if len(r.Gaps) != 1 || r.Gaps[0].What.Code != "gap.events" {
		t.Errorf("that there are no Events is a gap: %v", r.Gaps)
	}
}

// TestDeadEndHostile has no command hold what is no name.
func TestDeadEndHostile(t *testing.T) {
	r := deadEnds(t, pod(`"-x;reboot"`, `"$(reboot)"`))
	for _, e := range r.DeadEnds {
		for _, s := range e.Steps {
			if strings.Contains(s.Run, "reboot") {
				t.Errorf("%s", s.Run)
			}
		}
	}
	if len(r.DeadEnds) != 1 {
		t.Errorf("%+v", r.DeadEnds)
	}
}
