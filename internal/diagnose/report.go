package diagnose

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/remedy"
	"github.com/kubestuck/stuck/internal/revision"
	corev1 "k8s.io/api/core/v1"
)

// How certain a finding is.
const (
	Proven = "proven" // the evidence admits no other reading
	Likely = "likely" // the signs fit, and something else, too; the confirm steps say what would prove it
)

// A Finding is a cause found in a Pod.
type Finding struct {
	Cause     string `json:"cause"`     // its id
	Certainty string `json:"certainty"` // proven or likely
	// absent in a finding that comes from a log which names none
	Pod       cluster.Ref       `json:"pod,omitzero"`
	Workload  cluster.Ref       `json:"workload,omitzero"`   // in place of Pod: what wants Pods that are not made
	Missing   int               `json:"missing,omitempty"`   // how many Pods it lacks; 1 where nobody says how many
	Container string            `json:"container,omitempty"` // where it is one container's
	Stage     pod.Stage         `json:"stage"`               // where the Pod waits
	Status    string            `json:"status,omitempty"`    // the Pod's STATUS as kubectl shows it
	Since     time.Time         `json:"since,omitzero"`      // since when the Pod waits there
	Blame     cluster.Ref       `json:"blame"`               // the thing that has to change
	Variant   string            `json:"variant,omitempty"`   // which of its texts fits; an id
	Args      map[string]string `json:"args"`                // what its texts are filled with, by name
	Evidence  []cluster.Sign    `json:"evidence"`            // the signs that prove it or hint at it
	// what the newest revision of the workload changed, where that touches what the finding is about
	Update *revision.Update `json:"update,omitempty"`
	// how the Pod differs from the template of its workload, where that touches what the finding is about
	Drift *revision.Drift `json:"drift,omitempty"`

	// Said is what a person reads of it where the report was saved and read back; nil where it is filled in here.
	Said *Text `json:"-"`

	// Attested are arguments that a Find has from fields of objects, or from a node's facts, whoever says them beside.
	Attested []string `json:"-"`
	// Hearsay are arguments that a Find composed of what only hearsay says; see [IsHearsay].
	Hearsay []string `json:"-"`

	// Deaf is that the Pod does not end when it is deleted, as a hook of it still runs.
	Deaf bool `json:"-"`

	workload   cluster.Ref     // what has to be edited to change its Pod
	unattested map[string]bool // the arguments that only hearsay has

	target *remedy.Target         // what has to be changed to change its Pod, and how
	parts  map[string]remedy.Part // of its node, by what they are
	system *remedy.System         // of its node; nil where it is not known
	known  map[string]string      // what only its remedies are filled with

	others []*Finding // of other workloads with the same problem, for which a step has the same to change
	exempt string     // the patch after which the webhook that is to blame leaves the namespace alone

	answers map[string]string // what a person has chosen for what only they know; see [Report.Answered]

	alike Alike // what it may have in common with other workloads
	debug bool  // its container was put into the Pod to debug it: no template has it
}

// An Alike is what findings in several workloads may have in common. Where more than one workload has the same Key for
// the same cause, they are one problem, which Blame has to change for all of them.
type Alike struct {
	Key     string
	Blame   cluster.Ref
	Variant string // the text that fits then
}

// ShareWith lets a finding be one problem with those of other workloads that have the same in common.
func (f *Finding) ShareWith(a Alike) { f.alike = a }

// Subject is what the finding is about: a Pod, or a workload whose Pods are not made.
func (f *Finding) Subject() cluster.Ref {
	if f.Missing > 0 {
		return f.Workload
	}
	return f.Pod
}

// Node is the node that the finding is about, or that its Pod is on; "" where there is none.
func (f *Finding) Node() string {
	if n := f.Args["node"]; n != "" || f.Blame.Kind != "Node" {
		return n
	}
	return f.Blame.Name
}

// A Problem is one root cause with all that follows from it.
type Problem struct {
	Cause     string      `json:"cause"`
	Stage     pod.Stage   `json:"stage"`
	Certainty string      `json:"certainty"`
	Blame     cluster.Ref `json:"blame"`
	Since     time.Time   `json:"since,omitzero"`
	Findings  []Finding   `json:"findings"`
	Effects   []Finding   `json:"effects"`
	// the one workload that it holds up, where fewer of its Pods are ready than it wants
	Workload *Workload `json:"workload,omitempty"`
}

// A Waiter is a Pod that has not started.
type Waiter struct {
	Pod    cluster.Ref `json:"pod"`            // which one
	Status string      `json:"status"`         // its STATUS as kubectl shows it
	Stage  pod.Stage   `json:"stage"`          // where it waits
	Since  time.Time   `json:"since,omitzero"` // since when it waits there

	// What it has still to pass, where that is a probe.
	Container string    `json:"container,omitempty"` // of the probe
	Probe     string    `json:"probe,omitempty"`     // as it is set: startupProbe exec false
	Until     time.Time `json:"until,omitzero"`      // so long it has time to pass it
}

