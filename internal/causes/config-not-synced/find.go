// Package confignotsynced finds kubelets that do not see a ConfigMap or a Secret which is there.
package confignotsynced

import (
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

var missing = match.Lazy(`(?i)\b(configmap|secret)s? "([^"]+)" not found`)

// Find reports each object that a kubelet went on to call missing long after it was made, and which the Pod names. What
// is missing is for other causes; that the kubelet has not read an object yet is only hinted at.
func Find(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		for _, said := range missing().FindAllStringSubmatch(match.Plain(m.Sign.Message), -1) {
			kind := "ConfigMap"
			if strings.EqualFold(said[1], "secret") {
				kind = "Secret"
			}
			object := cluster.Ref{Kind: kind, Namespace: p.Pod.Namespace, Name: said[2]}
			path := named(p, object)
			if path == "" || !p.Unseen(object, []cluster.Sign{m.Sign}) {
				continue
			}
			made := p.Snapshot.Get(object).GetCreationTimestamp()
			m.Args["kind"], m.Args["object"] = kind, object.Name
			m.Args["made"] = made.UTC().Format("2006-01-02 15:04:05 UTC")
			p.Report(diagnose.Finding{Certainty: diagnose.Likely, Variant: "unseen", Blame: p.Blame(m.Args), Args: m.Args,
				Evidence: []cluster.Sign{m.Sign, p.Cite(path, object.Name),
					diagnose.Cite(object, "metadata.creationTimestamp", m.Args["made"])}})
		}
	}
}

// named is the field of the Pod that names an object; "" where none does.
func named(p *diagnose.Pass, object cluster.Ref) string {
	for _, r := range p.ConfigRefs() {
		if r.Kind == object.Kind && r.Name == object.Name && r.Key == "" {
			return r.Path
		}
	}
	return ""
}
