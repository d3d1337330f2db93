package diagnose

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubestuck/stuck/internal/cluster"
)

// copies tells which of the Pods with a finding are copies of one another: nothing makes them, and they are of one
// namespace and the same but for their names and nodes. Copies have the same key; other Pods have none.
func (x *index) copies(roots []*Finding) map[cluster.Ref]string {
	out, keys := map[cluster.Ref]string{}, map[parts]string{}
	for _, f := range roots {
		if _, seen := out[f.Pod]; seen || f.Pod.Name == "" || !ofPodAlone(f) {
			continue
		}
		p, _ := cluster.Get[corev1.Pod](x.snapshot, f.Pod.Namespace, f.Pod.Name)
		out[f.Pod] = copyKey(p, keys)
	}
	maps.DeleteFunc(out, func(_ cluster.Ref, key string) bool { return key == "" })
	return out
}

// ofPodAlone reports whether a finding is about a Pod that is its own workload.
func ofPodAlone(f *Finding) bool { return f.Args["workload"] == f.Pod.TypeName() }

// parts are what most of the spec of a Pod is in, which copies of it may share, and the rest of it.
type parts struct {
	init, containers *corev1.Container
	volumes          *corev1.Volume
	rest             string
}

// copyKey is the same for all copies of a Pod; "" for one that something else makes, or of which too little is known.
// The keys of Pods that share what most of their spec is in are found in those that were made before.
func copyKey(p *corev1.Pod, made map[parts]string) string {
	if p == nil || metav1.GetControllerOfNoCopy(p) != nil || len(p.Spec.Containers) == 0 ||
		p.Annotations[corev1.MirrorPodAnnotationKey] != "" ||
		slices.ContainsFunc(p.Spec.Containers, func(c corev1.Container) bool { return c.Image == "" }) {
		return ""
	}
	spec := p.Spec // what is changed in it below is copied before
	spec.NodeName, spec.Hostname = "", ""
	spec.InitContainers, spec.Containers, spec.Volumes = nil, nil, nil
	rest, err := json.Marshal(&spec)
	if err != nil {
		return ""
	}
	of := parts{containers: &p.Spec.Containers[0], rest: string(rest)}
	if len(p.Spec.InitContainers) > 0 {
		of.init = &p.Spec.InitContainers[0]
	}
	if len(p.Spec.Volumes) > 0 {
		of.volumes = &p.Spec.Volumes[0]
	}
	key, ok := made[of]
	if !ok {
		spec.Volumes = slices.DeleteFunc(slices.Clone(p.Spec.Volumes), func(v corev1.Volume) bool { return isToken(v.Name) })
		spec.InitContainers, spec.Containers = withoutToken(p.Spec.InitContainers), withoutToken(p.Spec.Containers)
		data, err := json.Marshal(&spec)
		if err != nil {
			return ""
		}
		sum := sha256.Sum256(data)
		key = string(sum[:])
		made[of] = key
	}
	return p.Namespace + "\x00" + key
}

// withoutToken are containers that do not mount it.
func withoutToken(cs []corev1.Container) []corev1.Container {
	out := slices.Clone(cs)
	for i := range out {
		out[i].VolumeMounts = slices.DeleteFunc(slices.Clone(out[i].VolumeMounts),
			func(m corev1.VolumeMount) bool { return isToken(m.Name) })
	}
	return out
}

// isToken reports whether a volume is the one that the API server puts into every Pod, under a name of its own in each.
func isToken(volume string) bool { return strings.HasPrefix(volume, "kube-api-access-") }

// joinCopies blames the first of the copies of one Pod for what is wrong with all of them in the same way, so that it
// is one problem.
func joinCopies(roots []*Finding, copies map[cluster.Ref]string) {
	type key struct{ cause, variant, pod, args string }
	of := func(f *Finding) key { return key{f.Cause, f.Variant, copies[f.Pod], saidAlike(f)} }
	first := map[key]cluster.Ref{}
	for _, f := range roots {
		k := of(f)
		if p, ok := first[k]; !ok || cluster.CompareNames(f.Pod.Name, p.Name) < 0 {
			first[k] = f.Pod
		}
	}
	for _, f := range roots {
		if copies[f.Pod] == "" || f.Blame.Namespace != f.Pod.Namespace {
			continue
		}
		p := first[of(f)]
		switch container, inside := strings.CutPrefix(f.Blame.Name, f.Pod.Name+"/"); {
		case f.Blame == f.Pod:
			f.Blame = p
		case f.Blame.Kind == "Container" && inside:
			f.Blame.Name = p.Name + "/" + container
		}
	}
}

// saidAlike is what a finding says, but for the names that differ between copies of a Pod, and for
// whether it ran before.
func saidAlike(f *Finding) string {
	var b strings.Builder
	for _, arg := range slices.Sorted(maps.Keys(f.Args)) {
		if !slices.Contains([]string{"pod", "workload", "node", "uid", "previous", "unread"}, arg) {
			b.WriteString(arg + "\x00" + f.Args[arg] + "\x00")
		}
	}
	return b.String()
}
