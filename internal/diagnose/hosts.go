package diagnose

import (
	"regexp"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// asked are the ways in which a command names whom it asks.
var asked = []func() *regexp.Regexp{
	match.Lazy(`://(?:[^/@\s]*@)?([a-z][a-z0-9.-]*)`),
	match.Lazy(`\b(?:nslookup|dig|getent hosts|ping|nc|ncat|telnet|host|wait-for-it(?:\.sh)?|wait-for)` +
		`(?:\s+-[\w-]+(?:\s+\d+)?)*\s+["']?([a-z][a-z0-9.-]*)`),
	match.Lazy(`(?:\s-h|--host)[=\s]\s*["']?([a-z][a-z0-9.-]*)`),
	match.Lazy(`/dev/tcp/([a-z][a-z0-9.-]*)/`),
	match.Lazy(`\b([a-z][a-z0-9-]+(?:\.[a-z0-9-]+)*):\d{2,5}\b`),
	match.Lazy(`\b([a-z][a-z0-9-]+\.[a-z0-9-]+\.svc\b[a-z0-9.-]*)`),
}

// HostsIn are the hosts that a command asks for.
func HostsIn(command string) []string {
	var out []string
	for _, re := range asked {
		for _, m := range re().FindAllStringSubmatch(command, -1) {
			out = append(out, strings.TrimRight(m[1], "."))
		}
	}
	return out
}

// Behind are the Pods that a Service selects.
func (p *Pass) Behind(r cluster.Ref) []*corev1.Pod {
	s, _ := cluster.Get[corev1.Service](p.Snapshot, r.Namespace, r.Name)
	if s == nil || len(s.Spec.Selector) == 0 {
		return nil
	}
	var out []*corev1.Pod
	by := labels.SelectorFromSet(s.Spec.Selector)
	for _, o := range cluster.Objects[corev1.Pod](p.Snapshot) {
		if o.Namespace == r.Namespace && by.Matches(labels.Set(o.Labels)) {
			out = append(out, o)
		}
	}
	return out
}
