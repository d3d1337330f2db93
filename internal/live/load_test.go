package live

import (
	"fmt"
	"testing"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
)

// TestRequests counts what a cluster with many stuck Pods, each of which names other things, is asked: that must not
// grow with them.
func TestRequests(t *testing.T) {
	server := &server{objects: map[string][]map[string]any{}, kubelets: served{"/configz": configOf,
		"/stats/summary": summaryOf, "/logs/?kern": "\nlog not found for kern\n",
		// the logs of these nodes are files, which takes the most questions
		"/logs/?kubelet+containerd tail": "\noptions present and query resolved to log files for [kubelet " +
			"containerd]\ntry without specifying options\n", "/logs/?kubelet": logLines(""), "/logs/?containerd": runtimeLine}}
	at := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	for i := range 2000 {
		state := map[string]any{"running": map[string]any{}}
		if i < 500 {
			state = map[string]any{"waiting": map[string]any{"reason": "ContainerCreating"}}
		}
		server.objects["pods"] = append(server.objects["pods"], map[string]any{
			"metadata": map[string]any{"name": fmt.Sprint("p", i), "namespace": fmt.Sprint("ns", i%50),
				"creationTimestamp": "2026-01-02T02:00:00Z"},
			"spec": map[string]any{"nodeName": fmt.Sprint("n", i%200), "serviceAccountName": fmt.Sprint("sa", i%25),
				"containers": []any{map[string]any{"name": "app", "image": "app:1",
					"env": []any{map[string]any{"name": "A", "value": "x"}}}},
				"volumes": []any{map[string]any{"name": "s", "secret": map[string]any{"secretName": fmt.Sprint("s",
					i%25)}},
					map[string]any{"name": "c", "configMap": map[string]any{"name": fmt.Sprint("c", i%25)}},
					map[string]any{"name": "p", "persistentVolumeClaim": map[string]any{"claimName": fmt.Sprint("claim",
						i)}}}},
			"status": map[string]any{"phase": "Running", "containerStatuses": []any{map[string]any{"name": "app",
				"ready": i >= 500, "state": state}}}})
	}
	for _, o := range []Scope{{}, {Namespace: "ns7"}} {
		server.asked = nil
		s, err := collect(t, server, o, at)
		if err != nil {
			t.Fatal(err)
		}
		if len(server.asked) > 40 {
			t.Errorf("%v: %d requests: %v", o, len(server.asked), server.asked)
		}
		waiting := 0
		for _, p := range cluster.Objects[corev1.Pod](s) {
			if len(p.Spec.Containers[0].Env) > 0 {
				waiting++
			} else if len(p.Spec.Volumes) != 1 {
				t.Fatalf("of a Pod that runs the claim is kept alone: %v", p.Spec.Volumes)
			}
		}
		if want := map[string]int{"": 500, "ns7": 10}[o.Namespace]; waiting != want {
			t.Errorf("%d Pods were kept whole, want %d", waiting, want)
		}
	}
}
