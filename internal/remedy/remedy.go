// Package remedy makes commands of what has to be done about a Pod that does not start: for what makes that Pod, for
// its node and for a shell. What is to be done is data, an action of a closed set; here alone it becomes a command.
//
// It is pure: what it has to know of the cluster stands in a [Target].
package remedy

import (
	"github.com/kubestuck/stuck/internal/argument"
	"github.com/kubestuck/stuck/internal/message"
)

// What a remedy may do to what still runs, from nothing to the worst.
const (
	None       = "none"
	Low        = "low"
	Disruptive = "disruptive"
	DataLoss   = "data-loss"
)

// Risks are all of them, in order.
var Risks = []string{None, Low, Disruptive, DataLoss}

// Worst is the worse of two risks.
func Worst(a, b string) string {
	for i := len(Risks) - 1; i >= 0; i-- {
		if a == Risks[i] || b == Risks[i] {
			return Risks[i]
		}
	}
	return a
}

// Kinds of actions.
const (
	KindSet     = "set"     // a field of the template of a Pod
	KindRestart = "restart" // makes a Pod anew, as it was
	KindLook    = "look"    // reads only
)

// An Edit is one change of a Pod's template. Its field is a path with names for list elements, those of the lists'
// merge keys: containers[app].env[MODE].value. A path that begins with spec. has numbers, as evidence has.
type Edit struct {
	Field  string `json:"field"`            // which one is set
	Value  string `json:"value,omitempty"`  // to what: a text, a number, or JSON where the field is neither
	Hole   string `json:"hole,omitempty"`   // to what only a person knows: its name, as it stands in the command
	Remove string `json:"remove,omitempty"` // the field that is taken away instead
}

// An Action is one remedy as data.
type Action struct {
	Kind  string `json:"kind"`            // which of the closed set
	On    string `json:"on"`              // what it changes, as kubectl takes it: deployment/web
	Edits []Edit `json:"edits,omitempty"` // of a set: each field with its new value
	Undo  string `json:"undo,omitempty"`  // the command that takes it back, where there is one
}

// Commands are an action made ready for a shell.
type Commands struct {
	Action
	Run  string            // one or more command lines
	Risk string            // of the worst of them
	Note []message.Message // what has to be known of how it is done: that a Pod is gone meanwhile
}

// word is what a command has in place of an argument: its value, or its name in capitals where that is none that a
// command may hold.
func word(arg, value string) string {
	if w, ok := argument.Word(arg, value); ok {
		return w
	}
	return argument.Placeholder(arg)
}
