package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/diagnose"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/remedy"
)

// How many things of a kind are named before the rest is only counted.
const (
	maxProblems    = 100
	maxPods        = 3
	maxEvidence    = 3
	maxEffects     = 5
	maxStarting    = 5
	maxUnexplained = 10
	maxCommand     = 8 << 10 // bytes; half a command would be worse than none
)

// Text writes all of a Report as text: what the cases of causes hold.
func Text(w io.Writer, r *diagnose.Report, o Options) error {
	p := newReport(r, o)
	p.verdict()
	p.inFull()
	_, err := w.Write(p.b.Bytes())
	return err
}

func newReport(r *diagnose.Report, o Options) *report {
	p := &report{page: newPage(o, r.At), Report: r}
	p.asOf = r.AsOf
	return p
}

// inFull is all that follows the verdict.
func (p *report) inFull() {
	for i := range p.Problems[:min(len(p.Problems), maxProblems)] {
		p.blank()
		p.problem(i+1, &p.Problems[i])
	}
	if more := len(p.Problems) - maxProblems; more > 0 {
		p.blank()
		p.prose(0, bold, p.say("more.problems", "n", more))
	}
	p.unexplained()
	p.next()
	p.gaps()
	p.starting()
	p.idle()
	p.skipped()
	p.hint(p.Problems)
}

// hint tells where there is more to read about the causes that were found.
func (p *report) hint(problems []diagnose.Problem) {
	var ids []string
	for i := range problems {
		if id := name(problems[i].Cause); !slices.Contains(ids, id) && len(ids) < 3 {
			ids = append(ids, id)
		}
	}
	if len(ids) > 0 {
		p.blank()
		for _, id := range ids { // a line for each, to be pasted
			p.prose(0, dim, p.say("explain.hint", "ids", id))
		}
	}
}

// report is the page of a Report.
type report struct {
	*page
	*diagnose.Report
	view View // how much is shown; see [Answer]
	once bool // no evidence repeats another

	timelines map[cluster.Ref]*diagnose.Timeline // where they are drawn
}

// verdict is the first line: the answer in a sentence, and of when it is where nothing told that.
func (p *report) verdict() {
	p.sentence()
	if p.asOf && p.Pods.Stuck+p.Pods.Starting+p.Pods.Missing > 0 {
		p.prose(0, dim, p.say("as.of", "time", p.instant(p.at)))
	}
}

// sentence is the answer in a sentence.
func (p *report) sentence() {
	blocked, missing := map[cluster.Ref]bool{}, map[cluster.Ref]int{}
	for i := range p.Problems {
		for _, f := range p.Problems[i].Findings {
			if f.Missing > 0 {
				missing[f.Workload] = f.Missing
			} else if f.Pod.Name != "" {
				blocked[f.Pod] = true
			}
		}
	}
	var parts []string
	rest := p.Pods.Stuck - len(blocked)
	switch {
	case len(blocked) == 0 && len(missing) > 0:
		parts = append(parts, p.say("verdict.unmade", "n", len(p.Problems), "missing", p.Pods.Missing))
	case len(blocked) > 0:
		parts = append(parts, p.say("verdict.problems", "n", len(p.Problems), "blocked", len(blocked), "seen",
			max(p.Pods.Seen, len(blocked))))
	case len(p.Problems) > 0:
		parts = append(parts, p.say("verdict.logs", "n", len(p.Problems)))
	}
	switch {
	case rest > 0 && len(parts) > 0:
		parts = append(parts, p.say("verdict.more", "n", rest))
	case rest > 0:
		parts = append(parts, p.say("verdict.unknown", "n", rest))
	}
	if p.Pods.Missing > 0 && (len(blocked) > 0 || len(missing) == 0) {
		parts = append(parts, p.say("verdict.missing", "n", p.Pods.Missing))
	}
	if len(parts) > 0 && p.Lost() {
		parts = append(parts, p.say("verdict.part"))
	}
	if p.Asked != nil {
		asked := p.workload(p.Asked)
		if parts = append([]string{asked}, parts...); len(parts) == 1 && !p.Asked.Short() {
			p.prose(0, green, p.aside(asked))
			return
		}
	}
	if len(parts) > 0 {
		p.prose(0, red, p.aside(strings.Join(parts, p.say("verdict.join"))))
		return
	}
	if p.Namespace != nil && !p.Namespace.Since.IsZero() {
		p.leaving()
		return
	}
	sure := green
	if p.Lost() || p.Hidden.Any() {
		sure = yellow
	}
	p.prose(0, sure, p.aside(p.nothingStuck()))
}

