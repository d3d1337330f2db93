// Package sandboximageunavailable finds nodes that cannot get the image that sandboxes are made of.
package sandboximageunavailable

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
)

// Find reports what says that the image of sandboxes cannot be had, with what the node says of it. A sandbox that is
// not made in time while the node has no such image, something is being pulled and nothing else holds the runtime up
// waits for that pull. An image that was found after the last failure is there by now.
func Find(p *diagnose.Pass) {
	var failed []diagnose.Match
	for _, m := range p.Matches() {
		if m.Args["empty"] == "" {
			failed = append(failed, m)
			continue
		}
		p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Variant: "empty",
			Evidence: []cluster.Sign{m.Sign}})
	}
	failed = slices.DeleteFunc(failed, func(m diagnose.Match) bool { return misspelt(p, m) })
	f := p.Facts()
	if f == nil || f.Images == nil || f.Images.Pause == nil || f.Images.Pause.Reference == "" {
		for _, m := range failed {
			p.Prove([]diagnose.Match{m}, diagnose.Finding{})
		}
		return
	}
	pause := f.Images.Pause
	fact := diagnose.Finding{Args: map[string]string{"image": pause.Reference},
		Evidence: []cluster.Sign{p.CiteFact("images.pause.present", strconv.FormatBool(pause.Present))}}
	for _, m := range failed {
		same := m.Args["image"] == "" || strings.TrimPrefix(m.Args["image"],
			"docker.io/") == strings.TrimPrefix(pause.Reference, "docker.io/")
		switch {
		case same && !pause.Present:
			if fact.Variant = "absent"; f.Sandboxes != nil && f.Sandboxes.Count > 0 {
				fact.Variant = "removed"
			}
			p.Prove([]diagnose.Match{m}, fact)
		case same && p.Later() != nil:
			p.Prove([]diagnose.Match{m}, diagnose.Finding{Variant: "back", Certainty: diagnose.Likely, Args: fact.Args,
				Evidence: fact.Evidence})
		default:
			p.Prove([]diagnose.Match{m}, diagnose.Finding{})
		}
	}
	if pause.Present || !p.BeforeSandbox() || f.Runtime != nil && len(f.Runtime.Blocked) > 0 {
		return
	}
	for i, pull := range f.Images.Pulls {
		if pull.Image == "" || pull.Image == pause.Reference {
			fact.Variant = "pulled"
			fact.Evidence = append(fact.Evidence, p.CiteFact(fmt.Sprintf("images.pulls[%d].bytes", i),
				fmt.Sprint(pull.Bytes)))
			break
		}
	}
	if fact.Variant != "pulled" {
		return
	}
	if late := p.MatchesOf("runtime-timeout"); len(late) > 0 {
		p.Prove(late, fact)
	}
}

// misspelt reports a setting of the node that is no name of an image: no registry was asked.
func misspelt(p *diagnose.Pass, m diagnose.Match) bool {
	if !strings.Contains(m.Sign.Message, "invalid reference format") {
		return false
	}
	p.Report(diagnose.Finding{Blame: p.Blame(m.Args), Args: m.Args, Variant: "misspelt",
		Evidence: []cluster.Sign{m.Sign}})
	return true
}
