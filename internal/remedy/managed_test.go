package remedy

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestManagers holds by which marks it is known who manages an object.
func TestManagers(t *testing.T) {
	yes := true
	for _, c := range []struct {
		labels, notes map[string]string
		owner         string
		want          Manager
	}{
		{nil, map[string]string{"meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "web"}, "",
			Manager{"helm", "shop", "web"}},
		{nil, map[string]string{"argocd.argoproj.io/tracking-id": "argo_shop:apps/Deployment:web/api"}, "",
			Manager{"argocd", "shop", ""}},
		{map[string]string{"kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux"}, nil,
			"", Manager{"flux", "apps", "flux"}},
		{nil, nil, "Kafka", Manager{"operator", "Kafka/x", ""}},
		{nil, map[string]string{"meta.helm.sh/release-name": "shop; rm -rf /"}, "", Manager{}},
		{nil, nil, "", Manager{}},
	} {
		d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Labels: c.labels, Annotations: c.notes}}
		if c.owner != "" {
			d.OwnerReferences = []metav1.OwnerReference{{Kind: c.owner, Name: "x", Controller: &yes}}
		}
		got := ManagedBy(d)
		if got == nil {
			got = &Manager{}
		}
		if *got != c.want {
			t.Errorf("%v %v: got %v, want %v", c.labels, c.notes, *got, c.want)
		}
	}
}
