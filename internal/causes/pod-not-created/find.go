// Package podnotcreated finds workloads whose Pods the API server does not make, for a reason that no other cause
// knows.
package podnotcreated

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

// said are the groups of what the API server says of itself, and what is at fault then.
var said = []struct{ group, variant, component string }{
	{"full", "full", "etcd"},
	{"etcd", "etcd", "etcd"},
	{"server", "server", "kube-apiserver"},
	{"login", "login", "kube-controller-manager"},
}

// wrapped is what stands before what an admission plugin says.
var wrapped = match.Lazy(`^(?:Internal error occurred: )?(?:(?:pods?|jobs\.batch) "[^"]*" is forbidden: )?`)

// FindMissing tells the control plane's own trouble from what it refuses.
func FindMissing(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Certainty: diagnose.Likely, Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		says := m.Args["failure"]
		f.Blame = p.Blame(m.Args)
		for _, s := range said {
			if words := m.Args[s.group]; words != "" {
				says, f.Variant = words, s.variant
				f.Blame = cluster.Ref{Kind: "ControlPlane", Name: s.component}
				break
			}
		}
		switch {
		case m.Args["unfit"] != "":
			says, f.Variant = m.Args["unfit"], "patch"
			delete(m.Args, "unfit")
		case m.Args["missed"] != "":
			says, f.Variant, f.Blame = strings.Trim(m.Args["missed"], " ."), "missed", p.Ref
			delete(m.Args, "missed")
		case m.Args["taken"] != "":
			taken(p, &f)
		}
		says = strings.TrimPrefix(says, wrapped().FindString(says))
		m.Args["says"] = match.Clip(strings.TrimRight(strings.TrimSpace(says), ". "), 200)
		p.Report(f)
	}
	if p.Silent && p.Stall().Path == diagnose.Held {
		held(p)
	}
}

// held: a StatefulSet's controller says nothing of it where another Pod has the name of one of its own.
func held(p *diagnose.Pass) {
	r := p.Holder()
	f := diagnose.Finding{Variant: "taken", Blame: r, Args: map[string]string{"other": r.TypeName()},
		Attested: []string{"other"}, Evidence: []cluster.Sign{diagnose.Cite(r, "metadata.name", r.Name)}}
	p.Report(f)
}

// taken: a Pod has the name that is to be given. Only where that Pod is there, is named as the workload names its Pods,
// and is none of them, may a command delete it: an Event may name any Pod.
func taken(p *diagnose.Pass, f *diagnose.Finding) {
	r, workload := cluster.Ref{Kind: "Pod", Namespace: p.Pod.Namespace, Name: f.Args["pod"]}, p.Workload()
	f.Variant, f.Blame, f.Args["other"] = "taken", r, r.TypeName()
	o, _ := cluster.Get[corev1.Pod](p.Snapshot, r.Namespace, r.Name)
	if o == nil || !strings.HasPrefix(r.Name, workload.Name+"-") || p.WorkloadOf(o) == workload {
		return
	}
	f.Attested = append(f.Attested, "other")
	f.Evidence = append(f.Evidence, diagnose.Cite(r, "metadata.name", r.Name))
}
