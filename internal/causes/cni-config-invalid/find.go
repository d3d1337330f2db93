// Package cniconfiginvalid finds network configurations that a plugin refuses, and those that a removed plugin left
// behind.
package cniconfiginvalid

import (
	"cmp"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	appsv1 "k8s.io/api/apps/v1"
)

// agents are the network plugins of which a cluster runs one, and what their DaemonSets or images are called.
// Plugins that only add to another one (Multus, Istio, Linkerd) are not among them.
var agents = []struct {
	plugin string
	called []string
}{
	{"calico", []string{"calico", "canal"}}, {"cilium", []string{"cilium"}}, {"flannel", []string{"flannel", "canal"}},
	{"weave", []string{"weave"}},
	{"aws", []string{"aws-node", "amazon-k8s-cni"}}, {"antrea", []string{"antrea"}}, {"kube-ovn", []string{"kube-ovn"}},
	{"ovn", []string{"ovnkube", "ovn-kubernetes"}},
	{"terway", []string{"terway"}}, {"kube-router", []string{"kube-router"}}, {"kindnet", []string{"kindnet"}},
	{"azure", []string{"azure-cni", "azure-cns"}},
}

// Find reports what a plugin says against its configuration. A plugin that lacks its binary or its agent is a leftover
// where the cluster is known to run another plugin and not this one; otherwise that is left to other causes.
func Find(p *diagnose.Pass) {
	leftover := byFiles(p)
	for _, m := range p.Matches() {
		if m.Args["device"] != "" && strings.Contains(m.Sign.Message, "(delete)") ||
			inAnnotation().MatchString(m.Sign.Message) {
			continue // to delete it gets what the runtime kept of the first call, which a reboot loses
		}
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if old := m.Args["leftover"]; old != "" {
			if leftover {
				continue
			}
			other := instead(p.Snapshot, strings.ToLower(old))
			if other == nil {
				continue
			}
			f.Variant, f.Args["other"] = "leftover", other.Name
			f.Evidence = append(f.Evidence, diagnose.Cite(cluster.Ref{Kind: "DaemonSet", Namespace: other.Namespace,
				Name: other.Name}, "metadata.name", other.Name))
		} else if m.Args["attachment"] != "" {
			f.Variant = "attachment"
			f.Blame = cluster.Ref{Kind: "NetworkAttachmentDefinition", Name: m.Args["attachment"],
				Namespace: cmp.Or(m.Args["soughtin"], p.Pod.Namespace)}
			if r, ok := p.Requested(m.Args["attachment"]); ok {
				f.Blame = r
			}
		} else {
			describe(p, &f)
		}
		p.Report(f)
	}
}

// instead returns the DaemonSet of the network plugin that the cluster runs instead of the named one; nil where that
// one may still be there, or no other is seen (it may run outside of Pods, as in k3s).
func instead(s *cluster.Snapshot, plugin string) *appsv1.DaemonSet {
	if !s.Complete("DaemonSet", "") {
		return nil
	}
	var other *appsv1.DaemonSet
	for _, d := range cluster.Objects[appsv1.DaemonSet](s) {
		for i := range agents {
			a := &agents[i]
			if !is(d, a.called) {
				continue
			}
			if strings.HasPrefix(plugin, a.plugin) {
				return nil
			}
			other = d
		}
	}
	return other
}

// removed reports whether a plugin is one that runs an agent in each cluster that uses it, and this cluster is known to
// have none.
func removed(s *cluster.Snapshot, plugin string) bool {
	if !s.Complete("DaemonSet", "") {
		return false
	}
	known := false
	for i := range agents {
		a := &agents[i]
		if !strings.HasPrefix(plugin, a.plugin) {
			continue
		}
		known = true
		for _, d := range cluster.Objects[appsv1.DaemonSet](s) {
			if is(d, a.called) {
				return false
			}
		}
	}
	return known
}

// is reports whether a DaemonSet, or an image in it, bears one of some names.
func is(d *appsv1.DaemonSet, names []string) bool {
	words := []string{d.Name}
	for i := range d.Spec.Template.Spec.Containers {
		words = append(words, d.Spec.Template.Spec.Containers[i].Image)
	}
	for _, n := range names {
		if strings.Contains(strings.Join(words, " "), n) {
			return true
		}
	}
	return false
}
