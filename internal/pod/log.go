package pod

import corev1 "k8s.io/api/core/v1"

// LogOf tells of which run of a container the log says why it does not stay up, or what it is doing: of the previous
// one where another has begun or is waited for. A kubelet keeps no log before the first run, and it does not tell the
// run that ended from the previous one while the state is terminated: there is none before then, in its words. Not ok
// where the container never ran.
func LogOf(s *corev1.ContainerStatus) (previous, ok bool) {
	switch {
	case s.State.Terminated != nil:
		return false, s.State.Terminated.ContainerID != "" || !s.State.Terminated.StartedAt.IsZero()
	case s.LastTerminationState.Terminated != nil:
		return true, true
	}
	return false, s.State.Running != nil
}

// StatusOf is the status of a container by its name; nil where there is none.
func StatusOf(p *corev1.Pod, container string) *corev1.ContainerStatus {
	for _, list := range statuses(p) {
		for i := range list {
			if list[i].Name == container {
				return &list[i]
			}
		}
	}
	return nil
}

// LeftMessage is the message that a container left when it last ended; "" where it left none.
func LeftMessage(p *corev1.Pod, container string) string {
	s := StatusOf(p, container)
	switch {
	case s == nil:
	case s.State.Terminated != nil:
		return s.State.Terminated.Message
	case s.LastTerminationState.Terminated != nil:
		return s.LastTerminationState.Terminated.Message
	}
	return ""
}
