package imagepullslow

import (
	"fmt"
	"strconv"
	"time"

	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
	"github.com/kubestuck/stuck/internal/diagnose"
	corev1 "k8s.io/api/core/v1"
)

// idle is for how long no byte of a pull came where it is called stalled. containerd itself gives up after five
// minutes.
const idle = time.Minute

// serial is whether the node pulls one image at a time, and whether that is known.
func serial(p *diagnose.Pass) (one, known bool) {
	f := p.Facts()
	if f == nil || f.Kubelet == nil || f.Kubelet.SerializeImagePulls == nil {
		return true, false
	}
	return *f.Kubelet.SerializeImagePulls, true
}

// progress adds to the finding of one pull what the node tells of the blobs that it fetches: how much has come, and
// when the last byte did. The node most often knows blobs and not the image that they are of, so they are those of the
// image only where no other pull is open (alone).
func progress(p *diagnose.Pass, f *diagnose.Finding, pull *corev1.Event, alone bool) {
	facts := p.Facts()
	if facts == nil || facts.Images == nil || facts.At.Time.Before(pull.LastTimestamp.Time) {
		return
	}
	newest, got, total := -1, int64(0), int64(0)
	known := true // the size of all of them
	for i := range facts.Images.Pulls {
		b := &facts.Images.Pulls[i]
		if b.Updated.IsZero() || b.Started.Time.Before(pull.FirstTimestamp.Add(-time.Minute)) && !b.Started.IsZero() ||
			b.Image != f.Args["image"] && (b.Image != "" || !alone) {
			continue
		}
		got, total, known = sum(got, b.Bytes), sum(total, b.Total), known && b.Total > 0
		if newest < 0 || b.Updated.After(facts.Images.Pulls[newest].Updated.Time) {
			newest = i
		}
	}
	if newest < 0 {
		return
	}
	report(p, f, facts, newest)
	f.Args["got"] = diagnose.Amount(got)
	if known && total >= got {
		f.Args["total"] = diagnose.Amount(total)
	}
}

func report(p *diagnose.Pass, f *diagnose.Finding, facts *nodefacts.NodeFacts, newest int) {
	b := &facts.Images.Pulls[newest]
	f.Certainty, f.Variant = diagnose.Proven, "comes"
	f.Evidence = append(f.Evidence, p.CiteFact(fmt.Sprintf("images.pulls[%d].bytes", newest),
		strconv.FormatInt(b.Bytes, 10)))
	if quiet := facts.At.Sub(b.Updated.Time); quiet >= idle {
		f.Variant, f.Args["idle"] = "stalled", diagnose.Span(quiet)
		f.Evidence = append(f.Evidence, p.CiteFact(fmt.Sprintf("images.pulls[%d].updated", newest),
			b.Updated.UTC().Format(time.RFC3339)))
	}
}

// sum does not run over, whatever a node tells.
func sum(a, b int64) int64 { return min(a, 1<<60) + min(max(b, 0), 1<<60) }
