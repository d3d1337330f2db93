package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/match"
)

// quote is a sign with what the finding took from it, and the Pods of which the same was said.
type quote struct {
	sign  cluster.Sign
	keys  []string
	pods  refs
	again bool   // it only repeats one before it
	words string // what it says, to compare it
}

// evidence quotes the best few of the signs that prove a problem, each message once.
func (p *report) evidence(in int, pr *diagnose.Problem) {
	quotes := p.quotes(pr)
	p.line(in, bold, p.say("head.signs"))
	for i, q := range quotes {
		if i == maxEvidence || i > 0 && q.again {
			left := 0
			for _, r := range quotes[i:] {
				left += len(r.pods.list)
			}
			p.prose(in, dim, p.say("more.signs", "n", left))
			break
		}
		p.quote(in, &q.sign, q.keys)
		if n := len(q.pods.list) - 1; n > 0 && !q.sign.Context {
			p.prose(in+2, dim, p.say("same", "n", n))
		}
	}
}

// quotes are the signs of a problem that say different things. Where a person reads them, none repeats another: a
// condition often says what an Event says.
func (p *report) quotes(pr *diagnose.Problem) []*quote {
	all := quotesOf(pr.Findings)
	if !p.once {
		return all
	}
	var out []*quote
	for _, q := range all {
		i := slices.IndexFunc(out, func(o *quote) bool { return repeats(&q.sign, &o.sign) || repeats(&o.sign, &q.sign) })
		if i < 0 {
			out = append(out, q)
			continue
		}
		if len(q.sign.Message) > len(out[i].sign.Message) && weight(&q.sign) == weight(&out[i].sign) {
			out[i].sign, out[i].keys = q.sign, q.keys // the same, and more
		}
		out[i].pods.add(q.pods.list...)
	}
	return out
}

// repeats reports whether a sign only says what another says, too.
func repeats(s, of *cluster.Sign) bool {
	if !speaks(s) || !speaks(of) || s.Context != of.Context {
		return false
	}
	said := constant(cut(s.Message, 2048))
	return said != "" && strings.Contains(constant(cut(of.Message, 2048)), said)
}

// quotesOf collects the signs of all findings of a problem that say different things, what says most first.
func quotesOf(findings []diagnose.Finding) []*quote {
	var out []*quote
	at := map[string]*quote{}
	for i := range findings {
		f := &findings[i]
		for _, s := range f.Evidence {
			key := messageKey(&s, f.Args)
			q := at[key]
			if q == nil {
				q = &quote{sign: s, keys: keysOf(f.Args)}
				at[key] = q
				out = append(out, q)
			}
			q.pods.add(f.Subject())
		}
	}
	slices.SortStableFunc(out, func(a, b *quote) int { return cmp.Compare(weight(&a.sign), weight(&b.sign)) })
	return repeatedLast(out)
}

// repeatedLast puts behind all others what only repeats one before it: the status of a container, its Event and the
// back-off say the same in wrappings of their own.
func repeatedLast(quotes []*quote) []*quote {
	var once, again []*quote
	for _, q := range quotes {
		if speaks(&q.sign) {
			q.words = wordsOf(&q.sign)
			q.again = slices.ContainsFunc(once[:min(len(once), 2*maxEvidence)], func(o *quote) bool {
				return speaks(&o.sign) && (q.sign.Symptom && !o.sign.Symptom || q.repeats(o))
			})
		}
		if q.again {
			again = append(again, q)
			continue
		}
		once = append(once, q)
	}
	return append(once, again...)
}

// wrapping is what stands around the same words in one place and not in another.
var wrapping = match.Lazy(`^(?:(?:Error|Pod was rejected|exit code -?[0-9]+): )+`)

// wordsOf is what a sign says without its wrapping and without what differs from one time to the next.
func wordsOf(s *cluster.Sign) string {
	m := wrapping().ReplaceAllString(match.Plain(cut(s.Message, 2048)), "")
	return strings.Trim(constant(m), `"`)
}

// sameEnd is how many letters two messages end with alike where they say the same.
const sameEnd = 60

// repeats reports whether one of two quotes has all that the other says, or both end in the same innermost statement.
func (q *quote) repeats(o *quote) bool {
	one, two := q.words, o.words
	if one == "" || two == "" {
		return false
	}
	n := 0
	for n < min(len(one), len(two)) && one[len(one)-1-n] == two[len(two)-1-n] {
		n++
	}
	return one == o.sign.Reason || two == q.sign.Reason || strings.Contains(one, two) || strings.Contains(two, one) ||
		n >= sameEnd
}

// speaks reports whether a sign is words of the cluster, and not a field or a silence.
func speaks(s *cluster.Sign) bool { return s.Kind != cluster.SignStall && s.Kind != cluster.SignField }

