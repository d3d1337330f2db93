package live

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/livetest"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestWhichNodes asks the nodes with the most stuck Pods, leaves out those whose agent told a moment ago, and names the
// rest.
func TestWhichNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := askNodes(t, served{"/configz": configOf, "/stats/summary": summaryOf}, func(f *livetest.Server) {
			for node := 2; node <= 8; node++ {
				for pod := range node {
					f.Put(atNode(fmt.Sprintf("p%d-%d", node, pod), fmt.Sprint("n", node)))
				}
				f.Kubelets[fmt.Sprint("n", node)] = f.Kubelets["n1"]
			}
			odd := atNode("odd", "..")
			f.Put(odd)
			unbound := atNode("unbound", "")
			f.Put(unbound)
		})
		var got []string
		for _, f := range cluster.Objects[nodefacts.NodeFacts](s) {
			got = append(got, f.Name)
		}
		if diff := cmp.Diff([]string{"n6", "n7", "n8"}, got); diff != "" {
			t.Error(diff)
		}
		if !slices.ContainsFunc(s.Gaps, func(g cluster.Gap) bool {
			return strings.Contains(g.What.String(), "facts of nodes n5, n4, n3, n2, n1 are not known")
		}) {
			t.Errorf("gaps %v", s.Gaps)
		}
	})
}

// TestNodesWithFacts does not ask about a node of which there are facts, unless they are old.
func TestNodesWithFacts(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	for age, want := range map[time.Duration]int{time.Minute: 0, factsAge: 1} {
		r := &reader{b: cluster.NewBuilder(now), options: Options{Now: func() time.Time { return now }},
			stuck: []*corev1.Pod{atNode("web", "n1")}}
		r.b.Add("NodeFacts", &nodefacts.NodeFacts{ObjectMeta: metav1.ObjectMeta{Name: "n1"},
			At: metav1.NewTime(now.Add(-age))})
		if got := r.nodesWithoutFacts(); len(got) != want {
			t.Errorf("facts of %s ago: asks about %v", age, got)
		}
	}
}

// TestNoNodes asks nobody where no Pod waits on a node, or where that is not wanted.
func TestNoNodes(t *testing.T) {
	for name, c := range map[string]struct {
		pod *corev1.Pod
		o   Options
	}{
		"not on a node": {atNode("web", ""), asking()},
		"it runs":       {runs(atNode("web", "n1")), asking()},
		"--no-node":     {atNode("web", "n1"), Options{}},
	} {
		synctest.Test(t, func(t *testing.T) {
			f, client := serve(t)
			f.Put(c.pod)
			if _, err := Collect(t.Context(), client, Scope{Namespace: "shop"}, c.o); err != nil {
				t.Fatal(err)
			}
			if slices.Contains(f.Asked(), "get nodes/proxy") {
				t.Errorf("%s: %v", name, f.Asked())
			}
		})
	}
}