// nothingStuck is the verdict where nothing is stuck.
func (p *report) nothingStuck() string {
	switch {
	case p.Pods.Seen == 0 && p.Namespace != nil:
		return p.say("verdict.empty.namespace", "name", name(p.Namespace.Name))
	case p.Pods.Seen == 0:
		return p.say("verdict.empty")
	case p.Lost():
		return p.say("verdict.lost", "seen", p.Pods.Seen)
	case p.Pods.Starting > 0:
		return p.say("verdict.starting", "n", p.Pods.Starting, "seen", p.Pods.Seen)
	case len(p.Gaps) > 0:
		return p.say("verdict.none.gaps", "seen", p.Pods.Seen)
	}
	return p.say("verdict.none", "seen", p.Pods.Seen)
}

// problem is one root cause: what, who, since when, why, how one knows, what to do, what follows.
func (p *report) problem(n int, pr *diagnose.Problem) {
	p.hang(0, bold, fmt.Sprintf("%d. ", n), bold, p.title(pr))
	p.body(3, pr)
}

func (p *report) title(pr *diagnose.Problem) string {
	return clip(flat(cut(textOf(p.Report, &pr.Findings[0]).Title.In(p.lang), 4096)), 4*p.width)
}

// body is all of a problem but its title.
func (p *report) body(in int, pr *diagnose.Problem) {
	t := textOf(p.Report, &pr.Findings[0])
	p.facts(in, pr)
	if why := t.Why.In(p.lang); why != "" {
		p.blank()
		p.prose(in, plain, flat(cut(why, 8192)))
	}
	p.blank()
	p.evidence(in, pr)
	if pr.Certainty != diagnose.Proven {
		p.steps(in, "head.confirm", yellow, t.Confirm)
	}
	p.steps(in, "head.fix", bold, t.Fix)
	p.effects(in, pr)
}

// refused reports whether the Pod of a finding is one that the kubelet turned away: it waits for nothing.
func refused(f *diagnose.Finding) bool {
	return slices.ContainsFunc(f.Evidence, func(s cluster.Sign) bool { return s.Kind == cluster.SignRejected })
}

// stage is how far the Pod of a finding has come.
func (p *report) stage(f *diagnose.Finding, of pod.Stage) string {
	said := slices.ContainsFunc(f.Evidence, func(s cluster.Sign) bool {
		return !s.Context && s.Kind != cluster.SignField && s.Kind != cluster.SignStall
	})
	switch {
	case refused(f):
		return p.say("stage.refused")
	case !said:
		return p.silentStage(string(f.Stage))
	case onlyLogged(f) && slices.Index(pod.Stages, of) > slices.Index(pod.Stages, f.Stage):
		return p.word("stage.", string(of)) // a log does not tell how far the Pod is, but for what it complains of
	}
	return p.word("stage.", string(f.Stage))
}

// onlyLogged reports whether all that is known of a finding's Pod stands in a log of its node.
func onlyLogged(f *diagnose.Finding) bool {
	return !slices.ContainsFunc(f.Evidence, func(s cluster.Sign) bool { return s.Kind != cluster.SignLog })
}

// silentStage is how far a Pod has come of which nobody says anything. From outside, what happens before it has a
// sandbox and an address cannot be told apart.
func (p *report) silentStage(stage string) string {
	if stage == "volumes" {
		return p.say("stage.before")
	}
	return p.word("stage.", stage)
}

// lasting is since when a problem keeps Pods from starting, and for how long, where they still wait.
func (p *report) lasting(id string, pr *diagnose.Problem) string {
	if slices.ContainsFunc(pr.Findings, func(f diagnose.Finding) bool { return !refused(&f) }) {
		return p.since(id, pr.Since)
	}
	if pr.Since.IsZero() {
		return ""
	}
	return p.say("since.made", "time", p.clock(pr.Since))
}

