package revision

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

func specOf(t *testing.T, text string) *corev1.PodSpec {
	t.Helper()
	var s corev1.PodSpec
	if err := yaml.UnmarshalStrict([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// TestDiff compares templates: lists by name and not by place, what is long in one line, and nothing of values.
func TestDiff(t *testing.T) {
	for _, c := range []struct {
		name, older, newer string
		want               []Difference
	}{
		{"an image", `containers: [{name: a, image: "x:1"}, {name: b}]`, `containers: [{name: b}, {name: a, image: "x:2"}]`,
			[]Difference{{Container: "a", Field: "image", Path: "containers[1].image", Old: "x:1", New: "x:2"}}},
		{"a container", `containers: [{name: a}]`, `{containers: [{name: a}], initContainers: [{name: i, image: "w:1"}]}`,
			[]Difference{{Container: "i", Field: Whole, Path: "initContainers[0]", New: "w:1"}}},
		{"variables", `containers: [{name: a, env: [{name: A, value: x}, {name: B}]}]`,
			`containers: [{name: a, env: [{name: A, value: y}, {name: C, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]`,
			[]Difference{{Container: "a", Field: "env[B]", Path: "containers[0].env", Old: Withheld},
				{Container: "a", Field: "env[C]", Path: "containers[0].env[1]", New: `{"secretKeyRef":{"key":"k","name":"s"}}`}}},
		{"one probe", `containers: [{name: a, livenessProbe: {httpGet: {path: /a, port: 80}, periodSeconds: 10}}]`,
			`containers: [{name: a, livenessProbe: {httpGet: {path: /b, port: 80}, periodSeconds: 10}}]`,
			[]Difference{{Container: "a", Field: "livenessProbe.httpGet.path", Path: "containers[0].livenessProbe.httpGet.path",
				Old: "/a", New: "/b"}}},
		{"a volume", `containers: []`, `{containers: [], volumes: [{name: tls, secret: {secretName: api-tls}}]}`,
			[]Difference{{Field: "volumes[tls]", Path: "volumes[0]", New: `{"secret":{"secretName":"api-tls"}}`}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			older, newer := specOf(t, c.older), specOf(t, c.newer)
			for _, s := range []*corev1.PodSpec{older, newer} { // as a snapshot has it
				for i := range s.Containers {
					for j := range s.Containers[i].Env {
						s.Containers[i].Env[j].Value = ""
					}
				}
			}
			if diff := cmp.Diff(c.want, Diff(older, newer)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A StatefulSet's and a DaemonSet's revisions are ControllerRevisions, and a Pod says by a label which is its own.
func TestControllerRevisions(t *testing.T) {
	b := cluster.NewBuilder(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))
	add := func(kind string, o any, text string) {
		t.Helper()
		if err := yaml.UnmarshalStrict([]byte(text), o); err != nil {
			t.Fatal(err)
		}
		switch o := o.(type) {
		case *appsv1.StatefulSet:
			b.Add(kind, o)
		case *appsv1.ControllerRevision:
			b.Add(kind, o)
		case *corev1.Pod:
			b.Add(kind, o)
		}
	}
	const owner = `ownerReferences: [{kind: StatefulSet, name: db, apiVersion: apps/v1, uid: u, controller: true}]`
	add("StatefulSet", &appsv1.StatefulSet{}, `{metadata: {namespace: shop, name: db}, status: {currentRevision: db-1}}`)
	for n, image := range []string{"", "db:1", "db:2"} {
		if n > 0 {
			id := string(rune('0' + n))
			add("ControllerRevision", &appsv1.ControllerRevision{}, `{metadata: {namespace: shop, name: db-`+id+`, `+owner+`},
				revision: `+id+`, data: {spec: {template: {spec: {containers: [{name: db, image: "`+image+`",
				env: [{name: PASSWORD, value: hunter2}]}]}}}}}`)
		}
	}
	ready := `status: {conditions: [{type: Ready, status: "True"}]}`
	add("Pod", &corev1.Pod{}, `{metadata: {namespace: shop, name: db-0, labels: {controller-revision-hash: db-1}, `+
		owner+`}, `+ready+`}`)
	p := &corev1.Pod{}
	add("Pod", p, `{metadata: {namespace: shop, name: db-1, labels: {controller-revision-hash: db-2}, `+owner+`}}`)
	s := b.Snapshot()
	u := Of(s, p)
	if u == nil || u.Revision != 2 || u.Earlier != 1 || !u.Running || len(u.Changes) != 1 || u.Changes[0].New != "db:2" {
		t.Fatalf("got %+v", u)
	}
	for _, r := range cluster.Objects[appsv1.ControllerRevision](s) {
		if got := string(r.Data.Raw); got == "" || strings.Contains(got, "hunter2") {
			t.Errorf("a value is in the snapshot: %s", got)
		}
	}
}
