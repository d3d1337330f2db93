package cli

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/live"
)

func TestWithin(t *testing.T) {
	controller := true
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web-5d-x",
		Labels: map[string]string{"app": "web"},
		OwnerReferences: []metav1.OwnerReference{{Kind: "ReplicaSet", Name: "web-5d",
			Controller: &controller}}}, Spec: corev1.PodSpec{NodeName: "n1"}}
	workload := cluster.Ref{Kind: "Deployment", Namespace: "shop", Name: "web"}
	owner := func(kind, name string) live.Scope { return live.Scope{Owner: cluster.Ref{Kind: kind, Name: name}} }
	for name, c := range map[string]struct {
		scope live.Scope
		want  bool
	}{
		"all":             {live.Scope{}, true},
		"namespace":       {live.Scope{Namespace: "shop"}, true},
		"other namespace": {live.Scope{Namespace: "bank"}, false},
		"Pod":             {live.Scope{Name: "web-5d-x"}, true},
		"other Pod":       {live.Scope{Name: "web"}, false},
		"node":            {live.Scope{Node: "n1"}, true},
		"other node":      {live.Scope{Node: "n2"}, false},
		"Deployment":      {owner("Deployment", "web"), true},
		"ReplicaSet":      {owner("ReplicaSet", "web-5d"), true},
		"other kind":      {owner("StatefulSet", "web"), false},
		"labels":          {live.Scope{Selector: "app=web"}, true},
		"other labels":    {live.Scope{Selector: "app!=web"}, false},
	} {
		selector, err := labels.Parse(c.scope.Selector)
		if err != nil {
			t.Fatal(err)
		}
		if got := inScope(c.scope, selector, pod, workload); got != c.want {
			t.Errorf("%s: within is %v", name, got)
		}
	}
}