// A fact is a line with a label.
type fact struct {
	label string // its code
	value string
	style style
}

// facts writes the lines with a label.
func (p *report) facts(in int, pr *diagnose.Problem) {
	facts := p.factsOf(pr)
	column := p.labelWidth(facts)
	for _, f := range facts {
		if f.value == "" {
			continue
		}
		p.hang(in, dim, pad(p.say(f.label), column), f.style, f.value)
	}
}

// labelWidth is the column in which the values of some facts begin.
func (p *report) labelWidth(facts []fact) int {
	column := 0
	for _, f := range facts {
		column = max(column, Columns(p.say(f.label))+2)
	}
	return column
}

// factsOf are the facts of a problem; one that is not known has no value.
func (p *report) factsOf(pr *diagnose.Problem) []fact {
	var pods []cluster.Ref
	var blocked refs
	var states, stages, unmade []string
	for _, f := range pr.Findings {
		if of := f.Subject(); of.Name != "" && blocked.add(of) {
			if f.Missing > 0 {
				unmade = append(unmade, p.unmade(&f))
			} else {
				pods, states = append(pods, of), append(states, name(f.Status))
			}
		}
		if s := p.stage(&f, pr.Stage); f.Stage != "" && !slices.Contains(stages, s) {
			stages = append(stages, s)
		}
	}
	if len(stages) == 0 {
		stages = []string{p.word("stage.", string(pr.Stage))}
	}
	age := "for.one"
	if len(blocked.list) > 1 {
		age = "for.many"
	}
	waiting := p.pods(pods)
	if len(unmade) > 0 {
		waiting = p.some(unmade)
	}
	sure := plain
	if pr.Certainty != diagnose.Proven {
		sure = yellow
	}
	return []fact{
		{"label.blame", p.blame(pr.Blame), yellow},
		{"label.pods", waiting, plain},
		{"label.status", p.tally(states), plain},
		{"label.stage", p.join("verdict.join", strings.Join(stages, p.say("comma")), p.lasting(age, pr)), plain},
		{"label.sure", p.word("", pr.Certainty), sure},
		{"label.serving", p.serving(pr.Workload), plain},
		{"label.change", p.update(pr.Findings[0].Update), plain},
		{"label.drift", p.drift(pr.Findings[0].Drift), plain},
	}
}

// ref names an object.
func (p *report) ref(r cluster.Ref) string {
	n := name(r.Name)
	if r.Namespace != "" {
		n = name(r.Namespace) + "/" + n
	}
	return strings.TrimSpace(name(r.Kind) + " " + n)
}

// blame names what has to change. A Lease is how a component shows that it runs: that one is meant.
func (p *report) blame(r cluster.Ref) string {
	switch {
	case r.Kind == "Lease":
		return p.say("blame.lease", "name", name(r.Name), "lease", p.ref(r))
	case r.Kind == "Node" && r.Name == cluster.UnnamedNode:
		return p.say("blame.log")
	}
	return p.ref(r)
}

// unmade says how many Pods of a workload are not made, as far as that is known.
func (p *report) unmade(f *diagnose.Finding) string {
	if f.Status == "" {
		return p.say("pods.missing.unknown", "of", p.ref(f.Workload))
	}
	return p.say("pods.missing", "n", f.Missing, "of", p.ref(f.Workload), "status", name(f.Status))
}

// some are the first few of what is told of workloads.
func (p *report) some(all []string) string {
	text := strings.Join(all[:min(len(all), maxPods)], p.say("comma"))
	if left := len(all) - maxPods; left > 0 {
		text += " " + p.say("more.kinds", "n", left)
	}
	return text
}

// pods names the first few of some Pods and counts the rest.
func (p *report) pods(refs []cluster.Ref) string {
	if len(refs) == 0 {
		return p.say("no.pod")
	}
	var names []string
	shown := maxPods
	if len(refs) == maxPods+1 {
		shown = len(refs) // "and 1 more" is no shorter than its name
	}
	for _, r := range refs[:min(len(refs), shown)] {
		names = append(names, strings.TrimPrefix(p.ref(r), "Pod "))
	}
	text := strings.Join(names, p.say("comma"))
	if left := len(refs) - len(names); left > 0 {
		text += " " + p.say("more.pods", "n", left)
	}
	return text
}

