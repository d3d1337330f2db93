package diagnose

import (
	"time"

	"github.com/kubestuck/stuck/internal/cluster"
	"github.com/kubestuck/stuck/internal/pod"
)

// How certain a finding is.
const (
	Proven = "proven" // the primary evidence is there
	Likely = "likely" // only signs that fit; the confirm steps tell what would prove it
)

// A Finding is a cause found in a Pod.
type Finding struct {
	Cause     string            `json:"cause"`
	Certainty string            `json:"certainty"`
	Pod       cluster.Ref       `json:"pod,omitzero"`        // absent in a finding that comes from a log which names none
	Container string            `json:"container,omitempty"` // where it is one container's
	Stage     pod.Stage         `json:"stage"`               // where the Pod stands
	Status    string            `json:"status,omitempty"`    // the Pod's STATUS as kubectl shows it
	Since     time.Time         `json:"since,omitzero"`      // since when the Pod waits there
	Blame     cluster.Ref       `json:"blame"`
	Variant   string            `json:"variant,omitempty"`
	Args      map[string]string `json:"args"`
	Evidence  []cluster.Sign    `json:"evidence"`
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
}

// A Waiter is a Pod that has not started.
type Waiter struct {
	Pod    cluster.Ref `json:"pod"`
	Status string      `json:"status"`
	Stage  pod.Stage   `json:"stage"`
	Since  time.Time   `json:"since,omitzero"`
}

// Pods counts the Pods that were looked at.
type Pods struct {
	Seen     int `json:"seen"`
	Stuck    int `json:"stuck"`
	Starting int `json:"starting"`
}

// A Report is the outcome of a diagnosis. It stands alone: whoever holds it
// can show it in any form and language without the snapshot or the catalogue.
type Report struct {
	At          time.Time
	Problems    []Problem
	Unexplained []cluster.Sign
	Starting    []Waiter
	Gaps        []cluster.Gap
	Pods        Pods
	Skipped     map[string]int
	Texts       map[string]Text // of the causes that occur
}

// Text is what a person reads about a finding, its placeholders filled in. Commands are quoted for a POSIX shell.
func (r *Report) Text(f *Finding) Text { return r.Texts[f.Cause].fill(f) }
