package dump

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubestuck/stuck/internal/cluster"
	corev1 "k8s.io/api/core/v1"
)

// TestAlike reads Pods that have parts of their text in common: what becomes of a part in one of them is of no account
// for another, and none of them is read otherwise than alone.
func TestAlike(t *testing.T) {
	const same = `{"app": "web", "meta.helm.sh/release-name": "shop"}`
	pod := func(name, more string) string {
		return `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "` + name + `", "namespace": "shop", ` +
			`"labels": ` + same + `, "annotations": ` + same + `}, "spec": {"nodeSelector": ` + same +
			`, "containers": [{"name": "app", "image": "web:1", "args": ["--password=hunter2"], ` +
			`"env": [{"name": "A", "value": "secret"}], "resources": {"limits": {"memory": "1Gi"}}}]` + more + `}}`
	}
	pods := []string{pod("a", ""), pod("b", ""),
		pod("twice", `, "containers": [{"name": "other", "image": "other:2"}]`),
		pod("broken", `, "tolerations": "all"`), pod("none", `, "volumes": null`), pod("c", "")}
	read := func(text string) map[string]*corev1.Pod {
		s, err := Read(fstest.MapFS{"dump.json": {Data: []byte(text)}}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]*corev1.Pod{}
		for _, p := range cluster.Objects[corev1.Pod](s) {
			out[p.Name] = p
		}
		return out
	}
	together := read(strings.Join(pods, "\n"))
	if len(together) != len(pods) {
		t.Fatalf("%d Pods of %d", len(together), len(pods))
	}
	for _, one := range pods {
		for name, alone := range read(one) {
			if diff := cmp.Diff(alone, together[name]); diff != "" {
				t.Errorf("%s: -alone, +together:\n%s", name, diff)
			}
		}
	}
	a, b := together["a"], together["b"]
	if a.Labels["app"] != "web" || a.Annotations["app"] != "" || a.Spec.NodeSelector["app"] != "web" {
		t.Errorf("labels %v, annotations %v", a.Labels, a.Annotations)
	}
	if &a.Spec.Containers[0] != &b.Spec.Containers[0] {
		t.Error("two Pods that are alike do not share their containers")
	}
	if p := together["twice"].Spec.Containers; len(p) != 1 || p[0].Name != "other" {
		t.Errorf("of a list that stands twice: %v", p)
	}
}
