// Package placement checks what keeps a Pod off a node in the way of the scheduler's plugins, and reads what the
// scheduler says of it. It knows objects, not where they come from.
package placement

import (
	"strconv"
	"strings"

	"github.com/kubestuck/stuck/internal/match"
)

// Kinds of reasons that a node is refused for.
const (
	Taint          = "taint"           // the Pod does not tolerate a taint
	Cordon         = "cordon"          // the node is unschedulable
	NodeName       = "node-name"       // it is not the node that the Pod names
	Selector       = "selector"        // nodeSelector, or required node affinity
	Ports          = "ports"           // a host port is taken
	Resource       = "resource"        // less is free than the Pod requests
	TooManyPods    = "pods"            // the node runs as many Pods as it may
	Affinity       = "affinity"        // no Pod there that the Pod wants beside it
	AntiAffinity   = "anti-affinity"   // a Pod there that the Pod does not want beside it
	OthersAffinity = "others-affinity" // a Pod there that does not want this one beside it
	Spread         = "spread"          // a topology spread constraint
	SpreadLabel    = "spread-label"    // the node lacks the label that Pods are spread by
	Volumes        = "volumes"         // its claims, or where their volumes can be used
	Devices        = "devices"         // its ResourceClaims
	Other          = "other"           // anything else
)

// A Reason is one entry of a breakdown: so many nodes are refused for this.
type Reason struct {
	Nodes    int // 0 where it is of the Pod, whatever the node
	Kind     string
	Resource string // what there is too little of
	Text     string // in the scheduler's words
}

// A Breakdown is what the scheduler says of the nodes.
type Breakdown struct {
	Nodes   int // how many it looked at; 0 where it does not say
	Reasons []Reason
	Text    string // the reasons in its words, without what it says of preemption
}

var (
	headOf = match.Lazy(`^\s*\d+/(\d+) nodes are available: `)
	partOf = match.Lazy(`^(\d+) (.+)$`)
	lackOf = match.Lazy(`Insufficient (\S*[A-Za-z0-9])`)
	// older schedulers write a comma inside of a reason
	inner = strings.NewReplacer(", that the pod didn't tolerate", " that the pod didn't tolerate")
)

// Read takes a breakdown apart: 0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no new
// claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.
func Read(message string) Breakdown {
	var b Breakdown
	if m := headOf().FindStringSubmatch(message); m != nil {
		b.Nodes, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
	}
	message, _, _ = strings.Cut(message, " preemption: ")
	message, _, _ = strings.Cut(message, ". no new claims to deallocate")
	message, _, _ = strings.Cut(message, ". still not schedulable") // from 1.34
	b.Text = strings.TrimRight(message, ". ")
	for _, part := range strings.Split(inner.Replace(b.Text), ", ") {
		r := Reason{Text: part}
		if m := partOf().FindStringSubmatch(part); m != nil {
			r.Nodes, _ = strconv.Atoi(m[1])
			r.Text = m[2]
		}
		r.Kind = kindOf(r.Text)
		if m := lackOf().FindStringSubmatch(r.Text); m != nil {
			r.Resource = m[1]
		}
		if r.Kind == Resource && r.Resource == "" {
			r.Kind = Other
		}
		b.Reasons = append(b.Reasons, r)
	}
	return b
}

// kinds are the words of each kind, in lower case, of all versions; the first that fits counts.
var kinds = []struct {
	kind  string
	words []string
}{
	{Volumes, []string{"persistentvolume", "persistent volume", "volume node affinity", "volume count", "volume zone",
		"pvc(s)", "free storage", "available disk", "readwriteoncepod"}},
	{Devices, []string{"resourceclaim", "allocate all claims", "resource claim", "resource driver",
		"dynamicresources", "selector #"}},
	{TooManyPods, []string{"too many pods", "insufficient pods"}},
	{Resource, []string{"insufficient "}},
	{Cordon, []string{"were unschedulable"}},
	{Taint, []string{"taint"}},
	{Ports, []string{"free ports"}},
	{NodeName, []string{"requested node name"}},
	{OthersAffinity, []string{"existing pods anti-affinity"}},
	{AntiAffinity, []string{"anti-affinity"}},
	{Affinity, []string{"pod affinity"}},
	{SpreadLabel, []string{"missing required label", "missing topology label"}},
	{Spread, []string{"topology spread"}},
	{Selector, []string{"node affinity", "node selector", "nodeselector"}},
}

func kindOf(reason string) string {
	reason = strings.ToLower(reason)
	for _, k := range kinds {
		for _, w := range k.words {
			if strings.Contains(reason, w) {
				return k.kind
			}
		}
	}
	return Other
}

// Of is how many nodes are refused for reasons of a kind.
func (b *Breakdown) Of(kind string) int {
	n := 0
	for _, r := range b.Reasons {
		if r.Kind == kind {
			n += r.Nodes
		}
	}
	return n
}

// Decides is the reason that keeps most nodes away, of those that are not left out; the first among equals.
func (b *Breakdown) Decides(leaveOut ...string) (Reason, bool) {
	best, found := Reason{}, false
	for _, r := range b.Reasons {
		skip := false
		for _, k := range leaveOut {
			skip = skip || r.Kind == k
		}
		if !skip && (!found || r.Nodes > best.Nodes) {
			best, found = r, true
		}
	}
	return best, found
}
