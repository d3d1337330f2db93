package podunschedulable

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/placement"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// preempting reports whether room is being made for the Pod: on the node that was nominated for it a Pod is ending.
func (l *look) preempting() bool {
	node := l.p.Pod.Status.NominatedNodeName
	if node == "" {
		return false
	}
	victim := l.victimOn(node)
	if victim == nil {
		return false
	}
	ref, until := cluster.RefOf(victim), victim.DeletionTimestamp.Time
	l.f.Variant, l.f.Blame = "preempting", ref
	if until.Before(l.p.Snapshot.At.Add(-time.Minute)) {
		l.f.Variant = "preempting-late"
	}
	l.f.Args["node"], l.f.Args["victim"], l.f.Args["victimnamespace"] = node, victim.Name, victim.Namespace
	l.f.Args["until"] = until.UTC().Format("15:04:05") + " UTC"
	l.f.Args["priority"] = strconv.Itoa(int(priority(l.p.Pod)))
	l.f.Args["class"] = l.p.Pod.Spec.PriorityClassName
	l.cite("status.nominatedNodeName", node)
	l.f.Evidence = append(l.f.Evidence,
		diagnose.Cite(ref, "metadata.deletionTimestamp", until.UTC().Format(time.RFC3339)))
	return true
}

// victimOn is the Pod that takes longest to end of those on a node that give way, of lower priority; nil for none. Of
// some that the scheduler has marked as told to end, one of these.
func (l *look) victimOn(node string) *corev1.Pod {
	var victim *corev1.Pod
	marked := false
	for _, o := range l.p.PodsOn(node) {
		if o.DeletionTimestamp == nil || placement.Over(o) || priority(o) >= priority(l.p.Pod) {
			continue
		}
		c := pod.Condition(o, corev1.DisruptionTarget)
		mark := c != nil && c.Status == corev1.ConditionTrue && c.Reason == corev1.PodReasonPreemptionByScheduler
		if victim == nil || mark && !marked ||
			mark == marked && o.DeletionTimestamp.After(victim.DeletionTimestamp.Time) {
			victim, marked = o, mark
		}
	}
	return victim
}

var by = match.Lazy(`Preempted by (?:a )?(?:pod )?(\S+?)(?: on node (\S+?))?\.?$`)

// preempted reports whether a Pod of the same workload had the room, and one of a higher priority has taken it.
func (l *look) preempted() bool {
	c := metav1.GetControllerOf(l.p.Pod)
	for _, e := range slices.Backward(l.p.Preemptions()) {
		victim := e.InvolvedObject.Name
		if victim != l.p.Pod.Name && (c == nil || !strings.HasPrefix(victim, c.Name+"-")) {
			continue
		}
		m := by().FindStringSubmatch(e.Message)
		if m == nil {
			continue
		}
		o := l.who(m[1])
		if o == nil || l.p.WorkloadOf(o) == l.p.Workload() {
			continue
		}
		w := l.p.WorkloadOf(o)
		l.f.Variant = "preempted"
		l.f.Args["preemptor"], l.f.Args["victim"] = l.name(w), victim
		l.f.Args["node"], l.f.Args["at"] = o.Spec.NodeName, instant(e.LastTimestamp.Time)
		l.f.Args["class"], l.f.Args["priority"] = o.Spec.PriorityClassName, strconv.Itoa(int(priority(o)))
		l.f.Args["own"] = strconv.Itoa(int(priority(l.p.Pod)))
		l.f.Evidence = append(l.f.Evidence, pod.EventSign(e))
		l.citeOf("Pod", o.Namespace, o.Name, "spec.priority", l.f.Args["priority"])
		l.raise(priority(o))
		return true
	}
	return false
}

// highest is the highest priority that a class of a user may have.
const highest = 1_000_000_000

// raise makes the patch that gives the Pod a priority above another, of a class that is made for it.
func (l *look) raise(above int32) {
	if above >= highest {
		return
	}
	l.f.Args["above"] = strconv.Itoa(int(above) + 1)
	l.f.Args["newclass"] = "above-" + cmp.Or(l.f.Args["class"], strconv.Itoa(int(above)))
	edits := []diagnose.Edit{{Op: "add", Path: "/spec/priorityClassName", Value: l.f.Args["newclass"]}}
	if l.p.Workload().Kind == "Pod" && l.p.Pod.Spec.Priority != nil { // it has to be that of the class
		edits = append(edits, diagnose.Edit{Op: "remove", Path: "/spec/priority"})
	}
	l.patch(edits...)
}

// who is the Pod that is named by its UID, or by namespace/name as older schedulers do; nil where it is not known, or
// has ended.
func (l *look) who(id string) *corev1.Pod {
	for _, o := range cluster.Objects[corev1.Pod](l.p.Snapshot) {
		if (string(o.UID) == id || o.Namespace+"/"+o.Name == id) && !placement.Over(o) {
			return o
		}
	}
	return nil
}
