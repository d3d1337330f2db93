package diagnose

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/cluster/nodefacts"
)

// What a Find does with facts: they prove more than the words that were said, or rule out what the words seem to say.

// ReportMatches reports what the cause's signs match as proven, as is done for a cause without a Find.
func (p *Pass) ReportMatches() { p.reportHits(Proven) }

// A VariantRule is the variant of a cause's text for a match in which a named group caught something.
type VariantRule struct {
	Group, Variant string
	Likely         bool // the words fit other causes, too
	Mark           bool // the group stands for its variant alone, and is no argument
}

// ReportVariants reports each match by itself, in the first of the rules whose group caught something, else without a
// variant.
func (p *Pass) ReportVariants(rules ...VariantRule) {
	for _, m := range p.Matches() {
		f := Finding{Blame: p.Blame(m.Args), Args: m.Args, Evidence: []cluster.Sign{m.Sign}}
		for _, r := range rules {
			if m.Args[r.Group] == "" {
				continue
			}
			if f.Variant = r.Variant; r.Likely {
				f.Certainty = Likely
			}
			if r.Mark {
				delete(f.Args, r.Group)
			}
			break
		}
		p.Report(f)
	}
}

// Hints returns the signs that the cause's hints match. What no cause proves by them is reported as likely without
// a Find's doing; a Find that has facts may prove it, or say RuleOut.
func (p *Pass) Hints() []Match {
	return p.matched(func(h *hit) bool { return h.hint && p.podRun.catalogue.causes[h.cause] == p.cause })
}

// MatchesOf returns the signs against the Pod itself that signs or hints of other causes match: the vaguer words in
// which a cause is also described, of which facts decide.
func (p *Pass) MatchesOf(ids ...string) []Match {
	return p.matched(func(h *hit) bool {
		return slices.Contains(ids, p.podRun.catalogue.causes[h.cause].ID) && !p.podRun.signs[h.sign].Context
	})
}

// matched returns what was hit, each sign once, in the order of the signs.
func (p *Pass) matched(want func(h *hit) bool) []Match {
	all := p.podRun.hits
	seen := map[int]bool{}
	var at []int
	for i := range all {
		if h := &all[i]; want(h) && !seen[h.sign] {
			seen[h.sign] = true
			at = append(at, i)
		}
	}
	slices.SortStableFunc(at, func(a, b int) int { return all[a].sign - all[b].sign })
	var out []Match
	for _, i := range at {
		out = append(out, p.matchOf(&all[i]))
	}
	return out
}

// RuleOut says that facts rule the cause out for this Pod: its hints are not asked about.
func (p *Pass) RuleOut() { p.podRun.setFacts(factsFor{ruledOut: true}) }

// Support gives further evidence for the case that hints are all that speaks for the cause: facts that agree with it
// and prove nothing.
func (p *Pass) Support(facts ...cluster.Sign) { p.podRun.setFacts(factsFor{support: facts}) }

// factsFor is what facts say of a cause beside what they prove.
type factsFor struct {
	ruledOut bool
	support  []cluster.Sign
}

// setFacts takes what facts say of the cause that is asked.
func (d *podRun) setFacts(f factsFor) {
	if d.facts == nil {
		d.facts = map[*Cause]factsFor{}
	}
	d.facts[d.pass.cause] = f
}

// Prove reports each match as proven by the finding's evidence, which are facts. Where nothing was said that fits, the
// facts stand alone: then they count where they explain what else was found in the Pod, or where nothing else is said
// of it. The facts attest what they have themselves, and not what a match has beside them.
func (p *Pass) Prove(matches []Match, f Finding) {
	facts, args := f.Evidence, f.Args
	f.Attested = slices.DeleteFunc(slices.Clone(f.Attested), func(name string) bool { return args[name] == "" })
	if len(matches) == 0 {
		f.Args = maps.Clone(p.baseArgs)
		maps.Copy(f.Args, args)
		f.Blame = p.Blame(f.Args)
		p.Report(f)
	}
	for _, m := range matches {
		f.Args = m.Args
		maps.Copy(f.Args, args)
		f.Blame, f.Container = p.Blame(f.Args), ""
		f.Evidence = append([]cluster.Sign{m.Sign}, facts...)
		p.Report(f)
	}
}

// nearby is how long before or after a failure the node may say what made it fail.
const nearby = 10 * time.Minute

// Near reports whether something happened on the node while a sign was said, or not long before or after.
// A sign that has no time counts for as long as the Pod waits.
func (p *Pass) Near(s *cluster.Sign, at time.Time) bool {
	from, to := s.First, s.Last
	if to.IsZero() {
		to = from
	}
	if from.IsZero() {
		from = to
	}
	if from.IsZero() {
		from, to = p.stall.First, p.Snapshot.At
	}
	return !at.Before(from.Add(-nearby)) && !at.After(to.Add(nearby))
}

// NearAny returns the matches whose signs are near something that happened on the node.
func (p *Pass) NearAny(matches []Match, at time.Time) []Match {
	var out []Match
	for _, m := range matches {
		if p.Near(&m.Sign, at) {
			out = append(out, m)
		}
	}
	return out
}

// Later returns the facts of the Pod's node where they were read after the last of what is said against the Pod, so
// that what they show cannot have been otherwise for long: only such facts rule anything out. nil where there are none.
func (p *Pass) Later() *nodefacts.NodeFacts {
	f := p.Facts()
	if f == nil {
		return nil
	}
	var last time.Time
	for i := range p.podRun.signs {
		if s := &p.podRun.signs[i]; !s.Context && s.Last.After(last) {
			last = s.Last
		}
	}
	if last.IsZero() {
		last = p.Snapshot.At
	}
	if f.At.Time.Before(last) {
		return nil
	}
	return f
}

// Amount is a number of bytes as a person says it: "0 B", "512 KiB", "38.2 GiB".
func Amount(bytes int64) string {
	const units = "KMGTPE"
	if bytes < 1024 {
		return strconv.FormatInt(bytes, 10) + " B"
	}
	n, i := float64(bytes)/1024, 0
	for n >= 999.5 && i < len(units)-1 {
		n, i = n/1024, i+1
	}
	digits := 1
	if n >= 100 {
		digits = 0
	}
	return strings.TrimSuffix(strconv.FormatFloat(n, 'f', digits, 64), ".0") + " " + units[i:i+1] + "iB"
}
