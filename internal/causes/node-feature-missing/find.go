// Package nodefeaturemissing finds Pods that ask for a feature which no node that may take them has.
package nodefeaturemissing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/placement"
	corev1 "k8s.io/api/core/v1"
)

// Find reports what the kubelet names, and joins what the scheduler does not name with the field of the Pod that needs
// a feature and with what the nodes declare.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Blame: p.Blame(m.Args), Evidence: []cluster.Sign{m.Sign}}
		switch {
		case m.Args["infer"] != "":
			f.Variant = "infer"
		case p.Pod.Spec.NodeName != "":
			f.Variant = "refused"
			if m.Sign.Kind == cluster.SignRejected {
				m.Args["rejected"] = m.Sign.Reason
			}
		case m.Args["features"] == "" && !decides(&m.Sign):
			continue
		default:
			needed(p, &f)
		}
		p.Report(f)
	}
}

// decides reports whether it is features that keep most nodes away.
func decides(s *cluster.Sign) bool {
	words := placement.Read(match.Plain(s.Message))
	r, ok := words.Decides(placement.Taint, placement.Cordon, placement.Selector)
	return ok && strings.Contains(r.Text, "required features")
}

// needed names the feature that the Pod needs and that not all nodes declare.
func needed(p *diagnose.Pass, f *diagnose.Finding) {
	nodes := cluster.Objects[corev1.Node](p.Snapshot)
	var declared []string
	for _, n := range nodes {
		declared = append(declared, n.Status.DeclaredFeatures...)
	}
	slices.Sort(declared)
	if len(declared) > 0 {
		f.Args["declared"] = strings.Join(slices.Compact(declared), ", ")
	}
	if f.Args["features"] != "" {
		return
	}
	f.Variant = "unnamed"
	path, value, feature := asks(&p.Pod.Spec)
	if feature != "" && !slices.Contains(declared, feature) {
		f.Variant, f.Args["features"], f.Args["path"] = "", feature, path
		f.Evidence = append(f.Evidence, p.Cite(path, value))
	}
}

// asks finds a field that needs a feature, as kube-scheduler infers it (nodedeclaredfeatures).
func asks(s *corev1.PodSpec) (path, value, feature string) {
	if s.HostNetwork && s.HostUsers != nil && !*s.HostUsers {
		return "spec.hostNetwork", "true", "UserNamespacesHostNetworkSupport"
	}
	for _, list := range []struct {
		path string
		of   []corev1.Container
	}{{"spec.containers", s.Containers}, {"spec.initContainers", s.InitContainers}} {
		for i := range list.of {
			for j, r := range list.of[i].RestartPolicyRules {
				if r.Action == corev1.ContainerRestartRuleActionRestartAllContainers {
					return fmt.Sprintf("%s[%d].restartPolicyRules[%d].action", list.path, i, j), string(r.Action),
						"RestartAllContainersOnContainerExits"
				}
			}
		}
	}
	return "", "", ""
}
