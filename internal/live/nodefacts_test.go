package live

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// stuckOn is a server with one stuck Pod on each of some nodes, and facts of those nodes and of one more.
func stuckOn(nodes int) *server {
	s := &server{objects: map[string][]map[string]any{}}
	for i := range nodes + 1 {
		node := fmt.Sprint("n", i)
		s.objects["nodefacts"] = append(s.objects["nodefacts"], map[string]any{"apiVersion": "stuck.dev/v1alpha1",
			"kind":     "NodeFacts",
			"metadata": map[string]any{"name": node}, "at": "2026-01-02T03:00:00Z", "source": "agent"})
		if i == nodes {
			break
		}
		s.objects["pods"] = append(s.objects["pods"], map[string]any{
			"metadata": map[string]any{"name": fmt.Sprint("p", i), "namespace": "shop",
				"creationTimestamp": "2026-01-02T02:00:00Z"},
			"spec": map[string]any{"nodeName": node, "containers": []any{map[string]any{"name": "app",
				"image": "app:1"}}},
			"status": map[string]any{"phase": "Pending", "containerStatuses": []any{
				map[string]any{"name": "app", "state": map[string]any{"waiting": map[string]any{
					"reason": "ContainerCreating"}}}}}})
	}
	return s
}

// TestNodeFacts reads the facts of the nodes that stuck Pods are on, and of no other: one by one, or with a LIST.
func TestNodeFacts(t *testing.T) {
	for _, nodes := range []int{1, maxGets, maxGets + 1} {
		server := stuckOn(nodes)
		s, err := collect(t, server, Scope{Namespace: "shop"}, time.Date(2026, 1, 2, 3, 0, 30, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		if got := cluster.Objects[nodefacts.NodeFacts](s); len(got) != nodes || got[nodes-1].Name != fmt.Sprint("n",
			nodes-1) {
			t.Errorf("%d nodes: %d facts", nodes, len(got))
		}
		requests := 0
		for _, a := range server.asked {
			if strings.Contains(a, "nodefacts") {
				requests++
			}
		}
		if want := map[bool]int{true: nodes, false: 1}[nodes <= maxGets]; requests != want {
			t.Errorf("%d nodes: %d requests, want %d", nodes, requests, want)
		}
	}
}

// TestNoNodeFacts is silent where there are no facts: they are of a tool that most clusters do without. Only where they
// are there and may not be read, that is a gap.
func TestNoNodeFacts(t *testing.T) {
	for _, nodes := range []int{1, maxGets + 1} {
		for _, c := range []struct {
			name              string
			served, forbidden bool
			gap               bool
		}{
			{"not served", false, false, false},
			{"not served, and no right to it", false, true, false},
			{"none written", true, false, false},
			{"no right to it", true, true, true},
		} {
			server := stuckOn(nodes)
			server.objects["nodefacts"] = nil
			if c.served {
				server.objects["nodefacts"] = []map[string]any{}
			}
			if c.forbidden {
				server.forbidden = []string{"nodefacts"}
			}
			s, err := collect(t, server, Scope{Namespace: "shop"}, time.Date(2026, 1, 2, 3, 0, 30, 0, time.UTC))
			if err != nil {
				t.Fatal(err)
			}
			gap := slices.ContainsFunc(s.Gaps, func(g cluster.Gap) bool {
				return strings.Contains(g.Needs.String(),
					"nodefacts.stuck.dev")
			})
			if gap != c.gap {
				t.Errorf("%s: gaps %v", c.name, s.Gaps)
			}
		}
	}
}

// TestBrokenNodeFacts makes a gap of facts that are of another form than ours.
func TestBrokenNodeFacts(t *testing.T) {
	server := stuckOn(1)
	server.objects["nodefacts"][0]["at"] = 7
	s, err := collect(t, server, Scope{Namespace: "shop"}, time.Date(2026, 1, 2, 3, 0, 30, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(s.Gaps, func(g cluster.Gap) bool {
		return strings.HasPrefix(g.What.String(),
			"nodefacts")
	}) {
		t.Errorf("gaps %v", s.Gaps)
	}
}
