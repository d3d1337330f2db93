package diagnose

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
)

// finish groups the findings and puts all in order.
func (r *run) finish() {
	rep := r.report
	r.addEventGap()
	r.orderGaps()
	rep.Problems = group(r.catalogue, r.roots, r.effects, r.index.copies(r.roots))
	rep.Texts = map[string]Text{}
	for _, f := range slices.Concat(r.roots, r.effects) {
		rep.Texts[f.Cause] = r.catalogue.Cause(f.Cause).Text
	}
	locate := func(signs []cluster.Sign) {
		for i := range signs {
			signs[i] = r.index.snapshot.Locate(signs[i])
		}
	}
	for i := range rep.Problems {
		rep.Problems[i].Workload = r.index.serving(&rep.Problems[i])
		for _, fs := range [][]Finding{rep.Problems[i].Findings, rep.Problems[i].Effects} {
			for j := range fs {
				locate(fs[j].Evidence)
			}
		}
	}
	locate(rep.Unexplained)
	slices.SortStableFunc(rep.Unexplained, func(a, b cluster.Sign) int {
		return cmp.Or(a.Ref.Compare(b.Ref), strings.Compare(a.Path, b.Path))
	})
}

// followSiblings gives findings that blame a node the cause that is proven of the same node in another Pod, where that
// explains theirs: what one Pod says of the node is true for all that are on it, or are kept off it. It is the cause
// that nothing else proven there explains.
func followSiblings(c *Catalogue, roots []*Finding) {
	proven := map[cluster.Ref][]string{}
	for _, f := range roots {
		if f.Blame.Kind == "Node" && f.Certainty == Proven && !slices.Contains(proven[f.Blame], f.Cause) {
			proven[f.Blame] = append(proven[f.Blame], f.Cause)
		}
	}
	for _, f := range roots {
		for _, id := range proven[f.Blame] {
			deeper := func(other string) bool { return c.explains(other, id) }
			if c.explains(id, f.Cause) && !slices.ContainsFunc(proven[f.Blame], deeper) {
				f.Cause, f.Variant = id, ""
				break
			}
		}
	}
}

// joinAlike gives findings of several workloads that have the same in common what is to blame for all of them. The
// copies of one Pod are one workload.
func joinAlike(roots []*Finding, copies map[cluster.Ref]string) {
	type key struct{ cause, alike string }
	of := func(f *Finding) key { return key{f.Cause, f.alike.Key} }
	workloads := map[key]map[string]bool{}
	for _, f := range roots {
		if f.alike.Key == "" {
			continue
		}
		if workloads[of(f)] == nil {
			workloads[of(f)] = map[string]bool{}
		}
		workload := f.Args["workload"]
		if key := copies[f.Pod]; key != "" {
			workload = key
		}
		workloads[of(f)][f.Pod.Namespace+"/"+workload] = true
	}
	for _, f := range roots {
		if len(workloads[of(f)]) > 1 {
			f.Blame, f.Variant = f.alike.Blame, f.alike.Variant
		}
	}
}

// group makes one problem of the findings with the same cause and the same thing to blame.
// Those that block most Pods come first; among equals what is proven, then what is oldest.
func group(c *Catalogue, roots, effects []*Finding, copies map[cluster.Ref]string) []Problem {
	type key struct {
		cause string
		blame cluster.Ref
	}
	at := map[key]int{}
	ofPod := map[cluster.Ref][]int{}
	var out []Problem
	followSiblings(c, roots)
	joinAlike(roots, copies)
	joinCopies(roots, copies)
	many := map[key]int{}
	for _, f := range roots {
		many[key{f.Cause, f.Blame}]++
	}
	for _, f := range roots {
		k := key{f.Cause, f.Blame}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, Problem{Cause: f.Cause, Stage: c.Cause(f.Cause).Stage, Certainty: f.Certainty,
				Blame: f.Blame, Since: f.Since, Findings: make([]Finding, 0, many[k])})
		}
		p := &out[i]
		p.Findings = append(p.Findings, *f)
		if f.Certainty == Proven {
			p.Certainty = Proven
		}
		if earlier(f.Since, p.Since) {
			p.Since = f.Since
		}
		ofPod[f.Subject()] = append(ofPod[f.Subject()], i)
	}
	for _, e := range effects {
		for _, i := range ofPod[e.Subject()] {
			if c.explains(out[i].Cause, e.Cause) {
				out[i].Effects = append(out[i].Effects, *e)
				break
			}
		}
	}
	for i := range out {
		sortFindings(out[i].Findings)
		sortFindings(out[i].Effects)
		out[i].alike()
	}
	return byWeight(out)
}

// byWeight puts the problems first that block the most Pods.
func byWeight(problems []Problem) []Problem {
	pods := make([]int, len(problems))
	order := make([]int, len(problems))
	for i := range problems {
		pods[i], order[i] = problems[i].Pods(), i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := &problems[i], &problems[j]
		return cmp.Or(-cmp.Compare(pods[i], pods[j]), -strings.Compare(a.Certainty, b.Certainty),
			oldest(a.Since, b.Since),
			strings.Compare(a.Cause, b.Cause), a.Blame.Compare(b.Blame))
	})
	out := make([]Problem, len(problems))
	for at, i := range order {
		out[at] = problems[i]
	}
	return out
}

// mostAlike is for how many workloads a step has the command.
const mostAlike = 8

// alike gives the finding whose steps are shown those of other workloads with the same problem: what changes one
// workload has to change the others as well.
func (p *Problem) alike() {
	seen := map[string]bool{}
	for i := range p.Findings {
		p.Findings[i].others = nil
	}
	for i := range p.Findings {
		t := p.Findings[i].target
		if t == nil || seen[t.Owner.String()] {
			continue
		}
		seen[t.Owner.String()] = true
		if i > 0 && len(seen) <= mostAlike {
			p.Findings[0].others = append(p.Findings[0].others, &p.Findings[i])
		}
	}
}

func sortFindings(fs []Finding) {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(-strings.Compare(a.Certainty, b.Certainty), a.Subject().Compare(b.Subject()),
			strings.Compare(a.Container, b.Container), strings.Compare(a.Cause, b.Cause))
	})
}

// oldest puts what is older first, and last what is of an age that nobody knows.
func oldest(a, b time.Time) int {
	switch {
	case a.IsZero() == b.IsZero():
		return a.Compare(b)
	case a.IsZero():
		return 1
	}
	return -1
}

func earlier(a, b time.Time) bool { return !a.IsZero() && (b.IsZero() || a.Before(b)) }

// Pods counts the Pods that a problem blocks, those that are not made as well.
func (p *Problem) Pods() int {
	seen := map[cluster.Ref]int{}
	n := 0
	for i := range p.Findings {
		f := &p.Findings[i]
		of := f.Subject()
		n += max(f.Missing, 1) - seen[of]
		seen[of] = max(f.Missing, 1)
	}
	return n
}
