package containercrashing

import (
	"slices"

	"github.com/kubestuck/stuck/internal/applog"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// fromOutside are the variants in which something else ended the container.
var fromOutside = []string{"oom", "killed", "probe"}

// listen adds what the container said: its words, and where they say why it ended, that variant. What was done to it
// from outside is not its own to say. It reports whether anything is known of what it said.
func listen(p *diagnose.Pass, container string, f *diagnose.Finding) bool {
	said, signs, ok := p.LastWords(container)
	if !ok {
		return false
	}
	f.Args["words"] = match.Clip(applog.Words(said.Text), 240)
	f.Evidence = append(f.Evidence, signs...)
	if slices.Contains(fromOutside, f.Variant) {
		return true
	}
	w := &words{Pass: p, container: container, args: said.Args, finding: f}
	if read := readings[said.Kind]; read != nil {
		read(w)
	} else {
		w.configured()
	}
	return true
}

// hear makes a finding of what the log of a container says, where nothing shows that the container ended: it is likely.
func hear(p *diagnose.Pass, container string, waits []diagnose.Match) {
	f := diagnose.Finding{Args: map[string]string{"container": container}, Container: container}
	f.Blame = p.Blame(f.Args)
	if !listen(p, container, &f) || f.Variant == "" && !applog.GaveUp(f.Args["words"]) {
		return
	}
	for _, m := range waits {
		if m.Sign.Container == container {
			f.Evidence = append(f.Evidence, m.Sign)
		}
	}
	f.Certainty = diagnose.Likely
	p.Report(f)
}
