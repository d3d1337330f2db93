package cluster

import (
	"encoding/json"
	"maps"
	"strings"

	"github.com/kubestuck/stuck/internal/message"
)

// UnnamedNode is the name of a node that a log does not tell. No node can have it.
const UnnamedNode = "(unknown)"

// IsUnnamed reports whether a container of a Pod of which a table tells was given its name by internal/pasted: a table
// says how many there are, and not what they are called.
func IsUnnamed(container string) bool { return strings.HasPrefix(container, "container-") }

// A Ref names one object, or what is no object of the API: an Image, a Registry, a Container. It is comparable,
// so it can key a map.
type Ref struct {
	Kind      string `json:"kind"`                // as in a manifest
	Namespace string `json:"namespace,omitempty"` // none for what is not in a namespace
	Name      string `json:"name"`                // of the object
}

// String is the form that people read: "Secret shop/api-tls", "Node n1".
func (r Ref) String() string {
	if r.Namespace == "" {
		return r.Kind + " " + r.Name
	}
	return r.Kind + " " + r.Namespace + "/" + r.Name
}

// TypeName is the form that kubectl takes: "deployment/web".
func (r Ref) TypeName() string { return strings.ToLower(r.Kind) + "/" + r.Name }

// Compare orders Refs by kind, namespace and name.
func (r Ref) Compare(o Ref) int {
	if c := strings.Compare(r.Kind, o.Kind); c != 0 {
		return c
	}
	if c := strings.Compare(r.Namespace, o.Namespace); c != 0 {
		return c
	}
	return strings.Compare(r.Name, o.Name)
}

// Presence is the answer to "is this object there?".
//
// Unknown is a real answer: a dump may not hold the kind, or access may be denied.
// A cause may be reported on Absent, never on Unknown.
type Presence int

// The three answers.
const (
	Unknown Presence = iota
	Absent
	Present
)

func (p Presence) String() string { return [...]string{"unknown", "absent", "present"}[p] }

// A Gap is something that could not be read, so that nothing can be said about it.
//
// In JSON it is {"code", "args", "what", "why", "needs"}: the code and the arguments of What, with Why and Needs as
// further arguments "why" and "needs", and all three in English.
type Gap struct {
	What  message.Message // the objects, or the place in a file
	Why   message.Message // the error
	Needs message.Message // what would close the gap: a permission, a file; its Code is empty where nobody knows
	Lost  bool            // it is part of what was given to be read, so that the answer is about the rest
}

// Text is what a gap says in a language; needs is "" where nobody knows what would close it.
func (g Gap) Text(lang string) (what, why, needs string) {
	if g.Needs.Code != "" {
		needs = g.Needs.In(lang)
	}
	return g.What.In(lang), g.Why.In(lang), needs
}

type gapForm struct {
	Code  string       `json:"code,omitempty"`
	Args  message.Args `json:"args,omitempty"`
	What  string       `json:"what"`
	Why   string       `json:"why"`
	Needs string       `json:"needs,omitempty"`
	Lost  bool         `json:"lost,omitempty"`
}

// Map returns the gap with every text among its arguments replaced by what f makes of it.
func (g Gap) Map(f func(string) string) Gap {
	return Gap{g.What.Map(f), g.Why.Map(f), g.Needs.Map(f), g.Lost}
}

// Args are all arguments of a gap: those of What, and "why" and "needs".
func (g Gap) Args() message.Args {
	args := maps.Clone(g.What.Args)
	if args == nil {
		args = message.Args{}
	}
	args["why"] = g.Why
	if g.Needs.Code != "" {
		args["needs"] = g.Needs
	}
	return args
}

// MarshalJSON writes a gap's code and arguments, and what it says in English.
func (g Gap) MarshalJSON() ([]byte, error) {
	f := gapForm{Code: g.What.Code, Args: g.Args(), Lost: g.Lost}
	f.What, f.Why, f.Needs = g.Text("en")
	return json.Marshal(f)
}

// UnmarshalJSON reads a gap. One without a code, as older programs wrote it, and one with a code or arguments that are
// not known here, says what its texts say.
func (g *Gap) UnmarshalJSON(data []byte) error {
	var f struct {
		gapForm
		Args json.RawMessage `json:"args"`
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	if coded, ok := gapOf(f.Code, f.Args); ok {
		*g = coded
		g.Lost = f.Lost
		return nil
	}
	*g = Gap{What: message.Quote(f.What), Why: message.Quote(f.Why), Lost: f.Lost}
	if f.Needs != "" {
		g.Needs = message.Quote(f.Needs)
	}
	return nil
}

// gapOf is the gap of a code and all arguments, and whether there is one.
func gapOf(code string, raw json.RawMessage) (Gap, bool) {
	var args message.Args
	if code == "" || json.Unmarshal(raw, &args) != nil {
		return Gap{}, false
	}
	why, _ := args["why"].(message.Message)
	needs, hasNeeds := args["needs"].(message.Message)
	delete(args, "why")
	delete(args, "needs")
	what := message.Message{Code: code, Args: args}
	return Gap{What: what, Why: why, Needs: needs}, what.Valid() && why.Valid() && (!hasNeeds || needs.Valid())
}
