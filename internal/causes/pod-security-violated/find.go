// Package podsecurityviolated finds workloads whose Pods the namespace's security level does not allow.
package podsecurityviolated

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// FindMissing says what the Pods do not keep, and what makes them keep it where a few fields do.
func FindMissing(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Blame: p.Blame(m.Args), Evidence: []cluster.Sign{m.Sign}}
		switch {
		case m.Args["constraints"] != "":
			f.Variant = "scc"
		case m.Args["level"] == "":
			f.Variant = "psp"
		default:
			if m.Args["patch"] = patch(p.Pod, m.Args["fields"]); m.Args["patch"] != "" {
				m.Args["mended"] = "runAsNonRoot, allowPrivilegeEscalation, capabilities, seccompProfile"
			}
			m.Args["lower"] = "privileged"
			if m.Args["level"] == "restricted" && restrictedOnly(m.Args["fields"]) {
				m.Args["lower"] = "baseline"
			}
		}
		p.Report(f)
	}
}

// restricted are the fields that only level restricted asks for and that a securityContext sets. Source:
// k8s.io/pod-security-admission, policy/check_*.go.
var restricted = []string{"allowPrivilegeEscalation != false", "unrestricted capabilities", "runAsNonRoot != true",
	"seccompProfile"}

// restrictedOnly reports whether nothing is wrong but what level restricted asks for beyond baseline. Each thing that
// is wrong is followed by its places in brackets.
func restrictedOnly(fields string) bool {
	rest := fields
	for {
		head, after, ok := strings.Cut(rest, " (")
		head = strings.TrimSpace(strings.TrimLeft(head, ", "))
		known := false
		for _, r := range restricted {
			known = known || strings.HasPrefix(head, r)
		}
		if !known || !ok {
			return known || head == "" && rest != fields
		}
		_, rest, _ = strings.Cut(after, ")")
		if strings.TrimSpace(rest) == "" {
			return true
		}
	}
}

// patch is the strategic merge patch of a Pod template that sets what level restricted asks for; "" where more than
// that is wrong, or the containers are not known.
func patch(p *corev1.Pod, fields string) string {
	if !restrictedOnly(fields) || len(p.Spec.Containers) == 0 {
		return ""
	}
	type securityContext struct {
		AllowPrivilegeEscalation bool                `json:"allowPrivilegeEscalation"`
		Capabilities             map[string][]string `json:"capabilities"`
	}
	type container struct {
		Name            string          `json:"name"`
		SecurityContext securityContext `json:"securityContext"`
	}
	of := func(list []corev1.Container) []container {
		var out []container
		for _, c := range list {
			out = append(out, container{c.Name, securityContext{false, map[string][]string{"drop": {"ALL"}}}})
		}
		return out
	}
	spec := map[string]any{
		"securityContext": map[string]any{"runAsNonRoot": true,
			"seccompProfile": map[string]string{"type": "RuntimeDefault"}},
		"containers": of(p.Spec.Containers),
	}
	if len(p.Spec.InitContainers) > 0 {
		spec["initContainers"] = of(p.Spec.InitContainers)
	}
	return diagnose.JSON(map[string]any{"spec": map[string]any{"template": map[string]any{"spec": spec}}})
}
