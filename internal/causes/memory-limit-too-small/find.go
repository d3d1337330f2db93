// Package memorylimittoosmall joins the memory limits of a Pod with the many words in which a start fails of them.
package memorylimittoosmall

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

const (
	tiny  = 12 << 20  // below this the runtime's own first process may not fit
	roomy = 128 << 20 // from here on it is something else that kills
)

var (
	// named are texts in which the runtime itself speaks of the limit.
	named = regexp.MustCompile(`limit too low|limit could be too low|minimum memory limit|memory limit \d+|memory\.(?:limit_in_bytes|max|memsw)`)
	tmpfs = regexp.MustCompile(`kubernetes\.io~(?:projected|secret|downward-api)/[^/\s]+/\S*: no space left`)
	path  = regexp.MustCompile(`/\S+["']?: no space left`)
	setup = regexp.MustCompile(`runc|init|setns|process_linux|oci runtime|container create failed|shim task`)
	exit  = regexp.MustCompile(`exit status \d`)
)

// Find reports the texts that speak of the limit, and with a tiny limit also those that have many causes.
func Find(p *diagnose.Pass) {
	l := smallest(p.Pod)
	unlimited := l == nil && p.Pod.Status.QOSClass != "" // an API server has seen this Pod whole: it has no limit
	for _, m := range p.Matches() {
		variant, certainty := judge(&m.Sign, l)
		if certainty == "" || unlimited && certainty != diagnose.Proven {
			continue
		}
		evidence := []cluster.Sign{m.Sign}
		if l != nil && l.bytes < roomy {
			evidence = append(evidence, p.Cite(l.path, l.raw))
			m.Args["limit"], m.Args["limited"], m.Args["bytes"], m.Args["suggest"] = l.raw, l.container, strconv.FormatInt(l.bytes, 10), l.suggest()
		}
		p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Variant: variant, Certainty: certainty, Evidence: evidence})
	}
}

// judge tells how surely a sign speaks of the limit; no certainty where it does not.
func judge(s *cluster.Sign, l *limit) (variant, certainty string) {
	low := strings.ToLower(diagnose.Plain(s.Message))
	small, large := l != nil && l.bytes < tiny, l != nil && l.bytes >= roomy
	proven := func(ok bool) string {
		if ok {
			return diagnose.Proven
		}
		return diagnose.Likely
	}
	switch {
	case tmpfs.MatchString(low):
		return "tmpfs", proven(small)
	case named.MatchString(low):
		return "", diagnose.Proven
	case small && strings.Contains(low, "cannot allocate memory"), small && s.Reason == "OOMKilled":
		return "", diagnose.Proven
	case strings.Contains(low, "no space left on device"):
		if small && !path.MatchString(low) {
			return "tmpfs", diagnose.Likely
		}
		return "", ""
	case large, !setup.MatchString(low), strings.Contains(low, "plugin"), strings.Contains(low, "cannot allocate memory"), s.Reason == "OOMKilled":
		return "", ""
	case !small && exit.MatchString(low):
		return "", "" // the number of an exit tells of other limits as well
	}
	return "", proven(small)
}

// A limit is the smallest memory limit in a Pod.
type limit struct {
	path, container, raw string
	bytes                int64
}

func smallest(p *corev1.Pod) *limit {
	var least *limit
	take := func(path, container string, r *corev1.ResourceRequirements) {
		if r == nil {
			return
		}
		q, ok := r.Limits[corev1.ResourceMemory]
		if ok && !q.IsZero() && (least == nil || bytes(q) < least.bytes) {
			least = &limit{path + ".resources.limits.memory", container, q.String(), bytes(q)}
		}
	}
	for i := range p.Spec.InitContainers {
		take(fmt.Sprintf("spec.initContainers[%d]", i), p.Spec.InitContainers[i].Name, &p.Spec.InitContainers[i].Resources)
	}
	for i := range p.Spec.Containers {
		take(fmt.Sprintf("spec.containers[%d]", i), p.Spec.Containers[i].Name, &p.Spec.Containers[i].Resources)
	}
	take("spec", p.Name, p.Spec.Resources)
	return least
}

// bytes is what the kubelet makes of a quantity: a part of a byte is rounded up.
func bytes(q resource.Quantity) int64 { return q.Value() }

// suggest is what was most likely meant: the number with the unit Mi.
func (l *limit) suggest() string {
	n, err := strconv.Atoi(strings.TrimRight(l.raw, "mkKMGi"))
	if err != nil || n < 16 || n > 65536 {
		return "64Mi"
	}
	return strconv.Itoa(n) + "Mi"
}
