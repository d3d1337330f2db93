package cluster

import (
	"encoding/json"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Annotations are the keys of those that a snapshot keeps: somebody reads them. In others stands whatever somebody put
// there: whole objects, with the values of their environment, passwords. A test compares the list with what the causes,
// and the rooms that they stand on, read.
var Annotations = map[string]bool{
	"kubernetes.io/config.mirror":                 true, // a static Pod
	"deployment.kubernetes.io/revision":           true,
	"deployment.kubernetes.io/revision-history":   true,
	"deprecated.daemonset.template.generation":    true,
	"volume.kubernetes.io/selected-node":          true,
	"storageclass.kubernetes.io/is-default-class": true,
	"k8s.v1.cni.cncf.io/networks":                 true,
	"ovn.kubernetes.io/ip_address":                true,
	"cni.projectcalico.org/ipAddrs":               true,
	"scheduling.k8s.io/group-name":                true, // the group that Volcano places a Pod with
	"argocd.argoproj.io/tracking-id":              true, // who manages the object
	"meta.helm.sh/release-name":                   true,
	"meta.helm.sh/release-namespace":              true,
	"stuck.dev/registries":                        true,
	Withheld:                                      true,
}

// VolumeAttributes are the keys of those attributes of a CSI volume that a snapshot keeps.
var VolumeAttributes = map[string]bool{"server": true, "share": true}

// Withheld is the annotation of a template that says that something of it is left out. Two templates of which the same
// is left out have the same value.
const Withheld = Group + "/withheld"

func keepAnnotations(m *metav1.ObjectMeta) { m.Annotations = keep(m.Annotations, Annotations) }

func keepAttributes(s *corev1.CSIPersistentVolumeSource) {
	s.VolumeAttributes = keep(s.VolumeAttributes, VolumeAttributes)
}

// keep is what of a map has one of the keys; nil where there is none. The map itself may be shared, and stays as it is.
func keep(m map[string]string, keys map[string]bool) map[string]string {
	n := 0
	for key := range m {
		if keys[key] {
			n++
		}
	}
	if n == len(m) && n > 0 {
		return m
	}
	var kept map[string]string
	for key, value := range m {
		if !keys[key] {
			continue
		}
		if kept == nil {
			kept = make(map[string]string, n)
		}
		kept[key] = value
	}
	return kept
}

// keepLifecycle leaves of hooks that there is one to run after the start.
func keepLifecycle(l *corev1.Lifecycle) {
	if l.PostStart != nil {
		l.PostStart = &corev1.LifecycleHandler{}
	}
	l.PreStop = nil
}

// withhold marks a template of which something is left out that two revisions of a workload may differ in.
func withhold(t *corev1.PodTemplateSpec) {
	var out []any
	for _, key := range slices.Sorted(maps.Keys(t.Annotations)) {
		if !Annotations[key] {
			out = append(out, key, t.Annotations[key])
		}
	}
	out = append(out, leftOut(&t.Spec)...)
	if len(out) == 0 {
		return
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return
	}
	if t.Annotations == nil {
		t.Annotations = map[string]string{}
	}
	t.Annotations[Withheld] = fmt.Sprintf("%016x", maphash.Bytes(seed, raw))
}

// seed makes that nobody can find out what was left out by trying: it is another one in each run of the program, and
// is nowhere written down.
var seed = maphash.MakeSeed()

// leftOut is what of a spec is left out, beside the values of environment variables.
func leftOut(p *corev1.PodSpec) (out []any) {
	for _, list := range [][]corev1.Container{p.InitContainers, p.Containers} {
		for i := range list {
			c := &list[i]
			for _, probe := range []*corev1.Probe{c.StartupProbe, c.ReadinessProbe, c.LivenessProbe} {
				if probe != nil && probe.HTTPGet != nil && len(probe.HTTPGet.HTTPHeaders) > 0 {
					out = append(out, c.Name, probe.HTTPGet.HTTPHeaders)
				}
			}
			if c.Lifecycle != nil {
				hooks := *c.Lifecycle
				if hooks.PostStart != nil && *hooks.PostStart == (corev1.LifecycleHandler{}) {
					hooks.PostStart = nil // nothing more than that there is one
				}
				if hooks.PostStart != nil || hooks.PreStop != nil {
					out = append(out, c.Name, hooks)
				}
			}
		}
	}
	for i := range p.Volumes {
		v := &p.Volumes[i]
		if v.CSI != nil && len(v.CSI.VolumeAttributes) > 0 {
			out = append(out, v.Name, v.CSI.VolumeAttributes)
		}
		if v.FlexVolume != nil && len(v.FlexVolume.Options) > 0 {
			out = append(out, v.Name, v.FlexVolume.Options)
		}
	}
	return out
}
