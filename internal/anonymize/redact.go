package anonymize

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Redacted stands where something was taken out.
const Redacted = "REDACTED"

var (
	// secretArg is an argument that gives a secret: --password=x, DB_TOKEN=x, "api-key: x".
	secretArg = match.Lazy(`(?i)([\w-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|` +
		`private[_-]?key|credential)[\w-]*["']?\s*[=:]\s*["']?)([^\s"']+)`)
	// secretFlag is a flag whose secret is the next argument.
	secretFlag = match.Lazy(`(?i)^--?[\w-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|` +
		`private[_-]?key|credential)[\w-]*$`)
	// userInfo is the password in a URL.
	userInfo = match.Lazy(`(://[^/\s:@]*:)([^/\s@]+)@`)
)

// Redact takes what looks like a secret out of the arguments of containers, and returns how many arguments it changed.
// (Values of Secrets, ConfigMaps and environment variables are never in a snapshot.) It is for whoever made the
// snapshot and is about to give it away: no one else may hold it any more.
func Redact(s *cluster.Snapshot) int {
	n := 0
	for _, k := range cluster.Kinds {
		for _, o := range s.OfKind(k.Name) {
			if r, ok := o.(*appsv1.ControllerRevision); ok {
				n += redactRevision(r)
			} else if spec := podSpec(o); spec != nil {
				n += redactSpec(spec)
			}
		}
	}
	return n
}

// podSpec is the spec of Pods that an object holds; nil where it holds none.
func podSpec(o metav1.Object) *corev1.PodSpec {
	switch o := o.(type) {
	case *corev1.Pod:
		return &o.Spec
	case *appsv1.ReplicaSet:
		return &o.Spec.Template.Spec
	case *appsv1.Deployment:
		return &o.Spec.Template.Spec
	case *appsv1.StatefulSet:
		return &o.Spec.Template.Spec
	case *appsv1.DaemonSet:
		return &o.Spec.Template.Spec
	case *batchv1.Job:
		return &o.Spec.Template.Spec
	}
	return nil
}

func redactSpec(p *corev1.PodSpec) (n int) {
	for _, list := range [][]corev1.Container{p.InitContainers, p.Containers} {
		for i := range list {
			n += redactArgs(list[i].Command) + redactArgs(list[i].Args) + redactProbes(&list[i])
		}
	}
	for i := range p.EphemeralContainers {
		n += redactArgs(p.EphemeralContainers[i].Command) + redactArgs(p.EphemeralContainers[i].Args)
	}
	return n
}

// redactProbes does the same for the commands of a container's probes and hooks.
func redactProbes(c *corev1.Container) (n int) {
	for _, p := range []*corev1.Probe{c.StartupProbe, c.LivenessProbe, c.ReadinessProbe} {
		if p != nil && p.Exec != nil {
			n += redactArgs(p.Exec.Command)
		}
	}
	if l := c.Lifecycle; l != nil {
		for _, h := range []*corev1.LifecycleHandler{l.PostStart, l.PreStop} {
			if h != nil && h.Exec != nil {
				n += redactArgs(h.Exec.Command)
			}
		}
	}
	return n
}

// redactRevision does the same for the template in a ControllerRevision, which is kept as text.
func redactRevision(r *appsv1.ControllerRevision) int {
	t, ok := cluster.Template(r)
	if !ok {
		return 0
	}
	n := redactSpec(&t.Spec)
	if n > 0 {
		cluster.SetTemplate(r, t)
	}
	return n
}

func redactArgs(args []string) (n int) {
	for i, a := range args {
		clean := userInfo().ReplaceAllString(secretArg().ReplaceAllString(a, "${1}"+Redacted), "${1}"+Redacted+"@")
		if i > 0 && secretFlag().MatchString(args[i-1]) {
			clean = Redacted
		}
		if clean != a {
			args[i] = clean
			n++
		}
	}
	return n
}
