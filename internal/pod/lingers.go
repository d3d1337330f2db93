package pod

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// lingerAfter is how long after one container of a Job's Pod is done the others may go on before that counts.
const lingerAfter = time.Minute

// Lingers reports whether a Pod of a Job goes on although a container of it has done its work: it ends only when all
// have.
func Lingers(p *corev1.Pod, at time.Time) bool {
	c := metav1.GetControllerOf(p)
	if p.Status.Phase != corev1.PodRunning || p.DeletionTimestamp != nil || c == nil || c.Kind != "Job" ||
		p.Spec.RestartPolicy == corev1.RestartPolicyAlways {
		return false
	}
	done, runs := false, false
	for i := range p.Status.ContainerStatuses {
		switch s := p.Status.ContainerStatuses[i].State; {
		case s.Running != nil:
			runs = true
		case s.Terminated == nil || s.Terminated.ExitCode != 0:
			return false
		case at.Sub(s.Terminated.FinishedAt.Time) >= lingerAfter:
			done = true
		}
	}
	return done && runs
}