// weight orders signs: what says something of the Pod, then what is said around it,
// then what only echoes or keeps silent.
func weight(s *cluster.Sign) int {
	switch {
	case s.Kind == cluster.SignStall, s.Reason == diagnose.IsChanged && s.Kind == cluster.SignField:
		return 3
	case s.Symptom:
		return 2
	case s.Context:
		return 1
	}
	return 0
}

// varying are the parts of a message that differ although the same is said: ids, numbers, addresses.
var varying = match.Lazy(`[^\s"'/:,=()\[\]]*[0-9][^\s"'/:,=()\[\]]*`)

// messageKey is what a sign says, without the names that differ from Pod to Pod.
func messageKey(s *cluster.Sign, args map[string]string) string {
	m := cut(s.Message, 2048)
	for _, k := range []string{"pod", "container"} {
		if v := args[k]; len(v) >= 3 {
			m = strings.ReplaceAll(m, v, "#")
		}
	}
	what := s.Kind + "\x00" + s.Reason + "\x00"
	if s.Ref.Kind == "NodeFacts" {
		what += s.Path + "\x00" // two fields of a node's facts say two things, though both are numbers
	}
	return what + constant(m)
}

// constant is what of a text is the same each time the same is said.
func constant(s string) string {
	return varying().ReplaceAllString(strings.Join(strings.Fields(s), " "), "#")
}

// quote shows where a sign stands, and what it says in a few lines.
func (p *report) quote(in int, s *cluster.Sign, keys []string) {
	p.place(in, s)
	switch {
	case s.Kind == cluster.SignStall, s.Kind == cluster.SignField && !quotesEvent(s):
	case strings.TrimSpace(s.Message) == "":
		p.prose(in+2, dim, p.say("no.text"))
	default:
		p.quoteLines(in, fold(s.Message, keys, p.width-in-2))
	}
}

// quotesEvent reports whether a cited field is what an Event says, so that it is quoted like one.
func quotesEvent(s *cluster.Sign) bool {
	return s.Kind == cluster.SignField && s.Ref.Kind == "Event" && s.Reason == diagnose.IsValue
}

// quoteLines writes what the cluster said, marked as a quotation.
func (p *page) quoteLines(in int, lines []string) {
	for _, l := range lines {
		p.b.WriteString(strings.Repeat(" ", in) + p.paint(dim, ">") + " ")
		p.line(0, plain, l)
	}
}

// eventHash is what recorders put behind the name of the object to name an Event. Nobody reads it; JSON has it.
var eventHash = match.Lazy(`^(Event .*)\.[0-9a-f]{10,}$`)

// place is the line above a message.
func (p *report) place(in int, s *cluster.Sign) {
	p.segments(in, []style{dim, dim, yellow, dim}, p.placeOf(s))
}

// placeOf is where a sign stands: file, object, what it is, how often and when last.
func (p *report) placeOf(s *cluster.Sign) []string {
	where := ""
	if s.File != "" {
		where = name(s.File)
		if s.Line > 0 {
			where = fmt.Sprintf("%s:%d", where, s.Line)
		}
	}
	parts := []string{where, eventHash().ReplaceAllString(p.ref(s.Ref), "$1")}
	switch {
	case s.Kind == cluster.SignField && s.Reason == diagnose.IsAbsent:
		parts = append(parts, p.say("field.absent", "path", name(s.Path), "what", name(s.Message)))
	case quotesEvent(s):
	case s.Kind == cluster.SignField && s.Message == "":
		parts = append(parts, p.say("field.empty", "path", name(s.Path)))
	case s.Kind == cluster.SignField:
		parts = append(parts, p.say("field.value", "path", name(s.Path), "value",
			clip(flat(cut(s.Message, 4096)), 2*p.width)))
	case s.Kind == cluster.SignStall:
		parts = append(parts, p.stall(s))
	default:
		if s.Container != "" && s.Kind != cluster.SignEvent {
			parts = append(parts, p.say("container", "name", name(s.Container)))
		}
		reason := name(s.Reason)
		if s.Count > 1 {
			reason += fmt.Sprintf(" ×%d", s.Count)
		}
		parts = append(parts, reason)
		if s.Kind == cluster.SignEvent && s.Count > 1 && !s.Last.IsZero() && (p.asOf || p.at.Sub(s.Last) >= time.Second) {
			parts = append(parts, p.last(s.Last))
		}
	}
	return parts
}

// stall says that nobody says anything.
func (p *report) stall(s *cluster.Sign) string {
	return p.say("stall", "status", name(s.Reason), "stage", p.join("verdict.join", p.silentStage(s.Message),
		p.since("for.one", s.First)))
}
