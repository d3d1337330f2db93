package live

import (
	"bytes"
	"sync"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/redact"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// maxAlike is how many kinds of Pods are remembered. A list is in the order of names, where Pods that are alike stand
// together.
const maxAlike = 4096

// A thinner reads Pods: those that count whole, and of the others what [trimPod] keeps. Most Pods of a large cluster
// run and are ready, and are like others in all but their names: what they have in common is kept, and decoded, once.
type thinner struct {
	counts      func(*corev1.Pod) bool
	own, shared []byte                 // memory for the next Pod
	alike       map[string]*corev1.Pod // by what Pods have in common, in protobuf
	names       map[string]string      // of nodes and namespaces
}

func newThinner(counts func(*corev1.Pod) bool) *thinner {
	return &thinner{counts: counts, alike: map[string]*corev1.Pod{}, names: map[string]string{}}
}

// ownFields are those in which Pods that are alike differ. Source of the numbers: k8s.io/api/core/v1, generated.proto.
var ownFields = sync.OnceValue(func() *fields {
	return only(nil, map[int]*fields{
		1: only([]int{1, 3, 5, 8}, nil), // name, namespace, uid, creationTimestamp
		2: only([]int{10}, nil),         // nodeName
		3: only([]int{5, 6}, nil),       // hostIP, podIP
	})
})

// sharedFields are the others that trimPod keeps, and those that tell whether it runs.
var sharedFields = sync.OnceValue(func() *fields {
	container := only([]int{1, 2, 6, 8, 24, 25}, nil) // name, image, ports, resources, restartPolicy, restartPolicyRules
	source := only([]int{1, 10, 29}, nil)             // hostPath, persistentVolumeClaim, ephemeral
	volume := only([]int{1}, map[int]*fields{2: source})
	volume.must = 2
	affinity := only(nil, map[int]*fields{3: only([]int{1}, nil)}) // podAntiAffinity, required
	// waiting, that it is running, and how it has ended
	state := only([]int{1}, map[int]*fields{2: only(nil, nil), 3: only([]int{1, 2, 3, 4}, nil)})
	// name, lastState, ready, restartCount, image, started
	status := only([]int{1, 3, 4, 5, 6, 9}, map[int]*fields{2: state})
	condition := only([]int{1, 2, 5, 6}, nil) // type, status, reason, message
	return only(nil, map[int]*fields{
		1: only([]int{9, 10, 11, 13}, nil), // deletion, its grace period, labels, ownerReferences
		// restartPolicy, serviceAccountName, hostNetwork, schedulerName, priority and its class, readinessGates,
		// overhead, resources, schedulingGroup; subdomain
		2: only([]int{3, 8, 11, 17, 19, 24, 25, 28, 32, 40, 43}, map[int]*fields{1: volume, 2: container, 20: container,
			18: affinity}),
		// phase, message, reason, ephemeralContainerStatuses
		3: only([]int{1, 3, 4, 13}, map[int]*fields{2: condition, 8: status, 10: status}),
	})
})

// read reads a Pod, and reports whether it is thin and clean: its parts are shared with others then, and hold no
// credential.
func (t *thinner) read(item []byte, isJSON bool) (p *corev1.Pod, thin bool, err error) {
	if !isJSON && !bytes.Contains(item, []byte(corev1.MirrorPodAnnotationKey)) {
		if p, err = t.thin(item); p != nil || err != nil {
			return p, true, err
		}
	}
	p = new(corev1.Pod)
	if err := decode(item, isJSON, p); err != nil {
		return nil, false, err
	}
	p, thin = t.take(p)
	return p, thin, nil
}

// take is what is kept of a Pod that was decoded.
func (t *thinner) take(p *corev1.Pod) (_ *corev1.Pod, thin bool) {
	if t.counts(p) {
		return p, false
	}
	p = trimPod(p)
	if len(p.Annotations) > 0 || !runsWell(p) { // a static Pod's annotation is its own
		return p, false
	}
	item, err := p.Marshal()
	if err != nil {
		return p, false
	}
	if shared, err := t.thin(item); err == nil && shared != nil {
		return shared, true
	}
	return p, false
}

// thin reads a Pod that runs, and is ready, in protobuf; nil where it does not, or is not alone in what it is.
func (t *thinner) thin(item []byte) (p *corev1.Pod, err error) {
	if t.shared, err = prune(t.shared[:0], item, sharedFields()); err != nil {
		return nil, senseless(err)
	}
	like := t.alike[string(t.shared)]
	if like == nil {
		if like, err = t.newKind(); like == nil {
			return nil, err
		}
	}
	if t.own, err = prune(t.own[:0], item, ownFields()); err != nil {
		return nil, senseless(err)
	}
	p = new(corev1.Pod)
	if err := p.Unmarshal(t.own); err != nil {
		return nil, senseless(err)
	}
	p.Name, p.UID, p.Status.PodIP = redact.Text(p.Name), types.UID(redact.Text(string(p.UID))), redact.Text(p.Status.PodIP)
	p.Namespace = t.name(p.Namespace)
	p.Labels, p.OwnerReferences = like.Labels, like.OwnerReferences
	node := p.Spec.NodeName
	p.Spec = like.Spec
	p.Spec.NodeName = t.name(node)
	p.Status.HostIP, p.Status.Phase = t.name(p.Status.HostIP), like.Status.Phase
	p.Status.Conditions = like.Status.Conditions
	p.Status.ContainerStatuses = like.Status.ContainerStatuses
	p.Status.InitContainerStatuses = like.Status.InitContainerStatuses
	if t.counts(p) {
		return nil, nil
	}
	return p, nil
}

// newKind decodes what Pods have in common, and remembers it; nil where it is of one that does not run.
func (t *thinner) newKind() (*corev1.Pod, error) {
	whole := new(corev1.Pod)
	if err := whole.Unmarshal(t.shared); err != nil {
		return nil, senseless(err)
	}
	if !runsWell(whole) {
		return nil, nil
	}
	like := trimPod(whole)
	cluster.Clean(like)
	if len(t.alike) >= maxAlike {
		clear(t.alike)
	}
	t.alike[string(t.shared)] = like
	return like, nil
}

// name is a text of which many Pods have the same.
func (t *thinner) name(s string) string {
	known, ok := t.names[s]
	if !ok {
		known = redact.Text(s)
		t.names[s] = known
	}
	return known
}

// runsWell reports whether all is well with a Pod: it runs, is ready, and nothing else is said of it, so that since
// when is of no interest.
func runsWell(p *corev1.Pod) bool {
	ready := pod.Condition(p, corev1.PodReady)
	if p.Status.Phase != corev1.PodRunning || p.DeletionTimestamp != nil || p.Status.Reason+p.Status.Message != "" ||
		len(p.Status.EphemeralContainerStatuses) > 0 || ready == nil {
		return false
	}
	for _, c := range p.Status.Conditions {
		if c.Status != corev1.ConditionTrue || c.Type == corev1.DisruptionTarget {
			return false
		}
	}
	for i := range p.Status.InitContainerStatuses {
		s := &p.Status.InitContainerStatuses[i]
		done := s.State.Terminated != nil && s.State.Terminated.ExitCode == 0
		if !done && (s.State.Running == nil || !s.Ready) || s.LastTerminationState != (corev1.ContainerState{}) {
			return false
		}
	}
	for i := range p.Status.ContainerStatuses {
		s := &p.Status.ContainerStatuses[i]
		if s.State.Running == nil || !s.Ready || s.LastTerminationState != (corev1.ContainerState{}) {
			return false
		}
	}
	return true
}
