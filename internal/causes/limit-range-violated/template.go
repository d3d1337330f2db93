package limitrangeviolated

import (
	"fmt"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// byTemplate makes the command whole, where a LimitRange bears out what was said: what is set beside it in the template
// has to fit as well.
func byTemplate(p *diagnose.Pass, f *diagnose.Finding) {
	allowed, err := resource.ParseQuantity(f.Args["allowed"])
	if err != nil {
		return
	}
	if f.Args["scope"] == "PersistentVolumeClaim" {
		claim(p, f, allowed)
		return
	}
	f.Attested = append(f.Attested, "resource")
	if f.Args["others"] == "" {
		f.Attested = append(f.Attested, "setting", "limits", "requests")
	}
	c := theOne(p, f)
	if c == nil {
		return
	}
	name := corev1.ResourceName(f.Args["resource"])
	limit, limited := c.Resources.Limits[name]
	request, requested := c.Resources.Requests[name]
	set := f.Args["resource"] + "=" + allowed.String()
	switch {
	case f.Variant == "ratio" && limited && f.Args["others"] == "":
		least := resource.NewMilliQuantity(limit.MilliValue()*1000/max(allowed.MilliValue(), 1), limit.Format)
		if limit.MilliValue()%1000 == 0 {
			least = resource.NewQuantity((limit.Value()*1000+allowed.MilliValue()-1)/max(allowed.MilliValue(), 1), limit.Format)
		}
		f.Args["requests"] = f.Args["resource"] + "=" + least.String()
	case f.Args["bound"] == "minimum" && limited && limit.Cmp(allowed) < 0:
		f.Args["limits"] = set
	case f.Args["bound"] == "maximum" && f.Args["flag"] == "limits" && requested && request.Cmp(allowed) > 0:
		f.Args["requests"] = set
	}
}

// theOne is the container that it is about: the one that was named, or the only one.
func theOne(p *diagnose.Pass, f *diagnose.Finding) *corev1.Container {
	all := p.Pod.Spec.Containers
	for i := range all {
		if all[i].Name == f.Args["container"] || len(all) == 1 {
			return &all[i]
		}
	}
	return nil
}

// claim: what is refused is a claim that a StatefulSet makes for its Pods.
func claim(p *diagnose.Pass, f *diagnose.Finding, allowed resource.Quantity) {
	f.Variant = "claim"
	set, _ := p.Snapshot.Get(p.Workload()).(*appsv1.StatefulSet)
	asked, err := resource.ParseQuantity(f.Args["asked"])
	if set == nil || err != nil {
		return
	}
	for i := range set.Spec.VolumeClaimTemplates {
		if q := set.Spec.VolumeClaimTemplates[i].Spec.Resources.Requests[corev1.ResourceStorage]; q.Cmp(asked) != 0 {
			continue
		}
		path := fmt.Sprintf("/spec/volumeClaimTemplates/%d/spec/resources/requests/storage", i)
		f.Args["otherpatch"] = diagnose.JSON([]diagnose.Edit{{Op: "replace", Path: path, Value: allowed.String()}})
		if at, list := bound(p, f.Args); at >= 0 {
			path := fmt.Sprintf("/spec/limits/%d/%s/storage", at, list)
			f.Args["patch"] = diagnose.JSON([]diagnose.Edit{{Op: "replace", Path: path, Value: asked.String()}})
		}
		return
	}
}

// bound is where in the LimitRange the bound stands; -1 for nowhere.
func bound(p *diagnose.Pass, args map[string]string) (at int, list string) {
	l, _ := cluster.Get[corev1.LimitRange](p.Snapshot, p.Pod.Namespace, args["limitrange"])
	if l == nil {
		return -1, ""
	}
	for i, item := range l.Spec.Limits {
		of, name := item.Max, "max"
		if args["bound"] == "minimum" {
			of, name = item.Min, "min"
		}
		if _, ok := of[corev1.ResourceName(args["resource"])]; ok && string(item.Type) == args["scope"] {
			return i, name
		}
	}
	return -1, ""
}
