package diagnose

import (
	"slices"
	"strings"
	"sync"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/containerlog"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/workload"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// index is a snapshot with the joins that one Run needs, each made when it is first asked for.
type index struct {
	snapshot *cluster.Snapshot
	question pod.Question

	attachmentsOf map[string][]*storagev1.VolumeAttachment // by PersistentVolume
	volumeOf      map[cluster.Ref]*corev1.PersistentVolume // by the claim that it is bound to
	podsByNode    map[string][]*corev1.Pod
	podsByClaim   map[cluster.Ref][]*corev1.Pod
	podsByOwner   map[owner][]*corev1.Pod
	images        map[string][]string                   // by repository: those that run, or are on a node
	logs          map[logKey]*containerlog.ContainerLog // once asked for
	nodeSigns     map[string][]cluster.Sign
	preempted     map[string][]*corev1.Event // by namespace
	tainted       func() []*corev1.Node
	rolledOut     map[cluster.Ref]bool // the Deployments of which there are ReplicaSets
	workloads     func() []workload.Workload
	selected      map[cluster.Ref]selected // by Service
}

// An owner is what makes Pods.
type owner struct {
	namespace, name string
	uid             types.UID
}

func newIndex(s *cluster.Snapshot, o Options) *index {
	asked := pod.Question{At: s.At, Ready: o.Ready, Named: o.Named}
	return &index{snapshot: s, question: asked, nodeSigns: map[string][]cluster.Sign{},
		selected:  map[cluster.Ref]selected{},
		tainted:   sync.OnceValue(func() []*corev1.Node { return taintedNodes(s) }),
		workloads: sync.OnceValue(func() []workload.Workload { return workloadsOf(s) })}
}

// counts reports whether a Pod is to be diagnosed: it should have started and has not, and nothing has taken its place,
// or it counts because of what is asked.
func (x *index) counts(p *corev1.Pod) bool {
	switch {
	case !x.question.Counts(p):
		return false
	case p.DeletionTimestamp != nil:
		return x.question.Named || x.successor(p).Kind != ""
	case pod.Lingers(p, x.question.At):
		return x.question.Named || x.lingersAlways(p)
	}
	return p.Status.Phase != corev1.PodFailed || !x.superseded(p) && (!x.replaced(p) || x.evictedAgain(p))
}

// lingersAlways reports whether more than one run of a CronJob goes on although a container of it has done its work:
// then it is no run that takes long.
func (x *index) lingersAlways(p *corev1.Pod) bool {
	of := x.workload(p)
	return of.Kind == "CronJob" && slices.ContainsFunc(cluster.Objects[corev1.Pod](x.snapshot), func(o *corev1.Pod) bool {
		return o != p && pod.Lingers(o, x.question.At) && x.workload(o) == of
	})
}

// attachments returns the VolumeAttachments of a PersistentVolume.
func (x *index) attachments(pv string) []*storagev1.VolumeAttachment {
	if x.attachmentsOf == nil {
		x.attachmentsOf = map[string][]*storagev1.VolumeAttachment{}
		for _, a := range cluster.Objects[storagev1.VolumeAttachment](x.snapshot) {
			if name := a.Spec.Source.PersistentVolumeName; name != nil {
				x.attachmentsOf[*name] = append(x.attachmentsOf[*name], a)
			}
		}
	}
	return x.attachmentsOf[pv]
}

// podsOn returns the Pods that are bound to a node.
func (x *index) podsOn(node string) []*corev1.Pod {
	x.indexPods()
	return x.podsByNode[node]
}

// usersOf returns the Pods that use a claim.
func (x *index) usersOf(namespace, claim string) []*corev1.Pod {
	x.indexPods()
	return x.podsByClaim[cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: namespace, Name: claim}]
}

func (x *index) indexPods() {
	if x.podsByNode != nil {
		return
	}
	x.podsByNode, x.podsByClaim = map[string][]*corev1.Pod{}, map[cluster.Ref][]*corev1.Pod{}
	x.podsByOwner = map[owner][]*corev1.Pod{}
	for _, p := range cluster.Objects[corev1.Pod](x.snapshot) {
		if p.Spec.NodeName != "" {
			x.podsByNode[p.Spec.NodeName] = append(x.podsByNode[p.Spec.NodeName], p)
		}
		if c := metav1.GetControllerOfNoCopy(p); c != nil {
			by := owner{p.Namespace, c.Name, c.UID}
			x.podsByOwner[by] = append(x.podsByOwner[by], p)
		}
		for i := range p.Spec.Volumes {
			if claim := pod.ClaimName(p, &p.Spec.Volumes[i]); claim != "" {
				r := cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: p.Namespace, Name: claim}
				x.podsByClaim[r] = append(x.podsByClaim[r], p)
			}
		}
	}
}

