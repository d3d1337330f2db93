package live

import (
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
)

// TestNeighbours reads the Pods of other namespaces where the scheduler says that others are in the way, and not
// otherwise; of the one that holds a port it keeps the port. Who may not is told which right it takes.
func TestNeighbours(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	ports := []any{map[string]any{"hostPort": 80, "containerPort": 80}}
	object := func(namespace, node string, status map[string]any) map[string]any {
		return map[string]any{"metadata": map[string]any{"name": "web", "namespace": namespace,
			"creationTimestamp": "2026-01-02T02:00:00Z"},
			"spec": map[string]any{"nodeName": node, "containers": []any{map[string]any{"name": "app", "image": "app:1",
				"ports": ports}}}, "status": status}
	}
	unplaced := func(message string) map[string]any {
		return map[string]any{"phase": "Pending", "conditions": []any{map[string]any{"type": "PodScheduled",
			"status": "False", "reason": "Unschedulable", "message": message}}}
	}
	for message, want := range map[string]bool{
		"0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.": true,
		"0/1 nodes are available: 1 Insufficient cpu.":                                           true,
		"0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.":          false,
	} {
		s := &server{objects: map[string][]map[string]any{"pods": {object("shop", "", unplaced(message)),
			object("edge", "n1", map[string]any{"phase": "Running"}),
			object("stuck", "n1", map[string]any{"phase": "Pending"})}}}
		snap, err := collect(t, s, Scope{Namespace: "shop"}, at)
		if err != nil {
			t.Fatal(err)
		}
		other, _ := cluster.Get[corev1.Pod](snap, "edge", "web")
		if (other != nil) != want || want && other.Spec.Containers[0].Ports[0].HostPort != 80 {
			t.Errorf("%s: %v", message, other)
		}
		if snap.Has(cluster.Ref{Kind: "Pod", Namespace: "stuck", Name: "web"}) {
			t.Errorf("%s: one that is stuck itself is there", message)
		}
	}
}
