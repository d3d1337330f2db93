// Package diagnose turns a snapshot into the causes that keep its Pods from starting.
//
// It is a pure function: no clock, no network, no context. [Run] is the whole of it.
package diagnose

import (
	"fmt"
	"slices"

	"github.com/kubestuck/stuck/internal/match"
	"github.com/kubestuck/stuck/internal/message"
	"github.com/kubestuck/stuck/internal/pod"
	"github.com/kubestuck/stuck/internal/remedy"
)

// A Cause is one reason why a Pod does not start.
// It is a value, not an interface, so that tools can list, filter and document it.
// Its tags are the keys of a cause.yaml.
type Cause struct {
	ID          string          `json:"-"`           // stable for ever: the folder, the doc page, the metric label
	Stage       pod.Stage       `json:"stage"`       // where startup stops
	Also        []string        `json:"also"`        // other stages whose signs may speak of it
	Blame       string          `json:"blame"`       // the kind of thing that has to change; see [Pass.Blame]
	Explains    []string        `json:"explains"`    // causes that are only consequences of this one
	SelfHealing bool            `json:"selfHealing"` // it can pass by itself in minutes: who waits goes on waiting
	Fallback    bool            `json:"fallback"`    // a catch-all: asked about signs that no other cause has claimed
	Signs       []match.Pattern `json:"signs"`       // any of these proves the cause
	Hints       []match.Pattern `json:"hints"`       // these fit it, and others: asked about signs that nothing proves
	Certainty   string          `json:"certainty"`   // of what Signs match without a Find: likely unless it says proven
	Args        []string        `json:"args"`        // the arguments beside Arguments and named groups, which Find sets
	Find        func(*Pass)     `json:"-"`           // where joins decide: it takes the place of Signs; see [Pass.Matches]
	FindMissing func(*Pass)     `json:"-"`           // the same about a workload whose Pods are not made
	Text                        // what a person reads about it
}

// Text is what a person reads about a cause. {name} stands for an argument of the finding,
// and a part in [[double brackets]] is left out where an argument in it is not known.
type Text struct {
	Title    Words     `json:"title"`
	Why      Words     `json:"why"`
	Confirm  []Step    `json:"confirm"`
	Fix      []Step    `json:"fix"`
	Variants []Variant `json:"variants"` // what differs where the finding names a variant
}

// A Variant is what differs from a text where the finding names it.
type Variant struct {
	Name string `json:"-"`
	When Words  `json:"when"` // when it holds, as a heading, where it has no title or one that does not tell
	Text
}

// A Step is one thing to do.
type Step struct {
	Do   Words  `json:"do"`
	Run  string `json:"run"`  // a command ready to paste
	Risk string `json:"risk"` // of a fix: one of Risks

	// In place of Run, an action: its command is made for what makes the Pod, and so is its risk.
	Set      []remedy.Edit `json:"set"`      // fields of the Pod's template
	Restart  string        `json:"restart"`  // what is made anew: one of Restarts
	Logs     string        `json:"logs"`     // the part of the node whose log is read: one of Roles
	Describe string        `json:"describe"` // the part of the node whose state is read: one of Roles

	// Because says why the risk is another here than the command has elsewhere. It is shown beside the risk.
	Because Words `json:"because"`

	Holes  []string          `json:"-"` // of a step that is filled: what only a person knows, as it stands in the command
	Action remedy.Action     `json:"-"` // of a step that is filled: what its command does, as data
	Notes  []message.Message `json:"-"` // what has to be known of how that is done; [Report.Text] puts it behind Do
}

// Words are one text in every language that there is.
type Words struct {
	EN string `json:"en"`
	ZH string `json:"zh"`
}

// In is the text in a language, or in another where it lacks that one.
func (w Words) In(lang string) string {
	if lang == "zh" && w.ZH != "" || w.EN == "" {
		return w.ZH
	}
	return w.EN
}

// Risks are what a fix may do to what still runs, from nothing to the worst.
var Risks = remedy.Risks

// Validate checks what the engine relies on: known stages, explanations that lead somewhere and never in a circle.
func Validate(causes []*Cause) error {
	byID := map[string]*Cause{}
	for _, c := range causes {
		if byID[c.ID] != nil {
			return fmt.Errorf("cause %s is there twice", c.ID)
		}
		byID[c.ID] = c
		if !slices.Contains(pod.Stages, c.Stage) {
			return fmt.Errorf("cause %s: no stage %q", c.ID, c.Stage)
		}
		for _, also := range c.Also {
			if !slices.Contains(pod.Stages, pod.Stage(also)) || also == string(c.Stage) {
				return fmt.Errorf("cause %s: also names %q, which is no other stage", c.ID, also)
			}
		}
		if c.Find == nil && c.FindMissing == nil && len(c.Signs)+len(c.Hints) == 0 {
			return fmt.Errorf("cause %s: neither signs nor hints nor a Find", c.ID)
		}
	}
	for _, c := range causes {
		for _, id := range c.Explains {
			if byID[id] == nil {
				return fmt.Errorf("cause %s explains %s, which is no cause", c.ID, id)
			}
		}
	}
	reach := reachability(causes)
	for _, c := range causes {
		if reach[c.ID][c.ID] {
			return fmt.Errorf("cause %s explains itself in a circle", c.ID)
		}
	}
	return nil
}

// reachability tells for each cause which others it explains, at once or through others.
func reachability(causes []*Cause) map[string]map[string]bool {
	direct := map[string][]string{}
	for _, c := range causes {
		direct[c.ID] = c.Explains
	}
	reach := map[string]map[string]bool{}
	for _, c := range causes {
		seen := map[string]bool{}
		todo := slices.Clone(c.Explains)
		for len(todo) > 0 {
			id := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if !seen[id] {
				seen[id] = true
				todo = append(todo, direct[id]...)
			}
		}
		reach[c.ID] = seen
	}
	return reach
}