// taintedNodes returns the nodes that are not ready, under pressure, or tainted for it.
func taintedNodes(s *cluster.Snapshot) []*corev1.Node {
	ours := func(t corev1.Taint) bool { return strings.HasPrefix(t.Key, "node.kubernetes.io/") }
	var nodes []*corev1.Node
	for _, n := range cluster.Objects[corev1.Node](s) {
		if slices.ContainsFunc(n.Spec.Taints, ours) {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// A Volume is a volume of a Pod with the objects behind it. What is nil may be absent or unknown: see its Presence.
type Volume struct {
	*corev1.Volume
	Index       int    // in spec.volumes
	Claim       string // the claim's name; "" for a volume without one
	PVC         *corev1.PersistentVolumeClaim
	PVCPresence cluster.Presence
	PV          *corev1.PersistentVolume
}

// volumesOf resolves the volumes of a Pod.
func (x *index) volumesOf(p *corev1.Pod) []Volume {
	out := make([]Volume, 0, len(p.Spec.Volumes))
	for i := range p.Spec.Volumes {
		v := Volume{Volume: &p.Spec.Volumes[i], Index: i, Claim: pod.ClaimName(p, &p.Spec.Volumes[i])}
		if v.Claim != "" {
			v.PVC, v.PVCPresence = cluster.Get[corev1.PersistentVolumeClaim](x.snapshot, p.Namespace, v.Claim)
			if v.PVC != nil && v.PVC.Spec.VolumeName != "" {
				v.PV, _ = cluster.Get[corev1.PersistentVolume](x.snapshot, "", v.PVC.Spec.VolumeName)
			}
			if v.PVC == nil {
				v.PV = x.boundTo(p.Namespace, v.Claim)
			}
		}
		out = append(out, v)
	}
	return out
}

// boundTo returns the PersistentVolume that is bound to a claim; it is how a dump without claims knows the volume.
func (x *index) boundTo(namespace, claim string) *corev1.PersistentVolume {
	if x.volumeOf == nil {
		x.volumeOf = map[cluster.Ref]*corev1.PersistentVolume{}
		for _, v := range cluster.Objects[corev1.PersistentVolume](x.snapshot) {
			if c := v.Spec.ClaimRef; c != nil && v.Status.Phase == corev1.VolumeBound {
				x.volumeOf[cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: c.Namespace, Name: c.Name}] = v
			}
		}
	}
	return x.volumeOf[cluster.Ref{Kind: "PersistentVolumeClaim", Namespace: namespace, Name: claim}]
}

// workload is what has to be edited to change a Pod: the object that owns it in the end
// (Deployment, StatefulSet, DaemonSet, Job, or what a custom controller made), else the Pod itself.
func (x *index) workload(p *corev1.Pod) cluster.Ref {
	c := metav1.GetControllerOf(p)
	if c == nil || c.Kind == "Node" {
		return cluster.RefOf(p)
	}
	if c.Kind == "ReplicaSet" {
		if rs, ok := cluster.Get[appsv1.ReplicaSet](x.snapshot, p.Namespace, c.Name); ok == cluster.Present {
			if d := metav1.GetControllerOf(rs); d != nil {
				return cluster.Ref{Kind: d.Kind, Namespace: p.Namespace, Name: d.Name}
			}
			return cluster.Ref{Kind: "ReplicaSet", Namespace: p.Namespace, Name: c.Name}
		}
		if hash := p.Labels[appsv1.DefaultDeploymentUniqueLabelKey]; hash != "" && strings.HasSuffix(c.Name, "-"+hash) {
			return cluster.Ref{Kind: "Deployment", Namespace: p.Namespace, Name: strings.TrimSuffix(c.Name, "-"+hash)}
		}
	}
	if c.Kind == "Job" {
		if name := x.cronJobOf(p.Namespace, c.Name); name != "" {
			return cluster.Ref{Kind: "CronJob", Namespace: p.Namespace, Name: name}
		}
	}
	return cluster.Ref{Kind: c.Kind, Namespace: p.Namespace, Name: c.Name}
}

// cronRun is how a run of a CronJob is named: behind the CronJob's name stands the minute that it was due in, counted
// from 1970. Source: kube-controller-manager, cronjob controller.
var cronRun = match.Lazy(`^(.+)-(2[5-9]\d{6}|3\d{7})$`)

// cronJobOf is the CronJob that a Job is a run of, by its owner, or where the Job is not known by its name; "" where it
// is none.
func (x *index) cronJobOf(namespace, job string) string {
	if j, _ := cluster.Get[batchv1.Job](x.snapshot, namespace, job); j != nil {
		if c := metav1.GetControllerOf(j); c != nil && c.Kind == "CronJob" {
			return c.Name
		}
		return ""
	}
	if m := cronRun().FindStringSubmatch(job); m != nil {
		return m[1]
	}
	return ""
}

// replaced reports whether a Pod that failed has a younger one of the same owner in its place, so that it is history.
func (x *index) replaced(p *corev1.Pod) bool {
	return slices.ContainsFunc(x.siblings(p), func(o *corev1.Pod) bool {
		return o.CreationTimestamp.After(p.CreationTimestamp.Time)
	})
}

// superseded reports whether the ReplicaSet of a Pod wants none any more: what failed of an earlier revision is
// history, for nobody makes it anew.
func (x *index) superseded(p *corev1.Pod) bool {
	c := metav1.GetControllerOf(p)
	if c == nil || c.Kind != "ReplicaSet" {
		return false
	}
	rs, _ := cluster.Get[appsv1.ReplicaSet](x.snapshot, p.Namespace, c.Name)
	return rs != nil && rs.UID == c.UID && rs.Spec.Replicas != nil && *rs.Spec.Replicas == 0
}
