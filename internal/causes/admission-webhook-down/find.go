// Package admissionwebhookdown finds workloads whose Pods are refused because a webhook cannot be asked about them.
package admissionwebhookdown

import (
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	corev1 "k8s.io/api/core/v1"
)

var (
	address = match.Lazy(`https?://([a-z0-9-]+)\.([a-z0-9-]+)\.svc[:/]`)
	gone    = match.Lazy(`service "[^"]+" not found`)
)

// FindMissing joins what the API server says of the call with the webhook's configuration and its Service.
func FindMissing(p *diagnose.Pass) {
	for _, m := range p.Matches() {
		f := diagnose.Finding{Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		if m.Args["slow"] != "" { // it does not say what it waited for
			delete(m.Args, "slow")
			f.Variant, f.Certainty, f.Blame = "slow", diagnose.Likely, p.Blame(m.Args)
			p.Report(f)
			continue
		}
		answer := strings.Join(strings.Fields(m.Args["answer"]), " ")
		m.Args["answer"] = strings.TrimRight(answer, ". ")
		if a := address().FindStringSubmatch(answer); a != nil {
			m.Args["service"], m.Args["servicens"] = a[1], a[2]
		}
		if w, ok := p.Webhook(m.Args["webhook"]); ok {
			f.Evidence = append(f.Evidence, w.Cite())
			if m.Args["service"] == "" && w.Service != "" {
				m.Args["service"], m.Args["servicens"] = w.Service, w.ServiceNamespace
			}
			f.Blame = w.Ref
			if diagnose.Attested(&m.Sign) { // to switch off a check on the word of an Event is what an attacker wants
				w.ConfigArgs(m.Args)
				m.Args["patch"] = diagnose.JSON([]diagnose.Edit{{Op: "replace",
					Path: diagnose.Pointer("webhooks", strconv.Itoa(w.Index), "failurePolicy"), Value: "Ignore"}})
			}
		}
		switch {
		case gone().MatchString(answer) && m.Args["service"] != "":
			f.Variant = "no-service"
			_, there := cluster.Get[corev1.Service](p.Snapshot, m.Args["servicens"], m.Args["service"])
			if there == cluster.Present {
				f.Variant = "" // it has come back since
			}
		case strings.Contains(answer, "no endpoints available for service"):
			f.Variant = "no-endpoints"
		case strings.Contains(answer, "certificate has expired or is not yet valid"):
			f.Variant = "expired"
		case strings.Contains(answer, "x509: "):
			f.Variant = "untrusted"
		}
		if f.Blame.Kind == "" {
			f.Blame = p.Blame(m.Args)
		}
		p.Report(f)
	}
}
