package agent

import (
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/nodelog"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// What a node says of itself counts where it explains what ails a Pod: law 4 (context is no complaint). So to ask
// about the node alone is to ask: if there were a Pod that does not start, and nobody said why, what of the facts would
// explain it? Such a Pod is made up, for each stage that a node can hold a Pod up at, and diagnosed like any other. It
// must not be seen: not in a count, a command or the evidence. What is left of its findings is what the facts
// themselves are evidence of, in the form that a report already has for what no Pod is known of: a finding without a
// Pod. A fact that nobody complains of proves nothing, so they are likely, and are shown apart from what stops Pods
// that are really there.

// predict returns what would stop a new Pod on the node, but for what is known to stop one already.
func predict(f *nodefacts.NodeFacts, cat *diagnose.Catalogue, known *diagnose.Report) *diagnose.Report {
	ahead := &diagnose.Report{At: f.At.Time, Texts: map[string]diagnose.Text{}}
	reported := func(p *diagnose.Problem) bool {
		same := func(k diagnose.Problem) bool { return k.Cause == p.Cause && k.Blame == p.Blame }
		return slices.ContainsFunc(known.Problems, same) || slices.ContainsFunc(ahead.Problems, same)
	}
	for _, p := range silentPods(f) {
		r := diagnose.Run(snapshot(f, p), cat, diagnose.Options{})
		for _, problem := range r.Problems {
			problem.Findings, problem.Effects = withoutPod(problem.Findings), nil
			if len(problem.Findings) == 0 || reported(&problem) {
				continue
			}
			problem.Certainty, problem.Since = diagnose.Likely, time.Time{}
			ahead.Problems = append(ahead.Problems, problem)
			ahead.Texts[problem.Cause] = r.Texts[problem.Cause]
		}
		if known.Pods.Stuck == 0 && ahead.Gaps == nil { // otherwise they are told there
			ahead.Gaps = r.Gaps
		}
	}
	return ahead
}

// silentPods are Pods that have been waiting for an hour, at each stage that is the node's, and nobody says why.
func silentPods(f *nodefacts.NodeFacts) []*corev1.Pod {
	since := metav1.NewTime(f.At.Add(-time.Hour))
	// before it has a sandbox: its volumes, the sandbox, the network
	before := nodelog.WaitingPod(f.Name, "", "made-up", "", since, nil)
	after := before.DeepCopy() // with a sandbox: images, containers
	after.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReadyToStartContainers,
		Status: corev1.ConditionTrue, LastTransitionTime: since}}
	return []*corev1.Pod{before, after}
}

// withoutPod takes the Pod out of findings. One that nothing but the Pod is evidence of is none.
func withoutPod(findings []diagnose.Finding) []diagnose.Finding {
	var out []diagnose.Finding
	for _, f := range findings {
		if f.ForgetPod() {
			f.Certainty = diagnose.Likely
			out = append(out, f)
		}
	}
	return out
}

// snapshot is what is known of a cluster where only one node was asked.
func snapshot(f *nodefacts.NodeFacts, pods ...*corev1.Pod) *cluster.Snapshot {
	b := cluster.NewBuilder(f.At.Time)
	b.Add("NodeFacts", f.DeepCopy())
	b.Complete("Event", "") // a node knows of none: that they are missing is no news
	n := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: f.Name}}
	if s := f.System; s != nil {
		n.Status.NodeInfo.OSImage, n.Status.NodeInfo.KernelVersion, n.Status.NodeInfo.BootID = s.OS, s.Kernel, s.BootID
	}
	if r := f.Runtime; r != nil && r.Name != "" {
		n.Status.NodeInfo.ContainerRuntimeVersion = r.Name + "://" + r.Version
	}
	if k := f.Kubelet; k != nil {
		n.Status.NodeInfo.KubeletVersion = k.Version
	}
	b.Add("Node", n)
	for _, p := range pods {
		b.Add("Pod", p)
	}
	return b.Snapshot()
}
