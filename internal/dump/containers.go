package dump

import (
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// ofContainers are the reasons of the kubelet's Events about one container. The Event names it in its fieldPath, which
// no text for people shows: neither kubectl describe nor kubectl get events.
var ofContainers = []string{"Pulling", "Pulled", "Created", "Started", "Killing", "Failed", "BackOff", "InspectFailed",
	"ErrImageNeverPull", "Unhealthy", "ProbeWarning", "FailedPostStartHook", "FailedPreStopHook"}

// containerNamed is how the kubelet names a container in a message. Source: pkg/kubelet/kuberuntime, prober, images.
var containerNamed = match.Lazy(`(?i)\bcontainer(?:: ?|[= ])"?([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\b"?`)

// containerDone is how it names one of which it says what it has done.
var containerDone = match.Lazy(`(?i)(?:\brestarting failed|^created|^started|^stopping) container[:= ] ?` +
	`([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\b`)

// imageNamed is how it names the image of one.
var imageNamed = match.Lazy(`(?i)\bimage "([^"]+)"`)

// nameContainers gives Events that were printed the container that they are about, where there is one that it can be:
// the only one that the message names, whose image it names, which fails, or which the Pod has.
func (r *reader) nameContainers(printed []cluster.Ref) {
	type about struct {
		event *corev1.Event
		pod   *corev1.Pod
	}
	var all []about
	for _, ref := range printed {
		e, ok := r.b.Get(ref).(*corev1.Event)
		if !ok || e.InvolvedObject.FieldPath != "" || !slices.Contains(ofContainers, e.Reason) {
			continue
		}
		of := cluster.Ref{Kind: "Pod", Namespace: e.InvolvedObject.Namespace, Name: e.InvolvedObject.Name}
		if p, ok := r.b.Get(of).(*corev1.Pod); ok {
			all = append(all, about{e, p})
			if r.b.Outlined(of) {
				rename(p, e)
			}
		}
	}
	for _, a := range all {
		a.event.InvolvedObject.FieldPath = fieldPathOf(a.pod, a.event)
	}
}

// rename gives the only container of a Pod that a table tells of, which has no name there, the name and the image that
// an Event has.
func rename(p *corev1.Pod, e *corev1.Event) {
	if len(p.Spec.Containers) != 1 || len(p.Status.ContainerStatuses) != 1 || len(p.Spec.InitContainers) > 0 {
		return
	}
	c := &p.Spec.Containers[0]
	if m := containerDone().FindStringSubmatch(e.Message); m != nil {
		c.Name, p.Status.ContainerStatuses[0].Name = m[1], m[1]
	}
	if m := pulled().FindStringSubmatch(e.Message); m != nil && c.Image == "" {
		c.Image = m[1]
	}
}

// A candidate is a container that an Event may be about.
type candidate struct {
	path   string
	name   string
	image  string
	status *corev1.ContainerStatus
}

// fieldPathOf is the fieldPath of the container that an Event is about; "" where it may be one of several.
func fieldPathOf(p *corev1.Pod, e *corev1.Event) string {
	all := candidates(p)
	names := containerNamed().FindAllStringSubmatch(e.Message, -1)
	images := imageNamed().FindStringSubmatch(e.Message)
	for _, fits := range []func(c candidate) bool{
		func(c candidate) bool {
			return slices.ContainsFunc(names, func(m []string) bool { return m[1] == c.name })
		},
		func(c candidate) bool {
			return images != nil && strings.TrimSuffix(images[1], ":latest") == strings.TrimSuffix(c.image, ":latest")
		},
		func(c candidate) bool { return e.Type == corev1.EventTypeWarning && fails(c.status) },
		func(candidate) bool { return true },
	} {
		if only := selected(all, fits); len(only) == 1 {
			return only[0].path
		}
	}
	return ""
}

func candidates(p *corev1.Pod) []candidate {
	var all []candidate
	add := func(field string, containers []corev1.Container, statuses []corev1.ContainerStatus) {
		for i := range containers {
			c := candidate{path: "spec." + field + "{" + containers[i].Name + "}", name: containers[i].Name,
				image: containers[i].Image}
			for j := range statuses {
				if statuses[j].Name == c.name {
					c.status = &statuses[j]
				}
			}
			all = append(all, c)
		}
	}
	add("initContainers", p.Spec.InitContainers, p.Status.InitContainerStatuses)
	add("containers", p.Spec.Containers, p.Status.ContainerStatuses)
	return all
}

func selected(all []candidate, fits func(candidate) bool) (out []candidate) {
	for _, c := range all {
		if fits(c) {
			out = append(out, c)
		}
	}
	return out
}

// fails reports whether a container waits for more than its turn, or has ended with an error.
func fails(s *corev1.ContainerStatus) bool {
	switch {
	case s == nil:
		return false
	case s.State.Waiting != nil:
		return s.State.Waiting.Reason != "PodInitializing" && s.State.Waiting.Reason != "ContainerCreating"
	case s.State.Terminated != nil:
		return s.State.Terminated.ExitCode != 0
	}
	return !s.Ready && s.LastTerminationState.Terminated != nil
}