// tally counts equal words, the most frequent first: "ContainerCreating (12), Init:0/1 (2)".
func (p *report) tally(all []string) string {
	count := map[string]int{}
	var kinds []string
	for _, s := range all {
		if s == "" {
			continue
		}
		if count[s]++; count[s] == 1 {
			kinds = append(kinds, s)
		}
	}
	slices.SortStableFunc(kinds, func(a, b string) int { return count[b] - count[a] })
	if len(kinds) == 1 {
		return kinds[0]
	}
	for i, s := range kinds {
		kinds[i] = fmt.Sprintf("%s (%d)", s, count[s])
	}
	return strings.Join(kinds, p.say("comma"))
}

// steps are things to do, each command on a line of its own that is never broken, so that it can be pasted.
func (p *report) steps(in int, head string, s style, steps []diagnose.Step) {
	if len(steps) == 0 {
		return
	}
	p.blank()
	p.line(in, s, p.say(head))
	for i, st := range steps {
		number := fmt.Sprintf("%d. ", i+1)
		p.hang(in, plain, number, plain, p.doing(&st))
		p.command(in+len(number), st.Run)
	}
}

// doing is what a step says to do, and what that risks: that nothing happens is not worth a word.
func (p *page) doing(st *diagnose.Step) string {
	do := flat(cut(st.Do.In(p.lang), 8192))
	if st.Risk == "" || st.Risk == remedy.None {
		return do
	}
	return p.withRisk(do, st.Risk, flat(cut(st.Because.In(p.lang), 8192)))
}

// runs is the command of a step; "" where it has none, or none that is shown.
func runs(st *diagnose.Step) string {
	if run := strings.TrimSpace(st.Run); len(run) <= maxCommand {
		return run
	}
	return ""
}

// withRisk puts the risk behind what is to be done, and why it is that where a step says so.
func (p *page) withRisk(do, risk, because string) string {
	aside := p.say("aside", "text", p.join("sep", p.word("risk.", risk), because))
	if strings.HasPrefix(aside, "(") {
		return do + " " + aside
	}
	return do + aside
}

func (p *page) command(in int, run string) {
	run = strings.TrimSpace(run)
	if run == "" {
		return
	}
	if len(run) > maxCommand {
		p.prose(in, dim, p.say("too.long", "n", utf8.RuneCountInString(run)))
		return
	}
	for i, l := range strings.Split(run, "\n") {
		prompt := "$ "
		if i > 0 {
			prompt = "  "
		}
		p.b.WriteString(strings.Repeat(" ", in))
		p.b.WriteString(p.paint(dim, prompt))
		p.line(0, cyan, visible(l))
	}
}

// effects tells what else follows from a problem, equal things once.
func (p *report) effects(in int, pr *diagnose.Problem) {
	all := p.effectsOf(pr)
	if len(all) == 0 {
		return
	}
	p.blank()
	p.line(in, bold, p.say("head.effects"))
	for _, e := range all[:min(len(all), maxEffects)] {
		p.hang(in, plain, "- ", plain, e)
	}
	if n := len(all) - maxEffects; n > 0 {
		p.prose(in, dim, p.say("more.effects", "n", n))
	}
}

// effectsOf is what else follows from a problem, in which Pods; equal things once.
func (p *report) effectsOf(pr *diagnose.Problem) []string {
	var titles []string
	pods := map[string]*refs{}
	for i := range pr.Effects {
		f := &pr.Effects[i]
		title := clip(flat(cut(textOf(p.Report, f).Title.In(p.lang), 4096)), 2*p.width)
		if pods[title] == nil {
			titles, pods[title] = append(titles, title), &refs{}
		}
		if of := f.Subject(); of.Name != "" {
			pods[title].add(of)
		}
	}
	for i, title := range titles {
		titles[i] = p.join("sep", title, p.pods(pods[title].list))
	}
	return titles
}
