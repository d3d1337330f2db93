// Package cnidaemondown finds network plugins whose agent on the node does not answer, or has not written what it
// should.
package cnidaemondown

import (
	"fmt"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// Find reports what says that the agent is away, with what the node is missing of it: a socket on which nobody listens,
// or the file that it writes first. Such a fact also proves what only hints at it. Where all that the plugins need was
// there after the last failure, hints are ruled out.
func Find(p *diagnose.Pass) {
	f := p.Facts()
	if f == nil || f.CNI == nil {
		report(p)
		return
	}
	c := f.CNI
	finding := diagnose.Finding{}
	needs := len(c.Sockets) > 0 || c.CalicoNodename != "" || c.FlannelSubnet != ""
	away := func(variant, agent, what, path, value string) {
		if finding.Evidence == nil {
			finding = diagnose.Finding{Variant: variant, Args: map[string]string{"agent": agent, "what": what},
				Evidence: []cluster.Sign{p.CiteFact(path, value)}}
		}
	}
	for i, s := range c.Sockets {
		switch {
		case s.Missing:
			away("socket", agentOf(s.Path), s.Path, fmt.Sprintf("cni.sockets[%d].missing", i), "true")
		case s.Refused:
			away("socket", agentOf(s.Path), s.Path, fmt.Sprintf("cni.sockets[%d].refused", i), "true")
		}
	}
	if c.CalicoNodenameMissing {
		away("file", "calico", "/var/lib/calico/nodename", "cni.calicoNodenameMissing", "true")
	}
	if c.FlannelSubnetMissing {
		away("file", "flannel", "/run/flannel/subnet.env", "cni.flannelSubnetMissing", "true")
	}
	matches := p.Matches()
	switch {
	case finding.Evidence != nil:
		prove(p, matches, finding)
		if hints := p.Hints(); len(hints) > 0 {
			p.Prove(hints, finding)
		}
		return
	case needs && p.Later() != nil:
		p.RuleOut()
	}
	report(p)
}

// report reports what was said: of the agent as it stands, and what waits for the plugin's controller as likely, for
// an agent that has not read what the controller wrote says the same.
func report(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		switch {
		case m.Args["kubeovn"] != "":
			f.Variant, f.Certainty = "kubeovn", diagnose.Likely
		case m.Args["hns"] != "":
			f.Variant, f.Certainty, m.Args["says"] = "hns", diagnose.Likely, match.Clip(m.Args["hns"], 160)
			delete(m.Args, "hns")
		case m.Args["awaited"] != "":
			f.Variant, f.Certainty = "controller", diagnose.Likely
		}
		p.Report(f)
	}
}

// prove reports what was said with the fact that fits it: what is said of one agent is not explained by what another
// lacks.
func prove(p *diagnose.Pass, matches []diagnose.Match, fact diagnose.Finding) {
	for _, m := range matches {
		said := strings.ToLower(m.Args["agent"] + m.Args["product"])
		if said != "" && !strings.Contains(said, fact.Args["agent"]) && !strings.Contains(fact.Args["what"], said) {
			p.Prove([]diagnose.Match{m}, diagnose.Finding{})
			continue
		}
		p.Prove([]diagnose.Match{m}, fact)
	}
}

// agentOf is the agent whose socket this is: its name stands in the path.
func agentOf(socket string) string {
	for _, name := range []string{"cilium", "antrea", "kube-ovn", "ovn-kubernetes", "multus"} {
		if strings.Contains(socket, name) {
			return name
		}
	}
	return socket[strings.LastIndexByte(socket, '/')+1:]
}
