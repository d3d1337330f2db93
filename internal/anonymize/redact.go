package anonymize

import (
	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
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
	for _, p := range cluster.Objects[corev1.Pod](s) {
		for _, list := range [][]corev1.Container{p.Spec.InitContainers, p.Spec.Containers} {
			for i := range list {
				n += redactArgs(list[i].Command) + redactArgs(list[i].Args)
			}
		}
		for i := range p.Spec.EphemeralContainers {
			n += redactArgs(p.Spec.EphemeralContainers[i].Command) + redactArgs(p.Spec.EphemeralContainers[i].Args)
		}
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
