package cluster

import (
	"fmt"
	"time"
)

// Kinds of Sign, by where it was said.
const (
	SignEvent      = "event"      // an Event about the Pod, or (Context) about its Node, claim, volume
	SignWaiting    = "waiting"    // a container's state.waiting
	SignTerminated = "terminated" // a container's state.terminated or lastState.terminated
	SignRejected   = "rejected"   // status.reason and status.message of a Pod that the kubelet refused or evicted
	SignCondition  = "condition"  // a condition of the Pod, or (Context) of its Node
	SignAttachment = "attachment" // attachError or detachError of a VolumeAttachment
	SignField      = "field"      // a field that a cause cites: it is evidence, nobody complained
	SignLog        = "log"        // a line that the kubelet or the container runtime wrote, from the node's own facts
	SignStall      = "stall"      // nobody says anything: that the Pod waits is the sign
)

// A Sign is one statement in the snapshot that something is wrong: what was said, and exactly where it stands.
// The message is the cluster's own text, unescaped and of any length: renderers make it safe to show.
type Sign struct {
	Ref       Ref       `json:"ref"`                 // the object that says it
	Pod       *Ref      `json:"pod,omitzero"`        // of an unexplained sign: what it speaks against, if not Ref
	Path      string    `json:"path"`                // the field that says it: status.containerStatuses[0].state.waiting
	About     *Ref      `json:"about,omitzero"`      // what an Event is about, where that is not the Pod
	Container string    `json:"container,omitempty"` // the container that it is about
	Kind      string    `json:"kind"`                // by whom it was said: one of the Sign constants
	Reason    string    `json:"reason"`              // the word that it was said with: FailedMount, CrashLoopBackOff
	Message   string    `json:"message"`             // in the words of the cluster
	Context   bool      `json:"context,omitempty"`   // it speaks of the Pod's surroundings, not of the Pod
	Symptom   bool      `json:"echo,omitempty"`      // it repeats that something went wrong (BackOff, …), never what
	Count     int       `json:"count,omitempty"`     // how often an Event was seen
	First     time.Time `json:"first,omitzero"`      // when it was said first
	Last      time.Time `json:"last,omitzero"`       // and last
	File      string    `json:"file,omitempty"`      // where it stands in a dump
	Line      int       `json:"line,omitempty"`      // 1-based; 0 where unknown
}

// IsAbout reports whether the sign is an Event or a condition of this object, which is not the Pod.
func (s *Sign) IsAbout(r Ref) bool { return s.About != nil && *s.About == r }

// Against is the Pod that the sign speaks against, or else the object that says it.
func (s *Sign) Against() Ref {
	if s.Pod != nil {
		return *s.Pod
	}
	return s.Ref
}

func (s Sign) String() string {
	return fmt.Sprintf("%s %s: %s: %s", s.Ref, s.Path, s.Reason, s.Message)
}
