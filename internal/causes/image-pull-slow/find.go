// Package imagepullslow finds pulls that take long, hang, were broken off, or wait behind another Pod's pull.
package imagepullslow

import (
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
	corev1 "k8s.io/api/core/v1"
)

// long is how old a pull must be for its age alone to be proof that it is what the Pod waits for.
const long = 2 * time.Minute

var quoted = match.Lazy(`"([^"]+)"`)

// Find reports pulls that were stopped, and where nobody complains one that has begun and has no end.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}})
	}
	if !p.Silent || p.Stage != pod.StageImage {
		return
	}
	mine := open(p.Pod, p.Events)
	if mine == nil {
		return
	}
	one, known := serial(p)
	first, holder, alone := mine, p.Pod, true
	for _, o := range p.Neighbours() {
		if e := open(o, p.EventsOf(o)); e != nil {
			alone = alone && image(e) == image(mine)
			if one && e.LastTimestamp.Time.Before(first.LastTimestamp.Time) {
				first, holder = e, o
			}
		}
	}
	age := p.Snapshot.At.Sub(first.LastTimestamp.Time)
	f := diagnose.Finding{Variant: "pulling", Certainty: diagnose.Likely,
		Evidence: []cluster.Sign{cite(mine), p.Stall()}}
	f.Args = map[string]string{"image": image(first), "registry": pod.RegistryOf(image(first)),
		"age": age.Round(time.Second).String(), "holder": holder.Namespace + "/" + holder.Name}
	if holder != p.Pod && image(first) != image(mine) {
		f.Variant = "queued"
		if f.Evidence = append(f.Evidence, cite(first)); known {
			f.Certainty, f.Evidence = diagnose.Proven,
				append(f.Evidence, p.CiteFact("kubelet.serializeImagePulls", "true"))
		}
	} else {
		if age >= long {
			f.Certainty = diagnose.Proven
		}
		progress(p, &f, first, alone)
	}
	f.Blame = p.Blame(f.Args)
	p.Report(f)
}

// open is the Event of a pull of a Pod that has begun and of which nothing was heard since; nil where there is none.
func open(pod *corev1.Pod, events []*corev1.Event) *corev1.Event {
	if pod.DeletionTimestamp != nil || pod.Status.Phase != corev1.PodPending && pod.Status.Phase != corev1.PodRunning {
		return nil
	}
	for _, e := range slices.Backward(events) {
		switch e.Reason {
		case "Pulling":
			if waiting(pod, e.InvolvedObject.FieldPath) && !slices.ContainsFunc(events, ends(e)) {
				return e
			}
			return nil
		case "SandboxChanged", "FailedCreatePodSandBox", "Killing":
			return nil
		}
	}
	return nil
}

// ends reports whether an Event says what became of a pull. Events within one second have no order.
func ends(pull *corev1.Event) func(*corev1.Event) bool {
	return func(e *corev1.Event) bool {
		later := e.InvolvedObject.FieldPath == pull.InvolvedObject.FieldPath &&
			!e.LastTimestamp.Time.Before(pull.LastTimestamp.Time)
		return later && (e.Reason == "Pulled" || e.Reason == "Failed" || e.Reason == "BackOff" ||
			e.Reason == "Created" || e.Reason == "Started")
	}
}

// waiting reports whether the container that an Event is about was never started and has no complaint of its own.
func waiting(pod *corev1.Pod, path string) bool {
	for _, s := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		if path == "spec.containers{"+s.Name+"}" || path == "spec.initContainers{"+s.Name+"}" {
			w := s.State.Waiting
			return w != nil && (w.Reason == "" || w.Reason == "ContainerCreating" || w.Reason == "PodInitializing")
		}
	}
	return true
}

func cite(e *corev1.Event) cluster.Sign {
	return diagnose.Cite(cluster.Ref{Kind: "Event", Namespace: e.Namespace, Name: e.Name}, "message", e.Message)
}

func image(e *corev1.Event) string {
	if m := quoted().FindStringSubmatch(e.Message); m != nil {
		return m[1]
	}
	return ""
}
