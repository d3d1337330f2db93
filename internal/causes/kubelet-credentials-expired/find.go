// Package kubeletcredentialsexpired finds kubelets that the API server does not let in any more.
package kubeletcredentialsexpired

import (
	"slices"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/pod"
)

// noAnswer is what comes of asking an API server that cannot be reached: it has refused nobody.
var noAnswer = match.Lazy(`dial tcp |connection refused|no route to host|i/o timeout|: EOF$`)

func unanswered(m diagnose.Match) bool { return noAnswer().MatchString(m.Sign.Message) }

// Find reports what is said of a certificate that has expired, and what the node reads in its file: one that is past
// explains why nothing is heard of the node, and why a Pod there waits in silence. One that is still good for a while
// rules hints out.
func Find(p *diagnose.Pass) {
	f := p.Facts()
	if f == nil || f.Kubelet == nil || f.Kubelet.CertificateExpires == nil {
		if slices.ContainsFunc(p.Hints(), unanswered) {
			p.RuleOut()
		}
		p.ReportMatches()
		return
	}
	until := f.Kubelet.CertificateExpires.Time
	now := f.At.Time // by the API server's clock, where that is known: it is the one that judges
	if f.Clock != nil && f.Clock.OffsetMillis != nil {
		now = now.Add(-time.Duration(*f.Clock.OffsetMillis) * time.Millisecond)
	}
	if until.After(now) {
		if until.Sub(now) > time.Hour {
			p.RuleOut()
		}
		p.ReportMatches()
		return
	}
	fact := diagnose.Finding{Variant: "past",
		Args:     map[string]string{"until": until.UTC().Format("2006-01-02 15:04 UTC")},
		Evidence: []cluster.Sign{p.CiteFact("kubelet.certificateExpires", until.UTC().Format(time.RFC3339))}}
	said := append(p.Matches(), p.Hints()...)
	if len(said) == 0 && p.Silent && p.Stage != pod.StageSchedule && p.Stage != pod.StageReady {
		fact.Evidence = append(fact.Evidence, p.Stall())
	}
	p.Prove(said, fact)
}