// Pods counts the Pods that were looked at.
type Pods struct {
	Seen     int `json:"seen"`     // all of them
	Stuck    int `json:"stuck"`    // those that should have started and have not
	Starting int `json:"starting"` // those that have had little time yet
	Missing  int `json:"missing"`  // those that are wanted and were not made
}

// A Namespace is one that was asked about and has no Pods.
type Namespace struct {
	Name  string    `json:"name"`           // which one
	Since time.Time `json:"since,omitzero"` // since when it is being deleted
	Held  []string  `json:"held,omitempty"` // what it says that keeps it from going, in its own words
}

// A Report is the outcome of a diagnosis. It stands alone: whoever holds it
// can show it in any form and language without the snapshot or the catalogue.
type Report struct {
	At          time.Time
	AsOf        bool // nothing told At: it is the newest time in what was read, which may have been taken later
	Problems    []Problem
	Unexplained []cluster.Sign
	DeadEnds    []DeadEnd // what to look at next where no cause is known
	Starting    []Waiter
	Timelines   []Timeline // where it was read back; see [Report.EachTimeline]
	Gaps        []cluster.Gap
	MinorGaps   int // how many of Gaps, the last, cannot matter to anything that is stuck
	Pods        Pods
	Asked       *Workload  // the workload that was asked about by its name, as far as it is known
	Idle        []Workload // workloads that make no Pods because somebody wants it so, or because they have given up
	Namespace   *Namespace // the one that was asked about, where it has no Pods
	Skipped     map[string]int
	Hidden      Hidden          // what was left out of it because it was not asked about
	Manifests   int             // Pods and workloads that were never in a cluster, and so left aside
	Texts       map[string]Text // of the causes that occur

	stuck    []*corev1.Pod // of which EachTimeline tells
	snapshot *cluster.Snapshot
}

// Hidden counts what was left out of a Report because it was not asked about.
type Hidden struct {
	Problems int `json:"problems"` // how many
	Pods     int `json:"pods"`     // that nothing else blocks

	OfPage bool `json:"-"` // a reader has chosen that on the page, and no flag
}

// Any reports whether anything was left out.
func (h Hidden) Any() bool { return h.Problems+h.Pods > 0 }

// Text is what a person reads about a finding, its placeholders filled in. Commands hold words that mean the same in
// every shell; see [Command].
func (r *Report) Text(f *Finding) Text {
	if f.Said != nil {
		return *f.Said
	}
	return r.Texts[f.Cause].fill(f)
}

// ID names a problem by its cause and by what is to blame: short, and the same in every report that has it.
func (p *Problem) ID() string {
	sum := sha256.Sum256([]byte(p.Cause + "\x00" + p.Blame.Kind + "\x00" + p.Blame.Namespace + "\x00" + p.Blame.Name))
	return hex.EncodeToString(sum[:4])
}

// Edition is the same for a problem as long as it blocks the same Pods and is as certain.
func (p *Problem) Edition() string {
	lines := []string{p.Certainty}
	for i := range p.Findings {
		of := p.Findings[i].Subject()
		lines = append(lines, of.Kind+"\x00"+of.Namespace+"\x00"+of.Name+"\x00"+strconv.Itoa(p.Findings[i].Missing))
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(slices.Compact(lines), "\n")))
	return hex.EncodeToString(sum[:4])
}

// SortNames puts what is told of several objects into the order in which people count: app-2 before app-10.
func (r *Report) SortNames() {
	refs := func(a, b cluster.Ref) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), cluster.CompareNames(a.Namespace, b.Namespace),
			cluster.CompareNames(a.Name, b.Name))
	}
	findings := func(all []Finding) {
		slices.SortStableFunc(all, func(a, b Finding) int {
			return cmp.Or(-strings.Compare(a.Certainty, b.Certainty), refs(a.Subject(), b.Subject()))
		})
	}
	for i := range r.Problems {
		findings(r.Problems[i].Findings)
		findings(r.Problems[i].Effects)
	}
	slices.SortStableFunc(r.Unexplained, func(a, b cluster.Sign) int { return refs(a.Ref, b.Ref) })
	slices.SortStableFunc(r.Starting, func(a, b Waiter) int { return refs(a.Pod, b.Pod) })
	slices.SortStableFunc(r.Idle, func(a, b Workload) int { return refs(a.Ref, b.Ref) })
}

// Find is the index of a problem by its number, which counts from 1, or by its id.
func (r *Report) Find(name string) (int, bool) {
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(r.Problems) && len(name) < 8 {
		return n - 1, true
	}
	i := slices.IndexFunc(r.Problems, func(p Problem) bool { return p.ID() == name })
	return i, i >= 0
}

// Lost reports whether part of what was given to be read was not.
func (r *Report) Lost() bool {
	return slices.ContainsFunc(r.Gaps, func(g cluster.Gap) bool { return g.Lost })
}
