package live

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// startWorkload follows the workload of the scope. Of a Deployment its ReplicaSets belong to it.
func (f *follower) startWorkload(ctx context.Context) {
	o := f.scope.Owner
	if o.Name == "" {
		return
	}
	all := func(o metav1.Object) metav1.Object { return o }
	f.start(ctx, o.Kind, metav1.ListOptions{ResourceVersion: "0", FieldSelector: "metadata.name=" + o.Name}, all)
	if o.Kind == "Deployment" {
		f.start(ctx, "ReplicaSet", metav1.ListOptions{ResourceVersion: "0"}, func(object metav1.Object) metav1.Object {
			r := object.(*appsv1.ReplicaSet)
			if c := metav1.GetControllerOf(r); c == nil || c.Kind != o.Kind || c.Name != o.Name {
				return nil
			}
			return r
		})
	}
}
